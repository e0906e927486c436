"""Days that a spreadsheet left as numbers, such as 45296: which calendar counts them is shown and asked."""

from __future__ import annotations

from dataclasses import replace

from workbench.load.cleaning.clean import clean_values
from workbench.load.mapping.source_mapping import SourceMapping
from workbench.load.suggesting.column_candidates import FITTING_SHARE
from workbench.load.suggesting.proposal_draft import EXAMPLE_LINES, ProposalDraft, headers_of_type


def ask_serial_days(draft: ProposalDraft, source: SourceMapping) -> SourceMapping:
    """Ask for the calendar of a column of days that holds numbers.

    A workbook of the 1904 calendar says so itself; one of the usual calendar may hold numbers of the other, pasted. A
    text file says nothing: nothing is suggested.
    """
    own = draft.sample.serials
    for header in headers_of_type(source, "date", "timestamp"):
        shape = draft.shapes[header]
        if shape.share(shape.serials) < FITTING_SHARE:
            continue
        texts = [text for text, _ in shape.commonest][:EXAMPLE_LINES]
        choices = {}
        for calendar in ("excel1904",) if own == "excel1904" else ("excel", "excel1904"):
            days = clean_values(texts, "date", date_format=calendar)
            choices[calendar] = tuple(f"{text} → {day}" for text, (day, _) in zip(texts, days, strict=True) if day)
        draft.ask("serial_days", choices, header=header, column=source.columns[header], suggested=own or "")
        draft.unsure(header)
        if own and source.date_format is None:
            source = replace(source, date_format=own)
    return source
