"""A delimited text file as a text table: decoded where it must be, read where it lies where it can be."""

from __future__ import annotations

import codecs
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from workbench.errors import LoadError
from workbench.load.reading.byte_scan import ByteScan, scan_bytes
from workbench.load.reading.encoding import (
    BOMS,
    BY_LINE,
    Encoding,
    detect_encoding,
    to_utf8,
    two_encodings,
    utf8_and_gb18030,
)
from workbench.load.reading.foreign_formats import refuse_foreign_format
from workbench.load.reading.read_job import ReadJob
from workbench.load.reading.records import RUN_OF_BLANKS, Splitter, lines_of
from workbench.load.reading.text_layout import TextLayout, find_layout, split_file
from workbench.load.reading.text_table import (
    SAMPLED_ROWS,
    TextTable,
    as_sample,
    csv_cells,
    numbered_cells,
    without_marks,
)

TEXT_MARK, MARKED_SHARE = "`", 0.9


def read_delimited(path: Path, job: ReadJob) -> TextTable:
    """Read delimited text. A regular UTF-8 file is left to DuckDB as it is; others are decoded or split first."""
    scan = scan_bytes(path, job.name, job.meter("look", path.stat().st_size))
    refuse_foreign_format(job.name, scan.start)
    declared = job.hints.encoding
    encoding = _declared_encoding(path, declared, scan, job) if declared else detect_encoding(path, scan)
    utf8_path, utf8_scan = path, scan
    if encoding.name != "utf-8" or encoding.damaged:
        utf8_path = job.folder / "decoded.csv"
        to_utf8(path, utf8_path, encoding, job.meter("decode", scan.size))
        utf8_scan = scan_bytes(utf8_path, job.name)
    elif not scan.utf8:
        raise LoadError("wrong_encoding", file=job.name, encoding=encoding.name)
    text = _sample_text(utf8_scan)
    layout = find_layout(
        text, file=job.name, delimiter=job.hints.delimiter, header_line=job.hints.header_row, mapped=job.hints.mapped
    )
    if not layout.names:
        raise LoadError("empty_file", file=job.name)
    sample = _sample_rows(text, layout)
    table = _as_table(utf8_path, layout, utf8_scan, encoding, job, is_marked=_is_marked(sample))
    questions = () if encoding.sure else (encoding.question(job.name),)
    return replace(
        table, sha256=scan.sha256, size=scan.size, questions=questions, problems=encoding.problems(job.name),
        sample=tuple(tuple((cell or "").removeprefix(TEXT_MARK) or None for cell in row) for row in sample)
        if _is_marked(sample) else sample,
    )  # fmt: skip


def _declared_encoding(path: Path, name: str, scan: ByteScan, job: ReadJob) -> Encoding:
    """The encoding the mapping names, under Python's name for it; gb18030 stands for gbk and gb2312, its subsets.

    What is declared as GB18030 and holds lines of UTF-8 is read line by line all the same.
    """
    is_by_line, other = name.startswith(BY_LINE), name.removeprefix(BY_LINE)
    try:
        python_name = codecs.lookup(other).name
    except LookupError as unknown:
        raise LoadError("unknown_encoding", file=job.name, encoding=other) from unknown
    python_name = {"utf-8-sig": "utf-8", "gbk": "gb18030", "gb2312": "gb18030"}.get(python_name, python_name)
    if python_name == "gb18030" and not scan.utf8 and (parts := two_encodings(path)):
        if by_line := utf8_and_gb18030(parts):
            return by_line
        raise LoadError("wrong_encoding", file=job.name, encoding=name)
    if is_by_line:
        return Encoding("utf-8") if scan.utf8 else Encoding(BY_LINE + python_name, damaged=True)
    marks = {encoding: len(mark) for mark, encoding in BOMS if scan.start.startswith(mark)}
    return Encoding(python_name, bom=marks.get(python_name, 0))


def _is_marked(sample: Sequence[Sequence[str | None]]) -> bool:
    """Say whether a platform wrote a backtick before every cell, so that no spreadsheet takes it for a number."""
    filled = [cell for row in sample for cell in row if cell]
    return bool(filled) and sum(cell.startswith(TEXT_MARK) for cell in filled) >= MARKED_SHARE * len(filled)


def _as_table(
    path: Path, layout: TextLayout, scan: ByteScan, encoding: Encoding, job: ReadJob, *, is_marked: bool
) -> TextTable:
    """Take the file for regular if nothing speaks against it yet; otherwise split it record by record now."""
    width = len(layout.names)

    def cells(cells_sql: str, *, numbered: bool) -> str:
        return without_marks(cells_sql, width, TEXT_MARK, numbered=numbered) if is_marked else cells_sql

    def split(table: TextTable) -> TextTable:
        target = job.folder / "records.csv"
        outcome = split_file(path, target, layout, damaged=encoding.damaged)
        return replace(
            table, cells_sql=cells(numbered_cells(target, width), numbered=True), numbered=True,
            expected_rows=outcome.written,
            blank=layout.blank_above + outcome.blank, rejects=tuple(outcome.rejects), split=None,
        )  # fmt: skip

    table = TextTable(
        file=job.name, sheet=None, sha256=scan.sha256, names=layout.names, written=layout.written,
        first_line=layout.first_line,
        header_line=layout.header_line, encoding=encoding.name, delimiter=layout.delimiter, titles=layout.titles,
        cells_sql=cells(
            csv_cells(path, width, delimiter=layout.delimiter, skip=layout.first_line - 1), numbered=False
        ),
        numbered=False, title_texts=layout.title_texts,
        expected_rows=max(scan.lines - scan.blank_end - (layout.first_line - 1), 0),
        blank=layout.blank_above + scan.blank_end, split=split,
    )  # fmt: skip
    regular = scan.plain_line_ends and not scan.nuls and not encoding.damaged
    return table if regular and layout.delimiter != RUN_OF_BLANKS and width > 1 else split(table)


def _sample_text(scan: ByteScan) -> str:
    """The beginning of the file as text, up to its last whole line."""
    text = scan.start.removeprefix(codecs.BOM_UTF8).decode("utf-8", "ignore")
    if scan.size > len(scan.start):
        text = text[: max(text.rfind("\n"), text.rfind("\r")) + 1] or text
    return text


def _sample_rows(text: str, layout: TextLayout) -> tuple[tuple[str | None, ...], ...]:
    """The first rows of data in the sample that are as wide as the table."""
    below = lines_of(text)[layout.first_line - 1 :][: 2 * SAMPLED_ROWS]
    records = Splitter(layout.delimiter, width=len(layout.names)).records(below)
    return as_sample([record.cells for record in records if record.cells is not None][:SAMPLED_ROWS])
