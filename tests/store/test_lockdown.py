"""Whoever gets SQL to an open snapshot changes nothing, reads no file, and cannot loosen the limits."""

from __future__ import annotations

import duckdb
import pandas as pd
import pytest

from tests.store.conftest import write_three_orders
from workbench.store import build, collect, open_store, publish

ESCAPES = [
    "SELECT * FROM read_csv('/etc/passwd')",
    "SELECT * FROM read_csv_auto('/etc/passwd')",
    "SELECT * FROM sniff_csv('/etc/passwd')",
    "SELECT * FROM read_text('/etc/passwd')",
    "SELECT * FROM read_blob('/etc/passwd')",
    "SELECT * FROM read_json('/etc/passwd')",
    "SELECT * FROM read_json_objects('/etc/passwd')",
    "SELECT * FROM read_parquet('{folder}/orders.parquet')",
    "SELECT * FROM parquet_metadata('{folder}/orders.parquet')",
    "SELECT * FROM parquet_schema('{folder}/orders.parquet')",
    "SELECT * FROM glob('/etc/*')",
    "SELECT * FROM '/etc/passwd'",
    "SELECT * FROM '{folder}/orders.parquet'",
    "SELECT * FROM 'https://example.invalid/orders.csv'",
    "SELECT * FROM read_csv('https://example.invalid/orders.csv')",
    "SELECT * FROM frame",
    "SELECT getenv('HOME')",
    "COPY transactions TO '{folder}/out.csv'",
    "COPY transactions TO '{folder}/out.parquet' (FORMAT parquet)",
    "COPY (SELECT 1) TO '/dev/stdout'",
    "COPY customers FROM '/etc/passwd'",
    "EXPORT DATABASE '{folder}/out'",
    "IMPORT DATABASE '{folder}'",
    "ATTACH '{folder}/other.duckdb'",
    "ATTACH '{folder}/other.duckdb' AS other (READ_ONLY)",
    "ATTACH '{folder}/new.duckdb' AS new",
    "ATTACH '{snapshot}' AS writable (READ_WRITE)",
    "ATTACH 'https://example.invalid/x.duckdb' AS x",
    "DETACH snapshot",
    "INSTALL httpfs",
    "FORCE INSTALL httpfs FROM 'http://example.invalid'",
    "LOAD httpfs",
    "LOAD '{folder}/evil.duckdb_extension'",
    "UPDATE EXTENSIONS",
    "SET lock_configuration = false",
    "SET enable_external_access = true",
    "SET allow_community_extensions = true",
    "SET allow_unsigned_extensions = true",
    "SET autoload_known_extensions = true",
    "SET python_enable_replacements = true",
    "SET python_scan_all_frames = true",
    "SET memory_limit = '1TB'",
    "SET threads = 64",
    "SET max_execution_time = 0",
    "SET temp_directory = '{folder}'",
    "SET log_query_path = '{folder}/log'",
    "SET extension_directory = '{folder}'",
    "SET home_directory = '{folder}'",
    "SET allowed_directories = ['/']",
    "SET GLOBAL enable_external_access = true",
    "RESET enable_external_access",
    "RESET memory_limit",
    "PRAGMA enable_external_access = true",
    "PRAGMA memory_limit = '1TB'",
    "PRAGMA enable_profiling = 'json'; PRAGMA profiling_output = '{folder}/profile'",
    "CREATE PERSISTENT SECRET s (TYPE http, SCOPE 'https://example.invalid')",
    "CREATE TABLE evil (x INTEGER)",
    "CREATE VIEW evil AS SELECT 1",
    "CREATE MACRO evil(x) AS x",
    "INSERT INTO customers (customer_id) VALUES ('C9')",
    "UPDATE transactions SET amount = 0",
    "DELETE FROM customers",
    "DROP TABLE customers",
    "TRUNCATE customers",
    "ALTER TABLE customers RENAME TO clients",
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with things an attacker would like to read."""
    folder = tmp_path_factory.mktemp("secrets")
    duckdb.sql("SELECT 1 AS amount").write_parquet(str(folder / "orders.parquet"))
    with duckdb.connect(str(folder / "other.duckdb")) as other:
        other.execute("CREATE TABLE t AS SELECT 1")
    return folder


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    """One open store for all attempts: each must leave it as it was."""
    address = tmp_path_factory.mktemp("company") / "crm.store"
    build(address, write_three_orders)
    with open_store(address) as store:
        yield store


@pytest.mark.parametrize("statement", ESCAPES)
def test_an_escape_is_refused(store, folder, statement: str):
    frame = pd.DataFrame({"name": ["张三"]})
    before = sorted(folder.rglob("*"))
    path = store.address / "snapshots" / f"{store.snapshot.id}.duckdb"
    with pytest.raises(duckdb.Error):
        store._backend.con.execute(statement.format(folder=folder, snapshot=path)).fetchall()
    assert len(frame) == 1
    assert sorted(folder.rglob("*")) == before
    assert collect(store.transactions.amount.sum()).iloc[0, 0] == 200.0


def test_a_published_snapshot_is_locked_down_the_same_way(orders_store):
    publish(orders_store)
    with open_store(orders_store, published=True) as store:
        asked = "SELECT current_setting(?)"
        found = {name: store._backend.con.execute(asked, [name]).fetchall()[0][0] for name in (
            "enable_external_access", "lock_configuration", "autoinstall_known_extensions", "autoload_known_extensions",
            "allow_community_extensions", "python_enable_replacements", "threads",
        )}  # fmt: skip
    assert found == {
        "enable_external_access": False,
        "lock_configuration": True,
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "allow_community_extensions": False,
        "python_enable_replacements": False,
        "threads": 1,
    }


def test_temporary_tables_still_work(store):
    assert len(collect(store.keep(store.customers))) == 2
