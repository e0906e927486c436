"""RFM segments as bars: how many customers, how much they bring, and what they spend at a time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import Any

import altair as alt
import pandas as pd

from workbench.charts.drawing import Drawing
from workbench.charts.paired_bars import Bar, paired_bars, paired_rows
from workbench.charts.theme import INK
from workbench.charts.words import base_words, count_words, money_words, share_words
from workbench.i18n import t

LEAST_GAP = 0.05
"""So far a segment's share of the money lies above its share of the customers at least where the title names it."""


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
    unpriced = is_unpriced(rows)
    parts = (t("charts.rfm.customers", lang), t("charts.rfm.money", lang))
    counts = [count_words(n, lang) for n in rows["customer_count"]]
    bars = paired_rows(
        named[["segment", "name"]].assign(average=_money(rows["average_order_value"], lang)),
        Bar(parts[0], rows["customer_share"], counts),
        Bar(parts[1], rows["value_share"], _money(rows["monetary"], lang)),
    )
    if unpriced:
        bars = bars[bars["part"] == parts[0]]
    once = bars.drop_duplicates("segment")
    return Drawing(
        key=("segment_bars", lang, len(rows), unpriced),
        layout=partial(_layout, lang, parts[:1] if unpriced else parts),
        frames={
            "bars": bars,
            "once": once[:0] if unpriced else once,
            "heading": pd.DataFrame({"words": [] if unpriced else [t("charts.rfm.average", lang)]}),
        },
        lang=lang,
        title=_title(named, lang),
        subtitle=base_lines(rows, lang, as_of=as_of),
        height=40 * max(len(rows), 1),
    )


def _layout(lang: str, parts: tuple[str, ...]) -> alt.LayerChart:
    y = alt.Y("name:N", sort=alt.EncodingSortField(field="place", op="min")).axis(title=None, labelLimit=150)
    tooltip = [
        alt.Tooltip("name:N", title=t("charts.rfm.segment", lang)),
        alt.Tooltip("words:N", title=" "),
    ]
    if len(parts) == 1:
        return paired_bars(alt.NamedData("bars"), parts=parts, y=y, pick="segment", tooltip=tooltip)
    tooltip.append(alt.Tooltip("average:N", title=t("charts.rfm.average", lang)))
    beside = _right_column(y)
    return paired_bars(alt.NamedData("bars"), parts=parts, y=y, pick="segment", tooltip=tooltip, beside=beside)


def base_lines(rows: pd.DataFrame, lang: str, *, as_of: date | None) -> list[str]:
    """Say the base, the day and the total; where small groups are hidden, say this instead of sums without them."""
    if rows["customer_count"].isna().any():
        return [base_words(lang, as_of=as_of), t("charts.rfm.hidden", lang)]
    base = base_words(lang, base=int(rows["customer_count"].sum()), as_of=as_of)
    if is_unpriced(rows):
        return [base]
    return [f"{base} · {t('charts.rfm.total', lang, total=money_words(rows['monetary'].sum(), lang))}"]


def _right_column(y: alt.Y) -> tuple[alt.Chart, alt.Chart]:
    """Write the average order at the right edge, under its heading."""
    right = alt.XValue("width")
    once, heading = alt.Chart(alt.NamedData("once")), alt.Chart(alt.NamedData("heading"))
    return (
        once.mark_text(align="right").encode(x=right, y=y, text=alt.Text("average:N")),
        heading.mark_text(align="right", color=INK["soft"]).encode(x=right, y=alt.YValue(-8), text=alt.Text("words:N")),
    )


def _money(values: pd.Series, lang: str) -> list[str]:
    return [money_words(value, lang) for value in values]


def is_unpriced(rows: pd.DataFrame) -> bool:
    """Say whether customers are counted and no money of any is known, as where the data have no amounts."""
    return bool(rows["customer_count"].notna().any() and rows["monetary"].isna().all())


def _largest(named: pd.DataFrame, lang: str) -> str:
    """State which segment has the most customers, of those shown; or that none has more than all others."""
    shown = named[named["customer_count"].notna()]
    most = shown[shown["customer_count"] == shown["customer_count"].max()]
    if len(most) > 1:
        return t("charts.rfm.even_counts", lang, segments=len(most))
    share = share_words(most["customer_share"].iloc[0], lang)
    key = "most_customers" if len(shown) == len(named) else "most_customers_shown"
    return t(f"charts.rfm.{key}", lang, segment=most["name"].iloc[0], share=share)


def telling_segment(rows: pd.DataFrame) -> dict[Any, Any] | None:
    """Return the segment whose share of the money lies farthest above its share of the customers.

    None where it lies less than `LEAST_GAP` above it: the largest segment brings the most because it is the largest.
    `rows` is what `segment_sizes` gives; those without figures do not count.
    """
    known = rows[rows["value_share"].notna() & rows["customer_share"].notna()]
    gaps = known["value_share"].astype(float) - known["customer_share"].astype(float)
    if gaps.empty or gaps.max() < LEAST_GAP:
        return None
    telling: dict[Any, Any] = known.iloc[int(gaps.argmax())].to_dict()
    return telling


def _title(named: pd.DataFrame, lang: str) -> str:
    """State which segment brings most beyond its number, or that none does."""
    if named["customer_share"].isna().all():
        return t("charts.rfm.all_hidden" if named["customer_count"].isna().any() else "charts.rfm.nothing", lang)
    if len(named) == 1:
        return t("charts.rfm.one_segment", lang, segment=named["name"].iloc[0])
    if is_unpriced(named):
        return _largest(named, lang)
    if named["value_share"].isna().all():
        return t("charts.rfm.no_money", lang)
    telling = telling_segment(named)
    if telling is None:
        return t("charts.rfm.even_segments", lang, points=count_words(100 * LEAST_GAP, lang))
    shares = {
        "count_share": share_words(telling["customer_share"], lang),
        "share": share_words(telling["value_share"], lang),
    }
    return t("charts.rfm.segment_title", lang, segment=telling["name"], **shares)
