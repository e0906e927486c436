"""The licences of all locked packages, from their installed metadata: `python -m tests.licences` writes the list."""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import PackageMetadata, PackageNotFoundError, distribution
from typing import NamedTuple

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.conftest import ROOT

PAGE = ROOT / "docs" / "licences.md"

PERMISSIVE = {
    *("0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "BSD", "CC0-1.0", "ISC", "MIT", "MIT-0", "MIT-CMU"),
    *("PSF-2.0", "Zlib"),
}
"""Licences that ask for their text to be kept and no more; BSD is what metadata says where it does not say which."""

EXCEPTIONS = {
    "certifi": "MPL-2.0: a list of certificates, used unchanged; its terms end at its own files",
    "fqdn": "MPL-2.0: used unchanged; its terms end at its own files",
    "hypothesis": "MPL-2.0: tests alone",
    "pathspec": "MPL-2.0: tests and builds alone",
}
"""Packages under another licence, and why they may stay."""

SAID_ELSEWHERE = {
    "appnope": "BSD-2-Clause",
    "axe-playwright-python": "MIT",
    "colorama": "BSD-3-Clause",
    "overrides": "Apache-2.0",
    "pywinpty": "MIT",
    "pypdfium2": "BSD-3-Clause AND Apache-2.0",
}
"""Read from the licence's own text: metadata says nothing, or in prose, or another system or Python has the package."""

WRITTEN = {
    "3-Clause BSD License": "BSD-3-Clause",
    "Apache 2.0": "Apache-2.0",
    "Apache License, Version 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "BSD License": "BSD",
    "ISC License (ISCL)": "ISC",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
}
"""Licences as metadata writes them, by their short names."""

EXTRAS = ("databases", "spark", "report")


class LockedPackage(NamedTuple):
    """A package of requirements.lock: its licence, and what it is needed for."""

    name: str
    licence: str
    use: str


def locked_packages() -> list[LockedPackage]:
    """Every package of requirements.lock, in its order."""
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    wanted_by: dict[str, set[str]] = {}
    for entry in re.split(r"^(?=[\w.-]+==)", text, flags=re.MULTILINE)[1:]:
        comments = entry[entry.rindex("--hash") :]
        names = re.findall(r"^ +#(?: via)? +([\w.-]+)", comments, flags=re.MULTILINE)
        wanted_by.setdefault(canonicalize_name(entry.partition("==")[0]), set()).update(names)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    program = needed(project["dependencies"], wanted_by)
    extras = needed([line for extra in EXTRAS for line in project["optional-dependencies"][extra]], wanted_by)
    uses = {name: "program" if name in program else "extra" if name in extras else "tests" for name in wanted_by}
    return [LockedPackage(name, licence_of(name), uses[name]) for name in wanted_by]


def needed(lines: list[str], wanted_by: dict[str, set[str]]) -> set[str]:
    """These packages and all that they bring."""
    packages = {canonicalize_name(Requirement(line).name) for line in lines}
    while more := {name for name, parents in wanted_by.items() if parents & packages} - packages:
        packages |= more
    return packages


def licence_of(name: str) -> str:
    """The licence of a package by its short name, as its metadata says it; "unknown" where it says none."""
    if name in SAID_ELSEWHERE:
        return SAID_ELSEWHERE[name]
    try:
        about: PackageMetadata = distribution(name).metadata
    except PackageNotFoundError:
        return "unknown"
    classified = [one.split(" :: ")[-1] for one in about.get_all("Classifier", []) if one.startswith("License :: OSI")]
    said = about.get("License-Expression") or " AND ".join(classified) or (about.get("License") or "unknown").strip()
    return WRITTEN.get(said, said)


def is_permissive(licence: str) -> bool:
    """True where all licences that bind, or one of those offered, are permissive.

    >>> is_permissive("MIT AND PSF-2.0"), is_permissive("GPL-3.0-only OR MIT"), is_permissive("MIT AND GPL-3.0-only")
    (True, True, False)
    """
    offered = [re.split(r" AND ", choice) for choice in licence.strip("()").split(" OR ")]
    return any(all(one.strip("() ") in PERMISSIVE for one in together) for together in offered)


def page() -> str:
    """The list as a document."""
    lines = [
        "# Licences of the packages",
        "",
        "Every package of `requirements.lock` and its licence, as its own metadata says it. *Program* is what running",
        "the workbench needs, *extra* what `databases`, `spark` or `report` add, *tests* what only checking and",
        "building need. A test holds this list to what is installed, and every licence to the permissive ones, but for",
        "the exceptions named here. Made by `python -m tests.licences`.",
        "",
        "| Package | Licence | Needed for |",
        "| --- | --- | --- |",
        *(f"| {one.name} | {one.licence} | {one.use} |" for one in locked_packages()),
        "",
        "## Exceptions",
        "",
        *(f"- **{name}**: {reason}." for name, reason in EXCEPTIONS.items()),
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
