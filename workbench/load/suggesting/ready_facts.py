"""Ready figures of customers: files whose columns are recency, frequency and money, and of which day they speak."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from workbench.load.cleaning.file_days import day_in_name
from workbench.load.mapping.header_dictionary import BRACKETS, Meaning, comparison_key, meanings
from workbench.load.mapping.source_mapping import SourceMapping
from workbench.load.suggesting.column_candidates import FITTING_SHARE, UNIQUE_SHARE, Candidate, TableFit
from workbench.load.suggesting.column_shapes import ColumnShape
from workbench.load.suggesting.proposal_draft import ProposalDraft
from workbench.schema import CUSTOMER_FACTS

READY_HEADERS: Mapping[str, tuple[str, ...]] = {
    "recency_days": (
        *("最近一次消费距今天数", "最近消费距今天数", "最近一次购买距今天数", "距上次消费天数", "上次消费距今天数"),
        *("距今天数", "最近消费天数", "最近购买天数", "最近消费间隔", "未消费天数", "未到店天数", "最近消费"),
        *("最近一次消费", "R值", "days since last purchase", "days since last order", "days since last visit"),
        *("days since purchase", "last purchase days ago", "recency days", "recency", "R"),
    ),
    "last_on": (
        *("最近一次消费日期", "最近一次消费时间", "最近消费日期", "最近消费时间", "最近购买日期", "最近购买时间"),
        *("最近一次购买日期", "最近交易时间", "最近下单时间", "最后消费日期", "最后消费时间", "最后购买时间"),
        *("最近消费", "最近到店", "最近到店时间", "最后到店时间", "上次到店时间"),
        *("最后交易日期", "上次消费日期", "上次消费时间", "last purchase date", "last purchase", "last order date"),
        *("last order", "last transaction date", "last spend date", "last visit date", "last on"),
    ),
    "frequency": (
        *("消费次数", "累计次数", "消费频次", "消费频率", "购买次数", "购买频次", "订单数", "订单数量", "累计消费次数"),
        *("累计订单数", "累计购买次数", "交易次数", "下单次数", "总订单数", "F值", "order count", "orders count"),
        *("number of orders", "number of purchases", "purchase count", "total orders", "total purchases"),
        *("lifetime orders", "num orders", "orders", "frequency", "F"),
    ),
    "monetary": (
        *("消费金额", "消费总额", "消费总金额", "累计消费", "累计消费金额", "总消费金额", "累计金额", "累计交易金额"),
        *("累计支付金额", "购买金额", "购买总金额", "M值", "monetary value", "monetary", "total spend"),
        *("total spent", "total spending", "total sales", "total revenue", "total purchase amount", "lifetime value"),
        *("amount spent", "spend", "M"),
    ),
    "as_of": ("统计日期", "统计截止日", "截止日期", "数据截止日", "数据日期", "as of", "as of date", "snapshot date"),
}
"""Headers of figures that are computed here from the purchases themselves, by the column they fill; surest first."""

CUSTOMER_WORDS = ("id", "编号", "代号", "编码", "客户", "会员", "顾客")
"""Headers that name the customer where nothing else does."""

HIGHEST_SCORE = 5
"""R, F and M that are whole and never above it look like scores, not like days, purchases and money."""


def is_ready_facts(shapes: Mapping[str, ColumnShape]) -> bool:
    """Say whether a customer's ready figures stand there, and no day of a purchase but the last.

    Two of them must: recency and another, the day of the last purchase and another, or how often and for how much of
    customers of whom each has one row. Letters count where all three are there.
    """
    filled = ready_columns(shapes)
    words = {name for name, header in filled.items() if len(comparison_key(header)) > 1}
    dated = {header for header, shape in shapes.items() if shape.share(shape.dates) >= FITTING_SHARE}
    others = dated - {filled.get("last_on"), filled.get("as_of")}
    if {"last_on"} <= words and words & {"frequency", "monetary"}:
        return True
    if others:
        return False
    measured = set(filled) & {"recency_days", "frequency", "monetary"}
    if measured == {"recency_days", "frequency", "monetary"} or ("recency_days" in words and len(measured) > 1):
        return True
    customer = customer_header(shapes)
    is_list = customer is not None and shapes[customer].share(shapes[customer].distinct) >= UNIQUE_SHARE
    return {"frequency", "monetary"} <= words and is_list and _names_customers(customer or "")


def are_scores(shapes: Mapping[str, ColumnShape]) -> bool:
    """Say whether R, F and M are scores from 1 to 5, of which nothing can be measured."""
    filled = ready_columns(shapes)
    letters = [filled[name] for name in ("recency_days", "frequency", "monetary") if name in filled]
    few = [shapes[header] for header in letters]
    return len(few) == 3 and all(
        shape.filled and shape.whole == shape.filled and (shape.high or 0) <= HIGHEST_SCORE for shape in few
    )


def ready_columns(shapes: Mapping[str, ColumnShape]) -> dict[str, str]:
    """Return the header of each ready figure that is there, by its column."""
    keys = {header: {comparison_key(header), comparison_key(BRACKETS.sub("", header))} for header in shapes}
    filled: dict[str, str] = {}
    for name, known in READY_HEADERS.items():
        fitting = [header for header in shapes if _fits(name, shapes[header])]
        by_rank = ((comparison_key(one), header) for one in known for header in fitting)
        header_there = next((header for one, header in by_rank if one in keys[header]), None)
        if header_there is not None:
            filled[name] = header_there
    return filled


def customer_header(shapes: Mapping[str, ColumnShape]) -> str | None:
    """Return the header that says whose figures they are; None where none is known."""
    sure = [header for header in shapes if _names_customers(header)]
    return next(iter([*sure, *(one for one in shapes if comparison_key(one) in CUSTOMER_WORDS)]), None)


def fit_ready_facts(shapes: Mapping[str, ColumnShape]) -> TableFit:
    """Fill the columns of ready facts from a file's headers."""
    chosen = {name: _candidate(name, header) for name, header in ready_columns(shapes).items()}
    customer = customer_header(shapes)
    if customer is not None:
        chosen = {"customer_id": _candidate("customer_id", customer), **chosen}
    return TableFit(CUSTOMER_FACTS, chosen, {}, {}, sum(one.confidence for one in chosen.values()))


def ask_as_of(draft: ProposalDraft, source: SourceMapping) -> SourceMapping:
    """Ask of which day the figures speak, where no column says it: the days since the last purchase count from it."""
    columns = set(source.columns.values())
    measured = [name for name in ("recency_days", "frequency", "monetary") if name in columns]
    if source.table != CUSTOMER_FACTS.name or not measured or columns & {"as_of", "last_on"}:
        return source
    named = day_in_name(draft.sample.file)
    choices: dict[str, tuple[str, ...]] = {"file_name": (str(named),)} if named else {}
    choices |= {"load_day": (), "last_month_end": ()}
    header = source.header_of(measured[0])
    draft.ask("which_as_of", choices, header=header, suggested="file_name" if named else "")
    return replace(source, as_of="file_name") if named else source


def _names_customers(header: str) -> bool:
    sure = ("header", "header_without_brackets")
    return any(one.column == "customer_id" and one.how in sure for one in meanings(header))


def _fits(name: str, shape: ColumnShape) -> bool:
    if name in ("last_on", "as_of"):
        return shape.share(shape.dates + shape.ambiguous_dates) >= FITTING_SHARE
    is_whole = name == "monetary" or shape.share(shape.whole) >= FITTING_SHARE
    return is_whole and shape.share(shape.numbers) >= FITTING_SHARE


def _candidate(name: str, header: str) -> Candidate:
    meaning = Meaning(CUSTOMER_FACTS.name, name, "header", 0, header)
    return Candidate(header, CUSTOMER_FACTS.column(name), meaning, True, meaning.certainty)
