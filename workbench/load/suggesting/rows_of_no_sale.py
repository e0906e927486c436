"""Rows of sales that are none: with a reason why nothing came of them, with the total of their order's other rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import get_args

from workbench.load.mapping.row_meanings import (
    ANY_VALUE,
    is_reason_of_end,
    is_reason_of_return,
    names_returns,
    names_set,
    says_nothing,
    tells_by_being_filled,
)
from workbench.load.mapping.source_mapping import RowMeaning, SourceMapping
from workbench.load.reading.source_names import stem
from workbench.load.suggesting.proposal_draft import EXAMPLE_LINES, ProposalDraft
from workbench.load.suggesting.sales_questions import (
    CENT,
    is_left_out,
    is_refund_row,
    numbers_of,
    refunded_headers,
)

FEWEST_TOTALS = 2
"""So many orders must have a row with the sum of their other rows, at least one of them of several: of one row it is
the same amount again, as where each line has its order's total."""

MOST_KINDS_OF_ROWS = 12
"""A column of more different values does not say which rows are totals."""


def ask_reasons(draft: ProposalDraft, source: SourceMapping) -> SourceMapping:
    """Ask about rows with a reason why nothing came of them, or why they came back, or that are parts of a set.

    Those that a status leaves out are no question. A column that is blank is watched: next month it may be filled.
    """
    if source.table != "transactions":
        return source
    is_of_returns = names_returns(draft.sample.sheet or stem(draft.sample.file))
    for header in draft.sample.header:
        is_watched = tells_by_being_filled(header) and header not in {*source.meanings, *source.columns}
        if is_watched and not is_of_returns and not any(map(str.strip, filter(None, draft.sample.values[header]))):
            source = replace(source, meanings={**source.meanings, header: {}})
            continue
        is_end = is_reason_of_end(header)
        if header in source.meanings or not (is_end or is_reason_of_return(header) or names_set(header)):
            continue
        texts = [(text or "").strip() for text in draft.sample.values[header]]
        if is_reason_of_return(header) and is_of_returns:
            continue  # each of them came back
        if names_set(header) and all(texts):
            continue  # of every product a parent is named: it is a kind of product
        without = dict.fromkeys(text for text in texts if text and says_nothing(text))
        rows = [place for place, text in enumerate(texts) if text and text not in without]
        rows = [place for place in rows if counts_as_sale(draft, source, place)]
        if not rows:
            continue
        has_back = is_reason_of_return(header) and refunded_headers(draft, source)
        suggested = "no_sale" if is_end else "sale" if has_back else ""
        lines = tuple(dict.fromkeys(texts[place] for place in rows))[:EXAMPLE_LINES]
        choices: dict[str, tuple[str, ...]] = dict.fromkeys(get_args(RowMeaning), lines)
        facts = {"value": ANY_VALUE, "count": len(rows), "suggested": suggested}
        draft.ask("filled_mark", choices, header=header, **facts)
        known: dict[str, RowMeaning] = dict.fromkeys(without, "sale")
        source = replace(source, meanings={**source.meanings, header: known})
    return source


def ask_order_rows(draft: ProposalDraft, source: SourceMapping) -> SourceMapping:
    """Ask whether rows that hold the sum of their order's other rows are to be left out: they would count twice."""
    order, amount = source.header_of("order_id"), source.header_of("amount")
    if source.table != "transactions" or order is None or amount is None:
        return source
    amounts = numbers_of(draft, source, amount)
    orders: dict[tuple[str, str], list[int]] = {}
    buyer = source.header_of("customer_id")
    for place, number in enumerate(draft.sample.values[order]):
        whose = (draft.sample.values[buyer][place] or "").strip() if buyer else ""
        if (number or "").strip():
            orders.setdefault(((number or "").strip(), whose), []).append(place)
    several = [rows for rows in orders.values() if len(rows) > 1]
    if len(several) < FEWEST_TOTALS or max(map(len, several)) <= FEWEST_TOTALS:
        return source
    if not any(_holds_sum(rows, amounts) for rows in several):
        return _ask_kinds_of_sums(draft, source, several, amounts)
    for header, value in _kinds_of_rows(draft, {order, amount}):
        rows = {place for place, text in enumerate(draft.sample.values[header]) if (text or "").strip() == value}
        in_orders = [[place for place in part if place in rows] for part in several]
        if sum(map(len, in_orders)) != len(rows) or any(len(part) != 1 for part in in_orders if part):
            continue
        totals = [(part, one[0]) for part, one in zip(several, in_orders, strict=True) if one]
        is_sum = len(totals) >= FEWEST_TOTALS and any(len(part) > 2 for part, _ in totals)
        if is_sum and all(_is_sum(total, part, amounts) for part, total in totals):
            lines = tuple(
                f"{draft.sample.values[order][total]}: {draft.sample.values[amount][total]}" for _, total in totals
            )
            facts = {"header": header, "values": [value], "count": len(totals)}
            draft.ask("order_rows", {"yes": lines[:EXAMPLE_LINES], "no": ()}, **facts, suggested="yes")
            return replace(source, leave_out={**source.leave_out, header: (value,)})
    return _ask_kinds_of_sums(draft, source, several, amounts)


def _ask_kinds_of_sums(
    draft: ProposalDraft, source: SourceMapping, orders: Sequence[Sequence[int]], amounts: Sequence[Decimal | None]
) -> SourceMapping:
    """Ask about kinds of rows that each have the sum of another kind's: a till writes sale, lines and payment."""
    for header, shape in draft.shapes.items():
        if header in source.columns.values() or not 1 < shape.distinct <= MOST_KINDS_OF_ROWS:
            continue
        texts = [(text or "").strip() for text in draft.sample.values[header]]
        for own in dict.fromkeys(texts):
            sums = _kinds_with_sums(texts, own, orders, amounts)
            if not sums or any(len([place for place in part if texts[place] in sums]) != len(sums) for part in orders):
                continue
            rows = [place for part in orders for place in part if texts[place] in sums]
            lines = tuple(f"{texts[place]}: {amounts[place]:f}" for place in rows)[:EXAMPLE_LINES]
            draft.ask(
                "order_rows",
                {"yes": lines, "no": ()},
                header=header,
                values=list(sums),
                count=len(rows),
                suggested="yes",
            )
            return replace(source, leave_out={**source.leave_out, header: sums})
    return source


def _kinds_with_sums(
    texts: Sequence[str], own: str, orders: Sequence[Sequence[int]], amounts: Sequence[Decimal | None]
) -> tuple[str, ...]:
    """The other kinds of which each order has one row, with the sum of the order's rows of its `own` kind."""
    parts = [[place for place in part if texts[place] == own] for part in orders]
    if not all(parts) or max(map(len, parts)) < FEWEST_TOTALS:
        return ()

    def is_sum(kind: str) -> bool:
        rows = [[place for place in part if texts[place] == kind] for part in orders]
        return all(
            len(row) == 1 and _is_sum(row[0], [*row, *part], amounts) for row, part in zip(rows, parts, strict=True)
        )

    return tuple(kind for kind in dict.fromkeys(texts) if kind and kind != own and is_sum(kind))


def ask_negative_pieces(draft: ProposalDraft, source: SourceMapping) -> SourceMapping:
    """Ask whether pieces below zero beside an amount above it were paid back: it is written without its sign."""
    count, amount = source.header_of("quantity"), source.header_of("amount")
    if source.table != "transactions" or count is None or amount is None:
        return source
    pieces, money = numbers_of(draft, source, count), numbers_of(draft, source, amount)
    rows = [place for place, one in enumerate(pieces) if one is not None and one < 0 and (money[place] or 0) > 0]
    rows = [place for place in rows if counts_as_sale(draft, source, place)]
    if not rows:
        return source
    is_rare = 2 * len(rows) < sum(one is not None for one in pieces)  # a ledger of stock writes every sale so
    lines = tuple(f"{pieces[place]:f} · {money[place]:f}" for place in rows[:EXAMPLE_LINES])
    draft.ask(
        "negative_pieces", {"refund": lines, "sale": ()}, header=count, count=len(rows), are_most=not is_rare,
        suggested="refund" if is_rare else "",
    )  # fmt: skip
    return replace(source, negative_pieces_back=is_rare)


def counts_as_sale(draft: ProposalDraft, source: SourceMapping, place: int) -> bool:
    """Whether no known status leaves a row out, or takes it for money paid back."""
    return not is_left_out(draft, source, place) and not is_refund_row(draft, source, place)


def _kinds_of_rows(draft: ProposalDraft, taken: set[str]) -> Iterator[tuple[str, str]]:
    """The values by which a column may tell rows apart: a few, or a blank."""
    for header, shape in draft.shapes.items():
        if header in taken:
            continue
        if 0 < shape.filled < draft.sample.row_count:
            yield header, ""
        if shape.distinct <= MOST_KINDS_OF_ROWS:
            yield from ((header, text) for text, _ in shape.commonest)


def _holds_sum(rows: Sequence[int], amounts: Sequence[Decimal | None]) -> bool:
    return any(_is_sum(place, rows, amounts) for place in rows)


def _is_sum(total: int, rows: Sequence[int], amounts: Sequence[Decimal | None]) -> bool:
    """Whether a row's amount is that of the others of its order, each of which has one."""
    own, others = amounts[total], [amounts[place] for place in rows if place != total]
    if own is None or own == 0 or any(one is None for one in others):
        return False
    return abs(own - sum(one for one in others if one is not None)) <= CENT
