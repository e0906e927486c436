"""The header dictionary: a header is known however it is spelt, and nothing else is."""

from __future__ import annotations

import pytest

from workbench.load.mapping.header_dictionary import comparison_key, likeness, meanings
from workbench.schema import TABLES


@pytest.mark.parametrize("table", [name for name in TABLES if name != "customer_facts"])  # known by all of them
def test_a_canonical_column_is_known_by_its_own_name(table: str):
    columns = [column.name for column in TABLES[table].columns if not column.derived]
    assert [name for name in columns if (table, name) not in {(m.table, m.column) for m in meanings(name)}] == []


@pytest.mark.parametrize(
    ("header", "table", "column", "how"),
    [
        ("订单 ID", "transactions", "order_id", "header"),
        ("*客户编号 ", "customers", "customer_id", "header"),
        ("省/自治区", "transactions", "region", "header"),
        ("CUSTOMER-ID", "transactions", "customer_id", "header"),
        ("实付金额（元）", "transactions", "amount", "header_without_brackets"),
        ("本月消费金额", "transactions", "amount", "header_ends_with"),
        ("InvoiceDat", "transactions", "day", "header_similar"),
        ("投诉受理时间", "complaints", "day", "header"),
        ("推荐意愿(NPS)", "items", "nps", "header"),
    ],
)
def test_a_header_is_known_however_it_is_spelt(header: str, table: str, column: str, how: str):
    assert how in [found.how for found in meanings(header) if (found.table, found.column) == (table, column)]


def test_an_unknown_header_means_nothing():
    assert meanings("天气") == ()
    assert meanings("") == ()


def test_the_same_column_under_two_names_is_alike():
    assert likeness("客户编号", "会员号") > likeness("客户编号", "备注")
    assert comparison_key("Ｎｅｔ　Pro ") == "netpro"
