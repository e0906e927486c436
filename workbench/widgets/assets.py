"""Where the files for the browser are, and which versions of Vega the one made by `build.py` holds."""

from __future__ import annotations

from functools import cache
from pathlib import Path

STATIC = Path(__file__).parent / "static"
VEGA = STATIC / "vega.js"


@cache
def vega_versions() -> str:
    """Return what the first line of the bundle says; a page compares it with what it already has."""
    with VEGA.open(encoding="utf-8") as file:
        return file.readline().removeprefix("/* ").partition(". Licences")[0]
