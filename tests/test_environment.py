"""The three lists of packages say the same: pyproject.toml, environment.yml and requirements.lock."""

from __future__ import annotations

import ast
import re
import tomllib
from importlib.metadata import packages_distributions, requires

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.conftest import ROOT
from tests.licences import EXCEPTIONS, PAGE, LockedPackage, is_permissive, locked_packages, page

CONDA_NAMES = {"duckdb": "python-duckdb", "ibis-framework": "ibis-duckdb"}
ONLY_IN_CONDA = {"python", "pip", "font-ttf-noto-cjk"}


def project() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def conda_lines() -> dict[str, str]:
    text = (ROOT / "environment.yml").read_text(encoding="utf-8").split("dependencies:")[1].split("- pip:")[0]
    lines = re.findall(r"^  - ([\w.-]+) ?([<>=][^#\s]*)?", text, re.MULTILINE)
    return {name: limits for name, limits in lines if name not in ONLY_IN_CONDA}


def locked() -> dict[str, tuple[Version, ...]]:
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    found: dict[str, tuple[Version, ...]] = {}
    for name, version in re.findall(r"^([\w.-]+)==([^\s;\\]+)", text, re.MULTILINE):
        found[canonicalize_name(name)] = (*found.get(canonicalize_name(name), ()), Version(version))
    return found


def test_conda_and_pip_ask_for_the_same_packages_in_the_same_versions():
    wanted = {}
    for line in project()["dependencies"]:
        requirement = Requirement(line)
        name = canonicalize_name(requirement.name)
        wanted[CONDA_NAMES.get(name, name)] = sorted(str(requirement.specifier).split(","))
    assert {name: sorted(limits.split(",")) for name, limits in conda_lines().items()} == wanted


@pytest.mark.parametrize("line", [*project()["dependencies"], *project()["optional-dependencies"]["dev"]])
def test_the_lock_holds_an_allowed_version_of_every_package(line: str):
    requirement = Requirement(line)
    versions = locked().get(canonicalize_name(requirement.name), ())
    assert versions
    assert all(requirement.specifier.contains(version, prereleases=True) for version in versions)


def test_every_locked_package_has_a_hash_and_no_host_is_named():
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    entries = re.split(r"^(?=[\w.-]+==)", text, flags=re.MULTILINE)[1:]
    assert all("--hash=sha256:" in entry for entry in entries)
    assert "://" not in text


STARTED = {
    "jupyterlab-language-pack-zh-CN": "JupyterLab finds it by itself",
}
"""Packages that no line imports, and what needs them."""


def imported_packages() -> set[str]:
    """The distributions whose modules the package imports, anywhere in a file; notebooks and dashboards included."""
    owners = packages_distributions()
    used = set()
    for path in (ROOT / "workbench").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.module:
                names = [node.module]
            for name in names:
                used |= {canonicalize_name(owner) for owner in owners.get(name.split(".")[0], ())}
    return used


def test_every_declared_package_is_imported_or_started():
    declared = {canonicalize_name(Requirement(line).name) for line in project()["dependencies"]}
    idle = declared - imported_packages() - {canonicalize_name(name) for name in STARTED}
    assert idle == set()


def test_every_imported_package_is_declared_or_required_by_one_that_is():
    lines = [*project()["dependencies"], *project()["optional-dependencies"]["report"]]
    declared = {canonicalize_name(Requirement(line).name) for line in lines}
    brought = {canonicalize_name(Requirement(line).name) for name in declared for line in requires(name) or ()}
    assert imported_packages() - declared - brought - {"crm-workbench"} == set()


@pytest.mark.parametrize("package", locked_packages(), ids=lambda package: package.name)
def test_every_locked_package_has_a_permissive_licence_or_is_a_named_exception(package: LockedPackage):
    assert is_permissive(package.licence) is not (package.name in EXCEPTIONS), package
    if "alone" in EXCEPTIONS.get(package.name, ""):
        assert package.use == "tests"


def test_the_list_of_licences_is_that_of_the_installed_packages():
    assert PAGE.read_text(encoding="utf-8") == page(), "run python -m tests.licences"
