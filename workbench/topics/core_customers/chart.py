"""Profit rank against core rank: where the two agree, and whom profit alone overlooks or overrates."""

from __future__ import annotations

from datetime import date
from functools import partial

import altair as alt
import pandas as pd

from workbench.charts.drawing import Drawing
from workbench.charts.theme import INK, SEQUENCE
from workbench.charts.words import base_words, count_words, share_words
from workbench.i18n import t

TENTHS = tuple(range(1, 11))
DARK = 0.62
CELL = 30


def core_ranks(tenths: pd.DataFrame, lang: str, *, as_of: date | None = None, unscored: int = 0) -> alt.LayerChart:
    """Draw the customers by tenth of profit (right: less) and tenth of core score (up: better).

    On the diagonal both ranks agree; above it are those of whom the core score thinks more. A click picks
    `profit_tenth` and `core_tenth`.

    Parameters
    ----------
    tenths
        What `core_tenths` gives; figures of hidden small groups are missing.
    unscored
        How many have no score and are in no cell.
    """
    return core_ranks_drawing(tenths, lang, as_of=as_of, unscored=unscored).chart()


def core_ranks_drawing(tenths: pd.DataFrame, lang: str, *, as_of: date | None = None, unscored: int = 0) -> Drawing:
    """Return `core_ranks` in two halves; the layout never changes."""
    strongest = tenths["customer_count"].max()
    cells = tenths.assign(
        strength=(tenths["customer_count"].astype(float) / strongest).pow(0.5) if len(tenths) else [],
        words=[count_words(count, lang) if count == count else "" for count in tenths["customer_count"]],
        is_same=tenths["profit_tenth"] == tenths["core_tenth"],
    )
    is_hidden = bool(tenths["customer_count"].isna().any())
    base = None if is_hidden or tenths.empty else int(tenths["customer_count"].sum())
    notes = [t("charts.core.hidden", lang)] if is_hidden else []
    if unscored and not is_hidden:
        notes.append(t("charts.core.unscored", lang, count=count_words(unscored, lang)))
    return Drawing(
        key=("core_ranks", lang),
        layout=partial(_layout, lang),
        frames={"cells": cells},
        lang=lang,
        title=_title(tenths, lang),
        subtitle=[base_words(lang, base=base, as_of=as_of), *notes],
        height=CELL * len(TENTHS),
    )


def _layout(lang: str) -> alt.LayerChart:
    scale = alt.Scale(domain=list(TENTHS))
    x = alt.X("profit_tenth:O", scale=scale).axis(title=t("charts.core.profit", lang), labelAngle=0)
    y = alt.Y("core_tenth:O", scale=scale).axis(
        title=t("charts.core.core", lang),
        titleAngle=0, titleAlign="left", titleAnchor="end", titleX=0, titleY=-10,
    )  # fmt: skip
    pick = alt.selection_point(name="pick", fields=["profit_tenth", "core_tenth"])
    faded = alt.condition(pick, alt.value(1), alt.value(0.35), empty=True)
    letters = alt.condition(f"datum.strength > {DARK}", alt.value(INK["paper"]), alt.value(INK["strong"]))
    tooltip = [
        alt.Tooltip("profit_tenth:O", title=t("charts.core.profit", lang)),
        alt.Tooltip("core_tenth:O", title=t("charts.core.core", lang)),
        alt.Tooltip("words:N", title=t("charts.core.customers", lang)),
    ]
    base = alt.Chart(alt.NamedData("cells")).encode(x=x, y=y, tooltip=tooltip)
    cells = base.mark_rect(cursor="pointer", stroke=INK["paper"], strokeWidth=1, cornerRadius=2).encode(
        color=alt.Color("strength:Q", legend=None).scale(domain=[0, 1], range=list(SEQUENCE)), opacity=faded
    )
    same = base.mark_rect(filled=False, stroke=INK["soft"], strokeWidth=1.5).transform_filter("datum.is_same")
    words = base.mark_text(fontSize=10).encode(text="words:N", color=letters)
    return alt.LayerChart(layer=[cells.add_params(pick).properties(name="cells"), same, words])


def _title(tenths: pd.DataFrame, lang: str) -> str:
    """State how many of the best by core score profit would have missed."""
    best = tenths[tenths["core_tenth"] == 1]
    if tenths.empty or best.empty:
        return t("charts.core.nothing", lang)
    if best["customer_count"].isna().any():
        return t("charts.core.hidden_title", lang)
    count = int(best["customer_count"].sum())
    missed = count - int(best.loc[best["profit_tenth"] == 1, "customer_count"].sum())
    return t("charts.core.title", lang, share=share_words(missed / count, lang), count=count_words(missed, lang))
