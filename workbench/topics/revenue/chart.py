"""Revenue month by month, and small lines for the key figures."""

from __future__ import annotations

from datetime import date

import altair as alt
import pandas as pd

from workbench.charts.theme import FOCUS, INK, finish, money_axis, month_axis, month_ticks
from workbench.charts.words import SEPARATOR, base_words, count_words, growth_words, money_words, month_words
from workbench.i18n import t

A_YEAR_AGO = 12
"""In months."""
LEAST_GROWTH = 0.0005
"""Less is written 0.0 %, and is none."""


def revenue_trend(rows: pd.DataFrame, *, lang: str, as_of: date | None = None) -> alt.LayerChart:
    """Draw revenue by month as bars; a month that is not whole is hollow and never the finding.

    `rows` is what `revenue_by_month` gave. The title compares the last whole month with the same month a year before,
    where the data reach back, else with the month before.
    """
    months = _prepared(rows, lang)
    last = months["month"].max() if len(months) else pd.Timestamp(0)
    within = f"datum.value > datetime({last.year}, {last.month - 1}) ? '' : {month_axis(lang)}"  # bars begin at a tick
    axis = alt.Axis(labelExpr=within, tickCount=month_ticks(len(months)), labelOverlap=True, grid=False)
    x = alt.X("month:T", timeUnit="yearmonth", title=None, axis=axis)
    y = alt.Y("revenue:Q", title=None, axis=alt.Axis(labelExpr=money_axis(lang), tickCount=5))
    tooltip = [
        alt.Tooltip("month_label:N", title=t("charts.key_figures.month", lang)),
        alt.Tooltip("revenue_label:N", title=t("charts.key_figures.revenue", lang)),
        alt.Tooltip("orders_label:N", title=t("charts.key_figures.order_count", lang)),
    ]
    bars = alt.Chart(months).mark_bar(color=FOCUS["this"], binSpacing=2).encode(
        x=x, y=y, tooltip=tooltip,
        fill=alt.when("datum.is_incomplete").then(alt.value(INK["paper"])).otherwise(alt.value(FOCUS["this"])),
        stroke=alt.value(FOCUS["this"]),
        strokeDash=alt.when("datum.is_incomplete").then(alt.value([4, 3])).otherwise(alt.value([1, 0])),
    )  # fmt: skip
    zero = alt.Chart(pd.DataFrame({"revenue": [0]})).mark_rule(color=INK["rule"]).encode(y="revenue:Q")
    hidden = int(months["revenue"].isna().sum())
    base = None if hidden else int(months["order_count"].sum())  # a part of them would contradict the key figures
    parts = [base_words(lang, base=base, unit="orders", as_of=as_of)]
    if hidden:
        parts.append(t("charts.key_figures.hidden_months", lang, count=count_words(hidden, lang)))
    if months["is_incomplete"].any():
        parts.append(t("charts.key_figures.incomplete", lang))
    chart = alt.LayerChart(layer=[bars, zero])
    return finish(
        chart, lang, title=_finding(months, lang), subtitle=SEPARATOR.join(part for part in parts if part),
        height=240,
    )  # fmt: skip


def _prepared(rows: pd.DataFrame, lang: str) -> pd.DataFrame:
    months = pd.DataFrame(
        {
            "month": pd.to_datetime(rows["month"]),
            "revenue": pd.to_numeric(rows["revenue"]).astype(float),
            "order_count": pd.to_numeric(rows["order_count"]),
            "is_incomplete": rows["is_incomplete"].astype(bool),
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
    )  # fmt: skip


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
