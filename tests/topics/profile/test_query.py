"""Profiles: what sets a segment apart, in numbers and in texts, with its base, and nothing of too few."""

from __future__ import annotations

import math
from datetime import date
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.analyses.rows import bought, records, table
from tests.analyses.segmentation_laws import ground
from workbench.analyses.effect_size import cliffs_delta
from workbench.errors import ChoiceError, NothingToShow
from workbench.topics.profile.panel import defining
from workbench.topics.profile.query import (
    chosen_columns,
    compare_segments,
    profile_counts,
    profile_table,
    value_counts,
)
from workbench.topics.rfm import Cuts, RfmSegmentation

LAWS = settings(max_examples=20)
COLUMNS = {"customer_id": "VARCHAR", "segment": "VARCHAR", "spend": "DOUBLE", "region": "VARCHAR"}


def counts(*rows: tuple) -> pd.DataFrame:
    """Count customers given as (segment, spend, region)."""
    people = table("profiled", COLUMNS, [(f"c{place:02}", *row) for place, row in enumerate(rows)])
    return profile_counts(people, people.drop("segment"), columns=("spend", "region")).to_pandas()


COMPANY = counts(
    ("gold", 900, "东"), ("gold", 700, "东"), ("gold", None, "西"),
    ("lost", 100, "西"), ("lost", 300, "西"), ("others", 800, None),
)  # fmt: skip


def compared(found: pd.DataFrame, column: str) -> dict:
    return found.set_index("column").loc[column].to_dict()


def test_a_number_is_compared_by_ranks_and_its_base_leaves_out_the_unknown():
    spend = compared(compare_segments(COMPANY, this="gold", against="lost"), "spend")
    assert (spend["effect"], spend["size"], spend["direction"]) == (1, "large", "higher")
    assert (spend["this_base"], spend["this_missing"], spend["other_base"]) == (2, 1, 2)
    assert (spend["this_mean"], spend["other_mean"], spend["this_median"]) == (800, 200, 800)


def test_without_another_segment_the_rest_is_meant():
    spend = compared(compare_segments(COMPANY, this="gold"), "spend")
    assert spend["other_base"] == 3
    assert spend["other_mean"] == 400
    assert spend["effect"] == pytest.approx((5 - 1) / 6)


def test_a_text_is_compared_by_shares_with_the_value_that_differs_most():
    region = compared(compare_segments(COMPANY, this="gold", against="lost"), "region")
    assert (region["kind"], region["direction"]) == ("text", "mixed")
    assert region["value"] == "东"
    assert region["points"] == pytest.approx(2 / 3)
    assert math.isnan(region["log_ratio"])
    both_sides = counts(*[("a", 1, home) for home in "东西西"], *[("b", 1, home) for home in "东西西西"])
    region = compared(compare_segments(both_sides, this="a"), "region")
    assert region["value"] == "东", "of two as far apart, what the segment has more of"
    assert region["log_ratio"] == pytest.approx(math.log2((1 / 3) / (1 / 4)))


def test_the_greatest_difference_comes_first_and_columns_of_the_rules_are_marked():
    found = compare_segments(COMPANY, this="gold", against="lost", evidence=("spend",))
    assert found["effect"].abs().is_monotonic_decreasing
    assert found.set_index("column")["is_evidence"].to_dict() == {"spend": True, "region": False}
    tested = found[~found["is_evidence"]]
    assert (tested["q_value"] == tested["p_value"]).all(), "one test is corrected for one"
    assert found.loc[found["is_evidence"], "q_value"].isna().all()


@LAWS
@given(st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 99)), min_size=2, max_size=20))
def test_up_to_three_digits_the_counts_give_what_the_rows_give(rows):
    this, other = ([value for segment, value in rows if segment == name] for name in "ab")
    found = counts(*((segment, value, "东") for segment, value in rows))
    if not (this and other):
        with pytest.raises(NothingToShow):
            compare_segments(found, this="a", against="b")
        return
    spend = compared(compare_segments(found, this="a", against="b"), "spend")
    by_rows = [[values.count(value) for value in range(100)] for values in (this, other)]
    assert spend["effect"] == pytest.approx(cliffs_delta(*by_rows))
    assert spend["this_median"] == pytest.approx(pd.Series(this).median())
    assert spend["other_mean"] == pytest.approx(sum(other) / len(other))


def test_numbers_are_compared_to_three_digits_and_added_up_exactly():
    found = counts(("a", 123_456.78, "东"), ("a", 123_499, "东"), ("b", -0.1234, "西"), ("b", 0, "西"))
    numbers = found[found["column"] == "spend"]
    assert sorted(numbers["number"].round(6)) == [-0.123, 0, 123_000]
    assert numbers["total"].sum() == pytest.approx(123_456.78 + 123_499 - 0.1234)


@pytest.mark.parametrize(("this", "against"), [("platinum", None), ("gold", "platinum")])
def test_a_segment_of_nobody_is_explained(this, against):
    with pytest.raises(NothingToShow) as refusal:
        compare_segments(COMPANY, this=this, against=against)
    assert "没有客户" in refusal.value.words("zh")


def test_all_in_one_segment_leaves_no_rest_to_compare_with():
    with pytest.raises(NothingToShow):
        compare_segments(counts(("a", 1, "东"), ("a", 2, "西")), this="a")


def test_a_segment_is_not_compared_with_itself():
    with pytest.raises(ChoiceError):
        compare_segments(COMPANY, this="gold", against="gold")


def test_one_customer_against_one_is_a_comparison_without_certainty():
    spend = compared(compare_segments(counts(("a", 5, "东"), ("b", 1, "东")), this="a"), "spend")
    assert spend["effect"] == 1
    assert spend["q_value"] == 1


def test_on_a_page_that_protects_customers_no_figure_is_of_too_few():
    rows = [("a", 10 * n if n < 4 else None, "东" if n < 2 else "西" if n < 9 else "北") for n in range(15)]
    found = counts(*rows, *[("b", n, "东") for n in range(6)])
    spend = compared(compare_segments(found, this="a", smallest=5), "spend")
    assert math.isnan(spend["effect"])
    assert math.isnan(spend["this_mean"])
    region = compared(compare_segments(found, this="a", smallest=5), "region")
    assert (region["value"], region["this_share"]) == ("西", pytest.approx(7 / 15)), "the others stay hidden"
    few_unknown = [("a", None if n < 2 else n, "东") for n in range(8)] + [("b", n, "东") for n in range(6)]
    spend = compared(compare_segments(counts(*few_unknown), this="a", smallest=5), "spend")
    assert math.isnan(spend["this_missing"])
    assert math.isnan(spend["this_base"]), "with the segment's size it would tell how many are missing"
    with pytest.raises(NothingToShow):
        compare_segments(counts(("a", 1, "东"), *[("b", n, "东") for n in range(6)]), this="a", smallest=5)


def test_everything_known_of_a_customer_stands_in_one_row_and_nothing_that_names_him():
    company = ground(
        bought("王", "2024-06-01", "300"), bought("李", "2024-12-01", "100.5"),
        as_of=date(2024, 12, 31), people=[("王", "企业", "华东"), ("李", "个人", None)],
    )  # fmt: skip
    whole = profile_table(company)
    rows = records(whole, "customer_id")
    assert rows["王"]["monetary"] == 300.0
    assert rows["李"]["complaint_count"] == 0
    assert rows["李"]["region"] is None
    chosen = chosen_columns(whole, records(value_counts(whole))[0])
    assert {"monetary", "recency_days", "customer_type"} <= set(chosen)
    assert "region" not in chosen, "one value tells nothing"
    assert "visit_count" not in chosen


def test_a_text_of_too_many_values_is_left_out():
    people = table("plates", {"customer_id": "VARCHAR", "plate": "VARCHAR"}, [(f"c{n}", f"沪A{n}") for n in range(60)])
    assert chosen_columns(people, records(value_counts(people))[0]) == ()


def test_money_is_compared_as_money_whatever_its_type():
    rows = table("paid", {"customer_id": "VARCHAR", "spend": "DECIMAL(18,2)"}, [("a", Decimal("1.5")), ("b", 2)])
    assigned = table("split", {"customer_id": "VARCHAR", "segment": "VARCHAR"}, [("a", "x"), ("b", "y")])
    found = compare_segments(profile_counts(assigned, rows, columns=("spend",)).to_pandas(), this="x")
    assert found["this_mean"].tolist() == [1.5]


def drawn_counts(draw: np.random.Generator, customers: int, *, tells: float = 0.0) -> pd.DataFrame:
    """Count customers whose segment is made of their spend; all else but the margin is drawn without looking at it."""
    spend = np.exp(draw.normal(5, 1, customers)).round(0)
    segment = np.where(spend > np.quantile(spend, draw.uniform(0.6, 0.95)), "gold", "rest")
    columns = {"monetary": spend, "margin": (spend * draw.normal(0.3, 0.05, customers)).round(0)}
    columns |= {f"number{place}": draw.poisson(3, customers).astype(float) for place in range(4)}
    rare = draw.dirichlet(np.full(30, 0.2), size=4)
    columns |= {f"text{place}": draw.choice(30, customers, p=share).astype(str) for place, share in enumerate(rare)}
    columns["number0"] = columns["number0"] + tells * (segment == "gold")
    parts = []
    for name, values in columns.items():
        side = "label" if values.dtype.kind == "U" else "number"
        part = pd.DataFrame({"segment": segment, side: values}).groupby(["segment", side]).size()
        parts.append(part.rename("customer_count").reset_index().assign(column=name))
    counts = pd.concat(parts, ignore_index=True)
    return counts.assign(total=counts["number"] * counts["customer_count"])


def headline(counts: pd.DataFrame) -> bool:
    found = compare_segments(counts, this="gold", evidence=("monetary", "margin"))
    return bool((found["q_value"] <= 0.05).any())


def test_a_segment_made_of_spend_is_seldom_said_to_differ_in_what_has_nothing_to_do_with_it(trials):
    """Eight columns, four of them of thirty rare values; seed 11, 400 segments with --full."""
    draw, whole = np.random.default_rng(11), trials(400)
    false = sum(headline(drawn_counts(draw, int(draw.integers(60, 600)))) for _ in range(whole))
    assert false <= 0.06 * whole + 1


def test_a_planted_difference_is_found(trials):
    draw, whole = np.random.default_rng(12), trials(100)
    assert sum(headline(drawn_counts(draw, 400, tells=1.5)) for _ in range(whole)) >= 0.9 * whole


def test_what_is_computed_from_the_rules_counts_as_theirs():
    made_of = {"recency_days", "frequency", "monetary", "margin", "average_order_value", "order_count", "visit_count"}
    assert made_of <= set(defining(RfmSegmentation(Cuts((30,), (3,), (5000,)), table="eight_groups")))
