"""How soon customers come again, drawn: the share that has by each day, for all or side by side for segments."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial

import altair as alt
import pandas as pd

from workbench.charts.drawing import Drawing
from workbench.charts.theme import CATEGORIES
from workbench.charts.words import SEPARATOR, base_words, count_words, share_words
from workbench.i18n import t


@dataclass(frozen=True)
class Returned:
    """How soon customers came again: `curves` with segment, days, share, low, high, at_risk; and what is said of it.

    `differ` says whether named segments do, by more than chance (None with fewer than two), `soonest` which one comes
    again sooner than every other one; None where none does. `half_days` is the day by which half of all had, unknown
    where fewer have.
    """

    curves: pd.DataFrame
    bases: Mapping[str, int]
    differ: bool | None
    soonest: str | None
    half_days: float


def returns_drawing(returned: Returned, lang: str, *, names: Mapping[str, str], as_of: date | None = None) -> Drawing:
    """Draw a line for each segment, the largest first; with one alone its interval as well.

    `names` says what the segments are called.
    """
    curves = returned.curves
    order = {segment: f"{names[segment]} ({count_words(base, lang)})" for segment, base in returned.bases.items()}
    points = curves.assign(
        name=curves["segment"].map(order),
        share_label=[share_words(share, lang) for share in curves["share"]],
        days_label=[count_words(days, lang) for days in curves["days"]],
        risk_label=[count_words(count, lang) for count in curves["at_risk"]],
    )
    said = [base_words(lang, base=sum(returned.bases.values()), as_of=as_of)]
    if len(order) == 1:
        said.append(t("charts.retention.band", lang))
    return Drawing(
        key=("returns", lang, tuple(order.values())),
        layout=partial(_layout, lang, tuple(order.values())),
        frames={"points": points},
        lang=lang,
        title=_title(returned, lang, names),
        subtitle=[SEPARATOR.join(said)],
        height=260,
    )


def _title(returned: Returned, lang: str, names: Mapping[str, str]) -> str:
    """Say which segment comes again soonest where they differ beyond chance; of one alone, by when half had."""
    if returned.curves.empty:
        return t("charts.retention.no_waits", lang)
    if returned.differ is not None:
        if not returned.differ:
            return t("charts.retention.returns_alike", lang)
        if returned.soonest is None:
            return t("charts.retention.returns_differ", lang)
        return t("charts.retention.returns_soonest", lang, segment=names[returned.soonest])
    if math.isfinite(returned.half_days):
        return t("charts.retention.returns_half", lang, days=count_words(returned.half_days, lang))
    if len(returned.bases) > 1:
        return t("charts.retention.returns_plain", lang)
    last = returned.curves.iloc[-1]
    facts = {"share": share_words(last["share"], lang), "days": count_words(last["days"], lang)}
    return t("charts.retention.returns_few", lang, **facts)


def _layout(lang: str, names: tuple[str, ...]) -> alt.LayerChart:
    tips = {
        "name": "segment_label",
        "days_label": "head_days",
        "share_label": "again_label",
        "risk_label": "risk_label",
    }
    tooltip = [alt.Tooltip(f"{name}:N", title=t(f"charts.retention.{key}", lang)) for name, key in tips.items()]
    x = alt.X("days:Q").title(t("charts.retention.head_days", lang)).axis(grid=False, tickCount=6)
    y = alt.Y("share:Q", scale=alt.Scale(domain=[0, 1])).title(None).axis(format=".0%", tickCount=5)
    scale = alt.Scale(domain=list(names), range=list(CATEGORIES[: len(names)]))
    legend = alt.Legend(title=None, columns=3) if len(names) > 1 else None
    colour = alt.Color("name:N", scale=scale, legend=legend)
    base = alt.Chart(alt.NamedData("points")).encode(x=x)
    line = base.mark_line(interpolate="step-after", strokeWidth=2).encode(y=y, color=colour, tooltip=tooltip)
    if len(names) > 1:
        return alt.LayerChart(layer=[line])
    band = base.mark_area(interpolate="step-after", opacity=0.25).encode(
        y=alt.Y("low:Q"), y2=alt.Y2("high:Q"), color=colour
    )
    return alt.LayerChart(layer=[band, line])
