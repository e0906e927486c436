"""Answers that a mapping leaves out: previews and unfinished ones, and those that took too short a time."""

from __future__ import annotations

from collections.abc import Iterator

from workbench.load.cleaning.durations import seconds_sql
from workbench.load.cleaning.sql_expressions import BLANKS, is_one_of, trimmed
from workbench.load.mapping.source_mapping import SourceMapping
from workbench.load.reading.header import clean_header
from workbench.load.reading.text_table import TextTable


def left_out_rows(source: TextTable, mapping: SourceMapping) -> Iterator[tuple[str, str]]:
    """Give each condition under which a row is no data, with the kind it then is: 'left_out' or 'too_fast'."""
    for header, words in mapping.leave_out.items():
        text = source.column(clean_header(header))
        listed = is_one_of(trimmed(text), [word.strip(BLANKS).lower() for word in words])
        yield f"({listed} OR {text} IS NULL)" if "" in words else listed, "'left_out'"
    for header, seconds in mapping.least_seconds.items():
        yield f"{seconds_sql(source.column(clean_header(header)))} < {seconds}", "'too_fast'"
