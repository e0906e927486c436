"""A segment table as a segmentation: rules on any columns of the customer facts, or on scores with frozen cuts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ibis.expr.types as ir

from workbench.analyses.rules.audit import audit_segments
from workbench.analyses.rules.domain import SCORES
from workbench.analyses.rules.table import SegmentTable
from workbench.analyses.segmentation import Ground, Segment, register
from workbench.errors import ChoiceError
from workbench.topics.rfm.cuts import AnyCuts, cuts_from, thresholds_of
from workbench.topics.rfm.query import rfm_scores

TABLE_KIND = "table"


@dataclass(frozen=True)
class TableSegmentation:
    """Group customers by the ordered rules of a table; the first that fits gives the segment.

    Rules may ask for any column of the customer facts. Where they ask for R, F or M scores, `cuts` says where the
    scores begin, and stays the same at every date. The columns asked for are the evidence.

    Raises ChoiceError where scores are asked for and the cuts are missing or make another number of scores.
    """

    table: SegmentTable
    cuts: AnyCuts | None = None

    def __post_init__(self) -> None:
        if not set(self.table.columns) & set(SCORES):
            return
        if self.cuts is None:
            raise ChoiceError("segment_table_cuts", table=self.table.id, bins=self.table.bins)
        if self.cuts.bins != self.table.bins:
            raise ChoiceError("table_needs_bins", bins=self.table.bins, given=self.cuts.bins)

    @property
    def kind(self) -> str:
        """ "table"."""
        return TABLE_KIND

    @property
    def thresholds(self) -> Mapping[str, Sequence[float]]:
        """The cut points of the scores that the rules ask for."""
        return {} if self.cuts is None else thresholds_of(self.cuts)

    @property
    def names(self) -> Mapping[str, str]:
        """The table's name by language."""
        return self.table.names

    @property
    def segments(self) -> tuple[Segment, ...]:
        """The segments in the order of the rules; the others where customers can be left over."""
        named = self.table.segments
        return named if audit_segments(self.table).has_holes else named[:-1]

    @property
    def evidence(self) -> tuple[str, ...]:
        """The columns that the rules ask for; of scores also what they are made of."""
        columns = self.table.columns
        measures = {"r_score": "recency_days", "f_score": "frequency", "m_score": "monetary"}
        return tuple(dict.fromkeys([*columns, *(measures[name] for name in columns if name in measures)]))

    def assign(self, ground: Ground) -> ir.Table:
        """Return customer_id, segment and the evidence of every customer of the facts."""
        return self.group(with_scores(ground.facts, self.cuts))

    def group(self, rows: ir.Table) -> ir.Table:
        """Return what `assign` does from facts that have their scores already (`with_scores`)."""
        return rows.select("customer_id", segment=self.table.segment_of(rows), **{n: rows[n] for n in self.evidence})

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for TOML or JSON."""
        cuts = {} if self.cuts is None else {"cuts": self.cuts.as_dict()}
        return {"kind": TABLE_KIND, "names": dict(self.names), "table": self.table.as_dict(), **cuts}

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> TableSegmentation:
        """Read back what `as_dict` gave; a ChoiceError says what is missing or cannot be."""
        table, cuts = plain.get("table"), plain.get("cuts")
        if not isinstance(table, Mapping) or not (cuts is None or isinstance(cuts, Mapping)):
            raise ChoiceError("segment_rules_missing")
        return cls(SegmentTable.from_dict(table), None if cuts is None else cuts_from(cuts))


def with_scores(facts: ir.Table, cuts: AnyCuts | None) -> ir.Table:
    """Return the customer facts, with r_score, f_score and m_score where cuts are given."""
    if cuts is None:
        return facts
    scores = rfm_scores(facts, cuts=cuts).select("customer_id", *SCORES)
    return facts.inner_join(scores, "customer_id")


register(TABLE_KIND, TableSegmentation.from_dict)
