"""Clusters: alike customers together, the same whatever the order, frozen, in words, honest about their base."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from datetime import date
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.analyses.rows import bought, records, table
from tests.analyses.segmentation_laws import assert_equals_are_equal, assert_laws, ground
from tests.conftest import ROOT
from workbench.analyses.segmentation import OTHERS, Ground, segment_sizes, segmentation_from
from workbench.errors import ChoiceError, NothingToShow
from workbench.topics.clusters.choice import cluster_candidates, parts_beyond_chance
from workbench.topics.clusters.means import nearest
from workbench.topics.clusters.points import HEAVY_TAILED, Points, cluster_rows, points_of, quantiles, standardised
from workbench.topics.clusters.query import fit_clusters
from workbench.topics.clusters.tree import cluster_tree

AS_OF = date(2024, 12, 31)
FACTS = {
    "customer_id": "VARCHAR",
    "recency_days": "BIGINT",
    "frequency": "BIGINT",
    "order_count": "BIGINT",
    "monetary": "DECIMAL(24,2)",
    "margin": "DECIMAL(24,2)",
}
TWO = ("recency_days", "monetary")

# Three kinds of customers nobody would mix up: loyal (5 days, 1000), new (5 days, 100), lost (500 days, 100).
PLAIN = [(5, 1000), (6, 1010), (7, 990), (5, 100), (6, 110), (7, 90), (4, 95), (500, 100), (510, 90)]


def facts(people, name="clustered"):
    """Make customer facts of (recency_days, monetary[, margin]); ids and frequency come from the place."""
    rows = []
    for place, (days, money, *more) in enumerate(people):
        margin = more[0] if more else money
        known = (None if value is None else Decimal(str(value)) for value in (money, margin))
        rows.append((f"c{place:03}", days, 1 + place % 2, 1 + place % 2, *known))
    return table(name, FACTS, rows)


def points(people, features=TWO, **how):
    columns = cluster_rows(facts(people), features=features).to_pyarrow()
    return standardised({name: columns[name].to_numpy() for name in columns.column_names}, **how)


def on(people) -> Ground:
    return Ground(AS_OF, facts(people), {}.__getitem__)


def groups(fit, people) -> list[str]:
    found = records(fit.segmentation.assign(on(people)), "customer_id")
    return [found[f"c{place:03}"]["segment"] for place in range(len(people))]


def test_customers_who_are_alike_are_together_and_the_largest_cluster_comes_first():
    fit = fit_clusters(points(PLAIN), k=3)
    assert groups(fit, PLAIN) == ["cluster_2"] * 3 + ["cluster_1"] * 4 + ["cluster_3"] * 2


def test_a_profile_is_in_the_features_own_units():
    rows = fit_clusters(points(PLAIN), k=3).profile.set_index(["segment", "feature"])
    assert rows.loc[("cluster_2", "monetary"), "mean"] == pytest.approx(1000)
    assert rows.loc[("cluster_2", "recency_days"), "mean"] == pytest.approx(6)
    assert rows.loc[("cluster_3", "recency_days"), "mean"] == pytest.approx(505)
    assert rows.loc[("cluster_3", "recency_days"), "difference"] > 1
    assert list(rows["customer_count"].unique()) == [4, 3, 2]


def test_names_say_what_sets_a_cluster_apart_in_both_languages():
    names = [segment.names for segment in fit_clusters(points(PLAIN), k=3).segmentation.segments]
    assert "Big spend" in names[1]["en"]
    assert "消费高" in names[1]["zh"]
    assert names[2]["en"].startswith("Long absent")
    assert names[2]["zh"].startswith("久未消费")
    assert len({name["zh"] for name in names}) == len({name["en"] for name in names}) == 4


def test_names_that_people_chose_stay_beside_the_suggested_ones():
    segments = fit_clusters(points(PLAIN), k=3, names={"cluster_2": {"zh": "铁杆客户"}}).segmentation.segments
    assert segments[1].names["zh"] == "铁杆客户"
    assert "Big spend" in segments[1].names["en"]


def test_the_tree_says_the_clusters_in_whole_days_and_round_money():
    many = [
        (days + place % 5, money + place) for days, money in ((5, 1000), (5, 100), (500, 100)) for place in range(20)
    ]
    fit = fit_clusters(points(many), k=3)
    assert fit.tree.fidelity == 1.0
    assert fit.tree.without_rule == ()
    assert {str(rule).replace("; ", " ").split()[0] for rule in fit.tree.rules} <= {*TWO}
    ends = [end for rule in fit.tree.rules for bound in rule.bounds for end in (bound.above, bound.up_to) if end]
    assert all(end == round(end) for end in ends)


def test_the_tree_says_how_often_it_is_right_and_which_cluster_it_cannot_name():
    uneven = [(place, 100 + place) for place in range(200)] + [(place, 5000) for place in range(2)]
    fit = fit_clusters(points(uneven), k=2)
    assert fit.tree.without_rule == ("cluster_2",)
    assert fit.tree.fidelity == pytest.approx(200 / 202)
    assert sum(rule.customers for rule in fit.tree.rules) == fit.tree.customers == 202
    assert sum(rule.right for rule in fit.tree.rules) == 200


def test_the_reason_is_the_rule_only_where_the_rule_names_the_customers_own_cluster():
    uneven = [(place, 100 + place) for place in range(200)] + [(place, 5000) for place in range(2)]
    found = records(fit_clusters(points(uneven), k=2).segmentation.assign(on(uneven)), "customer_id")
    assert found["c000"]["cluster_rule"] == "everyone"
    assert found["c200"]["segment"] == "cluster_2"
    assert found["c200"]["cluster_rule"] is None
    assert found["c200"]["cluster_distance"] >= 0


def test_the_query_puts_everybody_where_the_numbers_do_and_tells_the_same_distance():
    people = [((37 * place) % 400, round(1.7 ** (place % 12) * 10, 2)) for place in range(60)]
    space = points(people, logged=HEAVY_TAILED)
    fit = fit_clusters(space, k=4)
    labels, distances = nearest(space.scaled, np.array(fit.segmentation.centres))
    by_values = {tuple(row): (label, far) for row, label, far in zip(space.values, labels, distances, strict=True)}
    for row in records(fit.segmentation.assign(on(people))):
        label, far = by_values[(row["recency_days"], float(row["monetary"]))]
        assert row["segment"] == f"cluster_{label + 1}"
        assert row["cluster_distance"] == pytest.approx(far, abs=1e-6)


def test_rules_hold_for_as_many_customers_as_they_say():
    people = [((37 * place) % 400, round(1.7 ** (place % 12) * 10, 2)) for place in range(60)]
    fit = fit_clusters(points(people), k=4)
    found = records(fit.segmentation.assign(on(people)))
    for rule in fit.tree.rules:
        said = [row for row in found if row["cluster_rule"] == str(rule)]
        assert len(said) == rule.right
        assert {row["segment"] for row in said} <= {rule.segment}


def test_equally_near_centres_give_the_first():
    labels, distances = nearest(np.array([[0.0], [0.1]]), np.array([[1.0], [-1.0]]))
    assert labels.tolist() == [0, 0]
    assert distances.tolist() == pytest.approx([1.0, 0.9])


def test_a_tie_is_a_tie_in_the_query_too():
    fit = fit_clusters(points([(0, 0), (10, 10), (0, 10), (10, 0)]), k=2)
    even = replace(fit.segmentation, centres=((1.0, 0.0), (-1.0, 0.0)), rules=())
    middle = [(5, 5)]
    assert groups(replace(fit, segmentation=even), middle) == ["cluster_1"]


def test_clusters_are_applied_to_another_day_by_the_first_days_yardstick():
    fit = fit_clusters(points(PLAIN), k=3)
    later = [(7, 995), (900, 1000), (500, 95)]
    assert groups(fit, later) == ["cluster_2", "cluster_3", "cluster_3"]


def test_an_unknown_value_leaves_a_customer_among_the_others_and_is_counted():
    people = [(*one, 50 + place) for place, one in enumerate(PLAIN)] + [(5, 100, None)]
    space = points(people, features=("recency_days", "margin"))
    assert (space.left_out, space.unknown, space.customers) == (1, {"recency_days": 0, "margin": 1}, 9)
    assert groups(fit_clusters(space, k=2), people)[-1] == OTHERS


def test_an_unknown_value_can_be_taken_for_the_median():
    people = [(*one, 50 + place) for place, one in enumerate(PLAIN)] + [(5, 100, None)]
    space = points(people, features=("recency_days", "margin"), missing="median")
    assert (space.left_out, space.customers) == (0, 10)
    assert space.features[1].fill == 54
    fit = fit_clusters(space, k=2)
    assert OTHERS not in groups(fit, people)
    assert sum(rule.customers for rule in fit.tree.rules) == 10


def test_z_scores_count_every_customer_once():
    space = points([(0, 10), (0, 10), (0, 10), (4, 20), (2, 30)])
    assert space.features[0].centre == pytest.approx(1.2)
    assert space.features[0].spread == pytest.approx(np.std([0, 0, 0, 4, 2]))


def test_robust_scaling_looks_at_the_middle_half():
    space = points([(day, 10 * day) for day in range(1, 10)] + [(100, 5)], scale="robust")
    assert space.features[0].centre == 5
    assert space.features[0].spread == pytest.approx((8 - 3) / 1.349)


def test_the_signed_logarithm_keeps_zero_and_works_below_it():
    space = points([(1, -100), (2, 0), (3, 100)], logged=["monetary"])
    assert space.features[1].centre == pytest.approx(0)
    assert np.allclose(space.scaled[:, 1], -space.scaled[::-1, 1])


def test_a_quantile_is_the_value_that_a_share_of_the_customers_does_not_exceed():
    assert quantiles(np.array([3.0, 1.0, 2.0]), np.array([1, 1, 8]), (0.1, 0.5, 0.91)) == [1.0, 2.0, 3.0]


def test_the_number_of_groups_that_are_there_is_recommended():
    clear = [(days + place % 4, money + 3 * (place % 5)) for days, money in ((5, 1000), (5, 100), (500, 100))
             for place in range(30)]  # fmt: skip
    found = cluster_candidates(points(clear), highest=5)
    assert (found.recommended, found.is_stable) == (3, True)
    best = found.rows.set_index("k").loc[3]
    assert best["silhouette"] > 0.9
    assert best["stability"] == pytest.approx(1.0)
    assert (found.customers, found.silhouette_base, found.stability_base) == (90, 90, 90)
    assert found.rows["is_recommended"].sum() == 1


def test_where_nothing_is_stable_the_most_stable_does_best_and_it_is_said():
    chance = np.random.default_rng(3)
    even = [(int(day), int(money)) for day, money in zip(*chance.integers(0, 10_000, (2, 40)), strict=True)]
    found = cluster_candidates(points(even), lowest=5, highest=7)
    assert not found.is_stable
    assert found.best == found.rows.loc[found.rows["stability"].idxmax(), "k"]


def test_in_uniform_noise_no_number_of_clusters_is_recommended():
    """A square cut in four comes back in every sample, with a silhouette of 0.4: it is no cluster for that."""
    draw = np.random.default_rng(4)
    noise = [(int(day), int(money)) for day, money in draw.integers(0, 10_000, (400, 2))]
    found = cluster_candidates(points(noise), highest=5)
    assert found.recommended is None
    assert not found.rows["is_recommended"].any()


def noise(draw: np.random.Generator, kind: str, features: int, customers: int) -> np.ndarray:
    """Customers without clusters: spread evenly, in a ball, along a line, or on a questionnaire's five steps."""
    if kind == "even":
        return draw.uniform(0, 1, (customers, features)) * draw.uniform(0.2, 5, features)
    if kind == "ball":
        return draw.normal(0, 1, (customers, features))
    if kind == "line":
        return draw.normal(0, 1, (customers, 1)) + draw.normal(0, 0.3, (customers, features))
    return draw.integers(1, 6, (customers, features)).astype(float)


def spread(customers: np.ndarray) -> Points:
    names = [f"f{place}" for place in range(customers.shape[1])]
    return points_of(names, customers, np.ones(len(customers), dtype=np.int64))


@pytest.mark.parametrize("kind", ["even", "ball", "line", "steps"])
def test_customers_without_clusters_are_seldom_said_to_have_some(kind: str, trials):
    """Seed 13, 100 companies of each kind with --full; two to five features, 60 to 400 customers, k from 2 to 5."""
    draw, whole = np.random.default_rng(13), trials(100)
    false = 0
    for _ in range(whole):
        customers = noise(draw, kind, int(draw.integers(2, 6)), int(draw.integers(60, 400)))
        false += parts_beyond_chance(spread(customers), range(2, 6))
    assert false <= 0.06 * whole + 2  # 5 % are expected: of 10 or 100, at most 2 or 8


def test_planted_clusters_are_found(trials):
    draw, whole = np.random.default_rng(14), trials(50)
    for _ in range(whole):
        centres = draw.normal(0, 4, (4, 3))
        customers = centres[draw.integers(0, 4, 200)] + draw.normal(0, 0.5, (200, 3))
        assert parts_beyond_chance(spread(customers), range(2, 6))


def test_more_clusters_are_not_tried_than_different_customers_allow():
    found = cluster_candidates(points([(1, 10), (2, 30), (9, 90), (1, 10)]))
    assert list(found.rows["k"]) == [2]


def test_candidates_and_fits_tell_how_far_they_are_and_stop_where_they_are_told():
    heard: list[float] = []
    cluster_candidates(points(PLAIN), highest=4, report=heard.append)
    fit_clusters(points(PLAIN), k=3, report=heard.append)
    assert max(heard) == 1.0
    assert heard[: heard.index(1.0)] == sorted(heard[: heard.index(1.0)])

    def stop(share: float) -> None:
        if share > 0.2:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        cluster_candidates(points(PLAIN), highest=4, report=stop)


def test_a_fit_keeps_to_one_thread_even_where_it_is_the_first_thing_a_process_does():
    asked = """
from threading import Thread
from threadpoolctl import threadpool_info
from workbench.topics.clusters.means import one_thread
def look():
    global found
    found = [one["num_threads"] for one in threadpool_info() if one["user_api"] == "openmp"]
found = []
thread = Thread(target=one_thread(look)); thread.start(); thread.join()
print(found)
"""
    told = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True, cwd=ROOT)
    assert set(json.loads(told.stdout)) == {1}


def test_a_file_gives_the_clusters_back_and_one_that_does_not_fit_together_is_refused():
    segmentation = fit_clusters(points(PLAIN), k=3).segmentation
    plain = segmentation.as_dict()
    assert segmentation_from(plain) == segmentation
    with pytest.raises(ChoiceError, match="3 centres"):
        segmentation_from(plain | {"features": plain["features"][:1]})
    with pytest.raises(ChoiceError, match="2 centres"):
        segmentation_from(plain | {"centres": plain["centres"][:2]})


def test_a_column_that_vanished_is_named():
    segmentation = fit_clusters(points(PLAIN), k=2).segmentation
    with pytest.raises(ChoiceError, match="monetary"):
        segmentation.assign(replace(on(PLAIN), facts=facts(PLAIN).drop("monetary")))


@pytest.mark.parametrize(
    ("people", "how", "words"),
    [
        ([], {}, "No customer"),
        ([(5, 100)], {}, "All customers have the same"),
        ([(5, 100)] * 6, {}, "All customers have the same"),
        ([(5, 100), (5, 200), (5, 300)], {}, "recency_days is the same"),
        ([(5, 100), (6, 200), (5, 100)], {}, "Only 2 different customers"),
        ([(5, None), (6, None), (7, None)], {}, "No customer has a value for monetary"),
        ([(5, 1), (5, 2), (5, 3), (5, 4), (9, 5)], {"scale": "robust"}, "same recency_days"),
        (PLAIN, {"scale": "rank"}, "scale cannot be rank"),
        (PLAIN, {"features": ("monetary",)}, "1 were chosen"),
        (PLAIN, {"features": ("monetary", "monetary")}, "2 were chosen"),
        (PLAIN, {"features": ("monetary", "visit_count")}, "visit_count"),
        (PLAIN, {"features": ("monetary", "customer_id")}, "customer_id"),
    ],
)
def test_what_cannot_be_clustered_is_said_in_a_sentence(people, how, words: str):
    with pytest.raises((ChoiceError, NothingToShow), match=words) as told:
        points(people, **how)
    assert told.value.words("zh")


@pytest.mark.parametrize("k", [1, 4])
def test_more_clusters_than_different_customers_and_fewer_than_two_are_refused(k: int):
    with pytest.raises(ChoiceError, match=f"cannot be {k} clusters"):
        fit_clusters(points([(1, 10), (2, 30), (9, 90), (1, 10)]), k=k)


customers = st.lists(
    st.tuples(st.integers(0, 40), st.integers(-50, 400)), min_size=4, max_size=14
).filter(lambda people: len({day for day, _ in people}) > 1 and len({money for _, money in people}) > 1
         and len(set(people)) > 2)  # fmt: skip


@settings(max_examples=10)
@given(customers, st.randoms(use_true_random=False), st.integers(2, 3))
def test_neither_the_order_of_the_rows_nor_the_ids_decide_anything(people, chance, k: int):
    shuffled = list(people)
    chance.shuffle(shuffled)
    fit, again = fit_clusters(points(people), k=k), fit_clusters(points(shuffled), k=k)
    assert fit.segmentation == again.segmentation
    assert sorted(zip(people, groups(fit, people), strict=True)) == sorted(
        zip(shuffled, groups(again, shuffled), strict=True)
    )


@settings(max_examples=20)
@given(customers, st.sampled_from([0.01, 3, 7, 1000]), st.integers(2, 3))
def test_another_unit_of_a_feature_changes_nothing_under_z(people, times: float, k: int):
    values = np.array(people, dtype=float)
    weights = np.ones(len(people), dtype=int)
    labels = []
    for factor in (1, times):
        space = points_of(TWO, values * [1, factor], weights)
        fit = fit_clusters(space, k=k)
        labels.append(nearest(space.scaled, np.array(fit.segmentation.centres))[0].tolist())
    assert labels[0] == labels[1]


@settings(max_examples=6)
@given(customers, st.integers(2, 3))
def test_everyone_has_a_cluster_equals_are_equal_and_sums_are_the_whole(people, k: int):
    lines = [
        bought(f"c{place}", "2024-12-01", money + 51, order_id=f"o{place}-{day % 3}")
        for place, (day, money) in enumerate(people)
    ] + [bought("c0", "2024-11-01", 5, order_id="o0-x")]
    company = ground(*lines, as_of=AS_OF)
    columns = cluster_rows(company.facts, features=("frequency", "monetary")).to_pyarrow()
    arrays = {name: columns[name].to_numpy() for name in columns.column_names}
    assume(len(arrays["monetary"]) >= k and all(len(set(values)) > 1 for values in list(arrays.values())[:2]))
    assume(len(arrays["monetary"]) > 2)
    segmentation = fit_clusters(standardised(arrays), k=k).segmentation
    found = assert_laws(segmentation, company)
    assert_equals_are_equal(segmentation, company)
    assert OTHERS not in {row["segment"] for row in found.values()}


@settings(max_examples=20)
@given(customers, st.integers(2, 3))
def test_exactly_one_rule_of_the_tree_fits_each_customer(people, k: int):
    space = points_of(TWO, np.array(people, dtype=float), np.ones(len(people), dtype=int))
    labels, _ = nearest(space.scaled, space.scaled[:k])
    tree = cluster_tree(space, labels, segments=[f"cluster_{place}" for place in range(k)])
    held = sum(
        np.all([bound.holds(space.values[:, TWO.index(bound.feature)]) for bound in rule.bounds], axis=0).astype(int)
        if rule.bounds
        else np.ones(len(people), dtype=int)
        for rule in tree.rules
    )
    assert np.all(held == 1)
    assert 0 < tree.fidelity <= 1


def test_sizes_are_in_customers_and_money():
    fit = fit_clusters(points(PLAIN), k=3)
    company = on(PLAIN)
    sizes = records(segment_sizes(fit.segmentation.assign(company), company.facts), "segment")
    assert sizes["cluster_2"]["customer_count"] == 3
    assert sizes["cluster_2"]["monetary"] == 3000
