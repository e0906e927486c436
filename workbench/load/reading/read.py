"""Bytes to text: read a file or a table in memory so that every cell is text and keeps its source line."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import duckdb

from workbench.errors import LoadError
from workbench.load.progress import ProgressCallback
from workbench.load.reading.byte_scan import SAMPLE_BYTES, source_sha256
from workbench.load.reading.columnar import read_arrow, read_parquet, read_rows
from workbench.load.reading.delimited_file import read_delimited
from workbench.load.reading.foreign_formats import refuse_foreign_format
from workbench.load.reading.gzipped import GZIP_START, unpack_gzip
from workbench.load.reading.read_job import ReadHints, ReadJob
from workbench.load.reading.sheets import is_workbook
from workbench.load.reading.sources import Origin, opened_origins
from workbench.load.reading.text_table import TextTable
from workbench.load.reading.workbook import read_workbook
from workbench.scratch import scratch_folder
from workbench.store.faults import in_words


@in_words
def read_text_table(
    source: object,
    *,
    sheet: str | None = None,
    header_row: int | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
    progress: ProgressCallback | None = None,
) -> TextTable:
    """Read one file, or one table in memory, as text: find its encoding, delimiter, sheet and header by the bytes.

    Parameters
    ----------
    source : a path to delimited text, a workbook, a Parquet file or one of these gzipped; a pandas, Polars or Arrow
        table; or a database of which one table or query is wanted.
    header_row : the line (sheet row) of the header, 0 where there is none; by default it is found.
    progress : is called with a `Progress` while bytes are read.

    Raises LoadError for a file that is missing, empty, hostile or not a table, or has several sheets to choose from.
    An encoding the bytes do not prove is asked about in `questions`.
    """
    with opened_origins(source) as origins, duckdb.connect() as con:
        if len(origins) != 1:
            raise LoadError("one_file_only", count=len(origins))
        return read_origin(origins[0], ReadHints(sheet, header_row, encoding, delimiter), progress).regular(con)


def read_origin(
    origin: Origin, hints: ReadHints, progress: ProgressCallback | None = None, *, first: int | None = None
) -> TextTable:
    """Read one origin; the table owns the folder of its temporary files. Of a database only the `first` rows, if so.

    Unlike `read_text_table` it does not prove that a file is as regular as it seems: casting it will show.
    """
    workspace = scratch_folder("load")
    try:
        job = ReadJob(origin.name, Path(workspace.name), hints, progress)
        table = _read(origin, job, first)
    except BaseException as error:
        workspace.cleanup()
        if isinstance(error, PermissionError):
            raise LoadError("unreadable_file", file=origin.name) from error
        raise
    return replace(table, workspace=workspace)


def _read(origin: Origin, job: ReadJob, first: int | None) -> TextTable:
    if origin.table is not None:
        return read_arrow(origin.table, job)
    if origin.rows is not None:
        return read_rows(origin.rows, job, first=first)
    return _read_file(Path(origin.path or ""), job)


def _read_file(path: Path, job: ReadJob) -> TextTable:
    """Decide by the first bytes how a file is read."""
    start = _first_bytes(path)
    if start.startswith(GZIP_START):
        return replace(_read_file(unpack_gzip(path, job), job), sha256=source_sha256(path))
    if not start:
        raise LoadError("empty_file", file=job.name)
    if is_workbook(start):
        return read_workbook(path, job)
    if start.startswith(b"PAR1"):
        return read_parquet(path, job)
    if Path(job.name).suffix.lower() in (".xlsx", ".xlsm"):
        refuse_foreign_format(job.name, _first_bytes(path, SAMPLE_BYTES))
        raise LoadError("not_a_workbook", file=job.name)
    return read_delimited(path, job)


def _first_bytes(path: Path, count: int = 8) -> bytes:
    with path.open("rb") as file:
        return file.read(count)
