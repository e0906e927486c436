"""What a workbook says of its cells beside their values: formulas never computed, formats that add zeros, the calendar.

Stands alone, without the package, because the process that reads a sheet (`sheet_child.py`) is started without it.
"""

from __future__ import annotations

import re
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
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
    hidden_rows: int = 0
    """How many rows with cells are hidden, by hand or by a filter."""

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
            _look_at_cells(container, part, details, formats)
    return details


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _parse(
    container: zipfile.ZipFile,
    part: str,
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None] | None = None,
) -> None:
    """Stream one part of the container; its declarations were refused before (`sheets.py`)."""
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda name, facts: start(_local(name), facts)
    if end:
        parser.EndElementHandler = lambda name: end(_local(name))
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


def _look_at_cells(
    container: zipfile.ZipFile, part: str, details: SheetDetails, formats: dict[str, Callable[[int], str]]
) -> None:
    """Count the formulas of a sheet, and write the numbers whose format adds zeros, row by row as they stream past.

    Only such cells are looked at: a million others cost no more than the search for them.
    """
    styled = None
    if formats:
        names = "|".join(formats).encode()
        styled = re.compile(CELL_START + rb'([^>]*\bs="(?:' + names + rb')"[^>]*)>\s*<(?:\w+:)?v>([^<]+)<')
    for rows in _whole_rows(container, part):
        details.hidden_rows += sum(1 for _ in HIDDEN_ROW.finditer(rows))
        if FORMULA_SEEN.search(rows):
            for match in FORMULA_CELL.finditer(rows):
                row, column = _address(match[1])
                value = VALUE.search(match[2])
                kind = _attribute(match[1], b"t")
                details.saw_formula(row, column, (value[1] or b"").decode() if value else None, is_text=kind == "str")
        for match in styled.finditer(rows) if styled else ():
            number = whole(match[2].decode()) if _attribute(match[1], b"t") in ("", "n") else None
            if number is not None:
                row, column = _address(match[1])
                details.padded.setdefault(row, {})[column] = formats[_attribute(match[1], b"s")](number)


CELL_START = rb"<(?:\w+:)?c\b"
FORMULA_CELL = re.compile(CELL_START + rb"([^>]*)>\s*<(?:\w+:)?f\b(.*?)</(?:\w+:)?c>", re.DOTALL)
VALUE = re.compile(rb"<(?:\w+:)?v(?:\s[^>]*)?(?:/>|>([^<]*)<)")
HIDDEN_ROW = re.compile(rb'<(?:\w+:)?row\b[^>]*\shidden="(?:1|true)"[^>]*>\s*<(?:\w+:)?c\b')
ROW_END = re.compile(rb"</(?:\w+:)?row>")


def _whole_rows(container: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    """Yield the part in pieces that end with a row."""
    with container.open(part) as stream:
        rest = b""
        while piece := stream.read(1 << 20):
            rest += piece
            end = max((match.end() for match in ROW_END.finditer(rest, max(len(rest) - len(piece) - 16, 0))), default=0)
            if end:
                yield rest[:end]
                rest = rest[end:]
        yield rest


def _attribute(facts: bytes, name: bytes) -> str:
    match = re.search(rb"(?:^|\s)" + name + rb'="([^"]*)"', facts)
    return match[1].decode() if match else ""


def _address(facts: bytes) -> tuple[int, int]:
    """The row and column of a cell; 0 where the program that wrote it names none."""
    address = _attribute(facts, b"r")
    digits = address.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    return int(digits or 0), _column(address)


def _column(address: str) -> int:
    """Turn the letters of an address into a number: B7 is in column 2."""
    number = 0
    for letter in address:
        if not letter.isalpha():
            break
        number = number * 26 + ord(letter.upper()) - 64
    return number
