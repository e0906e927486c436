"""80/20: classes by cumulative share, ties, boundaries, and who is worth nothing."""

from __future__ import annotations

import ibis
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.analyses.rows import records, worth
from workbench.errors import ChoiceError
from workbench.topics.pareto import abc_classes, abc_summary, lorenz

RULES = st.fixed_dictionaries(
    {
        "a_share": st.sampled_from([0.5, 0.55, 0.7, 0.8]),
        "b_share": st.sampled_from([0.85, 0.9, 0.95, 1.0]),
        "boundary": st.sampled_from(["inclusive", "crossing"]),
    }
)
CENTS = st.lists(st.integers(-300, 2000), min_size=1, max_size=14)
LAWS = settings(max_examples=25)


def classes(*values: object, **choices: object) -> str:
    """The classes of customers with these values, in the order given: "AABC"."""
    found = records(abc_classes(worth(*values), **choices), "customer_id")
    return "".join(found[key]["abc_class"].replace("unknown", "?") for key in sorted(found))


def test_classes_end_at_80_and_95_per_cent():
    assert classes(50, 30, 10, 6, 4) == "AABBC"


def test_who_crosses_the_line_belongs_to_a_under_crossing_only():
    assert classes(60, 30, 6, 4, boundary="crossing") == "AABC"
    assert classes(60, 30, 6, 4, boundary="inclusive") == "ABCC"


def test_one_large_customer_leaves_a_empty_under_inclusive_and_the_summary_says_so():
    chosen = abc_classes(worth(85, 5, 4, 3, 3), boundary="inclusive")
    rows = records(abc_summary(chosen), "abc_class")
    assert [(name, row["customer_count"], row["is_empty"]) for name, row in rows.items()] == [
        ("A", 0, True),
        ("B", 3, False),
        ("C", 2, False),
    ]
    assert classes(85, 5, 4, 3, 3, boundary="crossing")[0] == "A"


def test_shares_are_compared_as_money_and_not_as_floats():
    """In floats 0.95 - 0.15 is 0.7999…, which would take one customer too many into A."""
    assert classes(40, 40, 15, 5, boundary="crossing") == "AABC"
    assert classes(40, 40, 15, 5, boundary="inclusive") == "AABC"


def test_equal_spend_gives_equal_class_and_equal_rank():
    rows = records(abc_classes(worth(70, 10, 10, 10), boundary="inclusive"))
    assert {(row["rank"], row["abc_class"]) for row in rows if row["monetary"] == 10} == {(2, "C")}
    assert classes(70, 10, 10, 10, boundary="inclusive", ties="row_order") == "AABC"


@pytest.mark.parametrize("ties", ["together", "row_order"])
def test_an_unknown_product_is_ranked_and_classed_like_any_other(ties: str):
    sales = ibis.memtable({"product_id": ["P1", None, "P2"], "monetary": [50.0, 30.0, 20.0]})
    rows = records(abc_classes(sales.cast({"monetary": "decimal(18, 2)"}), ties=ties), "product_id")
    assert {key: (row["rank"], row["abc_class"]) for key, row in rows.items()} == {
        "P1": (1, "A"),
        None: (2, "A"),
        "P2": (3, "B"),
    }


def test_row_order_cuts_through_ties_but_ranks_them_equally():
    rows = records(abc_classes(worth(70, 10, 10, 10), ties="row_order"), "customer_id")
    assert [row["rank"] for _, row in sorted(rows.items())] == [1, 2, 2, 2]
    assert [round(row["cumulative_share"], 9) for _, row in sorted(rows.items())] == [0.7, 0.8, 0.9, 1.0]


def test_who_is_worth_nothing_or_less_is_d_and_takes_nothing_from_the_others():
    assert classes(80, 15, 5, 0, -20) == "ABCDD"
    rows = records(abc_summary(abc_classes(worth(80, 15, 5, 0, -20))), "abc_class")
    assert [rows[name]["value_share"] for name in "ABCD"] == pytest.approx([0.8, 0.15, 0.05, -0.2])
    assert [rows[name]["customer_share"] for name in "ABCD"] == pytest.approx([0.2, 0.2, 0.2, 0.4])


def test_who_has_no_value_is_unknown_and_not_d():
    assert classes(80, None, 20) == "A?B"
    rows = records(abc_summary(abc_classes(worth(80, None, 20))), "abc_class")
    assert (rows["unknown"]["customer_count"], rows["C"]["is_empty"]) == (1, True)


def test_one_customer_is_a():
    assert classes(10) == "A"


def test_all_equal_are_one_class():
    assert classes(5, 5, 5, 5) == "AAAA"


def test_nobody_gives_no_classes_and_an_empty_summary():
    assert classes() == ""
    rows = records(abc_summary(abc_classes(worth())))
    assert [(row["abc_class"], row["customer_count"], row["is_empty"]) for row in rows] == [
        ("A", 0, False),
        ("B", 0, False),
        ("C", 0, False),
    ]


def test_refunds_only_are_all_d_with_no_share():
    rows = records(abc_classes(worth(-5, -7)))
    assert {(row["abc_class"], row["share"], row["cumulative_share"]) for row in rows} == {("D", None, None)}


def test_visits_and_orders_rank_as_money_does():
    assert {row["abc_class"] for row in records(abc_classes(worth(3, 3, by="visit_count"), by="visit_count"))} == {"A"}


@pytest.mark.parametrize("shares", [(0.9, 0.8), (0, 0.5), (0.5, 1.1)])
def test_impossible_cut_offs_are_refused_in_words(shares: tuple[float, float]):
    with pytest.raises(ChoiceError, match=r"cut-offs cannot be"):
        abc_classes(worth(1), a_share=shares[0], b_share=shares[1])


def test_the_curve_keeps_the_end_of_every_class_and_at_most_a_thousand_points():
    values = [round(1000 / (place + 1), 2) for place in range(99)]
    chosen = abc_classes(worth(*values))
    ends = {}
    for row in sorted(records(chosen), key=lambda row: row["rank"]):
        ends[row["abc_class"]] = (row["rank_share"], row["cumulative_share"])
    curve = records(lorenz(chosen, points=5))
    assert len(curve) <= 2 * 5 + 5
    last = {row["abc_class"]: (row["rank_share"], row["cumulative_share"]) for row in curve}
    assert last == ends
    assert curve[-1]["cumulative_share"] == 1


@given(CENTS, RULES)
@LAWS
def test_the_classes_sum_to_the_whole(cents: list[int], rules: dict):
    rows = records(abc_summary(abc_classes(worth(*(cent / 100 for cent in cents)), **rules)))
    assert sum(row["customer_count"] for row in rows) == len(cents)
    assert round(sum(row["value"] for row in rows) * 100) == sum(cents)
    assert sum(row["customer_share"] for row in rows) == pytest.approx(1)
    if max(cents) > 0:
        assert sum(row["value_share"] for row in rows if row["abc_class"] in "ABC") == pytest.approx(1)


@given(CENTS, RULES, st.sampled_from(["together", "row_order"]))
@LAWS
def test_classes_agree_with_an_addition_by_hand(cents: list[int], rules: dict, ties: str):
    """One customer after the other in whole numbers, without a database."""
    whole = sum(max(cent, 0) for cent in cents)
    a, b = (round(rules[name] * 100) * whole for name in ("a_share", "b_share"))
    expected = ["D"] * len(cents)
    for place in sorted(range(len(cents)), key=lambda place: (-cents[place], place)):
        if cents[place] <= 0:
            continue
        better = [other for other in range(len(cents)) if (-cents[other], other) < (-cents[place], place)]
        above = 100 * sum(cents[other] for other in better if ties == "row_order" or cents[other] > cents[place])
        equals = cents.count(cents[place]) if ties == "together" else 1
        reached = above + 100 * cents[place] * equals
        within = [reached <= limit if rules["boundary"] == "inclusive" else above < limit for limit in (a, b)]
        expected[place] = "CBA"[sum(within)]
    assert classes(*(cent / 100 for cent in cents), ties=ties, **rules) == "".join(expected)


@given(CENTS, RULES, st.randoms())
@LAWS
def test_classes_belong_to_the_value_and_not_to_the_place_in_the_file(cents: list[int], rules: dict, random):
    def by_value(values: list[int]) -> set[tuple[int, str]]:
        return set(zip(values, classes(*(cent / 100 for cent in values), **rules), strict=True))

    shuffled = random.sample(cents, len(cents))
    assert by_value(cents) == by_value(shuffled)
    assert len(by_value(cents)) == len(set(cents))


@given(CENTS, RULES, st.sampled_from([2, 7, 100]))
@LAWS
def test_another_currency_gives_the_same_classes(cents: list[int], rules: dict, rate: int):
    values = [cent / 100 for cent in cents]
    assert classes(*values, **rules) == classes(*(round(value * rate, 2) for value in values), **rules)


@given(CENTS, RULES)
@LAWS
def test_more_value_never_gives_a_lower_class(cents: list[int], rules: dict):
    order = dict(
        zip(
            sorted(cents, reverse=True), classes(*(c / 100 for c in sorted(cents, reverse=True)), **rules), strict=False
        )
    )
    letters = [order[cent] for cent in sorted(set(cents), reverse=True)]
    assert letters == sorted(letters)


@given(CENTS, RULES)
@LAWS
def test_crossing_takes_in_everybody_whom_inclusive_takes_in(cents: list[int], rules: dict):
    values = [cent / 100 for cent in cents]
    wide, narrow = (classes(*values, **rules | {"boundary": rule}) for rule in ("crossing", "inclusive"))
    assert all(generous <= strict for generous, strict in zip(wide, narrow, strict=True))
