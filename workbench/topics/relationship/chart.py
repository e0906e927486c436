"""Relationship levels drawn: Kotler's matrix with its customers, and recommended against actual contact."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd

from workbench.charts.drawing import Drawing
from workbench.charts.matrix import CellWords, Colours, Matrix, MatrixSide, classed
from workbench.charts.theme import FOCUS, JUDGEMENT
from workbench.charts.words import base_words, count_words, money_words, share_words
from workbench.i18n import t

LEVEL_COLOURS = {
    "basic": "#EDF4FA",
    "reactive": "#CDE0F0",
    "accountable": "#A3C7E3",
    "proactive": "#3E86B8",
    "partnership": "#12436D",
}
"""From the least contact to the most."""
DARK_LEVELS = ("proactive", "partnership")
WORTHS, CROWDS = ("high", "medium", "low"), ("many", "medium", "few")
SERVICE_COLOURS = {"under": JUDGEMENT["bad"], "fits": JUDGEMENT["neutral"], "over": FOCUS["others"]}


def relationship_matrix_drawing(
    cells: pd.DataFrame, lang: str, *, names: Mapping[str, str], worth: str, as_of: date
) -> Drawing:
    """Draw the nine cells with level, customers and share of money; a click picks `worth_level` and `crowd_level`.

    Parameters
    ----------
    cells
        worth_level, crowd_level, level, customer_count, customer_share, monetary, value_share; missing figures are
        hidden small groups.
    """
    rows = cells[["worth_level", "crowd_level", "level"]].assign(
        name=[names[level] for level in cells["level"]],
        customers=[
            t("charts.relationship.customers", lang, count=count_words(count, lang))
            for count in cells["customer_count"]
        ],
        money=[
            t("charts.relationship.of_money", lang, share=share_words(share, lang)) for share in cells["value_share"]
        ],
        spend=[money_words(value, lang) for value in cells["monetary"]],
    )
    return _recommended(lang, worth).drawing(
        rows, lang, title=_matrix_title(cells, lang, names), subtitle=[_base(cells, lang, as_of)], height=240
    )


def _recommended(lang: str, worth: str) -> Matrix:
    def axis(field: str, values: Sequence[str], title: str, **look: Any) -> MatrixSide:
        folder = f"charts.relationship.{field.removesuffix('_level')}s"
        return MatrixSide(field, values, title, {value: t(f"{folder}.{value}", lang) for value in values}, look=look)

    return Matrix(
        rows=axis("worth_level", WORTHS, t(f"terms.{worth}", lang)),
        columns=axis("crowd_level", CROWDS, t("charts.relationship.crowd", lang), orient="top"),
        colours=classed("level", LEVEL_COLOURS, dark=DARK_LEVELS),
        tooltip={
            "name": t("terms.relationship_level", lang),
            "customers": t("terms.customer", lang),
            "spend": t("terms.monetary", lang),
        },
        pick=("worth_level", "crowd_level"),
        words=(
            CellWords("name", {"dy": -16, "fontWeight": "bold"}),
            CellWords("customers", {"dy": 2}),
            CellWords("money", {"dy": 19}),
        ),
        gap=3,
    )


def contact_matrix_drawing(cells: pd.DataFrame, lang: str, *, names: Mapping[str, str], as_of: date) -> Drawing:
    """Draw recommended (rows) against actual contact (columns); a click picks `level` and `contact_level`.

    Left of the diagonal customers hear less than recommended, right of it more; on it as recommended. No cells at all
    mean that no contacts are known: the title says so.
    """
    known = cells[cells["customer_count"].fillna(0) > 0]
    largest = float(known["customer_count"].max()) if len(known) else 1.0
    rows = known[["level", "contact_level", "service"]].assign(
        row=[names[level] for level in known["level"]],
        column=[names[level] for level in known["contact_level"]],
        judged=[t(f"charts.relationship.services.{service}", lang) for service in known["service"]],
        strength=[0.25 + 0.75 * (float(count) / largest) ** 0.5 for count in known["customer_count"]],
        words=[count_words(count, lang) for count in known["customer_count"]],
        spend=[money_words(value, lang) for value in known["monetary"]],
    )
    return _contacts(lang, tuple(names[level] for level in LEVEL_COLOURS)).drawing(
        rows, lang, title=_contact_title(cells, known, lang), subtitle=[_base(cells, lang, as_of)], height=260
    )


def _contacts(lang: str, names: Sequence[str]) -> Matrix:
    judged = [t(f"charts.relationship.services.{service}", lang) for service in SERVICE_COLOURS]
    recommended, actual = (t(f"charts.relationship.{name}", lang) for name in ("recommended", "actual"))
    return Matrix(
        rows=MatrixSide("row", names[::-1], recommended),
        columns=MatrixSide("column", names, actual, look={"orient": "top", "labelLimit": 90}),
        colours=Colours("judged", judged, (*SERVICE_COLOURS.values(),), opacity="strength", legend={"title": None}),
        tooltip={
            "row": recommended,
            "column": actual,
            "judged": " ",
            "words": t("terms.customer", lang),
            "spend": t("terms.monetary", lang),
        },
        pick=("level", "contact_level"),
    )


def _base(cells: pd.DataFrame, lang: str, as_of: date) -> str:
    if cells["customer_count"].isna().any():
        return f"{base_words(lang, as_of=as_of)} · {t('charts.rfm.hidden', lang)}"
    return base_words(lang, base=int(cells["customer_count"].sum()), as_of=as_of)


def _matrix_title(cells: pd.DataFrame, lang: str, names: Mapping[str, str]) -> str:
    """State which level is recommended for the most money; a level with a hidden cell has no sums."""
    shares = cells.groupby("level")[["customer_share", "value_share"]]
    levels = shares.sum().where(shares.count().eq(shares.size(), axis=0))
    is_hidden = cells["customer_count"].isna().any()
    if not levels["customer_share"].sum() > 0:
        return t("charts.relationship.hidden_title" if is_hidden else "charts.rfm.nothing", lang)
    known = levels.dropna(subset=["value_share"])
    if known.empty:
        return t("charts.relationship.hidden_title" if is_hidden else "charts.rfm.no_money", lang)
    best: Any = known["value_share"].idxmax()
    equal = int((known["value_share"] == known.loc[best, "value_share"]).sum())
    if equal > 1:
        return t("charts.relationship.even", lang, levels=equal)
    facts = {
        "level": names[best],
        "count_share": share_words(known.loc[best, "customer_share"], lang),
        "share": share_words(known.loc[best, "value_share"], lang),
    }
    return t(f"charts.relationship.matrix_{'shown' if is_hidden else 'title'}", lang, **facts)


def _contact_title(cells: pd.DataFrame, known: pd.DataFrame, lang: str) -> str:
    """State how many hear less than recommended, and how many more; nothing of a part of them."""
    if cells["customer_count"].isna().any():
        return t("charts.relationship.contact_hidden", lang)
    everyone = float(known["customer_count"].sum())
    if not everyone:
        return t("charts.relationship.no_contacts", lang)
    shares = known.groupby("service")["customer_count"].sum() / everyone
    apart = {name: float(shares.get(name, 0.0)) for name in ("under", "over")}
    if not any(apart.values()):
        return t("charts.relationship.contact_fits", lang)
    return t(
        "charts.relationship.contact_title", lang, **{name: share_words(share, lang) for name, share in apart.items()}
    )
