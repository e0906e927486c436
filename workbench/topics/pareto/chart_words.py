"""What the 80/20 charts say: the finding as title, the base below it, amounts and counts in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from workbench.charts.words import Unit, base_words, count_words, money_words, share_words
from workbench.i18n import t

MONEY_MEASURES = ("monetary", "margin")

Figures = dict[str, dict[str, Any]]

MOST_ITEMS_NAMED = 20
"""So few customers, products, categories, regions or channels are told by number instead of in per cents."""

EQUAL = 1e-9
"""Shares are equal up to the rounding of floats."""


@dataclass(frozen=True)
class Top:
    """The best: their exact share of all, what they bring, how many they are, of how many, and the names of few items.

    `items` is empty where there are many, where they are customers, and where the next is worth as much as the last.
    """

    share: float
    value_share: float
    items: tuple[str, ...] = ()
    count: int = 0
    of: int = 0

    @property
    def is_few(self) -> bool:
        """Whether all are too few for per cents: six have no fifth."""
        return 0 < self.of <= MOST_ITEMS_NAMED

    @property
    def is_even(self) -> bool:
        """Whether the best, who are not all, bring what their number says: then all bring the same."""
        return 0 < self.count < self.of and abs(self.value_share - self.share) < EQUAL

    @property
    def is_all(self) -> bool:
        """Whether the best are all there are: on a page for many eyes no smaller number may be told."""
        return self.count == self.of > 1


def by_class(summary: pd.DataFrame) -> Figures:
    """Return the figures of `abc_summary` by class."""
    figures: dict[Any, dict[Any, Any]] = summary.set_index("abc_class").to_dict("index")
    return figures


def unknown(figure: object) -> bool:
    """Say whether a figure is missing, as those of hidden small groups are."""
    return figure is None or figure != figure


def nouns(by: str, unit: Unit, lang: str) -> dict[str, str]:
    """Name who is ranked, and by what."""
    return {"nouns": t(f"charts.pareto.nouns.{unit}", lang), "value": t(f"charts.pareto.values.{by}", lang)}


def ranked_amount_words(value: float, by: str, lang: str) -> str:
    """Say an amount or a number of what is ranked by."""
    return money_words(value, lang) if by in MONEY_MEASURES else count_words(value, lang)


def few(figures: Figures) -> int:
    """Return how many are ranked, where they are too few for per cents (six have no fifth); else 0."""
    counts = [one["customer_count"] for one in figures.values()]
    if any(unknown(count) for count in counts):
        return 0
    return int(sum(counts)) if sum(counts) <= MOST_ITEMS_NAMED else 0


def class_title(figures: Figures, lang: str, *, by: str, unit: Unit, a_share: float | None = None) -> str:
    """State what class A brings, or why there is nothing to state."""
    best, names, items = figures["A"], nouns(by, unit, lang), few(figures)
    if not any(one["customer_count"] for name, one in figures.items() if name in "ABC"):
        return t("charts.pareto.nothing_title", lang, **names)
    if best["is_empty"] is True and a_share is not None:
        return t("charts.pareto.empty_title", lang, cut=share_words(a_share, lang, digits=0), **names)
    if best["is_empty"] is True or unknown(best["customer_share"]):
        return t("charts.pareto.hidden_title", lang, **names)
    shares = {"share": share_words(best["customer_share"], lang), "value_share": share_words(best["value_share"], lang)}
    if items:
        counts = {"count": count_words(best["customer_count"], lang), "of": count_words(items, lang)}
        return t("charts.pareto.class_few_title", lang, **counts, **shares, **names)
    return t("charts.pareto.class_title", lang, **shares, **names)


def top_facts(top: Top, lang: str) -> dict[str, Any]:
    """Return what is said of the best: their share, or their number where all are few, and what they bring."""
    counts = {"count": count_words(top.count, lang), "of": count_words(top.of, lang), "items": [*top.items]}
    shares = {"share": share_words(top.share, lang, digits=0), "value_share": share_words(top.value_share, lang)}
    return shares | counts


def top_title(top: Top, lang: str, *, names: dict[str, str]) -> str:
    """State what the best share of the customers, or the best few, bring; or why nothing is to be stated."""
    if top.of == 1:
        said = "only"
    elif top.is_all:
        said = "untold"
    elif top.is_even:
        said = "even"
    elif top.is_few:
        said = "top_few_title" if top.items else "top_count_title"
    else:
        said = "top_title"
    return t(f"charts.pareto.{said}", lang, **top_facts(top, lang), **names)


def subtitle(figures: Figures, lang: str, *, by: str, unit: Unit, as_of: date | None) -> list[str]:
    """Say the base, the day and the total; then what must not be missed: an empty class, who brings nothing."""
    counts = [one["customer_count"] for one in figures.values()]
    hidden = any(unknown(count) for count in counts)
    parts = [base_words(lang, base=None if hidden else int(sum(counts)), unit=unit, as_of=as_of)]
    if not hidden:
        total = sum(one["value"] for one in figures.values() if not unknown(one["value"]))
        parts.append(t("charts.pareto.total", lang, total=ranked_amount_words(total, by, lang)))
    notes = []
    empty = [name for name, one in figures.items() if one["is_empty"] is True]
    if empty:
        notes.append(t("charts.pareto.is_empty", lang, classes=empty))
    if "D" in figures:
        notes.append(t("charts.pareto.no_value", lang, count=count_words(figures["D"]["customer_count"], lang)))
    return [" · ".join(part for part in line if part) for line in (parts, notes) if any(line)]
