"""Every kind of segmentation on real companies: one segment for everyone, and sums over segments that are the whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from tests.analyses.raw_files import ONLINE_RETAIL, loaded
from tests.analyses.segmentation_laws import assert_laws
from workbench.analyses.segmentation import Ground, Segmentation
from workbench.panels import Session
from workbench.topics.core_customers.potential import PotentialSegmentation, high_value_from
from workbench.topics.lifecycle.segmentation import LifecycleSegmentation
from workbench.topics.loyalty.segmentation import LoyaltySegmentation
from workbench.topics.pareto.segmentation import measured_abc
from workbench.topics.relationship.segmentation import RelationshipSegmentation
from workbench.topics.rfm import rfm_cuts
from workbench.topics.rfm.segmentation import RfmSegmentation
from workbench.topics.two_criteria import two_criteria_cuts
from workbench.topics.two_criteria.segmentation import TwoCriteriaAbc

GBK_ORDERS = """
[[source]]
files = ["order_1_gbk.csv"]
table = "transactions"
[source.columns]
order_id = "order_id"
user_id = "customer_id"
order_time = "day"
amount = "amount"
"""
COMPANIES = {
    "online_retail": ("online_retail/onlineretail.parquet", ONLINE_RETAIL, 4_338),
    "gbk_orders": ("cn_orders_gbk/order_1_gbk.csv", GBK_ORDERS, None),
}
KINDS: Mapping[str, Callable[[Ground], Segmentation]] = {
    "rfm": lambda ground: RfmSegmentation(rfm_cuts(ground.facts)),
    "eight groups": lambda ground: RfmSegmentation(rfm_cuts(ground.facts, method="mean"), table="eight_groups"),
    "nested": lambda ground: RfmSegmentation(rfm_cuts(ground.facts, method="nested")),
    "abc": lambda ground: measured_abc(ground.facts),
    "two criteria": lambda ground: TwoCriteriaAbc(cuts=two_criteria_cuts(ground.facts)),
    "loyalty": lambda _: LoyaltySegmentation(),
    "lifecycle": lambda _: LifecycleSegmentation(),
    "relationship": lambda _: RelationshipSegmentation(worth="monetary"),
    "potential": lambda ground: PotentialSegmentation(high_from=high_value_from(ground.facts)),
}


@pytest.fixture(scope="module", params=COMPANIES)
def company(
    request: pytest.FixtureRequest, shared_data: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Ground, int | None]]:
    file, mapping, customers = COMPANIES[request.param]
    with loaded(shared_data / file, mapping, tmp_path_factory.mktemp(request.param)) as store:
        yield Session(store, lang="zh").ground, customers


@pytest.mark.parametrize("kind", KINDS)
def test_everyone_has_one_segment_and_the_sums_are_the_whole(company: tuple[Ground, int | None], kind: str):
    ground, customers = company
    found = assert_laws(KINDS[kind](ground), ground)
    assert len(found) == customers or customers is None
    segments = {row["segment"] for row in found.values()}
    if kind == "lifecycle" and customers is None:
        assert segments == {"new"}, "the orders are those of one month"
    else:
        assert len(segments) > 1
