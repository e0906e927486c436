"""The ABC classes as bars: how many customers are in each, and how much they bring."""

from __future__ import annotations

from datetime import date
from functools import partial

import altair as alt
import pandas as pd

from workbench.charts.drawing import Drawing
from workbench.charts.paired_bars import Bar, paired_bars, paired_rows
from workbench.charts.theme import TYPE
from workbench.charts.words import Unit, count_words, share_words
from workbench.i18n import t
from workbench.topics.pareto.chart_words import by_class, class_title, nouns, ranked_amount_words, subtitle


def abc_bars_drawing(
    summary: pd.DataFrame, lang: str, *, by: str = "monetary", unit: Unit = "customers", as_of: date | None = None
) -> Drawing:
    """Draw for every class its share of the customers beside its share of the value; a click picks `abc_class`."""
    names, figures = nouns(by, unit, lang), by_class(summary)
    counts = [count_words(count, lang) for count in summary["customer_count"]]
    values = [ranked_amount_words(value, by, lang) for value in summary["value"]]
    parts = tuple(t(f"charts.pareto.{share}", lang, **names) for share in ("count_share", "value_share"))
    bars = paired_rows(
        summary[["abc_class"]],
        Bar(parts[0], summary["customer_share"], _beside(counts, summary, "customer_share", lang)),
        Bar(parts[1], summary["value_share"], _beside(values, summary, "value_share", lang)),
    )
    return Drawing(
        key=("abc_bars", lang, by, unit, len(summary)),
        layout=partial(_layout, lang, parts),
        frames={"bars": bars},
        lang=lang,
        title=class_title(figures, lang, by=by, unit=unit),
        subtitle=subtitle(figures, lang, by=by, unit=unit, as_of=as_of),
        height=52 * len(summary),
    )


def _layout(lang: str, parts: tuple[str, ...]) -> alt.LayerChart:
    return paired_bars(
        alt.NamedData("bars"),
        parts=parts,
        y=alt.Y("abc_class:N").axis(title=None, labelFontSize=TYPE["title"], labelFontWeight="bold"),
        pick="abc_class",
        tooltip=[
            alt.Tooltip("abc_class:N", title=t("charts.pareto.abc_class", lang)),
            alt.Tooltip("words:N", title=" "),
        ],
    )


def _beside(figures: list[str], summary: pd.DataFrame, share: str, lang: str) -> list[str]:
    return [f"{said} · {share_words(one, lang)}" for said, one in zip(figures, summary[share], strict=True)]
