"""Draw charts in a process of its own: a job as JSON comes in on stdin, the picture (or several) goes out on stdout.

`images.py` runs this file by its path, so that the process imports the renderer and nothing else of ours.
"""

from __future__ import annotations

import json
import sys
from typing import Any

import vl_convert

NO_CJK_FONT = 3
"""Exit status: the chart has Chinese text and this machine has no font for it."""


def draw(job: dict[str, Any]) -> bytes:
    """Return the picture of a Vega-Lite spec; no data or picture is fetched from anywhere."""
    common: dict[str, Any] = {
        "allowed_base_urls": [],
        "format_locale": job["locale"],
        "time_format_locale": job["locale"],
    }
    if job["format"] == "svg":
        return vl_convert.vegalite_to_svg(job["spec"], **common).encode("utf-8")
    if job["format"] == "pdf":
        return vl_convert.vegalite_to_pdf(job["spec"], **common)
    return vl_convert.vegalite_to_png(job["spec"], scale=job["scale"], **common)


def has_cjk_font() -> bool:
    """Say whether two different characters look different; without a font both are the same nothing."""
    return _glyph("中") != _glyph("国")


def _glyph(character: str) -> bytes:
    text = f'<text x="2" y="30" font-size="28" font-family="Noto Sans CJK SC, sans-serif">{character}</text>'
    return vl_convert.svg_to_png(f'<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40">{text}</svg>')


def main() -> int:
    """Read the job, draw it, write the picture."""
    job = json.load(sys.stdin.buffer)
    if job["needs_cjk"] and not has_cjk_font():
        return NO_CJK_FONT
    if "specs" in job:
        drawings = [draw({**job, "spec": spec}).decode("utf-8") for spec in job["specs"]]
        sys.stdout.buffer.write(json.dumps(drawings).encode("utf-8"))
    else:
        sys.stdout.buffer.write(draw(job))
    return 0


if __name__ == "__main__":
    sys.exit(main())
