"""The same expressions on Spark: every query compiles to its SQL, without a function that only DuckDB has."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import ibis
import ibis.expr.types as ir
import pytest
from ibis.config import Config

from tests.analyses.rows import bought, scored, table, transactions, worth
from workbench.analyses import customer_facts, segment_sizes, segment_table, totals_by
from workbench.topics.pareto import abc_classes, abc_summary, lorenz
from workbench.topics.rfm import Cuts, NestedCuts, rfm_cells, rfm_scores, rfm_segments

TODAY = date(2024, 12, 31)
CUTS = Cuts((1, 2, 3, 4), (1, 2, 3, 4), (1, 2, 3, 4))
NESTED = NestedCuts((30,), ((2,), (3,)), (((10,), (20,)), ((30,), (40,))))


class SparkOptions(Config):
    """What Ibis reads while it writes Spark's SQL; otherwise set only when pyspark is installed."""

    treat_nan_as_null: bool = False


def facts() -> ir.Table:
    seen = table("interactions", {"customer_id": "VARCHAR", "day": "DATE", "kind": "VARCHAR"}, [])
    people = table("customers", {"customer_id": "VARCHAR", "name": "VARCHAR"}, [])
    lines = transactions(bought("王", "2024-05-01", 1))
    return customer_facts(lines, as_of=TODAY, since=TODAY, interactions=seen, customers=people)


def segmented() -> ir.Table:
    return rfm_segments(rfm_scores(scored(), cuts=CUTS), table=segment_table("r_rfm_vignette"))


QUERIES: dict[str, Callable[[], ir.Table]] = {
    "customer_facts": facts,
    "totals_by": lambda: totals_by(transactions(), as_of=TODAY),
    "abc_classes": lambda: abc_classes(worth(1)),
    "abc_classes_in_row_order": lambda: abc_classes(worth(1), ties="row_order", boundary="inclusive"),
    "abc_summary": lambda: abc_summary(abc_classes(worth(1))),
    "lorenz": lambda: lorenz(abc_classes(worth(1))),
    "rfm_segments": segmented,
    "rfm_cells": lambda: rfm_cells(segmented()),
    "segment_sizes": lambda: segment_sizes(segmented(), facts()),
    "nested_rfm_scores": lambda: rfm_scores(facts(), cuts=NESTED, count_by="day", money="average"),
}


@pytest.mark.parametrize("query", QUERIES)
def test_a_query_can_be_asked_of_spark(query: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(ibis.options, "pyspark", SparkOptions())
    sql = str(ibis.to_sql(QUERIES[query](), dialect="pyspark"))
    assert sql.startswith(("SELECT", "WITH"))
    assert "NTILE" not in sql.upper()
