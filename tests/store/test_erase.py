"""Erasing customers: gone from every row and every byte of every file of the store."""

from __future__ import annotations

import pytest

from tests.store.test_publish import PEOPLE, content, found_in, write_people
from tests.store.test_publish import uncompressed as uncompressed
from workbench.errors import StoreError
from workbench.schema import TABLES
from workbench.store import build, collect, erase, open_store, publish


@pytest.fixture
def company(address):
    """A store that has been loaded twice and published."""
    build(address, write_people)
    build(address, write_people)
    publish(address, minimum_group=7)
    return address


def test_an_erased_customer_stands_in_no_byte_of_any_file(uncompressed, company):
    secrets = list(PEOPLE[0])
    assert found_in(content(company, published=False), secrets) == secrets
    erase(company, ["KH-10001"])
    everything = b"".join(path.read_bytes() for path in company.rglob("*") if path.is_file())
    assert found_in(everything, secrets) == []
    assert found_in(everything, PEOPLE[1]) == list(PEOPLE[1])


def test_all_rows_of_an_erased_customer_go_and_the_others_stay(company):
    snapshot = erase(company, ["KH-10001", "KH-10002"])
    holders = [table for table in TABLES if "customer_id" in TABLES[table].names]
    assert {table: snapshot.tables[table] for table in holders} == dict.fromkeys(holders, 1)
    assert snapshot.tables["employees"] == 1
    with open_store(company) as store:
        assert collect(store.customers)["customer_id"].tolist() == ["KH-10003"]
        assert collect(store.rejects)["value"].tolist() == ["010-87654321x"]


def test_the_publication_is_renewed_with_the_same_smallest_group(company):
    erase(company, ["KH-10001"])
    with open_store(company, published=True) as store:
        assert store.snapshot.minimum_group == 7
        assert collect(store.customers)["name"].tolist() == ["W*** B***", "张*"]


def test_older_snapshots_are_gone(company):
    snapshot = erase(company, ["KH-10001"])
    assert [path.stem for path in (company / "snapshots").glob("*.duckdb")] == [snapshot.id]


def test_erasing_again_changes_nothing_more(company):
    once = erase(company, ["KH-10001"])
    assert erase(company, ["KH-10001"]).tables == once.tables


def test_nothing_is_published_where_nothing_was(address):
    build(address, write_people)
    erase(address, ["KH-10001"])
    assert not (address / "PUBLISHED").exists()


def test_a_file_that_cannot_be_removed_is_named(company, monkeypatch):
    monkeypatch.setattr("workbench.store.prune._remove", lambda _: None)
    with pytest.raises(StoreError) as caught:
        erase(company, ["KH-10001"])
    assert caught.value.key == "erase_incomplete"
    assert any(name.endswith(".duckdb") for name in caught.value.facts["files"])
