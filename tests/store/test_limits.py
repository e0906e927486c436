"""Disk, memory and time run out: a sentence says so, the data in force stay as they were, nothing is left behind."""

from __future__ import annotations

import gc
from contextlib import contextmanager

import duckdb
import pytest

from workbench.errors import StoreError
from workbench.store import build, collect, current_id, open_store, publish
from workbench.store.budget import Budget
from workbench.store.faults import resource_error

resource = pytest.importorskip("resource", reason="Windows has no limits on a file's size")


@contextmanager
def largest_file(size: int):
    """Let no file of this process grow beyond `size` bytes, as on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def files(address) -> list[str]:
    return sorted(str(path.relative_to(address)) for path in address.rglob("*"))


def many_orders(con: duckdb.DuckDBPyConnection) -> None:
    con.execute(
        "INSERT INTO transactions (customer_id, day, amount)"
        " SELECT md5(i::VARCHAR), DATE '2024-01-01', i FROM range(200000) orders(i)"
    )


def many_sorted_orders(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("CREATE TEMP TABLE staging AS SELECT md5(i::VARCHAR) AS a FROM range(2000000) orders(i) ORDER BY a")


@pytest.mark.parametrize("size", [0, 10, 5_000, 300_000, 2_000_000])
def test_a_full_disk_during_a_load_leaves_the_old_data(orders_store, size: int):
    before, files_before = current_id(orders_store), files(orders_store)
    with largest_file(size), pytest.raises(StoreError) as caught:
        build(orders_store, many_orders)
    assert caught.value.key == "disk_full"
    assert "磁盘" in caught.value.words("zh")
    assert files(orders_store) == files_before
    assert current_id(orders_store) == before
    with open_store(orders_store) as store:
        assert len(collect(store.transactions)) == 3


@pytest.mark.parametrize("step", ["building.write_atomically", "building.stamp_verified", "folder.write_atomically"])
def test_a_full_disk_at_the_switch_leaves_the_old_data(orders_store, three_orders, monkeypatch, step: str):
    before, files_before = current_id(orders_store), files(orders_store)

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(f"workbench.store.{step}", full)
    with pytest.raises(StoreError) as caught:
        build(orders_store, three_orders)
    assert caught.value.key == "disk_full"
    assert (current_id(orders_store), files(orders_store)) == (before, files_before)


def test_a_full_disk_during_publishing_leaves_the_old_publication(orders_store):
    published = publish(orders_store)
    build(orders_store, many_orders)
    files_before = files(orders_store)
    with largest_file(300_000), pytest.raises(StoreError) as caught:
        publish(orders_store)
    assert caught.value.key == "disk_full"
    assert files(orders_store) == files_before
    assert current_id(orders_store, published=True) == published.id


def test_a_load_that_needs_too_much_memory_leaves_the_old_data(orders_store, monkeypatch):
    files_before = files(orders_store)
    small = Budget(threads=1, memory="60MB", spill="1MB", seconds=0)
    monkeypatch.setattr("workbench.store.building.writer_budget", lambda: small)
    with pytest.raises(StoreError) as caught:
        build(orders_store, many_sorted_orders)
    assert caught.value.key == "out_of_memory"
    assert "60MB" in caught.value.words("zh")
    assert files(orders_store) == files_before


def test_python_running_out_of_memory_is_worded_too(orders_store):
    def fails(_):
        raise MemoryError

    with pytest.raises(StoreError) as caught:
        build(orders_store, fails)
    assert caught.value.key == "out_of_memory"


@pytest.fixture
def busy_store(orders_store, monkeypatch):
    """A store with 200,000 orders, opened with the budget the test names."""
    build(orders_store, many_orders)

    def opened(**limits):
        budget = Budget(**{"threads": 1, "memory": "100MB", "spill": "1MB", "seconds": 0, **limits})
        monkeypatch.setattr("workbench.store.opening.analyst_budget", lambda: budget)
        return open_store(orders_store)

    return opened


def test_a_question_that_needs_too_much_memory_is_stopped_and_the_next_one_answered(busy_store):
    with busy_store(memory="30MB") as store:
        pairs = store.transactions.cross_join(store.transactions.view().limit(50)).select("customer_id", "amount_right")
        longest = pairs.customer_id.concat(pairs.amount_right.cast("string")).nunique()
        for ask in (lambda: collect(longest), lambda: store.keep(pairs.order_by("customer_id"))):
            with pytest.raises(StoreError) as caught:
                ask()
            assert caught.value.key == "out_of_memory"
        assert collect(store.transactions.count()).iloc[0, 0] == 200_000


def test_a_question_that_takes_too_long_is_stopped_and_the_next_one_answered(busy_store):
    with busy_store(seconds=1) as store:
        lines, other = store.transactions, store.transactions.view()
        endless = lines.join(other, lines.amount < other.amount).amount.sum()
        with pytest.raises(StoreError) as caught:
            collect(endless)
        assert caught.value.key == "too_long"
        assert caught.value.facts["seconds"] == 1
        assert collect(store.transactions.count()).iloc[0, 0] == 200_000


def test_spilled_files_are_removed_when_a_store_is_closed_or_forgotten(busy_store, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    store = busy_store(memory="30MB", spill="1GB")
    store.keep(store.transactions.order_by("customer_id"))
    assert list(tmp_path.glob("workbench-*/*-spill-*/*"))
    store.close()
    forgotten = busy_store()
    assert list(tmp_path.glob("workbench-*/*-spill-*"))
    del forgotten
    gc.collect()
    assert list(tmp_path.glob("workbench-*/*-spill-*")) == []


def test_faults_that_are_nobodys_resource_pass_unchanged(tmp_path):
    budget = Budget(threads=1, memory="1GB", spill="1GB", seconds=1)
    for fault in (OSError(13, "Permission denied"), duckdb.BinderException("no such column"), KeyError("amount")):
        assert resource_error(fault, tmp_path, budget) is None
