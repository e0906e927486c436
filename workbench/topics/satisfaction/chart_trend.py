"""Satisfaction over time: the line, its interval, gaps where nobody answered, and the period that has not ended."""

from __future__ import annotations

from datetime import date
from typing import Literal, Protocol

import altair as alt
import pandas as pd

from workbench.charts.conditions import by_test
from workbench.charts.theme import FOCUS, INK, finish, month_axis, month_ticks
from workbench.charts.words import SEPARATOR, base_words, count_words, period_words
from workbench.i18n import t
from workbench.schema import SurveyMeasure
from workbench.topics.satisfaction.chart_scores import MEASURE_SCALES, MeasureScale

Every = Literal["month", "quarter"]
MONTHS: dict[Every, int] = {"month": 1, "quarter": 3}


class LevelChange(Protocol):
    """What is drawn of a level that changed: its form, from when to when, and the levels before and after."""

    @property
    def form(self) -> str:
        """Whether it is a "step" that stayed, an "episode", or a "drift"."""

    @property
    def since(self) -> date:
        """The first period of it."""

    @property
    def until(self) -> date:
        """The last period of it."""

    @property
    def before(self) -> float:
        """The level without it."""

    @property
    def after(self) -> float:
        """The level with it."""

    @property
    def change(self) -> float:
        """How far the level moved."""


class DrawnVerdict(Protocol):
    """What is known of a trend."""

    @property
    def change(self) -> LevelChange | None:
        """The change; None where chance does as much."""

    @property
    def is_told(self) -> bool:
        """Whether there are answers enough to tell a change."""

    @property
    def is_without_seasons(self) -> bool:
        """Whether the same months of several years were compared."""


def score_trend(
    rows: pd.DataFrame,
    *,
    lang: str,
    measure: SurveyMeasure = "nps",
    every: Every = "month",
    as_of: date | None = None,
    verdict: DrawnVerdict,
    of: tuple[str, str] | None = None,
) -> alt.LayerChart:
    """Draw a score per period with its interval as a band, and the levels before and after a change as lines.

    `rows` is what `satisfaction_trend` gave, `verdict` what `trend_verdict` found in it, `of` the dimension and the
    group that they are narrowed to. A period without answers, or
    hidden, is a gap; the last one, where it has not ended, is a hollow point on a dashed line; a period worth fewer
    than 30 respondents has a grey point.
    """
    score = MEASURE_SCALES[measure]
    points = _prepared(rows, score, every, lang)
    ended = points[~points["is_incomplete"]]
    x = alt.X(
        "period:T",
        title=None,
        axis=alt.Axis(
            labelExpr=month_axis(lang),
            tickCount=month_ticks(len(points) * MONTHS[every]),
            labelOverlap=True,
            grid=False,
        ),
    )
    y = alt.Y(
        "value:Q", scale=alt.Scale(zero=False), axis=alt.Axis(format=score.format, tickCount=5),
        title=t(f"charts.satisfaction.name_{measure}", lang),
    )  # fmt: skip
    tooltip = [
        alt.Tooltip("period_label:N", title=t("charts.satisfaction.period", lang)),
        alt.Tooltip("value_label:N", title=t(f"charts.satisfaction.name_{measure}", lang)),
        alt.Tooltip("interval_label:N", title=t("charts.satisfaction.interval", lang)),
        alt.Tooltip("base_label:N", title=t("charts.satisfaction.base", lang)),
    ]
    band = (
        alt.Chart(ended).mark_area(color=FOCUS["this"], opacity=0.12).encode(x=x, y=alt.Y("low:Q"), y2=alt.Y2("high:Q"))
    )
    line = alt.Chart(ended).mark_line(color=FOCUS["this"]).encode(x=x, y=y)
    open_end, level_ends = _open_end(points), _levels(ended, verdict.change)
    still = alt.Chart(open_end).mark_line(color=FOCUS["this"], strokeDash=[4, 4]).encode(x=x, y=y)
    dots = alt.Chart(points[points["value"].notna()]).mark_point(filled=True, opacity=1, size=60, strokeWidth=2)
    dots = dots.encode(
        x=x, y=y, tooltip=tooltip,
        color=by_test(
            alt.ColorValue, {"datum.is_incomplete": INK["paper"], "datum.is_small": FOCUS["others"]}, FOCUS["this"]
        ),
        stroke=by_test(
            alt.StrokeValue, {"datum.is_small && !datum.is_incomplete": FOCUS["others"]}, FOCUS["this"]
        ),
    )  # fmt: skip
    levels = alt.Chart(level_ends).mark_line(color=INK["rule"], strokeDash=[6, 3], strokeWidth=1.5)
    levels = levels.encode(x=x, y=y, detail=alt.Detail("level:N"))
    # a layer of nothing would leave its axes without an extent
    some_levels, some_still = [levels] * (not level_ends.empty), [still] * (not open_end.empty)
    chart = alt.LayerChart(layer=[band, *some_levels, line, *some_still, dots])
    return finish(
        chart,
        lang,
        title=_finding(ended, score, every, verdict, lang),
        subtitle=_base(points, lang, as_of, of),
        height=260,
    )


def _prepared(rows: pd.DataFrame, score: MeasureScale, every: Every, lang: str) -> pd.DataFrame:
    numbers = {name: pd.to_numeric(rows[name]) for name in ("value", "low", "high", "base")}
    points = rows.assign(period=pd.to_datetime(rows["period"]), **numbers).sort_values("period")
    return points.assign(
        period_label=[period_words(day, every, lang) for day in points["period"]],
        value_label=[score.words(value, lang) for value in points["value"]],
        base_label=[f"n = {count_words(base, lang)}" for base in points["base"]],
        interval_label=[
            t("charts.satisfaction.between", lang, low=score.words(low, lang), high=score.words(high, lang))
            for low, high in zip(points["low"], points["high"], strict=True)
        ],
    ).drop(columns="effective_base")


def _levels(ended: pd.DataFrame, change: LevelChange | None) -> pd.DataFrame:
    """Return the ends of the lines that show the levels with and without a change, or how it drifts."""
    known = ended[ended["value"].notna()]
    if change is None or known.empty:
        return pd.DataFrame({"period": pd.to_datetime([]), "value": [], "level": []})
    since, until = pd.Timestamp(change.since), pd.Timestamp(change.until)
    if change.form == "drift":
        return pd.DataFrame({"period": [since, until], "value": [change.before, change.after], "level": "drift"})
    is_in = known["period"].between(since, until)
    parts = (
        (known[known["period"] < since], change.before, "before"),
        (known[is_in], change.after, "in"),
        (known[known["period"] > until], change.before, "after"),
    )
    return pd.concat(
        [part.iloc[[0, -1]][["period"]].assign(value=value, level=level) for part, value, level in parts if len(part)]
    )


def _open_end(points: pd.DataFrame) -> pd.DataFrame:
    """Return the two ends of the dashed line: the period before and the one that has not ended."""
    last = points.tail(2)
    return last if last["is_incomplete"].any() else points.head(0)


def _finding(ended: pd.DataFrame, score: MeasureScale, every: Every, verdict: DrawnVerdict, lang: str) -> str:
    """Say how and from when on the level is another one, or that it shows no clear change, or why nobody can tell."""
    name = t(f"charts.satisfaction.name_{score.name}", lang)
    known = ended[ended["value"].notna()]
    if known.empty:
        return t("charts.satisfaction.no_answers", lang, measure=name)
    if verdict.change is not None:
        return _change_words(verdict.change, score, every, lang, name=name)
    last = known.iloc[-1]
    facts = {"measure": name, "value": last["value_label"], "period": last["period_label"]}
    steady = "steady_seasons" if verdict.is_without_seasons else "steady"
    said = "first" if len(known) == 1 else steady if verdict.is_told else "too_few"
    return t(f"charts.satisfaction.{said}", lang, **facts)


def _change_words(change: LevelChange, score: MeasureScale, every: Every, lang: str, *, name: str) -> str:
    rises = change.change > 0
    said = {"step": ("fell", "rose"), "episode": ("lower", "higher"), "drift": ("drifts_down", "drifts_up")}
    first, last = (period_words(day, every, lang) for day in (change.since, change.until))
    span = t("charts.satisfaction.span", lang, first=first, last=last)
    facts = {
        "measure": name,
        "gap": score.gap(change.change, lang),
        "period": first if first == last or change.form == "step" else span,
        "first": first,
        "last": last,
        "before": score.words(change.before, lang),
        "after": score.words(change.after, lang),
    }
    return t(f"charts.satisfaction.{said[change.form][rises]}", lang, **facts)


def _base(points: pd.DataFrame, lang: str, as_of: date | None, of: tuple[str, str] | None) -> str:
    """Say how many answers there are, unless some are hidden: a sum without these would tell of them."""
    parts = []
    if of:
        parts.append(
            t("charts.satisfaction.of", lang, by=t(f"charts.satisfaction.dimension_{of[0]}", lang), name=of[1])
        )
    hidden = int(points["is_hidden"].fillna(True).astype(bool).sum())
    base = None if hidden else int(points["base"].sum())
    parts.append(base_words(lang, base=base, unit="answers", as_of=as_of))
    if hidden:
        parts.append(t("charts.satisfaction.hidden_periods", lang, count=hidden))
    if points["is_incomplete"].any():
        parts.append(t("charts.satisfaction.incomplete", lang))
    return SEPARATOR.join(part for part in parts if part)
