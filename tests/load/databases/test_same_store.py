"""The sample company gives the same store from every kind of database, folder and frame as from its own files."""

from __future__ import annotations

from pathlib import Path

import duckdb
import ibis
import polars as pl
import pyarrow as pa
import pytest

from tests.load.databases.filling import fill_duckdb, fill_mariadb, fill_parquet, fill_postgresql, fill_sqlite
from tests.load.databases.sample_tables import mapping_for
from workbench.load import Database, load
from workbench.schema import TABLES
from workbench.store import open_store

PLACES = ("source_id", "source_line", "source_file")


def tables_of(store: Path) -> dict[str, list[tuple]]:
    """Every canonical table, its rows in one order, without the place they came from."""
    with open_store(store) as opened:
        tables = {}
        for name in TABLES:
            table = opened.table(name)
            frame = table.drop([column for column in table.columns if column in PLACES]).to_pyarrow()
            tables[name] = sorted(map(repr, frame.to_pylist()))
        return tables


@pytest.fixture(scope="session")
def loaded_from_files(tmp_path_factory, company_folder):
    store = tmp_path_factory.mktemp("from_files") / "crm.store"
    load([company_folder], store=store, mapping=company_folder / "mapping.toml")
    return tables_of(store)


@pytest.fixture
def assert_same(tmp_path, company_folder, company_tables, loaded_from_files):
    """Load sources that are called by this pattern, and compare every table of the store, row by row."""

    def compare(sources: object, pattern: str) -> None:
        store = tmp_path / "crm.store"
        mapping = mapping_for(company_tables, company_folder, lambda name: pattern.format(name))
        report = load(sources, store=store, mapping=mapping)
        assert len(report.files) == len(company_tables)
        loaded = tables_of(store)
        assert len(loaded["transactions"]) > 2_000
        for name in TABLES:
            assert loaded[name] == loaded_from_files[name], name

    return compare


def test_from_postgresql(postgresql_server, password, company_tables, assert_same):
    fill_postgresql(postgresql_server, company_tables)
    wanted = [one.name for one in company_tables]
    assert_same(Database(postgresql_server.address, tables=wanted), "shop public.{}")


def test_from_mariadb(mariadb_server, password, company_tables, assert_same):
    fill_mariadb(mariadb_server, company_tables)
    wanted = [one.name for one in company_tables]
    assert_same(Database(mariadb_server.address, tables=wanted), "shop {}")


@pytest.mark.parametrize("kind", ["sqlite", "duckdb"])
def test_from_a_database_in_a_file(kind, tmp_path, company_tables, assert_same):
    fill = fill_sqlite if kind == "sqlite" else fill_duckdb
    path = fill(tmp_path / f"shop.{kind}", company_tables)
    assert_same(Database(f"{kind}:///{path}", tables=["*"]), f"shop.{kind} {{}}")


def test_from_a_folder_of_parquet(tmp_path, company_tables, assert_same):
    folder = fill_parquet(tmp_path / "lake", company_tables)
    assert_same([folder], "{}")


@pytest.mark.parametrize("kind", ["arrow", "chunked", "pandas", "polars", "polars lazily", "duckdb", "ibis"])
def test_from_tables_in_memory(kind, company_tables, assert_same):
    con = duckdb.connect()
    turned = {
        "arrow": lambda rows: rows,
        "chunked": lambda rows: pa.concat_tables([rows.slice(0, 7), rows.slice(7, 1), rows.slice(8)]),
        "pandas": lambda rows: rows.to_pandas(types_mapper=None),
        "polars": pl.from_arrow,
        "polars lazily": lambda rows: pl.from_arrow(rows).lazy(),
        "duckdb": con.from_arrow,
        "ibis": ibis.memtable,
    }[kind]
    frames = {one.name: turned(one.rows) for one in company_tables}
    assert_same(frames, "{}")
