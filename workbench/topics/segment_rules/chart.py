"""A segment table as a map: every R x F cell in the colour and number of its segment, once for each M that differs."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial

import altair as alt
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.charts.drawing import Drawing
from workbench.charts.theme import INK
from workbench.charts.words import base_words, count_words
from workbench.i18n import t

SEGMENT_COLOURS = (
    "#12436D", "#1E8A7A", "#8DB8E8", "#E07B39", "#F0D36B", "#A61E4D", "#6B4E9B", "#9CCFA0", "#D98CA5", "#5F6B76",
    "#B58B5A", "#3FA7C4",
)  # fmt: skip
"""More than six, because each segment also has its number; from the thirteenth on they come again."""
NOBODY = "#FFFFFF"
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
        _cell(grid, counts if differs else counts.sum(axis=2, keepdims=True), numbered, (r, f, m), width)
        for m in layers
        for r in range(bins)
        for f in range(bins)
    ]
    blocks = [(*_corner(m, width, bins), f"M {m + 1}" if differs else "") for m in layers]
    tall = math.ceil(len(layers) / width) * (bins + 1 + GAP)
    return Drawing(
        key=("segment_map", lang, bins, differs, tuple(numbered), tuple(colours[name] for name in names)),
        layout=partial(_layout, lang, bins, width, tall, numbered, [colours[name] for name in names]),
        frames={
            "cells": pd.DataFrame(rows),
            "blocks": pd.DataFrame(blocks, columns=["x", "y", "words"]),
            "edges": _edges(bins, width, len(layers)),
        },
        lang=lang,
        title=_title(grid, counts, lang, others=last, table=table),
        subtitle=[base_words(lang, base=int(counts.sum()), as_of=as_of), t("charts.segment_map.reading", lang)],
        height=round(min(620, 26 * tall + 30)),
    )


def no_map_drawing(lang: str, *, table: str) -> Drawing:
    """Say that a table on other columns than scores has no map."""
    return Drawing(
        key=("no_segment_map", lang),
        layout=lambda: alt.LayerChart(layer=[alt.Chart(alt.NamedData("nothing")).mark_text().encode(text="words:N")]),
        frames={"nothing": pd.DataFrame({"words": [""]})},
        lang=lang,
        title=t("charts.segment_map.none", lang, table=table),
        height=20,
    )


def _corner(m: int, width: int, bins: int) -> tuple[float, float]:
    """Return the left and upper edge of the block of an M score."""
    return (m % width) * (bins + GAP), (m // width) * (bins + 1 + GAP) + 1


def _cell(
    grid: NDArray[np.intp], counts: NDArray[np.int64], names: Sequence[str], at: tuple[int, int, int], width: int
) -> dict[str, object]:
    r, f, m = at
    left, top = _corner(m, width, grid.shape[0])
    place = int(grid[at])
    mark = "–" if place == len(names) - 1 else str(place + 1)
    down = grid.shape[0] - 1 - r
    cell = f"R{r + 1} F{f + 1}" + (f" M{m + 1}" if len(counts[0, 0]) > 1 else "")
    count = int(counts[at])
    return {
        "x": left + f, "x2": left + f + 1, "y": top + down, "y2": top + down + 1, "mark": mark, "segment": names[place],
        "cell": cell, "count": count,
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


def _layout(
    lang: str, bins: int, width: int, tall: float, names: Sequence[str], colours: Sequence[str]
) -> alt.LayerChart:
    x = alt.X("x:Q", scale=alt.Scale(domain=[-0.9, width * (bins + GAP)], nice=False)).axis(None)
    y = alt.Y("y:Q", scale=alt.Scale(domain=[0, tall + 0.2], reverse=True, nice=False)).axis(None)
    scale = alt.Scale(domain=list(names), range=list(colours))
    legend = alt.Legend(title=None, columns=3, symbolType="square", labelLimit=150)
    tooltip = [
        alt.Tooltip("cell:N", title=t("charts.segment_map.cell", lang)),
        alt.Tooltip("segment:N", title=t("charts.segment_map.segment", lang)),
        alt.Tooltip("count:Q", title=t("charts.segment_map.customers", lang), format=","),
    ]
    cells = alt.Chart(alt.NamedData("cells")).encode(tooltip=tooltip)
    squares = cells.mark_rect(stroke=INK["rule"], strokeWidth=0.6).encode(
        x=x, x2="x2:Q", y=y, y2="y2:Q", color=alt.Color("segment:N", scale=scale, legend=legend)
    )
    middle = {"mx": "(datum.x + datum.x2) / 2", "my": "(datum.y + datum.y2) / 2"}
    marks = (
        cells.transform_calculate(**middle)
        .mark_text(fontSize=11, fontWeight=600, stroke=INK["paper"], strokeWidth=2.5, strokeJoin="round")
        .encode(x=alt.X("mx:Q").axis(None), y=alt.Y("my:Q").axis(None), text="mark:N")
    )
    inner = marks.mark_text(fontSize=11, fontWeight=600, color=INK["strong"])
    blocks = (
        alt.Chart(alt.NamedData("blocks"))
        .mark_text(align="left", dy=-7, fontWeight=600)
        .encode(x=x, y=y, text="words:N")
    )
    edges = alt.Chart(alt.NamedData("edges")).mark_text(fontSize=11, color=INK["soft"]).encode(x=x, y=y, text="words:N")
    return alt.LayerChart(layer=[squares, marks, inner, blocks, edges])


def _title(grid: NDArray[np.intp], counts: NDArray[np.int64], lang: str, *, others: int, table: str) -> str:
    """State what fits no rule."""
    open_cells = grid == others
    facts = {"cells": int(open_cells.sum()), "all_cells": grid.size, "table": table}
    if not open_cells.any():
        return t("charts.segment_map.whole", lang, **facts)
    return t("charts.segment_map.holes", lang, customers=count_words(int(counts[open_cells].sum()), lang), **facts)
