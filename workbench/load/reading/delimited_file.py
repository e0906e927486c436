"""A delimited text file as a text table: decoded where it must be, read where it lies where it can be."""

from __future__ import annotations

import codecs
import re
from dataclasses import replace
from pathlib import Path

from workbench.errors import LoadError
from workbench.load.reading.byte_scan import Look, look
from workbench.load.reading.encoding import BOMS, Encoding, identify, to_utf8
from workbench.load.reading.read_job import Task
from workbench.load.reading.records import BLANKS, Splitter, lines_of
from workbench.load.reading.text_layout import Layout, find_layout, split_file
from workbench.load.reading.text_table import TextTable, as_sample, csv_cells, numbered_cells

SAMPLED_ROWS = 200
WEB_PAGE = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype html|html|table|\?xml)", re.IGNORECASE)
"""What many systems call an Excel export is a web page, or Excel's XML of 2003."""


def read_delimited(path: Path, task: Task) -> TextTable:
    """Read delimited text. A regular UTF-8 file is left to DuckDB as it is; others are decoded or split first."""
    seen = look(path, task.meter("look", path.stat().st_size))
    if WEB_PAGE.match(seen.start):
        raise LoadError("web_page", file=task.name)
    encoding = _declared(task.hints.encoding, seen, task) if task.hints.encoding else identify(path, seen)
    readable, counts = path, seen
    if encoding.name != "utf-8" or encoding.damaged:
        readable = task.folder / "decoded.csv"
        to_utf8(path, readable, encoding, task.meter("decode", seen.size))
        counts = look(readable)
    elif not seen.utf8:
        raise LoadError("wrong_encoding", file=task.name, encoding=encoding.name)
    text = _sample_text(counts)
    layout = find_layout(text, delimiter=task.hints.delimiter, header_line=task.hints.header_row)
    if not layout.names:
        raise LoadError("empty_file", file=task.name)
    table = _as_table(readable, layout, counts, encoding, task)
    questions = () if encoding.sure else (encoding.question(task.name, seen.start),)
    return replace(table, sha256=seen.sha256, size=seen.size, questions=questions, sample=_sample_rows(text, layout))


def _declared(name: str, seen: Look, task: Task) -> Encoding:
    """The encoding the mapping names, under Python's name for it; gb18030 stands for gbk and gb2312, its subsets."""
    try:
        known = codecs.lookup(name).name
    except LookupError as unknown:
        raise LoadError("unknown_encoding", file=task.name, encoding=name) from unknown
    known = {"utf-8-sig": "utf-8", "gbk": "gb18030", "gb2312": "gb18030"}.get(known, known)
    marks = {encoding: len(mark) for mark, encoding in BOMS if seen.start.startswith(mark)}
    return Encoding(known, bom=marks.get(known, 0))


def _as_table(path: Path, layout: Layout, seen: Look, encoding: Encoding, task: Task) -> TextTable:
    """Take the file for regular if nothing speaks against it yet; otherwise split it record by record now."""
    width = len(layout.names)

    def split(table: TextTable) -> TextTable:
        target = task.folder / "records.csv"
        done = split_file(path, target, layout, damaged=encoding.damaged)
        return replace(
            table, cells_sql=numbered_cells(target, width), numbered=True, expected_rows=done.written,
            blank=layout.blank_above + done.blank, rejects=tuple(done.rejects), split=None,
        )  # fmt: skip

    table = TextTable(
        file=task.name, sheet=None, sha256=seen.sha256, names=layout.names, written=layout.written,
        first_line=layout.first_line,
        header_line=layout.header_line, encoding=encoding.name, delimiter=layout.delimiter, titles=layout.titles,
        cells_sql=csv_cells(path, width, delimiter=layout.delimiter, skip=layout.first_line - 1), numbered=False,
        expected_rows=max(seen.lines - seen.blank_end - (layout.first_line - 1), 0),
        blank=layout.blank_above + seen.blank_end, split=split,
    )  # fmt: skip
    regular = seen.plain_line_ends and not seen.nuls and not encoding.damaged
    return table if regular and layout.delimiter != BLANKS and width > 1 else split(table)


def _sample_text(seen: Look) -> str:
    """The beginning of the file as text, up to its last whole line."""
    text = seen.start.removeprefix(codecs.BOM_UTF8).decode("utf-8", "ignore")
    if seen.size > len(seen.start):
        text = text[: max(text.rfind("\n"), text.rfind("\r")) + 1] or text
    return text


def _sample_rows(text: str, layout: Layout) -> tuple[tuple[str | None, ...], ...]:
    """The first rows of data in the sample that are as wide as the table."""
    below = lines_of(text)[layout.first_line - 1 :][: 2 * SAMPLED_ROWS]
    records = Splitter(layout.delimiter, width=len(layout.names)).records(below)
    return as_sample([record.cells for record in records if record.cells is not None][:SAMPLED_ROWS])
