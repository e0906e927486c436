"""The importance–performance map: each question by its importance and its score; what is undecided is drawn so."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial

import altair as alt
import pandas as pd

from workbench.charts.drawing import Drawing
from workbench.charts.theme import FOCUS, INK, JUDGEMENT, TYPE
from workbench.charts.words import SEPARATOR, base_words, count_words, share_words
from workbench.i18n import t
from workbench.topics.drivers.chart import share_axis

QUADRANTS = {
    "concentrate": JUDGEMENT["bad"],
    "keep_up": JUDGEMENT["good"],
    "overkill": FOCUS["this"],
    "low_priority": INK["soft"],
    "undecided": INK["rule"],
}
CORNERS = {"concentrate": (0, 0), "keep_up": (1, 0), "low_priority": (0, 1), "overkill": (1, 1)}
"""Left or right, top or bottom."""
MOST_IN_TITLE = 3
HEIGHT = 380


def importance_map_drawing(
    rows: pd.DataFrame, lang: str, *, outcome: str, base: int, as_of: date | None = None
) -> Drawing:
    """Draw the questions that have a place: score to the right, importance upwards, lines where they are compared.

    `rows` is what `importance_map` gave. A point is filled with the colour of its quadrant; an undecided one is hollow,
    and the cross of its intervals reaches over a line. Questions without a place are counted below the title.
    """
    placed = rows[rows["quadrant"].isin(list(QUADRANTS)) & rows["importance_low"].notna()]
    points = pd.DataFrame(
        {
            "item": placed["item"],
            "quadrant": placed["quadrant"],
            "score": placed["score_share"],
            "score_low": placed["score_low"].clip(lower=0),
            "score_high": placed["score_high"].clip(upper=1),
            "importance": placed["importance_share"],
            "importance_low": placed["importance_low"].clip(lower=0),
            "importance_high": placed["importance_high"].clip(upper=1),
            "quadrant_words": [t(f"charts.drivers.quadrants.{one}", lang) for one in placed["quadrant"]],
            "score_words": [share_words(one, lang) for one in placed["score_share"]],
            "importance_words": [share_words(one, lang) for one in placed["importance_share"]],
        }
    )
    # Neighbours write their names on either side of themselves.
    points["is_below"] = points["score"].rank(method="first") % 2 == 0
    lines = placed[["score_line", "importance_line"]].head(1)
    return Drawing(
        key=("drivers_map", lang),
        layout=partial(_layout, lang),
        frames={"points": points, "lines": lines},
        lang=lang,
        title=_title(placed, lang, outcome),
        subtitle=[
            SEPARATOR.join(
                [
                    t("charts.drivers.base", lang, count=count_words(base, lang)),
                    *([base_words(lang, as_of=as_of)] if as_of else []),
                    *_without_place(rows, placed, lang),
                ]
            ),
            t("charts.drivers.map_note", lang),
        ],
        height=HEIGHT,
    )


def _without_place(rows: pd.DataFrame, placed: pd.DataFrame, lang: str) -> Sequence[str]:
    count = len(rows) - len(placed)
    return [t("charts.drivers.without_place", lang, count=count_words(count, lang))] if count else []


def _layout(lang: str) -> alt.LayerChart:
    names = {one: t(f"charts.drivers.quadrants.{one}", lang) for one in QUADRANTS}
    tooltip = [
        alt.Tooltip("item:N", title=t("charts.drivers.question", lang)),
        alt.Tooltip("quadrant_words:N", title=t("charts.drivers.quadrant", lang)),
        alt.Tooltip("importance_words:N", title=t("charts.drivers.share", lang)),
        alt.Tooltip("score_words:N", title=t("charts.drivers.score", lang)),
    ]
    room = alt.Scale(zero=False, nice=False, padding=24)
    x, y = alt.X("score:Q", scale=room, axis=share_axis()), alt.Y("importance:Q", scale=room, axis=share_axis())
    x, y = x.title(t("charts.drivers.score", lang)), y.title(t("charts.drivers.share", lang))
    points = alt.Chart(alt.NamedData("points")).encode(tooltip=tooltip)
    colour = alt.Color(
        "quadrant_words:N",
        scale=alt.Scale(domain=list(names.values()), range=list(QUADRANTS.values())),
        legend=alt.Legend(title=None, labelLimit=200, columns=3),
    )
    crosses = points.mark_rule(strokeWidth=1, opacity=0.6)
    across = crosses.encode(x=alt.X("score_low:Q"), x2=alt.X2("score_high:Q"), y=y, color=colour)
    upwards = crosses.encode(x=x, y=alt.Y("importance_low:Q"), y2=alt.Y2("importance_high:Q"), color=colour)
    hollow = points.mark_point(size=110, strokeWidth=2, fill=INK["paper"], opacity=1).encode(x=x, y=y, color=colour)
    solid = points.transform_filter("datum.quadrant !== 'undecided'").mark_point(size=110, filled=True, opacity=1)
    above, below = (
        points.transform_filter(f"datum.is_below === {side}")
        .mark_text(align="left", dx=9, dy=dy, limit=130)
        .encode(x=x, y=y, text=alt.Text("item:N"))
        for side, dy in (("false", -9), ("true", 11))
    )
    lines = alt.Chart(alt.NamedData("lines")).mark_rule(color=INK["rule"], strokeDash=[4, 3])
    return alt.LayerChart(
        layer=[
            *(_corner(names[one], *CORNERS[one]) for one in CORNERS),
            lines.encode(x=alt.X("score_line:Q")),
            lines.encode(y=alt.Y("importance_line:Q")),
            across,
            upwards,
            hollow,
            solid.encode(x=x, y=y, color=colour),
            above,
            below,
        ]
    )


def _corner(name: str, right: int, bottom: int) -> alt.Chart:
    """Write the name of a quadrant into its corner."""
    text = alt.Chart(alt.NamedData("lines")).mark_text(
        align="right" if right else "left",
        baseline="bottom" if bottom else "top",
        color=INK["soft"],
        fontSize=TYPE["note"],
        fontStyle="italic",
    )
    written: alt.Chart = text.encode(
        x=alt.XValue(alt.ExprRef(expr="width - 4") if right else 4),
        y=alt.YValue(alt.ExprRef(expr="height - 4") if bottom else 4),
        text=alt.TextValue(name),
    )
    return written


def _title(placed: pd.DataFrame, lang: str, outcome: str) -> str:
    """Name the questions to concentrate on, else those to keep up; or say that none can be placed."""
    for quadrant in ("concentrate", "keep_up"):
        items = placed.loc[placed["quadrant"] == quadrant, "item"].tolist()
        if items:
            named = [t("charts.drivers.quoted", lang, item=item) for item in items[:MOST_IN_TITLE]]
            key = f"charts.drivers.map_{quadrant}" + ("_more" if len(items) > MOST_IN_TITLE else "")
            rest = count_words(len(items) - MOST_IN_TITLE, lang)
            return t(key, lang, items=named, rest=rest)
    decided = (placed["quadrant"] != "undecided").any()
    return t("charts.drivers.map_none" if decided else "charts.drivers.map_undecided", lang, outcome=outcome)
