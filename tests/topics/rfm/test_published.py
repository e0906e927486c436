"""The published results of the R package rfm, from its raw order file, to the printed digits."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import ibis.expr.types as ir
import pytest

from tests.analyses.raw_files import RFM_ORDERS, loaded
from tests.analyses.rows import records
from workbench.analyses import audit_segments, customer_facts, segment_sizes, segment_table
from workbench.store import Store, collect
from workbench.topics.rfm import Cuts, rfm_cells, rfm_cuts, rfm_scores, rfm_segments

SEGMENTS = {
    "About To Sleep": (102, 283, 23_449),
    "At Risk": (28, 216, 22_227),
    "Can't Lose Them": (47, 274, 32_446),
    "Champions": (35, 316, 31_646),
    "Lost": (148, 393, 35_324),
    "Loyal Customers": (170, 799, 76_562),
    "Need Attention": (10, 57, 4_562),
    "New Customers": (104, 329, 28_837),
    "Potential Loyalist": (342, 2_211, 204_856),
    "Promising": (9, 28, 4_249),
}
"""Customers, orders and money of every segment, as the package's reference page prints them."""


@pytest.fixture(scope="module")
def store(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with loaded(
        shared_data / "rfm_orders" / "rfm_data_orders.csv", RFM_ORDERS, tmp_path_factory.mktemp("rfm")
    ) as store:
        yield store


@pytest.fixture(scope="module")
def facts(store: Store) -> ir.Table:
    return store.keep(customer_facts(store.transactions, as_of=date(2006, 12, 31)))


@pytest.fixture(scope="module")
def scores(facts: ir.Table) -> ir.Table:
    return rfm_scores(facts, cuts=rfm_cuts(facts, bins=5, preset="r_rfm"))


def test_995_customers_bought(facts: ir.Table):
    assert len(records(facts)) == 995


def test_the_cut_points_are_the_printed_ones(facts: ir.Table):
    assert rfm_cuts(facts, bins=5, preset="r_rfm") == Cuts(
        recency_days=(115, 181, 297.4, 482), frequency=(4, 5, 6, 8), monetary=(255.8, 382, 506.4, 666)
    )


def test_the_first_ten_customers_score_as_printed(scores: ir.Table):
    first = sorted(records(scores), key=lambda row: row["customer_id"])[:10]
    assert [row["rfm_score"] for row in first] == [343, 412, 323, 544, 433, 555, 555, 355, 321, 445]


def test_the_segment_table_comes_out_as_printed(facts: ir.Table, scores: ir.Table):
    table = segment_table("r_rfm_vignette")
    rows = records(segment_sizes(rfm_segments(scores, table=table), facts))
    printed = {
        table.name(row["segment"], "en"): (row["customer_count"], row["order_count"], row["monetary"]) for row in rows
    }
    assert printed == SEGMENTS


def test_514_of_995_customers_owe_their_segment_to_the_order_of_the_rules(scores: ir.Table):
    """Our own measurement: what the audit of the published table says about its own customers."""
    cells = collect(rfm_cells(scores, by=("r_score", "f_score", "m_score")))
    audit = audit_segments(segment_table("r_rfm_vignette"), cells=cells)
    assert (audit.customer_count, audit.uncovered_customers, audit.ambiguous_customers) == (995, 0, 514)
