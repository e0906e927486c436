"""Lifecycle drawn: the stages at the last month-ends, stacked; the stages of today stand in `segment_bars`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import Any

import altair as alt
import pandas as pd

from workbench.charts.drawing import Drawing
from workbench.charts.theme import CATEGORIES, INK
from workbench.charts.words import SEPARATOR, base_words, count_words, growth_words, share_words
from workbench.i18n import t

STAGE_COLOURS = {
    "new": CATEGORIES[4],
    "growing": CATEGORIES[2],
    "stable": CATEGORIES[0],
    "reactivated": CATEGORIES[5],
    "at_risk": CATEGORIES[3],
    "lapsed": "#A9B4BF",
}
"""What is lost is grey; what is at risk is the colour of warning."""
LEAST_MOVE = 0.05
"""So far the share of a stage moves at least where the title names it."""


def stage_history_drawing(rows: pd.DataFrame, lang: str, *, names: Mapping[str, str], as_of: date) -> Drawing:
    """Draw the share of every stage at each month-end; a month that has not ended is paler and says so.

    Parameters
    ----------
    rows
        day, segment, customer_count, customer_share; missing figures are hidden small groups.
    """
    shown = rows[rows["customer_share"].notna()]
    days = sorted({pd.Timestamp(day).date() for day in rows["day"]})
    partial_days = {day for day in days if (pd.Timestamp(day) + pd.Timedelta(days=1)).day != 1}
    labels = {day: f"{day:%Y-%m}{'*' if day in partial_days else ''}" for day in days}
    own = [pd.Timestamp(day).date() for day in shown["day"]]
    order = list(STAGE_COLOURS)
    bars = pd.DataFrame(
        {
            "month": [labels[day] for day in own],
            "segment": list(shown["segment"]),
            "name": [names[segment] for segment in shown["segment"]],
            "order": [order.index(segment) for segment in shown["segment"]],
            "share": shown["customer_share"].astype(float).to_list(),
            "opacity": [0.45 if day in partial_days else 1.0 for day in own],
            "words": [
                f"{count_words(count, lang)}（{share_words(share, lang)}）"
                if lang == "zh"
                else f"{count_words(count, lang)} ({share_words(share, lang)})"
                for count, share in zip(shown["customer_count"], shown["customer_share"], strict=True)
            ],
        }
    )
    parts = [base_words(lang, as_of=as_of)]
    if partial_days:
        parts.append(t("charts.lifecycle.incomplete", lang, month=labels[max(partial_days)]))
    if len(shown) < len(rows):
        parts.append(t("charts.rfm.hidden", lang))
    return Drawing(
        key=("stage_history", lang),
        layout=partial(_layout, lang, tuple(names[stage] for stage in STAGE_COLOURS)),
        frames={"bars": bars},
        lang=lang,
        title=_finding(shown, lang, names),
        subtitle=[SEPARATOR.join(parts)],
        height=260,
    )


def _layout(lang: str, names: tuple[str, ...]) -> alt.LayerChart:
    bars = alt.Chart(alt.NamedData("bars")).mark_bar(stroke=INK["paper"], strokeWidth=0.5)
    return alt.LayerChart(
        layer=[
            bars.encode(
                x=alt.X("month:O", sort=None).axis(title=None, labelAngle=0, labelOverlap=True),
                y=alt.Y("share:Q", stack="zero", scale=alt.Scale(domain=[0, 1])).axis(
                    title=t("charts.lifecycle.share", lang), format=".0%", tickCount=5
                ),
                order=alt.Order("order:Q", sort="descending"),
                color=alt.Color("name:N", sort=list(names))
                .scale(domain=list(names), range=list(STAGE_COLOURS.values()))
                .legend(title=None, columns=3),
                opacity=alt.Opacity("opacity:Q", scale=None),
                tooltip=[
                    alt.Tooltip("month:O", title=t("charts.lifecycle.month", lang)),
                    alt.Tooltip("name:N", title=t("terms.lifecycle_stage", lang)),
                    alt.Tooltip("words:N", title=t("charts.lifecycle.customers", lang)),
                ],
            )
        ]
    )


def _finding(shown: pd.DataFrame, lang: str, names: Mapping[str, str]) -> str:
    """State which stage's share moved farthest from the first day shown to the last, or that none moved far."""
    first_day, last_day = shown["day"].min(), shown["day"].max()
    if shown.empty or first_day == last_day:
        return t("charts.lifecycle.no_history", lang)
    figures = ["customer_count", "customer_share"]
    first, last = (
        shown[shown["day"] == day].set_index("segment")[figures].astype(float) for day in (first_day, last_day)
    )
    moves = (last["customer_share"] - first["customer_share"]).dropna()
    days = {"first": f"{first_day:%Y-%m}", "last": f"{last_day:%Y-%m}"}
    if moves.empty or moves.abs().max() < LEAST_MOVE:
        return t("charts.lifecycle.steady", lang, points=count_words(100 * LEAST_MOVE, lang), **days)
    stage: Any = moves.abs().idxmax()
    before, now = (one.loc[stage, "customer_share"] for one in (first, last))
    counts = [one.loc[stage, "customer_count"] for one in (first, last)]
    facts = {"stage": names[stage], "before": share_words(before, lang), "now": share_words(now, lang)}
    if not counts[0]:
        return t("charts.lifecycle.finding_new", lang, **facts, **days)
    return t("charts.lifecycle.finding", lang, growth=growth_words(counts[1] / counts[0] - 1, lang), **facts, **days)
