"""Parquet files and tables in memory: typed columns, read as text, so that one set of rules cleans all sources."""

from __future__ import annotations

import hashlib
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from workbench.errors import LoadError
from workbench.load.reading.byte_scan import source_sha256
from workbench.load.reading.header import name_columns
from workbench.load.reading.read_job import ReadJob
from workbench.load.reading.text_table import SAMPLED_ROWS, TextTable
from workbench.store.sql_quoting import quoted_name, quoted_text


def read_arrow(table: pa.Table, job: ReadJob) -> TextTable:
    """A table in memory is kept as Parquet while it is loaded; its hash is that of its columns and values."""
    if not table.num_columns:
        raise LoadError("no_usable_column", file=job.name)
    digest = hashlib.sha256(str(table.schema.remove_metadata()).encode())
    plain = [f"c{place}" for place in range(1, table.num_columns + 1)]
    target = job.folder / "table.parquet"
    pq.write_table(table.rename_columns(plain), target)
    for column in table.columns:
        for value in pa.chunked_array([column]).combine_chunks().buffers():
            digest.update(value or b"")
    return _text_table(target, job, digest.hexdigest(), headers=list(table.column_names))


def read_parquet(path: Path, job: ReadJob) -> TextTable:
    """Every column of a Parquet file as text; the line is the row's number."""
    return _text_table(path, job, source_sha256(path, job.meter("look", path.stat().st_size)))


def _text_table(path: Path, job: ReadJob, digest: str, headers: list[str] | None = None) -> TextTable:
    try:
        facts = pq.read_metadata(path)
        with duckdb.connect() as con:
            described = con.execute(f"DESCRIBE SELECT * FROM read_parquet({quoted_text(path)})").fetchall()
            columns = [row[0] for row in described]
            cells = ", ".join(
                f"{_as_text(quoted_name(column), sql_type)} AS c{place}"
                for place, (column, sql_type, *_) in enumerate(described, 1)
            )
            file = f"read_parquet({quoted_text(path)}, file_row_number = true)"
            rows = f"(SELECT file_row_number + 1 AS line, {cells} FROM {file})"
            sample = con.execute(f"SELECT * EXCLUDE (line) FROM {rows} LIMIT {SAMPLED_ROWS}").fetchall()
    except (duckdb.Error, pa.ArrowException) as broken:
        raise LoadError("broken_parquet", file=job.name) from broken
    return TextTable(
        file=job.name, sheet=None, sha256=digest, names=name_columns(headers or columns, len(columns)),
        cells_sql=rows, first_line=1, expected_rows=facts.num_rows, sample=tuple(sample), size=path.stat().st_size,
    )  # fmt: skip


def _as_text(column: str, sql_type: str) -> str:
    """A column as the text a file would hold: whole floats without `.0`, so that an id read as a number is itself."""
    if sql_type not in ("DOUBLE", "FLOAT"):
        return f"CAST({column} AS VARCHAR)"
    whole = f"{column} = trunc({column}) AND abs({column}) < 1e15"
    digits = f"CASE WHEN {whole} THEN CAST(CAST({column} AS BIGINT) AS VARCHAR) ELSE CAST({column} AS VARCHAR) END"
    return f"CASE WHEN isfinite({column}) THEN {digits} END"
