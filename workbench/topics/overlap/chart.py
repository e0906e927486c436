"""Two segmentations laid across each other, drawn: a matrix of customers, of money, or of how far segments agree."""

from __future__ import annotations

from datetime import date

import pandas as pd

from workbench.charts.drawing import Drawing
from workbench.charts.matrix import strengths
from workbench.charts.segment_matrix import Side, matrix_drawing
from workbench.charts.words import SEPARATOR, base_words, count_words, money_words, points_words, share_words
from workbench.i18n import t

CHANCE_LEVEL = 0.05


def segment_overlap_drawing(
    cells: pd.DataFrame,
    lang: str,
    *,
    first: Side,
    second: Side,
    measure: str,
    adjusted_rand: float | None,
    base: int | None,
    as_of: date | None = None,
) -> Drawing:
    """Draw two segmentations against each other, coloured by `measure`; a click picks both segments.

    `cells` is what `segment_overlap` gives, with p_value (`chance_of`); figures of hidden small groups are missing.
    """
    known = cells[cells["customer_count"].notna()]
    say = {"customer_count": count_words, "monetary": money_words}.get(measure, share_words)
    drawn = known[[first.field, second.field]].assign(
        strength=strengths(known[measure]),
        words=[say(value, lang) for value in known[measure]],
        is_marked=False,
        customers=[count_words(value, lang) for value in known["customer_count"]],
        money=[money_words(value, lang) for value in known["monetary"]],
        smaller=[share_words(value, lang) for value in known["smaller_share"]],
        jaccard=[share_words(value, lang) for value in known["jaccard"]],
    )
    rand = t("charts.segment_overlap.rand", lang, value=points_words(adjusted_rand, lang, digits=2))
    parts = [base_words(lang, base=base, as_of=as_of), rand]
    if len(known) < len(cells):
        parts.append(t("charts.rfm.hidden", lang))
    said = {name: t(f"charts.segment_overlap.{name}", lang) for name in ("customers", "money", "smaller", "jaccard")}
    coloured = t(f"charts.segment_overlap.measures.{measure}", lang)
    return matrix_drawing(
        drawn,
        lang,
        rows=first,
        columns=second,
        tooltip={"row": first.title, "column": second.title, **said},
        title=_overlap_title(cells, known, lang, first, second),
        subtitle=[
            t("charts.segment_overlap.sides", lang, first=first.title, second=second.title),
            SEPARATOR.join(parts),
            t("charts.rfm.grid_measure", lang, measure=coloured),
        ],
    )


def _overlap_title(cells: pd.DataFrame, known: pd.DataFrame, lang: str, first: Side, second: Side) -> str:
    """State the largest cell of those that hold more customers than chance would give, in any cell of the matrix."""
    if len(known) == len(cells) and min(cells[side.field].nunique() for side in (first, second)) < 2:
        return t("charts.segment_overlap.one_segment", lang)
    above_chance = known[known["p_value"] <= CHANCE_LEVEL]
    if above_chance.empty:
        return t("charts.segment_overlap.nothing", lang)
    best = above_chance.sort_values(["customer_count"], ascending=False).iloc[0]
    names = {"first": first.names[best[first.field]], "second": second.names[best[second.field]]}
    shares = {"share": share_words(best["first_share"], lang), "count": count_words(best["customer_count"], lang)}
    return t("charts.segment_overlap.title", lang, **names, **shares)
