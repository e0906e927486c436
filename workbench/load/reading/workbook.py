"""A workbook's sheet as a text table: its header found below merged titles, its lines the sheet's row numbers."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from workbench.errors import LoadError
from workbench.load.problems import Problem
from workbench.load.reading.blocks import PlacedRow, check_one_table
from workbench.load.reading.byte_scan import source_sha256
from workbench.load.reading.header import SEARCHED_ROWS, Header, find_header, header_at, name_columns
from workbench.load.reading.read_job import ReadJob
from workbench.load.reading.sheets import read_sheet
from workbench.load.reading.text_table import SAMPLED_ROWS, TextTable, as_sample, numbered_cells, read_numbered


def read_workbook(path: Path, job: ReadJob) -> TextTable:
    """Read the sheet the hints name, or the only one that holds something."""
    digest = source_sha256(path, job.meter("look", path.stat().st_size))
    target = job.folder / "sheet.csv"
    try:
        sheet_facts = read_sheet(path, target, job.hints.sheet)
    except LoadError as error:
        raise LoadError(error.key, **{**error.facts, "file": job.name}) from error
    numbered = read_numbered(target, SEARCHED_ROWS + SAMPLED_ROWS)
    sheet, width, lost = sheet_facts["sheet"], int(sheet_facts["width"]), sheet_facts["lost"]
    header = _header(numbered, width, job.hints.header_row)
    if job.hints.header_row is None:
        placed = [PlacedRow(number, number, cells) for number, cells in numbered]
        rows = [cells for _, cells in numbered]
        first_header = find_header(rows, width=_usual(rows), below_titles=False)
        check_one_table(job.name, placed, first_header, same_width=True)
    header_line = numbered[header.index][0] if header.index is not None else 0
    below = numbered[header.first_data :]
    first_line = below[0][0] if below else header_line + 1
    titles = header.first_data - bool(header_line)
    digits_lost = Problem("warning", "digits_lost", {"file": job.name, "sheet": sheet, "rows": lost})
    hidden = [
        Problem("warning", key, {"file": job.name, "sheet": sheet, key.removeprefix("hidden_"): sheet_facts[key]})
        for key in ("hidden_rows", "hidden_sheets")
        if sheet_facts[key]
    ]
    uncomputed = _uncomputed(job.name, sheet_facts, header, sheet_facts["written"] - header.first_data)
    return TextTable(
        file=job.name, sheet=sheet,
        serials="excel1904" if sheet_facts["counts_from_1904"] else "excel",
        sha256=digest, names=header.names, written=header.written,
        header_line=header_line, first_line=first_line,
        cells_sql=numbered_cells(target, width, first_line=first_line),
        expected_rows=sheet_facts["written"] - header.first_data, titles=titles,
        title_texts=tuple(
            cell.strip() for _, cells in numbered[: header.index or 0] for cell in cells if cell.strip()
        ),
        blank=sheet_facts["rows"] - sheet_facts["written"],
        problems=((digits_lost,) if lost else ()) + uncomputed + tuple(hidden),
        sample=as_sample([cells for _, cells in below]),
        size=path.stat().st_size,
    )  # fmt: skip


def _uncomputed(file: str, sheet_facts: dict[str, Any], header: Header, rows: int) -> tuple[Problem, ...]:
    """Say which columns have formulas without results; LoadError where they fill half of a column or more."""
    counts = {int(column): count for column, count in sheet_facts["uncomputed"].items()}
    names = {
        column: header.names[column - 1] if 0 < column <= len(header.names) else "—"  # some programs name no cell
        for column in sorted(counts)
    }
    facts = {"file": file, "sheet": sheet_facts["sheet"], "count": sum(counts.values())}
    full = [name for column, name in names.items() if 2 * counts[column] >= rows]
    if full:
        raise LoadError("formulas_without_results", **facts, columns=full)
    few = {**facts, "columns": list(names.values())}
    return (Problem("warning", "formulas_without_results", few),) if counts else ()


def _header(numbered: Sequence[tuple[int, list[str]]], width: int, declared: int | None) -> Header:
    """The header of the sheet: where the mapping says, else where it seems to be. A sheet's rows are equally wide."""
    rows = [cells for _, cells in numbered]
    if declared is None:
        header = find_header(rows, width=_usual(rows))
        if header.index is None:
            return Header(None, header.first_data, name_columns((), width))
        return header_at(rows, header.index, width)
    for index, (number, _) in enumerate(numbered):
        if number == declared:
            return header_at(rows, index, width)
    return Header(None, 0, name_columns((), width))


def _usual(rows: Sequence[Sequence[str]]) -> int:
    """The usual number of filled cells: the median of the rows, so that one note beside the table does not widen it."""
    filled = sorted(sum(bool(cell.strip()) for cell in row) for row in rows)
    return filled[len(filled) // 2] if filled else 0
