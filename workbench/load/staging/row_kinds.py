"""Rows that hold no data: blank ones, headers, totals below the table, answers that the mapping leaves out."""

from __future__ import annotations

import re
from collections.abc import Sequence

from workbench.load.cleaning.sql_expressions import BLANKS, NO_FIGURE, case_when, matches
from workbench.load.mapping.source_mapping import SourceMapping
from workbench.load.reading.header import clean_header
from workbench.load.reading.lines_below import (
    FOOTER_LINE,
    MAY_BE_BELOW,
    NAME_OF_LIST,
    NOTE_LINE,
    STATISTIC_LINE,
    TOTAL_FOR,
    TOTAL_LINE,
    TOTAL_OF_GROUP,
)
from workbench.load.reading.periods_as_rows import period_header
from workbench.load.reading.text_table import TextTable
from workbench.load.staging.left_out_rows import left_out_rows
from workbench.schema import TABLES
from workbench.store.sql_quoting import quoted_text, quoted_texts

GROUPED_BY = ("customer_id", "product_id", "order_id")
TABLES_OF_THINGS = ("customers", "products", "employees")
FEWEST_BESIDE_NAME = 3
"""Tables with a row for each thing; of so many columns a lone cell says that a row is none of them."""

LAST_OF_TOTALS = ("计", "总", "l", "L", " ")
"""With which letters such a cell ends: one comparison tells it from most ids."""


def row_kind_sql(source: TextTable, mapping: SourceMapping) -> str:
    """Return the SQL of a row's kind, or NULL for a row of data.

    'blank', 'repeated_header', 'total' and 'footer' are known by themselves; 'extra_header', 'left_out' and 'too_fast'
    are what the mapping says.

    A row whose first cell begins like none of these is data: so ten million ordinary rows cost a few looks each.
    """
    cells = [f"c{place}" for place in range(1, len(source.names) + 1)]
    first = f"coalesce({', '.join(filled_cell(cell) for cell in cells)})"
    gap = " OR ".join(f"{filled_cell(cell)} IS NULL" for cell in cells)
    if mapping.periods_as_rows:
        gap = "true"  # a row of totals has one in every period
    below = [
        (f"regexp_matches({first}, {quoted_text(TOTAL_FOR)})", "'total'"),
        (matches(_plain(first), TOTAL_LINE), "'total'"),
        (f"regexp_matches({first}, {quoted_text(FOOTER_LINE)})", "'footer'"),
    ]
    note = f"regexp_matches({first}, {quoted_text(NOTE_LINE)}) AND {_stands_alone(first, cells)}"
    below.append((note, "'footer'"))
    begins = rf"(?i)^[{BLANKS}]*(?:{MAY_BE_BELOW})"
    suspect = f"c1 IS NULL OR regexp_matches(c1, {quoted_text(begins)})"
    for cell in _named_cells(source, mapping):
        below.append((f"regexp_matches({cell}, {quoted_text(TOTAL_OF_GROUP)})", "'total'"))
        suspect += f" OR {cell}[-1] IN ({quoted_texts(LAST_OF_TOTALS)})"
    kinds = [(f"{first} IS NULL", "'blank'")]
    row = f"concat_ws('|', {', '.join(_plain(filled_cell(cell)) for cell in cells)})"
    line_below = case_when((matches(row, STATISTIC_LINE), "'total'"), (gap, case_when(*below)))
    if source.written:
        kinds.append((_same_row(cells, source.written), "'repeated_header'"))
        suspect += _begins_like(source.written[0])
    extra = source.sample[: mapping.extra_header_rows]
    kinds += [(_same_row(cells, row), "'extra_header'") for row in extra]
    suspect += "".join(_begins_like(row[0]) for row in extra if row[0])
    kind = case_when((suspect, f"coalesce({line_below}, {case_when(*kinds)})"))
    left_out = [*_headings(source, mapping), *_without_figure(source, mapping), *_names_below(source, mapping)]
    left_out += left_out_rows(source, mapping)
    return f"coalesce({kind}, {case_when(*left_out)})" if left_out else kind


def _headings(source: TextTable, mapping: SourceMapping) -> list[tuple[str, str]]:
    """A name alone in its row heads the rows below, where the mapping says so."""
    if mapping.heading_column is None:
        return []
    cells = [f"c{place}" for place in range(1, len(source.names) + 1)]
    own = source.column(clean_header(mapping.heading_column))
    return [(f"{filled_cell(own)} IS NOT NULL AND {_stands_alone(filled_cell(own), cells)}", "'heading'")]


def _without_figure(source: TextTable, mapping: SourceMapping) -> list[tuple[str, str]]:
    """In a table of periods nothing happened where nothing, a dash or 0 stands: that is no purchase."""
    if not mapping.periods_as_rows:
        return []
    measures = source.names[source.names.index(period_header(source.names)) + 1 :]
    nothing = [f"coalesce(trim({source.column(name)}, {quoted_text(NO_FIGURE)}), '') = ''" for name in measures]
    return [(" AND ".join(nothing), "'no_figure'")]


def _names_below(source: TextTable, mapping: SourceMapping) -> list[tuple[str, str]]:
    """Below a list its own name, or its company's, may stand alone where the ids do: it is no customer.

    Where all ids have digits a lone text without any is none of them; elsewhere only one that calls itself a list is.
    """
    keys = [header for header, column in mapping.columns.items() if (column,) == TABLES[mapping.table].key]
    if mapping.table not in TABLES_OF_THINGS or not keys or len(source.names) < FEWEST_BESIDE_NAME:
        return []
    place = source.names.index(clean_header(keys[0]))
    ids = [row[place] for row in source.sample if row[place] and sum(map(bool, row)) > 1]
    cells = [f"c{number}" for number in range(1, len(source.names) + 1)]
    cell = f"c{place + 1}"
    calls_itself = f"regexp_matches({cell}, {quoted_text(NAME_OF_LIST)})"
    have_digits = bool(ids) and all(re.search("[0-9]", id_ or "") for id_ in ids)
    is_name = f"NOT regexp_matches({cell}, '[0-9０-９]')" if have_digits else calls_itself
    return [(f"{is_name} AND {_stands_alone(f'trim({cell}, {quoted_text(BLANKS)})', cells)}", "'footer'")]


def _named_cells(source: TextTable, mapping: SourceMapping) -> list[str]:
    """The columns of who bought, what and in which order: a spreadsheet writes the group of a subtotal there."""
    named = {clean_header(header) for header, column in mapping.columns.items() if column in GROUPED_BY}
    return [f"c{place}" for place, header in enumerate(source.names, 1) if header in named]


def _begins_like(header: str) -> str:
    """A further suspicion: a row whose first cell holds this header's text."""
    text = header.strip(BLANKS)
    return f" OR contains(c1, {quoted_text(text)})" if text else ""


def _stands_alone(first: str, cells: Sequence[str]) -> str:
    """Whether no other cell of a row is filled, in a table of several columns."""
    return "false" if len(cells) == 1 else f"trim(concat({', '.join(cells)}), {quoted_text(BLANKS)}) = {first}"


def _same_row(cells: Sequence[str], row: Sequence[str | None]) -> str:
    """Whether a row's cells are these, apart from blanks around them."""
    pairs = zip(cells, row, strict=True)
    return " AND ".join(
        f"{filled_cell(cell)} IS NOT DISTINCT FROM {filled_cell(quoted_text(text or ''))}" for cell, text in pairs
    )


def filled_cell(cell: str) -> str:
    """Return the SQL of a cell without blanks around it, NULL where nothing else is in it."""
    return f"nullif(trim({cell}, {quoted_text(BLANKS)}), '')"


def _plain(text: str) -> str:
    """A text without blanks and colons, in lower case."""
    return f"lower(translate({text}, {quoted_text(BLANKS + ':：')}, ''))"
