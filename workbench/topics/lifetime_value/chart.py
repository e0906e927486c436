"""The hold-out drawn: purchases by how often customers had come before, and purchases added up week by week."""

from __future__ import annotations

from datetime import date
from functools import partial

import altair as alt
import pandas as pd

from workbench.charts.drawing import Drawing
from workbench.charts.theme import FOCUS, INK, month_axis
from workbench.charts.words import SEPARATOR, base_words, count_words, date_words, points_words, share_words
from workbench.i18n import t

FEWEST_IN_GROUP = 30
"""Customers below whom a group's bars are pale."""


def frequency_drawing(rows: pd.DataFrame, lang: str, *, split_on: date, as_of: date, grade: str, most: int) -> Drawing:
    """Draw, by the number of repeat purchases before the cut, what came in the hold-out beside what was expected.

    `rows` has repeat_count, customer_count, actual and expected (per customer); `most` stands for so many or more.
    """
    last = t("charts.lifetime_value.or_more", lang, count=most)
    named = {"actual": t("charts.lifetime_value.actual", lang), "expected": t("charts.lifetime_value.expected", lang)}
    parts = [
        rows.assign(
            part=named[part],
            value=rows[part],
            label=[last if count == most else count_words(count, lang) for count in rows["repeat_count"]],
            value_words=[points_words(value, lang, digits=2) for value in rows[part]],
            count_words=[count_words(count, lang) for count in rows["customer_count"]],
            is_small=rows["customer_count"] < FEWEST_IN_GROUP,
        )
        for part in ("actual", "expected")
    ]
    held = t("charts.lifetime_value.held_out", lang, first=date_words(split_on, lang), last=date_words(as_of, lang))
    judged = t("charts.lifetime_value.graded", lang, grade=t(f"panels.lifetime_value.grades.{grade}", lang))
    base = base_words(lang, base=int(rows["customer_count"].sum()))
    subtitle = [SEPARATOR.join([base, judged]), held]
    if (rows["customer_count"] < FEWEST_IN_GROUP).any():
        subtitle.append(t("charts.lifetime_value.pale", lang, least=FEWEST_IN_GROUP))
    return Drawing(
        key=("lifetime_value frequency", lang),
        layout=partial(_frequency_layout, lang, tuple(named.values())),
        frames={"bars": pd.concat(parts, ignore_index=True)},
        lang=lang,
        title=_frequency_title(rows, lang),
        subtitle=subtitle,
        height=260,
    )


def _frequency_title(rows: pd.DataFrame, lang: str) -> str:
    actual, expected = (float((rows["customer_count"] * rows[part]).sum()) for part in ("actual", "expected"))
    return compared_words(actual, expected, lang)


def compared_words(actual: float, expected: float, lang: str) -> str:
    """Say how many purchases came and by how much the expected ones missed them."""
    counts = {"actual": count_words(actual, lang), "expected": count_words(expected, lang)}
    if round(actual) == 0:
        return t("charts.lifetime_value.none", lang, **counts)
    if round(actual) == round(expected):
        return t("charts.lifetime_value.as_many", lang, **counts)
    share = share_words(abs(expected / actual - 1), lang)
    key = "more" if expected > actual else "fewer"
    return t(f"charts.lifetime_value.{key}", lang, share=share, **counts)


def _frequency_layout(lang: str, parts: tuple[str, ...]) -> alt.LayerChart:
    tips = {"label": "before", "part": "what", "value_words": "per_customer", "count_words": "customers"}
    tooltip = [alt.Tooltip(f"{name}:N", title=t(f"charts.lifetime_value.{key}", lang)) for name, key in tips.items()]
    x = alt.X("label:N", sort=alt.EncodingSortField("repeat_count", op="min"))
    x = x.title(t("charts.lifetime_value.before", lang)).axis(labelAngle=0)
    y = alt.Y("value:Q").title(t("charts.lifetime_value.per_customer", lang))
    scale = alt.Scale(domain=list(parts), range=[FOCUS["this"], FOCUS["others"]])
    colour = alt.Color("part:N", scale=scale, legend=alt.Legend(title=None, orient="top"))
    pale = alt.Opacity("is_small:N", scale=alt.Scale(domain=[False, True], range=[1.0, 0.4]), legend=None)
    pick = alt.selection_point(name="pick", fields=["repeat_count"])
    offset = alt.XOffset("part:N", sort=list(parts))
    bars = (
        alt.Chart(alt.NamedData("bars"))
        .mark_bar()
        .encode(x=x, xOffset=offset, y=y, color=colour, opacity=pale, tooltip=tooltip)
    )
    return alt.LayerChart(layer=[bars.add_params(pick)])


def tracking_drawing(rows: pd.DataFrame, lang: str, *, split_on: date, as_of: date, base: int) -> Drawing:
    """Draw the repeat purchases of the customers known before the cut, added up by week: those that came and expected.

    `rows` has day, actual and expected (both from the first day on).
    """
    named = {"actual": t("charts.lifetime_value.actual", lang), "expected": t("charts.lifetime_value.expected", lang)}
    days = pd.to_datetime(rows["day"])
    parts = [
        pd.DataFrame(
            {
                "day": days.dt.strftime("%Y-%m-%d"),
                "part": named[part],
                "value": rows[part],
                "value_words": [count_words(value, lang) for value in rows[part]],
            }
        )
        for part in ("actual", "expected")
    ]
    cut = pd.DataFrame({"day": [split_on.isoformat()], "words": [t("charts.lifetime_value.cut", lang)]})
    words = t("charts.lifetime_value.fitted_until", lang, day=date_words(split_on, lang))
    return Drawing(
        key=("lifetime_value tracking", lang),
        layout=partial(_tracking_layout, lang, tuple(named.values())),
        frames={"weeks": pd.concat(parts, ignore_index=True), "cut": cut},
        lang=lang,
        title=_tracking_title(rows, lang, split_on),
        subtitle=[SEPARATOR.join([base_words(lang, base=base, as_of=as_of), words])],
        height=260,
    )


def _tracking_title(rows: pd.DataFrame, lang: str, split_on: date) -> str:
    held = pd.to_datetime(rows["day"]) > pd.Timestamp(split_on)
    if not held.any():
        return t("charts.lifetime_value.no_week", lang)
    fitted = rows[~held]
    begin = fitted.iloc[-1] if len(fitted) else pd.Series({"actual": 0.0, "expected": 0.0})
    end = rows.iloc[-1]
    counts = {part: count_words(end[part] - begin[part], lang) for part in ("actual", "expected")}
    return t("charts.lifetime_value.tracked", lang, day=date_words(split_on, lang), **counts)


def _tracking_layout(lang: str, parts: tuple[str, ...]) -> alt.LayerChart:
    tips = {"day": "week_to", "part": "what", "value_words": "purchases"}
    tooltip = [alt.Tooltip(f"{name}:N", title=t(f"charts.lifetime_value.{key}", lang)) for name, key in tips.items()]
    x = alt.X("day:T", axis=alt.Axis(labelExpr=month_axis(lang), labelOverlap=True)).title(None)
    y = alt.Y("value:Q").title(t("charts.lifetime_value.so_far", lang))
    scale = alt.Scale(domain=list(parts), range=[FOCUS["this"], INK["soft"]])
    colour = alt.Color("part:N", scale=scale, legend=alt.Legend(title=None, orient="top"))
    dash = alt.StrokeDash("part:N", scale=alt.Scale(domain=list(parts), range=[[1, 0], [5, 3]]), legend=None)
    lines = alt.Chart(alt.NamedData("weeks")).mark_line(strokeWidth=2)
    cut = alt.Chart(alt.NamedData("cut"))
    rule = cut.mark_rule(color=INK["rule"], strokeDash=[2, 2]).encode(x=x)
    label = cut.mark_text(align="right", dx=-4, baseline="top", color=INK["soft"]).encode(
        x=x, y=alt.Y(value=0), text=alt.Text("words:N")
    )
    return alt.LayerChart(layer=[rule, label, lines.encode(x=x, y=y, color=colour, strokeDash=dash, tooltip=tooltip)])
