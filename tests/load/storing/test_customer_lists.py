"""Several lists of customers: one row each, nothing lost, what differs is shown, and a list can go again."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from workbench import cli
from workbench.load import check, load, remove
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


def history_of(store: Path) -> list[tuple[str, str, str, str | None, str]]:
    """Return customer, column, value, the day it counts from and the file, by customer and day."""
    with open_store(store) as opened:
        history = opened.customer_history
        if history is None:
            return []
        rows = opened.collect(history.order_by("customer_id", "column_name", "valid_from", "value"))
    days = [None if day != day else str(day)[:10] for day in rows["valid_from"].astype(object)]
    named = zip(rows["customer_id"], rows["column_name"], rows["value"], days, rows["file"], strict=True)
    return sorted(named, key=lambda one: (one[0], one[3] or ""))


@pytest.mark.parametrize("order", [(0, 1), (1, 0)], ids=["in order", "the older one last"])
def test_older_values_of_lists_stay_as_history_with_the_day_in_the_files_name(order, lists, tmp_path):
    store = tmp_path / "crm.store"
    for place in order:
        load(lists[place], store=store)
    assert history_of(store) == [
        ("C1", "tier", "silver", "2024-01-31", "customers_2024_01.csv"),
        ("C1", "tier", "gold", "2024-02-29", "customers_2024_02.csv"),
    ]
    remove(lists[0].name, store=store)
    assert history_of(store) == []


def test_a_newer_file_of_the_same_name_leaves_the_older_values_as_history(tmp_path):
    path, store = tmp_path / "customers.csv", tmp_path / "crm.store"
    path.write_text("customer_id,name,tier\nC1,Ann,silver\nC2,Ben,silver\nC3,Cy,\n", encoding="utf-8")
    load(path, store=store, today=date(2024, 1, 31))
    path.write_text("customer_id,name,tier\nC1,Ann,gold\nC2,Ben,\nC3,Cy,silver\n", encoding="utf-8")
    before = people(store)
    told = check(path, store=store, today=date(2024, 2, 29))
    assert "有 1 个客户的会员等级与以前不同：C1: silver → gold" in told.text("zh")
    assert people(store) == before, "only told"
    report = load(path, store=store, today=date(2024, 2, 29))
    assert "the older one stays as history" in report.text("en")
    assert people(store)["C1"] == ("Ann", "gold")
    path.write_text("customer_id,name,tier\nC1,Ann,diamond\nC2,Ben,\nC3,Cy,silver\n", encoding="utf-8")
    load(path, store=store, today=date(2024, 3, 31))
    told_history = history_of(store)
    assert [one[2:4] for one in told_history] == [
        ("silver", None), ("gold", "2024-02-29"), ("diamond", "2024-03-31"),
    ]  # fmt: skip
    publish(store)
    with open_store(store, published=True) as opened:
        assert opened.customer_history is None
    erase(store, ["C1"])
    assert history_of(store) == []


def test_the_command_checks_against_a_store_and_changes_nothing_there(lists, tmp_path, capsys):
    store = tmp_path / "crm.store"
    load(lists[0], store=store)
    assert cli.main(["check", str(lists[1]), "--store", str(store), "--lang", "en"]) == 0
    said = capsys.readouterr().out
    assert "C1: silver → gold" in said
    assert "nothing was loaded" in said
    assert people(store) == {"C1": ("Ann", "silver"), "C2": ("Ben", "silver")}
