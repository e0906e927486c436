"""Tables as one Excel file that holds no formula made of data and says on its first sheet what it is."""

from __future__ import annotations

import io
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

import pandas as pd
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from workbench.errors import ExportError
from workbench.export.about import about_rows
from workbench.export.cells import Target, deliver, header_words, is_formula_like, known, plain, width
from workbench.i18n import t

_MOST_ROWS = 1_048_575
_LONGEST_TEXT = 32_767
_EXACT = 2**53
_FIRST_DAY = "1900-03-01"
"""Before this day Excel's calendar is wrong (it has a 29 February 1900), so earlier days are written as text."""


@dataclass(frozen=True)
class TableSheet:
    """A table with what stands above it and below: lines of text, and the sums of the columns that add up (`sums`).

    The sums are formulas of ours and so live: they follow the rows, and a filter of the sheet. Beside them stands
    `total`, in words.
    """

    frame: pd.DataFrame
    headers: Mapping[str, str] = field(default_factory=dict)
    above: Sequence[str] = ()
    sums: Sequence[str] = ()
    total: str = ""


def write_xlsx(
    target: Target,
    sheets: Mapping[str, pd.DataFrame | TableSheet],
    *,
    notes: Mapping[str, object],
    lang: str,
    headers: Mapping[str, str] | None = None,
) -> None:
    """Write tables as one Excel file whose first sheet says what they are.

    Text is stored as text and can never run; numbers stay numbers and days days; a column named `…_share` or
    `…_rate` shows per cent. `notes` (definition, as_of, filter, base, snapshot …) fills the first sheet. A `TableSheet`
    has lines above its table and live sums below it.
    Nothing is written beside `target`, and no frame is changed.

    Raises ExportError where a table has more rows than a sheet can hold.
    """
    tables = {
        name: one if isinstance(one, TableSheet) else TableSheet(one, headers or {}) for name, one in sheets.items()
    }
    for name, frame in ((name, table.frame) for name, table in tables.items()):
        if len(frame) > _MOST_ROWS:
            raise ExportError("too_many_rows_for_sheet", sheet=name, rows=len(frame), most=_MOST_ROWS)
    content = io.BytesIO()
    workbook = Workbook(content, {"in_memory": True, "default_date_format": "yyyy-mm-dd"})
    formats = _formats(workbook)
    names = _sheet_names([t("export.about.sheet", lang), *sheets])
    about = workbook.add_worksheet(names[0])
    cut = sum(
        _write_sheet(workbook.add_worksheet(name), table, formats)
        for name, table in zip(names[1:], tables.values(), strict=True)
    )
    _write_about(about, _worded(notes, cut, lang), formats)
    workbook.close()
    deliver(target, content.getvalue())


def _write_about(sheet: Worksheet, rows: list[tuple[str, object]], formats: Mapping[str, Format]) -> None:
    sheet.set_column(0, 0, max((width(label) for label, _ in rows), default=8) + 4)
    sheet.set_column(1, 1, 90)
    sheet.hide_gridlines(2)
    for line, (label, value) in enumerate(rows):
        _write_text(sheet, line, 0, label, formats, "label")
        _write_text(sheet, line, 1, plain(value), formats, "note")


def _write_sheet(sheet: Worksheet, table: TableSheet, formats: Mapping[str, Format]) -> int:
    """Write one table; return how many texts had to be cut to what a cell can hold."""
    frame, cut = table.frame, 0
    head = len(table.above) + bool(table.above)  # a line left free
    for line, words in enumerate(table.above):
        cut += _write_text(sheet, line, 0, words, formats, "above")
    for position, column in enumerate(frame.columns):
        header = header_words(column, table.headers)
        _write_text(sheet, head, position, header, formats, "header")
        values = frame.iloc[:, position].tolist()
        number = _number_format(str(column), values)
        for line, value in enumerate(values, start=head + 1):
            cut += _write_value(sheet, line, position, value, formats, number)
        if column in table.sums and values:
            _write_sum(sheet, position, values, formats[f"{number}_total"], first=head + 1)
        elif position == 0 and table.sums and values:
            _write_text(sheet, head + len(values) + 1, 0, table.total, formats, "total")
        shown = [header + "  ", *(plain(value) for value in values[:200])]
        sheet.set_column(position, position, min(max(width(text) for text in shown) + 2, 60))
    sheet.freeze_panes(head + 1, 0)
    if len(frame.columns):
        sheet.autofilter(head, 0, head + len(frame), len(frame.columns) - 1)
    if table.above:
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0, head)
    return cut


def _write_sum(sheet: Worksheet, position: int, values: Sequence[Any], look: Format, *, first: int) -> None:
    """Write the sum of the rows that are shown, with its value for programs that do not compute."""
    last = first + len(values) - 1
    known_values = [value for value in map(known, values) if isinstance(value, (int, float))]
    cells = f"{xl_rowcol_to_cell(first, position)}:{xl_rowcol_to_cell(last, position)}"
    sheet.write_formula(last + 1, position, f"=SUBTOTAL(109,{cells})", look, math.fsum(known_values))


def _write_value(
    sheet: Worksheet, line: int, position: int, value: Any, formats: Mapping[str, Format], number: str
) -> bool:
    """Write one value as what it is; return whether it had to be cut."""
    value = known(value)
    if value is None:
        return False
    if isinstance(value, bool):
        sheet.write_boolean(line, position, value)
    elif isinstance(value, date) and value.isoformat() >= _FIRST_DAY:
        whole_day = not isinstance(value, datetime) or value.time() == time(0)
        sheet.write_datetime(line, position, value, formats["day" if whole_day else "moment"])
    elif isinstance(value, (int, float)) and math.isfinite(value) and abs(value) <= _EXACT:
        sheet.write_number(line, position, value, formats[number])
    else:
        return _write_text(sheet, line, position, plain(value), formats, "text")
    return False


def _write_text(
    sheet: Worksheet, line: int, position: int, text: str, formats: Mapping[str, Format], look: str
) -> bool:
    """Write text as text; what looks like a formula keeps Excel's own "this is text" mark even when edited."""
    fitting = text.encode("utf-8", "replace").decode("utf-8")
    cut = len(fitting) > _LONGEST_TEXT
    if cut:
        fitting = fitting[: _LONGEST_TEXT - 1] + "…"
    sheet.write_string(line, position, fitting, formats[f"{look}_quoted" if is_formula_like(fitting) else look])
    return cut


def _formats(workbook: Workbook) -> dict[str, Format]:
    """Return every look; a text look also with the mark that keeps it text."""
    texts: dict[str, dict[str, object]] = {
        "header": {"bold": True, "font_color": "#FFFFFF", "bg_color": "#12436D", "valign": "vcenter"},
        "label": {"bold": True, "valign": "top", "font_color": "#12436D"},
        "note": {"text_wrap": True, "valign": "top"},
        "text": {},
        "above": {"font_color": "#52606D"},
        "total": {"bold": True, "top": 1},
    }
    looks = texts | {f"{name}_quoted": look | {"quote_prefix": True} for name, look in texts.items()}
    numbers: dict[str, dict[str, object]] = {
        "whole": {"num_format": "#,##0"},
        "decimal": {"num_format": "#,##0.00"},
        "share": {"num_format": "0.0%"},
    }
    looks |= numbers | {f"{name}_total": look | texts["total"] for name, look in numbers.items()}
    looks |= {
        "day": {"num_format": "yyyy-mm-dd", "align": "left"},
        "moment": {"num_format": "yyyy-mm-dd hh:mm:ss", "align": "left"},
    }
    return {name: workbook.add_format(look) for name, look in looks.items()}


def _number_format(column: str, values: list[Any]) -> str:
    if column.endswith(("_share", "_rate")):
        return "share"
    numbers = [value for value in map(known, values) if isinstance(value, (int, float)) and math.isfinite(value)]
    return "whole" if all(value == int(value) for value in numbers) else "decimal"


def _worded(notes: Mapping[str, object], cut: int, lang: str) -> list[tuple[str, object]]:
    rows = about_rows(notes, lang)
    if cut:
        rows.append((t("export.about.cut", lang), t("export.about.cut_texts", lang, count=cut, most=_LONGEST_TEXT)))
    return rows


def _sheet_names(wanted: Iterable[str]) -> list[str]:
    """Return names Excel accepts: no reserved characters, at most 31 long, no two alike."""
    names: list[str] = []
    for name in wanted:
        clean = "".join(" " if character in "[]:*?/\\'" or ord(character) < 32 else character for character in name)
        clean = clean.strip()[:31] or "-"
        stem, number = clean, 2
        while clean.casefold() in {other.casefold() for other in [*names, "history"]}:
            clean = f"{stem[:27]} ({number})"
            number += 1
        names.append(clean)
    return names
