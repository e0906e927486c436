"""Published 80/20 results from raw files: a Chinese handbook's ABC table, and one UK shop's concentration."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import ibis.expr.types as ir
import pytest

from tests.analyses.raw_files import ONLINE_RETAIL, loaded
from tests.analyses.rows import records, worth
from workbench.analyses import customer_facts
from workbench.store import Store
from workbench.topics.pareto import PRESETS, abc_classes, abc_summary, concentration

HANDBOOK = (
    131, 66, 54, 48, 44, 39, 37, 34, 28, 28, 27, 27, 26, 26, 25, 25, 24, 22,
    21, 21, 21, 21, 18, 17, 17, 16, 16, 16, 15, 15, 13, 11, 11, 10, 10, 10, 10, 9, 8, 6, 6, 6, 5,
)  # fmt: skip
"""The 43 customers of the handbook's 客户 ABC 分析表, in thousands."""


def handbook(**rules: str) -> dict[str, tuple[int, int]]:
    a_share, b_share = PRESETS["handbook"]
    summary = abc_summary(abc_classes(worth(*HANDBOOK), a_share=a_share, b_share=b_share, **rules))
    return {row["abc_class"]: (row["customer_count"], int(row["value"])) for row in records(summary)}


def test_the_handbooks_table_comes_out_as_printed():
    assert handbook(boundary="inclusive", ties="row_order") == {"A": (12, 563), "B": (15, 316), "C": (16, 161)}


@pytest.mark.parametrize(
    ("rules", "customers"),
    [
        ({"boundary": "inclusive", "ties": "together"}, (12, 13, 18)),
        ({"boundary": "crossing", "ties": "row_order"}, (13, 15, 15)),
    ],
)
def test_the_handbooks_table_under_other_rules(rules: dict[str, str], customers: tuple[int, ...]):
    assert tuple(count for count, _ in handbook(**rules).values()) == customers


def test_the_default_rules_keep_equals_together_on_the_handbooks_table():
    """The fourth variant, added by hand: 563 of 1,040 lie above the two 26s, 847 above the 16s, 895 above the 15s."""
    assert handbook(boundary="crossing", ties="together") == {"A": (14, 615), "B": (14, 280), "C": (15, 145)}


@pytest.fixture(scope="module")
def store(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    file = shared_data / "online_retail" / "onlineretail.parquet"
    with loaded(file, ONLINE_RETAIL, tmp_path_factory.mktemp("online_retail")) as store:
        yield store


@pytest.fixture(scope="module")
def shop(store: Store) -> ir.Table:
    return store.keep(customer_facts(store.transactions, as_of=date(2011, 12, 9), refunds="excluded"))


def test_the_cleaned_shop_has_4338_customers_who_paid_8911407_90_in_397884_lines(shop: ir.Table):
    rows = records(shop)
    assert len(rows) == 4_338
    assert sum(row["monetary"] for row in rows) == Decimal("8911407.90")
    assert sum(row["order_count"] for row in rows) == 18_532
    assert sum(row["line_count"] for row in rows) == 397_884


def test_the_shops_concentration_is_the_published_one(store: Store, shop: ir.Table):
    values = store.arrays(shop.select("monetary"))["monetary"]
    best_fifth, best_hundredth = (concentration(values, top_share=share) for share in (0.2, 0.01))
    assert f"{best_fifth.top_value_share.value:.3%}" == "74.617%"
    assert f"{best_hundredth.top_value_share.value:.3%}" == "31.999%"
    assert best_fifth.needed_count == 1_133
    assert f"{best_fifth.gini.value:.5f}" == "0.71514"


def test_class_a_of_the_shop_ends_with_customer_1133(shop: ir.Table):
    summary = {row["abc_class"]: row for row in records(abc_summary(abc_classes(shop)))}
    assert summary["A"]["customer_count"] == 1_133
