"""What a workbook says of its cells beside their values: formulas never computed, formats that add zeros, the calendar.

Stands alone, without the package, because the process that reads a sheet (`sheet_child.py`) is started without it.
"""

from __future__ import annotations

import re
import zipfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from xml.parsers import expat

WORKBOOK, STYLES, RELATIONS = "xl/workbook.xml", "xl/styles.xml", "xl/_rels/workbook.xml.rels"
FORMULA_SEEN = re.compile(rb"<(?:\w+:)?f[\s/>]")
TRUE = ("1", "true", "on")


@dataclass
class SheetDetails:
    """What one sheet says of its cells; rows and columns are numbered from 1."""

    counts_from_1904: bool = False
    computes_on_load: bool = False
    """The program that wrote the workbook left computing to the one that opens it."""
    formulas: Counter[int] = field(default_factory=Counter)
    """How many formulas a column has."""
    lacking: dict[int, list[int]] = field(default_factory=dict)
    """By column the rows of formulas whose result is absent, nothing, or 0."""
    absent: dict[int, list[int]] = field(default_factory=dict)
    """Those that have no result at all."""
    padded: dict[int, dict[int, str]] = field(default_factory=dict)
    """By row and column the text of numbers whose format adds zeros, as 000123."""

    def saw_formula(self, row: int, column: int, result: str | None, *, is_text: bool) -> None:
        """Count a formula; `result` is None where none is stored."""
        self.formulas[column] += 1
        if result is None or (result == "" and not is_text):
            self.absent.setdefault(column, []).append(row)
        elif result != "" and not _is_zero(result):
            return
        self.lacking.setdefault(column, []).append(row)

    def uncomputed(self) -> dict[int, list[int]]:
        """Return by column the rows of formulas that nobody computed.

        Formulas without a result are. So are those of a column stored as 0 or nothing throughout, where the workbook
        leaves computing to the program that opens it, or has no formula with another result.
        """
        computed_nowhere = sum(map(len, self.lacking.values())) == self.formulas.total()
        rows = dict(self.absent)
        for column, lacking in self.lacking.items():
            is_left = column in self.absent or self.computes_on_load or computed_nowhere
            if is_left and len(lacking) == self.formulas[column]:
                rows[column] = lacking
        return rows


def _is_zero(text: str) -> bool:
    try:
        return float(text) == 0
    except ValueError:
        return False


def zero_format(code: str) -> Callable[[int], str] | None:
    """Return how a number format writes whole numbers, where it adds zeros or signs between the digits; else None.

    >>> zero_format("000000")(123), zero_format('"KH"0000')(12), zero_format("000-0000")(12345), zero_format("0.00")
    ('000123', 'KH0012', '001-2345', None)
    """
    parts = re.findall(r'"([^"]*)"|\\(.)|([0 \-_/])|(.)', code.split(";")[0])
    if any(other for *_, other in parts) or sum(sign == "0" for _, _, sign, _ in parts) < 2:
        return None
    signs = [quoted or escaped or sign for quoted, escaped, sign, _ in parts]
    places = [place for place, (_, _, sign, _) in enumerate(parts) if sign == "0"]

    def write(number: int) -> str:
        digits = str(abs(number)).rjust(len(places), "0")
        written = list(signs)
        extra = len(digits) - len(places)
        for place, digit in zip(places, [digits[: extra + 1], *digits[extra + 1 :]], strict=True):
            written[place] = digit
        return ("-" if number < 0 else "") + "".join(written)

    return write


def whole(text: str) -> int | None:
    """Return a stored number where it is whole and not negative."""
    try:
        number = float(text)
    except ValueError:
        return None
    return int(number) if number.is_integer() and 0 <= number < 10**15 else None


def xlsx_details(path: Path, sheet: str) -> SheetDetails:
    """Look into an .xlsx beside the reader of values; a part that is absent says nothing."""
    details = SheetDetails()
    with zipfile.ZipFile(path) as container:
        if WORKBOOK not in container.namelist():
            return details  # a binary workbook
        relation: list[str] = []

        def in_workbook(name: str, facts: dict[str, str]) -> None:
            if name == "workbookPr":
                details.counts_from_1904 = facts.get("date1904", "").lower() in TRUE
            elif name == "calcPr":
                details.computes_on_load = facts.get("fullCalcOnLoad", "").lower() in TRUE
            elif name == "sheet" and facts.get("name") == sheet:
                relation.extend(value for key, value in facts.items() if _local(key) == "id")

        _parse(container, WORKBOOK, in_workbook)
        part = _part(container, relation)
        if part is not None:
            formats = _zero_formats(container)
            if formats or _mentions_formulas(container, part):
                cells = _CellReader(details, formats)
                _parse(container, part, cells.start, cells.end, cells.text)
    return details


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _parse(
    container: zipfile.ZipFile,
    part: str,
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
) -> None:
    """Stream one part of the container; its declarations were refused before (`sheets.py`)."""
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda name, facts: start(_local(name), facts)
    if end:
        parser.EndElementHandler = lambda name: end(_local(name))
    if text:
        parser.CharacterDataHandler = text
    with container.open(part) as stream:
        parser.ParseFile(stream)


def _part(container: zipfile.ZipFile, relation: list[str]) -> str | None:
    """Return the part that holds the sheet of a relation."""
    targets: dict[str, str] = {}

    def in_relations(name: str, facts: dict[str, str]) -> None:
        if name == "Relationship":
            targets[facts.get("Id", "")] = facts.get("Target", "")

    names = container.namelist()
    if RELATIONS in names:
        _parse(container, RELATIONS, in_relations)
    target = targets.get(relation[0]) if relation else None
    if target is None:
        return None
    part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return part if part in names else None


def _zero_formats(container: zipfile.ZipFile) -> dict[str, Callable[[int], str]]:
    """Return the styles of cells whose format adds zeros, by their number."""
    if STYLES not in container.namelist():
        return {}
    codes: dict[str, str] = {}
    styles: list[str] = []
    inside: list[str] = []

    def start(name: str, facts: dict[str, str]) -> None:
        if name == "numFmt":
            codes[facts.get("numFmtId", "")] = facts.get("formatCode", "")
        elif name == "cellXfs":
            inside.append(name)
        elif name == "xf" and inside:
            styles.append(facts.get("numFmtId", "0"))

    def end(name: str) -> None:
        if name == "cellXfs":
            inside.clear()

    _parse(container, STYLES, start, end)
    formats = {str(place): zero_format(codes.get(number, "")) for place, number in enumerate(styles)}
    return {place: write for place, write in formats.items() if write is not None}


def _mentions_formulas(container: zipfile.ZipFile, part: str) -> bool:
    with container.open(part) as stream:
        before = b""
        while piece := stream.read(1 << 20):
            if FORMULA_SEEN.search(before + piece):
                return True
            before = piece[-32:]
    return False


class _CellReader:
    """Follows the cells of a sheet: counts its formulas, and writes the numbers whose format adds zeros."""

    def __init__(self, details: SheetDetails, formats: dict[str, Callable[[int], str]]) -> None:
        self._details, self._formats = details, formats
        self._row = self._column = 0
        self._cell: dict[str, str] = {}
        self._has_formula = self._in_value = False
        self._value: list[str] | None = None

    def start(self, name: str, facts: dict[str, str]) -> None:
        """A row, a cell or what stands in it begins."""
        if name == "row":
            self._row, self._column = int(facts.get("r") or self._row + 1), 0
        elif name == "c":
            self._column = _column(facts["r"]) if facts.get("r") else self._column + 1
            self._cell, self._has_formula, self._value = facts, False, None
        elif name == "f":
            self._has_formula = True
        elif name == "v":
            self._value, self._in_value = [], True

    def end(self, name: str) -> None:
        """It ends."""
        if name == "v":
            self._in_value = False
        elif name == "c":
            self._judge(self._cell.get("t", "n"), None if self._value is None else "".join(self._value))

    def text(self, piece: str) -> None:
        """A piece of text; only values count."""
        if self._in_value and self._value is not None:
            self._value.append(piece)

    def _judge(self, kind: str, stored: str | None) -> None:
        if self._has_formula:
            self._details.saw_formula(self._row, self._column, stored, is_text=kind == "str")
        write = self._formats.get(self._cell.get("s", ""))
        if write is not None and kind == "n" and stored and (number := whole(stored)) is not None:
            self._details.padded.setdefault(self._row, {})[self._column] = write(number)


def _column(address: str) -> int:
    """Turn the letters of an address into a number: B7 is in column 2."""
    number = 0
    for letter in address:
        if not letter.isalpha():
            break
        number = number * 26 + ord(letter.upper()) - 64
    return number
