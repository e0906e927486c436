"""Kaplan–Meier and log-rank: the published 6-MP trial to the digit, waits by hand, and groups that wait alike."""

from __future__ import annotations

import math
from datetime import date

import numpy as np
import pandas as pd
import pytest

from tests.analyses.rows import bought, records, table, transactions
from tests.charts.drawn import said
from workbench.topics.retention.chart_returns import Returned, returns_drawing
from workbench.topics.retention.returning import waits_for_return
from workbench.topics.retention.returns import return_curves
from workbench.topics.retention.survival import kaplan_meier, log_rank, median_wait

SIX_MP = "6 6 6 6+ 7 9+ 10 10+ 11+ 13 16 17+ 19+ 20+ 22 23 25+ 32+ 32+ 34+ 35+"
PLACEBO = "1 1 2 2 3 4 4 5 5 8 8 8 8 11 11 12 12 15 17 22 23"
"""Weeks of remission of 2 × 21 patients (Freireich and others 1963); + is censored."""


def waits(text: str, **more: str) -> pd.DataFrame:
    rows = [(int(one.rstrip("+")), not one.endswith("+"), 1) for one in text.split()]
    return pd.DataFrame(rows, columns=["days", "is_event", "customer_count"]).assign(**more)


def test_the_published_trial_comes_out_as_printed():
    curve = kaplan_meier(waits(SIX_MP))
    printed = {6: 0.8571, 7: 0.8067, 10: 0.7529, 13: 0.6902, 16: 0.6275, 22: 0.5378, 23: 0.4482}
    happened = curve[curve["event_count"] > 0].set_index("days")["survival"].round(4)
    assert happened.to_dict() == printed
    assert median_wait(curve) == 23
    at_ten = curve.set_index("days").loc[10]
    assert (at_ten["at_risk"], round(at_ten["low"], 4), round(at_ten["high"], 4)) == (15, 0.5032, 0.8894)


def test_the_published_trial_differs_from_placebo_as_printed():
    both = pd.concat([waits(SIX_MP, segment="6-MP"), waits(PLACEBO, segment="placebo")])
    test = log_rank(both)
    assert (round(test.chi_square, 4), test.degrees) == (16.7929, 1)
    assert test.rows["event_count"].tolist() == [9, 21]
    assert test.rows["expected_count"].sum() == pytest.approx(30)


def test_groups_that_wait_alike_do_not_differ_and_one_group_has_no_test():
    alike = pd.concat([waits(PLACEBO, segment=name) for name in "abc"])
    test = log_rank(alike)
    assert (test.chi_square, test.p_value) == (pytest.approx(0, abs=1e-9), pytest.approx(1))
    assert pd.isna(log_rank(alike[alike["segment"] == "a"]).p_value)
    assert pd.isna(log_rank(waits("3+ 4+", segment="a")).p_value)


def test_nobody_and_nothing_that_happened_have_no_median():
    assert kaplan_meier(waits("")).empty
    never = kaplan_meier(waits("3+ 9+"))
    assert never["survival"].tolist() == [1, 1]
    assert never["low"].isna().all()
    assert pd.isna(median_wait(never))


def test_waits_run_from_the_first_day_to_the_second_or_to_the_day_asked():
    lines = transactions(
        bought("王", "2025-01-01", 10),
        bought("王", "2025-01-01", 20),
        bought("王", "2025-01-31", 10),
        bought("李", "2025-02-01", 10),
        bought("李", "2025-02-05", -10),
        bought("张", "2024-12-01", 10),
        bought("张", "2024-12-02", 10),
    )
    rows = records(waits_for_return(lines, as_of=date(2025, 3, 3), since=date(2025, 1, 1)))
    assert [tuple(row.values()) for row in rows] == [(30, False, 1), (30, True, 1)]
    groups = table("where_from", {"customer_id": "VARCHAR", "segment": "VARCHAR"}, [("王", "华东")])
    rows = records(waits_for_return(lines, as_of=date(2025, 3, 3), groups=groups))
    assert {(row["segment"], row["days"], row["is_event"]) for row in rows} == {
        ("华东", 30, True),
        (None, 30, False),
        (None, 1, True),
    }


def by_segment(*groups: tuple[str | None, int, int]) -> pd.DataFrame:
    """Make segments of 40 customers each: so many came again after so many days, the others had 200 days."""
    rows = [(name, days, True, came) for name, days, came in groups]
    rows += [(name, 200, False, 40 - came) for name, _days, came in groups]
    return pd.DataFrame(rows, columns=["segment", "days", "is_event", "customer_count"])


def title(waits: pd.DataFrame) -> str:
    curves = return_curves(waits)
    drawn = Returned(curves.curves, curves.bases, curves.differ, curves.soonest, curves.half_days)
    names = {segment: segment for segment in curves.bases}
    return said(returns_drawing(drawn, "en", names=names).chart())[0]


def test_a_segment_is_named_only_where_segments_differ_beyond_chance():
    assert title(by_segment(("vip", 10, 35), ("new", 90, 10))).startswith("vip comes again soonest")
    assert "no more than by chance" in title(by_segment(("vip", 10, 20), ("new", 11, 20)))
    assert title(by_segment((None, 10, 35), ("new", 90, 10))) == "Half of new customers have come again within 90 days"
    assert title(by_segment((None, 10, 5), ("new", 90, 5))) == "How soon customers come again", "unknown is no name"
    equal = (("vip", 10, 35), ("gold", 10, 35), ("new", 90, 10))
    assert "differs between segments" in title(by_segment(*equal))
    assert title(by_segment((None, 30, 20))) == "Half of new customers have come again within 30 days"
    assert title(by_segment((None, 30, 10))) == "25.0% of new customers have come again within 200 days"
    assert "begin too late" in title(by_segment())


def test_few_customers_are_tested_together_and_never_named():
    waits = by_segment(("vip", 10, 35), ("new", 90, 10))
    few = waits[waits["segment"] == "vip"].assign(customer_count=[6, 3])
    curves = return_curves(pd.concat([waits, few.assign(segment="a"), few.assign(segment="b")]))
    assert {"a", "b"} < {*curves.bases}
    assert curves.test.rows["segment"].tolist() == ["new", "other_segments", "vip"]
    assert math.isnan(return_curves(pd.concat([few, few.assign(segment="a")])).test.p_value)


def test_where_one_is_slow_none_of_the_others_is_called_the_soonest(trials):
    """Four of five wait alike; seed 3, 100 companies with --full, half of the customers seen coming again."""
    random, claims, companies = np.random.default_rng(3), 0, trials(100)
    for _ in range(companies):
        waits = pd.DataFrame({"segment": np.repeat([*"abcde"], 50), "customer_count": 1})
        wait = random.exponential(np.where(waits["segment"] == "e", 400, 100)).round()
        known = random.integers(30, 200, len(waits))
        curves = return_curves(waits.assign(days=np.minimum(wait, known), is_event=wait <= known))
        assert curves.soonest != "e"
        claims += curves.soonest is not None
        assert curves.differ
    assert claims <= max(1, 0.06 * companies)


def test_small_segments_are_one_line_and_every_customer_is_in_a_line():
    curves = return_curves(by_segment(*((f"shop {place}", 10 + place, 20) for place in range(9))))
    assert len(curves.bases) == 6
    assert sum(curves.bases.values()) == 360
    assert curves.curves["share"].between(0, 1).all()
