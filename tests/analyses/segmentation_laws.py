"""Laws every segmentation keeps; call `assert_laws` with a small company from the tests of each kind."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from tests.analyses.rows import records, table, transactions
from workbench.analyses.facts import customer_facts
from workbench.analyses.segmentation import Ground, Segmentation, segment_sizes, segmentation_from


def assert_laws(segmentation: Segmentation, ground: Ground) -> dict[str, dict]:
    """One segment for everyone, named ones only; sums over segments are the whole; a kept rule set says the same.

    Returns the assigned rows by customer, for the test's own questions.
    """
    assigned = segmentation.assign(ground)
    rows = records(assigned)
    everyone = [row["customer_id"] for row in records(ground.facts.select("customer_id"))]
    assert sorted(row["customer_id"] for row in rows) == sorted(everyone)
    assert assigned.columns == ("customer_id", "segment", *segmentation.evidence)
    assert {row["segment"] for row in rows} <= {segment.id for segment in segmentation.segments}
    for segment in segmentation.segments:
        assert set(segment.names) >= {"en", "zh"}
        assert set(segment.meanings) >= {"en", "zh"}

    sizes = records(segment_sizes(assigned, ground.facts))
    assert sum(row["customer_count"] for row in sizes) == len(everyone)
    assert sum(row["monetary"] for row in sizes) == sum(row["monetary"] for row in records(ground.facts))

    again = records(segmentation_from(segmentation.as_dict()).assign(ground), "customer_id")
    found = {row["customer_id"]: row for row in rows}
    assert {key: row["segment"] for key, row in again.items()} == {key: row["segment"] for key, row in found.items()}
    return found


def assert_equals_are_equal(segmentation: Segmentation, ground: Ground) -> None:
    """Two customers with the same facts have the same segment: names and row order decide nothing."""
    facts = ground.facts
    by_facts: dict[tuple, set[str]] = {}
    segment = {row["customer_id"]: row["segment"] for row in records(segmentation.assign(ground))}
    for row in records(facts):
        same = tuple(value for name, value in sorted(row.items()) if name not in ("customer_id", "name"))
        by_facts.setdefault(same, set()).add(segment[row["customer_id"]])
    assert all(len(segments) == 1 for segments in by_facts.values())


def ground(*lines: dict[str, Any], as_of: date, people: Iterable[tuple[str, str, str]] = ()) -> Ground:
    """A company of these order lines (`bought`) and people (customer_id, customer_type, region), nothing else known."""
    sales = transactions(*lines)
    customers = table("customers", {"customer_id": "VARCHAR", "customer_type": "VARCHAR", "region": "VARCHAR"}, people)
    tables = {
        "transactions": sales,
        "customers": customers,
        "interactions": table("interactions", {"customer_id": "VARCHAR", "day": "DATE", "kind": "VARCHAR"}, ()),
        "surveys": table("surveys", {"customer_id": "VARCHAR", "day": "DATE", "score": "DOUBLE"}, ()),
        "complaints": table("complaints", {"customer_id": "VARCHAR", "day": "DATE", "category": "VARCHAR"}, ()),
    }
    return Ground(as_of, customer_facts(sales, as_of=as_of, customers=customers), tables.__getitem__)
