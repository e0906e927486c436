"""Opening a store: what can be missing, foreign or gone says so in both languages and names the way out."""

from __future__ import annotations

import json
import os
import shutil

import pytest

from workbench.errors import ChoiceError, StoreError, WorkbenchError
from workbench.store import build, collect, current_id, open_store, publish, restore
from workbench.store.manifest import Manifest


def refused(call, key: str) -> WorkbenchError:
    """Call, and return the error after making sure that it is the right one and reads well in both languages."""
    with pytest.raises(WorkbenchError) as caught:
        call()
    assert caught.value.key == key
    for lang in ("zh", "en"):
        words = caught.value.words(lang)
        assert words
        assert "{" not in words
    return caught.value


def snapshot_file(address):
    return address / "snapshots" / f"{current_id(address)}.duckdb"


def test_no_store_names_the_command_that_makes_one(tmp_path):
    error = refused(lambda: open_store(tmp_path / "no.store"), "no_store")
    assert "workbench load" in error.words("zh")
    refused(lambda: current_id(tmp_path / "no.store"), "no_store")
    refused(lambda: publish(tmp_path / "no.store"), "no_store")


def test_an_empty_folder_is_a_store_without_data(tmp_path):
    refused(lambda: open_store(tmp_path), "no_snapshot")
    refused(lambda: publish(tmp_path), "no_snapshot")


def test_a_store_that_was_not_published_says_how_to_publish(orders_store):
    assert "workbench publish" in refused(lambda: open_store(orders_store, published=True), "not_published").words("en")


def test_the_address_may_come_from_the_environment_or_the_working_folder(orders_store, monkeypatch):
    monkeypatch.setenv("WORKBENCH_STORE", str(orders_store))
    assert current_id() == current_id(orders_store)
    monkeypatch.delenv("WORKBENCH_STORE")
    monkeypatch.chdir(orders_store.parent)
    shutil.copytree(orders_store, orders_store.parent / "crm.store")
    with open_store() as store:
        assert store.snapshot.id == current_id(orders_store)


def test_a_store_of_another_version_is_not_read(orders_store):
    path = snapshot_file(orders_store)
    manifest = Manifest.of(path)
    newer = Manifest(manifest.snapshot, manifest.sums, manifest.size, manifest.sha256, schema_version=99)
    path.with_suffix(".json").write_text(newer.text(), encoding="utf-8")
    assert refused(lambda: open_store(orders_store), "store_version").facts["found"] == 99


def test_a_manifest_with_a_changed_day_is_not_believed(orders_store):
    path = snapshot_file(orders_store).with_suffix(".json")
    content = json.loads(path.read_text(encoding="utf-8"))
    content["snapshot"]["as_of"] = "2024-12-31"
    path.write_text(json.dumps(content), encoding="utf-8")
    refused(lambda: open_store(orders_store), "snapshot_damaged_only")


def test_a_snapshot_whose_file_is_gone_is_missing(orders_store):
    snapshot_file(orders_store).unlink()
    refused(lambda: open_store(orders_store), "snapshot_missing")


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "20240305T084107250Z-0123456789ab\0", "\udcff"])
def test_a_pointer_that_names_no_snapshot_is_damaged(orders_store, name: str):
    (orders_store / "CURRENT").write_bytes(name.encode("utf-8", "surrogateescape"))
    error = refused(lambda: open_store(orders_store), "pointer_damaged")
    assert restore(orders_store, snapshot=error.facts["available"][0]).tables["transactions"] == 3
    open_store(orders_store).close()


def test_a_snapshot_can_be_asked_for_by_its_id(orders_store, three_orders):
    first = current_id(orders_store)
    build(orders_store, lambda con: [three_orders(con), three_orders(con)])
    with open_store(orders_store, snapshot=first) as store:
        assert len(collect(store.transactions)) == 3
    error = refused(lambda: open_store(orders_store, snapshot="yesterday"), "snapshot_missing")
    assert first in error.facts["available"]


def test_restoring_puts_an_older_snapshot_in_force(orders_store, three_orders):
    first = current_id(orders_store)
    build(orders_store, lambda con: [three_orders(con), three_orders(con)])
    restore(orders_store, snapshot=first)
    assert current_id(orders_store) == first
    refused(lambda: restore(orders_store, snapshot="20240305T084107250Z-0123456789ab"), "snapshot_missing")


def test_an_open_store_keeps_its_data_when_a_new_snapshot_comes_and_its_own_is_pruned(orders_store, three_orders):
    with open_store(orders_store) as store:
        for _ in range(5):
            build(orders_store, lambda con: [three_orders(con), three_orders(con)])
        assert not (orders_store / "snapshots" / f"{store.snapshot.id}.duckdb").exists()
        assert len(collect(store.transactions)) == 3
        assert store.snapshot.id != current_id(orders_store)


def test_one_process_may_open_a_snapshot_many_times(orders_store):
    with open_store(orders_store) as one, open_store(orders_store) as two:
        kept = one.keep(one.transactions)
        assert len(collect(kept)) == len(collect(two.transactions)) == 3


def test_a_closed_store_says_so(orders_store):
    store = open_store(orders_store)
    transactions = store.transactions
    store.close()
    store.close()
    refused(lambda: collect(transactions), "store_closed")
    refused(lambda: store.customers, "store_closed")


def test_an_unknown_table_is_answered_with_those_there_are(orders_store):
    with open_store(orders_store) as store:
        error = refused(lambda: store.table("invoices"), "unknown_choice")
        assert "transactions" in error.words("zh")


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps no read-only folders")
def test_a_store_in_a_folder_that_cannot_be_written_can_be_read(orders_store):
    for path in orders_store.rglob("*.verified"):
        path.unlink()
    folders = [orders_store, orders_store / "snapshots"]
    for folder in folders:
        folder.chmod(0o500)
    try:
        with open_store(orders_store) as store:
            assert len(collect(store.keep(store.transactions.order_by("amount")))) == 3
    finally:
        for folder in folders:
            folder.chmod(0o700)


@pytest.mark.parametrize("value", ["many", "0", "-1"])
def test_a_thread_budget_that_is_no_number_is_refused(orders_store, monkeypatch, value: str):
    monkeypatch.setenv("WORKBENCH_THREADS", value)
    with pytest.raises(ChoiceError, match="WORKBENCH_THREADS"):
        open_store(orders_store)


@pytest.mark.parametrize("value", ["lots", "0MB", "4", "1GB'; SET threads = 64; --"])
def test_a_memory_budget_that_is_no_size_is_refused(orders_store, monkeypatch, value: str):
    monkeypatch.setenv("WORKBENCH_MEMORY", value)
    with pytest.raises(ChoiceError, match="WORKBENCH_MEMORY"):
        open_store(orders_store)


def test_the_budget_reaches_the_connection(orders_store, monkeypatch):
    monkeypatch.setenv("WORKBENCH_THREADS", "3")
    monkeypatch.setenv("WORKBENCH_MEMORY", "300MiB")
    with open_store(orders_store) as store:
        sql = "SELECT current_setting('threads'), current_setting('memory_limit')"
        assert store._backend.con.execute(sql).fetchone() == (3, "300.0 MiB")


def test_every_error_of_the_store_is_a_store_error(orders_store):
    with pytest.raises(StoreError):
        open_store(orders_store, published=True)
