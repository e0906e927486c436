"""Ids that several files share: a column that holds the ids of a customer file names customers too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from workbench.load.cleaning.clean import clean_values
from workbench.load.mapping.source_mapping import SourceMapping, Suggestion
from workbench.load.suggesting.column_shapes import RowSample
from workbench.load.suggesting.file_proposal import FileProposal, with_attributes
from workbench.schema import TABLES

SHARED_SHARE = 0.5
"""At least this share of a column's different values must be known customers."""

FEWEST_SHARED = 5


def with_shared_ids(proposals: Sequence[FileProposal]) -> list[FileProposal]:
    """Find the column of customer ids by its values where a file's headers name none, or several."""
    known_ids: set[str] = set()
    for proposal in proposals:
        if proposal.source is not None and proposal.source.table == "customers":
            header = proposal.source.header_of("customer_id")
            known_ids |= _ids(proposal.sample, header) if header else set()
    return [_with_known_customers(proposal, known_ids) for proposal in proposals]


def _with_known_customers(proposal: FileProposal, known_ids: set[str]) -> FileProposal:
    source = proposal.source
    if source is None or source.table == "customers" or not known_ids:
        return proposal
    if "customer_id" not in TABLES[source.table].names:
        return proposal
    header = source.header_of("customer_id")
    open_questions = [
        question
        for question in proposal.questions
        if question.key == "two_candidates" and question.facts.get("column") == "customer_id"
    ]
    candidates = list(open_questions[0].choices) if open_questions else [] if header else list(source.attributes)
    shared = {name: _overlap(_ids(proposal.sample, name), known_ids) for name in candidates}
    best = max(shared, key=lambda name: shared[name], default=None)
    if best is None or shared[best] < SHARED_SHARE:
        return proposal
    questions = tuple(question for question in proposal.questions if question not in open_questions)
    return replace(proposal, source=_with_id(proposal.sample, source, best, shared[best]), questions=questions)


def _with_id(sample: RowSample, source: SourceMapping, header: str, share: float) -> SourceMapping:
    facts = {"header": header, "table": source.table, "column": "customer_id", "percent": round(100 * share)}
    others = [one for one in source.suggestions if one.target != "customer_id" and one.header != header]
    suggestions = (*others, Suggestion(header, "customer_id", "ids_shared", 0.85, True, facts))
    return with_attributes(sample, replace(source.with_column("customer_id", header), suggestions=suggestions))


def _ids(sample: RowSample, header: str) -> set[str]:
    """The different ids of a column, cleaned by the rules for ids."""
    return {value for value, _ in clean_values(list(dict.fromkeys(sample.values[header])), "id") if value is not None}


def _overlap(ids: set[str], known_ids: set[str]) -> float:
    """The share of ids that are known; 0 where they are too few to tell."""
    return len(ids & known_ids) / len(ids) if len(ids & known_ids) >= FEWEST_SHARED else 0.0
