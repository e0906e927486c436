"""Each customer's periods and how far they lie from their own past: sums by hand, and the same scores in NumPy."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from tests.analyses.rows import bought, records, table, transactions
from workbench.errors import ChoiceError
from workbench.topics.swings.beyond_own_past import SwingCuts
from workbench.topics.swings.query import (
    _other_orders,
    last_whole_period,
    lasting_scores,
    longest_history,
    own_scores,
    period_values,
    score_counts,
    swing_list,
    swing_sizes,
)

AS_OF = date(2024, 8, 15)
"""July 2024 is the last whole month; with six before it the oldest is January."""
VALUES = {"customer_id": "VARCHAR", "place": "BIGINT", "value": "DOUBLE", "purchase_days": "DOUBLE"}


def months(customer: str, *amounts: float, first: str = "2023-12-05") -> list[dict]:
    """A first purchase, then so much in each of January to July 2024; what is zero is no line."""
    lines = [bought(customer, first, 50)]
    return lines + [
        bought(customer, f"2024-{month:02d}-10", amount) for month, amount in enumerate(amounts, 1) if amount
    ]


def values_of(*lines: dict, **how) -> dict[str, list[float]]:
    rows = records(period_values(transactions(*lines), as_of=AS_OF, history=6, **how))
    shown: dict[str, list[float]] = {}
    for row in sorted(rows, key=lambda row: (row["customer_id"], row["place"])):
        shown.setdefault(row["customer_id"], []).append(row["value"])
    return shown


def test_every_month_has_a_row_and_the_one_that_has_not_ended_none():
    lines = [*months("王", 10, 0, 30, 40, 50, 60, 70), bought("王", "2024-08-02", 999)]
    assert values_of(*lines) == {"王": [70, 60, 50, 40, 30, 0, 10]}


def test_who_came_first_within_the_months_or_bought_in_none_of_them_is_not_followed():
    newcomer = months("新", 10, 20, 0, 0, 0, 0, 30, first="2024-01-02")
    gone = [bought("走", "2023-05-01", 10)]
    assert values_of(*newcomer, *gone, *months("王", 0, 0, 5, 0, 0, 0, 0)) == {"王": [0, 0, 0, 0, 5, 0, 0]}


def test_refunds_are_taken_off_and_cancelled_lines_left_out():
    lines = months("王", 10, 0, 30, 0, 0, 0, 70)
    lines += [bought("王", "2024-07-20", -30), bought("王", "2024-03-20", 500, is_cancelled=True)]
    assert values_of(*lines) == {"王": [40, 0, 0, 0, 30, 0, 10]}


def test_days_with_a_purchase_count_once_however_much_was_bought():
    lines = [*months("王", 10, 0, 30, 0, 0, 0, 70), bought("王", "2024-07-10", 5), bought("王", "2024-07-11", 5)]
    assert values_of(*lines, measure="purchase_days") == {"王": [2, 0, 0, 0, 1, 0, 1]}


def test_quarters_are_whole_ones():
    lines = [bought("王", "2022-03-01", 1)]
    lines += [bought("王", day, amount) for day, amount in (("2024-06-30", 7), ("2024-04-01", 5), ("2022-10-01", 3))]
    assert values_of(*lines, every="quarter") == {"王": [12, 0, 0, 0, 0, 0, 3]}


@pytest.mark.parametrize(
    ("day", "every", "begin"),
    [
        (date(2024, 1, 31), "month", date(2024, 1, 1)),
        (date(2024, 1, 30), "month", date(2023, 12, 1)),
        (date(2024, 2, 29), "month", date(2024, 2, 1)),
        (date(2024, 3, 31), "quarter", date(2024, 1, 1)),
        (date(2024, 3, 30), "quarter", date(2023, 10, 1)),
    ],
)
def test_the_last_whole_period_has_ended(day: date, every, begin: date):
    assert last_whole_period(day, every) == begin


def test_the_longest_history_leaves_a_period_before_it():
    assert longest_history(date(2023, 12, 5), AS_OF, "month") == 6
    assert values_of(*months("王", 1, 1, 1, 1, 1, 1, 1))["王"] == [1] * 7
    assert longest_history(date(2024, 1, 1), AS_OF, "month") == 5


def scores_by_numpy(values: np.ndarray, days: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The definition of `own_scores`, written once more: a row a customer, a column a period."""
    came = (values > 0).sum(axis=0)
    factor = came / came.mean()
    even = np.where(factor > 0, values / np.where(factor > 0, factor, 1), values)
    with np.errstate(divide="ignore", invalid="ignore"):
        purchase = values.sum(axis=1) / days.sum(axis=1)
    purchase = np.where(np.isfinite(purchase) & (purchase > 0), purchase, 1)[:, None]
    root = np.sqrt(np.maximum(even / purchase, 0))
    distance = np.abs(root - np.median(root, axis=1, keepdims=True))
    by_median, by_mean = np.median(distance, axis=1), distance.mean(axis=1)
    own = np.where(by_median > 0, 1.4826 * by_median, 1.2533 * by_mean)
    group = np.maximum(1, np.ceil(4 * (values > 0).sum(axis=1) / values.shape[1])).astype(int)
    usual = np.array([np.median(own[group == one]) for one in group])
    spread = np.sqrt((own**2 + 3 * usual**2) / 4)[:, None]
    score = np.where(spread > 0, (root - np.median(root, axis=1, keepdims=True)) / np.where(spread > 0, spread, 1), 0)
    return score, group


@pytest.mark.parametrize("seed", range(3))
def test_scores_are_those_of_the_definition(seed: int):
    chance = np.random.default_rng(seed)
    days = chance.poisson(chance.gamma(1, 2, 40)[:, None], (40, 9)).astype(float)
    days[3] = 1  # alike in every period
    values = np.round(days * chance.lognormal(3, 1, (40, 9)), 2)
    values[3] = 20
    values[5, 2] = -80  # more came back than was bought
    rows = [(f"K{i:02d}", t, values[i, t], days[i, t]) for i in range(40) for t in range(9)]
    scored = records(own_scores(table("drawn_values", VALUES, rows)))
    expected, group = scores_by_numpy(values, days)
    for row in scored:
        place = int(row["customer_id"][1:])
        assert row["score_step"] == pytest.approx(1000 * expected[place, row["place"]], abs=1.5)
        assert row["activity_group"] == group[place]
    assert len(scored) == 360


def lasting_by_numpy(steps: np.ndarray) -> np.ndarray:
    """The farthest cut of each row in two: its mean before the cut less that after it, in standard deviations."""
    periods = steps.shape[1]
    later = np.arange(1, periods)
    recent, whole = steps.cumsum(axis=1)[:, :-1], steps.sum(axis=1, keepdims=True)
    shift = (recent / later - (whole - recent) / (periods - later)) * np.sqrt(later * (periods - later) / periods)
    return shift[np.arange(len(steps)), np.abs(np.round(shift)).argmax(axis=1)]


@pytest.mark.parametrize("periods", [7, 8, 9, 12, 13, 25])
def test_lasting_scores_are_those_of_the_definition_in_the_true_order_and_in_others(periods: int):
    chance = np.random.default_rng(periods)
    steps = chance.integers(-4000, 4000, (20, periods))
    columns = {"customer_id": "VARCHAR", "place": "BIGINT", "activity_group": "BIGINT", "score_step": "BIGINT"}
    rows = [(f"K{i:02d}", t, 1 + i % 4, int(steps[i, t])) for i in range(20) for t in range(periods)]
    judged = records(lasting_scores(table("drawn_scores", columns, rows), periods=periods))
    orders = [(1, 0), *_other_orders(periods)]
    assert len({tuple((step * t + begin) % periods for t in range(periods)) for step, begin in orders}) == 13
    expected = np.empty((20, 13))
    for place, (step, begin) in enumerate(orders):
        moved = np.empty_like(steps)
        moved[:, (step * np.arange(periods) + begin) % periods] = steps
        expected[:, place] = lasting_by_numpy(moved)
    assert len(judged) == 20 * 13
    for row in judged:
        assert row["score_step"] == pytest.approx(expected[int(row["customer_id"][1:]), row["place"]], abs=0.51)


def test_scores_are_counted_apart_for_the_last_period():
    lines = [*months("王", 10, 0, 30, 0, 0, 0, 70), *months("李", 10, 20, 30, 40, 50, 60, 70)]
    counts = records(score_counts(own_scores(period_values(transactions(*lines), as_of=AS_OF, history=6))))
    assert sum(row["last_count"] for row in counts) == 2
    assert sum(row["earlier_count"] for row in counts) == 12


def test_the_list_says_what_was_usual_who_swung_and_since_when():
    lines = [*months("落", 90, 100, 110, 100, 0, 0, 0), *months("升", 10, 12, 8, 10, 9, 11, 400)]
    lines += months("平", *[5] * 7)
    scores = own_scores(period_values(transactions(*lines), as_of=AS_OF, history=6))
    cut = {
        row["customer_id"]: {row["activity_group"]: row["score_step"]}
        for row in records(scores.filter(scores.place == 0))
    }
    swings = swing_list(scores, SwingCuts(risen_from=cut["升"], fallen_from=cut["落"]), as_of=AS_OF)
    shown = {
        row["customer_id"]: (row["swing"], row["last_value"], row["usual_value"], row["changed_since"])
        for row in records(swings)
    }
    assert shown["落"] == ("fallen", 0, 95, date(2024, 5, 1))
    assert shown["升"] == ("risen", 400, 10, date(2024, 7, 1))
    assert shown["平"][:3] == ("unchanged", 5, 5)
    sizes = records(swing_sizes(swings))
    assert [(row["swing"], row["customer_count"], row["last_value"]) for row in sizes] == [
        ("fallen", 1, 0), ("risen", 1, 400), ("unchanged", 1, 5)
    ]  # fmt: skip


def test_without_cuts_nobody_swung():
    scores = own_scores(period_values(transactions(*months("王", 1, 1, 1, 1, 1, 1, 900)), as_of=AS_OF, history=6))
    assert [row["swing"] for row in records(swing_list(scores, SwingCuts(), as_of=AS_OF))] == ["unchanged"]


def test_nobody_known_long_enough_is_an_empty_answer():
    values = period_values(transactions(bought("王", "2024-07-01", 3)), as_of=AS_OF, history=6)
    assert records(score_counts(own_scores(values))) == []


@pytest.mark.parametrize(
    ("how", "said"),
    [({"history": 5}, "choose 6 or more"), ({"every": "week"}, "week"), ({"measure": "profit"}, "profit")],
)
def test_what_cannot_be_asked_is_refused_in_words(how: dict, said: str):
    with pytest.raises(ChoiceError, match=said):
        period_values(transactions(bought("王", "2024-07-01", 3)), as_of=AS_OF, **how)
