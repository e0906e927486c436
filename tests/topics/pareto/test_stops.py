"""Stops: classes, curve and best customers end at the same places, and add up to what the ranking adds up to."""

from __future__ import annotations

import random

import numpy as np
import pytest

from workbench.panels import Session
from workbench.topics.pareto.curve import AbcCurve
from workbench.topics.pareto.panel import pareto_panel
from workbench.topics.pareto.stops import Stops, candidates
from workbench.topics.segments.panel import segments_panel

ONE_BELOW_ZERO = (
    "INSERT INTO customers (customer_id, name) SELECT 'E' || x, '李' || x FROM range(60) t(x)",
    "INSERT INTO transactions (customer_id, order_id, day, product_id, amount, is_cancelled, is_purchase) "
    "SELECT 'E' || x, 'E' || x || '-1', DATE '2024-06-01', 'P1', 100 + 7 * x, false, true FROM range(60) t(x)",
    "INSERT INTO transactions (customer_id, order_id, day, product_id, amount, is_cancelled, is_purchase) "
    "VALUES ('E0', 'E0-2', DATE '2024-07-01', 'P1', -500, false, false)",
)
"""Sixty more customers, of whom one returned more than they bought: -400.00 in all."""


def curve_of(values, unknown=0) -> AbcCurve:
    cents, sizes = np.unique(np.array(values) * 100, return_counts=True)
    heads = np.cumsum(sizes[::-1])
    columns = {"cents": cents[::-1], "heads": heads, "size": sizes[::-1]}
    if unknown:
        columns = {name: np.append(column, 0 if name != "size" else unknown) for name, column in columns.items()}
    return AbcCurve.read(columns)


def test_where_every_stop_may_be_told_the_named_classes_are_the_exact_ones():
    curve = curve_of([90, 50, 50, 20, 10, 9, 8, 3, 1, 0, -4], unknown=2)
    stops = Stops.of(curve, ())
    for shares in ((0.80, 0.95), (0.70, 0.90), (0.55, 0.85)):
        exact = curve.summary(curve.ends(a_share=shares[0], b_share=shares[1]))
        told = stops.summary(stops.ends(a_share=shares[0], b_share=shares[1]))
        same = ["abc_class", "customer_count", "value", "value_share", "customer_share"]
        assert told[same].round(9).equals(exact[same].round(9))


@pytest.mark.parametrize("seed", range(20))
def test_whatever_is_hidden_classes_are_made_of_whole_stops_and_add_up(seed):
    dice = random.Random(seed)
    values = [dice.choice([-30, 0, 1, 2, 5, 9, 40, 300]) for _ in range(dice.randint(5, 60))] + [7]
    curve = curve_of(values, unknown=dice.choice([0, 2]))
    hidden = [head for head in candidates(curve) if dice.random() < 0.5]
    stops = Stops.of(curve, hidden)
    a_share = dice.random()
    ends = stops.ends(a_share=a_share, b_share=dice.uniform(a_share, 1))
    assert {*ends.values()} <= {*stops.heads, stops.everyone}
    assert [*ends.values()] == sorted(ends.values())
    rows = stops.summary(ends)
    assert rows["customer_count"].sum() == stops.everyone
    assert rows["value"].sum() == pytest.approx(sum(values))
    curve_rows = stops.lorenz(ends)
    assert curve_rows["rank_share"].is_monotonic_increasing
    assert {round(share * stops.counted) for share in curve_rows["rank_share"]} <= {*stops.heads, stops.everyone}


def test_one_customer_below_zero_comes_out_of_no_two_pages(make_store):
    """80/20 counted D with C, and the segments did not: the difference was one customer at -400.00."""
    session = Session(make_store(*ONE_BELOW_ZERO, published=True))
    ranked = pareto_panel(session)
    assert "D" not in ranked.rows["abc_class"].tolist()
    sizes = segments_panel(session, segmentation="abc").rows.set_index("segment")["customer_count"]
    assert sizes[["C", "D"]].isna().all(), "C goes with D"
    assert sizes[["A", "B"]].notna().all(), "and not the best"
    counts = ranked.rows.set_index("abc_class")["customer_count"]
    assert counts[["A", "B"]].tolist() == sizes[["A", "B"]].tolist()
    whole = ranked.rows["value"].sum()
    assert (ranked.rows["value"] / ranked.rows["value_share"]).round(2).nunique() == 1
    assert ranked.rows["value"].div(ranked.rows["value_share"]).iloc[0] == pytest.approx(whole), "shares are of all"
    assert "已并入 C 类" in ranked.widget.summary.value


def test_a_slider_moved_by_a_step_moves_no_few_customers(make_store):
    session = Session(make_store(*ONE_BELOW_ZERO, published=True))
    panel = pareto_panel(session)
    sizes = set()
    for share in range(50, 95):
        panel.set(a_share=share / 100)
        sizes.add(int(panel.rows.set_index("abc_class")["customer_count"]["A"]))
    steps = np.diff(sorted(sizes))
    assert len(sizes) > 3
    assert steps.min() >= 5
