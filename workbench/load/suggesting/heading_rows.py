"""Rows that hold nothing but a name, above the rows that are of it: a report's customers, each above its sales."""

from __future__ import annotations

from dataclasses import replace

from workbench.load.mapping.source_mapping import SourceMapping
from workbench.load.suggesting.proposal_draft import EXAMPLE_LINES, ProposalDraft

FEWEST_BELOW = 2
"""So many cells a row below a heading must fill: a list of names has none below."""


def ask_heading_rows(draft: ProposalDraft, source: SourceMapping) -> SourceMapping:
    """Ask whether names that stand alone in their row are those of the rows below, and read the sample as suggested.

    Such a column is blank in all other rows, and the first row is such a heading.
    """
    rows = [
        {header for header in draft.sample.header if (draft.sample.values[header][place] or "").strip()}
        for place in range(draft.sample.row_count)
    ]
    filled = [headers for headers in rows if headers]
    if source.table != "transactions" or not filled or len(filled[0]) != 1:
        return source
    (header,) = filled[0]
    below = [headers for headers in filled if header not in headers]
    headings = [place for place, headers in enumerate(rows) if headers == {header}]
    if len(below) + len(headings) < len(filled) or any(len(headers) < FEWEST_BELOW for headers in below) or not below:
        return source
    texts = [(text or "").strip() for text in draft.sample.values[header]]
    lines = tuple(dict.fromkeys(texts[place] for place in headings))[:EXAMPLE_LINES]
    draft.ask("heading_rows", {"yes": lines, "no": ()}, header=header, count=len(headings), suggested="yes")
    above = ""
    spread: list[str | None] = []
    for text in texts:
        above = text or above
        spread.append(above)
    kept = [place for place in range(len(rows)) if place not in headings]
    values = {**draft.sample.values, header: spread}
    draft.sample = replace(
        draft.sample, values={name: [cells[place] for place in kept] for name, cells in values.items()}
    )
    return replace(source, heading_column=header)
