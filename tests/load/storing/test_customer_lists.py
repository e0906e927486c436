"""Several lists of customers: one row each, nothing lost, what differs is shown, and a list can go again."""

from __future__ import annotations

from pathlib import Path

import pytest

from workbench.load import load, remove
from workbench.store import erase, open_store, publish


def people(store: Path) -> dict[str, tuple[str | None, str | None]]:
    """Return name and tier of each customer."""
    with open_store(store) as opened:
        rows = opened.collect(opened.customers.order_by("customer_id"))
    known = rows[["name", "tier"]].astype(object).where(rows[["name", "tier"]].notna(), None)
    return dict(zip(rows["customer_id"], known.itertuples(index=False, name=None), strict=True))


@pytest.fixture
def lists(tmp_path: Path) -> tuple[Path, Path]:
    january, february = tmp_path / "customers_2024_01.csv", tmp_path / "customers_2024_02.csv"
    january.write_text("customer_id,name,tier\nC1,Ann,silver\nC2,Ben,silver\n", encoding="utf-8")
    february.write_text("customer_id,name,tier\nC1,Ann,gold\nC2,Ben,\nC3,Cy,silver\n", encoding="utf-8")
    return january, february


@pytest.mark.parametrize("order", [(0, 1), (1, 0)], ids=["in order", "the older one last"])
def test_the_newer_lists_values_count_and_a_blank_replaces_nothing(order, lists, tmp_path):
    store = tmp_path / "crm.store"
    reports = [load(lists[place], store=store) for place in order]
    assert people(store) == {"C1": ("Ann", "gold"), "C2": ("Ben", "silver"), "C3": ("Cy", "silver")}
    assert "以较新的名单为准：C1: silver → gold" in reports[-1].text("zh")
    assert "2 customers stand in several lists" in reports[-1].text("en")
    assert all(report.rows_rejected == 0 for report in reports)


def test_lists_with_other_columns_are_joined_by_the_id(tmp_path):
    crm, loyalty = tmp_path / "crm.csv", tmp_path / "loyalty.csv"
    crm.write_text("customer_id,name\nC1,Ann\nC2,Ben\n", encoding="utf-8")
    loyalty.write_text("customer_id,tier\nC2,gold\nC3,silver\n", encoding="utf-8")
    load([crm, loyalty], store=tmp_path / "crm.store")
    assert people(tmp_path / "crm.store") == {"C1": ("Ann", None), "C2": ("Ben", "gold"), "C3": (None, "silver")}


def test_a_list_that_is_taken_out_leaves_nothing_behind(lists, tmp_path):
    store = tmp_path / "crm.store"
    load([*lists], store=store)
    remove(lists[1].name, store=store)
    assert people(store) == {"C1": ("Ann", "silver"), "C2": ("Ben", "silver")}


def test_a_corrected_list_keeps_its_place(lists, tmp_path):
    store = tmp_path / "crm.store"
    load([*lists], store=store)
    lists[0].write_text("customer_id,name,tier\nC1,Anna,bronze\nC2,Ben,bronze\n", encoding="utf-8")
    load(lists[0], store=store)
    assert people(store) == {"C1": ("Ann", "gold"), "C2": ("Ben", "bronze"), "C3": ("Cy", "silver")}


def test_an_erased_customer_is_in_no_list(lists, tmp_path):
    store = tmp_path / "crm.store"
    load([*lists], store=store)
    erase(store, ["C1"])
    assert set(people(store)) == {"C2", "C3"}
    lists[0].write_text("customer_id,name,tier\nC2,Bea,silver\n", encoding="utf-8")
    load(lists[0], store=store)  # the lists are joined anew, and the other one does not bring them back
    assert set(people(store)) == {"C2", "C3"}
    publish(store)


def test_one_file_that_names_a_customer_twice_differently_still_says_so(tmp_path):
    path = tmp_path / "客户.csv"
    path.write_text("客户编号,客户名称\nA1,甲\nA1,乙\nA2,丙\n", encoding="utf-8")
    report = load(path, store=tmp_path / "crm.store")
    assert report.rejects["reason"].tolist() == ["conflicting_key"]
