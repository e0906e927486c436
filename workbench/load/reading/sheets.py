"""Workbooks: look into the container before parsing it, then let a limited process read one sheet."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import zipfile
import zlib
from pathlib import Path
from typing import Any

from workbench.errors import LoadError
from workbench.limits import allowed, check_columns, load_limits, size_text

BROKEN_ZIP = (zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError)
"""What reading a damaged container raises: a wrong name, length, checksum, method or stream."""


HARMLESS_PART_BYTES = 8 << 20
"""Parts smaller than this many bytes may have any ratio."""

HARMLESS_AREA, FEWEST_FILLED = 8_000_000, 0.02
"""A larger area of which less is filled than this share is a stray cell far off; the reader would hold all of it."""

LARGEST_OLE_BYTES = 512 << 20
"""No .xls is larger: 65,536 rows of 256 columns, some sheets of them."""

OLE_START = bytes.fromhex("d0cf11e0a1b11ae1")
CELL_ADDRESS = re.compile(rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]{1,3})(\d{1,7})"')
ENTITIES = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)


def is_workbook(start: bytes) -> bool:
    """True for the first bytes of an .xlsx (a zip container) or an .xls (an OLE container)."""
    return start.startswith((b"PK\x03\x04", OLE_START))


def read_sheet(path: Path, target: Path, sheet: str | None) -> dict[str, Any]:
    """Write one sheet to `target` as plain CSV, the row number first; return its name, rows and width.

    Raises LoadError for a workbook that is hostile, encrypted or damaged, and where the sheet has to be chosen.
    """
    with path.open("rb") as file:
        start = file.read(8)
    if start.startswith(OLE_START):
        _check_ole(path)
    else:
        _check_zip(path)
    sheet_facts = _in_child(path, target, sheet)
    match sheet_facts.get("error"):
        case None:
            check_columns(path.name, int(sheet_facts["width"]))
            return sheet_facts
        case "missing_sheet":
            raise LoadError("missing_sheet", file=path.name, sheet=sheet, sheets=sheet_facts["sheets"])
        case "too_many_sheets":
            raise LoadError("too_many_sheets", file=path.name, count=sheet_facts["count"], **allowed("sheets"))
        case "choose_sheet":
            raise LoadError("choose_sheet", file=path.name, sheets=sheet_facts["sheets"])
        case key:
            raise LoadError(str(key), file=path.name)


def _in_child(path: Path, target: Path, sheet: str | None) -> dict[str, Any]:
    """Run the reader in a process with limits; if it ends badly, the file is at fault."""
    program, limits = Path(__file__).with_name("sheet_child.py"), load_limits()
    command = [
        sys.executable,
        "-P",
        str(program),
        str(path),
        str(target),
        str(limits.workbook_memory_bytes),
        str(limits.workbook_seconds),
        str(limits.sheets),
        sheet or "",
    ]
    try:
        child = subprocess.run(command, capture_output=True, timeout=2 * limits.workbook_seconds, check=False)  # noqa: S603 - our own file
    except subprocess.TimeoutExpired as slow:
        raise LoadError("workbook_too_slow", file=path.name, **_child_limits()) from slow
    if child.returncode == 0:
        sheet_facts: dict[str, Any] = json.loads(child.stdout)
        return sheet_facts
    if b"CalamineError" in child.stderr or (b"Error:" in child.stderr and b"MemoryError" not in child.stderr):
        raise LoadError("broken_workbook", file=path.name)
    raise LoadError("workbook_too_slow", file=path.name, **_child_limits())


def _child_limits() -> dict[str, object]:
    """What the process may use, and how to let it use more."""
    time, memory = allowed("workbook_seconds"), allowed("workbook_memory_bytes")
    return {"seconds": time["most"], "memory": memory["most"], "variables": [time["variable"], memory["variable"]]}


def _check_ole(path: Path) -> None:
    """Refuse an encrypted .xlsx, which hides in the container of the old format, and what is larger than one can be."""
    if (size := path.stat().st_size) > LARGEST_OLE_BYTES:
        raise LoadError("xls_too_large", file=path.name, size=size_text(size), most=size_text(LARGEST_OLE_BYTES))
    if "EncryptedPackage".encode("utf-16-le") in path.read_bytes():
        raise LoadError("encrypted_workbook", file=path.name)


def _check_zip(path: Path) -> None:
    """Refuse what would unpack to too much, holds no workbook, declares entities, or spans absurd areas."""
    try:
        with zipfile.ZipFile(path) as container:
            parts = container.infolist()
            if not any(part.filename.startswith("xl/workbook") for part in parts):
                raise LoadError("not_a_workbook", file=path.name)
            if any(part.flag_bits & 1 for part in parts):
                raise LoadError("encrypted_workbook", file=path.name)
            if sum(part.file_size for part in parts) > load_limits().unpacked_bytes:
                raise LoadError("workbook_too_large", file=path.name, **allowed("unpacked_bytes"))
            if any(map(_is_bomb, parts)):
                raise LoadError("workbook_repeats", file=path.name, **allowed("unpacked_ratio"))
            for part in parts:
                if part.filename.endswith((".xml", ".rels")):
                    _check_part(container, part, path.name)
    except BROKEN_ZIP as broken:
        raise LoadError("broken_workbook", file=path.name) from broken


def _is_bomb(part: zipfile.ZipInfo) -> bool:
    most = load_limits().unpacked_ratio * max(part.compress_size, 1)
    return part.file_size > max(HARMLESS_PART_BYTES, most)


def _check_part(container: zipfile.ZipFile, part: zipfile.ZipInfo, file: str) -> None:
    """Stream one part: no declared entities, and a sheet's cells within a sane area."""
    is_sheet = part.filename.startswith("xl/worksheets/")
    last_row = last_column = unpacked = cells = 0
    most_cells = load_limits().sheet_cells
    before = b""
    with container.open(part) as stream:
        while piece := stream.read(1 << 20):
            unpacked += len(piece)
            if unpacked > part.file_size:
                raise LoadError("broken_workbook", file=file)  # longer than the container says
            text = before + piece
            if ENTITIES.search(text):
                raise LoadError("hostile_workbook", file=file)
            if is_sheet:
                addresses = CELL_ADDRESS.findall(text)
                cells += len(addresses)
                for letters, digits in addresses:
                    last_row, last_column = max(last_row, int(digits)), max(last_column, _column_number(letters))
                if last_row * last_column > most_cells:
                    facts = {"rows": last_row, "columns": last_column, **allowed("sheet_cells")}
                    raise LoadError("sheet_too_large", file=file, **facts)
            before = text[-64:]
    if last_row * last_column > HARMLESS_AREA and cells < FEWEST_FILLED * last_row * last_column:
        raise LoadError("sheet_too_wide", file=file, rows=last_row, columns=last_column)


def _column_number(letters: bytes) -> int:
    """Turn a column's letters into its number: A is 1, XFD is 16384."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
