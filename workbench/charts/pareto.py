"""80/20 drawn: the curve of cumulative share, its classes below it and the cut-offs across it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import altair as alt
import pandas as pd

from workbench.charts.abc_bars import abc_bars
from workbench.charts.pareto_words import Figures, by_class, class_title, nouns, say, subtitle, top_title
from workbench.charts.theme import ABC, INK, TYPE, finish, meaning_scale
from workbench.charts.words import Unit, count_words, share_words
from workbench.i18n import t

__all__ = ["abc_bars", "pareto_curve"]

NARROWEST_NAMED = 0.03
"""A class with a smaller share of the customers has no room for its letter."""
ON_CLASS = {"A": INK["paper"], "B": INK["paper"], "C": INK["strong"], "D": INK["strong"]}
"""The colour of a letter on the colour of its class."""


def pareto_curve(
    rows: pd.DataFrame,
    lang: str,
    *,
    summary: pd.DataFrame,
    by: str = "monetary",
    unit: Unit = "customers",
    a_share: float = 0.80,
    b_share: float = 0.95,
    top: tuple[float, float] | None = None,
    as_of: date | None = None,
) -> alt.LayerChart:
    """Draw who brings how much: rank along x, cumulative share of value up y, the classes coloured below the curve.

    A click on a class picks its `abc_class`. The dashed diagonal is what equal customers would give. All that moves
    with a control is rows, so that the drawing is updated and not made anew.

    Parameters
    ----------
    rows, summary
        What `lorenz` and `abc_summary` give; figures of hidden small groups are missing.
    top
        (share of customers, share of value) to mark on the curve and to state in the title, e.g. (0.2, 0.746).
    """
    names, figures = nouns(by, unit, lang), by_class(summary)
    columns = _columns(rows, figures, by, lang)
    pick = alt.selection_point(name="pick", fields=["abc_class"])
    faded = alt.condition(pick, alt.value(1), alt.value(0.35), empty=True)
    axes = _axes(lang, names)
    curve = alt.Chart(_areas(rows)).encode(**axes)
    layers = (
        curve.mark_area().encode(color=alt.Color("abc_class:N", scale=meaning_scale(ABC), legend=None), opacity=faded),
        *_equals(lang, axes),
        curve.mark_line(color=INK["strong"], strokeWidth=2),
        *_cut_lines(a_share, b_share, lang, axes),
        _letters(columns),
        *_mark(top, lang, axes),
        alt.Chart(columns)
        .mark_rect(opacity=0, cursor="pointer")
        .encode(x="end:Q", x2="start", y=alt.YDatum(0), y2=alt.Y2Datum(1), tooltip=_tooltips(lang, names))
        .add_params(pick)
        .properties(name="classes"),
    )
    empty = figures["A"]["is_empty"] is True
    return finish(
        alt.LayerChart(layer=layers, resolve=alt.Resolve(scale={"color": "independent"})),
        lang,
        title=top_title(top, lang, names=names)
        if top and not empty
        else class_title(figures, lang, names=names, a_share=a_share),
        subtitle=subtitle(figures, lang, by=by, unit=unit, as_of=as_of),
    )


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
        lowest_value=[say(one["lowest_value"], by, lang) for one in own],
    )


def _letters(columns: pd.DataFrame) -> alt.Chart:
    colour = alt.Color("abc_class:N", scale=meaning_scale(ON_CLASS), legend=None)
    letters = alt.Chart(columns).mark_text(dy=-10, fontSize=TYPE["title"], fontWeight="bold")
    placed: alt.Chart = letters.encode(x="middle:Q", y=alt.YDatum(0), text="letter:N", color=colour)
    return placed


def _equals(lang: str, axes: dict[str, Any]) -> Sequence[alt.Chart]:
    """Draw the diagonal on which all customers are worth the same."""
    diagonal = alt.Chart(pd.DataFrame({"rank_share": [0.0, 1.0], "cumulative_share": [0.0, 1.0]})).encode(**axes)
    place = pd.DataFrame({"rank_share": [0.7], "cumulative_share": [0.7], "words": [t("charts.pareto.equals", lang)]})
    words = alt.Chart(place).encode(**axes, text="words:N")
    return (
        diagonal.mark_line(strokeDash=[4, 4], strokeWidth=1.2, color=INK["paper"], opacity=0.8),
        *_haloed(words, align="left", dx=8, dy=10, fontSize=TYPE["note"], color=INK["soft"]),
    )


def _cut_lines(a_share: float, b_share: float, lang: str, axes: dict[str, Any]) -> Sequence[alt.Chart]:
    """Draw the cut-offs across the chart, each with its name."""
    cuts = pd.DataFrame({"rank_share": 0.0, "cumulative_share": [a_share, b_share], "abc_class": ["A", "B"]})
    cuts["words"] = [
        t("charts.pareto.cut", lang, abc_class=name, share=share_words(share, lang, digits=0))
        for name, share in zip(cuts["abc_class"], cuts["cumulative_share"], strict=True)
    ]
    base = alt.Chart(cuts).encode(y=axes["y"])
    words = base.encode(x=axes["x"], text="words:N")
    return (
        base.mark_rule(color=INK["soft"], strokeWidth=1),
        *_haloed(words, align="left", dy=-7, dx=4, color=INK["soft"], fontSize=TYPE["note"]),
    )


def _mark(top: tuple[float, float] | None, lang: str, axes: dict[str, Any]) -> Sequence[alt.Chart]:
    """Mark what the best share of the customers brings."""
    if top is None:
        return ()
    words = {"share": share_words(top[0], lang, digits=0), "value_share": share_words(top[1], lang)}
    mark = pd.DataFrame({"rank_share": [top[0]], "cumulative_share": [top[1]]})
    base = alt.Chart(mark.assign(words=t("charts.pareto.top_mark", lang, **words))).encode(**axes)
    return (
        base.mark_point(filled=True, size=90, color=INK["paper"], stroke=INK["strong"], strokeWidth=2, opacity=1),
        *_haloed(base.encode(text="words:N"), align="left", dx=10, dy=12, fontWeight="bold"),
    )


def _haloed(chart: alt.Chart, **text: Any) -> tuple[alt.Chart, alt.Chart]:
    """Write words on whatever lies below them: first a pale outline, then the letters."""
    outline = {"stroke": INK["paper"], "strokeWidth": 4, "strokeJoin": "round", "opacity": 0.85}
    return chart.mark_text(**text | outline), chart.mark_text(**text)


def _tooltips(lang: str, names: dict[str, str]) -> list[alt.Tooltip]:
    return [
        alt.Tooltip("abc_class:N", title=t("charts.pareto.abc_class", lang)),
        alt.Tooltip("customers:N", title=names["nouns"]),
        alt.Tooltip("customer_share:N", title=t("charts.pareto.count_share", lang, **names)),
        alt.Tooltip("value_share:N", title=t("charts.pareto.value_share", lang, **names)),
        alt.Tooltip("lowest_value:N", title=t("charts.pareto.lowest_value", lang)),
    ]
