"""Retention drawn: the triangle of cohorts with its bases, and the mean curve with its interval."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import Literal

import altair as alt
import pandas as pd

from workbench.charts.drawing import Drawing
from workbench.charts.matrix import CellFrame, CellWords, Matrix, MatrixSide, shaded
from workbench.charts.theme import FOCUS, INK
from workbench.charts.words import SEPARATOR, base_words, count_words, money_words, month_words, share_words
from workbench.i18n import t

RetentionMeasure = Literal["customers", "money"]
COHORT_HEIGHT = 24
CELL_ROOM = 40
"""What a share of two digits takes in a cell, in pixels."""
STILL_COUNTED = 0.5
"""The title of the curve speaks of no age that rests on a smaller part of the customers than this."""
FULL = 0.0001
"""A share from which on something is coloured."""


def cohort_words(begin: date, every: str, lang: str) -> str:
    """Say the month or the quarter of a cohort.

    >>> cohort_words(date(2025, 4, 1), "quarter", "en"), cohort_words(date(2025, 4, 1), "month", "zh")
    ('2025 Q2', '2025 年 4 月')
    """
    if every == "month":
        return month_words(begin, lang)
    return t("charts.retention.quarter", lang, year=begin.year, quarter=(begin.month + 2) // 3)


def triangle_drawing(
    cells: pd.DataFrame,
    lang: str,
    *,
    every: str,
    definition: str,
    span_days: int = 30,
    measure: RetentionMeasure = "customers",
    as_of: date | None = None,
) -> Drawing:
    """Draw a row for each cohort with its base and a cell for each age that has begun; unfinished cells are hatched.

    A click picks `cohort_key` and `cohort_age`. `cells` is what `cohort_retention` gave. Colours compare the ages after
    the first; that one is the base itself.
    """
    rate = cells["retention_rate" if measure == "customers" else "monetary_rate"].astype(float)
    later = rate[cells["age"] > 0]
    most = max(float(later.max()), FULL) if later.notna().any() else 1.0
    keys = [f"{begin:%Y-%m-%d}" for begin in cells["cohort"]]
    drawn = pd.DataFrame(
        {
            "cohort_key": keys,
            "cohort_age": [str(age) for age in cells["age"]],
            "strength": (rate / most).clip(0, 1).where(cells["age"] > 0, 0).fillna(0),
            "words": [
                count_words(base, lang) if age == 0 and measure == "customers" else share_words(share, lang, digits=0)
                for age, base, share in zip(cells["age"], cells["base"], rate, strict=True)
            ],
            "hatch": ["╱╱╱" if is_partial else "" for is_partial in cells["is_incomplete"]],
            "is_incomplete": cells["is_incomplete"].astype(bool).tolist(),
            "cohort_label": [cohort_words(begin, every, lang) for begin in cells["cohort"]],
            "age_label": [age_words(age, every, definition, span_days, lang) for age in cells["age"]],
            "base_label": [count_words(base, lang) for base in cells["base"]],
            "count_label": [count_words(count, lang) for count in cells["active_customers"]],
            "rate_label": [share_words(share, lang) for share in cells["retention_rate"]],
            "money_label": [money_words(money, lang) for money in cells["monetary"]],
            "state": [t("charts.retention.unfinished", lang) if one else "" for one in cells["is_incomplete"]],
        }
    )
    ages = [str(age) for age in sorted(cells["age"].unique())]
    sides = _sides(cells, lang, every=every, ages=ages, definition=definition, span_days=span_days)
    tips = ("cohort_label", "age_label", "base_label", "count_label", "rate_label", "money_label", "state")
    matrix = Matrix(
        rows=sides[0],
        columns=sides[1],
        colours=shaded(),
        tooltip={name: t(f"charts.retention.{name}", lang) for name in tips},
        pick=("cohort_key", "cohort_age"),
        words=(CellWords(room=CELL_ROOM), CellWords("hatch", look={"opacity": 0.3, "fontSize": 16, "clip": True})),
        frame=CellFrame("datum.is_incomplete", INK["soft"], 1, {"strokeDash": [3, 2]}),
    )
    return matrix.drawing(
        drawn,
        lang,
        title=_range_title(cells, lang, every=every, definition=definition, span_days=span_days, measure=measure),
        subtitle=_notes(cells, lang, measure=measure, as_of=as_of),
        height=COHORT_HEIGHT * max(cells["cohort"].nunique(), 3) + 40,
    )


def _sides(
    cells: pd.DataFrame, lang: str, *, every: str, ages: list[str], definition: str, span_days: int
) -> tuple[MatrixSide, MatrixSide]:
    one_each = cells.drop_duplicates("cohort").sort_values("cohort")
    names = {
        f"{begin:%Y-%m-%d}": t(
            f"charts.retention.{'opening_row' if is_opening else 'row'}",
            lang,
            cohort=cohort_words(begin, every, lang),
            base=count_words(base, lang),
        )
        for begin, base, is_opening in zip(
            one_each["cohort"], one_each["base"], one_each["is_opening"].astype(bool), strict=True
        )
    }
    head = t(f"charts.retention.head_{'days' if definition == 'within' else every}", lang)
    said = {age: count_words(int(age) * span_days, lang) for age in ages} if definition == "within" else {}
    rows = MatrixSide("cohort_key", [*names], words=names, look={"labelLimit": 180})
    return rows, MatrixSide("cohort_age", ages, title=head, words=said, look={"orient": "top"})


def age_words(age: int, every: str, definition: str, span_days: int, lang: str) -> str:
    """Say how long after the first."""
    if age == 0:
        return t(f"charts.retention.at_first_{'day' if definition == 'within' else every}", lang)
    unit = "days" if definition == "within" else every
    return t(
        f"charts.retention.after_{unit}", lang, count=count_words(age * (span_days if unit == "days" else 1), lang)
    )


def _range_title(
    cells: pd.DataFrame,
    lang: str,
    *,
    every: str,
    definition: str,
    span_days: int,
    measure: RetentionMeasure,
) -> str:
    """Say between which shares the cohorts of new customers lie at the first age that has ended; no trend."""
    is_counted = ~cells["is_incomplete"].astype(bool) & ~cells["is_opening"].astype(bool)
    at_one = cells[(cells["age"] == 1) & is_counted]
    rates = at_one["retention_rate" if measure == "customers" else "monetary_rate"].dropna().astype(float)
    if rates.empty:
        return t("charts.retention.nothing", lang)
    low, high = (share_words(rate, lang) for rate in (rates.min(), rates.max()))
    facts = {"age": age_words(1, every, definition, span_days, lang)}
    if low == high:
        return t(f"charts.retention.{measure}_one", lang, share=low, **facts)
    return t(f"charts.retention.{measure}_range", lang, low=low, high=high, **facts)


def _notes(cells: pd.DataFrame, lang: str, *, measure: RetentionMeasure, as_of: date | None) -> list[str]:
    base = int(cells.drop_duplicates("cohort")["base"].sum())
    notes = [base_words(lang, base=base, as_of=as_of)]
    if measure == "money":
        notes.append(t("charts.retention.of_money", lang))
    if cells["is_incomplete"].any():
        notes.append(t("charts.retention.hatched", lang))
    if cells["is_opening"].any():
        notes.append(t("charts.retention.opening", lang))
    return [SEPARATOR.join(notes)]


def curve_drawing(
    curve: pd.DataFrame,
    lang: str,
    *,
    every: str,
    definition: str,
    span_days: int = 30,
    as_of: date | None = None,
) -> Drawing:
    """Draw the mean share by age with its interval; each point says its customers and cohorts.

    `curve` is what `retention_curve` gave; without a point the title says why.
    """
    points = curve.assign(
        at=[age * (span_days if definition == "within" else 1) for age in curve["age"]],
        age_label=[age_words(age, every, definition, span_days, lang) for age in curve["age"]],
        rate_label=[share_words(rate, lang) for rate in curve["retention_rate"]],
        interval_label=[
            f"{share_words(a, lang)} – {share_words(b, lang)}" for a, b in zip(curve["low"], curve["high"], strict=True)
        ],
        base_label=[count_words(base, lang) for base in curve["base"]],
        cohorts_label=[count_words(count, lang) for count in curve["cohort_count"]],
    )
    base = int(curve.loc[curve["age"] == 0, "base"].sum())
    unit = "days" if definition == "within" else every
    return Drawing(
        key=("retention_curve", lang, unit),
        layout=partial(_curve_layout, lang, unit),
        frames={"points": points},
        lang=lang,
        title=_curve_title(curve, lang, {"every": every, "definition": definition, "span_days": span_days}),
        subtitle=[SEPARATOR.join([base_words(lang, base=base, as_of=as_of), t("charts.retention.band", lang)])],
        height=260,
    )


def _curve_title(curve: pd.DataFrame, lang: str, how: Mapping[str, object]) -> str:
    later = curve[curve["age"] > 0]
    later = later[later["base"] >= later["base"].max() * STILL_COUNTED]
    if later.empty:
        return t("charts.retention.no_curve", lang)
    first, last = later.iloc[0], later.iloc[-1]
    ages = [age_words(int(row["age"]), lang=lang, **how) for row in (first, last)]  # type: ignore[arg-type]
    shares = [share_words(row["retention_rate"], lang) for row in (first, last)]
    if len(later) == 1:
        return t("charts.retention.curve_one", lang, age=ages[0], share=shares[0])
    return t("charts.retention.curve", lang, first=ages[0], share=shares[0], last=ages[1], then=shares[1])


def _curve_layout(lang: str, unit: str) -> alt.LayerChart:
    tips = ("age_label", "rate_label", "interval_label", "base_label", "cohorts_label")
    tooltip = [alt.Tooltip(f"{name}:N", title=t(f"charts.retention.{name}", lang)) for name in tips]
    x = alt.X("at:Q").title(t(f"charts.retention.head_{unit}", lang)).axis(tickMinStep=1, grid=False)
    y = alt.Y("retention_rate:Q", scale=alt.Scale(domain=[0, 1])).title(None).axis(format=".0%", tickCount=5)
    base = alt.Chart(alt.NamedData("points")).encode(x=x)
    band = base.mark_area(color=FOCUS["others"], opacity=0.5).encode(y=alt.Y("low:Q"), y2=alt.Y2("high:Q"))
    line = base.mark_line(color=FOCUS["this"], point={"filled": True, "size": 40, "color": FOCUS["this"]})
    return alt.LayerChart(layer=[band, line.encode(y=y, tooltip=tooltip)])
