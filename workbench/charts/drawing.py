"""A chart in two halves, so that a moving control sends rows and words and nothing is laid out again."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt
import pandas as pd

from workbench.charts.theme import finish

Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Drawing:
    """What a chart is (`layout`) and what it shows (`frames`, `title`, `subtitle`).

    Attributes
    ----------
    layout
        Draws the chart over data sets named as in `frames` (`alt.NamedData`); it may depend on nothing but `key`.
    key
        Drawings of equal keys have equal layouts, so that a page which shows one needs only the rows of the next.
    least_width
        Narrower than so many pixels its words cannot be read: a page then scrolls it sideways.
    frames
        Small frames of text, numbers, true and false, by the name of their data set.
    """

    key: Hashable
    layout: Callable[[], alt.LayerChart]
    frames: Mapping[str, pd.DataFrame]
    lang: str
    title: str
    subtitle: Sequence[str] = ()
    height: int | None = 300
    least_width: int = 0

    def rows(self) -> dict[str, Rows]:
        """Return the frames as rows for JSON: what is missing is null."""
        return {name: records(frame) for name, frame in self.frames.items()}

    def chart(self) -> alt.LayerChart:
        """Return the whole chart, as Altair draws it anywhere."""
        whole = finish(self.layout(), self.lang, title=self.title, subtitle=self.subtitle, height=self.height)
        whole.datasets = self.rows()
        if self.least_width:
            whole.usermeta = whole.usermeta | {"least_width": self.least_width}
        return whole


def records(frame: pd.DataFrame) -> Rows:
    """Turn a frame into rows for JSON, missing values into null.

    >>> records(pd.DataFrame({"name": ["A", None], "share": [0.5, float("nan")]}))
    [{'name': 'A', 'share': 0.5}, {'name': None, 'share': None}]
    """
    columns = [_plain(frame[name]) for name in frame.columns]
    return [dict(zip(frame.columns, row, strict=True)) for row in zip(*columns, strict=True)]


def _plain(column: pd.Series) -> list[Any]:
    values: list[Any] = column.tolist()
    if not column.hasnans:
        return values
    return [None if is_missing else value for value, is_missing in zip(values, column.isna(), strict=True)]
