"""Delimited text: where its header and its data begin, and irregular files brought into plain CSV."""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from workbench.errors import LoadError
from workbench.limits import check_columns
from workbench.load.reading.blocks import PlacedRow, check_one_table
from workbench.load.reading.delimiter import find_delimiter
from workbench.load.reading.header import Header, find_header, header_at, mapped_header, name_columns, usual_width
from workbench.load.reading.records import Record, Splitter, lines_of

SAMPLED_LINES = 400


@dataclass(frozen=True)
class TextLayout:
    """How a text file is laid out: its delimiter, its header, and the line its data begins on."""

    delimiter: str
    names: tuple[str, ...]
    written: tuple[str, ...]
    header_line: int
    """0 where there is no header."""
    first_line: int
    titles: int
    """Records above the header that hold no data."""
    title_texts: tuple[str, ...]
    """Their cells."""
    blank_above: int


@dataclass
class SplitOutcome:
    """What became of the records of an irregular file."""

    written: int = 0
    blank: int = 0
    rejects: list[Record] = field(default_factory=list)


def find_layout(
    sample: str,
    *,
    file: str,
    delimiter: str | None = None,
    header_line: int | None = None,
    mapped: Collection[str] = (),
) -> TextLayout:
    """Find the delimiter and the header by the first lines; what the mapping says about either is taken as it is.

    LoadError where these lines are a report of blocks and no table. Below a header that has all columns of the mapping
    rows of other widths are bad rows of its table.
    """
    lines = lines_of(sample)[:SAMPLED_LINES]
    delimiter = delimiter or find_delimiter(lines)
    rows = [record for record in Splitter(delimiter).records(lines) if record.cells]
    check_columns(file, usual_width([row.cells or [] for row in rows]))
    if header_line is not None:
        header = _declared(rows, header_line)
    else:
        cells = [row.cells or [] for row in rows]
        header = mapped_header(cells, find_header(cells), mapped)
        is_mapped = bool(mapped) and header.names_all(mapped)
        first_header = header if is_mapped else find_header(cells, below_titles=False)
        placed = [PlacedRow(row.line, row.last_line, row.cells or []) for row in rows]
        check_one_table(file, placed, first_header, same_width=is_mapped)
    check_columns(file, len(header.names))
    _check_widths(file, rows, header)
    header_record = rows[header.index] if header.index is not None else None
    above = rows[: header.index] if header.index is not None else rows[: header.first_data]
    first_line = header_record.last_line + 1 if header_record else rows[header.first_data].line if rows else 1
    filled_above = [*above, *([header_record] if header_record else [])]
    return TextLayout(
        delimiter=delimiter,
        names=header.names,
        written=header.written,
        header_line=header_record.line if header_record else 0,
        first_line=first_line,
        titles=len(above),
        title_texts=tuple(cell.strip() for row in above for cell in row.cells or [] if cell.strip()),
        blank_above=first_line - 1 - sum(row.last_line - row.line + 1 for row in filled_above),
    )


def _check_widths(file: str, rows: Sequence[Record], header: Header) -> None:
    """Raise LoadError where most rows hold more than the header names: their values may stand one column off.

    A table is as wide as most of its rows; rows wider than that are bad rows.
    """
    if header.index is None:
        return
    named = max(header.named, len(rows[header.index].cells or []))
    wider = [row for row in rows[header.first_data :] if any(cell.strip() for cell in (row.cells or [])[named:])]
    if wider and named < len(header.names):
        facts = {"line": wider[0].line, "cells": len(wider[0].cells or []), "count": named}
        raise LoadError("rows_wider_than_header", file=file, **facts)


def _declared(rows: Sequence[Record], header_line: int) -> Header:
    """The header the mapping names by its line; 0 means there is none."""
    usual = usual_width([row.cells or [] for row in rows])
    for index, row in enumerate(rows):
        if row.line <= header_line <= row.last_line:
            return header_at([record.cells or [] for record in rows], index, usual)
    return Header(None, 0, name_columns((), usual))


def split_file(source: Path, target: Path, layout: TextLayout, *, damaged: bool = False) -> SplitOutcome:
    """Write the records of a UTF-8 file to `target` as plain CSV, the source line first; keep what does not fit."""
    outcome = SplitOutcome()
    splitter = Splitter(layout.delimiter, width=len(layout.names), damaged=damaged)
    with source.open(encoding="utf-8-sig", newline=None) as text, target.open("w", encoding="utf-8", newline="") as out:
        lines = (line.removesuffix("\n") for line in text)
        below = islice(lines, layout.first_line - 1, None)
        rows = _fitting_rows(splitter.records(below, first_line=layout.first_line), outcome)
        csv.writer(out, lineterminator="\n").writerows(rows)
    return outcome


def _fitting_rows(records: Iterator[Record], outcome: SplitOutcome) -> Iterator[tuple[int | str, ...]]:
    """Yield the records that fit, and count or keep the others."""
    for record in records:
        if record.cells is not None:
            outcome.written += 1
            yield (record.line, *record.cells)
        elif record.reason:
            outcome.rejects.append(record)
        else:
            outcome.blank += 1
