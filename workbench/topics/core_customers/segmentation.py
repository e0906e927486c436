"""The core customers as a segmentation: the best of the core score, ordinary ones, and those without a score yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from types import MappingProxyType
from typing import Any

import ibis
import ibis.expr.types as ir

from workbench.analyses.rounding import rounded
from workbench.analyses.segmentation import OTHERS, Ground, Segment, register
from workbench.errors import ChoiceError
from workbench.topics.core_customers.potential import PotentialSegmentation
from workbench.topics.core_customers.query import (
    MARKET,
    SHARE_DECIMALS,
    CoreWeights,
    core_measures,
    core_points,
    core_scores,
)

__all__ = ["CoreSegmentation", "PotentialSegmentation"]


@dataclass(frozen=True, kw_only=True)
class CoreSegmentation:
    """Name the best of the core score: core, ordinary, and others, who have no score yet.

    Core are the ranks up to `core_share` of the scored customers (at least one); equals at the end are all core.
    """

    weights: CoreWeights = field(default_factory=CoreWeights)
    core_share: float = 0.10
    influence: str = MARKET
    days: int = 365

    kind = "core"
    names = MappingProxyType({"en": "Core customers", "zh": "核心客户"})
    segments = (
        Segment("core", {"en": "Core", "zh": "核心客户"}, {"en": "best by the core score", "zh": "核心评分最高的客户"}),
        Segment("ordinary", {"en": "Ordinary", "zh": "一般客户"}, {"en": "scored, not core", "zh": "有评分，未入核心"}),
        Segment(
            OTHERS,
            {"en": "No score yet", "zh": "暂无评分"},
            {"en": "no history from which growth could be known", "zh": "历史不足，无法判断成长性"},
        ),
    )
    evidence = ("score", "core_rank", "profit_rank", "known_weight", "growth")

    def __post_init__(self) -> None:
        if not 0 < self.core_share <= 1:
            raise ChoiceError("core_share", share=self.core_share)

    def assign(self, ground: Ground) -> ir.Table:
        """Return customer_id, segment, score, the ranks by score and by profit, the weight known, and growth."""
        points = ground.keep(core_points(core_measures(ground, influence_by=self.influence, days=self.days)))
        scores = core_scores(points, weights=self.weights)
        places = scores.core_rank.count().over(ibis.window()).cast("float64") * self.core_share
        is_core = scores.core_rank <= ibis.greatest(rounded(places, SHARE_DECIMALS).ceil(), 1)
        segment = ibis.cases((scores.core_rank.isnull(), OTHERS), (is_core, "core"), else_="ordinary")
        return scores.select("customer_id", segment=segment, **{name: scores[name] for name in self.evidence})

    def as_dict(self) -> dict[str, Any]:
        """Return plain values.

        >>> CoreSegmentation().as_dict()["weights"]["growth"]
        20
        """
        return {"kind": self.kind, **asdict(self)}

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> CoreSegmentation:
        """Read back what `as_dict` gave."""
        return cls(
            weights=CoreWeights(**plain["weights"]),
            **{name: plain[name] for name in ("core_share", "influence", "days") if name in plain},
        )


register(CoreSegmentation.kind, CoreSegmentation.from_dict)
