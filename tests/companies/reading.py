"""What a reader sees of a panel or a page: every text of its widgets, charts and lists."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

import pandas as pd
from ipywidgets import Widget

from workbench.widgets import ChartView

UNWORDED = re.compile(r"(?<![\w.])(nan|NaN|None|NaT|inf|-inf|<NA>|&lt;NA&gt;)(?![\w.])")
"""What Python calls an unknown value; people read a dash."""
CHINESE = re.compile(r"[\u4e00-\u9fff]")
DAY_IN_DIGITS = re.compile(r"\d{4}-\d{2}-\d{2}")
KEY = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)+|True|False")
"""What the code calls a segment, a column, a yes or a no."""
NOISE = re.compile(r"\.0*[1-9]\d{14,}$")


def texts(widget: Widget) -> Iterator[str]:
    """Return every text that a widget and those inside it show."""
    if isinstance(widget, ChartView):
        yield from (widget.title, widget.subtitle)
        yield from (str(value) for rows in widget.rows.values() for row in rows for value in row.values()
                    if isinstance(value, str))  # fmt: skip
        yield str(widget.spec)
    for name in ("value", "description", "tooltip"):
        shown = getattr(widget, name, None)
        if isinstance(shown, str):
            yield shown
    yield from getattr(widget, "_options_labels", ())
    for child in getattr(widget, "children", ()):
        yield from texts(child)


def unworded(widget: Widget) -> list[str]:
    """Return the texts in which an unknown value stands as Python calls it; a chart's drawing is no text."""
    return [text for text in texts(widget) if not text.startswith("{") and UNWORDED.search(_seen(text))]


def _seen(text: str) -> str:
    """Leave out what stands inside of tags."""
    return re.sub(r"<[a-z/][^>]*>", " ", text)


def keys_in_file(content: bytes) -> list[str]:
    """Return what a reader of Chinese finds in a CSV file that nobody worded: headers, values, digits of floats."""
    table = pd.read_csv(io.BytesIO(content), comment="#", dtype=str, encoding="utf-8-sig", keep_default_na=False)
    headers = [name for name in table.columns if not CHINESE.search(name)]
    return headers + [value for row in table.to_numpy() for value in row if KEY.fullmatch(value) or NOISE.search(value)]
