"""Customers who may be one are told with their ids, and stay apart."""

from __future__ import annotations

from pathlib import Path

import pytest

from workbench.load import load
from workbench.store import open_store

CONTACTS = """\
客户编号,客户名称,联系电话,区域
A001,某某贸易有限公司,13800000001,华东
A002,个人张三,13800000003,华南
A003,张三,+86 138-0000-0003,华南
A004,李四,,华北
A005,王五,1234,华北
A006,赵六,1234,华北
"""
ORDERS = """\
客户编号,订单号,下单日期,金额
A001,1,2024-01-01,100
A002,2,2024-01-02,50
a001,5,2024-01-05,7
 A001 ,6,2024-01-06,8
"""


@pytest.fixture
def files(tmp_path: Path):
    def write(contacts: str = CONTACTS, orders: str = ORDERS) -> list[Path]:
        paths = [tmp_path / "客户档案.csv", tmp_path / "订单.csv"]
        for path, text in zip(paths, (contacts, orders), strict=True):
            path.write_text(text, encoding="utf-8")
        return paths

    return write


def told(report) -> dict[str, tuple[int, list[str]]]:
    keys = ("shared_phone", "shared_email", "ids_in_two_cases")
    return {one.key: (one.facts["count"], one.facts["examples"]) for one in report.problems if one.key in keys}


def test_a_number_under_two_ids_and_an_id_in_two_cases_are_told_and_not_merged(files, tmp_path):
    report = load(files(), store=tmp_path / "crm.store")
    assert told(report) == {"shared_phone": (1, ["A002 = A003"]), "ids_in_two_cases": (1, ["A001 = a001"])}
    assert "有 1 个电话号码出现在多个客户编号下，可能是同一客户，例如 A002 = A003。未作合并。" in report.text("zh")
    assert "differ from another one only in upper and lower case, for example A001 = a001." in report.text("en")
    assert "13800000003" not in report.text("zh") + report.text("en")
    with open_store(tmp_path / "crm.store") as store:
        assert store.snapshot.tables["customers"] == 6
        bought = store.collect(store.transactions.group_by("customer_id").agg(n=store.transactions.count()))
        assert dict(zip(bought["customer_id"], bought["n"], strict=True)) == {"A001": 2, "A002": 1, "a001": 1}


def test_a_number_that_many_share_says_nothing_of_any_of_them(files, tmp_path):
    many = "客户编号,客户名称,联系电话,区域\n" + "".join(f"B{n},客户{n},4008001234,华东\n" for n in range(6))
    assert told(load(files(contacts=many, orders=ORDERS.replace("a001", "A001")), store=tmp_path / "s")) == {}


def test_one_mail_address_in_two_cases_is_one(files, tmp_path):
    contacts = "客户编号,客户名称,邮箱\nA001,张三,Zhang@example.com\nA002,张三,zhang@EXAMPLE.com\n"
    report = load(files(contacts=contacts, orders=ORDERS.replace("a001", "A001")), store=tmp_path / "s")
    assert told(report) == {"shared_email": (1, ["A001 = A002"])}
