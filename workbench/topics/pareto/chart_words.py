"""What the 80/20 charts say: the finding as title, the base below it, amounts and counts in words."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd

from workbench.charts.words import Unit, base_words, count_words, money_words, share_words
from workbench.i18n import t

MONEY_MEASURES = ("monetary", "margin")

Figures = dict[str, dict[str, Any]]


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


def class_title(figures: Figures, lang: str, *, names: dict[str, str], a_share: float | None = None) -> str:
    """State what class A brings, or why there is nothing to state."""
    best = figures["A"]
    if not any(one["customer_count"] for name, one in figures.items() if name in "ABC"):
        return t("charts.pareto.nothing_title", lang, **names)
    if best["is_empty"] is True and a_share is not None:
        return t("charts.pareto.empty_title", lang, cut=share_words(a_share, lang, digits=0), **names)
    if best["is_empty"] is True or unknown(best["customer_share"]):
        return t("charts.pareto.hidden_title", lang, **names)
    shares = {"share": share_words(best["customer_share"], lang), "value_share": share_words(best["value_share"], lang)}
    return t("charts.pareto.class_title", lang, **shares, **names)


def top_title(top: tuple[float, float], lang: str, *, names: dict[str, str]) -> str:
    """State what the best share of the customers brings."""
    shares = {"share": share_words(top[0], lang, digits=0), "value_share": share_words(top[1], lang)}
    return t("charts.pareto.top_title", lang, **shares, **names)


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
