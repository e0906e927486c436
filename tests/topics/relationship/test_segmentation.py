"""Kotler's five levels: the matrix as printed, thresholds that hold their edge, contacts known or unknown."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tests.analyses.rows import bought, records, table
from tests.analyses.segmentation_laws import assert_equals_are_equal, assert_laws, ground
from workbench.analyses.segmentation import Ground, segment_sizes
from workbench.errors import ChoiceError, NothingToShow
from workbench.store.rows import arrays
from workbench.topics.relationship.query import RelationshipCounts, relationship_counts, relationship_measures
from workbench.topics.relationship.segmentation import (
    KOTLER,
    RELATIONSHIP_LEVELS,
    RelationshipSegmentation,
    contacts,
    worth_cuts,
)

AS_OF = date(2024, 12, 31)
LAWS = settings(max_examples=15, phases=[Phase.explicit, Phase.generate])
EVENTS = {"customer_id": "VARCHAR", "day": "DATE", "kind": "VARCHAR", "points": "DECIMAL(18,3)"}
RULES = RelationshipSegmentation(
    medium_from=100, high_from=200, worth="monetary", few_below=2, many_from=3, market="customer_type"
)

COMPANY = st.lists(
    st.tuples(st.sampled_from([50, 100, 150, 200, 999]), st.sampled_from(["企业", "个人", None]), st.integers(0, 5)),
    min_size=1, max_size=9,
)  # fmt: skip


def company(customers: list[tuple[float, str | None, int]], *, costs: bool = True, events: bool = True) -> Ground:
    """Customers c0, c1 … who spent this much (half of it a cost), are of this type, and had so many calls."""
    lines = [
        bought(f"c{place}", "2024-06-01", spent, **({"cost": spent / 2} if costs else {}))
        for place, (spent, _, _) in enumerate(customers)
    ]
    people = [(f"c{place}", kind, "城东") for place, (_, kind, _) in enumerate(customers)]
    of = ground(*lines, as_of=AS_OF, people=people)
    calls = [(f"c{place}", AS_OF, "回访", None) for place, (_, _, times) in enumerate(customers) for _ in range(times)]
    return with_events(of, calls if events else [])


def with_events(of: Ground, rows: list[tuple]) -> Ground:
    known = table("events", EVENTS, rows)
    return Ground(of.as_of, of.facts, lambda name: known if name == "interactions" else of.table(name))


def judged(of: Ground, rules: RelationshipSegmentation = RULES) -> dict[str, dict]:
    return records(rules.assign(of), "customer_id")


def counted(of: Ground, rules: RelationshipSegmentation) -> RelationshipCounts:
    return RelationshipCounts.read(arrays(relationship_counts(relationship_measures(of, rules), rules).to_pyarrow()))


def test_the_matrix_is_as_printed():
    by_crowd = list(zip(*KOTLER, strict=True))
    assert by_crowd == [
        ("accountable", "reactive", "basic"),
        ("proactive", "accountable", "reactive"),
        ("partnership", "proactive", "accountable"),
    ]


def test_a_level_follows_margin_and_the_number_of_customers_like_it():
    rows = judged(company([(200, "企业", 0), (199, "个人", 0), (100, "个人", 0), *[(50, "个人", 0)] * 3]))
    assert rows["c0"]["segment"] == "partnership"  # the one high of its market
    assert (rows["c1"]["worth_level"], rows["c1"]["crowd_count"], rows["c1"]["crowd_level"]) == ("medium", 2, "medium")
    assert rows["c1"]["segment"] == rows["c2"]["segment"] == "accountable"
    assert (rows["c3"]["crowd_count"], rows["c3"]["segment"]) == (3, "basic")


def test_a_market_of_all_counts_everyone_together():
    rules = RelationshipSegmentation(
        medium_from=200, high_from=400, worth="monetary", few_below=2, many_from=3, market="everyone"
    )
    rows = judged(company([(50, "企业", 0), (50, "个人", 0), (50, None, 0)]), rules)
    assert {row["crowd_count"] for row in rows.values()} == {3}


def test_a_repainted_cell_changes_the_level_of_those_in_it():
    painted = (*KOTLER[:2], ("partnership", *KOTLER[2][1:]))
    rules = RelationshipSegmentation(
        medium_from=100, high_from=200, worth="monetary", few_below=2, many_from=3, matrix=painted
    )
    assert {row["segment"] for row in judged(company([(50, "个人", 0)] * 3), rules).values()} == {"partnership"}


@pytest.mark.parametrize(
    ("times", "level", "service"),
    [(0, "basic", "under"), (1, "reactive", "under"), (2, "accountable", "fits"), (4, "proactive", "over"),
     (12, "partnership", "over")],
)  # fmt: skip
def test_contacts_a_year_are_classed_and_compared_with_what_is_recommended(times: int, level: str, service: str):
    row = judged(company([(100, "个人", times), (100, "个人", 3)]))["c0"]
    assert (row["segment"], row["contacts_per_year"]) == ("accountable", times)
    assert (row["contact_level"], row["service"]) == (level, service)


def test_visits_points_and_old_calls_are_no_contacts():
    rows = [
        ("c0", AS_OF, "进店", None), ("c0", AS_OF, "积分获得", 10), ("c0", AS_OF - timedelta(days=365), "回访", None),
        ("c0", AS_OF - timedelta(days=364), "回访", None), (None, AS_OF, "回访", None), ("c0", AS_OF, None, None),
        ("c0", AS_OF + timedelta(days=1), "回访", None),
    ]  # fmt: skip
    found = contacts(table("events", EVENTS, rows), as_of=AS_OF, days=365)
    assert records(found) == [{"customer_id": "c0", "contact_count": 2}]


def test_a_store_without_contacts_knows_none_and_still_recommends():
    for rows in ([], [("c0", AS_OF, "进店", None)]):
        row = judged(with_events(company([(200, "企业", 0)]), rows))["c0"]
        assert (row["segment"], row["contact_level"], row["service"]) == ("partnership", None, "unknown")
        assert row["contacts_per_year"] is None


def test_a_page_that_may_not_show_contacts_still_recommends():
    of = company([(200, "企业", 5)])

    def refuse(name: str) -> Any:
        if name == "interactions":
            raise NothingToShow("filters_too_narrow", minimum=5)
        return of.table(name)

    row = judged(Ground(of.as_of, of.facts, refuse))["c0"]
    assert (row["segment"], row["service"]) == ("partnership", "unknown")


def test_without_costs_the_margin_is_unknown_and_says_so():
    rules = RelationshipSegmentation(medium_from=100, high_from=200, few_below=2, many_from=3)
    of = company([(500, "企业", 3)], costs=False)
    row = judged(of, rules)["c0"]
    assert (row["segment"], row["worth"], row["service"]) == ("others", None, "unknown")
    assert not counted(of, rules).has_worth


def test_a_negative_net_value_is_low():
    of = ground(bought("王", "2024-06-01", 100), bought("王", "2024-07-01", -900), as_of=AS_OF)
    assert judged(with_events(of, []))["王"]["worth_level"] == "low"


def test_proposed_thresholds_leave_half_low_and_a_fifth_high():
    of = company([(spent, "个人", 0) for spent in (10, 20, 30, 40, 50, 60)])
    assert records(worth_cuts(of.facts, worth="monetary")) == [{"medium_from": 35, "high_from": 50}]


@given(customers=COMPANY, costs=st.booleans(), worth=st.sampled_from(["margin", "monetary"]), events=st.booleans())
@LAWS
def test_everyone_has_one_level_and_the_sums_are_the_whole(customers, costs, worth, events):
    rules = RelationshipSegmentation(medium_from=100, high_from=200, worth=worth, few_below=2, many_from=3)
    of = company(customers, costs=costs, events=events)
    assert_laws(rules, of)
    assert_equals_are_equal(rules, of)


@given(
    customers=COMPANY, market=st.sampled_from(["customer_type", "everyone"]), few=st.integers(1, 3),
    more=st.integers(0, 3), cells=st.lists(st.sampled_from(RELATIONSHIP_LEVELS), min_size=9, max_size=9),
    events=st.booleans(),
)  # fmt: skip
@LAWS
def test_the_levels_counted_are_those_of_every_customer(customers, market, few, more, cells, events):
    painted = tuple(tuple(cells[row : row + 3]) for row in (0, 3, 6))
    rules = RelationshipSegmentation(
        medium_from=100,
        high_from=200,
        worth="monetary",
        few_below=few,
        many_from=few + more,
        market=market,
        matrix=painted,
    )
    of = company(customers, events=events)
    asked = list(judged(of, rules).values())
    sums = records(segment_sizes(rules.assign(of), of.facts), "segment")
    held = counted(of, rules)
    placed = held.placed(rules)
    for row in held.sizes(placed).to_dict("records"):
        expected = sums.get(row["segment"], {"customer_count": 0, "monetary": 0})
        assert (row["customer_count"], row["monetary"]) == (expected["customer_count"], float(expected["monetary"]))
    for row in held.cells(rules, placed).to_dict("records"):
        same = [one for one in asked if all(one[name] == row[name] for name in ("worth_level", "crowd_level"))]
        assert (row["customer_count"], {one["segment"] for one in same} or {row["level"]}) == (
            len(same),
            {row["level"]},
        )
    for row in held.service(placed).to_dict("records"):
        assert row["customer_count"] == sum(one["service"] == row["service"] for one in asked)
    crossed = held.contact_cells(placed)
    assert crossed["customer_count"].sum() == sum(one["contact_level"] is not None for one in asked)
    for row in crossed[crossed["customer_count"] > 0].to_dict("records"):
        same = [one for one in asked if (one["segment"], one["contact_level"]) == (row["level"], row["contact_level"])]
        assert (len(same), {one["service"] for one in same}) == (row["customer_count"], {row["service"]})


@pytest.mark.parametrize(
    "rules",
    [
        {"medium_from": 5000}, {"few_below": 0}, {"few_below": 2000}, {"contact_cuts": (1, 2, 4)}, {"market": "city"},
        {"contact_cuts": (4, 2, 1, 12)}, {"contact_cuts": (0, 1, 2, 3)}, {"matrix": KOTLER[:2]}, {"contact_days": 0},
        {"matrix": (("best",) * 3,) * 3}, {"worth": "points"},
    ],
)  # fmt: skip
def test_rules_that_cannot_be_are_refused_in_words(rules):
    with pytest.raises(ChoiceError) as refused:
        RelationshipSegmentation(**rules)
    assert refused.value.words("en")
    assert refused.value.words("zh")
