"""Ids that several files share: a column whose values are a customer file's ids is a customer's id too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from workbench.load.cleaning.clean import clean_values
from workbench.load.mapping.source_mapping import SourceMapping, Suggestion
from workbench.load.suggesting.column_shapes import Sample
from workbench.load.suggesting.file_proposal import Proposal, with_attributes
from workbench.schema import TABLES

SHARED = 0.5
"""At least this share of a column's different values must be known customers."""

LEAST_SHARED = 5


def with_shared_ids(proposals: Sequence[Proposal]) -> list[Proposal]:
    """Find the customer's id by its values where a file's headers name none, or name several."""
    known: set[str] = set()
    for proposal in proposals:
        if proposal.source is not None and proposal.source.table == "customers":
            header = proposal.source.header_of("customer_id")
            known |= _ids(proposal.sample, header) if header else set()
    return [_settled(proposal, known) for proposal in proposals]


def _settled(proposal: Proposal, known: set[str]) -> Proposal:
    source = proposal.source
    if source is None or source.table == "customers" or "customer_id" not in TABLES[source.table].names or not known:
        return proposal
    header = source.header_of("customer_id")
    asked = [
        one for one in proposal.questions if one.key == "two_candidates" and one.facts.get("column") == "customer_id"
    ]
    candidates = list(asked[0].choices) if asked else [] if header else list(source.attributes)
    shared = {name: _overlap(_ids(proposal.sample, name), known) for name in candidates}
    best = max(shared, key=lambda name: shared[name], default=None)
    if best is None or shared[best] < SHARED:
        return proposal
    questions = tuple(one for one in proposal.questions if one not in asked)
    return replace(proposal, source=_with_id(proposal.sample, source, best, shared[best]), questions=questions)


def _with_id(sample: Sample, source: SourceMapping, header: str, share: float) -> SourceMapping:
    facts = {"header": header, "table": source.table, "column": "customer_id", "percent": round(100 * share)}
    others = [one for one in source.suggestions if one.target != "customer_id" and one.header != header]
    found = Suggestion(header, "customer_id", "ids_shared", 0.85, True, facts)
    return with_attributes(sample, replace(source.with_column("customer_id", header), suggestions=(*others, found)))


def _ids(sample: Sample, header: str) -> set[str]:
    """The different ids of a column, cleaned by the rules for ids."""
    return {value for value, _ in clean_values(list(dict.fromkeys(sample.values[header])), "id") if value is not None}


def _overlap(ids: set[str], known: set[str]) -> float:
    """The share of ids that are known; 0 where they are too few to tell."""
    return len(ids & known) / len(ids) if len(ids & known) >= LEAST_SHARED else 0.0
