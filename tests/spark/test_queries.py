"""Every query runs on a Spark cluster and answers what DuckDB answers, row by row."""

from __future__ import annotations

import re
from typing import Any

import ibis.expr.types as ir
import pyarrow as pa
import pytest

from tests.spark.cases import Case, cases, queries, unasked
from tests.spark.company import COMPANIES, Company, Tables
from tests.spark.comparison import differences
from workbench.errors import WorkbenchError

CASES = cases()


def on_cluster(expression: ir.Table) -> pa.Table:
    """Fetch an answer as Spark gives it: Ibis would take a detour over pandas and lose whole numbers beside nulls."""
    backend = expression.get_backend()
    sql = backend.compile(expression)
    is_global = re.search(r"\bNTILE\b", sql, re.IGNORECASE)
    assert not is_global, "NTILE takes everybody to one worker; compare with cut points instead"
    return backend.raw_sql(sql).toArrow()


def answer(case: Case, tables: Tables, fetch: Any) -> Any:
    """Ask a case: its rows, its plain value, or the words in which the query says that there is nothing to show."""
    try:
        asked = case(tables)
    except WorkbenchError as error:
        return error.key, error.facts
    return fetch(asked) if isinstance(asked, ir.Table) else asked


@pytest.mark.filterwarnings("ignore:The copy keyword is deprecated")  # pyspark's, on the way to pandas that Ibis takes
@pytest.mark.parametrize("name", CASES)
def test_a_query_answers_on_spark_what_it_answers_on_duckdb(
    name: str, spark_tables: dict[Company, Tables], duckdb_tables: dict[Company, Tables]
):
    for company in COMPANIES:
        expected = answer(CASES[name], duckdb_tables[company], ir.Table.to_pyarrow)
        found = answer(CASES[name], spark_tables[company], on_cluster)
        if isinstance(expected, pa.Table) and isinstance(found, pa.Table):
            assert company == "nobody" or expected.num_rows, "a case of no rows compares nothing"
            assert differences(expected, found) == [], company
        else:
            assert found == expected, company


def test_every_query_has_a_case(duckdb_tables: dict[Company, Tables]):
    lacking = unasked(CASES, duckdb_tables["sample"])
    assert lacking == [], "write a function that asks it into queries.py, beside the tests of its topic"


def test_a_query_without_a_case_is_named(duckdb_tables: dict[Company, Tables]):
    some = {name: case for name, case in CASES.items() if name.startswith("tiers.")}
    asked = set(queries()) - set(unasked(some, duckdb_tables["sample"]))
    assert {name.rpartition(".")[2] for name in asked} == {
        "assign",
        "tier_begins",
        "tier_changes",
        "tier_columns",
        "tiers_before",
    }
