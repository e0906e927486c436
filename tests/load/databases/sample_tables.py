"""The sample company's files as tables of a database: each column in the narrowest type that keeps what is written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from glob import escape
from pathlib import Path

import duckdb
import pyarrow as pa

from workbench.load import Mapping, SourceMapping, read_text_table
from workbench.store.sql_quoting import quoted_name

TYPES = ("BIGINT", "DECIMAL(18,2)", "DATE", "TIMESTAMP")
"""A column has the first of these under which every text comes back as it was, else it stays text."""


@dataclass(frozen=True)
class SampleTable:
    """One file or sheet: its name as a table, its rows, and how it is mapped."""

    name: str
    rows: pa.Table
    mapping: SourceMapping


def sample_tables(folder: Path) -> list[SampleTable]:
    """Read every file under each entry of the company's mapping."""
    tables = []
    for entry in Mapping.read(folder / "mapping.toml").sources:
        for path in sorted(folder.iterdir()):
            if entry.applies_to(path.name):
                name = "_".join(part for part in (path.stem, entry.sheet) if part)
                tables.append(SampleTable(name, _typed(path, entry), replace(entry, sheet=None, header_row=None)))
    return tables


def mapping_for(tables: Sequence[SampleTable], folder: Path, pattern: Callable[[str], str]) -> Mapping:
    """The company's mapping with the sources' names in another home than files."""
    company = Mapping.read(folder / "mapping.toml").company
    sources = [
        replace(one.mapping, files=(escape(pattern(one.name)),), encoding=None, delimiter=None) for one in tables
    ]
    return Mapping(tuple(sources), company)


def _typed(path: Path, entry: SourceMapping) -> pa.Table:
    hints = {"sheet": entry.sheet, "header_row": entry.header_row, "encoding": entry.encoding}
    with duckdb.connect() as con, read_text_table(path, **hints, delimiter=entry.delimiter) as text:
        rows = text.rows(con)
        rows.create("cells")
        names = [quoted_name(name) for name in text.names]
        header = " AND ".join(f"{quoted} IS NOT DISTINCT FROM ?" for quoted in names)
        con.execute(f"DELETE FROM cells WHERE {header}", list(text.written or text.names))
        columns = ", ".join(f"CAST({quoted} AS {_type(con, quoted)}) AS {quoted}" for quoted in names)
        return con.sql(f"SELECT {columns} FROM cells ORDER BY source_line").to_arrow_table()


def _type(con: duckdb.DuckDBPyConnection, quoted: str) -> str:
    for kind in TYPES:
        kept = con.execute(
            f"SELECT bool_and(TRY_CAST(TRY_CAST({quoted} AS {kind}) AS VARCHAR) IS NOT DISTINCT FROM {quoted})"
            f" AND count({quoted}) > 0 FROM cells"
        ).fetchall()[0][0]
        if kept:
            return kind
    return "VARCHAR"
