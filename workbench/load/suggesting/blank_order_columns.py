"""Columns that are written on an order's first line only, or in merged cells: whether blanks mean the line above."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from workbench.load.mapping.header_dictionary import comparison_key, meanings
from workbench.load.mapping.row_meanings import is_discount, is_refunded_amount, is_tax, is_time_of_payment
from workbench.load.mapping.source_mapping import SourceMapping
from workbench.load.reading.lines_below import TOTAL_WORDS
from workbench.load.suggesting.column_candidates import PARTS_OF_AMOUNTS
from workbench.load.suggesting.proposal_draft import EXAMPLE_LINES, ProposalDraft

BLANK_BELOW, FILLED_ABOVE = 0.9, 0.5
"""In so many of the further lines a column must be blank, and so many of the first ones must fill it."""

LEAST_LACKING = 0.5
"""So many of the lines with their order's number again must lack something; others are whole rows, a refund say."""

LEAST_BLANK = 0.3
"""So many rows must lack a customer for a column of customers alone to be taken for merged cells."""

FIGURES_OF_LINES = ("amount", "quantity", "unit_price", "cost")


def ask_blank_order_columns(draft: ProposalDraft, source: SourceMapping) -> SourceMapping:
    """Ask whether blanks below an order's first line mean the same as above, and read the sample as the answer says.

    Further lines have the order's number again, or are blank in it as well; a row of totals is none.
    """
    rows = [place for place in range(draft.sample.row_count) if _is_data(draft, place)]
    further = _further_lines(draft, source, rows)
    first = [place for place in rows if place not in further]
    lacking = {place for place in further if _lacks(draft, source, place)}
    numbered = {place for place in further if _text(draft, source.header_of("order_id"), place)}
    if not lacking or not first or (numbered >= lacking and len(lacking) < LEAST_LACKING * len(further)):
        return source
    further = lacking
    blank = [
        header
        for header in draft.sample.header
        if not _is_counted(draft, source, header)
        and _blank_share(draft, header, further) >= BLANK_BELOW
        and _blank_share(draft, header, first) <= 1 - FILLED_ABOVE
    ]
    if not {source.header_of("day"), source.header_of("customer_id"), source.header_of("status")} & set(blank):
        return source
    order = source.header_of("order_id")
    lines = sorted(further)[:EXAMPLE_LINES]
    named = [header for header in dict.fromkeys((order, *blank)) if header]
    shown = tuple("  ".join(f"{header}: {_above(draft, header, place)}" for header in named[:3]) for place in lines)
    is_unpaid = order is None and set(blank) == {source.header_of("day")} and is_time_of_payment(blank[0])
    suggested = "" if is_unpaid else "above"  # where nobody paid, no moment of payment stands above
    choices: dict[str, tuple[str, ...]] = {"above": shown, "blank": ()}
    draft.ask("blank_order_columns", choices, headers=blank, count=len(further), suggested=suggested)
    if not suggested:
        return source
    source = replace(source, fill_down=tuple(blank))
    values = dict(draft.sample.values)
    for header in blank:
        values[header] = [
            _above(draft, header, place) if place in further else text for place, text in enumerate(values[header])
        ]
    draft.sample = replace(draft.sample, values=values)
    return source


def _further_lines(draft: ProposalDraft, source: SourceMapping, rows: Sequence[int]) -> set[int]:
    """The rows that seem to belong to the order, or the customer, of the row above."""
    order, day, customer = (source.header_of(column) for column in ("order_id", "day", "customer_id"))
    if source.table != "transactions" or day is None:
        return set()
    above: int | None = None
    further, orders, days = set(), set(), set()
    for place in rows:
        number = _text(draft, order, place)
        if order and number:
            is_further = number in orders
            orders.add(number)
        elif order:
            same_day = _text(draft, day, place) in ("", _text(draft, day, above)) if above is not None else False
            is_further = same_day and not _text(draft, customer, place)
        else:
            is_further = above is not None and not _text(draft, day, place)
        days |= {place} if not _text(draft, day, place) else set()
        if is_further:
            further.add(place)
        else:
            above = place
    if not further and order is None and customer is not None:
        return _below_customers(draft, customer, rows)
    bare = {place for place in further if order and not _text(draft, order, place)}
    if len(bare) > len(rows) - len(bare):
        return further if bare <= days else set()  # most rows without an order: sales of nobody
    return further


def _lacks(draft: ProposalDraft, source: SourceMapping, place: int) -> bool:
    headers = [source.header_of(column) for column in ("day", "customer_id", "status")]
    return any(header and not _text(draft, header, place) for header in headers)


def _below_customers(draft: ProposalDraft, customer: str, rows: Sequence[int]) -> set[int]:
    """Rows without a customer in a list that names each customer once, in the first row of a block."""
    texts = [_text(draft, customer, place) for place in rows]
    named = [text for text in texts if text]
    blank = {place for place, text in zip(rows, texts, strict=True) if not text}
    if not named or not texts[0] or len(set(named)) < len(named) or len(blank) < LEAST_BLANK * len(rows):
        return set()
    return blank


def _is_counted(draft: ProposalDraft, source: SourceMapping, header: str) -> bool:
    """Whether a column holds figures of a line or of the order, which are never repeated."""
    if source.columns.get(header) is not None:
        return source.columns[header] in FIGURES_OF_LINES
    shape, key = draft.shapes[header], comparison_key(header)
    known = any(one.table == "transactions" and one.column in FIGURES_OF_LINES for one in meanings(header))
    is_number = shape.share(shape.numbers) > 0.5 and (known or shape.whole < shape.numbers or shape.high in (None, 0.0))
    is_part = any(word in key for word in PARTS_OF_AMOUNTS) and shape.share(shape.numbers) > 0.5
    return is_number or is_part or is_discount(header) or is_tax(header) or is_refunded_amount(header)


def _is_data(draft: ProposalDraft, place: int) -> bool:
    texts = [text for header in draft.sample.header if (text := _text(draft, header, place))]
    return bool(texts) and comparison_key(texts[0]) not in TOTAL_WORDS


def _blank_share(draft: ProposalDraft, header: str, places: Sequence[int] | set[int]) -> float:
    return sum(not _text(draft, header, place) for place in places) / len(places)


def _above(draft: ProposalDraft, header: str, place: int) -> str:
    """What a column says in a row, or in the next row above that says something."""
    return next((text for row in range(place, -1, -1) if (text := _text(draft, header, row))), "")


def _text(draft: ProposalDraft, header: str | None, place: int | None) -> str:
    return "" if header is None or place is None else (draft.sample.values[header][place] or "").strip()
