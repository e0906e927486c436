"""Why a file is not taken for a table in silence, though one fits best: only ids are known, ready figures, no money."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from workbench.load.mapping.analyst_answers import LEAVE_OUT
from workbench.load.mapping.header_dictionary import comparison_key
from workbench.load.suggesting.column_candidates import FITTING_SHARE, TableFit
from workbench.load.suggesting.column_shapes import ColumnShape
from workbench.schema import TABLES

READY_FACTS: Mapping[str, tuple[str, ...]] = {
    "recency": (
        *("r", "recency", "recencydays", "dayssincelastpurchase", "r值", "最近消费", "最近一次消费", "最近消费天数"),
        *("最近购买天数", "距今天数", "最近消费间隔"),
    ),
    "frequency": (
        *("f", "frequency", "ordercount", "orders", "numberoforders", "f值", "消费频次", "消费频率", "消费次数"),
        *(
            "购买次数",
            "订单数",
            "累计消费次数",
            "累计订单数",
            "累计购买次数",
            "交易次数",
            "totalorders",
            "lifetimeorders",
        ),
    ),
    "monetary": (
        *("m", "monetary", "monetaryvalue", "totalspend", "totalspent", "totalsales", "m值", "消费金额", "累计消费"),
        *("累计消费金额", "消费总额", "累计金额", "累计交易金额", "总消费金额", "lifetimevalue", "amountspent"),
    ),
}
"""Headers of figures that are computed here from the purchases themselves."""

LAST_PURCHASES = (
    "最近消费时间", "最近消费日期", "最近购买时间", "最近购买日期", "最近一次消费时间", "最近一次消费日期",
    "最近交易时间",
    "最近下单时间", "最后消费时间", "最后消费日期", "最后购买时间", "最后交易日期", "上次消费时间", "上次消费日期",
    "last purchase", "last purchase date", "last order", "last order date", "last transaction date", "last spend date",
)  # fmt: skip
"""Headers of the day of a customer's last purchase: beside a sum or a number of purchases it is no sale's day."""


VISIT_COLUMNS = {"customer_id", "day", "order_id", "touchpoint", "region", "employee_id"}
"""What a visit has, and a purchase too."""

VISIT_WORDS = ("来访", "visit")
"""Names of files of contacts that may as well be days of purchases; calls and points earned are none."""


@dataclass(frozen=True)
class TableDoubt:
    """Why it is asked which table a file is: `because` is a key of the words, `table` what is suggested."""

    because: str
    table: str


def doubt_about(
    table_fit: TableFit,
    fits: Sequence[TableFit],
    shapes: Mapping[str, ColumnShape],
    *,
    has_items: bool,
    beside_sales: bool = False,
) -> TableDoubt | None:
    """Return why the best table has to be confirmed; None where its own columns speak for it.

    A customer's ready recency, frequency and monetary value are no list of purchases, and no list of products
    either. Days of customers without any amount are purchases that count, or visits beside the sales of another file
    (`beside_sales`), or where the file is called so. And a file of which only ids are known may be anything, unless
    survey questions are known beside them (`has_items`).
    """
    if _has_ready_facts(shapes):
        return TableDoubt("ready_facts", "customers")
    if has_items:
        return None
    if are_visits(table_fit, fits, shapes):
        contacts = next(one for one in fits if one.table.name == "interactions")
        is_contact = beside_sales or "touchpoint" in contacts.chosen or contacts.named not in ("", *VISIT_WORDS)
        return TableDoubt("no_money", "interactions" if is_contact else "transactions")
    if all(candidate.column.type == "id" for candidate in table_fit.chosen.values()):
        return TableDoubt("only_ids", table_fit.table.name)
    return None


def table_choices(fits: Iterable[TableFit], shapes: Mapping[str, ColumnShape]) -> dict[str, tuple[str, ...]]:
    """Every table, and to leave the file out; under each how the headers read: what is known, then everything else.

    The likelier tables come first.
    """
    choices = {}
    for table_fit in fits:
        known = [f"{chosen.header} → {column}" for column, chosen in table_fit.chosen.items()]
        choices[table_fit.table.name] = tuple(known) or sample_lines(shapes)
    for table in TABLES:
        choices.setdefault(table, sample_lines(shapes))
    return {**choices, LEAVE_OUT: ()}


def sample_lines(shapes: Mapping[str, ColumnShape]) -> tuple[str, ...]:
    """Each header with a few of its values."""
    return tuple(f"{header}: {', '.join(shape.examples())}" for header, shape in shapes.items())


def _has_ready_facts(shapes: Mapping[str, ColumnShape]) -> bool:
    """Whether at least two of a customer's ready figures stand there, and no day of a purchase but the last."""
    numbers = {
        comparison_key(header) for header, shape in shapes.items() if shape.share(shape.numbers) >= FITTING_SHARE
    }
    ready = [name for name, headers in READY_FACTS.items() if numbers & set(headers)]
    has_letters = {"r", "f", "m"} <= numbers
    words = [name for name, headers in READY_FACTS.items() if numbers & {one for one in headers if len(one) > 1}]
    dated = {
        comparison_key(header)
        for header, shape in shapes.items()
        if shape.share(shape.dates + shape.ambiguous_dates) >= FITTING_SHARE
    }
    if dated & set(map(comparison_key, LAST_PURCHASES)) and {"frequency", "monetary"} & set(words):
        return True
    return (has_letters or ("recency" in words and len(ready) > 1)) and not dated


def are_visits(table_fit: TableFit, fits: Iterable[TableFit], shapes: Mapping[str, ColumnShape]) -> bool:
    """Whether a file has customers and days, nothing that could be an amount, and no more to say what it is."""
    by_name = {one.table.name: one.chosen for one in fits}
    chosen = by_name["transactions"] if table_fit.table.name == "transactions" else by_name["interactions"]
    if not {"customer_id", "day"} <= set(chosen) or {"amount", "quantity", "unit_price"} & set(by_name["transactions"]):
        return False
    if not set(table_fit.chosen) <= VISIT_COLUMNS:
        return False
    known = {candidate.header for candidate in chosen.values()}
    return not any(
        shape.share(shape.numbers) >= FITTING_SHARE for header, shape in shapes.items() if header not in known
    )
