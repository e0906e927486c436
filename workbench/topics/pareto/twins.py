"""80/20 by query and in memory: the sums of the classes, and the curve, wherever the cut-offs are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ibis.expr.types as ir
import pandas as pd

from workbench.analyses.twins import Twin
from workbench.topics.pareto.curve import AbcCurve
from workbench.topics.pareto.query import abc_cut, abc_summary, lorenz

AbcTwin = Twin[ir.Table, AbcCurve, Mapping[str, Any], pd.DataFrame]
"""From an `abc_ranking`, asked with the arguments of `abc_cut`."""

SUMMARY: AbcTwin = Twin(
    AbcCurve,
    by_query=lambda collect, ranking, how: collect(abc_summary(abc_cut(ranking, **how))),
    in_memory=lambda curve, how: curve.summary(curve.ends(**how)),
)
LORENZ: AbcTwin = Twin(
    AbcCurve,
    by_query=lambda collect, ranking, how: collect(lorenz(abc_cut(ranking, **how))),
    in_memory=lambda curve, how: curve.lorenz(curve.ends(**how)),
)
TWINS: Mapping[str, Twin[Any, Any, Any, Any]] = {"summary": SUMMARY, "lorenz": LORENZ}
