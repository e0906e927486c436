"""A segment table as a segmentation: the laws, the evidence, and counts in memory that equal the query."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.analyses.rows import bought, records
from tests.analyses.segmentation_laws import assert_equals_are_equal, assert_laws, ground
from tests.analyses.tables import BINS, CONDITION, KINDS, SCORE_TABLES, table_from, table_of
from workbench.analyses import segment_table
from workbench.analyses.facts import customer_facts
from workbench.analyses.rules.audit import audit_segments
from workbench.analyses.rules.axes import axes_of
from workbench.analyses.rules.counts import RuleCells, cell_counts
from workbench.analyses.rules.table import SegmentTable
from workbench.analyses.segmentation import OTHERS, Ground, segment_sizes, segmentation_from
from workbench.errors import ChoiceError
from workbench.topics.rfm.cuts import Cuts
from workbench.topics.segment_rules.segmentation import TableSegmentation, with_scores

AS_OF = date(2024, 3, 31)
CUTS = Cuts((10, 40), (2, 3), (10, 100))

PURCHASE = st.tuples(
    st.integers(0, 5), st.integers(0, 60), st.sampled_from(["-3", "0.01", "9.99", "10", "250"]), st.booleans()
)
PURCHASES = st.lists(PURCHASE, min_size=1, max_size=12)


def company(purchases: list[tuple], people: int = 4) -> Ground:
    """Customers c0 … c5 with these purchases (customer, days ago, money, cost known); c4 and c5 have no profile."""
    lines = [
        bought(
            f"c{who}",
            (AS_OF - timedelta(days=ago)).isoformat(),
            money,
            order_id=f"o{number}",
            cost="5" if known else None,
        )
        for number, (who, ago, money, known) in enumerate(purchases)
    ]
    first = bought("c0", AS_OF.isoformat(), "10", order_id="first")
    profile = [(f"c{who}", KINDS[who % 3], "华东") for who in range(people)]
    return ground(first, *lines, as_of=AS_OF, people=profile)


def counted(table: SegmentTable, cuts: Cuts | None, where: Ground) -> RuleCells:
    axes = axes_of(table, where.facts.schema())
    found = cell_counts(with_scores(where.facts, cuts), axes).to_pyarrow()
    return RuleCells.read(axes, {name: found[name].to_numpy() for name in found.column_names})


def assert_counts_equal_the_query(table: SegmentTable, cuts: Cuts | None, where: Ground) -> None:
    cells = counted(table, cuts, where)
    assigned = TableSegmentation(table, cuts).assign(where)
    asked = {row["segment"]: row for row in records(segment_sizes(assigned, where.facts))}
    held = {row["segment"]: row for row in cells.sizes(table).to_dict("records")}
    assert list(held) == list(asked)
    for segment, row in asked.items():
        for name, value in row.items():
            given = None if held[segment][name] != held[segment][name] else held[segment][name]
            assert given == (value if isinstance(value, str) or value is None else pytest.approx(float(value)))
    audit = audit_segments(table, cells=cells)
    assert audit.uncovered_customers == asked.get(OTHERS, {"customer_count": 0})["customer_count"]
    assert audit.customer_count == sum(row["customer_count"] for row in asked.values())


@given(SCORE_TABLES, PURCHASES)
@settings(max_examples=12)
def test_tables_of_scores_keep_the_laws_and_counts_in_memory_equal_the_query(table: SegmentTable, purchases: list):
    where = company(purchases)
    segmentation = TableSegmentation(table, CUTS)
    assert_laws(segmentation, where)
    assert_equals_are_equal(segmentation, where)
    assert_counts_equal_the_query(table, CUTS, where)


@given(st.lists(CONDITION, min_size=1, max_size=3), PURCHASES)
@settings(max_examples=15)
def test_tables_on_columns_keep_the_laws_and_counts_in_memory_equal_the_query(conditions: list, purchases: list):
    where = company(purchases)
    try:
        table = table_from(*conditions)
    except ChoiceError as error:
        assert error.key == "segment_field_nothing_between"  # noqa: PT017  only some tables contradict themselves
        return
    segmentation = TableSegmentation(table)
    assert_laws(segmentation, where)
    assert_equals_are_equal(segmentation, where)
    assert_counts_equal_the_query(table, None, where)


def test_rules_on_columns_group_four_customers_as_one_does_in_the_head():
    where = company([(1, 5, "250", True), (2, 50, "9.99", True), (4, 50, "10", False)])
    table = table_from(
        {"customer_type": "个人", "monetary": {"from": 100}},
        {"margin": {"unknown": True}},
        {"first_on": {"below": "2024-03-01"}, "monetary": {"to": 9.99}},
    )
    found = assert_laws(TableSegmentation(table), where)
    assert {who: row["segment"] for who, row in found.items()} == {"c0": "b", "c1": "a", "c2": "c", "c4": "b"}
    assert set(found["c1"]) == {"customer_id", "segment", "customer_type", "monetary", "margin", "first_on"}


def test_scores_and_columns_mix_in_one_table():
    where = company([(1, 5, "250", True), (2, 50, "250", True)])
    table = table_from({"m": [3, 3], "customer_type": "个人"}, {"r": [3, 3]}, bins=BINS)
    found = assert_laws(TableSegmentation(table, CUTS), where)
    assert {who: row["segment"] for who, row in found.items()} == {"c0": "b", "c1": "a", "c2": OTHERS}
    assert_counts_equal_the_query(table, CUTS, where)


def test_a_table_for_everyone_has_no_others_and_one_with_holes_has():
    everyone = table_from({"frequency": {"from": 2}}, {"everyone": True})
    assert [segment.id for segment in TableSegmentation(everyone).segments] == ["a", "b"]
    assert_counts_equal_the_query(table_from({"everyone": True}), None, company([]))
    open_one = table_from({"frequency": {"from": 2}})
    assert [segment.id for segment in TableSegmentation(open_one).segments] == ["a", OTHERS]


def test_a_column_that_vanished_is_named_with_the_rule_and_those_there_are():
    sold = company([(1, 5, "250", True)])
    without = customer_facts(sold.table("transactions"), as_of=AS_OF)
    table = table_from({"frequency": {"from": 1}}, {"region": "华东"})
    with pytest.raises(ChoiceError, match=r"ours: the rule b uses the column region, .*There are: customer_id"):
        TableSegmentation(table).assign(Ground(AS_OF, without, sold.table))


@pytest.mark.parametrize(
    "condition", [{"region": {"from": 3}}, {"frequency": "many"}, {"first_on": {"from": 3}}, {"monetary": True}]
)
def test_a_column_compared_with_another_kind_of_value_is_refused_in_words(condition: dict):
    with pytest.raises(ChoiceError, match=r"compares .* with values of another kind"):
        TableSegmentation(table_from(condition)).assign(company([]))


def test_scores_need_cuts_and_as_many_as_the_table_reckons_with():
    with pytest.raises(ChoiceError, match="scores from 1 to 5, so it needs cut points"):
        TableSegmentation(segment_table("rf_map"))
    with pytest.raises(ChoiceError, match="is made for 5 scores"):
        TableSegmentation(segment_table("rf_map"), CUTS)


@pytest.mark.parametrize("given", [{}, {"table": "rf_map"}, {"table": {"segment": []}}, {"table": {}, "cuts": [1]}])
def test_kept_rules_that_are_none_are_refused_in_words(given: dict):
    with pytest.raises(ChoiceError):
        segmentation_from({"kind": "table", **given})


def test_nobody_and_one_customer_and_a_negative_sum_are_grouped_too():
    everywhere = ((1, BINS), (1, BINS), (1, BINS))
    one = ground(bought("c1", "2024-03-01", "10"), bought("c1", "2024-03-02", "-30"), as_of=AS_OF)
    found = assert_laws(TableSegmentation(table_of(everywhere, bins=BINS), CUTS), one)
    assert (found["c1"]["segment"], found["c1"]["m_score"]) == ("rule_0", 1)
    assert_counts_equal_the_query(table_of(everywhere, bins=BINS), CUTS, one)
    nobody = ground(bought("c1", "2024-03-02", "-30"), as_of=AS_OF)
    assert assert_laws(TableSegmentation(table_of(everywhere, bins=BINS), CUTS), nobody) == {}
    assert_counts_equal_the_query(table_of(everywhere, bins=BINS), CUTS, nobody)
