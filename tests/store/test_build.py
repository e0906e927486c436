"""Building a snapshot: all of it or nothing, one file, one writer, and words for what went wrong."""

from __future__ import annotations

import os
import stat
from datetime import date

import pytest

from tests.store.writer import fork_server
from workbench.errors import StoreError
from workbench.store import build, collect, current_id, open_store, publish


def amounts(address) -> float:
    with open_store(address) as store:
        return collect(store.transactions.amount.sum()).iloc[0, 0]


def test_a_snapshot_knows_its_company_day_rows_and_files(address, three_orders):
    snapshot = build(address, three_orders)
    assert snapshot.company == "四海汽车"
    assert snapshot.as_of == date(2024, 3, 8)
    assert snapshot.tables["transactions"] == 3
    assert [(source.file, source.rows_read, source.rows_rejected) for source in snapshot.sources] == [
        ("订单.csv", 4, 1)
    ]
    with open_store(address) as store:
        assert store.snapshot == snapshot


def test_the_day_and_company_given_win_over_what_the_data_say(address, three_orders):
    snapshot = build(address, three_orders, company="四海集团", as_of=date(2024, 3, 31))
    assert (snapshot.company, snapshot.as_of) == ("四海集团", date(2024, 3, 31))


def test_every_canonical_table_exists_even_when_nothing_was_loaded(address):
    build(address, lambda _: None, as_of=date(2024, 1, 1))
    with open_store(address) as store:
        for table in (store.customers, store.surveys, store.complaints, store.interactions, store.employees):
            assert len(collect(table)) == 0
        assert "birthday" in store.customers.columns


def test_a_failed_writer_leaves_the_old_data_and_no_file(address, three_orders):
    build(address, three_orders)
    before = sorted(path.name for path in address.rglob("*"))

    def breaks(con):
        three_orders(con)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        build(address, breaks)
    assert amounts(address) == 200.0
    assert sorted(path.name for path in address.rglob("*")) == before


def test_a_table_that_breaks_the_schema_is_not_put_in_force(address, three_orders):
    build(address, three_orders)
    with pytest.raises(StoreError) as caught:
        build(address, lambda con: con.execute("ALTER TABLE transactions ALTER amount TYPE DOUBLE"))
    assert caught.value.key == "table_wrong"
    assert "amount" in caught.value.words("zh")
    assert amounts(address) == 200.0


def test_extra_columns_are_kept_as_text(address):
    def with_car_model(con):
        con.execute("ALTER TABLE customers ADD COLUMN 车型 VARCHAR")
        con.execute("INSERT INTO customers (customer_id, 车型) VALUES ('张三', '哈弗 H6')")

    build(address, with_car_model, as_of=date(2024, 1, 1))
    with open_store(address) as store:
        assert collect(store.customers)["车型"].tolist() == ["哈弗 H6"]


def test_a_build_can_start_from_the_current_rows(address, three_orders):
    build(address, three_orders, company="四海集团")
    snapshot = build(
        address, lambda con: con.execute("DELETE FROM transactions WHERE customer_id = 'C1'"), start_from_current=True
    )
    assert (snapshot.company, snapshot.tables["transactions"]) == ("四海集团", 1)
    assert amounts(address) == 49.5


def test_rows_deleted_by_a_build_are_gone_from_the_bytes_of_its_file(address):
    build(
        address, lambda con: con.execute("INSERT INTO customers (customer_id, name) VALUES ('C1', 'Sch\u00f6nefeld')")
    )
    build(address, lambda con: con.execute("DELETE FROM customers"), start_from_current=True)
    content = (address / "snapshots" / f"{current_id(address)}.duckdb").read_bytes()
    assert "Schönefeld".encode() not in content


def test_files_are_for_the_owner_alone_and_no_log_is_left(address, three_orders):
    build(address, three_orders)
    for path in address.rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0
    assert [path for path in address.rglob("*") if path.suffix in {".wal", ".part", ".tmp"}] == []


def test_a_new_snapshot_has_a_later_name(address, three_orders):
    names = [build(address, three_orders).id for _ in range(3)]
    assert names == sorted(names)
    assert current_id(address) == names[-1]


def test_old_snapshots_are_pruned_to_the_three_newest_older_ones(address, three_orders):
    names = [build(address, three_orders).id for _ in range(6)]
    assert sorted(path.stem for path in (address / "snapshots").glob("*.duckdb")) == names[2:]
    assert sorted(path.stem for path in (address / "snapshots").glob("*.json")) == names[2:]


def test_a_second_writer_is_told_who_writes(address, three_orders):
    seen = []

    def tries_again(con):
        with pytest.raises(StoreError) as caught:
            build(address, three_orders)
        seen.append(caught.value)

    build(address, tries_again, as_of=date(2024, 1, 1))
    assert seen[0].key == "store_busy"
    assert str(seen[0].facts["process"]) in seen[0].words("zh")


def write_slowly(started, finish, address) -> None:
    """Load in another process, and wait inside the load."""

    def write(con):
        started.set()
        finish.wait()

    build(address, write, as_of=date(2024, 1, 1))


@pytest.mark.skipif(os.name == "nt", reason="needs a fork server")
def test_a_writer_of_another_process_is_named_by_its_number(orders_store, three_orders):
    context = fork_server()
    started, finish = context.Event(), context.Event()
    other = context.Process(target=write_slowly, args=(started, finish, orders_store))
    other.start()
    assert started.wait(timeout=120)
    for attempt in (lambda: build(orders_store, three_orders), lambda: publish(orders_store)):
        with pytest.raises(StoreError) as caught:
            attempt()
        assert caught.value.facts["process"] == str(other.pid)
    assert amounts(orders_store) == 200.0
    finish.set()
    other.join()
    build(orders_store, three_orders)
