"""A table as a CSV file that Excel opens with the right characters and runs nothing of."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from typing import Any

import pandas as pd

from workbench.export.about import about_lines
from workbench.export.cells import Target, deliver, disarmed, header_words, known, plain


def write_csv(
    target: Target,
    frame: pd.DataFrame,
    *,
    headers: Mapping[str, str] | None = None,
    notes: Mapping[str, object] | None = None,
    lang: str = "en",
) -> None:
    """Write a table as CSV that Excel opens with the right characters (UTF-8 with its mark) and runs nothing of.

    Text a spreadsheet might run gets an apostrophe in front; text is quoted; numbers stay numbers, days are
    `2025-12-31`, what is missing is empty. `headers` says what to call columns. `notes` stand before the table, each in
    a line that begins with `#`: `pandas.read_csv(…, comment="#")` reads the table alone. The frame is not changed.
    """
    text = io.StringIO(newline="")
    text.writelines(f"{line}\r\n" for line in about_lines(notes or {}, lang))
    writer = csv.writer(text, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    writer.writerow([disarmed(header_words(column, headers)) for column in frame.columns])
    writer.writerows([_value(value) for value in row] for row in frame.itertuples(index=False, name=None))
    deliver(target, text.getvalue().encode("utf-8-sig", "replace"))


def _value(value: Any) -> object:
    value = known(value)
    if value is None:
        return None
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, (int, float)):
        return value
    return disarmed(plain(value))
