"""The optional packages of reports: whether they are here, and the one sentence where they are not."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Literal

from workbench.errors import InstallError

ExtraPackage = Literal["typst", "pptx"]
EXTRA_PACKAGES: dict[ExtraPackage, str] = {"typst": "PDF", "pptx": "PowerPoint"}
"""What each package writes."""


def check_extra(package: ExtraPackage) -> None:
    """Raise InstallError with the command to run where a package of the extra `report` is missing."""
    if find_spec(package) is None:
        raise InstallError("report_extra", format=EXTRA_PACKAGES[package])
