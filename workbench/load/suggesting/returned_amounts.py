"""Sheets of returns: their only money is what was paid back, under a header that names it."""

from __future__ import annotations

from dataclasses import replace

from workbench.load.mapping.row_meanings import ends_in_refunded_amount, is_refunded_amount, names_returns
from workbench.load.mapping.source_mapping import SourceMapping
from workbench.load.reading.source_names import stem
from workbench.load.suggesting.proposal_draft import ProposalDraft


def find_returned_amount(draft: ProposalDraft, source: SourceMapping) -> SourceMapping:
    """Take what was paid back for the amount of a sheet of returns without another; every row is a refund then.

    Whoever names another column for the amount names money paid back, too.
    """
    name = source.sheet or draft.sample.sheet or stem(draft.sample.file)
    if source.table != "transactions" or not names_returns(name) or source.header_of("amount") is not None:
        return source
    free = [header for header in draft.sample.header if header not in source.columns]
    named = [header for header in free if is_refunded_amount(header) or ends_in_refunded_amount(header)]
    header = next((one for one in named if draft.shapes[one].share(draft.shapes[one].numbers) > 0.5), None)
    return replace(source.with_column("amount", header) if header else source, returns=True)
