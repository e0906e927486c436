"""Suggest a mapping from a look at the files: which table, which columns, how sure, and what the analyst must decide.

Evidence is the header dictionary, the shape of the values (judged by the cleaning rules themselves), the file's name
and, across files, ids that occur in a file of customers too. What is not sure becomes a question and is never assumed:
`mapping.questions` (`load.question.<key>`); `source.suggestions` say for each header why (`load.reason_<reason>`).
"""

from __future__ import annotations

import re
from collections import abc
from collections.abc import Sequence
from dataclasses import replace
from glob import escape
from pathlib import PurePath
from typing import cast

import duckdb

from workbench.errors import LoadError
from workbench.load.mapping.company_mapping import Mapping
from workbench.load.questions import Question
from workbench.load.reading.header import clean_header
from workbench.load.reading.read import read_origin
from workbench.load.reading.read_job import ReadHints
from workbench.load.reading.source_names import last_part
from workbench.load.reading.sources import Origin, Sources, opened_origins
from workbench.load.suggesting.column_shapes import ColumnShape, RowSample, column_shapes
from workbench.load.suggesting.extra_header_rows import without_extra_headers
from workbench.load.suggesting.file_proposal import FileProposal, propose_file
from workbench.load.suggesting.headerless_proposal import has_no_header, propose_by_shape
from workbench.load.suggesting.name_parts import WORD_SIGNS, ask_part_of_name
from workbench.load.suggesting.period_proposal import find_periods, leaving_out, propose_periods
from workbench.load.suggesting.shared_ids import with_shared_ids
from workbench.load.suggesting.total_rows import without_totals
from workbench.store.faults import in_words

ROWS_LOOKED_AT = 5_000
MOST_CELLS_LOOKED_AT = 500_000
FEWEST_ROWS_LOOKED_AT = 200
"""Of a table with very many columns fewer rows are looked at: each column is judged by itself."""

SHORTEST_STEM = 2


@in_words
def suggest_mapping(
    sources: Sources, *, tables: abc.Mapping[str, str] | None = None, encodings: abc.Mapping[str, str] | None = None
) -> Mapping:
    """Look at the first rows of files, folders or tables in memory and suggest how to load them; see `suggest`.

    `encodings` names the encoding of a file, by its name, where the analyst has stated it.
    """
    samples: list[RowSample] = []
    questions: list[Question] = []
    with opened_origins(sources) as origins, duckdb.connect() as con:
        for origin in origins:
            for sample, file_questions in _samples(con, origin, (encodings or {}).get(origin.name)):
                samples.append(sample)
                questions += file_questions
    mapping = suggest(samples, tables=tables)
    return replace(mapping, questions=(*questions, *mapping.questions))


def suggest(samples: Sequence[RowSample], *, tables: abc.Mapping[str, str] | None = None) -> Mapping:
    """Suggest a mapping for samples of files. Files with the same header share one entry.

    Parameters
    ----------
    tables : the table of a file, by its name, where the analyst has stated it; of a sheet by `file [sheet]`.

    Returns a mapping with `questions` for what the samples cannot tell; a file that fits no table has no source.
    """
    proposals = []
    for alike in _with_same_headers(samples):
        sample = without_totals(without_extra_headers(alike[0]))
        table = _stated_table(sample, tables or {})
        shapes = column_shapes(sample)
        proposals.append(_proposal(sample, shapes, table))
    proposals = _beside_sales(proposals, tables or {})
    for place, alike in enumerate(_with_same_headers(samples)):
        proposal = proposals[place]
        if proposal.source is not None:
            files = _patterns([one.file for one in alike], [one.file for one in samples])
            source, question = ask_part_of_name([last_part(one.file) for one in alike], proposal.source)
            asked_for = (*proposal.questions, *([question] if question else []))
            proposals[place] = replace(proposal, source=replace(source, files=files), questions=asked_for)
    proposals = with_shared_ids(proposals)
    sources = tuple(proposal.source for proposal in proposals if proposal.source is not None)
    return Mapping(sources, questions=tuple(question for proposal in proposals for question in proposal.questions))


def _proposal(sample: RowSample, shapes: abc.Mapping[str, ColumnShape], table: str | None) -> FileProposal:
    """Propose one file, by what it is: without a header, with periods as columns, or a list of things."""
    if has_no_header(sample) and table is None:
        return propose_by_shape(sample, shapes)
    periods = find_periods(sample, shapes) if table in (None, "transactions") else None
    if periods is not None and not (periods.fault and table):
        return propose_periods(sample, shapes, periods, is_stated=table is not None)
    return propose_file(sample, shapes, table)


def _beside_sales(proposals: Sequence[FileProposal], tables: abc.Mapping[str, str]) -> list[FileProposal]:
    """Where a file has the sales, take visits without money in others for contacts, and count no sums of months."""
    sources = [one.source for one in proposals if one.source is not None and one.source.table == "transactions"]
    if not any(source.money is None and not source.periods_as_rows for source in sources):
        return [*proposals]
    return [
        _without_sales(one) if one.source is not None and _stated_table(one.sample, tables) is None else one
        for one in proposals
    ]


def _without_sales(proposal: FileProposal) -> FileProposal:
    """A file beside sales, as the sales leave it: visits are contacts, a table of periods repeats them."""
    if proposal.source is not None and proposal.source.periods_as_rows:
        return leaving_out(proposal)
    if proposal.source is not None and proposal.source.money:
        return propose_file(proposal.sample, proposal.shapes, beside_sales=True)
    return proposal


def _stated_table(sample: RowSample, tables: abc.Mapping[str, str]) -> str | None:
    """The table the analyst has stated for a sheet, or for the whole file."""
    return tables.get(f"{sample.file} [{sample.sheet}]", tables.get(sample.file))


def _samples(
    con: duckdb.DuckDBPyConnection, origin: Origin, encoding: str | None
) -> list[tuple[RowSample, Sequence[Question]]]:
    """The first rows of a file, or of each sheet of a workbook with several."""
    try:
        return [_sample(con, origin, ReadHints(encoding=encoding))]
    except LoadError as error:
        if error.key != "choose_sheet":
            raise
        sheets = cast("list[str]", error.facts["sheets"])
        return [_sample(con, origin, ReadHints(sheet=sheet)) for sheet in sheets]


def _sample(con: duckdb.DuckDBPyConnection, origin: Origin, hints: ReadHints) -> tuple[RowSample, Sequence[Question]]:
    with read_origin(origin, hints, first=ROWS_LOOKED_AT) as text:
        regular = text.regular(con)
        cells = ", ".join(f"c{place}" for place in range(1, len(regular.names) + 1))
        limit = min(ROWS_LOOKED_AT, max(FEWEST_ROWS_LOOKED_AT, MOST_CELLS_LOOKED_AT // len(regular.names)))
        rows = con.execute(f"SELECT {cells} FROM {regular.cells_sql} LIMIT {limit}").fetchall()
        columns = zip(*rows, strict=True) if rows else [() for _ in regular.names]
        return RowSample(
            text.file,
            hints.sheet,
            regular.names,
            dict(zip(regular.names, columns, strict=True)),
            text.serials if text.sheet else None,
            titles=text.title_texts,
        ), text.questions


def _with_same_headers(samples: Sequence[RowSample]) -> list[list[RowSample]]:
    """Group the samples whose headers, and sheets, are the same."""
    groups: dict[tuple[str | None, tuple[str, ...]], list[RowSample]] = {}
    for sample in samples:
        groups.setdefault((sample.sheet, tuple(map(clean_header, sample.header))), []).append(sample)
    return list(groups.values())


def _patterns(alike: Sequence[str], all_files: Sequence[str]) -> tuple[str, ...]:
    """The files' names, or one pattern for several that begin alike, where no other file would match it.

    >>> _patterns(["订单2023.csv", "订单2024.csv"], ["订单2023.csv", "订单2024.csv", "客户.csv"])
    ('订单*.csv',)
    """
    names = list(dict.fromkeys(last_part(file) for file in alike))
    begin, ending = _common_start(names), PurePath(names[0]).suffix
    others = [last_part(file) for file in all_files if file not in alike]
    signs = re.escape(WORD_SIGNS)
    before_numbers = re.sub(rf"([{signs}]?)[0-9{signs}]*$", r"\1", begin)  # October follows September
    for stem in dict.fromkeys((before_numbers, begin)):
        alone = len(stem) >= SHORTEST_STEM and not any(one.startswith(stem) and one.endswith(ending) for one in others)
        if len(names) > 1 and alone and all(PurePath(name).suffix == ending for name in names):
            return (f"{escape(stem)}*{escape(ending)}",)
    return tuple(escape(name) for name in names)


def _common_start(names: Sequence[str]) -> str:
    """The letters that all names begin with."""
    letters_by_place = [set(letters) for letters in zip(*names, strict=False)]
    differing = (place for place, letters in enumerate(letters_by_place) if len(letters) > 1)
    return names[0][: next(differing, len(letters_by_place))]
