"""A result of code as people read it: headings in words above the names that code uses, numbers without noise."""

from __future__ import annotations

from typing import Any

import pandas as pd

from workbench.i18n import catalog, t
from workbench.panels.columns import column_kind, column_texts
from workbench.panels.table import Field
from workbench.visible_text import html_text

MOST_ROWS = 30
LABELLED_DIGITS = 4
"""Of a float that no catalog knows the unit of."""
WORDS_OF_VALUES = {"reason": "load.reject_", "table": "tables."}
"""Where the words of values stand that are keys and which no exercise asks for: how a key of the catalogs begins."""


class LabelledTable:
    """What `labelled` returns: as HTML in a notebook, as text in a terminal."""

    def __init__(self, rows: pd.DataFrame, lang: str) -> None:
        self.rows, self.lang = rows, lang

    def __repr__(self) -> str:
        return repr(self.rows)

    def _repr_html_(self) -> str:
        shown = self.rows.head(MOST_ROWS)
        columns = [_column(shown[name], str(name), self.lang) for name in shown.columns]
        heads = "".join(_head(str(name), self.lang) for name in shown.columns)
        body = "".join(f"<tr>{''.join(cells)}</tr>" for cells in zip(*columns, strict=True))
        left_out = len(self.rows) - len(shown)
        more = (
            f'<p class="wb-note">{html_text(t("lessons.more_rows", self.lang, count=left_out))}</p>' if left_out else ""
        )
        table = f'<table class="wb-table"><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>'
        return f'<div class="wb-result"><div class="wb-scroll">{table}</div>{more}</div>'


def labelled(rows: pd.DataFrame, lang: str) -> LabelledTable:
    """Return rows to be shown in a notebook in the reader's language; the rows themselves stay as they are.

    A heading says the column in words and, below, the name by which code finds it; a column that no catalog knows has
    its name alone. Amounts and counts are whole, shares in per cent, days without the time. Of a long table the first
    30 rows are shown, and how many follow. An index with a name is a column.
    """
    return LabelledTable(rows.reset_index() if any(rows.index.names) else rows, lang)


def _head(name: str, lang: str) -> str:
    words = Field(name).heading(lang) if column_texts(name) else ""
    code = f"<code>{html_text(name)}</code>"
    kind = column_kind(name)
    return (
        f'<th scope="col" class="wb-{kind}">{html_text(words)}<br>{code}</th>'
        if words
        else f'<th scope="col" class="wb-unnamed">{code}</th>'
    )


def _column(values: pd.Series, name: str, lang: str) -> list[str]:
    kind = column_kind(name)
    if kind in ("text", "badge"):
        words = [_plain(value, lang, WORDS_OF_VALUES.get(name, "")) for value in values]
        kind = "count" if pd.api.types.is_any_real_numeric_dtype(values) else "text"
    else:
        words = Field(name, kind).column([*values], lang, is_part=True)
    return [f'<td class="wb-{kind}">{html_text(said)}</td>' for said in words]


def _plain(value: Any, lang: str, words: str) -> str:
    """Write a value of which only its type is known: yes and no in words, days as days, floats to four digits."""
    if isinstance(value, (list, dict)):
        return str(value)
    if pd.isna(value):
        return "—"
    if pd.api.types.is_bool(value):
        return t(f"panels.values.{'yes' if value else 'no'}", lang)
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    if pd.api.types.is_float(value):
        return f"{float(value):,.0f}" if abs(value) >= 10**LABELLED_DIGITS else f"{float(value):.{LABELLED_DIGITS}g}"
    return t(f"{words}{value}", lang) if words and f"{words}{value}" in catalog() else str(value)
