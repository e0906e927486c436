"""Profit rank against core rank: where the two agree, and whom profit alone overlooks or overrates."""

from __future__ import annotations

from datetime import date

import pandas as pd

from workbench.charts.drawing import Drawing
from workbench.charts.matrix import TITLE_ABOVE, CellFrame, CellWords, Matrix, MatrixSide, shaded, strengths
from workbench.charts.theme import INK
from workbench.charts.words import base_words, count_words, share_words
from workbench.i18n import t

TENTH_RANKS = tuple(range(1, 11))
TENTH_HEIGHT = 30
FEWEST_RANKED = 20
"""Fewer have no tenths of two or more."""


def core_ranks_drawing(tenths: pd.DataFrame, lang: str, *, as_of: date | None = None, unscored: int = 0) -> Drawing:
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
    cells = tenths.assign(
        strength=strengths(tenths["customer_count"]),
        words=[count_words(count, lang) if count == count else "" for count in tenths["customer_count"]],
        is_same=tenths["profit_tenth"] == tenths["core_tenth"],
    )
    is_hidden = bool(tenths["customer_count"].isna().any())
    base = None if is_hidden or tenths.empty else int(tenths["customer_count"].sum())
    notes = [t("charts.core.hidden", lang)] if is_hidden else []
    if unscored and not is_hidden:
        notes.append(t("charts.core.unscored", lang, count=count_words(unscored, lang)))
    return _matrix(lang).drawing(
        cells,
        lang,
        title=_title(tenths, lang),
        subtitle=[base_words(lang, base=base, as_of=as_of), *notes],
        height=TENTH_HEIGHT * len(TENTH_RANKS),
    )


def _matrix(lang: str) -> Matrix:
    profit, core = t("charts.core.profit", lang), t("charts.core.core", lang)
    return Matrix(
        rows=MatrixSide("core_tenth", TENTH_RANKS, core, look=TITLE_ABOVE),
        columns=MatrixSide("profit_tenth", TENTH_RANKS, profit),
        colours=shaded(),
        tooltip={"profit_tenth": profit, "core_tenth": core, "words": t("charts.core.customers", lang)},
        pick=("profit_tenth", "core_tenth"),
        words=(CellWords(look={"fontSize": 10}),),
        frame=CellFrame("datum.is_same", INK["soft"], 1.5),
        gap=1,
    )


def _title(tenths: pd.DataFrame, lang: str) -> str:
    """State how many of the best by core score profit would have missed; too few have no tenths."""
    best = tenths[tenths["core_tenth"] == 1]
    if tenths.empty or best.empty:
        return t("charts.core.nothing", lang)
    if best["customer_count"].isna().any():
        return t("charts.core.hidden_title", lang)
    count, everyone = int(best["customer_count"].sum()), float(tenths["customer_count"].sum(skipna=False))
    missed = count - int(best.loc[best["profit_tenth"] == 1, "customer_count"].sum())
    facts = {
        "best": count_words(count, lang),
        "count": count_words(missed, lang),
        "share": share_words(missed / count, lang),
        "fewest": FEWEST_RANKED,
    }
    if everyone < FEWEST_RANKED:
        said = "too_few"
    elif count == everyone:
        said = "even"
    else:
        said = "title" if missed else "same"
    return t(f"charts.core.{said}", lang, **facts)
