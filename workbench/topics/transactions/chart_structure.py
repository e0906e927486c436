"""What sales are made of, drawn: the share of every segment in two periods."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import partial

import altair as alt
import pandas as pd

from workbench.charts.drawing import Drawing
from workbench.charts.paired_bars import Bar, paired_bars, paired_rows
from workbench.charts.words import base_words, money_words, points_words, share_words
from workbench.i18n import t
from workbench.topics.transactions.chart import signed_money

LEAST_SHIFT = 0.0005
"""Less is written as 0.0 percentage points, and is none."""
STRUCTURE_ROW_HEIGHT = 44
SHARES = (("before", "sales_share_before"), ("this", "sales_share"))


def structure_drawing(
    rows: pd.DataFrame,
    lang: str,
    *,
    against: str,
    names: Mapping[str, str],
    others: str = "",
    base: int | None = None,
    as_of: date | None = None,
) -> Drawing:
    """Draw two bars for every segment; a click picks `segment_key`.

    Parameters
    ----------
    rows
        segment_key, sales_share, sales_share_before (unknown where nothing is compared), share_shift, revenue, change.
    against
        "before" or "year".
    names
        What the segments are called, by their key.
    others
        The key of the bar that adds up segments without one of their own; the title never names it.
    """
    this, then = (t(f"charts.transactions.{name}", lang) for name in ("period_this", f"period_{against}"))
    drawn = pd.DataFrame(
        {
            "segment_key": rows["segment_key"],
            "label": [names[key] for key in rows["segment_key"]],
            "shift": [_points(shift, lang) for shift in rows["share_shift"]],
            "revenue": [money_words(money, lang) for money in rows["revenue"]],
            "change": [signed_money(money, lang) for money in rows["change"]],
        }
    )
    bars = paired_rows(
        drawn,
        Bar(
            then,
            rows["sales_share_before"].astype(float),
            [share_words(one, lang) for one in rows["sales_share_before"]],
        ),
        Bar(this, rows["sales_share"].astype(float), [share_words(one, lang) for one in rows["sales_share"]]),
    )
    if rows["sales_share_before"].isna().all():
        bars = bars[bars["part"] == this].reset_index(drop=True)
    return Drawing(
        key=("sales_structure", lang, against, len(rows), len(bars), tuple(drawn["label"])),
        layout=partial(_layout, lang, parts=[then, this], labels=drawn["label"].tolist()),
        frames={"bars": bars},
        lang=lang,
        title=_title(rows, lang, against=against, names=names, others=others),
        subtitle=[
            base_words(lang, base=base, unit="orders", as_of=as_of),
            t("charts.transactions.of_sales", lang),
        ],
        height=STRUCTURE_ROW_HEIGHT * max(len(rows), 2),
    )


def _points(shift: float, lang: str) -> str:
    return t("charts.transactions.points", lang, points=points_words(100 * shift, lang, signed=True))


def _layout(lang: str, *, parts: list[str], labels: list[str]) -> alt.LayerChart:
    tips = ("label", "part", "words", "shift", "revenue", "change")
    return paired_bars(
        alt.NamedData("bars"),
        parts=parts,
        y=alt.Y("label:N", sort=labels, title=None),
        pick="segment_key",
        tooltip=[alt.Tooltip(f"{name}:N", title=t(f"charts.transactions.{name}_tip", lang)) for name in tips],
    )


def _title(rows: pd.DataFrame, lang: str, *, against: str, names: Mapping[str, str], others: str) -> str:
    """Say whose share grew and whose fell most, unless equal ones did; else who is largest, unless equal ones are."""
    single = rows[rows["segment_key"] != others]
    shifts, shares = (single[name].astype(float) for name in ("share_shift", "sales_share"))
    said = []
    if len(rows) > 1 and shifts.notna().any():
        if rows["share_shift"].abs().max() < LEAST_SHIFT:
            return t(f"charts.transactions.unshifted_{against}", lang)
        up, down = (_only(single, shifts, extreme) for extreme in (shifts.max(), shifts.min()))
        if up is not None and up["share_shift"] >= LEAST_SHIFT:
            said.append(_moved("share_up", up, names, lang))
        if down is not None and down["share_shift"] <= -LEAST_SHIFT:
            said.append(_moved("share_down" if said else "share_down_alone", down, names, lang))
        if not said:
            return t(f"charts.transactions.shifted_{against}", lang)
    elif (largest := _only(single, shares, shares.max())) is None or len(rows) == 1:
        return t("charts.transactions.structure_plain", lang)
    else:
        share = share_words(largest["sales_share"], lang)
        return t("charts.transactions.largest", lang, segment=names[largest["segment_key"]], share=share)
    which = t("charts.transactions.and", lang).join(said)
    return which if len(single) == len(rows) else t("charts.transactions.of_largest", lang, shifts=which)


def _moved(how: str, row: pd.Series, names: Mapping[str, str], lang: str) -> str:
    shares = {name: share_words(row[column], lang) for name, column in SHARES}
    return t(f"charts.transactions.{how}", lang, segment=names[row["segment_key"]], **shares)


def _only(rows: pd.DataFrame, values: pd.Series, extreme: float) -> pd.Series | None:
    """Return the one row of this value; None where others have it, too, as far as it is written."""
    same = rows[(values - extreme).abs() < LEAST_SHIFT]
    return same.iloc[0] if len(same) == 1 else None
