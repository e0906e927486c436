"""What makes a segment different, drawn: one bar for each column, the greatest difference on top."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from typing import Any

import altair as alt
import pandas as pd

from workbench.charts.conditions import faded
from workbench.charts.drawing import Drawing
from workbench.charts.theme import FOCUS, INK, TYPE
from workbench.charts.words import (
    base_words,
    money_words,
    points_words,
    share_words,
)
from workbench.i18n import t

Name = Callable[[str], str]
DIFFERENCE_COLOURS = {"higher": FOCUS["this"], "mixed": "#6F8FAF", "lower": FOCUS["others"]}
"""Dark where the segment has more, light where less, between where shares differ; told apart in grey as well."""
WHOLE_FROM, ONE_DECIMAL_FROM = 100, 10
MOST_COMPARED = 12
"""Bars on one chart; the table below has every column."""
HEADLINE_LEVEL = 0.05
"""A q-value up to here makes a headline."""
MONEY_COLUMNS = ("monetary", "margin", "average_order_value")


def segment_profile_drawing(
    rows: pd.DataFrame, lang: str, *, this: str, other: str, name: Name, base: int | None, as_of: date | None = None
) -> Drawing:
    """Draw the effect of every column, 0 to 1, with both groups' figures in words; a click picks `column`.

    Parameters
    ----------
    rows
        What `compare_segments` gives.
    this, other
        What the two groups are called.
    name
        Says a column.
    """
    known = rows[rows["effect"].notna()]
    clear = _clear(known)
    top = known.head(MOST_COMPARED)
    if len(clear) and clear.index[0] not in top.index:  # what the title names is drawn
        top = known.loc[[*top.index[:-1], clear.index[0]]]
    bars = pd.DataFrame(
        {
            "place": range(len(top)),
            "column": top["column"],
            "effect": top["effect"].abs(),
            "direction": [t(f"charts.segment_profile.{way}", lang) for way in top["direction"].replace("", "mixed")],
            "words": [_line(row, lang, name) for row in top.to_dict("records")],
            "size": [
                t(f"charts.segment_profile.sizes.{row['size']}", lang, effect=f"{abs(row['effect']):.2f}")
                for row in top.to_dict("records")
            ],
            "q": [_chance(value, lang) for value in top["q_value"]],
        }
    )
    return Drawing(
        key=("segment_profile", lang, len(top)),
        layout=partial(_layout, lang),
        frames={"bars": bars},
        lang=lang,
        title=_title(known, clear, lang, this=this, other=other, name=name),
        subtitle=[
            base_words(lang, base=base, as_of=as_of),
            t("charts.segment_profile.compared", lang, this=this, other=other),
        ],
        height=44 * max(len(top), 1) + 10,
    )


def _layout(lang: str) -> alt.LayerChart:
    pick = alt.selection_point(name="pick", fields=["column"])
    opacity = faded(pick, pale=0.4)
    names = [t(f"charts.segment_profile.{way}", lang) for way in DIFFERENCE_COLOURS]
    y = alt.Y("place:O").axis(None)
    rows = alt.Chart(alt.NamedData("bars")).encode(
        y=y,
        tooltip=[
            alt.Tooltip("words:N", title=t("charts.segment_profile.figures", lang)),
            alt.Tooltip("size:N", title=t("charts.segment_profile.effect", lang)),
            alt.Tooltip("q:N", title=t("charts.segment_profile.chance", lang)),
        ],
    )
    x = alt.X("effect:Q", scale=alt.Scale(domain=[0, 1])).axis(
        title=t("charts.segment_profile.axis", lang), tickCount=5, format=".1f"
    )
    colour = (
        alt.Color("direction:N", sort=names)
        .scale(domain=names, range=list(DIFFERENCE_COLOURS.values()))
        .legend(title=None, symbolType="square", columns=3)
    )
    bars = rows.mark_bar(cursor="pointer", height=12, yOffset=10).encode(x=x, color=colour, opacity=opacity)
    said = rows.mark_text(align="left", baseline="middle", dy=-8, fontSize=TYPE["label"], color=INK["strong"])
    layers = (bars.add_params(pick).properties(name="bars"), said.encode(x=alt.XDatum(0), text=alt.Text("words:N")))
    return alt.LayerChart(layer=layers)


def figure_words(column: str, value: float, lang: str) -> str:
    """Say a mean or median of a column, to three digits at least."""
    if column in MONEY_COLUMNS:
        return money_words(value, lang)
    size = abs(value)
    is_short = size >= ONE_DECIMAL_FROM or size == round(size, 1)
    digits = 0 if size >= WHOLE_FROM else 1 if is_short else 2 - math.floor(math.log10(size))
    return points_words(value, lang, digits=digits)


def _line(row: Mapping[Any, Any], lang: str, name: Name) -> str:
    said = name(row["column"]) + ("*" if row["is_evidence"] else "")
    if row["kind"] == "number":
        figures = [figure_words(row["column"], row[side], lang) for side in ("this_mean", "other_mean")]
    elif pd.isna(row["value"]):
        return said
    else:
        figures = [share_words(row[side], lang) for side in ("this_share", "other_share")]
        said = t("charts.segment_profile.value", lang, column=said, value=row["value"])
    return t("charts.segment_profile.line", lang, column=said, this=figures[0], other=figures[1])


def _chance(q: float, lang: str) -> str:
    return t("charts.segment_profile.below", lang) if q < 0.001 else points_words(q, lang, digits=3)


def _clear(known: pd.DataFrame) -> pd.DataFrame:
    """Return the differences that neither the rules made nor chance alone would make, the greatest first."""
    is_clear = ~known["is_evidence"] & (known["size"] != "negligible") & (known["q_value"] <= HEADLINE_LEVEL)
    return known[is_clear].sort_values("effect", key=abs, ascending=False, kind="stable")


def _title(known: pd.DataFrame, clear: pd.DataFrame, lang: str, *, this: str, other: str, name: Name) -> str:
    """State the greatest clear difference; where longer bars stand above it, say which it is the greatest of."""
    if clear.empty:
        said = "nothing" if known.empty else "only_evidence" if known["is_evidence"].all() else "alike"
        return t(f"charts.segment_profile.{said}", lang, this=this)
    best = clear.iloc[0].to_dict()
    longer = known[known["effect"].abs() > abs(best["effect"])]
    said = "title" if longer.empty else "title_free" if longer["is_evidence"].all() else "title_clear"
    return t(f"charts.segment_profile.{said}", lang, this=this, other=other, line=_line(best, lang, name))
