"""Charts as PNG, SVG or PDF, drawn in a short-lived process that leaves nothing on disk."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, get_args

from workbench.errors import ChoiceError, ExportError
from workbench.export.render import NO_CJK_FONT

ImageFormat = Literal["png", "svg", "pdf"]

_CJK = re.compile("[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef]")
_WIDTH_BELOW = re.compile(r"width < (\d+) \? ")
_RENDERER = Path(__file__).with_name("render.py")


def chart_image(
    spec: Mapping[str, Any],
    *,
    format: ImageFormat = "png",  # noqa: A002 (the word people use for it)
    lang: str,
    lines: Sequence[str] = (),
    width: int = 900,
    scale: float = 2,
    timeout: float = 60,
) -> bytes:
    """Draw a Vega-Lite spec (`chart.to_dict()`) and return the file's bytes.

    A chart that takes the width of its container is drawn `width` pixels wide; `scale` sharpens a PNG. `lines` stand
    below its title: what the picture must say of itself (company, filters, day), for it travels without its page.
    The drawing happens in a process of its own, which ends with it and can reach no file and no network for data.

    Raises ChoiceError for an unknown format and ExportError where the chart cannot be drawn, takes longer than
    `timeout` seconds, or has Chinese text on a machine without a Chinese font (an SVG needs none).
    """
    if format not in get_args(ImageFormat):
        raise ChoiceError("unknown_choice", name="format", value=format, allowed=get_args(ImageFormat))
    drawn = _of_width(spec, width)
    if lines:
        drawn["title"] = _with_lines(drawn.get("title"), lines)
    text = json.dumps(drawn, ensure_ascii=False, default=str)
    job = {
        "spec": drawn,
        "format": format,
        "scale": scale,
        "locale": "zh-CN" if lang == "zh" else "en-US",
        "needs_cjk": format != "svg" and bool(_CJK.search(text)),
    }
    return _run(json.dumps(job, default=str).encode("utf-8"), timeout)


def chart_drawings(specs: Sequence[tuple[Mapping[str, Any], int]], *, lang: str, timeout: float = 120) -> list[str]:
    """Draw several charts, each so many pixels wide, as SVG in one process; raises what `chart_image` raises."""
    if not specs:
        return []
    drawn = [_of_width(spec, width) for spec, width in specs]
    job = {"specs": drawn, "format": "svg", "locale": "zh-CN" if lang == "zh" else "en-US", "needs_cjk": False}
    drawings: list[str] = json.loads(_run(json.dumps(job, default=str).encode("utf-8"), timeout))
    return drawings


def _of_width(spec: Mapping[str, Any], width: int) -> dict[str, Any]:
    """Give a chart that takes the width of its container this width, and its title the lines it has at this width.

    A page chooses them while it draws; a picture is laid out before that, and its frame would cut a line off.
    """
    if spec.get("width") != "container":
        return dict(spec)
    title = spec.get("title")
    settled = {}
    if isinstance(title, Mapping) and isinstance(title.get("text"), Mapping):
        settled["title"] = dict(title) | {"text": _chosen_lines(title["text"]["expr"], width)}
    return dict(spec) | {"width": width} | settled


def _chosen_lines(choice: str, width: int) -> Any:
    """Return what a choice by width gives.

    >>> [_chosen_lines('width < 400 ? ["a", "b"] : ["a b"]', width) for width in (300, 500)]
    [['a', 'b'], ['a b']]
    """
    read = json.JSONDecoder().raw_decode
    while below := _WIDTH_BELOW.match(choice):
        lines, end = read(choice, below.end())
        if width < int(below[1]):
            return lines
        choice = choice[end:].removeprefix(" : ")
    return read(choice)[0]


def _with_lines(title: Any, lines: Sequence[str]) -> dict[str, Any]:
    """Add lines below a title, which Vega-Lite also takes as mere text or leaves out."""
    named = dict(title) if isinstance(title, Mapping) else {"text": title or " "}
    below = named.get("subtitle") or []
    return named | {"subtitle": [*([below] if isinstance(below, str) else below), *lines]}


def _run(job: bytes, timeout: float) -> bytes:
    command = [sys.executable, "-I", "-X", "utf8", str(_RENDERER)]
    try:
        done = subprocess.run(command, input=job, capture_output=True, timeout=timeout, check=False)  # noqa: S603
    except subprocess.TimeoutExpired:
        raise ExportError("image_takes_too_long", seconds=f"{timeout:g}") from None
    if done.returncode == NO_CJK_FONT:
        raise ExportError("no_chinese_font")
    if done.returncode != 0 or not done.stdout:
        raise ExportError("image_failed", reason=last_words(done.stderr.decode("utf-8", "replace")))
    return done.stdout


def last_words(log: str) -> str:
    """Return a program's own last words, short: the line after which its traceback has only places."""
    lines = [line.strip() for line in log.splitlines() if line.strip() and not line.lstrip().startswith("at ")]
    return lines[-1][:200] if lines else "—"
