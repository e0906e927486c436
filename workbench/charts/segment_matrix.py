"""A matrix of segments by segments as a heat map: coloured by one figure, every cell to be clicked."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import altair as alt
import pandas as pd

from workbench.charts.drawing import Drawing
from workbench.charts.theme import INK, SEQUENCE, TYPE

DARK = 0.62
"""From this strength on, the letters of a cell are white."""
ROOM = 38
"""A narrower cell has no room for its figure, in pixels; the tooltip and the list below still say it."""

UPRIGHT = 5
"""Up to so many columns their names stand upright."""
LABEL_ROOM = 136
"""How long, in pixels, the name of a segment may be; longer ones are cut and stand whole in the tooltip."""


@dataclass(frozen=True)
class Side:
    """One side of the matrix: the field that a click picks, its segments in order with their names, and its title."""

    field: str
    names: Mapping[str, str]
    title: str


def matrix_drawing(
    cells: pd.DataFrame,
    lang: str,
    *,
    rows: Side,
    columns: Side,
    tooltip: Mapping[str, str],
    title: str,
    subtitle: Sequence[str] = (),
    key: Hashable = (),
) -> Drawing:
    """Draw segments below each other against segments beside each other; a click picks both.

    Parameters
    ----------
    cells
        The fields of both sides, strength (0..1, how dark), words (what stands in the cell), is_marked (framed, e.g.
        who stayed), and the texts of the tooltip. Combinations that do not occur have no row and stay blank.
    tooltip
        The fields shown on a cell and what they are called.
    """
    named = cells.assign(
        row=[_numbered(rows.names, value) for value in cells[rows.field]],
        column=[_numbered(columns.names, value) for value in cells[columns.field]],
    )
    orders = [[_numbered(side.names, value) for value in side.names] for side in (rows, columns)]
    fields = (rows.field, columns.field)
    return Drawing(
        key=("segment_matrix", lang, key, fields, *map(tuple, orders)),
        layout=partial(_layout, orders, fields, dict(tooltip)),
        frames={"cells": named.sort_values("is_marked", kind="stable")},  # frames are drawn over their neighbours
        lang=lang,
        title=title,
        subtitle=subtitle,
        height=34 * max(len(orders[0]), 3),
    )


def _numbered(names: Mapping[str, str], value: str) -> str:
    """Put the place before the name, so that equal names stay apart and rows and columns are found again."""
    return f"{[*names].index(value) + 1} {names[value]}"


def _layout(orders: Sequence[list[str]], fields: tuple[str, str], tooltip: Mapping[str, str]) -> alt.LayerChart:
    pick = alt.selection_point(name="pick", fields=list(fields))
    faded = alt.condition(pick, alt.value(1), alt.value(0.35), empty=True)
    turn = 0 if len(orders[1]) <= UPRIGHT else -45
    base = alt.Chart(alt.NamedData("cells")).encode(
        x=alt.X("column:N", scale=alt.Scale(domain=orders[1])).axis(
            title=None, orient="top", labelAngle=turn, labelLimit=LABEL_ROOM, labelPadding=4, labelOverlap=False
        ),
        y=alt.Y("row:N", scale=alt.Scale(domain=orders[0])).axis(title=None, labelLimit=LABEL_ROOM),
        tooltip=[alt.Tooltip(f"{name}:N", title=words) for name, words in tooltip.items()],
    )
    colour = alt.Color("strength:Q", legend=None).scale(domain=[0, 1], range=list(SEQUENCE))
    letters = alt.condition(f"datum.strength > {DARK}", alt.value(INK["paper"]), alt.value(INK["strong"]))
    shown = alt.ExprRef(f"width / {max(len(orders[1]), 1)} < {ROOM} ? 0 : 1")
    frame: Any = alt.condition("datum.is_marked", alt.value(INK["strong"]), alt.value(INK["paper"]))
    layers = (
        base.mark_rect(cursor="pointer", strokeWidth=1.5, cornerRadius=2)
        .encode(color=colour, opacity=faded, stroke=frame)
        .add_params(pick)
        .properties(name="grid"),
        base.mark_text(opacity=shown, fontSize=TYPE["note"]).encode(text="words:N", color=letters),
    )
    return alt.LayerChart(layer=layers)
