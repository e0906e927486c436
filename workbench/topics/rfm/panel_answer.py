"""What the RFM panel found, for its charts, words and lists."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from workbench.analyses.rules.audit import Audit
from workbench.panels.base import Answer
from workbench.topics.rfm.chart import RfmMeasure
from workbench.topics.rfm.counts import RfmCells
from workbench.topics.rfm.segmentation import RfmSegmentation
from workbench.topics.rfm.sensitivity import Sensitivity


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
    measure: RfmMeasure
    customer_count: int
    monetary: float
