"""Columns that no cell holds: one text for a whole file, or a part of its name (a year, a wave, a shop)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from workbench.errors import LoadError
from workbench.load.cleaning.file_days import day_in_name
from workbench.load.reading.source_names import stem
from workbench.schema import Type


@dataclass(frozen=True)
class FixedColumn:
    """What stands in every row: `constant` as it is, or what the pattern `file_name` finds in the file's name.

    A pattern is a regular expression; where it has a group, that counts, else all that it finds.
    """

    constant: str | None = None
    file_name: str | None = None


def fixed_text(fixed: FixedColumn, file: str, *, kind: Type) -> str:
    """Return the text that stands in every row of a file; LoadError where its name does not fit the pattern.

    For a day a month in a name is its last day: a file of February speaks of nothing later.

    >>> fixed_text(FixedColumn(file_name="_(.+)$"), "data/订单_上海店.csv", kind="text")
    '上海店'
    >>> fixed_text(FixedColumn(file_name=r"\\d{4}-\\d\\d"), "问卷 2024-02.csv", kind="date")
    '2024-02-29'
    """
    if fixed.constant is not None:
        return fixed.constant
    where = re.search(fixed.file_name or "", stem(file))
    text = "" if where is None else (where[1] if where.re.groups else where[0]) or ""
    if not text:
        raise LoadError("name_does_not_fit", file=file, pattern=fixed.file_name)
    day = day_in_name(text) if kind in ("date", "timestamp") else None
    return str(day) if day else text
