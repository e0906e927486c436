"""What the transactions panel says: figures with their changes, tables, and the names of parts and segments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isnan
from typing import Any

import pandas as pd

from workbench.charts.words import (
    UNKNOWN_MARK,
    count_words,
    date_words,
    growth_words,
    in_currency,
    month_words,
    points_words,
    share_words,
)
from workbench.currency import DECIMALS, currency_of
from workbench.export import TableSheet
from workbench.i18n import t
from workbench.panels.columns import column_words
from workbench.panels.layout import Figure, Judgement, text
from workbench.panels.session import Session
from workbench.panels.table import Field, money_shown, table_html
from workbench.panels.worded_rows import ValueNames
from workbench.topics.transactions.chart import factor_words
from workbench.topics.transactions.figures import IN_SHARES, SALES_FIGURES, figure_change
from workbench.topics.transactions.panel_answer import OTHER_SEGMENTS_KEY, UNNAMED_KEY, SalesAnswer

FIGURES_ON_TOP = ("revenue", "active_customers", "order_count", "average_order_value", "margin")
MONEY = ("revenue", "average_order_value", "price_per_item", "margin")
AVERAGES = ("orders_per_customer", "items_per_order")
SEGMENTS_LISTED = 30
"""The largest segments that the table has rows for; the file has all."""
MONTHS_LISTED = 13
BRIDGE_PARTS = (
    *("customers", "orders", "orders_per_customer", "items_per_order", "mix", "price", "order_value"),
    *("sales", "unitemized_sales", "nameless_sales", "refunds"),
)
WITHIN = ("price", "order_value")
"""Parts that stand within the segments where there are any."""

STRUCTURE_FIELDS = (
    Field("segment_words", label="panels.transactions.segment"),
    Field("revenue", "money"),
    Field("revenue_before", "money", label="panels.transactions.revenue_before"),
    Field("change", "money", label="panels.transactions.change"),
    Field("sales_share", "share", label="panels.transactions.sales_share"),
    Field("sales_share_before", "share", label="panels.transactions.sales_share_before"),
    Field("order_count", "count"),
    Field("active_customers", "count"),
    Field("margin_rate", "share", label="panels.transactions.figures.margin_rate"),
)
COMPARED = ("revenue_before", "change", "sales_share_before")
ARPU_FIELDS = (
    Field("month_words", label="panels.transactions.month"),
    Field("revenue", "money", label="panels.transactions.known_revenue"),
    Field("active_customers", "count"),
    Field("arpu", "money"),
    Field("arpu_trend", "money", label="panels.transactions.arpu_trend"),
    Field("growth", "share", label="panels.transactions.arpu_change", words="panels.transactions.arpu_change"),
)


def sales_figure_words(name: str, value: float, lang: str) -> str:
    """Say one of the figures of a period; unknown is a dash."""
    if isnan(value):
        return UNKNOWN_MARK
    if name in MONEY:
        return money_shown(value, lang)
    if name in AVERAGES:
        return points_words(value, lang, digits=2)
    return share_words(value, lang) if name in IN_SHARES else count_words(value, lang)


def sales_change_words(name: str, now: float, then: float, lang: str) -> str:
    """Say how a figure moved: in percent, a share in points."""
    change = figure_change(name, now, then)
    if name not in IN_SHARES or isnan(change):
        return growth_words(change, lang)
    return t("charts.transactions.points", lang, points=points_words(100 * change, lang, signed=True))


def figures_shown(figures: pd.DataFrame, lang: str, *, then: str | None, against: str) -> Sequence[Figure]:
    """Return the main figures of the period with their change; what is unknown is left out."""
    if "this" not in figures.index:
        return ()
    now: Mapping[Any, Any] = figures.loc["this"].to_dict()
    earlier: Mapping[Any, Any] = figures.loc[then].to_dict() if then in figures.index else {}
    shown: list[Figure] = []
    for name in FIGURES_ON_TOP:
        value, was = now[name], earlier.get(name, float("nan"))
        if pd.isna(value):
            continue
        label, words = t(f"panels.transactions.figures.{name}", lang), sales_figure_words(name, value, lang)
        if pd.isna(was):
            shown.append(Figure(label, words))
            continue
        note = t(f"panels.transactions.was_{against}", lang, value=sales_figure_words(name, was, lang))
        moved = round(100 * figure_change(name, value, was), 1)
        judgement: Judgement = "neutral" if isnan(moved) or moved == 0 else "good" if moved > 0 else "bad"
        shown.append(Figure(label, words, note, sales_change_words(name, value, was, lang), judgement))
    return shown


def part_names(by: str, lang: str) -> dict[str, str]:
    """Return what the parts of a change are called; the mix by its dimension, and what stands within it."""
    names = {part: t(f"panels.transactions.parts.{part}", lang) for part in BRIDGE_PARTS}
    if by == "none":
        return names
    dimension = t(f"panels.transactions.bys.{by}", lang)
    within = {part: t(f"panels.transactions.parts.{part}_within", lang, dimension=dimension) for part in WITHIN}
    return names | within | {"mix": t("panels.transactions.parts.mix_of", lang, dimension=dimension)}


def part_names_with_base(answer: SalesAnswer, lang: str) -> dict[str, str]:
    """Return what the parts are called beside what they were and are: with whose they are, where not all sales count.

    Orders per customer of the key figures and of the product are two figures where some sales say no quantity.
    """
    names = part_names(answer.by, lang)
    parts = set() if answer.bridge is None else set(answer.bridge.parts["part"])
    beside = "".join(f"_{part}" for part in ("unitemized_sales", "nameless_sales") if part in parts)
    if not beside:
        return names
    base = t(f"panels.transactions.bases.without{beside}", lang)
    factors = set(BRIDGE_PARTS) - {"mix", "sales", "unitemized_sales", "nameless_sales", "refunds"}
    return {
        part: t("panels.transactions.bases.part", lang, part=name, base=base) if part in factors else name
        for part, name in names.items()
    }


def segment_names(session: Session, answer: SalesAnswer, lang: str) -> dict[str, str]:
    """Return what the segments are called, by their keys."""
    none = t("panels.transactions.everything" if answer.by == "none" else "panels.transactions.unnamed", lang)
    names = {
        f"={segment}": str(session.word(segment))
        for segment in answer.structure["sales_segment"]
        if segment is not None
    }
    count = len(answer.structure) - len(answer.drawn) + 1
    return names | {
        UNNAMED_KEY: none,
        OTHER_SEGMENTS_KEY: t("panels.transactions.others", lang, count=count_words(count, lang)),
    }


def value_names(session: Session, answer: SalesAnswer, lang: str) -> ValueNames:
    """Return what the values of the rows are called in a file and on a chip."""
    periods = {name: t(f"charts.transactions.period_{name}", lang) for name in ("this", "before", "year")}
    return {"period": periods, "segment_key": segment_names(session, answer, lang)}


def period_days(days: tuple[object, object]) -> str:
    """Say the first and last day of a period."""
    return " – ".join(f"{day}" for day in days)


def bridge_notes(answer: SalesAnswer, lang: str) -> list[str]:
    """Say which days are compared, that parts are no causes, and what could not be split."""
    said = {"this": period_days(answer.periods["this"])}
    if answer.bridge is None or answer.then is None:
        begins = date_words(answer.begins, lang)
        return [t("panels.transactions.uncovered", lang, begins=begins, **said)]
    notes = [t("panels.transactions.days", lang, then=period_days(answer.periods[answer.then]), **said)]
    return [*notes, *(t(f"panels.transactions.dropped.{why}", lang) for why in answer.bridge.dropped)]


def sheets_shown(session: Session, answer: SalesAnswer, lang: str) -> Mapping[str, TableSheet]:
    """Return the sheets of an Excel file: the parts of the change, and all segments, with sums that follow the rows."""
    above = bridge_notes(answer, lang)
    total = t("panels.transactions.whole", lang)
    sheets: dict[str, TableSheet] = {}
    if answer.bridge is not None:
        names = part_names_with_base(answer, lang)
        parts = answer.bridge.parts.assign(part=[names[part] for part in answer.bridge.parts["part"]])
        title = t("panels.transactions.bridge_title", lang)
        sheets[title] = TableSheet(parts, _headers(parts, lang), above, ("amount",), total)
    if answer.by != "none":
        segments = segment_names(session, answer, lang)
        rows = answer.structure.assign(sales_segment=[segments[key] for key in answer.structure["segment_key"]])
        rows = rows.drop(columns="segment_key")
        title = t("panels.transactions.chart_structure", lang)
        sheets[title] = TableSheet(rows, _headers(rows, lang), above, ("revenue", "revenue_before", "change"), total)
    return sheets


def _headers(rows: pd.DataFrame, lang: str) -> dict[str, str]:
    return {name: column_words(name, lang) for name in rows.columns}


def exact_money(value: float, lang: str) -> str:
    """Say an amount to the cent, with its sign.

    >>> exact_money(1234.5, "en"), exact_money(-0.25, "zh"), exact_money(0.0, "zh")
    ('+¥1,234.50', '−¥0.25', '¥0.00')
    """
    digits = DECIMALS[currency_of(lang)]
    return ("+" if value > 0 else "") + in_currency(f"{abs(value):,.{digits}f}", lang, is_negative=value < 0)


def summary_html(session: Session, answer: SalesAnswer, lang: str) -> str:
    """Write the tables: figures of the periods, the parts of the change, the segments, the months."""
    said = [
        text("h3", t("panels.transactions.figures_title", lang), "wb-section"),
        _figures_table(answer, lang),
        text("p", t("panels.transactions.figures_note", lang), "wb-note"),
    ]
    if answer.bridge is not None:
        said += [
            text("h3", t("panels.transactions.bridge_title", lang), "wb-section"),
            _bridge_table(answer, lang),
            text("p", t("panels.transactions.bridge_note", lang), "wb-note"),
        ]
    if answer.by != "none":
        dimension = t(f"panels.transactions.bys.{answer.by}", lang)
        said += [
            text("h3", t("panels.transactions.structure_title", lang, dimension=dimension), "wb-section"),
            _structure_table(session, answer, lang),
            text("p", t("panels.transactions.structure_note", lang), "wb-note"),
        ]
    if len(answer.months) and answer.months["arpu"].notna().any():
        listed = answer.months.tail(MONTHS_LISTED)
        words = [
            month_words(month, lang) + (t("panels.transactions.not_whole", lang) if is_partial else "")
            for month, is_partial in zip(listed["month"], listed["is_incomplete"].astype(bool), strict=True)
        ]
        growth = [growth_words(change, lang) for change in listed["arpu_change"]]
        said += [
            text("h3", t("panels.transactions.arpu_title", lang), "wb-section"),
            table_html(listed.assign(month_words=words, growth=growth), ARPU_FIELDS, lang),
            text("p", t("panels.transactions.arpu_note", lang), "wb-note"),
        ]
    return "".join(said)


def _figures_table(answer: SalesAnswer, lang: str) -> str:
    """Write a row for every figure: this period, and each other one with the change since."""
    others = [name for name in ("before", "year") if name in answer.periods]
    rows = []
    for name in SALES_FIGURES:
        values = {period: answer.figures[name].get(period, float("nan")) for period in ("this", *others)}
        row = {
            "figure": t(f"panels.transactions.figures.{name}", lang),
            "this": sales_figure_words(name, values["this"], lang),
        }
        for other in others:
            row[other] = sales_figure_words(name, values[other], lang)
            row[f"{other}_change"] = sales_change_words(name, values["this"], values[other], lang)
        if not all(pd.isna(value) for value in values.values()):
            rows.append(row)
    said = "panels.transactions"
    fields = [Field("figure", label=f"{said}.figure"), _said("this", f"{said}.period_this")]
    for other in others:
        fields += [_said(other, f"{said}.period_{other}"), _said(f"{other}_change", f"{said}.change_{other}")]
    return table_html(pd.DataFrame(rows), fields, lang)


def _bridge_table(answer: SalesAnswer, lang: str) -> str:
    bridge = answer.bridge
    assert bridge is not None  # noqa: S101  who calls this has one
    names = part_names_with_base(answer, lang)
    rows = [
        {
            "part": names[part],
            "before": UNKNOWN_MARK if pd.isna(before) else factor_words(part, before, lang),
            "this": UNKNOWN_MARK if pd.isna(this) else factor_words(part, this, lang),
            "amount": exact_money(amount, lang),
        }
        for part, before, this, amount in bridge.parts.itertuples(index=False)
    ]
    whole = {
        name: exact_money(value, lang).lstrip("+") for name, value in (("before", bridge.before), ("this", bridge.this))
    }
    rows.append({"part": t("panels.transactions.whole", lang), **whole, "amount": exact_money(bridge.change, lang)})
    said = "panels.transactions"
    fields = [
        Field("part", label=f"{said}.part"),
        _said("before", f"{said}.period_{answer.against}"),
        _said("this", f"{said}.period_this"),
        _said("amount", f"{said}.part_amount"),
    ]
    return table_html(pd.DataFrame(rows), fields, lang)


def _structure_table(session: Session, answer: SalesAnswer, lang: str) -> str:
    names = segment_names(session, answer, lang)
    rows = answer.structure.head(SEGMENTS_LISTED)
    rows = rows.assign(segment_words=[names[key] for key in rows["segment_key"]])
    left_out = set() if answer.then else set(COMPARED)
    left_out |= {"margin_rate"} if rows["margin_rate"].isna().all() else set()
    return table_html(rows, [field for field in STRUCTURE_FIELDS if field.name not in left_out], lang)


def _said(name: str, label: str) -> Field:
    """Return a column of words that stand right, as numbers do."""
    return Field(name, "count", label=label, words=label)
