"""Read one sheet of a workbook in a process of its own, with limits, and write it as plain CSV.

The loader starts this file as a program: what a hostile workbook breaks is this process and nothing else.
Arguments: the workbook, the CSV to write, the memory limit in bytes, the seconds, how many sheets it may have, and the
sheet's name ("" for the only one that holds something). Prints one line of JSON.
"""

from __future__ import annotations

import csv
import importlib.util
import json
import sys
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

EXACT_BELOW = 10**15
"""Excel keeps fifteen digits of a number; a longer one has lost its last digits."""


def limit(memory: int, seconds: int) -> None:
    """Let this process use so much memory and processor time, where the platform can say so."""
    try:
        import resource
    except ImportError:  # Windows has no such limits; the scan before and the timeout of the parent remain
        return
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))


def cell_text(value: Any) -> str:
    """Write a cell as the sheet shows it: whole numbers without a point, days without midnight, ISO order.

    >>> [cell_text(value) for value in (17850.0, 0.1 + 0.2, True, date(2024, 3, 5), timedelta(hours=30))]
    ['17850', '0.3', 'TRUE', '2024-03-05', '30:00:00']
    """
    match value:
        case bool():
            return "TRUE" if value else "FALSE"
        case float():
            return f"{value:.0f}" if value.is_integer() and abs(value) < 10**21 else f"{value:.15g}"
        case datetime():
            return value.isoformat(" ", "seconds")
        case date() | time():
            return value.isoformat()
        case timedelta():
            seconds = round(value.total_seconds())
            return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
        case _:
            return str(value)


def lost_digits(value: Any) -> bool:
    """True for a number too long to be kept exactly, such as an identity number stored as a number."""
    return isinstance(value, float) and abs(value) >= EXACT_BELOW


def extract_rows(path: Path, target: Path, sheet: str, most_sheets: int) -> dict[str, Any]:
    """Write the sheet's rows that hold something, each after its row number; return what there is to know of it."""
    from python_calamine import PasswordError, load_workbook

    try:
        workbook = load_workbook(str(path))
    except PasswordError:
        return {"error": "encrypted_workbook"}
    choice = choose_sheet(workbook, sheet, most_sheets)
    if "error" in choice:
        return choice
    chosen = workbook.get_sheet_by_name(choice["sheet"])
    details = look_beside(path, choice["sheet"])
    uncomputed: dict[int, list[int]] = {}
    for column, places in details.uncomputed().items():
        for place in places:
            uncomputed.setdefault(place, []).append(column)
    rows = lost = written = 0
    with target.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        for rows, cells in enumerate(chosen.iter_rows(), 1):
            if rows in uncomputed or rows in details.padded:
                cells = shown_cells(cells, uncomputed.get(rows, ()), details.padded.get(rows, {}))
            if any(cell != "" for cell in cells):
                writer.writerow((rows, *map(cell_text, cells)))
                written += 1
                lost += any(map(lost_digits, cells))
    return {
        **choice, "rows": rows, "written": written, "width": chosen.width, "lost": lost,
        "counts_from_1904": details.counts_from_1904, "hidden_rows": details.hidden_rows,
        "uncomputed": {str(column): len(places) for column, places in details.uncomputed().items()},
    }  # fmt: skip


def choose_sheet(workbook: Any, sheet: str, most_sheets: int) -> dict[str, Any]:
    """Return the sheet to read, those that are shown, the hidden ones that hold something; or why none can be read."""
    from python_calamine import SheetTypeEnum, SheetVisibleEnum

    shown = [
        entry.name
        for entry in workbook.sheets_metadata
        if entry.typ == SheetTypeEnum.WorkSheet and (entry.visible == SheetVisibleEnum.Visible or entry.name == sheet)
    ]
    if sheet and sheet not in shown:
        return {"error": "missing_sheet", "sheets": shown}
    if not sheet and len(shown) > most_sheets:
        return {"error": "too_many_sheets", "count": len(shown)}
    filled = [entry for entry in ([sheet] if sheet else shown) if workbook.get_sheet_by_name(entry).end is not None]
    if not filled:
        return {"error": "empty_file"}
    if len(filled) > 1:
        return {"error": "choose_sheet", "sheets": filled}
    hidden = [
        entry.name
        for entry in workbook.sheets_metadata
        if entry.typ == SheetTypeEnum.WorkSheet and entry.visible != SheetVisibleEnum.Visible and entry.name != sheet
    ]
    filled_hidden = [name for name in hidden if workbook.get_sheet_by_name(name).end is not None]
    return {"sheet": filled[0], "sheets": shown, "hidden_sheets": filled_hidden if shown[0] == filled[0] else []}


def look_beside(path: Path, sheet: str) -> Any:
    """Return what the workbook says of its cells beside their values (`SheetDetails`)."""
    beside = sibling("sheet_details")
    with path.open("rb") as file:
        is_zip = file.read(2) == b"PK"
    if is_zip:
        return beside.xlsx_details(path, sheet)
    details = beside.SheetDetails()
    container = sibling("ole_stream")
    try:
        stream = container.workbook_stream(path.read_bytes())
        sibling("xls_details").fill_xls_details(stream, sheet, details, beside.zero_format)
    except container.UNUSUAL:  # a container of another make, whose values the reader may read all the same
        return beside.SheetDetails()
    return details


def sibling(name: str) -> Any:
    """Import a file beside this one, without the package and all that it brings."""
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    if spec is None or spec.loader is None:
        raise ImportError(name)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # dataclasses look themselves up
    spec.loader.exec_module(module)
    return module


def shown_cells(cells: list[Any], uncomputed: Any, padded: Any) -> list[Any]:
    """Return a row as the sheet shows it: with the zeros its formats add, and nothing for formulas never computed."""
    changed = list(cells)
    for column in uncomputed:
        if column <= len(changed):
            changed[column - 1] = ""
    for column, text in padded.items():
        if column <= len(changed):
            changed[column - 1] = text
    return changed


def main() -> None:
    """Read the sheet the command line names."""
    path, target, memory, seconds, most_sheets, sheet = sys.argv[1:7]
    limit(int(memory), int(seconds))
    sys.stdout.write(json.dumps(extract_rows(Path(path), Path(target), sheet, int(most_sheets))))


if __name__ == "__main__":
    main()
