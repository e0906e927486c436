"""Copies of a publication for viewers who may see some regions only: files that hold no row of another region.

A copy is a store of its own, in the folder of the publication it was made from, and goes with it at the next publish.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import threading
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import duckdb

from workbench.errors import StoreError
from workbench.schema import TABLES, Table
from workbench.store import contents
from workbench.store.budget import writer_budget
from workbench.store.building import SnapshotDraft, put_in_force
from workbench.store.faults import as_store_errors, in_words
from workbench.store.folder import Shelf, locate, private_files
from workbench.store.sql_quoting import quoted_name, quoted_text
from workbench.store.verify import verified_manifest

AT_HOME_ELSEWHERE = ("region", "city", "owner")
"""What is left out of customers who live in another region and bought, answered or called in this one."""


@in_words
def published_regions(address: str | Path | None = None) -> list[str]:
    """Return every region that a row of the publication names; StoreError where nothing is published."""
    shelf = Shelf(locate(address), published=True)
    path = shelf.path(verified_manifest(shelf, shelf.current_id()).snapshot.id)
    named = " UNION ".join(
        f"SELECT region FROM {quoted_name(table.name)}" for table in TABLES.values() if "region" in table.names
    )
    budget, spill = writer_budget(), path.with_name("spill.part")
    with as_store_errors(path, budget, reading=True), budget.connect(path, spill, read_only=True) as con:
        rows = con.execute(f"SELECT region FROM ({named}) WHERE region IS NOT NULL ORDER BY region").fetchall()
    return [region for (region,) in rows]


def regional_address(address: str | Path, regions: Sequence[str]) -> Path:
    """Return where the copy of the publication in force for these regions lies, made or not."""
    shelf = Shelf(locate(address), published=True)
    name = hashlib.sha256(json.dumps(sorted(set(regions)), ensure_ascii=False).encode()).hexdigest()[:12]
    return shelf.folder / f"{shelf.current_id()}.regions" / name


@in_words
def regional_copy(address: str | Path, regions: Sequence[str]) -> Path:
    """Return the address of a store that holds these regions' rows of the publication in force, made where it is new.

    A row belongs to the region it names itself, else to its customer's; rows of no known region are in no copy.
    A customer who lives elsewhere comes along with the rows that belong here, without home, city and account manager.
    The catalogue of products belongs to no region and comes along; the list of loaded files counts every region's rows
    and does not, nor what publishing noted of all data. Definitions that were shared come along as they are.
    """
    while True:
        copy = regional_address(address, regions)
        if not Shelf(copy, published=True).is_empty():
            return copy
        try:
            _make(Shelf(locate(address), published=True), copy, sorted(set(regions)))
        except (OSError, duckdb.Error, StoreError):
            if copy == regional_address(address, regions):
                raise
            # else the next publication removed what this one was made from
        else:
            return copy


def _make(shelf: Shelf, copy: Path, regions: list[str]) -> None:
    """Write the copy aside and give it its name when it is whole."""
    source = verified_manifest(shelf, copy.parent.stem).snapshot
    aside = copy.with_name(f"{copy.name}-{os.getpid()}-{threading.get_ident()}.part")
    notes = {"as_of": str(source.as_of), "regions": json.dumps(regions, ensure_ascii=False)}
    try:
        with private_files(), as_store_errors(aside, writer_budget()):
            aside.mkdir(parents=True)
            draft = SnapshotDraft(
                Shelf(aside, published=True),
                notes,
                published_from=source.id,
                minimum_group=source.minimum_group,
                made_at=source.created_at,
            )
            put_in_force(draft, partial(_copy_rows, source=shelf.path(source.id), regions=regions))
        aside.rename(copy)
    except OSError:
        if Shelf(copy, published=True).is_empty():
            raise  # else another page made it meanwhile
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _copy_rows(con: duckdb.DuckDBPyConnection, *, source: Path, regions: list[str]) -> None:
    """Fill a copy from the whole publication."""
    con.execute(f"ATTACH {quoted_text(source)} AS whole (READ_ONLY)")
    con.execute("CREATE TEMP TABLE seen AS SELECT unnest(?::VARCHAR[]) AS region", [regions])
    con.execute("CREATE TEMP TABLE homes AS SELECT customer_id, region FROM whole.customers")
    placed = [table for table in TABLES.values() if {"region", "customer_id"} <= {*table.names}]
    for table in placed:
        if table.name != "customers":
            _copy(
                con,
                table,
                " LEFT JOIN homes USING (customer_id)"
                " WHERE coalesce(original.region, homes.region) IN (SELECT region FROM seen)",
            )
    here = " UNION ".join(f"SELECT customer_id FROM {table.name}" for table in placed if table.name != "customers")
    con.execute(f"CREATE TEMP TABLE met AS {here}")
    _copy(con, TABLES["customers"], " WHERE region IN (SELECT region FROM seen) OR customer_id IN (SELECT * FROM met)")
    gone = ", ".join(f"{quoted_name(name)} = NULL" for name in AT_HOME_ELSEWHERE)
    con.execute(f"UPDATE customers SET {gone} WHERE region IS NULL OR region NOT IN (SELECT region FROM seen)")
    _copy(con, TABLES["employees"], " WHERE region IN (SELECT region FROM seen)")
    _copy(con, TABLES["products"], "")
    con.execute("DROP TABLE rejects")
    notes = contents.read_meta(con, "whole.meta")
    contents.write_meta(con, {key: note for key, note in notes.items() if not key.startswith(contents.NOTED)})
    con.execute("DETACH whole")


def _copy(con: duckdb.DuckDBPyConnection, table: Table, which: str) -> None:
    """Copy the rows of one table that belong here, with all the publication has of them."""
    name = quoted_name(table.name)
    con.execute(f"CREATE OR REPLACE TABLE {name} AS SELECT original.* FROM whole.{name} AS original{which}")
