"""Visits by spend as a grid of nine cells: each class in its colour, the cells no rule covers neutral and dashed."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd

from workbench.charts.drawing import Drawing
from workbench.charts.matrix import TITLE_ABOVE, CellFrame, CellWords, Matrix, MatrixSide, classed
from workbench.charts.theme import ABC, INK, TYPE
from workbench.charts.words import base_words, count_words, money_words, share_words
from workbench.i18n import t

CRITERION_LEVELS = ("low", "middle", "high")
OPEN = "open"
CLASS_COLOURS = {"A": ABC["A"], "B": ABC["B"], "C": ABC["C"], OPEN: "#F4F1EC"}
ON_DARK = ("A", "B")
CLASS_HEIGHT = 84
"""Height of a cell in pixels: three lines of words."""


def two_criteria_drawing(
    cells: pd.DataFrame,
    lang: str,
    *,
    classes: Mapping[Any, str],
    visits: str = "visit_count",
    spend: str = "monetary",
    cuts: Mapping[str, Sequence[float]] | None = None,
    as_of: date | None = None,
) -> Drawing:
    """Draw the nine cells, visits to the right and spend upwards; a click picks `visit_level` and `spend_level`.

    A cell says its class, its customers and what they spend. Who decided nothing sees "open" in words, in a neutral
    colour and with a dashed edge, so that no cell looks like a class that it is not. The layout changes only with the
    two measures.

    Parameters
    ----------
    cells
        What `two_criteria_cells` gives; cells of nobody are missing, figures of hidden small groups too.
    classes
        The class of every cell by its levels of visits and of spend ("A", "B", "C" or "open").
    cuts
        Where the levels begin, by "visits" and "spend", to say so below the title.
    """
    return _matrix(lang, visits, spend).drawing(
        _worded(cells, classes, lang),
        lang,
        title=_title(cells, spend, lang),
        subtitle=[*_base(cells, lang, as_of=as_of), *_cut_lines(cuts, visits, spend, lang)],
        height=CLASS_HEIGHT * len(CRITERION_LEVELS),
    )


def _matrix(lang: str, visits: str, spend: str) -> Matrix:
    named = {level: t(f"charts.two_criteria.levels.{level}", lang) for level in CRITERION_LEVELS}
    said = {
        "class_words": "abc_class",
        "visit_words": "visits",
        "spend_words": "spend",
        "count_words": "customers",
        "share_words": "share",
    }
    lines = (("class_words", -20, TYPE["title"]), ("count_words", 2, TYPE["label"]), ("value_words", 20, TYPE["label"]))
    return Matrix(
        rows=MatrixSide("spend_level", CRITERION_LEVELS[::-1], t(f"terms.{spend}", lang), named, look=TITLE_ABOVE),
        columns=MatrixSide("visit_level", CRITERION_LEVELS, t(f"terms.{visits}", lang), named),
        colours=classed("segment", CLASS_COLOURS, dark=ON_DARK),
        tooltip={
            **{name: t(f"charts.two_criteria.{key}", lang) for name, key in said.items()},
            "value_words": t(f"terms.{spend}", lang),
        },
        pick=("visit_level", "spend_level"),
        words=[CellWords(name, {"dy": dy, "fontSize": size}) for name, dy, size in lines],
        frame=CellFrame(f"datum.segment == '{OPEN}'", INK["rule"], 2, {"strokeDash": [5, 4], "cornerRadius": 3}),
        corner=3,
    )


def _worded(cells: pd.DataFrame, classes: Mapping[Any, str], lang: str) -> pd.DataFrame:
    """All nine cells with their class and figures in words; nobody is a 0, a hidden figure a blank."""
    known = {(row["visit_level"], row["spend_level"]): row for row in cells.to_dict("records")}
    rows = []
    for (visit_level, spend_level), segment in classes.items():
        row = known.get((visit_level, spend_level), {"customer_count": 0, "customer_share": 0.0, "value": 0.0})
        count, value = row["customer_count"], row["value"]
        is_hidden = count is None or math.isnan(count)
        rows.append(
            {
                "visit_level": visit_level,
                "spend_level": spend_level,
                "segment": segment,
                "class_words": class_name(segment, lang),
                "count_words": "" if is_hidden else count_words(count, lang),
                "share_words": "" if is_hidden else share_words(row["customer_share"], lang),
                "value_words": "" if is_hidden or not count else money_words(value, lang),
                "visit_words": t(f"charts.two_criteria.levels.{visit_level}", lang),
                "spend_words": t(f"charts.two_criteria.levels.{spend_level}", lang),
            }
        )
    return pd.DataFrame(rows)


def class_name(segment: str, lang: str) -> str:
    """Return what a class is called on the grid.

    >>> class_name("A", "zh"), class_name("open", "zh")
    ('A', '未定')
    """
    return t("charts.two_criteria.open", lang) if segment == OPEN else segment


def _base(cells: pd.DataFrame, lang: str, *, as_of: date | None) -> list[str]:
    if cells["customer_count"].isna().any():
        return [base_words(lang, as_of=as_of), t("charts.two_criteria.hidden", lang)]
    unknown = int(cells.loc[cells["visit_level"] == "unknown", "customer_count"].sum())
    said = base_words(lang, base=int(cells["customer_count"].sum()), as_of=as_of)
    return [said, *([t("charts.two_criteria.unknown", lang, count=count_words(unknown, lang))] if unknown else [])]


def _cut_lines(cuts: Mapping[str, Sequence[float]] | None, visits: str, spend: str, lang: str) -> list[str]:
    """Say where the levels begin: visits in whole numbers, spend as money."""
    if cuts is None:
        return []
    begin = [
        (t(f"terms.{visits}", lang), *(count_words(math.ceil(cut), lang) for cut in cuts["visits"])),
        (t(f"terms.{spend}", lang), *(money_words(cut, lang) for cut in cuts["spend"])),
    ]
    return [
        t("charts.two_criteria.cuts", lang, measure=measure, middle=middle, high=high)
        for measure, middle, high in begin
    ]


def _title(cells: pd.DataFrame, spend: str, lang: str) -> str:
    """State what the rule leaves open; where nothing is, what class A brings."""
    counted = cells[cells["visit_level"] != "unknown"]
    if counted.empty:
        return t("charts.two_criteria.nothing", lang)
    measure = t(f"terms.{spend}", lang)
    for segment, key in ((OPEN, "charts.two_criteria.open_title"), ("A", "charts.two_criteria.class_title")):
        chosen = counted[counted["segment"] == segment]
        if chosen["customer_count"].isna().any():
            return t("charts.two_criteria.hidden_title", lang)
        if len(chosen):
            shares = {name: _sum_words(chosen[name], lang) for name in ("customer_share", "value_share")}
            return t(key, lang, measure=measure, **shares)
    return t("charts.two_criteria.no_a", lang)


def _sum_words(shares: pd.Series, lang: str) -> str:
    return share_words(None if shares.isna().any() else float(shares.sum()), lang)
