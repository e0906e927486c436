"""Revenue month by month, and small lines for the key figures."""

from __future__ import annotations

from datetime import date
from typing import Any

import altair as alt
import pandas as pd

from workbench.charts.conditions import by_test
from workbench.charts.theme import FOCUS, INK, finish, money_axis, month_axis, month_ticks
from workbench.charts.words import (
    SEPARATOR,
    base_words,
    count_words,
    date_words,
    growth_words,
    money_words,
    month_words,
)
from workbench.i18n import t

NARROW = 0.55
"""What of a month's width its bar takes before that of a year before."""
A_YEAR_AGO = 12
"""In months."""
LEAST_GROWTH = 0.0005
"""Less is written 0.0 %, and is none."""


def revenue_trend(
    rows: pd.DataFrame,
    *,
    lang: str,
    as_of: date | None = None,
    compares: bool = False,
    closed: bool = False,
    begins: date | None = None,
) -> alt.LayerChart:
    """Draw revenue by month as bars; a month that is not whole is hollow and never the finding.

    `rows` is what `revenue_by_month` gave. The title compares the last whole month with the same month a year before,
    where the data reach back, else with the month before. Where years are to be compared, `rows` are those of
    `beside_year_before`: light bars show the year before, and the title compares with nothing else. `closed` says that
    these months may not be shown, `begins` when the data do.
    """
    months = _prepared(rows, lang)
    last = months["month"].max() if len(months) else pd.Timestamp(0)
    within = f"datum.value > datetime({last.year}, {last.month - 1}) ? '' : {month_axis(lang)}"  # bars begin at a tick
    axis = alt.Axis(labelExpr=within, tickCount=month_ticks(len(months)), labelOverlap=True, grid=False)
    x = alt.X("month:T", timeUnit="yearmonth", title=None, axis=axis)
    y = alt.Y("revenue:Q", title=None, axis=alt.Axis(labelExpr=money_axis(lang), tickCount=5))
    has_earlier = bool(months["revenue_year_before"].notna().any())
    month = alt.Tooltip("month_label:N", title=t("charts.key_figures.month", lang))
    now = [
        alt.Tooltip("revenue_label:N", title=t("charts.key_figures.revenue", lang)),
        alt.Tooltip("orders_label:N", title=t("charts.key_figures.order_count", lang)),
    ]
    then = _year_before_tooltip(lang) if has_earlier else []
    tooltip = [month, *now, *then]
    size: dict[str, Any] = {"width": alt.RelativeBandSize(band=NARROW)} if has_earlier else {"binSpacing": 2}
    bars = alt.Chart(months).mark_bar(color=FOCUS["this"], **size).encode(
        x=x, y=y, tooltip=tooltip,
        fill=by_test(alt.FillValue, {"datum.is_incomplete": INK["paper"]}, FOCUS["this"]),
        stroke=alt.StrokeValue(FOCUS["this"]),
        strokeDash=by_test(alt.StrokeDashValue, {"datum.is_incomplete": [4, 3]}, [1, 0]),
    )  # fmt: skip
    zero = alt.Chart(pd.DataFrame({"revenue": [0]})).mark_rule(color=INK["rule"]).encode(y=alt.Y("revenue:Q"))
    hidden = int(months["revenue"].isna().sum())
    base = None if hidden else int(months["order_count"].sum())  # a part of them would contradict the key figures
    parts = [base_words(lang, base=base, unit="orders", as_of=as_of)]
    if hidden:
        parts.append(t("charts.key_figures.hidden_months", lang, count=count_words(hidden, lang)))
    if months["is_incomplete"].any():
        parts.append(t("charts.key_figures.incomplete", lang))
    if has_earlier or closed:
        parts.append(t(f"charts.key_figures.{'beside' if has_earlier else 'closed'}", lang))
    chart = alt.LayerChart(
        layer=[*([_year_before_bars(months, x, [month, *then, *now])] if has_earlier else ()), bars, zero]
    )
    title = _finding_beside(months, lang, begins=begins, closed=closed) if compares else _finding(months, lang)
    return finish(
        chart, lang, title=title, subtitle=SEPARATOR.join(part for part in parts if part),
        height=240,
    )  # fmt: skip


def _prepared(rows: pd.DataFrame, lang: str) -> pd.DataFrame:
    months = pd.DataFrame(
        {
            "month": pd.to_datetime(rows["month"]),
            "revenue": pd.to_numeric(rows["revenue"]).astype(float),
            "order_count": pd.to_numeric(rows["order_count"]),
            "is_incomplete": rows["is_incomplete"].astype(bool),
            **{name: pd.to_numeric(rows.get(name, float("nan"))) for name in ("revenue_year_before", "revenue_change")},
        }
    ).sort_values("month")
    return months.assign(
        month_label=[
            month_words(day, lang) + (f"（{t('charts.theme.incomplete', lang)}）" if partial and lang == "zh" else
            f" ({t('charts.theme.incomplete', lang)})" if partial else "")
            for day, partial in zip(months["month"], months["is_incomplete"], strict=True)
        ],
        revenue_label=[money_words(value, lang) for value in months["revenue"]],
        orders_label=[count_words(value, lang) for value in months["order_count"]],
        year_before_label=[money_words(value, lang) for value in months["revenue_year_before"]],
        change_label=[growth_words(value, lang) for value in months["revenue_change"]],
    )  # fmt: skip


def _year_before_bars(months: pd.DataFrame, x: alt.X, tooltip: list[alt.Tooltip]) -> alt.Chart:
    """Draw the same months a year before as wide light bars, before which those of the period stand."""
    bars: alt.Chart = alt.Chart(months).mark_bar(color=FOCUS["others"], binSpacing=2)
    return bars.encode(x=x, y=alt.Y("revenue_year_before:Q"), tooltip=tooltip)


def _year_before_tooltip(lang: str) -> list[alt.Tooltip]:
    return [
        alt.Tooltip("year_before_label:N", title=t("charts.key_figures.year_before", lang)),
        alt.Tooltip("change_label:N", title=t("charts.key_figures.change", lang)),
    ]


def _finding_beside(months: pd.DataFrame, lang: str, *, begins: date | None, closed: bool) -> str:
    """Say the last whole month's revenue against the same month a year before, or why it cannot be compared."""
    whole = months[~months["is_incomplete"]]
    if whole.empty or pd.isna(whole["revenue"].iloc[-1]):
        return _finding(months, lang)
    last = whole.iloc[-1]
    facts = {"month": month_words(last["month"], lang), "revenue": money_words(last["revenue"], lang)}
    growth, then = last["revenue_change"], last["revenue_year_before"]
    if pd.notna(growth):
        said = "against_year_same" if abs(growth) < LEAST_GROWTH else "against_year"
        more = {"growth": growth_words(growth, lang)} if said == "against_year" else {}
        return t(f"charts.key_figures.{said}", lang, **facts, **more)
    then_month = last["month"] - pd.DateOffset(months=A_YEAR_AGO)
    is_before_data = not closed and pd.isna(then) and begins is not None and then_month.date() < begins
    if not is_before_data:
        return t("charts.key_figures.alone", lang, **facts)
    return t("charts.key_figures.no_year_before", lang, begins=date_words(begins, lang), **facts)


def _finding(months: pd.DataFrame, lang: str) -> str:
    """Say the last whole month's revenue and how it compares; where it is hidden, that of no earlier one."""
    whole = months[~months["is_incomplete"]].reset_index(drop=True)
    if whole.empty:
        return t("charts.key_figures.no_whole_month", lang)
    last = whole.iloc[-1]
    if pd.isna(last["revenue"]):
        return t("charts.key_figures.hidden_last", lang, month=month_words(last["month"], lang))
    facts = {
        "month": month_words(last["month"], lang),
        "revenue": money_words(last["revenue"], lang),
    }
    for months_ago, key in ((A_YEAR_AGO, "against_year"), (1, "against_month")):
        earlier = whole[whole["month"] == last["month"] - pd.DateOffset(months=months_ago)]
        if len(earlier) and earlier["revenue"].iloc[0] > 0:
            growth = last["revenue"] / earlier["revenue"].iloc[0] - 1
            said = f"{key}_same" if abs(growth) < LEAST_GROWTH else key
            more = {} if said != key else {"growth": growth_words(growth, lang)}
            return t(f"charts.key_figures.{said}", lang, **facts, **more)
    return t("charts.key_figures.alone", lang, **facts)
