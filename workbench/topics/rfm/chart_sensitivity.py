"""RFM sensitivity drawn: by cut point, how many customers change segment when it moves down or up."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import Any, Literal

import altair as alt
import pandas as pd

from workbench.charts.drawing import Drawing
from workbench.charts.paired_bars import Bar, paired_bars, paired_rows
from workbench.charts.words import base_words, count_words, in_currency, share_words
from workbench.i18n import t

ROW_HEIGHT = 34


def rfm_sensitivity_drawing(
    rows: pd.DataFrame,
    lang: str,
    *,
    any_count: int,
    customer_count: int,
    together: Mapping[Any, int],
    by: float = 0.10,
    count_by: Literal["order", "day"] = "order",
    money: Literal["total", "average"] = "total",
    as_of: date | None = None,
) -> Drawing:
    """Draw two bars for each cut: the share of customers who change segment when it moves down, and up.

    A click on a bar picks the `cut`, e.g. "frequency/2".

    Parameters
    ----------
    rows
        `Sensitivity.rows`; its other figures are arguments of the same names.
    count_by, money
        What F and M are, for the names of their cuts.
    """
    tenth = share_words(by, lang, digits=0)
    parts = (t("charts.rfm_sensitivity.lower", lang, by=tenth), t("charts.rfm_sensitivity.higher", lang, by=tenth))
    kinds = {"recency_days": "recency_days", "frequency": f"frequency_{count_by}", "monetary": f"monetary_{money}"}
    named = pd.DataFrame(
        {
            "cut": [f"{name}/{place}" for name, place in zip(rows["measure"], rows["place"], strict=True)],
            "name": [_name(row, kinds, lang) for row in rows.to_dict("records")],
        }
    )
    lower, higher = (
        Bar(part, rows[f"{way}_share"], [count_words(count, lang) for count in rows[f"{way}_count"]])
        for part, way in zip(parts, ("lower", "higher"), strict=True)
    )
    any_words = {"count": count_words(any_count, lang), "share": share_words(any_count / max(customer_count, 1), lang)}
    both = {way: count_words(count, lang) for way, count in together.items()}
    return Drawing(
        key=("rfm_sensitivity", lang, len(rows), tenth),
        layout=partial(_layout, lang, parts),
        frames={"bars": paired_rows(named, lower, higher)},
        lang=lang,
        title=_title(rows, named, tenth, lang),
        subtitle=[
            base_words(lang, base=customer_count, as_of=as_of),
            t("charts.rfm_sensitivity.any", lang, **any_words),
            t("charts.rfm_sensitivity.together", lang, **both),
        ],
        height=ROW_HEIGHT * max(len(rows), 1),
    )


def _layout(lang: str, parts: tuple[str, str]) -> alt.LayerChart:
    by_place = alt.EncodingSortField(field="place", op="min")
    y = alt.Y("cut:N", sort=by_place).axis(title=None, labels=False, minExtent=130)
    tooltip = [
        alt.Tooltip("name:N", title=t("charts.rfm_sensitivity.cut", lang)),
        alt.Tooltip("part:N", title=" "),
        alt.Tooltip("words:N", title=t("charts.rfm.measures.customer_count", lang)),
    ]
    bars = alt.NamedData("bars")
    names = alt.Chart(bars).mark_text(align="right", dx=-8).encode(x=alt.XValue(0), y=y, text=alt.Text("name:N"))
    once = names.transform_filter(_first(parts))
    return paired_bars(bars, parts=parts, y=y, pick="cut", tooltip=tooltip, beside=[once])


def _first(parts: tuple[str, str]) -> alt.FieldEqualPredicate:
    """Write each name once, beside the first of its two bars."""
    return alt.FieldEqualPredicate(field="part", equal=parts[0])


def _name(row: Mapping[Any, Any], kinds: Mapping[str, str], lang: str) -> str:
    """Say a cut: R: 30 days."""
    measure, value = row["measure"], row["cut"]
    if math.isnan(value):
        return t("charts.rfm_sensitivity.cuts.nested", lang, letter=measure[0].upper(), place=row["place"])
    money = in_currency(f"{abs(value):,.2f}".removesuffix(".00"), lang, is_negative=value < 0)
    said = money if measure == "monetary" else f"{round(value, 2):g}"
    return t(f"charts.rfm_sensitivity.cuts.{kinds[measure]}", lang, value=said)


def _title(rows: pd.DataFrame, named: pd.DataFrame, tenth: str, lang: str) -> str:
    """State which cut decides most."""
    most = rows[["lower_share", "higher_share"]].max(axis=1)
    if not (most > 0).any():
        return t("charts.rfm_sensitivity.nobody", lang, by=tenth)
    place = int(most.argmax())
    facts = {"share": share_words(float(most.iloc[place]), lang), "cut": named["name"].iloc[place], "by": tenth}
    return t("charts.rfm_sensitivity.title", lang, **facts)
