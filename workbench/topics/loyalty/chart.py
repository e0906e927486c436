"""Loyalty drawn: how long customers are silent compared with their own rhythm, and single customers on a timeline."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import partial

import altair as alt
import pandas as pd

from workbench.charts.conditions import faded
from workbench.charts.drawing import Drawing
from workbench.charts.theme import FOCUS, INK, JUDGEMENT, meaning_scale
from workbench.charts.words import base_words, count_words, share_words
from workbench.i18n import t

LOYALTY_COLOURS = {"loyal": JUDGEMENT["good"], "flexible": JUDGEMENT["neutral"], "lapsed": JUDGEMENT["bad"]}
BIN = 0.25
LONGEST_SILENCE = 6.0


def silence_drawing(
    rows: pd.DataFrame, lang: str, *, names: Mapping[str, str], patience: float, once: int | None, as_of: date
) -> Drawing:
    """Draw who came twice or more by silence in usual intervals, coloured by group; a click picks `segment`.

    Parameters
    ----------
    rows
        silence (where a bin of a quarter interval begins; the last takes all the rest), segment, customers; missing
        counts are hidden small groups.
    patience
        Where lapsed begins: drawn as a line.
    once
        How many came once and are not drawn, because they have no interval of their own; None where it is hidden.
    """
    shown = rows[rows["customers"].notna()]
    everyone = int(shown["customers"].sum())
    ends = [float(low) + BIN for low in shown["silence"]]
    bars = shown.assign(
        end=ends,
        name=[names[segment] for segment in shown["segment"]],
        order=[list(LOYALTY_COLOURS).index(segment) for segment in shown["segment"]],
        words=[count_words(count, lang) for count in shown["customers"]],
        range=[
            f"{low:g}–{end:g}" if low < LONGEST_SILENCE else f"≥{low:g}"
            for low, end in zip(shown["silence"], ends, strict=True)
        ],
    )
    late = int(shown.loc[shown["silence"] >= patience, "customers"].sum())
    is_hidden = len(shown) < len(rows)
    facts = {
        "patience": f"{patience:g}",
        "share": share_words(late / everyone if everyone else None, lang),
        "count": count_words(late, lang),
    }
    if is_hidden:
        key = "charts.loyalty.hidden_title"
    elif everyone:
        key = "charts.loyalty.silence" if late else "charts.loyalty.none_late"
    else:
        key = "charts.loyalty.nobody"
    return Drawing(
        key=("loyalty_silence", lang, everyone > 0),
        layout=partial(
            _silence_layout, lang, tuple(names[segment] for segment in LOYALTY_COLOURS), is_empty=everyone == 0
        ),
        frames={
            "bars": bars,
            "cut": pd.DataFrame(
                {"at": [min(patience, LONGEST_SILENCE)], "words": [t("charts.loyalty.lapsed_from", lang, **facts)]}
            ),
        },
        lang=lang,
        title=t(key, lang, **facts),
        subtitle=[
            base_words(lang, base=None if is_hidden else everyone, as_of=as_of),
            *([t("charts.rfm.hidden", lang)] if is_hidden else []),
            *([] if once is None else [t("charts.loyalty.once", lang, count=count_words(once, lang))]),
        ],
        height=240,
    )


def _silence_layout(lang: str, names: tuple[str, ...], *, is_empty: bool) -> alt.LayerChart:
    picked = alt.selection_point(name="pick", fields=["segment"])
    x = alt.X("silence:Q", bin="binned", scale=alt.Scale(domain=[0, LONGEST_SILENCE + BIN], nice=False)).axis(
        title=t("charts.loyalty.silence_axis", lang), tickCount=7, grid=False
    )
    colour = alt.Color("name:N", sort=list(names)).scale(domain=list(names), range=list(LOYALTY_COLOURS.values()))
    bars = (
        alt.Chart(alt.NamedData("bars"))
        .mark_bar(cursor="pointer", binSpacing=1, cornerRadiusEnd=0)  # with round ends a bar of two x has no width
        .encode(
            x=x,
            x2=alt.X2("end"),
            y=alt.Y("customers:Q", stack="zero").axis(title=t("charts.loyalty.customers", lang), tickCount=4),
            order=alt.Order("order:Q", sort="descending"),
            color=colour.legend(title=None),
            opacity=faded(picked, pale=0.35),
            tooltip=[
                alt.Tooltip("name:N", title=t("terms.segment", lang)),
                alt.Tooltip("range:N", title=t("charts.loyalty.silence_axis", lang)),
                alt.Tooltip("words:N", title=t("charts.loyalty.customers", lang)),
            ],
        )
        .add_params(picked)
        .properties(name="bars")
    )
    cut = alt.Chart(alt.NamedData("cut")).encode(
        x=alt.X("at:Q", scale=alt.Scale(domain=[0, LONGEST_SILENCE + BIN], nice=False))
    )
    line = (
        cut.mark_rule(color=INK["strong"], strokeDash=[4, 3]),
        cut.mark_text(align="left", dx=5, color=INK["strong"]).encode(text=alt.Text("words:N"), y=alt.YValue(6)),
    )
    return alt.LayerChart(layer=line if is_empty else (bars, *line))


def timeline_drawing(visits: pd.DataFrame, lang: str, *, as_of: date) -> Drawing:
    """Draw each customer's visits on a timeline, the day the next is due, and the end of the data.

    Parameters
    ----------
    visits
        customer_id, name, segment, day (of a visit), expected_on (null where no rhythm is known): a few customers.
    """
    order = list(dict.fromkeys(visits["customer_id"]))
    days = visits.assign(label=_labels(visits), day=_days(visits["day"]), colour=visits["segment"])
    once = days.drop_duplicates("customer_id")
    due = once[once["expected_on"].notna()]
    return Drawing(
        key=("loyalty_timeline", lang, len(order)),
        layout=partial(_timeline_layout, lang),
        frames={
            "days": days[["label", "day", "colour"]].assign(day_words=days["day"]),
            "due": due[["label"]].assign(day=_days(due["expected_on"]), day_words=_days(due["expected_on"])),
            "today": pd.DataFrame({"day": [as_of.isoformat()]}),
        },
        lang=lang,
        title=t("charts.loyalty.timeline", lang, count=len(order)),
        subtitle=[base_words(lang, as_of=as_of), t("charts.loyalty.timeline_marks", lang)],
        height=28 * max(len(order), 2) + 20,
    )


def _labels(visits: pd.DataFrame) -> list[str]:
    """Name each row's customer by name and number, or by the number alone."""
    names = visits["name"] if "name" in visits.columns else [None] * len(visits)
    rows = zip(names, visits["customer_id"], strict=True)
    return [f"{name} · {number}" if isinstance(name, str) and name else str(number) for name, number in rows]


def _days(column: pd.Series) -> list[str]:
    return [day.isoformat() for day in pd.to_datetime(column).dt.date]


def _timeline_layout(lang: str) -> alt.LayerChart:
    x = alt.X("day:T").axis(title=None, format="%Y-%m", labelOverlap=True, tickCount=6)
    y = alt.Y("label:N", sort=None).axis(title=None, labelLimit=170)
    tooltip = [
        alt.Tooltip("label:N", title=t("terms.customer", lang)),
        alt.Tooltip("day_words:N", title=t("terms.visit", lang)),
    ]
    colour = alt.Color("colour:N", legend=None, scale=meaning_scale(LOYALTY_COLOURS | {"flexible": FOCUS["others"]}))
    days, due = (alt.Chart(alt.NamedData(name)) for name in ("days", "due"))
    return alt.LayerChart(
        layer=[
            days.mark_line(strokeWidth=1, color=INK["line"]).encode(x=x, y=y, detail=alt.Detail("label:N")),
            days.mark_point(filled=True, size=50, opacity=1).encode(x=x, y=y, color=colour, tooltip=tooltip),
            due.mark_point(filled=False, shape="diamond", size=60, color=INK["soft"]).encode(x=x, y=y, tooltip=tooltip),
            alt.Chart(alt.NamedData("today")).mark_rule(color=INK["rule"], strokeDash=[4, 3]).encode(x=x),
        ]
    )
