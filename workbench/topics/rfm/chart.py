"""RFM drawn: the matrix of recency by frequency."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import Any, Literal

import pandas as pd

from workbench.charts.drawing import Drawing
from workbench.charts.matrix import TITLE_ABOVE, Beside, Matrix, MatrixSide, shaded, strengths
from workbench.charts.segment_bars import base_lines
from workbench.charts.theme import INK
from workbench.charts.words import count_words, money_words, share_words
from workbench.i18n import t

RfmMeasure = Literal["customer_count", "monetary", "average_monetary"]
CountBy = Literal["order", "day"]

LEAST = {"recency_days": 0, "frequency": 1}
"""Where the first interval of a measure begins."""


def rfm_grid_drawing(
    cells: pd.DataFrame,
    lang: str,
    *,
    measure: RfmMeasure = "customer_count",
    bins: int | None = None,
    cuts: Mapping[str, Sequence[Any]] | None = None,
    count_by: CountBy = "order",
    as_of: date | None = None,
) -> Drawing:
    """Draw every combination of R (up: more recent) and F (right: more often), coloured by customers or money.

    A click on a cell picks its `r_score` and `f_score`. Combinations nobody has are left blank, as are small groups
    whose figures are missing. Other cut points change the words beside the axes and no layout.

    Parameters
    ----------
    cells
        What `rfm_cells` gives.
    bins
        The highest score; without it the highest one drawn.
    cuts
        Cut points by measure (`Cuts.as_dict()`), to write days and purchases beside the scores; of nested ones
        the days.
    count_by
        What F counts, orders or days with a purchase.
    """
    top = bins or int(cells[["r_score", "f_score"]].max().max())
    coloured = t("charts.rfm.grid_measure", lang, measure=t(f"charts.rfm.measures.{measure}", lang))
    return _matrix(lang, top, count_by).drawing(
        _worded(cells, measure, lang),
        lang,
        title=_title(cells, measure, lang),
        subtitle=[*base_lines(cells, lang, as_of=as_of), coloured],
        height=44 * max(top, 4),
        beside={
            "near": _ranges("r_score", cuts, "recency_days", top),
            "often": _ranges("f_score", cuts, "frequency", top),
        },
    )


def _matrix(lang: str, top: int, count_by: CountBy) -> Matrix:
    def axis(letter: str, title: str, **look: Any) -> MatrixSide:
        scores = range(top, 0, -1) if letter == "R" else range(1, top + 1)
        words = {score: f"{letter}{score}" for score in scores}
        return MatrixSide(f"{letter.lower()}_score", tuple(scores), t(f"charts.rfm.{title}", lang), words, look=look)

    measures = ("customer_count", "monetary", "average_monetary")
    count, money, average = (t(f"charts.rfm.measures.{name}", lang) for name in measures)
    return Matrix(
        rows=axis("R", "r", labelOffset=-8, minExtent=58, **TITLE_ABOVE),
        columns=axis("F", f"f_{count_by}", minExtent=34),
        colours=shaded(),
        tooltip={
            "r_score": t("charts.rfm.r_score", lang),
            "f_score": t("charts.rfm.f_score", lang),
            "customers": count,
            "customer_share": t("charts.rfm.customers", lang),
            "money": money,
            "average": average,
        },
        pick=("r_score", "f_score"),
        beside=(
            Beside("near", at_row=True, look={"align": "right", "dx": -6, "dy": 8, "color": INK["soft"]}),
            Beside("often", at_column=True, look={"baseline": "top", "dy": 22, "color": INK["soft"]}),
        ),
    )


def _worded(cells: pd.DataFrame, measure: RfmMeasure, lang: str) -> pd.DataFrame:
    """Add to every cell its figure in words and how strong it is beside the strongest."""
    figure = cells[measure].astype(float)
    say = count_words if measure == "customer_count" else money_words
    return cells[["r_score", "f_score"]].assign(
        strength=strengths(figure),
        words=["" if math.isnan(value) else say(value, lang) for value in figure],
        customers=[count_words(count, lang) for count in cells["customer_count"]],
        customer_share=[share_words(share, lang) for share in cells["customer_share"]],
        money=[money_words(value, lang) for value in cells["monetary"]],
        average=[money_words(value, lang) for value in cells["average_monetary"]],
    )


def _ranges(score: str, cuts: Mapping[str, Sequence[Any]] | None, measure: str, top: int) -> pd.DataFrame:
    """Say for every score which days or purchases it stands for; nothing where each parent has its own."""
    if cuts is None or any(isinstance(cut, (list, tuple)) for cut in cuts[measure]):
        return pd.DataFrame({score: pd.Series(dtype=int), "words": pd.Series(dtype=str)})
    edges = [LEAST[measure], *(math.ceil(cut) for cut in cuts[measure])]
    ranges = [_range(low, high) for low, high in pairwise(edges)] + [f"≥{edges[-1]}"]
    if measure == "recency_days":
        ranges.reverse()
    return pd.DataFrame({score: range(1, top + 1), "words": ranges})


def _range(low: int, high: int) -> str:
    """Say the whole numbers from `low` up to, and without, `high`; there may be none.

    >>> _range(3, 5), _range(3, 4), _range(3, 3)
    ('3–4', '3', '–')
    """
    if high <= low:
        return "–"
    return str(low) if high == low + 1 else f"{low}–{high - 1}"


def _title(cells: pd.DataFrame, measure: RfmMeasure, lang: str) -> str:
    """State which cell stands out; where some are hidden, of those shown; where several are equal, that none does."""
    known = cells[cells[measure].notna()].sort_values(measure, ascending=False, kind="stable")
    if known.empty:
        return t("charts.rfm.all_hidden" if cells["customer_count"].isna().any() else "charts.rfm.nothing", lang)
    best: dict[Any, Any] = known.iloc[0].to_dict()
    place = {"r": int(best["r_score"]), "f": int(best["f_score"])}
    if len(cells) == 1:
        return t("charts.rfm.grid_one", lang, **place)
    equal = int((known[measure] == best[measure]).sum())
    if equal > 1:
        said = t(f"charts.rfm.measures.{measure}", lang)
        return t("charts.rfm.grid_even", lang, cells=equal, measure=said)
    whole = float(known["monetary"].sum())
    facts = {
        "count": count_words(best["customer_count"], lang),
        "count_share": share_words(best["customer_share"], lang),
        "money": money_words(best["monetary"], lang),
        "share": share_words(best["monetary"] / whole if whole > 0 else None, lang),
        "average": money_words(best["average_monetary"], lang),
    }
    is_whole = len(known) == len(cells) and (measure != "monetary" or whole > 0)
    name = {"customer_count": "count", "monetary": "money", "average_monetary": "average"}[measure]
    return t(f"charts.rfm.grid_{name}{'' if is_whole else '_shown'}", lang, **place, **facts)
