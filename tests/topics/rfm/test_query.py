"""RFM: scores from kept cut points, ties equal, and named segments of which the first that fits wins."""

from __future__ import annotations

import json
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.analyses.rows import records, scored
from tests.topics.rfm.rfm_facts import company
from workbench.analyses import segment_sizes, segment_table
from workbench.errors import ChoiceError, NothingToShow
from workbench.topics.rfm import Cuts, rfm_cells, rfm_cuts, rfm_scores, rfm_segments
from workbench.topics.rfm.quantile_breaks import quantile_breaks

FIXED = Cuts(recency_days=(30, 90), frequency=(2, 4), monetary=(100, 1000))
CUSTOMERS = st.lists(
    st.tuples(st.integers(0, 400), st.integers(1, 9), st.integers(-5000, 90_000)), min_size=1, max_size=15
)
LAWS = settings(max_examples=25)


def scores(*customers: tuple, cuts: Cuts) -> list[int]:
    found = records(rfm_scores(scored(*customers), cuts=cuts), "customer_id")
    return [found[key]["rfm_score"] for key in sorted(found)]


def in_money(customers: list[tuple]) -> list[tuple]:
    return [(days, times, Decimal(cents) / 100) for days, times, cents in customers]


def test_recent_often_and_much_is_the_best_score():
    assert scores((5, 9, 5000), (200, 1, 5), cuts=FIXED) == [333, 111]


def test_an_interval_holds_its_lower_cut():
    assert scores((29, 1, 99.99), (30, 2, 100), (90, 4, 1000), cuts=FIXED) == [311, 222, 133]


def test_a_cut_between_two_cents_divides_them():
    cuts = Cuts((30,), (2,), (255.804,))
    assert scores((0, 2, 255.80), (0, 2, 255.81), cuts=cuts) == [221, 222]


def test_quantile_cuts_are_of_type_7():
    """Five customers cut in four: the places 1, 2, 3 of 0..4 are customers, no interpolation is needed."""
    facts = scored((10, 1, 10), (20, 2, 20), (30, 3, 30), (40, 4, 40), (50, 5, 50.50))
    assert rfm_cuts(facts, bins=4) == Cuts((20, 30, 40), (2, 3, 4), (20, 30, 40))
    assert rfm_cuts(facts, bins=3).monetary == pytest.approx((10 + 10 * 4 / 3, 10 + 10 * 8 / 3))


def test_the_preset_of_the_r_package_adds_one_to_every_quantile():
    facts = scored((10, 1, 10), (20, 2, 20), (30, 3, 30))
    assert rfm_cuts(facts, bins=2, preset="r_rfm") == Cuts((21,), (3,), (21,))


def test_the_mean_makes_two_parts_and_who_equals_it_is_high():
    facts = scored((10, 1, 10), (30, 3, 30), (20, 2, 20))
    cuts = rfm_cuts(facts, method="mean")
    assert cuts == Cuts((20,), (2,), (20,))
    assert scores((10, 1, 10), (30, 3, 30), (20, 2, 20), cuts=cuts) == [211, 122, 122]


def test_customers_who_all_bought_once_get_one_score_and_the_cuts_say_so():
    facts = scored((10, 1, 10), (20, 1, 20), (30, 1, 30), (40, 1, 40))
    cuts = rfm_cuts(facts, bins=4)
    assert cuts.repeated == ("frequency",)
    assert len({score // 10 % 10 for score in scores((10, 1, 10), (40, 1, 40), cuts=cuts)}) == 1


def test_13_who_bought_once_are_no_champions():
    """13 customers with one order each and one with four: the quantiles of F all lie at 1."""
    customers = [(place, 1, 100 + place) for place in range(13)] + [(13, 4, 500)]
    found = scores(*customers, cuts=rfm_cuts(scored(*customers)))
    assert [score // 10 % 10 for score in found] == [1] * 13 + [5]


def test_one_enormous_amount_does_not_lift_the_others_to_the_highest_m():
    customers = [(place, 1 + place, 100) for place in range(13)] + [(13, 14, 1_000_000)]
    found = scores(*customers, cuts=rfm_cuts(scored(*customers)))
    assert [score % 10 for score in found] == [1] * 13 + [5]


def test_equals_in_the_middle_begin_one_score_and_those_above_them_the_highest():
    """One bought once, seven twice, two three times: who bought twice is not with the best."""
    customers = [(0, times, 100) for times in (1, *[2] * 7, 3, 3)]
    cuts = rfm_cuts(scored(*customers))
    assert cuts.frequency == (2, 3, 3, 3)
    assert [score // 10 % 10 for score in scores(*customers, cuts=cuts)] == [1, *[2] * 7, 5, 5]


def test_equals_at_the_top_keep_the_highest_score():
    customers = [(0 if place else 90, 9 if place else 1, 500 if place else 10) for place in range(12)]
    assert scores(*customers, cuts=rfm_cuts(scored(*customers))) == [111, *[555] * 11]


@LAWS
@given(customers=CUSTOMERS, method=st.sampled_from(["quantile", "natural", "mean"]), bins=st.integers(2, 6))
def test_the_lowest_value_has_the_lowest_score_and_the_highest_another(customers, method, bins):
    """Whatever the ties; and with quantiles no more than a part of the customers lies above the best score's least."""
    given_money = in_money(customers)
    cuts = rfm_cuts(scored(*given_money), bins=bins, method=method)
    found = scores(*given_money, cuts=cuts)
    for column, place, turn in ((0, 100, -1), (1, 10, 1), (2, 1, 1)):
        measure = [turn * customer[column] for customer in customers]
        score = [one // place % 10 for one in found]
        worst, best = (limit(zip(measure, score, strict=True))[1] for limit in (min, max))
        if min(measure) < max(measure):
            assert (worst, best) == (1, cuts.bins)
        else:
            assert worst == best == (cuts.bins if turn < 0 else 1)
        if method == "quantile" and column:
            least = min(one for one, points in zip(measure, score, strict=True) if points == best)
            assert sum(one > least for one in measure) <= max(len(measure) / bins, 1)


def test_cuts_are_kept_and_applied_again_to_a_later_period():
    cuts = rfm_cuts(scored((10, 1, 10.10), (20, 2, 20.20), (30, 3, 30.35)), bins=3)
    kept = Cuts.from_dict(json.loads(json.dumps(cuts.as_dict())))
    assert kept == cuts
    assert scores((12, 5, 1), cuts=kept) == scores((12, 5, 1), cuts=cuts)


@pytest.mark.parametrize("wrong", [(), (3, 2), tuple(range(9)), (1, 2)])
def test_cuts_rise_and_are_as_many_for_each_measure(wrong: tuple[int, ...]):
    with pytest.raises(ChoiceError, match="one to eight, in rising order"):
        Cuts(recency_days=(30,), frequency=wrong, monetary=(100,))


@pytest.mark.parametrize("bins", [1, 10])
def test_there_are_two_to_nine_bins(bins: int):
    with pytest.raises(ChoiceError, match="Allowed: 2, 3, 4, 5, 6, 7, 8, 9"):
        rfm_cuts(scored((1, 1, 1)), bins=bins)


def test_nobody_has_no_cuts_and_this_is_said_in_words():
    with pytest.raises(NothingToShow, match="No customer has a purchase here"):
        rfm_cuts(scored())


def test_one_customer_can_be_cut_and_scored():
    cuts = rfm_cuts(scored((7, 1, 9.99)))
    assert scores((7, 1, 9.99), cuts=cuts) == [511]  # nobody was here later, nobody came oftener or spent more


def test_the_eight_groups_are_named_as_the_trade_names_them():
    table = segment_table("eight_groups")
    cuts = Cuts((30,), (3,), (1000,))
    customers = [(days, times, money) for money in (2000, 5) for days in (1, 99) for times in (9, 1)]
    found = records(rfm_segments(rfm_scores(scored(*customers), cuts=cuts), table=table), "customer_id")
    assert [table.name(found[key]["segment"], "zh") for key in sorted(found)] == [
        "重要价值", "重要发展", "重要保持", "重要挽留", "一般价值", "一般发展", "一般保持", "一般挽留",
    ]  # fmt: skip


def test_the_first_rule_that_fits_wins_and_who_fits_none_is_others():
    cuts = Cuts((1, 2, 3, 4), (2, 3, 4, 5), (2, 3, 4, 5))
    table = segment_table("r_rfm_vignette")
    champion, uncovered = (0, 5, 5), (3, 4, 1)  # 555 fits Potential Loyalist too; 241 fits none
    found = records(rfm_segments(rfm_scores(scored(champion, uncovered), cuts=cuts), table=table), "customer_id")
    assert [(row["rfm_score"], row["segment"]) for _, row in sorted(found.items())] == [
        (555, "champions"),
        (241, "others"),
    ]


def test_the_sizes_give_customers_purchases_money_and_the_average_order():
    cuts = Cuts((30,), (3,), (1000,))
    facts = company([(1, 4, 0, 300_000), (2, 6, 0, 100_000), (99, 1, 0, 50_000)])
    segmented = rfm_segments(rfm_scores(facts, cuts=cuts), table=segment_table("eight_groups"))
    rows = records(segment_sizes(segmented, facts))
    assert [(row["segment"], row["customer_count"], row["order_count"], row["monetary"]) for row in rows] == [
        ("important_value", 2, 10, 4000),
        ("general_retain", 1, 1, 500),
    ]
    assert rows[0]["average_order_value"] == 400
    assert rows[0]["average_recency_days"] == 1.5
    assert rows[0]["value_share"] == pytest.approx(4000 / 4500)


def test_days_with_purchases_and_the_average_of_one_are_scored_where_asked():
    """Four orders on two days for 300: 4 times 75, or twice 150; the total stays the total."""
    facts = company([(5, 4, 2, 30_000)])
    cuts = Cuts((30,), (3,), (100,))
    row = records(rfm_scores(facts, cuts=cuts, count_by="order", money="average"))[0]
    assert (row["frequency"], row["average_order_value"], row["monetary"], row["rfm_score"]) == (4, 75, 300, 221)
    row = records(rfm_scores(facts, cuts=cuts, count_by="day", money="average"))[0]
    assert (row["frequency"], row["average_order_value"], row["monetary"], row["rfm_score"]) == (2, 150, 300, 212)


def test_natural_cuts_lie_where_the_values_part():
    facts = company([(1, 1, 0, 1000), (2, 1, 0, 1100), (90, 9, 0, 90_000), (95, 8, 0, 91_000)])
    assert rfm_cuts(facts, bins=2, method="natural") == Cuts((90,), (8,), (900,))


def test_cells_count_customers_and_money():
    cells = records(rfm_cells(rfm_scores(scored((1, 1, 10), (1, 1, 30), (99, 9, 500)), cuts=FIXED)))
    assert [(row["r_score"], row["f_score"], row["customer_count"], row["monetary"]) for row in cells] == [
        (1, 3, 1, 500),
        (3, 1, 2, 40),
    ]
    assert [row["average_monetary"] for row in cells] == [500, 20]
    assert [row["customer_share"] for row in cells] == pytest.approx([1 / 3, 2 / 3])


@given(st.lists(st.integers(-5000, 90_000), min_size=1, max_size=15), st.integers(2, 9))
@LAWS
def test_quantiles_agree_with_numpy(values: list[int], bins: int):
    found = [float(cut) for cut in quantile_breaks(np.array(values), bins)]
    assert found == pytest.approx(np.quantile(values, np.arange(1, bins) / bins))


@given(CUSTOMERS, st.integers(2, 9))
@LAWS
def test_where_no_two_customers_are_equal_cuts_are_the_quantiles(customers: list[tuple], bins: int):
    spend = list({cents for *_, cents in customers})
    cuts = rfm_cuts(scored(*in_money([(1, 1, cents) for cents in spend])), bins=bins)
    if len(spend) > 1:
        assert cuts.monetary == pytest.approx(np.quantile(spend, np.arange(1, bins) / bins) / 100)


@given(CUSTOMERS, st.integers(2, 9), st.randoms())
@LAWS
def test_equal_customers_get_equal_scores_wherever_they_stand(customers: list[tuple], bins: int, random):
    money = in_money(customers)
    cuts = rfm_cuts(scored(*money), bins=bins)
    by_customer = dict(zip(money, scores(*money, cuts=cuts), strict=True))
    shuffled = random.sample(money * 2, len(money) * 2)
    assert scores(*shuffled, cuts=cuts) == [by_customer[customer] for customer in shuffled]


@given(CUSTOMERS, st.integers(2, 9))
@LAWS
def test_better_never_scores_lower(customers: list[tuple], bins: int):
    money = in_money(customers)
    cuts = rfm_cuts(scored(*money), bins=bins)
    better = [(max(days - 3, 0), times + 1, cash + 1) for days, times, cash in money]
    both = scores(*money, *better, cuts=cuts)
    for plain, improved in zip(both[: len(money)], both[len(money) :], strict=True):
        assert all(high >= low for low, high in zip(str(plain), str(improved), strict=True))


@given(CUSTOMERS, st.sampled_from([2, 7, 100]))
@LAWS
def test_another_currency_gives_the_same_scores(customers: list[tuple], rate: int):
    here = in_money(customers)
    there = [(days, times, cash * rate) for days, times, cash in here]
    assert scores(*here, cuts=rfm_cuts(scored(*here))) == scores(*there, cuts=rfm_cuts(scored(*there)))
