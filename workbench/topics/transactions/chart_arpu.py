"""Average revenue per user drawn by month, with its trend over twelve months and the number of users."""

from __future__ import annotations

from datetime import date

import altair as alt
import pandas as pd

from workbench.charts.conditions import by_test
from workbench.charts.theme import FOCUS, INK, finish, money_axis, month_axis, month_ticks
from workbench.charts.words import SEPARATOR, base_words, count_words, growth_words, money_words, month_words
from workbench.i18n import t


def arpu_chart(rows: pd.DataFrame, lang: str, *, as_of: date | None = None) -> alt.LayerChart:
    """Draw the average of each month as a point, hollow where the month is not whole, and the trend as a line.

    `rows` is what `arpu_by_month` gave.
    """
    months = pd.DataFrame(
        {
            "month": pd.to_datetime(rows["month"]),
            "arpu": rows["arpu"].astype(float),
            "arpu_trend": rows["arpu_trend"].astype(float),
            "is_incomplete": rows["is_incomplete"].astype(bool),
            "month_label": [month_words(month, lang) for month in rows["month"]],
            "arpu_label": [money_words(value, lang) for value in rows["arpu"]],
            "trend_label": [money_words(value, lang) for value in rows["arpu_trend"]],
            "customers_label": [count_words(value, lang) for value in rows["active_customers"]],
            "revenue_label": [money_words(value, lang) for value in rows["revenue"]],
        }
    )
    axis = alt.Axis(labelExpr=month_axis(lang), tickCount=month_ticks(len(months)), labelOverlap=True, grid=False)
    x = alt.X("month:T", title=None, axis=axis)
    y_axis = alt.Axis(labelExpr=money_axis(lang), tickCount=5)
    tips = ("month", "arpu", "trend", "customers", "revenue")
    base = alt.Chart(months).encode(
        x=x,
        tooltip=[alt.Tooltip(f"{name}_label:N", title=t(f"charts.transactions.{name}_tip", lang)) for name in tips],
    )
    y = alt.Y("arpu:Q", title=None, axis=y_axis)
    line = base.mark_line(color=FOCUS["others"], strokeWidth=1.5).encode(y=y)
    fill = by_test(alt.FillValue, {"datum.is_incomplete": INK["paper"]}, FOCUS["others"])
    points = base.mark_point(size=50, opacity=1, color=FOCUS["others"]).encode(y=y, fill=fill)
    trend = base.mark_line(color=FOCUS["this"], strokeWidth=3).encode(y=alt.Y("arpu_trend:Q", title=None, axis=y_axis))
    whole = months[~months["is_incomplete"]]
    notes = [
        base_words(lang, base=None, as_of=as_of),
        t(
            "charts.transactions.trend_line" if months["arpu_trend"].notna().any() else "charts.transactions.no_trend",
            lang,
        ),
        t("charts.transactions.hollow", lang) if len(whole) < len(months) else "",
    ]
    chart = alt.LayerChart(layer=[line, trend, points])
    return finish(
        chart, lang, title=_title(rows, lang), subtitle=[SEPARATOR.join(note for note in notes if note)], height=240
    )


def _title(rows: pd.DataFrame, lang: str) -> str:
    """Say the last whole month's average with its change and that of its customers on the year before."""
    whole = rows[~rows["is_incomplete"].astype(bool) & rows["arpu"].notna()]
    if whole.empty:
        return t("charts.transactions.no_arpu", lang)
    last = whole.iloc[-1]
    said = {"month": month_words(last["month"], lang), "arpu": money_words(last["arpu"], lang)}
    customers, then = float(last["active_customers"]), float(last["customers_year_before"])
    if pd.isna(last["arpu_change"]) or not then > 0:
        return t("charts.transactions.arpu_alone", lang, **said, customers=count_words(customers, lang))
    return t(
        "charts.transactions.arpu_year",
        lang,
        **said,
        growth=growth_words(last["arpu_change"], lang),
        customers=growth_words(customers / then - 1, lang),
    )
