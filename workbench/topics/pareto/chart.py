"""80/20 drawn: the curve of cumulative share, its classes below it and the cut-offs across it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import Any

import altair as alt
import pandas as pd

from workbench.charts.conditions import faded
from workbench.charts.drawing import Drawing
from workbench.charts.theme import ABC, INK, TYPE, meaning_scale
from workbench.charts.words import Unit, count_words, share_words
from workbench.i18n import t
from workbench.topics.pareto.chart_words import (
    Figures,
    Top,
    by_class,
    class_title,
    nouns,
    ranked_amount_words,
    subtitle,
    top_facts,
    top_title,
)

NARROWEST_NAMED = 0.03
"""A class with a smaller share of the customers has no room for its letter."""
ON_CLASS = {"A": INK["paper"], "B": INK["paper"], "C": INK["strong"], "D": INK["strong"]}
"""The colour of a letter on the colour of its class."""


def pareto_drawing(
    rows: pd.DataFrame,
    lang: str,
    *,
    summary: pd.DataFrame,
    by: str = "monetary",
    unit: Unit = "customers",
    a_share: float = 0.80,
    b_share: float = 0.95,
    top: Top | None = None,
    as_of: date | None = None,
) -> Drawing:
    """Draw who brings how much: rank along x, cumulative share of value up y, the classes coloured below the curve.

    A click on a class picks its `abc_class`. The dashed diagonal is what equal customers would give. All that moves
    with a control is rows, so that the drawing is updated and not made anew: no cut-off changes its layout.

    Parameters
    ----------
    rows, summary
        What `lorenz` and `abc_summary` give; figures of hidden small groups are missing.
    top
        What the best bring, to mark on the curve and to state in the title, e.g. Top(0.2, 0.746).
    """
    names, figures = nouns(by, unit, lang), by_class(summary)
    if top and figures["A"]["is_empty"] is not True:
        title = top_title(top, lang, names=names)
    else:
        title = class_title(figures, lang, by=by, unit=unit, a_share=a_share)
    return Drawing(
        key=("pareto_curve", lang, by, unit),
        layout=partial(_layout, lang, names),
        frames={
            "areas": _areas(rows),
            "classes": _columns(rows, figures, by, lang),
            "marks": _marks(a_share, b_share, top, lang),
            "ends": pd.DataFrame({"kind": ["equals"]}),
        },
        lang=lang,
        title=title,
        subtitle=subtitle(figures, lang, by=by, unit=unit, as_of=as_of),
    )


def _layout(lang: str, names: dict[str, str]) -> alt.LayerChart:
    pick = alt.selection_point(name="pick", fields=["abc_class"])
    opacity = faded(pick, pale=0.35)
    colour = alt.Color("abc_class:N", scale=meaning_scale(ABC), legend=None)
    axes = _axes(lang, names)
    curve = alt.Chart().encode(**axes)
    columns = alt.Chart(alt.NamedData("classes"))
    layers = (
        curve.mark_area().encode(color=colour, opacity=opacity),
        _diagonal(),
        curve.mark_line(color=INK["strong"], strokeWidth=2),
        *_mark_layers(axes),
        _letters(columns),
        columns.mark_rect(opacity=0, cursor="pointer")
        .encode(alt.X("end:Q"), alt.X2("start"), alt.YDatum(0), alt.Y2Datum(1), tooltip=_tooltips(lang, names))
        .add_params(pick)
        .properties(name="columns"),
    )
    resolved = alt.Resolve(scale={"color": "independent"})
    return alt.LayerChart(data=alt.NamedData("areas"), layer=layers, resolve=resolved)


def _axes(lang: str, names: dict[str, str]) -> dict[str, Any]:
    whole = alt.Scale(domain=[0, 1], nice=False)
    upright: dict[str, Any] = {"titleAngle": 0, "titleAlign": "left", "titleAnchor": "end", "titleX": 0, "titleY": -10}
    x, y = alt.X("rank_share:Q", scale=whole), alt.Y("cumulative_share:Q", scale=whole, stack=None)
    return {
        "x": x.axis(format=".0%", grid=False, tickCount=5, title=t("charts.pareto.x", lang, **names)),
        "y": y.axis(alt.Axis(format=".0%", tickCount=5, title=t("charts.pareto.y", lang, **names), **upright)),
    }


def _areas(rows: pd.DataFrame) -> pd.DataFrame:
    """Begin every class where the one before it ends, the first at (0, 0), so that the areas touch."""
    points = rows[["rank_share", "cumulative_share", "abc_class"]].sort_values("rank_share")
    joints = points.groupby("abc_class", sort=False).last().shift(fill_value=0.0).reset_index()
    return pd.concat([joints, points], ignore_index=True).sort_values(["abc_class", "rank_share"])


def _columns(rows: pd.DataFrame, figures: Figures, by: str, lang: str) -> pd.DataFrame:
    """Say of every class where it lies along x, and its figures in words."""
    columns = rows.groupby("abc_class")["rank_share"].max().sort_values().rename("end").reset_index()
    columns["start"] = columns["end"].shift(fill_value=0.0)
    columns["middle"] = (columns["start"] + columns["end"]) / 2
    columns["letter"] = columns["abc_class"].where(columns["end"] - columns["start"] >= NARROWEST_NAMED, "")
    own = [figures[name] for name in columns["abc_class"]]
    return columns.assign(
        customers=[count_words(one["customer_count"], lang) for one in own],
        customer_share=[share_words(one["customer_share"], lang) for one in own],
        value_share=[share_words(one["value_share"], lang) for one in own],
        lowest_value=[ranked_amount_words(one["lowest_value"], by, lang) for one in own],
    )


def _letters(columns: alt.Chart) -> alt.Chart:
    colour = alt.Color("abc_class:N", scale=meaning_scale(ON_CLASS), legend=None)
    letters = columns.mark_text(dy=-10, fontSize=TYPE["title"], fontWeight="bold")
    placed: alt.Chart = letters.encode(alt.X("middle:Q"), alt.YDatum(0), alt.Text("letter:N"), colour)
    return placed


def _diagonal() -> alt.Chart:
    """Draw where the curve would run if all customers were worth the same."""
    line = alt.Chart(alt.NamedData("ends"))
    drawn: alt.Chart = line.mark_rule(strokeDash=[4, 4], strokeWidth=1.2, color=INK["paper"], opacity=0.8).encode(
        alt.XDatum(0), alt.YDatum(0), alt.X2Datum(1), alt.Y2Datum(1)
    )
    return drawn


def _marks(a_share: float, b_share: float, top: Top | None, lang: str) -> pd.DataFrame:
    """Say where the cut-offs, the mark of the top and the names stand; all are rows, so that they move."""
    soft, strong = {"ink": INK["soft"], "size": TYPE["note"]}, {"ink": INK["strong"], "size": TYPE["label"]}
    rows = [
        {"kind": "cut", "rank_share": 0.0, "cumulative_share": share, "words": words, "dx": 4, "dy": -7, **soft}
        for share, words in ((share, _cut_words(name, share, lang)) for name, share in (("A", a_share), ("B", b_share)))
    ]
    equals = t("charts.pareto.equals", lang)
    rows.append({"rank_share": 0.5, "cumulative_share": 0.5, "words": equals, "dx": 8, "dy": 10, **soft})
    if top is not None:
        place = {"kind": "top", "rank_share": top.share, "cumulative_share": top.value_share}
        rows.append({**place, "words": _top_words(top, lang), "dx": 10, "dy": 12, **strong})
    return pd.DataFrame(rows)


def _mark_layers(axes: dict[str, Any]) -> Sequence[alt.Chart]:
    """Draw the cut-offs across the chart, mark what the top bring, and name these and the diagonal."""
    marks = alt.Chart(alt.NamedData("marks"))
    placed: dict[str, Any] = {name: alt.ExprRef(f"datum.{column}") for name, column in _LABEL.items()}
    outline: dict[str, Any] = {"stroke": INK["paper"], "strokeWidth": 4, "strokeJoin": "round", "opacity": 0.85}
    ring: dict[str, Any] = {"size": 90, "fill": INK["paper"], "stroke": INK["strong"], "strokeWidth": 2, "opacity": 1}
    named = marks.encode(**axes, text=alt.Text("words:N"))
    return (
        marks.mark_rule(color=INK["soft"], strokeWidth=1).encode(axes["y"]).transform_filter("datum.kind == 'cut'"),
        marks.mark_point(**ring).encode(**axes).transform_filter("datum.kind == 'top'"),
        named.mark_text(align="left", **placed | outline),
        named.mark_text(align="left", **placed),
    )


_LABEL = {"dx": "dx", "dy": "dy", "color": "ink", "fontSize": "size"}
"""Which property of a label is in which column."""


def _cut_words(abc_class: str, share: float, lang: str) -> str:
    return t("charts.pareto.cut", lang, abc_class=abc_class, share=share_words(share, lang, digits=0))


def _top_words(top: Top, lang: str) -> str:
    return t("charts.pareto.top_few_mark" if top.is_few else "charts.pareto.top_mark", lang, **top_facts(top, lang))


def _tooltips(lang: str, names: dict[str, str]) -> list[alt.Tooltip]:
    return [
        alt.Tooltip("abc_class:N", title=t("charts.pareto.abc_class", lang)),
        alt.Tooltip("customers:N", title=names["nouns"]),
        alt.Tooltip("customer_share:N", title=t("charts.pareto.count_share", lang, **names)),
        alt.Tooltip("value_share:N", title=t("charts.pareto.value_share", lang, **names)),
        alt.Tooltip("lowest_value:N", title=t("charts.pareto.lowest_value", lang)),
    ]
