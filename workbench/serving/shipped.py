"""Where the lessons and the dashboards lie: beside the package in a checkout, inside it where a wheel was installed."""

from __future__ import annotations

from pathlib import Path

from workbench.errors import InstallError

PACKAGE = Path(__file__).resolve().parents[1]


def is_checkout() -> bool:
    """Say whether the package runs from a checkout, whose notebooks are there to be edited; a wheel's are not."""
    return (PACKAGE.parent / "pyproject.toml").is_file() and not (PACKAGE / "notebooks").is_dir()


def shipped_folder(name: str, *, holding: str) -> Path:
    """Return the folder called `name`; InstallError where no file like `holding` is in it."""
    folder = (PACKAGE.parent if is_checkout() else PACKAGE) / name
    if not any(folder.glob(holding)):
        raise InstallError("part_missing", folder=folder)
    return folder


def shipped_notebooks() -> Path:
    """Return the folder of the lessons as they were shipped."""
    return shipped_folder("notebooks", holding="*.ipynb")


def shipped_dashboards() -> Path:
    """Return the folder of the managers' pages."""
    return shipped_folder("dashboards", holding="*.ipynb")


def shipped_template() -> Path:
    """Return the folder of the template in which the managers' pages are shown."""
    return shipped_folder("dashboards/template", holding="*.j2")
