"""Hidden groups: what somebody who can add and subtract must not find out."""

from __future__ import annotations

import itertools
from functools import cache

import ibis
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.analyses.rows import CONNECTION, records
from tests.analyses.surveys import scores, surveys
from workbench.topics.satisfaction.query import nps

SMALLEST = 5


@cache
def question(by: str) -> str:
    """Return the SQL that asks an empty survey, to ask it again when the survey has been filled."""
    return ibis.to_sql(nps(surveys([], name="asked_often"), by=by).select(by, "is_hidden"), dialect="duckdb")


def hidden(sizes: dict[str | None, int], by: str = "touchpoint") -> set[str | None]:
    """Return the names of the hidden groups of a survey with so many answers per group."""
    sql = question(by)
    CONNECTION.execute("DELETE FROM asked_often")
    for place, (name, size) in enumerate(sizes.items()):
        touchpoint, day = (name, None) if by == "touchpoint" else (None, name)
        CONNECTION.execute(
            "INSERT INTO asked_often (response_id, kind, score, touchpoint, day) "
            "SELECT ? || '-' || range, 'nps', 9, ?, ? FROM range(?)",
            [str(place), touchpoint, day, size],
        )
    answer = CONNECTION.execute(sql).fetchall()
    return {None if name is None else str(name) for name, is_hidden in answer if is_hidden}


def derivable(known: list[np.ndarray], wanted: np.ndarray) -> bool:
    """Say whether a sum of known figures gives the wanted one: whether it lies in the span of what is known."""
    matrix = np.array(known)
    return np.linalg.matrix_rank(np.vstack([matrix, wanted])) == np.linalg.matrix_rank(matrix)


def leaks(sizes: list[int], known: list[np.ndarray]) -> list[tuple[int, ...]]:
    """Return every set of groups of together 1 to 4 people whose figure follows from what is known."""
    return [
        members
        for count in range(1, len(sizes) + 1)
        for members in itertools.combinations(range(len(sizes)), count)
        if 0 < sum(sizes[place] for place in members) < SMALLEST
        and derivable(known, np.isin(range(len(sizes)), members).astype(float))
    ]


def test_the_smallest_other_group_hides_with_the_one_too_small():
    assert hidden({"结算": 3, "维修": 40, "预约": 12}) == {"结算", "预约"}


def test_nothing_is_hidden_where_all_groups_are_large_enough():
    assert hidden({"结算": 5, "维修": 40}) == set()


def test_answers_without_a_name_are_a_group_too():
    assert hidden({None: 2, "维修": 40, "预约": 12}) == {None, "预约"}


def test_of_two_groups_of_the_same_people_neither_can_be_subtracted():
    people = [f"r{place}" for place in range(3)]
    answers = [{"score": 9, "touchpoint": name, "response_id": who} for name in ("结算", "维修") for who in people]
    answers += scores(*[9] * 9, touchpoint="预约")
    rows = records(nps(surveys(answers), by="touchpoint"))
    assert all(row["is_hidden"] for row in rows)


def test_a_month_too_small_hides_another_of_its_quarter_and_no_other_quarters():
    sizes = {"2025-01-10": 3, "2025-02-10": 20, "2025-03-10": 8, "2025-04-10": 9, "2025-05-10": 9}
    assert hidden(sizes, "month") == {"2025-01-01", "2025-03-01"}


def test_a_hidden_quarter_cannot_be_added_up_from_its_months():
    sizes = {"2025-01-10": 3, "2025-04-10": 20, "2025-05-10": 30, "2025-07-10": 90}
    assert hidden(sizes, "quarter") == {"2025-01-01", "2025-04-01"}
    assert hidden(sizes, "month") == {"2025-01-01", "2025-04-01"}


@settings(max_examples=100)
@given(st.lists(st.integers(1, 12), min_size=1, max_size=6), st.booleans())
def test_no_small_group_follows_from_the_total_and_the_groups_shown(sizes, unnamed):
    names: list[str | None] = [f"触点 {place}" for place in range(len(sizes))]
    if unnamed:
        names[0] = None
    covered = hidden(dict(zip(names, sizes, strict=True)))
    places = np.eye(len(sizes))
    known = [np.zeros(len(sizes))]
    known += [places[place] for place, name in enumerate(names) if name not in covered]
    if sum(sizes) >= SMALLEST:
        known.append(np.ones(len(sizes)))
    assert leaks(sizes, known) == []


@settings(max_examples=100)
@given(st.lists(st.integers(0, 9), min_size=9, max_size=9))
def test_no_small_group_follows_from_months_quarters_and_the_total_together(sizes):
    months = [f"2025-{month:02}-01" for month in range(1, 10)]
    quarters = ["2025-01-01", "2025-04-01", "2025-07-01"]
    given_sizes = {month: size for month, size in zip(months, sizes, strict=True) if size}
    covered_months, covered_quarters = hidden(given_sizes, "month"), hidden(given_sizes, "quarter")
    places = np.eye(9)
    known = [np.zeros(9)]
    known += [places[place] for place, month in enumerate(months) if month not in covered_months]
    known += [
        places[3 * place : 3 * place + 3].sum(axis=0)
        for place, quarter in enumerate(quarters)
        if quarter not in covered_quarters
    ]
    if sum(sizes) >= SMALLEST:
        known.append(np.ones(9))
    assert leaks(sizes, known) == []


@settings(max_examples=100)
@given(st.lists(st.integers(5, 30), min_size=1, max_size=6))
def test_groups_that_are_large_enough_are_never_hidden(sizes):
    assert hidden({f"触点 {place}": size for place, size in enumerate(sizes)}) == set()
