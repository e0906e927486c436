"""Every query runs on a Spark cluster and answers what DuckDB answers, row by row."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import ibis.expr.types as ir
import pyarrow as pa
import pytest

from tests.spark.cases import CASES, Asked, queries
from tests.spark.company import COMPANIES, Company, Tables
from tests.spark.comparison import differences
from workbench.errors import WorkbenchError


def on_cluster(expression: ir.Table) -> pa.Table:
    """Fetch an answer as Spark gives it: Ibis would take a detour over pandas and lose whole numbers beside nulls."""
    backend = expression.get_backend()
    sql = backend.compile(expression)
    is_global = re.search(r"\bNTILE\b", sql, re.IGNORECASE)
    assert not is_global, "NTILE takes everybody to one worker; compare with cut points instead"
    return backend.raw_sql(sql).toArrow()


@pytest.fixture(scope="session")
def asked(duckdb_tables: dict[Company, Tables]) -> dict[Company, Asked]:
    """What every case asks of the companies on DuckDB."""
    return {company: Asked(tables) for company, tables in duckdb_tables.items()}


def answer(case: Callable[[], Any], fetch: Callable[[ir.Table], pa.Table]) -> Any:
    """Ask a case: its rows, its plain value, or the words in which the query says that there is nothing to show."""
    try:
        question = case()
    except WorkbenchError as error:
        return error.key, error.facts
    if isinstance(question, WorkbenchError):
        return question.key, question.facts
    return fetch(question) if isinstance(question, ir.Table) else question


NOBODY_ASKS_EVERY = 4
"""Of no rows every fourth case is asked, all with --full: the plan is the same, and few answers differ."""


def companies_of(name: str, *, full: bool) -> tuple[Company, ...]:
    """Return which companies a case is asked of."""
    return COMPANIES if full or [*CASES].index(name) % NOBODY_ASKS_EVERY == 0 else ("sample",)


@pytest.mark.filterwarnings("ignore:The copy keyword is deprecated")  # pyspark's, on the way to pandas that Ibis takes
@pytest.mark.parametrize("name", CASES)
def test_a_query_answers_on_spark_what_it_answers_on_duckdb(
    name: str, spark_tables: dict[Company, Tables], asked: dict[Company, Asked], request: pytest.FixtureRequest
):
    for company in companies_of(name, full=request.config.getoption("--full")):
        expected = answer(lambda: asked[company].of(name), ir.Table.to_pyarrow)  # noqa: B023
        found = answer(lambda: CASES[name](spark_tables[company]), on_cluster)  # noqa: B023
        if isinstance(expected, pa.Table) and isinstance(found, pa.Table):
            assert company == "nobody" or expected.num_rows, "a case of no rows compares nothing"
            assert differences(expected, found) == [], company
        else:
            assert found == expected, company


def test_every_query_has_a_case(asked: dict[Company, Asked]):
    lacking = asked["sample"].unasked(CASES)
    assert lacking == [], "write a function that asks it into queries.py, beside the tests of its topic"


def test_a_query_without_a_case_is_named(asked: dict[Company, Asked]):
    of_tiers = [name for name in CASES if name.startswith("tiers.")]
    called = set(queries()) - set(asked["sample"].unasked(of_tiers))
    assert {name.rpartition(".")[2] for name in called} == {
        "assign",
        "tier_begins",
        "tier_changes",
        "tier_columns",
        "tiers_before",
    }
