"""What the RFM panel found, for its charts, words and lists."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from workbench.analyses.rfm_counts import RfmCells
from workbench.analyses.rfm_segmentation import RfmSegmentation
from workbench.analyses.rfm_sensitivity import Sensitivity
from workbench.analyses.rules.table_audit import Audit
from workbench.charts.rfm import Measure
from workbench.panels.base import Answer


@dataclass(frozen=True)
class RfmAnswer(Answer):
    """Every customer's scores and segment, the segments' sums (`rows`), the R x F cells, the audit, the sensitivity.

    `method` is how the cut points in force were found, "kept" where the reader keeps them; `audit` is None where the
    composite score makes the segments, `sensitivity` where its chart is not shown (brief, and on managers' pages).
    """

    cells: pd.DataFrame
    totals: RfmCells
    rules: RfmSegmentation
    method: str
    audit: Audit | None
    sensitivity: Sensitivity | None
    measure: Measure
    customer_count: int
    monetary: float
