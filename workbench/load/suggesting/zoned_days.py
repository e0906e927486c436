"""Columns of days whose moments carry a time zone: the company's own is asked for, never assumed."""

from __future__ import annotations

from workbench.load.mapping.source_mapping import SourceMapping
from workbench.load.mapping.zone_choices import time_zone_question
from workbench.load.suggesting.proposal_draft import ProposalDraft, headers_of_type


def ask_time_zone(draft: ProposalDraft, source: SourceMapping) -> SourceMapping:
    """Ask once for all columns of a file, with the first whose values carry a zone."""
    for header in headers_of_type(source, "date", "timestamp"):
        texts = list(dict.fromkeys(text for text in draft.sample.values[header] if text))
        facts = {"sheet": draft.sample.sheet, "header": header}
        question = time_zone_question(draft.sample.file, texts, **facts)
        if question is not None:
            draft.questions.append(question)
            draft.unsure(header)
            return source
    return source
