"""How far the last period lies from each customer's own past, as bars, beside what the periods before would give."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import partial

import altair as alt
import numpy as np
import pandas as pd

from workbench.charts.drawing import Drawing
from workbench.charts.theme import FOCUS
from workbench.charts.words import base_words, count_words, period_words, share_words
from workbench.i18n import t

FARTHEST_SCORE = 8
"""Scores beyond so many spreads stand with those of so many."""


@dataclass(frozen=True)
class Swung:
    """What the chart tells: how many of whom rose and fell, in which period, and which share of them may be chance."""

    customers: int
    risen: int
    fallen: int
    begin: date
    every: str
    history: int
    level: float
    is_lasting: bool


def swings_drawing(counts: pd.DataFrame, lang: str, *, swung: Swung, as_of: date | None = None) -> Drawing:
    """Draw a bar for each whole score of the last period, and a mark for what the periods before it had on average.

    `counts` is what `score_counts` gave, with the `score` in spreads.
    """
    period, when = period_words(swung.begin, swung.every, lang), "lasting" if swung.is_lasting else "last"
    notes = [base_words(lang, base=swung.customers, as_of=as_of), t(f"charts.swings.{when}", lang, period=period)]
    if swung.risen + swung.fallen:
        notes.append(t("charts.swings.chance", lang, share=share_words(swung.level, lang)))
    return Drawing(
        key=("swings", lang),
        layout=partial(_layout, lang),
        frames={"bars": swing_bars(counts, lang)},
        lang=lang,
        title=_title(swung, lang),
        subtitle=notes,
        height=240,
    )


def swing_bars(counts: pd.DataFrame, lang: str) -> pd.DataFrame:
    """Sum up scores to whole ones: customers of the last period, and as many of the periods before as they would be.

    What is expected has the activity of the customers judged: each group of activity counts by its customers.
    """
    score = counts["score"].clip(-FARTHEST_SCORE, FARTHEST_SCORE)
    groups = counts.groupby("activity_group")
    weight = groups["last_count"].transform("sum") / groups["earlier_count"].transform("sum")
    bars = (
        counts.assign(score=np.round(score), expected=counts["earlier_count"] * weight)
        .groupby("score", as_index=False)
        .agg(customer_count=("last_count", "sum"), expected=("expected", "sum"))
    )
    return bars.assign(
        label=[_score_words(one, lang) for one in bars["score"]],
        count_words=[count_words(one, lang) for one in bars["customer_count"]],
        expected_words=[count_words(round(one), lang) for one in bars["expected"]],
    )


def _score_words(score: float, lang: str) -> str:
    if abs(score) < FARTHEST_SCORE:
        return f"{score:+.0f}".replace("-", "−") if score else "0"
    return t("charts.swings.or_more" if score > 0 else "charts.swings.or_less", lang, score=FARTHEST_SCORE)


def _layout(lang: str) -> alt.LayerChart:
    tooltip = [
        alt.Tooltip("label:N", title=t("charts.swings.score", lang)),
        alt.Tooltip("count_words:N", title=t("charts.swings.customers", lang)),
        alt.Tooltip("expected_words:N", title=t("charts.swings.expected", lang)),
    ]
    x = alt.X("label:N", sort=alt.EncodingSortField("score", op="min"))
    x = x.title(t("charts.swings.score_axis", lang)).axis(labelAngle=0, labelOverlap=True)
    y = alt.Y("customer_count:Q").title(t("charts.swings.customers", lang))
    data = alt.NamedData("bars")
    pick = alt.selection_point(name="pick", fields=["score"])
    bars = alt.Chart(data).mark_bar(color=FOCUS["this"]).encode(x=x, y=y, tooltip=tooltip).add_params(pick)
    marks = (
        alt.Chart(data)
        .mark_tick(color=FOCUS["others"], thickness=3)
        .encode(x=x, y=alt.Y("expected:Q"), tooltip=tooltip)
    )
    return alt.LayerChart(layer=[bars, marks])


def _title(swung: Swung, lang: str) -> str:
    counted = {name: count_words(getattr(swung, name), lang) for name in ("risen", "fallen")}
    when = "_for_good" if swung.is_lasting else ""
    if swung.risen and swung.fallen:
        return t(f"charts.swings.both{when}", lang, **counted)
    if swung.risen or swung.fallen:
        return t(f"charts.swings.{'rise' if swung.risen else 'fall'}{when}", lang, **counted)
    return t("charts.swings.nobody", lang)
