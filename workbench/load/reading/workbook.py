"""A workbook's sheet as a text table: its header found below merged titles, its lines the sheet's row numbers."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from workbench.errors import LoadError
from workbench.load.problems import Problem
from workbench.load.reading.byte_scan import hash_of
from workbench.load.reading.header import SEARCHED_ROWS, Header, find_header, header_at, name_columns
from workbench.load.reading.read_job import Task
from workbench.load.reading.sheets import read_sheet
from workbench.load.reading.text_table import TextTable, as_sample, numbered_cells, read_numbered

SAMPLED_ROWS = 200


def read_workbook(path: Path, task: Task) -> TextTable:
    """Read the sheet the hints name, or the only one that holds something."""
    digest = hash_of(path, task.meter("look", path.stat().st_size))
    target = task.folder / "sheet.csv"
    try:
        found = read_sheet(path, target, task.hints.sheet)
    except LoadError as error:
        raise LoadError(error.key, **{**error.facts, "file": task.name}) from error
    numbered = read_numbered(target, SEARCHED_ROWS + SAMPLED_ROWS)
    header = _header(numbered, int(found["width"]), task.hints.header_row)
    header_line = numbered[header.index][0] if header.index is not None else 0
    below = numbered[header.first_data :]
    first_line = below[0][0] if below else header_line + 1
    titles = header.first_data - bool(header_line)
    problem = Problem("warning", "digits_lost", {"file": task.name, "sheet": found["sheet"], "rows": found["lost"]})
    return TextTable(
        file=task.name, sheet=found["sheet"], sha256=digest, names=header.names, written=header.written,
        header_line=header_line,
        cells_sql=numbered_cells(target, int(found["width"]), first_line=first_line), first_line=first_line,
        expected_rows=found["written"] - header.first_data, titles=titles, blank=found["rows"] - found["written"],
        problems=(problem,) if found["lost"] else (), sample=as_sample([cells for _, cells in below]),
        size=path.stat().st_size,
    )  # fmt: skip


def _header(numbered: Sequence[tuple[int, list[str]]], width: int, declared: int | None) -> Header:
    """The header of the sheet: where the mapping says, else found. All rows of a sheet are equally wide."""
    rows = [cells for _, cells in numbered]
    if declared is None:
        found = find_header(rows, width=_usual(rows))
        wide = Header(None, found.first_data, name_columns((), width))
        return header_at(rows, found.index, width) if found.index is not None else wide
    for index, (number, _) in enumerate(numbered):
        if number == declared:
            return header_at(rows, index, width)
    return Header(None, 0, name_columns((), width))


def _usual(rows: Sequence[Sequence[str]]) -> int:
    """The usual number of filled cells: the median of the rows, so that one note beside the table does not widen it."""
    filled = sorted(sum(bool(cell.strip()) for cell in row) for row in rows)
    return filled[len(filled) // 2] if filled else 0
