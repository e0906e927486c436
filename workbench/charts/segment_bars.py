"""RFM segments as bars: how many customers, how much they bring, and what they spend at a time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import partial

import altair as alt
import pandas as pd

from workbench.charts.drawing import Drawing
from workbench.charts.paired_bars import Bar, paired_bars, paired_rows
from workbench.charts.theme import INK
from workbench.charts.words import base_words, count_words, money_words, share_words
from workbench.i18n import t


def segment_bars_drawing(
    rows: pd.DataFrame, lang: str, *, names: Mapping[str, str], as_of: date | None = None
) -> Drawing:
    """Draw for every segment its share of customers and of money, and its average order; a click picks `segment`.

    Parameters
    ----------
    rows
        What `segment_sizes` gives, drawn in its order; figures of hidden small groups are missing.
    names
        What people call a segment, by its id (`SegmentTable.labels`).
    """
    named = rows.assign(name=[names.get(segment, segment) for segment in rows["segment"]])
    parts = (t("charts.rfm.customers", lang), t("charts.rfm.money", lang))
    counts = [count_words(n, lang) for n in rows["customer_count"]]
    bars = paired_rows(
        named[["segment", "name"]].assign(average=_money(rows["average_order_value"], lang)),
        Bar(parts[0], rows["customer_share"], counts),
        Bar(parts[1], rows["value_share"], _money(rows["monetary"], lang)),
    )
    return Drawing(
        key=("segment_bars", lang, len(rows)),
        layout=partial(_layout, lang, parts),
        frames={
            "bars": bars,
            "once": bars.drop_duplicates("segment"),
            "heading": pd.DataFrame({"words": [t("charts.rfm.average", lang)]}),
        },
        lang=lang,
        title=_title(named, lang),
        subtitle=base_lines(rows, lang, as_of=as_of),
        height=40 * max(len(rows), 1),
    )


def _layout(lang: str, parts: tuple[str, str]) -> alt.LayerChart:
    y = alt.Y("name:N", sort=alt.EncodingSortField(field="place", op="min")).axis(title=None, labelLimit=150)
    tooltip = [
        alt.Tooltip("name:N", title=t("charts.rfm.segment", lang)),
        alt.Tooltip("words:N", title=" "),
        alt.Tooltip("average:N", title=t("charts.rfm.average", lang)),
    ]
    beside = _right_column(y)
    return paired_bars(alt.NamedData("bars"), parts=parts, y=y, pick="segment", tooltip=tooltip, beside=beside)


def base_lines(rows: pd.DataFrame, lang: str, *, as_of: date | None) -> list[str]:
    """Say the base, the day and the total; where small groups are hidden, say this instead of sums without them."""
    if rows["customer_count"].isna().any():
        return [base_words(lang, as_of=as_of), t("charts.rfm.hidden", lang)]
    base = base_words(lang, base=int(rows["customer_count"].sum()), as_of=as_of)
    return [f"{base} · {t('charts.rfm.total', lang, total=money_words(rows['monetary'].sum(), lang))}"]


def _right_column(y: alt.Y) -> tuple[alt.Chart, alt.Chart]:
    """Write the average order at the right edge, under its heading."""
    right = alt.value("width")
    once, heading = alt.Chart(alt.NamedData("once")), alt.Chart(alt.NamedData("heading"))
    return (
        once.mark_text(align="right").encode(x=right, y=y, text="average:N"),
        heading.mark_text(align="right", color=INK["soft"]).encode(x=right, y=alt.value(-8), text="words:N"),
    )


def _money(values: pd.Series, lang: str) -> list[str]:
    return [money_words(value, lang) for value in values]


def _title(named: pd.DataFrame, lang: str) -> str:
    """State which segment brings the most."""
    known = named[named["value_share"].notna()].sort_values("value_share", ascending=False)
    if known.empty:
        return t("charts.rfm.nothing", lang)
    shares = {
        "count_share": share_words(known["customer_share"].iloc[0], lang),
        "share": share_words(known["value_share"].iloc[0], lang),
    }
    return t("charts.rfm.segment_title", lang, segment=known["name"].iloc[0], **shares)
