"""Two bars a row: the share of customers beside the share of value, each with its figure in words behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt
import pandas as pd

from workbench.charts.conditions import faded
from workbench.charts.theme import FOCUS

ROOM_FOR_WORDS = 1.6
"""How much wider than its longest bar a chart is, so that the words behind the bars fit on a phone."""


@dataclass(frozen=True)
class Bar:
    """One of the two bars of every row: what it is, how long, and what stands behind it."""

    name: str
    shares: pd.Series
    words: Sequence[str]


def paired_rows(rows: pd.DataFrame, customers: Bar, value: Bar) -> pd.DataFrame:
    """Put the two parts below one another: a row for every bar; shares that are missing or below zero have none.

    `is_known` tells a share that is missing from one of nothing.
    """
    bars = pd.concat(
        [
            rows.assign(
                part=part.name,
                share=part.shares.clip(lower=0).fillna(0),
                is_known=part.shares.notna(),
                words=part.words,
                place=range(len(rows)),
            )
            for part in (customers, value)
        ],
        ignore_index=True,
    )
    return bars.assign(room=ROOM_FOR_WORDS * bars["share"].max())


def paired_bars(
    bars: pd.DataFrame | alt.NamedData,
    *,
    parts: Sequence[str],
    y: alt.Y,
    pick: str,
    tooltip: Sequence[Any],
    beside: Sequence[alt.Chart] = (),
) -> alt.LayerChart:
    """Draw `paired_rows`, and what stands beside them; a click on a bar picks the field `pick`, the others fade.

    `parts` are the names of the two parts, as in the rows.
    """
    names = list(parts)
    picked = alt.selection_point(name="pick", fields=[pick])
    rows = alt.Chart(bars).encode(
        x=alt.X("share:Q").axis(None), y=y, yOffset=alt.YOffset("part:N", sort=names), tooltip=list(tooltip)
    )
    colour = (
        alt.Color("part:N", sort=names)
        .scale(domain=names, range=[FOCUS["others"], FOCUS["this"]])
        .legend(title=None, offset=20, columns=1)
    )
    opacity = faded(picked, pale=0.35)
    marks = rows.mark_bar(cursor="pointer").encode(color=colour, opacity=opacity)
    layers = (
        marks.add_params(picked).properties(name="bars"),
        rows.mark_text(align="left", dx=5).encode(text=alt.Text("words:N")),
        rows.mark_point(opacity=0).encode(x=alt.X("room:Q")),
        *beside,
    )
    return alt.LayerChart(layer=layers)
