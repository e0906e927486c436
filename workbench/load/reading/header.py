"""Find the header row below titles, and name the columns so that no two are called the same."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from workbench.load.reading.header_periods import period_of
from workbench.visible_text import visible_name

SEARCHED_ROWS = 60
"""A header is looked for in this many rows from the top."""

SEARCHED_TITLES = 12
"""So far below a row of few cells a fuller header is looked for."""

DATA_LIKE = re.compile(
    r"""
      [+\-(（]?\s*[¥￥$€]?\s*[+\-]?[\d０-９][\d０-９,，.\s]*(?:[eE][+\-]?\d+)?\s*[%％万亿元)）]*   # a number, an amount
    | \d{1,4}[-/.年]\d{1,2}[-/.月]\d{1,4}日?.*                                          # a date, with or without a time
    | \d{1,2}:\d{2}(?::\d{2})?(?:\s*[AaPp][Mm])?                                        # a time
    | [^\s@]+@[^\s@]+\.\w+                                                              # an e-mail address
    """,
    re.VERBOSE,
)
"""Text that is data, not a heading."""


@dataclass(frozen=True)
class Header:
    """Where the header stands among the sampled rows, and the columns' names. `index` None: there is none."""

    index: int | None
    first_data: int
    names: tuple[str, ...]
    written: tuple[str, ...] = ()
    """The header's cells as they stand in the file; empty where there is no header."""

    @property
    def named(self) -> int:
        """How many columns there are up to the last one that has a name of its own."""
        return max((place for place, name in enumerate(self.names, start=1) if name != f"column_{place}"), default=0)

    def names_all(self, columns: Collection[str]) -> bool:
        """Say whether it has all of these columns."""
        return {*columns} <= {*self.names}


def clean_header(text: str) -> str:
    """Return a header without outer and doubled blanks, in one width: `NETPRO  ` is NETPRO, `订单　ID` is `订单 ID`."""
    return visible_name(" ".join(unicodedata.normalize("NFKC", text).split()))


def find_header(rows: Sequence[Sequence[str]], *, width: int | None = None, below_titles: bool = True) -> Header:
    """Find the header among the first rows: the first full row whose cells are names and not data.

    A row is full with at least six tenths of the usual number of cells. Fuller rows than the first may follow titles;
    such titles may themselves be names and values (not `below_titles`: take the first row all the same). If the first
    full row is data, the table has no header and the columns are called `column_1`, `column_2` and so on.
    """
    usual = width or usual_width(rows)
    for index, row in enumerate(rows[:SEARCHED_ROWS]):
        filled = [cell for cell in row if cell.strip()]
        if len(filled) < max(0.6 * usual, min(usual, 2)):
            continue
        fuller = _header_below(rows, index, usual) if below_titles and len(filled) < usual else None
        if fuller is not None:
            return header_at(rows, fuller, usual)
        if _names_not_data(filled, rows[index + 1 :]):
            return header_at(rows, index + _names_below(rows[index:], usual), usual)
        if _is_sparse_header(rows[:index], usual):
            return header_at(rows, index - 1, usual)
        return Header(None, index, name_columns((), usual))
    return Header(None, 0, name_columns((), usual))


def _header_below(rows: Sequence[Sequence[str]], index: int, usual: int) -> int | None:
    """Return the full row of names below a row of few cells that is a title: `门店,某店` above the header.

    Such a row tells itself from data by what stands below it: numbers or days, where it has names.
    """
    for place in range(index + 1, min(index + SEARCHED_TITLES, len(rows) - 1)):
        names, below = ([cell.strip() for cell in row if cell.strip()] for row in rows[place : place + 2])
        if len(names) >= usual:
            data = (
                [bool(DATA_LIKE.fullmatch(cell)) for cell in names],
                [bool(DATA_LIKE.fullmatch(cell)) for cell in below],
            )
            return place if not any(data[0]) and any(data[1]) else None
    return None


def header_at(rows: Sequence[Sequence[str]], index: int, width: int) -> Header:
    """The header that stands in this row of a table so wide.

    Where the row above names what this one leaves empty, the two are one header: a cell of the upper row stands over
    all columns up to its next filled one, as in a matrix whose question stands once.
    """
    above = rows[index - 1] if index else ()
    names = name_columns(_joined(above, rows[index]) if _is_upper_header(above, rows[index]) else rows[index], width)
    written = (*rows[index], *([""] * (len(names) - len(rows[index]))))
    return Header(index, index + 1, names, written)


def mapped_header(rows: Sequence[Sequence[str]], header: Header, mapped: Collection[str]) -> Header:
    """Return the header that has all columns of the mapping, where another one was found that lacks some.

    It is as wide as it is written where some row below is: wider ones hold a separator too many, as `￥1,234` does.
    """
    if not mapped:
        return header
    if header.index is not None and header.names_all(mapped):
        width = max(header.named, len(rows[header.index]))
        fits = any(len(row) == width for row in rows[header.first_data :])
        return header_at(rows, header.index, width) if fits else header
    others = (header_at(rows, index, len(row)) for index, row in enumerate(rows[:SEARCHED_ROWS]))
    return next((other for other in others if other.names_all(mapped)), header)


def _names_below(rows: Sequence[Sequence[str]], width: int) -> bool:
    """True where the row below a header names what it leaves empty or says twice: 金额 over 应收 and 实收.

    Data stand below those names, and the row is empty where the header needs no second name.
    """
    if len(rows) < 3:
        return False
    header, lower = ([cell.strip() for cell in (*row, *([""] * width))][:width] for row in rows[:2])
    named = [place for place, cell in enumerate(lower) if cell]
    if len(named) < 2 or len(named) == width or any(DATA_LIKE.fullmatch(lower[place]) for place in named):
        return False
    below = [row[place].strip() for row in rows[2:SEARCHED_ROWS] for place in named if place < len(row)]
    needed = any(not header[place] for place in named) or len({header[place] for place in named}) < len(named)
    return needed and any(DATA_LIKE.fullmatch(cell) for cell in below)


def _is_sparse_header(above: Sequence[Sequence[str]], usual: int) -> bool:
    """True where two rows above the first full one name its columns together, though neither does alone."""
    if len(above) < 2 or not _is_upper_header(above[-2], above[-1]):
        return False
    named = {place for row in above[-2:] for place, cell in enumerate(row) if cell.strip()}
    return len(named) >= 0.6 * usual and not any(
        DATA_LIKE.fullmatch(cell.strip()) for cell in above[-1] if cell.strip()
    )


def _is_upper_header(above: Sequence[str], below: Sequence[str]) -> bool:
    """True where a row holds two names or more, and one of them over a cell that the header below leaves empty."""
    names = {place: cell.strip() for place, cell in enumerate(above) if cell.strip()}
    if len(names) < 2 or any(DATA_LIKE.fullmatch(name) for name in names.values()):
        return False
    empty = {place for place, cell in enumerate(below) if not cell.strip()}
    return bool(empty & set(names)) and not names.keys() <= empty


def _joined(above: Sequence[str], below: Sequence[str]) -> list[str]:
    """One name for each column of a header of two rows: the upper cell, then the lower one."""
    names, upper = [], ""
    for place, lower in enumerate(below):
        own = above[place].strip() if place < len(above) else ""
        upper = own or upper
        names.append(f"{upper}—{lower.strip()}" if upper and lower.strip() else own or lower.strip())
    return names


def usual_width(rows: Sequence[Sequence[str]]) -> int:
    """Return the commonest number of cells a row has, of two or more; of equally common ones the larger.

    It is 1 where rows of one cell outnumber the cells of such rows, unless these are a table below many titles: two
    or more rows of three cells or more, with hardly anything between and below them.
    """
    widths = [len(row) for row in rows if any(cell.strip() for cell in row)]
    counts = Counter(widths)
    width = max((cells for cells in counts if cells > 1), key=lambda cells: (counts[cells], cells), default=0)
    if not width:
        return min(counts[1], 1)
    below_titles = counts[width] > 1 and width > 2 and 2 * counts[width] > len(widths) - widths.index(width)
    return width if counts[width] * width >= counts[1] or below_titles else 1


def name_columns(cells: Sequence[str], width: int) -> tuple[str, ...]:
    """Name each column by its cleaned header; `column_3` where it is empty, `amount_2` where it repeats.

    >>> name_columns(["客户编号", "", "金额 ", "金额"], 5)
    ('客户编号', 'column_2', '金额', '金额_2', 'column_5')
    """
    names: dict[str, None] = {}
    numbers: dict[str, int] = {}
    for position in range(max(width, len(cells))):
        plain = clean_header(cells[position]) if position < len(cells) else ""
        name, number = plain or f"column_{position + 1}", numbers.get(plain, 2)
        while name in names:
            name, number = f"{plain}_{number}", number + 1
        names[name], numbers[plain] = None, number
    return tuple(names)


def _names_not_data(cells: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    """True where fewer than a third of the cells look like data, and the row does not come again as data."""
    data_like = [cell.strip() for cell in cells if DATA_LIKE.fullmatch(cell.strip())]
    if len(data_like) * 3 >= len(cells) and not (len(data_like) < len(cells) and _are_periods(data_like)):
        return False
    seen_below = {cell.strip() for row in below for cell in row}
    repeats = sum(cell.strip() in seen_below for cell in cells)
    return repeats * 2 <= len(cells) or _header_repeats(cells, below)


def _are_periods(cells: Sequence[str]) -> bool:
    """True where cells are years, months or days one after another, as columns of periods are headed: 2022, 2023."""
    if [*cells] == [str(number) for number in range(1, len(cells) + 1)]:
        return len(cells) > 2
    periods = [period_of(cell) for cell in cells]
    days = [period.first for period in periods if period and period.first and not period.measure]
    return len(days) == len(cells) > 1 and days == sorted({*days}) and len({one and one.kind for one in periods}) == 1


def _header_repeats(cells: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    """True where the very same row comes again below: exports repeat their header page by page."""
    header = [clean_header(cell) for cell in cells]
    return any([clean_header(cell) for cell in row if cell.strip()] == header for row in below)
