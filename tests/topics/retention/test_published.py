"""Published retention of one UK shop (Online Retail, first cohort), from the raw file to the digit."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.analyses.raw_files import ONLINE_RETAIL, loaded
from tests.analyses.rows import records
from workbench.topics.retention import cohort_retention

COHORT = {
    "line": [948, 362, 317, 367, 341, 376, 360, 336, 336, 374, 354, 474, 260],
    "purchase": [885, 324, 286, 340, 321, 352, 321, 309, 313, 350, 331, 445, 235],
}
"""2010-12 and the twelve months after it: customers of any line, and of lines with a quantity above zero."""


def test_the_first_cohort_comes_out_as_published(shared_data: Path, tmp_path: Path):
    with loaded(shared_data / "online_retail" / "onlineretail.parquet", ONLINE_RETAIL, tmp_path) as store:
        for sign, counts in COHORT.items():
            cells = records(cohort_retention(store.transactions, as_of=store.snapshot.as_of, sign=sign))
            first = [row for row in cells if (row["cohort"].year, row["cohort"].month) == (2010, 12)]
            assert [row["active_customers"] for row in first] == counts
            assert [row["is_incomplete"] for row in first] == [False] * 12 + [True], "nine days of December 2011"
            assert first[-1]["retention_rate"] == pytest.approx(counts[-1] / counts[0])
