"""The core score: six stated measures, points by rank with ties equal, growth always counted, unknown never zero."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.analyses.rows import CONNECTION, DATABASE, bought, records, table, transactions
from tests.analyses.segmentation_laws import assert_laws, ground
from workbench.analyses.segmentation import OTHERS
from workbench.errors import ChoiceError
from workbench.topics.core_customers.query import (
    CRITERIA,
    CoreWeights,
    core_measures,
    core_points,
    core_scores,
    core_tenths,
    weak_months,
    with_tenths,
)
from workbench.topics.core_customers.segmentation import CoreSegmentation

AS_OF = date(2024, 12, 31)
LAWS = settings(max_examples=12)
POINTS = st.one_of(st.none(), st.integers(0, 10_000), st.just(5_000))
WEIGHTS = st.builds(
    CoreWeights,
    **{name: st.integers(1 if name == "growth" else 0, 100) for name in CRITERIA},
)


def measured(*lines: dict, **how) -> dict:
    return records(core_measures(ground(*lines, as_of=AS_OF, people=PEOPLE), **how), "customer_id")


PEOPLE = (("a", "企业", "东"), ("b", "个人", "东"), ("c", "个人", "西"))


def test_growth_compares_two_equal_spans_of_days_and_a_newcomer_has_none():
    """Ten purchases in two years, nine of them in the last, are more than chance."""
    more = [bought("a", f"2024-{month:02}-01", 300) for month in range(2, 11)]
    lines = [
        *(bought(name, "2020-06-01", 100) for name in "ab"),
        bought("a", "2023-06-01", 300),
        *more,
        *(bought("b", day, 500) for day in ("2023-06-01", "2024-06-01", "2024-07-01")),
        bought("c", "2021-01-01", 80),
        bought("d", "2023-06-01", 100),
    ]
    found = measured(*lines)
    assert found["a"]["growth"] == 0.8  # (2,700 - 300) / (2,700 + 300)
    assert found["b"]["growth"] == 0, "two purchases against one are chance"
    assert found["c"]["growth"] is None, "bought in neither span: unknown, not 0"
    assert found["d"]["growth"] is None, "first bought within the old span, of which no whole history is known"


def test_influence_is_the_part_of_the_own_market_and_a_region_that_is_not_known_says_nothing():
    found = measured(bought("a", "2024-01-01", 300), bought("b", "2024-01-01", 100), bought("x", "2024-01-01", 50))
    assert (found["a"]["influence"], found["b"]["influence"], found["x"]["influence"]) == (0.75, 0.25, None)


def test_behaviour_in_bad_times_is_the_share_of_spend_in_the_weak_third_of_months():
    lines = [bought("b", f"2024-0{month}-10", 1000 if month > 2 else 10, order_id=f"b{month}") for month in range(1, 7)]
    lines += [bought("a", f"2024-0{month}-01", 100, order_id=f"a{month}") for month in (1, 2, 3, 4)]
    found = measured(*lines)
    assert found["a"]["bad_times"] == 0.5  # January and February are the weak months of six
    assert found["b"]["bad_times"] == pytest.approx(20 / 4020)
    assert measured(*lines, bought("c", "2024-01-01", 5))["c"]["bad_times"] is None, "one purchase shows no behaviour"


def weak(*revenue: float, begins: str = "2023-01-01", as_of: date | None = None) -> list[str]:
    """Return the weak months of a company that sold so much on the first day of each month."""
    first = date.fromisoformat(begins)
    days = [date(first.year + (first.month - 1 + place) // 12, (first.month - 1 + place) % 12 + 1, first.day)
            for place in range(len(revenue))]  # fmt: skip
    lines = [bought("a", day.isoformat(), amount) for day, amount in zip(days, revenue, strict=True)]
    end = as_of or date(days[-1].year, days[-1].month, 28) + timedelta(days=4)
    found = records(weak_months(transactions(*lines), as_of=end), "month")
    return sorted(str(month)[:7] for month, row in found.items() if row["is_weak"])


def test_a_month_that_has_not_ended_or_began_late_is_no_weak_month():
    even = (100, 101, 99, 100, 102, 98, 100, 101)
    assert "2023-08" not in weak(*even[:-1], 5, as_of=date(2023, 8, 2))
    assert "2023-08" in weak(*even[:-1], 5)
    assert "2023-01" not in weak(5, *even[1:], begins="2023-01-22")
    assert "2023-01" in weak(5, *even[1:])


def test_growth_makes_no_early_month_weak():
    growing = [100 * (9 + place) * (0.8 if place % 3 == 1 else 1) for place in range(1, 13)]
    assert weak(*growing) == ["2023-01", "2023-04", "2023-07", "2023-10"]
    assert sorted(growing)[:4] != [growing[place] for place in (0, 3, 6, 9)], "the lowest are not the weak ones"


def test_a_season_that_comes_back_is_no_bad_time():
    year = [30, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100]
    three = [*year, *year, *year]
    three[18] = 40
    found = weak(*three)
    assert "2024-07" in found
    assert "2023-01" not in found


def test_fewer_than_six_whole_months_tell_no_bad_times():
    lines = [bought("a", f"2024-0{month}-10", 100 * month, order_id=f"a{month}") for month in range(1, 6)]
    assert measured(*lines)["a"]["bad_times"] is None
    lines.append(bought("a", "2024-06-10", 100, order_id="a6"))
    assert measured(*lines)["a"]["bad_times"] is None, "January began on the tenth and is not whole"
    assert measured(*lines, bought("a", "2024-07-10", 100, order_id="a7"))["a"]["bad_times"] is not None


def test_what_no_table_tells_is_unknown_for_everybody():
    found = measured(bought("a", "2024-01-01", 300))
    assert found["a"]["word_of_mouth"] is None
    assert found["a"]["share"] is None


def test_a_column_of_the_customers_can_be_influence():
    where = ground(bought("a", "2024-01-01", 1), as_of=AS_OF, people=(("a", "12", "东"),))
    assert records(core_measures(where, influence_by="customer_type"))[0]["influence"] == 12
    with pytest.raises(ChoiceError) as raised:
        core_measures(where, influence_by="fleet")
    assert "fleet" in raised.value.words("zh")


def test_points_are_ranks_with_ties_in_the_middle_of_their_places():
    lines = [bought(name, "2024-01-01", spend) for name, spend in (("a", 5), ("b", 5), ("c", 9), ("d", 1), ("e", 20))]
    found = records(core_points(core_measures(ground(*lines, as_of=AS_OF))), "customer_id")
    assert [found[name]["revenue_points"] for name in "deabc"] == [0, 10_000, 3_750, 3_750, 7_500]
    assert [found[name]["profit_rank"] for name in "ecabd"] == [1, 2, 3, 3, 5]


@pytest.mark.parametrize("count", [1, 4])
def test_one_customer_and_all_equal_have_the_middle_points(count: int):
    lines = [bought(f"c{place}", day, 10) for place in range(count) for day in ("2022-02-01", "2024-02-01")]
    points = core_points(core_measures(ground(*lines, as_of=AS_OF)))
    for row in records(core_scores(points, weights=CoreWeights())):
        assert (row["score"], row["core_rank"], row["profit_rank"]) == (5_000, 1, 1)


@pytest.mark.parametrize("wrong", [{"growth": 0}, {"revenue": -1}, {"share": 101}, {"share": 1.5}])
def test_growth_weighs_something_and_no_weight_is_outside_its_range(wrong: dict):
    with pytest.raises(ChoiceError) as raised:
        CoreWeights(**wrong)
    assert raised.value.words("zh")


NAMES = ("profit_rank", "core_rank")


def points_of(rows: list[tuple]) -> object:
    """Kept points: six criteria, then a rank by profit."""
    columns = {"customer_id": "VARCHAR"}
    columns |= dict.fromkeys(CRITERIA, "DOUBLE") | {"profit": "DECIMAL(18,2)"}
    columns |= {f"{name}_points": "BIGINT" for name in CRITERIA} | {"profit_rank": "BIGINT"}
    filled = [(f"c{place:02}", *[None] * 7, *row) for place, row in enumerate(rows)]
    return table("core_points", columns, filled)


def test_a_criterion_that_is_unknown_gives_its_weight_to_the_known_ones_and_says_so():
    points = points_of([(None, None, None, None, 8_000, 4_000, 1), (0, 0, 0, 0, 8_000, 4_000, 2)])
    weights = CoreWeights(growth=30, bad_times=10)
    first, second = sorted(records(core_scores(points, weights=weights)), key=lambda row: row["customer_id"])
    assert (first["score"], first["known_weight"]) == (7_000, 0.5)
    assert (second["score"], second["known_weight"]) == (3_500, 1.0)


def test_without_growth_there_is_no_score_and_the_difference_to_profit_is_unknown():
    points = points_of([(9_000, 9_000, 9_000, 9_000, None, 9_000, 1), (0, 0, 0, 0, 10, 0, 2)])
    rows = records(core_scores(points, weights=CoreWeights()), "customer_id")
    assert (rows["c00"]["score"], rows["c00"]["core_rank"], rows["c00"]["rank_difference"]) == (None, None, None)
    assert (rows["c01"]["core_rank"], rows["c01"]["rank_difference"]) == (1, 1)


@LAWS
@given(
    rows=st.lists(st.tuples(*[POINTS] * 6, st.one_of(st.none(), st.integers(1, 9))), min_size=1, max_size=14),
    weights=WEIGHTS,
)
def test_tenths_count_the_customers_of_both_ranks(rows: list, weights: CoreWeights):
    known = [row[6] for row in rows if row[6] is not None]
    ranks = [None if row[6] is None else 1 + sum(value > row[6] for value in known) for row in rows]
    points = points_of([(*row[:6], rank) for row, rank in zip(rows, ranks, strict=True)])
    scores = core_scores(points, weights=weights)
    of_all = records(scores)
    ranked = [[row[name] for row in of_all if row[name] is not None] for name in ("profit_rank", "core_rank")]
    cells = Counter(
        tuple((row[name] - 1) * 10 // len(values) + 1 for name, values in zip(NAMES, ranked, strict=True))
        for row in of_all
        if None not in (row["profit_rank"], row["core_rank"])
    )
    found = records(core_tenths(scores))
    assert {(row["profit_tenth"], row["core_tenth"]): row["customer_count"] for row in found} == cells
    assert [tuple(row.values())[:2] for row in found] == sorted(cells)
    placed = Counter((row["profit_tenth"], row["core_tenth"]) for row in records(with_tenths(scores)))
    assert {cell: count for cell, count in placed.items() if None not in cell} == cells
    for row in of_all:
        assert row["score"] is None or 0 <= row["score"] <= 10_000


@LAWS
@given(
    rows=st.lists(st.tuples(*[st.integers(0, 10_000)] * 6, st.integers(1, 9)), min_size=2, max_size=10), weights=WEIGHTS
)
def test_better_in_everything_is_never_ranked_worse_and_equals_are_equal(rows: list, weights: CoreWeights):
    found = records(core_scores(points_of([*rows, rows[0]]), weights=weights), "customer_id")
    ranks = [found[key]["core_rank"] for key in sorted(found)]
    assert ranks[-1] == ranks[0]
    for place, one in enumerate(rows):
        for other_place, other in enumerate(rows):
            if all(mine >= theirs for mine, theirs in zip(one[:6], other[:6], strict=True)):
                assert ranks[place] <= ranks[other_place]


PURCHASES = st.lists(
    st.tuples(st.sampled_from("abcde"), st.integers(0, 900), st.integers(-3000, 9000).filter(bool)),
    min_size=1,
    max_size=14,
)


@LAWS
@given(purchases=PURCHASES, share=st.sampled_from([0.1, 0.5, 1.0]))
def test_everyone_is_core_ordinary_or_without_a_score_and_clones_are_together(purchases: list, share: float):
    lines = [
        bought(name + twin, str(AS_OF - timedelta(days=ago)), cents / 100, order_id=f"{name}{twin}{place}")
        for place, (name, ago, cents) in enumerate(purchases)
        for twin in ("", "2")
    ]
    found = assert_laws(CoreSegmentation(core_share=share), ground(*lines, as_of=AS_OF))
    for name, row in found.items():
        assert row["segment"] == found.get(f"{name}2", row)["segment"]
        assert (row["segment"] == OTHERS) == (row["growth"] is None)
    scored = [row for row in found.values() if row["score"] is not None]
    assert not scored or any(row["segment"] == "core" for row in scored)


def test_the_answers_of_customers_are_their_word_of_mouth():
    where = ground(bought("a", "2024-01-01", 1), bought("b", "2024-01-01", 1), as_of=AS_OF)
    CONNECTION.execute("INSERT INTO surveys VALUES ('a', DATE '2024-05-01', 9), ('a', DATE '2024-06-01', 6)")
    CONNECTION.execute("INSERT INTO surveys VALUES ('b', DATE '2025-05-01', 9), ('b', DATE '2024-05-01', NULL)")
    assert DATABASE.table("surveys").count().execute() == 4
    found = records(core_measures(where), "customer_id")
    assert (found["a"]["word_of_mouth"], found["b"]["word_of_mouth"]) == (7.5, None)
