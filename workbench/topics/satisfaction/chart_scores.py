"""How NPS, CSAT and CES are said and scaled in charts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from workbench.charts.words import points_words, share_words
from workbench.i18n import t
from workbench.schema import SurveyMeasure


@dataclass(frozen=True)
class MeasureScale:
    """One measure: its scale, its axis, how its values and differences read, and whether more is known to be better."""

    name: SurveyMeasure
    low: float
    high: float
    ticks: tuple[float, ...]
    format: str
    words: Callable[[float | None, str], str]
    gap: Callable[[float, str], str]
    more_is_better: bool


MEASURE_SCALES: dict[SurveyMeasure, MeasureScale] = {
    "nps": MeasureScale(
        "nps", -100, 100, (-100, -50, 0, 50, 100), "d",
        lambda value, lang: points_words(value, lang, signed=True),
        lambda gap, lang: t("charts.satisfaction.gap_nps", lang, gap=points_words(abs(gap), lang)),
        more_is_better=True,
    ),
    "csat": MeasureScale(
        "csat", 0, 1, (0, 0.25, 0.5, 0.75, 1), ".0%",
        share_words,
        lambda gap, lang: t("charts.satisfaction.gap_csat", lang, gap=points_words(100 * abs(gap), lang)),
        more_is_better=True,
    ),
    "ces": MeasureScale(
        "ces", 1, 7, (1, 2, 3, 4, 5, 6, 7), "d",
        lambda value, lang: points_words(value, lang, digits=2),
        lambda gap, lang: t("charts.satisfaction.gap_ces", lang, gap=points_words(abs(gap), lang, digits=2)),
        more_is_better=False,
    ),
}  # fmt: skip
"""CES has no better side of its own: some questionnaires ask for effort, others for ease."""
