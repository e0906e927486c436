"""Publish: write the dashboards' snapshot, a fresh file without direct identifiers."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import duckdb

from workbench.discovery import topic_modules
from workbench.errors import ChoiceError
from workbench.schema import TABLES, SchemaColumn, Table
from workbench.store import contents
from workbench.store.budget import writer_budget
from workbench.store.building import SnapshotDraft, exclusive_writer, put_in_force
from workbench.store.definitions import shared_definitions
from workbench.store.faults import in_words
from workbench.store.folder import Shelf, locate
from workbench.store.manifest import Snapshot
from workbench.store.personal import create_macros, publish_key
from workbench.store.sql_quoting import quoted_name, quoted_text
from workbench.store.store import Store
from workbench.store.verify import verified_manifest

PUBLISHED_META = ("company", "as_of", "currency", "publish_attributes")


@in_words
def publish(address: str | Path | None = None, *, minimum_group: int = 5) -> Snapshot:
    """Write what dashboards may show of the current snapshot, and put it in force for them.

    Personal columns are masked, replaced by keyed pseudonyms or left out, as `schema.py` says; attribute columns come
    along only where the mapping says so, definitions only where they are shared; rejected values never do. The file
    is written afresh, so nothing that was masked or deleted stands in its bytes, and older publications are removed.
    `minimum_group` is the smallest group whose figures the dashboards show.
    """
    if minimum_group < 1:
        raise ChoiceError("unknown_choice", name="minimum_group", value=minimum_group, allowed="1, 2, 3 …")
    store = locate(address)
    with exclusive_writer(store):
        return publish_current(store, minimum_group)


def publish_current(store: Path, minimum_group: int) -> Snapshot:
    """Publish the current snapshot. Call with the lock held."""
    current = verified_manifest(Shelf(store), Shelf(store).current_id())
    source = Shelf(store).path(current.snapshot.id)
    draft = SnapshotDraft(
        Shelf(store, published=True),
        notes={
            "as_of": str(current.snapshot.as_of),
            "definitions": shared_definitions(store),
            **_topics_notes(store, current.snapshot),
        },
        published_from=current.snapshot.id,
        minimum_group=minimum_group,
    )
    return put_in_force(draft, partial(_copy_public, source=source, key=publish_key(store)))


def _topics_notes(store: Path, current: Snapshot) -> dict[str, str]:
    """Measure what topics say of data that is masked or left out below: counts, never a value of a row.

    A topic gives them as `publication_note(analyst)` in `panel_publication.py`.
    """
    modules = topic_modules("panel_publication")
    with Store(store, current, Shelf(store).path(current.id), writer_budget()) as analyst:
        return {f"{contents.NOTED}{name}": module.publication_note(analyst) for name, module in modules.items()}


def _copy_public(con: duckdb.DuckDBPyConnection, *, source: Path, key: bytes) -> None:
    """Fill a publication from the analysts' snapshot."""
    create_macros(con, key)
    con.execute(f"ATTACH {quoted_text(source)} AS analyst (READ_ONLY)")
    meta = contents.read_meta(con, "analyst.meta")
    _make_pseudonyms(con)
    for table in TABLES.values():
        allowed = contents.attributes_to_publish(meta).get(table.name, ())
        _copy_table(con, table, [name for name in _added_columns(con, table) if name in allowed])
    con.execute("DROP TABLE rejects")
    con.execute("INSERT INTO sources SELECT * REPLACE (parse_filename(file) AS file) FROM analyst.sources")
    contents.write_meta(con, {key: meta[key] for key in PUBLISHED_META if key in meta})
    con.execute("DETACH analyst")


def _make_pseudonyms(con: duckdb.DuckDBPyConnection) -> None:
    """Make each id's pseudonym once, for all tables it stands in: hashing every row took twice as long."""
    domains = {c.name for table in TABLES.values() for c in table.columns if c.personal == "pseudonym"}
    for domain in sorted(domains):
        holders = [name for name, table in TABLES.items() if domain in table.names and _columns_of(con, table)]
        values = " UNION ALL ".join(
            f"SELECT {quoted_name(domain)} AS value FROM analyst.{quoted_name(name)}" for name in holders
        )
        con.execute(
            f"CREATE TEMP TABLE {quoted_name('known_' + domain)} AS"
            f" SELECT value, pseudonym({quoted_text(domain)}, value) AS pseudonym"
            f" FROM (SELECT DISTINCT value FROM ({values}) WHERE value IS NOT NULL)"
        )


def _copy_table(con: duckdb.DuckDBPyConnection, table: Table, attributes: list[str]) -> None:
    """Copy one table's rows with what may be shown of its columns."""
    shown = [column for column in table.columns if column.personal != "drop"]
    there = _columns_of(con, table)
    if not there:  # an older store lacks the tables that came later: they are there and empty
        return
    shown = [column for column in shown if column.name in there]  # an older store lacks the columns that came later
    listed = [f"{_public_sql(column)} AS {quoted_name(column.name)}" for column in shown]
    listed += [f"original.{quoted_name(name)}" for name in attributes]
    joins = "".join(
        f" LEFT JOIN {quoted_name('known_' + column.name)} ON original.{quoted_name(column.name)} ="
        f" {quoted_name('known_' + column.name)}.value"
        for column in shown
        if column.personal == "pseudonym"
    )
    con.execute(
        f"CREATE OR REPLACE TABLE {quoted_name(table.name)} AS"
        f" SELECT {', '.join(listed)} FROM analyst.{quoted_name(table.name)} AS original{joins}"
    )


def _public_sql(column: SchemaColumn) -> str:
    """The SQL of what may be shown of a column."""
    value = f"original.{quoted_name(column.name)}"
    if column.personal == "pseudonym":
        return f"{quoted_name('known_' + column.name)}.pseudonym"
    return value if column.personal == "no" else f"{column.personal}({value})"


def _added_columns(con: duckdb.DuckDBPyConnection, table: Table) -> list[str]:
    """The columns the mapping added to a table of the analysts' snapshot."""
    return [name for name in _columns_of(con, table) if name not in table.names]


def _columns_of(con: duckdb.DuckDBPyConnection, table: Table) -> list[str]:
    rows = con.execute(
        "SELECT column_name FROM duckdb_columns() WHERE database_name = 'analyst' AND table_name = ?"
        " ORDER BY column_index",
        [table.name],
    ).fetchall()
    return [name for (name,) in rows]
