"""Relationship levels drawn: Kotler's matrix with its customers, and recommended against actual contact."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import Any

import altair as alt
import pandas as pd

from workbench.charts.drawing import Drawing
from workbench.charts.theme import FOCUS, INK, JUDGEMENT
from workbench.charts.words import base_words, count_words, money_words, share_words
from workbench.i18n import t

LEVELS = {
    "basic": "#EDF4FA",
    "reactive": "#CDE0F0",
    "accountable": "#A3C7E3",
    "proactive": "#3E86B8",
    "partnership": "#12436D",
}
"""From the least contact to the most."""
DARK = ("proactive", "partnership")
WORTHS, CROWDS = ("high", "medium", "low"), ("many", "medium", "few")
SERVICES = {"under": JUDGEMENT["bad"], "fits": JUDGEMENT["neutral"], "over": FOCUS["others"]}


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
        letters=["light" if level in DARK else "dark" for level in cells["level"]],
        customers=[
            t("charts.relationship.customers", lang, count=count_words(count, lang))
            for count in cells["customer_count"]
        ],
        money=[
            t("charts.relationship.of_money", lang, share=share_words(share, lang)) for share in cells["value_share"]
        ],
        spend=[money_words(value, lang) for value in cells["monetary"]],
    )
    return Drawing(
        key=("relationship_matrix", lang, worth),
        layout=partial(_matrix_layout, lang, worth),
        frames={"cells": rows},
        lang=lang,
        title=_matrix_title(cells, lang, names),
        subtitle=[_base(cells, lang, as_of)],
        height=240,
    )


def _matrix_layout(lang: str, worth: str) -> alt.LayerChart:
    rows, columns = _words("worths", WORTHS, lang), _words("crowds", CROWDS, lang)
    x = alt.X("crowd_level:N", sort=list(CROWDS)).axis(
        title=t("charts.relationship.crowd", lang), labelAngle=0, orient="top", labelExpr=columns
    )
    y = alt.Y("worth_level:N", sort=list(WORTHS)).axis(title=t(f"terms.{worth}", lang), labelExpr=rows)
    tooltip = [
        alt.Tooltip("name:N", title=t("terms.relationship_level", lang)),
        alt.Tooltip("customers:N", title=t("terms.customer", lang)),
        alt.Tooltip("spend:N", title=t("terms.monetary", lang)),
    ]
    pick = alt.selection_point(name="pick", fields=["worth_level", "crowd_level"])
    base = alt.Chart(alt.NamedData("cells")).encode(x=x, y=y, tooltip=tooltip)
    ink = alt.condition("datum.letters == 'light'", alt.value(INK["paper"]), alt.value(INK["strong"]))
    colour = alt.Color("level:N", legend=None).scale(domain=list(LEVELS), range=list(LEVELS.values()))
    return alt.LayerChart(
        layer=[
            base.mark_rect(cursor="pointer", stroke=INK["paper"], strokeWidth=3, cornerRadius=2)
            .encode(color=colour, opacity=alt.condition(pick, alt.value(1), alt.value(0.45), empty=True))
            .add_params(pick)
            .properties(name="cells"),
            base.mark_text(dy=-16, fontWeight="bold").encode(text="name:N", color=ink),
            base.mark_text(dy=2).encode(text="customers:N", color=ink),
            base.mark_text(dy=19).encode(text="money:N", color=ink),
        ]
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
    return Drawing(
        key=("contact_matrix", lang),
        layout=partial(_contact_layout, lang, tuple(names[level] for level in LEVELS)),
        frames={"cells": rows},
        lang=lang,
        title=_contact_title(known, lang),
        subtitle=[_base(cells, lang, as_of)],
        height=260,
    )


def _contact_layout(lang: str, names: tuple[str, ...]) -> alt.LayerChart:
    judged = [t(f"charts.relationship.services.{service}", lang) for service in SERVICES]
    x = alt.X("column:N", scale=alt.Scale(domain=list(names))).axis(
        title=t("charts.relationship.actual", lang), labelAngle=0, orient="top", labelLimit=90
    )
    y = alt.Y("row:N", scale=alt.Scale(domain=list(names)[::-1])).axis(title=t("charts.relationship.recommended", lang))
    tooltip = [
        alt.Tooltip("row:N", title=t("charts.relationship.recommended", lang)),
        alt.Tooltip("column:N", title=t("charts.relationship.actual", lang)),
        alt.Tooltip("judged:N", title=" "),
        alt.Tooltip("words:N", title=t("terms.customer", lang)),
        alt.Tooltip("spend:N", title=t("terms.monetary", lang)),
    ]
    pick = alt.selection_point(name="pick", fields=["level", "contact_level"])
    base = alt.Chart(alt.NamedData("cells")).encode(x=x, y=y, tooltip=tooltip)
    colour = alt.Color("judged:N").scale(domain=judged, range=list(SERVICES.values())).legend(title=None)
    return alt.LayerChart(
        layer=[
            base.mark_rect(cursor="pointer", stroke=INK["paper"], strokeWidth=2, cornerRadius=2)
            .encode(color=colour, opacity=alt.Opacity("strength:Q", scale=None))
            .add_params(pick)
            .properties(name="cells"),
            base.mark_text().encode(text="words:N"),
        ]
    )


def _words(folder: str, values: tuple[str, ...], lang: str) -> str:
    said = ", ".join(f"'{value}': '{t(f'charts.relationship.{folder}.{value}', lang)}'" for value in values)
    return f"{{{said}}}[datum.label]"


def _base(cells: pd.DataFrame, lang: str, as_of: date) -> str:
    if cells["customer_count"].isna().any():
        return f"{base_words(lang, as_of=as_of)} · {t('charts.rfm.hidden', lang)}"
    return base_words(lang, base=int(cells["customer_count"].sum()), as_of=as_of)


def _matrix_title(cells: pd.DataFrame, lang: str, names: Mapping[str, str]) -> str:
    """State which level is recommended for the most money."""
    levels = cells.dropna(subset=["value_share"]).groupby("level")[["customer_share", "value_share"]].sum()
    if levels.empty or not levels["customer_share"].sum() > 0:
        return t("charts.rfm.nothing", lang)
    best: Any = levels["value_share"].idxmax()
    return t(
        "charts.relationship.matrix_title", lang, level=names[best],
        count_share=share_words(levels.loc[best, "customer_share"], lang),
        share=share_words(levels.loc[best, "value_share"], lang),
    )  # fmt: skip


def _contact_title(known: pd.DataFrame, lang: str) -> str:
    """State how many hear less than recommended."""
    everyone = float(known["customer_count"].sum())
    if not everyone:
        return t("charts.relationship.no_contacts", lang)
    shares = known.groupby("service")["customer_count"].sum() / everyone
    words = {name: share_words(float(shares.get(name, 0.0)), lang) for name in ("under", "over")}
    return t("charts.relationship.contact_title", lang, **words)
