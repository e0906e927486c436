"""Why a file is not taken for a table in silence, though one fits best: only ids are known, ready figures, no money."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from workbench.load.mapping.analyst_answers import LEAVE_OUT
from workbench.load.mapping.header_dictionary import comparison_key
from workbench.load.mapping.row_meanings import is_refunded_amount, is_time_of_payment
from workbench.load.reading.periods_as_rows import names_total
from workbench.load.suggesting.answers_to_leave_out import (
    are_other_tickets,
    kinds_of_tickets,
    says_complaint,
    speaks_of_complaints,
)
from workbench.load.suggesting.column_candidates import FITTING_SHARE, TableFit
from workbench.load.suggesting.column_shapes import ColumnShape, RowSample
from workbench.load.suggesting.days_in_parts import parts_of_day
from workbench.load.suggesting.ready_facts import are_scores, is_ready_facts
from workbench.schema import TABLES

VISIT_COLUMNS = {"customer_id", "day", "order_id", "touchpoint", "region", "employee_id"}
"""What a visit has, and a purchase too."""

VISIT_WORDS = ("来访", "visit")
"""Names of files of contacts that may as well be days of purchases; calls and points earned are none."""


SUPPLIER_KEYS = (
    "供应商",
    "供应商名称",
    "供应商编码",
    "供应商编号",
    "供货商",
    "供货单位",
    "supplier",
    "suppliername",
    "supplierid",
)
"""Headers, for comparison, of the one that was bought from: without a customer it is no sale, perhaps."""

LISTING_TABLES = ("customers", "products", "employees")
FEWEST_ACROSS = 2
"""Tables with one row for each thing, and how many columns beside their total make them a report of sums."""

ANSWER_COUNTS = (
    *(
        "样本量",
        "样本数",
        "有效样本",
        "有效样本量",
        "有效样本数",
        "回收份数",
        "回收数",
        "答卷数",
        "答卷量",
        "有效答卷",
        "答题人数",
        "参评人数",
    ),
    *("评价数", "评价量", "评价人数", "评价次数", "参评数", "人数", "票数"),
    *(
        "responses",
        "responsecount",
        "numberofresponses",
        "noofresponses",
        "respondents",
        "samplesize",
        "base",
        "n",
        "count",
    ),
    *("ratings", "ratingcount", "numberofratings", "reviews", "reviewcount", "numberofreviews"),
)
"""Headers, for comparison, of how many people a row of results speaks of."""

RATED_TABLES = ("complaints", "interactions")
"""Tables of what customers are asked about afterwards."""

COUPON_WORDS = ("优惠券", "代金券", "抵用券", "卡券", "红包", "coupon", "voucher", "promo")
"""What a file is of which only ids are known besides: no table holds it."""


@dataclass(frozen=True)
class TableDoubt:
    """Why it is asked which table a file is: `because` is a key of the words, `table` how it is read meanwhile.

    `answer` is what is suggested, where it is not that table; nothing is suggested where it is empty.
    """

    because: str
    table: str
    answer: str | None = None

    @property
    def suggested(self) -> str:
        """The answer that is suggested, if any."""
        return self.table if self.answer is None else self.answer


def doubt_about(
    table_fit: TableFit,
    fits: Sequence[TableFit],
    shapes: Mapping[str, ColumnShape],
    *,
    sample: RowSample,
    has_items: bool,
    beside_sales: bool = False,
) -> TableDoubt | None:
    """Return why the best table has to be confirmed; None where its own columns speak for it.

    A customer's ready recency, frequency and monetary value are no list of purchases, and no list of products either;
    scores of them are not even figures. Days of customers without any amount are purchases that count, or visits beside
    the sales of another file (`beside_sales`), or where the file is called so. Contacts with unknown numbers that have
    fractions may be sales, complaints with money paid back a list of returns. And a file of which only ids are known
    may be anything, unless survey questions are known beside them (`has_items`).
    """
    if is_ready_facts(shapes):
        has_scores = are_scores(shapes)
        return TableDoubt("ready_scores", "customers") if has_scores else TableDoubt("ready_facts", "customer_facts")
    if has_items:
        return TableDoubt("survey_results", "surveys", LEAVE_OUT) if _counts_answers(shapes) else None
    if are_visits(table_fit, fits, shapes) or _are_bare_contacts(table_fit, shapes):
        contacts = next(one for one in fits if one.table.name == "interactions")
        is_contact = beside_sales or contacts.named not in ("", *VISIT_WORDS)
        return TableDoubt("no_money", "interactions" if is_contact else "transactions")
    if _may_hold_money(table_fit, shapes):
        buys = next(one for one in fits if one.table.name == "transactions").chosen
        return TableDoubt("several_fit", "transactions" if {"customer_id", "day"} <= set(buys) else "interactions")
    if _may_be_purchases(table_fit, shapes):
        return TableDoubt("purchases", "transactions", "")
    if _may_be_sales(table_fit, fits, shapes):
        return TableDoubt("several_fit", "transactions")
    if table_fit.table.name == "complaints" and (tickets := _of_tickets(sample, shapes)):
        return tickets
    return _of_a_list(table_fit, shapes)


def doubt_about_ratings(table_fit: TableFit, surveys: TableFit) -> TableDoubt | None:
    """Return why tickets or contacts that customers rated have to be confirmed: as such their ratings count nowhere.

    A survey is suggested where the file is called one.
    """
    if table_fit.table.name not in RATED_TABLES:
        return None
    return TableDoubt("ratings", "surveys" if surveys.named else table_fit.table.name)


def _counts_answers(shapes: Mapping[str, ColumnShape]) -> bool:
    """Whether a column says how many answered: each row is a result of many people, and no answer of one."""
    return any(
        comparison_key(header) in ANSWER_COUNTS and shape.share(shape.whole) >= FITTING_SHARE
        for header, shape in shapes.items()
    )


def _of_tickets(sample: RowSample, shapes: Mapping[str, ColumnShape]) -> TableDoubt | None:
    """Why tickets that nowhere say complaint are none, perhaps: a service desk has questions and repairs, too."""
    kinds = kinds_of_tickets(shapes)
    if speaks_of_complaints(sample) or says_complaint(kinds):
        return None
    return TableDoubt("tickets", "complaints", "interactions" if are_other_tickets(kinds) else "")


def _of_a_list(table_fit: TableFit, shapes: Mapping[str, ColumnShape]) -> TableDoubt | None:
    """Why what seems to be sales, or a list, is something else, perhaps."""
    if table_fit.table.name == "transactions" and _is_price_list(table_fit, shapes):
        return TableDoubt("price_list", "products")
    if table_fit.table.name in LISTING_TABLES and _is_crosstab(table_fit, shapes):
        return TableDoubt("crosstab", table_fit.table.name)
    if all(candidate.column.type == "id" for candidate in table_fit.chosen.values()):
        return TableDoubt("only_ids", table_fit.table.name)
    return None


def lists_coupons(file: str, shapes: Mapping[str, ColumnShape]) -> bool:
    """Say whether a file's name or headers speak of coupons: whom or what they are for is no list of them."""
    spoken = " ".join((file, *shapes)).lower()
    return any(word in spoken for word in COUPON_WORDS)


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


def _may_hold_money(table_fit: TableFit, shapes: Mapping[str, ColumnShape]) -> bool:
    """Whether contacts have numbers with fractions that nobody knows: they may be sales, of which 流水 is the money."""
    known = {candidate.header for candidate in table_fit.chosen.values()}
    free = [shape for header, shape in shapes.items() if header not in known]
    return table_fit.table.name == "interactions" and any(
        shape.share(shape.numbers) >= FITTING_SHARE and shape.whole < shape.numbers for shape in free
    )


def _is_crosstab(table_fit: TableFit, shapes: Mapping[str, ColumnShape]) -> bool:
    """Whether figures of several unknown columns add up in one that is called a total: shops or tills across."""
    known = {candidate.header for candidate in table_fit.chosen.values()}
    figures = [
        header
        for header, shape in shapes.items()
        if header not in known and shape.share(shape.numbers) >= FITTING_SHARE
    ]
    return len(figures) > FEWEST_ACROSS and any(names_total(header) for header in figures)


def _may_be_sales(table_fit: TableFit, fits: Sequence[TableFit], shapes: Mapping[str, ColumnShape]) -> bool:
    """Whether complaints have prices in columns that nobody knows, or products a buyer or a moment of payment.

    A ticket may be that of a till, and a price beside who bought and when it was paid is that of a sale.
    """
    buys = next((one for one in fits if one.table.name == "transactions"), None)
    if buys is None:
        return False
    if table_fit.table.name == "products":
        return "customer_id" in buys.chosen or any(map(is_time_of_payment, shapes))
    known = {candidate.header for candidate in table_fit.chosen.values()}
    prices = [
        shape.share(shape.numbers + shape.ambiguous_numbers) >= FITTING_SHARE and shape.whole < shape.filled
        for header, shape in shapes.items()
        if header not in known and shape.filled
    ]
    has_money = any(map(is_refunded_amount, shapes)) or ("day" in buys.chosen and any(prices))
    return table_fit.table.name == "complaints" and has_money


def _may_be_purchases(table_fit: TableFit, shapes: Mapping[str, ColumnShape]) -> bool:
    """Whether what seem to be sales name suppliers and no customers."""
    is_of_nobody = table_fit.table.name == "transactions" and "customer_id" not in table_fit.chosen
    return is_of_nobody and any(comparison_key(header) in SUPPLIER_KEYS for header in shapes)


def _is_price_list(table_fit: TableFit, shapes: Mapping[str, ColumnShape]) -> bool:
    """Whether what seem to be sales have prices, and neither a day nor an order nor a customer: plans, menus, rates."""
    known = table_fit.chosen
    if {"day", "occurred_at", "customer_id", "order_id", "quantity", "employee_id"} & set(known):
        return False
    has_days = any(
        shape.share(max(shape.dates + shape.ambiguous_dates, shape.months)) > 0.5 for shape in shapes.values()
    )
    figures = [header for header, shape in shapes.items() if shape.share(shape.numbers) >= FITTING_SHARE]
    names = [header for header, shape in shapes.items() if header not in figures and shape.distinct == shape.filled > 1]
    return not has_days and bool(figures) and bool(names)


def _are_bare_contacts(table_fit: TableFit, shapes: Mapping[str, ColumnShape]) -> bool:
    """Whether contacts say who came when, perhaps where, and nothing of what they were: they may be visits."""
    chosen = {*table_fit.chosen, *(["day"] if parts_of_day(shapes) else [])}
    return table_fit.table.name == "interactions" and {"customer_id", "day"} <= chosen <= VISIT_COLUMNS


def are_visits(table_fit: TableFit, fits: Iterable[TableFit], shapes: Mapping[str, ColumnShape]) -> bool:
    """Whether a file has customers and days, nothing that could be an amount, and no more to say what it is."""
    by_name = {one.table.name: one.chosen for one in fits}
    chosen = by_name["transactions"] if table_fit.table.name == "transactions" else by_name["interactions"]
    parts = parts_of_day(shapes)
    said = {*chosen, *(["day"] if parts else [])}
    if not {"customer_id", "day"} <= said or {"amount", "quantity", "unit_price"} & set(by_name["transactions"]):
        return False
    if not set(table_fit.chosen) <= VISIT_COLUMNS:
        return False
    known = {*parts, *(candidate.header for candidate in chosen.values())}
    return not any(
        shape.share(shape.numbers) >= FITTING_SHARE for header, shape in shapes.items() if header not in known
    )
