"""RFM drawn: the heat map of recency by frequency; the segments as bars stand in `segment_bars`."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from itertools import pairwise
from typing import Any, Literal

import altair as alt
import pandas as pd

from workbench.charts.drawing import Drawing
from workbench.charts.segment_bars import base_lines, segment_bars
from workbench.charts.theme import INK, SEQUENCE
from workbench.charts.words import count_words, money_words, share_words
from workbench.i18n import t

__all__ = ["rfm_grid", "segment_bars"]

Measure = Literal["customer_count", "monetary", "average_monetary"]
CountBy = Literal["order", "day"]

DARK = 0.62
"""From this strength on, the letters of a cell are white."""
LEAST = {"recency_days": 0, "frequency": 1}
"""Where the first interval of a measure begins."""


def rfm_grid(
    cells: pd.DataFrame,
    lang: str,
    *,
    measure: Measure = "customer_count",
    bins: int | None = None,
    cuts: Mapping[str, Sequence[Any]] | None = None,
    count_by: CountBy = "order",
    as_of: date | None = None,
) -> alt.LayerChart:
    """Draw every combination of R (up: more recent) and F (right: more often), coloured by customers or money.

    A click on a cell picks its `r_score` and `f_score`. Combinations nobody has are left blank, as are small groups
    whose figures are missing. Colours follow the square root of the measure, so that one large cell leaves the others
    apart.

    Parameters
    ----------
    cells
        What `rfm_cells` gives.
    bins
        The highest score; without it the highest one drawn.
    cuts
        Cut points by measure (`Cuts.as_dict()`), to write days and purchases beside the scores; of nested ones
        the days.
    count_by
        What F counts, orders or days with a purchase.
    """
    return rfm_grid_drawing(cells, lang, measure=measure, bins=bins, cuts=cuts, count_by=count_by, as_of=as_of).chart()


def rfm_grid_drawing(
    cells: pd.DataFrame,
    lang: str,
    *,
    measure: Measure = "customer_count",
    bins: int | None = None,
    cuts: Mapping[str, Sequence[Any]] | None = None,
    count_by: CountBy = "order",
    as_of: date | None = None,
) -> Drawing:
    """Return `rfm_grid` in two halves; other cut points change the words beside the axes and no layout."""
    top = bins or int(cells[["r_score", "f_score"]].max().max())
    coloured = t("charts.rfm.grid_measure", lang, measure=t(f"charts.rfm.measures.{measure}", lang))
    return Drawing(
        key=("rfm_grid", lang, top, count_by),
        layout=partial(_layout, lang, top, count_by),
        frames={
            "cells": _worded(cells, measure, lang),
            "near": _ranges("r_score", cuts, "recency_days", top),
            "often": _ranges("f_score", cuts, "frequency", top),
        },
        lang=lang,
        title=_title(cells, measure, lang),
        subtitle=[*base_lines(cells, lang, as_of=as_of), coloured],
        height=44 * max(top, 4),
    )


def _layout(lang: str, top: int, count_by: CountBy) -> alt.LayerChart:
    scores = list(range(1, top + 1))
    x = alt.X("f_score:O", scale=alt.Scale(domain=scores)).axis(
        title=t(f"charts.rfm.f_{count_by}", lang), labelAngle=0, labelExpr="'F' + datum.label", minExtent=34
    )
    y = alt.Y("r_score:O", scale=alt.Scale(domain=scores[::-1])).axis(
        title=t("charts.rfm.r", lang), labelExpr="'R' + datum.label", labelOffset=-8, minExtent=58,
        titleAngle=0, titleAlign="left", titleAnchor="end", titleX=0, titleY=-10,
    )  # fmt: skip
    pick = alt.selection_point(name="pick", fields=["r_score", "f_score"])
    faded = alt.condition(pick, alt.value(1), alt.value(0.35), empty=True)
    colour = alt.Color("strength:Q", legend=None).scale(domain=[0, 1], range=list(SEQUENCE))
    letters = alt.condition(f"datum.strength > {DARK}", alt.value(INK["paper"]), alt.value(INK["strong"]))
    base = alt.Chart(alt.NamedData("cells")).encode(x=x, y=y, tooltip=_tooltips(lang))
    layers = (
        base.mark_rect(cursor="pointer", stroke=INK["paper"], strokeWidth=2, cornerRadius=2)
        .encode(color=colour, opacity=faded)
        .add_params(pick)
        .properties(name="grid"),
        base.mark_text().encode(text="words:N", color=letters),
        _beside("near", y).mark_text(align="right", dx=-6, dy=8, color=INK["soft"]).encode(x=alt.value(0)),
        _beside("often", x).mark_text(baseline="top", dy=22, color=INK["soft"]).encode(y=alt.value("height")),
    )
    return alt.LayerChart(layer=layers)


def _worded(cells: pd.DataFrame, measure: Measure, lang: str) -> pd.DataFrame:
    """Add to every cell its figure in words and how strong it is beside the strongest."""
    figure = cells[measure].astype(float)
    strongest = figure.max()
    say = count_words if measure == "customer_count" else money_words
    return cells[["r_score", "f_score"]].assign(
        strength=(figure.clip(lower=0) / strongest).pow(0.5) if strongest > 0 else 0.0,
        words=["" if math.isnan(value) else say(value, lang) for value in figure],
        customers=[count_words(count, lang) for count in cells["customer_count"]],
        customer_share=[share_words(share, lang) for share in cells["customer_share"]],
        money=[money_words(value, lang) for value in cells["monetary"]],
        average=[money_words(value, lang) for value in cells["average_monetary"]],
    )


def _beside(name: str, along: alt.X | alt.Y) -> alt.Chart:
    """Write below each score on an axis which days or purchases it stands for."""
    encoded: dict[str, Any] = {"x" if isinstance(along, alt.X) else "y": along}
    return alt.Chart(alt.NamedData(name)).encode(text="words:N", **encoded)


def _ranges(score: str, cuts: Mapping[str, Sequence[Any]] | None, measure: str, top: int) -> pd.DataFrame:
    """Say for every score which days or purchases it stands for; nothing where each parent has its own."""
    if cuts is None or any(isinstance(cut, (list, tuple)) for cut in cuts[measure]):
        return pd.DataFrame({score: pd.Series(dtype=int), "words": pd.Series(dtype=str)})
    edges = [LEAST[measure], *(math.ceil(cut) for cut in cuts[measure])]
    ranges = [_range(low, high) for low, high in pairwise(edges)] + [f"≥{edges[-1]}"]
    if measure == "recency_days":
        ranges.reverse()
    return pd.DataFrame({score: range(1, top + 1), "words": ranges})


def _range(low: int, high: int) -> str:
    """Say the whole numbers from `low` up to, and without, `high`; there may be none.

    >>> _range(3, 5), _range(3, 4), _range(3, 3)
    ('3–4', '3', '–')
    """
    if high <= low:
        return "–"
    return str(low) if high == low + 1 else f"{low}–{high - 1}"


def _tooltips(lang: str) -> list[alt.Tooltip]:
    return [
        alt.Tooltip("r_score:O", title=t("charts.rfm.r_score", lang)),
        alt.Tooltip("f_score:O", title=t("charts.rfm.f_score", lang)),
        alt.Tooltip("customers:N", title=t("charts.rfm.measures.customer_count", lang)),
        alt.Tooltip("customer_share:N", title=t("charts.rfm.customers", lang)),
        alt.Tooltip("money:N", title=t("charts.rfm.measures.monetary", lang)),
        alt.Tooltip("average:N", title=t("charts.rfm.measures.average_monetary", lang)),
    ]


def _title(cells: pd.DataFrame, measure: Measure, lang: str) -> str:
    """State which cell stands out."""
    known = cells[cells[measure].notna()]
    if known.empty:
        return t("charts.rfm.nothing", lang)
    best: dict[Any, Any] = known.sort_values(measure, ascending=False).iloc[0].to_dict()
    place = {"r": int(best["r_score"]), "f": int(best["f_score"])}
    customers = {
        "count": count_words(best["customer_count"], lang),
        "count_share": share_words(best["customer_share"], lang),
    }
    if measure == "customer_count":
        return t("charts.rfm.grid_count", lang, **place, **customers)
    if measure == "average_monetary":
        return t("charts.rfm.grid_average", lang, average=money_words(best[measure], lang), **place)
    whole = float(known["monetary"].sum())
    share = share_words(best["monetary"] / whole if whole > 0 else None, lang)
    return t("charts.rfm.grid_money", lang, share=share, **place, **customers)
