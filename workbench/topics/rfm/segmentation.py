"""RFM as a segmentation: cut points, what F and M are, weights, and a segment table, frozen and kept as data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass, field
from functools import cached_property
from typing import Any, get_args

import ibis.expr.types as ir
import numpy as np
from numpy.typing import NDArray

from workbench.analyses.choices import check_choice
from workbench.analyses.facts import CountBy
from workbench.analyses.rules.axes import axes_of, first_fitting, fitting
from workbench.analyses.rules.table import SegmentTable, segment_table
from workbench.analyses.segmentation import Ground, Segment, register
from workbench.errors import ChoiceError
from workbench.topics.rfm.composite import (
    COMPOSITE_LEVELS,
    Weights,
    level,
    level_segments,
    rfm_composite,
    rfm_levels,
)
from workbench.topics.rfm.cuts import AnyCuts, cuts_from, thresholds_of
from workbench.topics.rfm.measures import Money
from workbench.topics.rfm.query import rfm_scores, rfm_segments

RFM_KIND = "rfm"


@dataclass(frozen=True)
class RfmSegmentation:
    """Customers scored on R, F and M by kept cut points, and named by a segment table or by their composite score.

    The cut points are part of it, so the same rules can be asked of another day, period or company. A table reckons
    with as many scores as there are; it decides by R, F and M alone. With `table="levels"` the segments are the whole
    levels of the composite score, for any number of scores.

    Parameters
    ----------
    cuts
        Flat or nested, in the units of `count_by` and `money`.
    table
        The name of a table that comes with the workbench, a table of one's own, or "levels".
    weights
        Of R, F and M in the composite score.

    Examples
    --------
    >>> from workbench.topics.rfm.cuts import Cuts
    >>> rules = RfmSegmentation(Cuts((30,), (3,), (5000,)), table="eight_groups")
    >>> rules.segments[0].names["zh"], rules.as_dict()["kind"]
    ('重要价值', 'rfm')
    """

    cuts: AnyCuts
    table: str | SegmentTable = "r_rfm_vignette"
    count_by: CountBy = "order"
    money: Money = "total"
    weights: Weights = field(default_factory=Weights)

    def __post_init__(self) -> None:
        check_choice("count_by", self.count_by, get_args(CountBy))
        check_choice("money", self.money, get_args(Money))
        weights = Weights.of(self.weights)
        object.__setattr__(self, "weights", weights.without_money if self.money == "none" else weights)
        table = self.rules
        if table is None:
            return
        if self.money == "none" and "m_score" in table.columns:
            raise ChoiceError("rfm_table_needs_money", table=table.id)
        if not table.is_scores_only:
            raise ChoiceError("rfm_table_columns", table=table.id, columns=table.columns)
        if table.bins != self.cuts.bins:
            raise ChoiceError("table_needs_bins", bins=table.bins, given=self.cuts.bins)

    @cached_property
    def rules(self) -> SegmentTable | None:
        """The segment table; None where the composite score makes the segments."""
        if isinstance(self.table, SegmentTable):
            return self.table
        return None if self.table == COMPOSITE_LEVELS else segment_table(self.table)

    @property
    def kind(self) -> str:
        return RFM_KIND

    @property
    def names(self) -> Mapping[str, str]:
        table = self.rules
        named = {"en": "composite score", "zh": "综合得分"} if table is None else table.names
        return {"en": f"RFM: {named['en']}", "zh": f"RFM：{named['zh']}"}

    @property
    def segments(self) -> tuple[Segment, ...]:
        table = self.rules
        return level_segments(self.cuts.bins) if table is None else table.segments

    @property
    def evidence(self) -> tuple[str, ...]:
        if self.money == "none":
            return ("recency_days", "frequency", "r_score", "f_score", "composite_score")
        money = ("average_order_value",) if self.money == "average" else ()
        scores = ("r_score", "f_score", "m_score", "composite_score")
        return ("recency_days", "frequency", "monetary", *money, *scores)

    @property
    def thresholds(self) -> Mapping[str, Sequence[float]]:
        """The cut points of each measure; none where the frequency's cuts lie within recency groups."""
        return thresholds_of(self.cuts, money=self.money)

    def assign(self, ground: Ground) -> ir.Table:
        """Return customer_id, segment and the evidence for every customer of the ground."""
        return self.assign_facts(ground.facts)

    def assign_facts(self, facts: ir.Table) -> ir.Table:
        """Do as `assign`; RFM looks at nothing but the customer facts."""
        scores = rfm_scores(facts, cuts=self.cuts, count_by=self.count_by, money=self.money)
        scored = rfm_composite(scores, weights=self.weights)
        table = self.rules
        named = rfm_levels(scored, weights=self.weights) if table is None else rfm_segments(scored, table=table)
        return named.select("customer_id", "segment", *self.evidence)

    def codes(self) -> NDArray[np.intp]:
        """Return for each combination of scores, bins x bins x bins, the place of its segment in `segments`."""
        table, bins = self.rules, self.cuts.bins
        if table is not None:
            return first_fitting(fitting(table, axes_of(table)))
        r, f, m = np.indices((bins, bins, bins)) + 1
        return np.asarray(bins - level(r, f, m, self.weights), dtype=np.intp)

    def as_dict(self) -> dict[str, Any]:
        return {
            "kind": RFM_KIND,
            "cuts": self.cuts.as_dict(),
            "count_by": self.count_by,
            "money": self.money,
            "weights": list(astuple(self.weights)),
            "table": self.table.as_dict() if isinstance(self.table, SegmentTable) else self.table,
        }

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> RfmSegmentation:
        """Read back what `as_dict` gave; a ChoiceError says what is missing or cannot be."""
        missing = [name for name in ("cuts", "table") if not plain.get(name)]
        if missing or not isinstance(plain["cuts"], Mapping):
            raise ChoiceError("rfm_rules_missing", missing=missing or ["cuts"])
        table = plain["table"]
        return cls(
            cuts_from(plain["cuts"]),
            SegmentTable.from_dict(table) if isinstance(table, Mapping) else table,
            plain.get("count_by", "order"),
            plain.get("money", "total"),
            Weights.of(plain["weights"]) if "weights" in plain else Weights(),
        )


register(RFM_KIND, RfmSegmentation.from_dict)
