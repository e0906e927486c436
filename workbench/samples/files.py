"""Rows to bytes: delimited text in any encoding, and Excel workbooks that are the same on every machine."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from workbench.samples.model import AS_OF

SheetCell = str | int | float | date | None
TITLE_ROWS = 2


def text_table(
    rows: Sequence[Mapping[str, str]], *, encoding: str, delimiter: str = ",", newline: str = "\r\n"
) -> bytes:
    """Return a delimited file of rows with equal keys; encoding "utf-8-sig" writes a byte order mark."""
    page = io.StringIO()
    writer = csv.DictWriter(page, fieldnames=list(rows[0]), delimiter=delimiter, lineterminator=newline)
    writer.writeheader()
    writer.writerows(rows)
    return page.getvalue().encode(encoding)


@dataclass(frozen=True)
class Sheet:
    """One sheet as a call centre exports it: a merged title, a note, the header, the rows, a last line with totals."""

    name: str
    title: str
    note: str
    rows: Sequence[Mapping[str, SheetCell]]
    total: Mapping[str, SheetCell]


def workbook(sheets: Sequence[Sheet]) -> bytes:
    """Return an .xlsx file whose bytes depend on the cells alone.

    The parts are stored without compression, because machines compress differently, with one date for all.
    """
    raw = io.BytesIO()
    with xlsxwriter.Workbook(raw, {"in_memory": True}) as book:
        book.set_properties({"created": datetime.combine(AS_OF, time())})
        bold = book.add_format({"bold": True, "align": "center"})
        day_format = book.add_format({"num_format": "yyyy/m/d"})
        for sheet in sheets:
            header = list(sheet.rows[0])
            page = book.add_worksheet(sheet.name)
            page.merge_range(0, 0, 0, len(header) - 1, sheet.title, bold)
            page.merge_range(1, 0, 1, len(header) - 1, sheet.note)
            page.write_row(TITLE_ROWS, 0, header, bold)
            for place, row in enumerate((*sheet.rows, sheet.total), start=TITLE_ROWS + 1):
                for column, name in enumerate(header):
                    _write(page, place, column, row.get(name), day_format)
    return _stored(raw.getvalue())


def _write(page: Worksheet, place: int, column: int, cell: SheetCell, day_format: Format) -> None:
    """Write one cell by its type; text stays text, also where it looks like a formula or a number."""
    if isinstance(cell, date):
        page.write_datetime(place, column, datetime.combine(cell, time()), day_format)
    elif isinstance(cell, str):
        page.write_string(place, column, cell)
    elif cell is not None:
        page.write_number(place, column, cell)


def _stored(archive: bytes) -> bytes:
    """Return the same archive with its parts uncompressed, dated 1980 and signed by no operating system."""
    plain = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(plain, "w", zipfile.ZIP_STORED) as new:
        for part in old.infolist():
            entry = zipfile.ZipInfo(part.filename, (1980, 1, 1, 0, 0, 0))
            entry.create_system = 3
            entry.external_attr = 0o600 << 16
            new.writestr(entry, old.read(part.filename))
    return plain.getvalue()
