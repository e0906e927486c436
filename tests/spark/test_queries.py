"""Every query runs on a Spark cluster and answers what DuckDB answers, row by row; with --full, every case of it."""

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


@pytest.fixture(scope="session")
def chosen(asked: dict[Company, Asked], request: pytest.FixtureRequest) -> list[str]:
    """The cases that are asked: as many as it takes to try all that is tried, with --full every case."""
    return [*CASES] if request.config.getoption("--full") else asked["sample"].covering()


NOBODY_ASKS_EVERY = 4
"""Of no rows every fourth case is asked, all with --full: the plan is the same, and few answers differ."""


def companies_of(place: int, *, full: bool) -> tuple[Company, ...]:
    """Return which companies a case is asked of."""
    return COMPANIES if full or place % NOBODY_ASKS_EVERY == 0 else ("sample",)


TOPICS = sorted({name.partition(".")[0] for name in CASES})


@pytest.mark.filterwarnings("ignore:The copy keyword is deprecated")  # pyspark's, on the way to pandas that Ibis takes
@pytest.mark.parametrize("topic", TOPICS)
def test_queries_answer_on_spark_what_they_answer_on_duckdb(
    topic: str,
    spark_tables: dict[Company, Tables],
    asked: dict[Company, Asked],
    chosen: list[str],
    request: pytest.FixtureRequest,
):
    """Every query of a topic, by the cases that `Asked.covering` chooses; with --full all cases, and all of nobody."""
    full, unlike = request.config.getoption("--full"), dict[tuple[str, Company], Any]()
    for place, name in enumerate(chosen):
        if name.partition(".")[0] == topic:
            for company in companies_of(place, full=full):
                expected = answer(lambda: asked[company].of(name), ir.Table.to_pyarrow)  # noqa: B023
                found = answer(lambda: CASES[name](spark_tables[company]), on_cluster)  # noqa: B023
                if apart := unlikeness(expected, found, company):
                    unlike[name, company] = apart
    assert unlike == {}


def unlikeness(expected: Any, found: Any, company: Company) -> object:
    """Say where two answers to a case differ; None where they are equal."""
    if isinstance(expected, pa.Table) and isinstance(found, pa.Table):
        if company == "sample" and not expected.num_rows:
            return "a case of no rows compares nothing"
        return differences(expected, found) or None
    return None if found == expected else (expected, found)


def test_an_answer_unlike_the_other_is_told():
    one, other, none = (pa.table({"customers": rows}) for rows in ([1, 2], [1, 3], pa.array([], pa.int64())))
    assert unlikeness(one, one, "sample") is None
    assert unlikeness(one, other, "sample") == differences(one, other) != []
    assert unlikeness(none, none, "sample") == "a case of no rows compares nothing"
    assert unlikeness(none, none, "nobody") is None
    assert unlikeness(("no_customers", {}), one, "sample") is not None


def test_the_chosen_cases_ask_every_query_and_are_no_more_than_it_takes(asked: dict[Company, Asked]):
    covering = asked["sample"].covering()
    assert asked["sample"].unasked(covering) == []
    assert {name.partition(".")[0] for name in covering} == set(TOPICS), "every topic is asked something"
    assert len(covering) < len(CASES) * 2 / 3


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
