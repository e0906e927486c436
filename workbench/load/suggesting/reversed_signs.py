"""Sales written below zero: a ledger of stored value, or of accounts, writes what customers paid with a minus."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from workbench.load.mapping.row_meanings import names_returns
from workbench.load.mapping.source_mapping import SourceMapping
from workbench.load.reading.source_names import stem
from workbench.load.suggesting.proposal_draft import EXAMPLE_LINES, ProposalDraft
from workbench.load.suggesting.rows_of_no_sale import counts_as_sale
from workbench.load.suggesting.sales_questions import numbers_of


def ask_negative_sales(draft: ProposalDraft, source: SourceMapping) -> SourceMapping:
    """Ask whether customers paid money that most rows write below zero, or whether it was paid back to them.

    Rows that a status leaves out, or takes for money paid back, say nothing of it; a sheet of returns is no question.
    Without an amount the pieces or the price decide the sign of what a row brings. What is turned round is all
    figures under the headers that are mostly below zero, so that those above it are paid back.
    """
    if source.table != "transactions" or names_returns(draft.sample.sheet or stem(draft.sample.file)):
        return source
    amount, quantity, price = (source.header_of(column) for column in ("amount", "quantity", "unit_price"))
    written = {header: numbers_of(draft, source, header) for header in (amount, quantity, price) if header}
    sales = [place for place in range(draft.sample.row_count) if counts_as_sale(draft, source, place)]
    below = [header for header, numbers in written.items() if _are_mostly_below([numbers[place] for place in sales])]
    deciding = {header for header in ((amount,) if amount else (quantity, price)) if header}
    if not deciding & {*below} or (amount is None and len(below) > 1):  # a minus of both makes a plus
        return source
    header = next(one for one in below if one in deciding)
    shown = [place for place in sales if (written[header][place] or 0) < 0]
    numbers = [(written[header][place] or Decimal(0)).normalize() for place in shown[:EXAMPLE_LINES]]
    choices = {"paid": tuple(f"{one:f} → {-one:f}" for one in numbers), "back": tuple(f"{one:f}" for one in numbers)}
    draft.ask("negative_sales", choices, header=header, headers=below, count=len(shown), suggested="")
    draft.unsure(header)
    return source


def _are_mostly_below(numbers: Iterable[Decimal | None]) -> bool:
    signs = [number > 0 for number in numbers if number]
    return 2 * sum(signs) < len(signs)
