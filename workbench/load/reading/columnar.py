"""Parquet files, tables in memory and rows of databases: read as text, so that one set of rules cleans all sources."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from workbench.errors import LoadError
from workbench.limits import allowed, check_columns, load_limits, size_text
from workbench.load.problems import Problem
from workbench.load.progress import Progress
from workbench.load.reading.byte_scan import source_sha256
from workbench.load.reading.databases.database import WantedRows
from workbench.load.reading.header import name_columns
from workbench.load.reading.read_job import ReadJob
from workbench.load.reading.text_table import SAMPLED_ROWS, TextTable
from workbench.load.reading.typed_columns import as_file_text
from workbench.store.sql_quoting import quoted_name, quoted_text

DIGESTED_ROWS = 1 << 18
"""So many rows are hashed at once, however the table is chunked."""

FOOTER_END = 8
"""A Parquet file ends with the length of its footer, in four bytes, and four letters."""


def read_arrow(table: pa.Table, job: ReadJob) -> TextTable:
    """A table in memory is kept as Parquet while it is loaded; its hash is that of its columns and values."""
    if not table.num_columns:
        raise LoadError("no_usable_column", file=job.name)
    plain = table.rename_columns([f"c{place}" for place in range(1, table.num_columns + 1)]).replace_schema_metadata()
    pieces = (plain.slice(start, DIGESTED_ROWS) for start in range(0, plain.num_rows, DIGESTED_ROWS))
    batches = (batch for piece in pieces for batch in piece.combine_chunks().to_batches())
    target = job.folder / "table.parquet"
    digest = _written(target, plain.schema, batches, table.column_names)
    return _text_table(target, job, digest, headers=list(table.column_names))


def read_rows(wanted: WantedRows, job: ReadJob, *, first: int | None = None) -> TextTable:
    """Rows of a database, written down batch by batch; the line is the row's number in the answer."""
    rows = wanted.session.fetch(wanted.sql, wanted.name, first=first)
    if not rows.names:
        raise LoadError("no_usable_column", file=job.name)
    check_columns(job.name, len(rows.names))
    batches = iter(rows.batches)
    beginning = next(batches)
    target = job.folder / "rows.parquet"
    digest = _written(target, beginning.schema, batches, rows.names, counted=_counter(job))
    return _text_table(target, job, digest, headers=list(rows.names))


def read_parquet(path: Path, job: ReadJob) -> TextTable:
    """Every column of a Parquet file as text; the line is the row's number."""
    _check_footer(path, job.name)
    return _text_table(path, job, source_sha256(path, job.meter("look", path.stat().st_size)))


def _check_footer(path: Path, file: str) -> None:
    """Refuse a file with too many columns, those inside others counted, and a footer too large to be read."""
    with path.open("rb") as parquet:
        parquet.seek(-min(FOOTER_END, path.stat().st_size), os.SEEK_END)
        size = int.from_bytes(parquet.read(4), "little")
    if size > path.stat().st_size:
        raise LoadError("broken_parquet", file=file)
    if size > load_limits().footer_bytes:
        raise LoadError("footer_too_large", file=file, size=size_text(size), **allowed("footer_bytes"))
    try:
        columns = pq.read_metadata(path).num_columns
    except (pa.ArrowException, OSError) as broken:
        raise LoadError("broken_parquet", file=file) from broken
    check_columns(file, columns)


def _written(
    target: Path,
    schema: pa.Schema,
    batches: Iterable[pa.RecordBatch],
    names: Sequence[str],
    *,
    counted: Callable[[int], None] = lambda _: None,
) -> str:
    """Write batches as Parquet and return the hash of headers and values, in one pass over them."""
    digest = hashlib.sha256("\0".join(names).encode())
    sink = pa.PythonFile(_Hashed(digest), mode="w")
    with (
        pq.ParquetWriter(target, schema, compression="lz4", use_dictionary=False) as file,
        pa.ipc.new_stream(sink, schema) as stream,
    ):
        for batch in batches:
            file.write_batch(batch)
            stream.write_batch(batch)
            counted(batch.num_rows)
    return digest.hexdigest()


class _Hashed:
    """A file whose bytes are hashed and forgotten."""

    closed = False

    def __init__(self, digest: hashlib._Hash) -> None:
        self._digest = digest

    def write(self, data: bytes) -> int:
        self._digest.update(data)
        return len(data)

    def flush(self) -> None:
        """There is nothing to flush."""

    def close(self) -> None:
        """There is nothing to close."""


def _counter(job: ReadJob) -> Callable[[int], None]:
    """Tell how many rows have come; how many there will be, nobody knows."""
    rows_done = 0

    def count(rows: int) -> None:
        nonlocal rows_done
        rows_done += rows
        if job.progress:
            job.progress(Progress("fetch", job.name, rows_done, 0))

    return count


def _text_table(path: Path, job: ReadJob, digest: str, headers: list[str] | None = None) -> TextTable:
    try:
        facts = pq.read_metadata(path)
        with duckdb.connect() as con:
            file = f"read_parquet({quoted_text(path)}, file_row_number = true)"
            described = con.execute(f"DESCRIBE SELECT * FROM read_parquet({quoted_text(path)})").fetchall()
            texts = {str(name): as_file_text(quoted_name(name), sql_type) for name, sql_type, *_ in described}
            binary = [str(name) for name, sql_type, *_ in described if sql_type == "BLOB"]
            texts |= _decoded(con, file, binary)
            left_out = [name for name in binary if not texts[name]]
            kept = [name for name in texts if texts[name]]
            cells = ", ".join(f"{texts[name]} AS c{place}" for place, name in enumerate(kept, 1))
            if not kept:
                raise LoadError("no_usable_column", file=job.name)
            rows = f"(SELECT file_row_number + 1 AS line, {cells} FROM {file})"
            sample = con.execute(f"SELECT * EXCLUDE (line) FROM {rows} LIMIT {SAMPLED_ROWS}").fetchall()
    except (duckdb.Error, pa.ArrowException) as broken:
        raise LoadError("broken_parquet", file=job.name) from broken
    shown = dict(zip(texts, headers or [*texts], strict=True))
    table = TextTable(
        file=job.name, sheet=None, sha256=digest, names=name_columns([shown[name] for name in kept], len(kept)),
        cells_sql=rows, first_line=1, expected_rows=facts.num_rows, sample=tuple(sample), size=path.stat().st_size,
    )  # fmt: skip
    if not left_out:
        return table
    note = Problem("warning", "binary_columns", {"file": job.name, "columns": [shown[name] for name in left_out]})
    return replace(table, problems=(note,))


def _decoded(con: duckdb.DuckDBPyConnection, file: str, binary: Sequence[str]) -> dict[str, str]:
    """How columns of bytes become text where all they hold is UTF-8, as old writers leave it; '' where it is not."""
    decoded = {name: f"decode({quoted_name(name)})" for name in binary}
    if not binary:
        return {}
    checks = ", ".join(
        f"coalesce(bool_and(TRY({sql}) IS NOT NULL) FILTER ({quoted_name(name)} IS NOT NULL), false)"
        for name, sql in decoded.items()
    )
    is_text = con.execute(f"SELECT {checks} FROM {file}").fetchall()[0]
    return {name: decoded[name] if good else "" for name, good in zip(binary, is_text, strict=True)}
