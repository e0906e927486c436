"""Rows that hold no data: blank ones, repeated headers, totals below the table."""

from __future__ import annotations

from workbench.load.cleaning.sql_expressions import BLANKS, case_when
from workbench.load.reading.text_table import TextTable
from workbench.store.sql_quoting import quoted_text, quoted_texts

TOTAL_WORDS = ("合计", "总计", "小计", "累计", "汇总", "total", "subtotal", "grandtotal", "sum")
"""What the first filled cell of a total row says; blanks, colons and case do not matter."""


def row_kind_sql(source: TextTable) -> str:
    """Return the SQL of a row's kind: 'blank', 'repeated_header', 'total', or NULL for a row of data.

    A row whose first cell ends with a digit, as ids do, is data unless it is the header: so ten million ordinary rows
    cost one comparison each.
    """
    cells = [f"c{place}" for place in range(1, len(source.names) + 1)]
    first = f"coalesce({', '.join(_filled(cell) for cell in cells)})"
    gap = " OR ".join(f"{_filled(cell)} IS NULL" for cell in cells)
    kinds = [
        (f"{first} IS NULL", "'blank'"),
        (f"{_plain(first)} IN ({quoted_texts(TOTAL_WORDS)}) AND ({gap})", "'total'"),
    ]
    suspect = "c1 IS NULL OR NOT c1[-1] BETWEEN '0' AND '9'"
    if source.written:
        pairs = zip(cells, source.written, strict=True)
        same = " AND ".join(
            f"{_filled(cell)} IS NOT DISTINCT FROM {_filled(quoted_text(header))}" for cell, header in pairs
        )
        kinds.append((same, "'repeated_header'"))
        suspect += f" OR c1 = {quoted_text(source.written[0])}"
    return case_when((suspect, case_when(*kinds)))


def _filled(cell: str) -> str:
    return f"nullif(trim({cell}, {quoted_text(BLANKS)}), '')"


def _plain(text: str) -> str:
    """A text without blanks and colons, in lower case."""
    return f"lower(translate({text}, {quoted_text(BLANKS + ':：')}, ''))"
