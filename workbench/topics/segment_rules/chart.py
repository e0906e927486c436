"""A segment table as a map: every R x F cell in the colour and number of its segment, once for each M that differs."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import date

import altair as alt
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.charts.drawing import Drawing
from workbench.charts.matrix import Beside, CellWords, Colours, Matrix, MatrixSide
from workbench.charts.theme import INK
from workbench.charts.words import base_words, count_words
from workbench.i18n import t

SEGMENT_COLOURS = (
    "#12436D", "#1E8A7A", "#8DB8E8", "#E07B39", "#F0D36B", "#A61E4D", "#6B4E9B", "#9CCFA0", "#D98CA5", "#5F6B76",
    "#B58B5A", "#3FA7C4",
)  # fmt: skip
"""More than six, because each segment also has its number; from the thirteenth on they come again."""
NOBODY_COLOUR = "#FFFFFF"
"""The cells that fit no rule."""
GAP = 0.6
"""Between the blocks of two M scores, in cells."""


def segment_map_drawing(
    grid: NDArray[np.intp],
    lang: str,
    *,
    names: Sequence[str],
    colours: Mapping[str, str],
    counts: NDArray[np.int64],
    table: str,
    as_of: date | None = None,
) -> Drawing:
    """Draw the map; its title says how many of the cells and of the customers fit no rule.

    Parameters
    ----------
    grid
        For each R, F and M (from score 1) the place of its segment in `names`, of which the last are the others.
    colours
        By name.
    counts
        The customers of each cell.
    table
        What the table is called.
    """
    bins, last = grid.shape[0], len(names) - 1
    numbered = [f"{'–' if place == last else place + 1}  {name}" for place, name in enumerate(names)]
    differs = bool((grid != grid[:, :, :1]).any())
    layers = range(bins) if differs else range(1)
    width = 1 if not differs else math.ceil(math.sqrt(bins))
    rows = [
        _cell(grid, counts if differs else counts.sum(axis=2, keepdims=True), numbered, (r, f, m), width, lang)
        for m in layers
        for r in range(bins)
        for f in range(bins)
    ]
    blocks = [(*_corner(m, width, bins), f"M {m + 1}" if differs else "") for m in layers]
    tall = math.ceil(len(layers) / width) * (bins + 1 + GAP)
    places = {"columns": (-0.9, width * (bins + GAP)), "rows": (0, tall + 0.2)}
    return _matrix(lang, places, {name: colours[label] for name, label in zip(numbered, names, strict=True)}).drawing(
        pd.DataFrame(rows),
        lang,
        title=_title(grid, counts, lang, others=last, table=table),
        subtitle=[base_words(lang, base=int(counts.sum()), as_of=as_of), t("charts.segment_map.reading", lang)],
        height=round(min(620, 26 * tall + 30)),
        beside={
            "blocks": pd.DataFrame(blocks, columns=["x", "y", "words"]),
            "edges": _edges(bins, width, len(layers)),
        },
    )


def no_map_drawing(lang: str, *, table: str) -> Drawing:
    """Say that a table on other columns than scores has no map."""
    return Drawing(
        key=("no_segment_map", lang),
        layout=lambda: alt.LayerChart(
            layer=[alt.Chart(alt.NamedData("nothing")).mark_text().encode(text=alt.Text("words:N"))]
        ),
        frames={"nothing": pd.DataFrame({"words": [""]})},
        lang=lang,
        title=t("charts.segment_map.none", lang, table=table),
        height=20,
    )


def _corner(m: int, width: int, bins: int) -> tuple[float, float]:
    """Return the left and upper edge of the block of an M score."""
    return (m % width) * (bins + GAP), (m // width) * (bins + 1 + GAP) + 1


def _cell(
    grid: NDArray[np.intp],
    counts: NDArray[np.int64],
    names: Sequence[str],
    at: tuple[int, int, int],
    width: int,
    lang: str,
) -> dict[str, object]:
    r, f, m = at
    left, top = _corner(m, width, grid.shape[0])
    place = int(grid[at])
    mark = "–" if place == len(names) - 1 else str(place + 1)
    down = grid.shape[0] - 1 - r
    cell = f"R{r + 1} F{f + 1}" + (f" M{m + 1}" if len(counts[0, 0]) > 1 else "")
    return {
        "x": left + f, "x2": left + f + 1, "y": top + down, "y2": top + down + 1, "mark": mark, "segment": names[place],
        "cell": cell, "customers": count_words(int(counts[at]), lang),
    }  # fmt: skip


def _edges(bins: int, width: int, layers: int) -> pd.DataFrame:
    """Name the rows of every leftmost block and the columns of every block."""
    edges = []
    for m in range(layers):
        left, top = _corner(m, width, bins)
        if m % width == 0:
            edges += [(-0.35, top + down + 0.5, f"R{bins - down}") for down in range(bins)]
        if m >= layers - width:
            edges += [(left + f + 0.5, top + bins + 0.45, f"F{f + 1}") for f in range(bins)]
    return pd.DataFrame(edges, columns=["x", "y", "words"])


def _matrix(lang: str, places: Mapping[str, tuple[float, float]], colours: Mapping[str, str]) -> Matrix:
    legend = {"title": None, "columns": 3, "symbolType": "square", "labelLimit": 150}
    return Matrix(
        rows=MatrixSide("y", places["rows"], until="y2"),
        columns=MatrixSide("x", places["columns"], until="x2"),
        colours=Colours("segment", (*colours,), (*colours.values(),), legend=legend),
        tooltip={
            "cell": t("charts.segment_map.cell", lang),
            "segment": t("charts.segment_map.segment", lang),
            "customers": t("charts.segment_map.customers", lang),
        },
        words=(CellWords("mark", {"fontSize": 11, "fontWeight": 600, "color": INK["strong"]}, has_halo=True),),
        beside=(
            Beside("blocks", at_row=True, at_column=True, look={"align": "left", "dy": -7, "fontWeight": 600}),
            Beside("edges", at_row=True, at_column=True, look={"fontSize": 11, "color": INK["soft"]}),
        ),
        edge=INK["rule"],
        gap=0.6,
        corner=0,
    )


def _title(grid: NDArray[np.intp], counts: NDArray[np.int64], lang: str, *, others: int, table: str) -> str:
    """State what fits no rule."""
    open_cells = grid == others
    facts = {"cells": int(open_cells.sum()), "all_cells": grid.size, "table": table}
    if not open_cells.any():
        return t("charts.segment_map.whole", lang, **facts)
    return t("charts.segment_map.holes", lang, customers=count_words(int(counts[open_cells].sum()), lang), **facts)
