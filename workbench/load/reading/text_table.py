"""A table read as text: every cell as it was written, with the line it came from; DuckDB reads it when asked."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

import duckdb

from workbench.limits import load_limits
from workbench.load.problems import Problem
from workbench.load.questions import Question
from workbench.load.reading.records import Record
from workbench.store.sql_quoting import quoted_name, quoted_text

SAMPLED_ROWS = 200
"""How many rows a table keeps as its sample."""


@dataclass(frozen=True)
class TextTable:
    """One file or sheet as text. Close it (or use `with`) to remove what was unpacked or decoded for it.

    `cells_sql` is a relation with the columns `c1` … `cN`, and `line` where `numbered`; else the rows are the lines
    from `first_line` on, one each, which holds exactly when there are `expected_rows` of them.
    """

    file: str
    sheet: str | None
    sha256: str
    names: tuple[str, ...]
    """The columns' headers, cleaned and made different from each other."""
    cells_sql: str
    first_line: int
    header_line: int = 0
    written: tuple[str, ...] = ()
    """The header's cells as they stand in the file, to know them again further down."""
    numbered: bool = True
    expected_rows: int | None = None
    encoding: str | None = None
    delimiter: str | None = None
    serials: Literal["excel", "excel1904"] = "excel"
    """From which day a workbook counts: days without a format are numbers."""
    titles: int = 0
    blank: int = 0
    rejects: tuple[Record, ...] = ()
    questions: tuple[Question, ...] = ()
    problems: tuple[Problem, ...] = ()
    sample: tuple[tuple[str | None, ...], ...] = ()
    """The first rows, for guessing what the columns are."""
    title_texts: tuple[str, ...] = ()
    """What stands above the header."""
    size: int = 0
    split: Callable[[TextTable], TextTable] | None = None
    """Reads the file of this table again, record by record: for a file that is not as regular as it seemed."""
    workspace: TemporaryDirectory[str] | None = field(default=None, repr=False, compare=False)

    def __enter__(self) -> TextTable:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Remove the temporary files."""
        if self.workspace:
            self.workspace.cleanup()

    @property
    def line_sql(self) -> str:
        """The source line of a row of `cells_sql`, in a query that keeps the file's order."""
        return "line" if self.numbered else f"row_number() OVER () + {self.first_line - 1}"

    def column(self, header: str) -> str:
        """Return the column of `cells_sql` that holds the cells under this header."""
        return f"c{self.names.index(header) + 1}"

    def regular(self, con: duckdb.DuckDBPyConnection) -> TextTable:
        """Return a table whose rows are certain: this one, or the file split record by record where it is irregular."""
        if self.numbered or self.split is None:
            return self
        try:
            row_count = con.execute(f"SELECT count(*), count(c1) FROM {self.cells_sql}").fetchall()[0][0]
        except duckdb.Error:
            return self.split(self)
        return self if row_count == self.expected_rows else self.split(self)

    def rows(self, con: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyRelation:
        """Return all rows with their headers and `source_line`, the line each row begins on."""
        cells = ", ".join(f"c{place} AS {quoted_name(header)}" for place, header in enumerate(self.names, 1))
        return con.sql(f"SELECT {self.line_sql} AS source_line, {cells} FROM {self.cells_sql}")


def csv_cells(path: Path, width: int, *, delimiter: str = ",", skip: int = 0, numbered: bool = False) -> str:
    """Return the relation that reads a regular UTF-8 file as text, by explicit settings and no guess of DuckDB's."""
    longest = load_limits().row_characters * (5 if numbered else 1)  # bytes here, characters where records were split
    columns = [*(["line"] if numbered else []), *(f"c{place}" for place in range(1, width + 1))]
    types = ", ".join(f"'{column}': '{'BIGINT' if column == 'line' else 'VARCHAR'}'" for column in columns)
    return (
        f"read_csv({quoted_text(path)}, auto_detect = false, columns = {{{types}}}, header = false, skip = {skip},"
        f" delim = {quoted_text(delimiter)}, quote = '\"', escape = '\"', comment = '', nullstr = '',"
        " strict_mode = true, null_padding = false, ignore_errors = false,"
        f" max_line_size = {longest}, compression = 'none')"
    )


def without_marks(cells_sql: str, width: int, mark: str, *, numbered: bool) -> str:
    """Return a relation of cells without the sign that a platform writes before each to keep it text."""
    named = [f"c{place}" for place in range(1, width + 1)]
    cells = ", ".join(f"nullif(regexp_replace({cell}, {quoted_text(f'^{mark}')}, ''), '') AS {cell}" for cell in named)
    return f"(SELECT {'line, ' if numbered else ''}{cells} FROM {cells_sql})"


def numbered_cells(path: Path, width: int, *, first_line: int = 1) -> str:
    """Return the relation that reads plain CSV whose first column is the source line."""
    cells = csv_cells(path, width, numbered=True)
    return cells if first_line <= 1 else f"(FROM {cells} WHERE line >= {first_line})"


def read_numbered(path: Path, number: int) -> list[tuple[int, list[str]]]:
    """Return the first rows of plain CSV whose first column is the source line."""
    with path.open(encoding="utf-8", newline="") as file:
        return [(int(line), cells) for line, *cells in islice(csv.reader(file), number)]


def as_sample(rows: Sequence[Sequence[str]]) -> tuple[tuple[str | None, ...], ...]:
    """Keep rows as they are, with None for empty cells."""
    return tuple(tuple(cell or None for cell in row) for row in rows)
