"""One file's proposal: the table it fits, its columns, its survey items, and the questions that remain."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from workbench.load.mapping.header_dictionary import SURE
from workbench.load.mapping.source_mapping import Attribute, SourceMapping, Suggestion
from workbench.load.questions import Question
from workbench.load.reading.header import clean_header
from workbench.load.suggesting.column_candidates import Candidate, TableFit, fit_table
from workbench.load.suggesting.column_shapes import ColumnShape, RowSample
from workbench.load.suggesting.format_questions import (
    ask_cancelled_lines,
    ask_date_order,
    ask_decimal_comma,
    ask_stand_ins,
)
from workbench.load.suggesting.proposal_draft import ProposalDraft
from workbench.load.suggesting.sales_questions import (
    ask_amount,
    ask_customer,
    ask_meanings,
    ask_refunded,
    ask_returns,
    find_currency,
    find_profit,
)
from workbench.load.suggesting.serial_days import ask_serial_days
from workbench.load.suggesting.survey_items import ItemProposal, find_items
from workbench.load.suggesting.zoned_days import ask_time_zone
from workbench.schema import TABLES, Type

LEAST_SCORE = 0.45
CLEAR_LEAD = 1.4
"""The best table is sure where it scores this many times the second."""

ITEM_SCORE = 0.5
MOST_SCORED_ITEMS = 8
LONG_SURVEY_COLUMNS = ("item", "score", "kind", "scale_low", "scale_high")
ASKED_WHERE_RIVALS = ("customer_id", "order_id", "day", "amount", "quantity", "unit_price")
"""Columns where the choice between two headers changes the figures: it is asked about."""


@dataclass(frozen=True)
class FileProposal:
    """What one file is proposed to be. `source` is None where no table fits."""

    sample: RowSample
    shapes: Mapping[str, ColumnShape]
    source: SourceMapping | None
    questions: tuple[Question, ...] = ()


def propose_file(sample: RowSample, shapes: Mapping[str, ColumnShape], table: str | None = None) -> FileProposal:
    """Propose a table (or fill the one given), its columns, items and formats; ask what the file does not say."""
    draft = ProposalDraft(sample, shapes)
    ranked = sorted(_fits_with_items(sample, shapes, table), key=lambda fit_and_items: -_score(*fit_and_items))
    scores = [_score(*fit_and_items) for fit_and_items in ranked]
    table_fit, items = ranked[0]
    if table is None and scores[0] < LEAST_SCORE:
        draft.ask("which_table", dict.fromkeys(TABLES, ()))
        return FileProposal(sample, shapes, None, tuple(draft.questions))
    if table is None and scores[0] < CLEAR_LEAD * scores[1]:
        near = [fit for (fit, _), score in zip(ranked, scores, strict=True) if scores[0] < CLEAR_LEAD * score]
        choices = {fit.table.name: tuple(candidate.header for candidate in fit.chosen.values()) for fit in near}
        draft.ask("which_table", choices, suggested=table_fit.table.name)
    source = _source_mapping(draft, table_fit, items)
    return FileProposal(sample, shapes, replace(source, suggestions=tuple(draft.suggestions)), tuple(draft.questions))


def with_attributes(sample: RowSample, source: SourceMapping) -> SourceMapping:
    """Keep every column the mapping does not use as an attribute under its own header, none of them published."""
    used = {*source.columns, *source.items, *source.ignore}
    taken = set(TABLES[source.table].names)
    attributes: dict[str, Attribute] = {}
    for header in sample.header:
        if header not in used:
            name = clean_header(header)
            while name.lower() in taken:
                name += "_"
            taken.add(name.lower())
            attributes[header] = Attribute(name)
    return replace(source, attributes=attributes)


def _fits_with_items(
    sample: RowSample, shapes: Mapping[str, ColumnShape], table: str | None
) -> list[tuple[TableFit, list[ItemProposal]]]:
    """Every table's fit; a survey without a column of item names is wide, and its ratings are items."""
    fits = []
    for name in [table] if table else TABLES:
        fit = fit_table(TABLES[name], shapes, sample.file)
        items: list[ItemProposal] = []
        if name == "surveys" and not {"item", "score"} <= set(fit.chosen):
            wide = {column: candidate for column, candidate in fit.chosen.items() if column not in LONG_SURVEY_COLUMNS}
            fit = replace(fit, chosen=wide)
            items = find_items(shapes, [candidate.header for candidate in wide.values()])
        fits.append((fit, items))
    return fits


def _score(table_fit: TableFit, items: Sequence[ItemProposal]) -> float:
    """A table's score; a survey's grows with its items, whose headers say more where the dictionary knows them."""
    known_items = sum(item.known_as is not None for item in items)
    return table_fit.score * (2 if items else 1) + ITEM_SCORE * min(len(items) + known_items, MOST_SCORED_ITEMS)


def _source_mapping(draft: ProposalDraft, table_fit: TableFit, items: Sequence[ItemProposal]) -> SourceMapping:
    columns = {}
    for header in draft.sample.header:
        candidate = next((chosen for chosen in table_fit.chosen.values() if chosen.header == header), None)
        if candidate and (candidate.confidence >= SURE or _is_needed(table_fit, candidate)):
            columns[header] = candidate.column.name
            draft.suggestions.append(_suggestion(draft, table_fit, candidate))
        elif header in table_fit.misfits:
            draft.suggestions.append(_misfit(table_fit, table_fit.misfits[header]))
    source = SourceMapping(
        files=(draft.sample.file,),
        table=table_fit.table.name,
        sheet=draft.sample.sheet,
        layout=("wide" if items else "long") if table_fit.table.name == "surveys" else None,
        columns=columns,
        items={item.header: item.item for item in items},
    )
    source = _with_items(draft, source, items)
    _ask_for_lacking(draft, source)
    for ask in (
        *(ask_date_order, ask_serial_days, ask_time_zone, ask_decimal_comma, ask_cancelled_lines, ask_stand_ins),
        *(ask_customer, ask_amount, ask_meanings, ask_refunded),
        *(ask_returns, find_currency, find_profit),
    ):
        source = ask(draft, source)
    return with_attributes(draft.sample, source)


def _is_needed(table_fit: TableFit, candidate: Candidate) -> bool:
    """True for columns a table cannot do without: a weak likeness to another is not worth a question."""
    groups = {name for group in table_fit.table.one_of for name in group}
    return candidate.column.required or candidate.column.name in groups


def _suggestion(draft: ProposalDraft, table_fit: TableFit, candidate: Candidate) -> Suggestion:
    """Why this header is this column; a weak likeness and a rival for a column that counts are asked about."""
    column, header = candidate.column.name, candidate.header
    chosen = {one.header for one in table_fit.chosen.values()}
    rivals = [one.header for one in table_fit.rivals.get(column, ()) if one.header not in chosen]
    question_facts = {"table": table_fit.table.name, "column": column, "suggested": header}
    sure = candidate.confidence >= SURE
    if rivals and column in ASKED_WHERE_RIVALS:
        draft.ask("two_candidates", draft.examples([header, *rivals]), **question_facts)
        sure = False
    elif not sure:
        draft.ask("is_this_it", draft.examples([header]), **question_facts)
    facts = {"header": header, "table": table_fit.table.name, "column": column, "known_as": candidate.meaning.known_as}
    return Suggestion(header, column, candidate.meaning.how, round(candidate.confidence, 2), sure, facts)


def _misfit(table_fit: TableFit, candidate: Candidate) -> Suggestion:
    facts = {"header": candidate.header, "table": table_fit.table.name, "column": candidate.column.name}
    return Suggestion(candidate.header, None, "values_do_not_fit", round(candidate.confidence, 2), True, facts)


def _with_items(draft: ProposalDraft, source: SourceMapping, items: Sequence[ItemProposal]) -> SourceMapping:
    """Add the survey's items; a family that was only recognised by its values, and every stand-in, is asked about."""
    guessed = [item for item in items if item.known_as is None]
    for item in items:
        facts = {"header": item.header, "low": item.item.low, "high": item.item.high, "known_as": item.known_as or ""}
        reason, confidence = ("item_header", 0.9) if item.known_as else ("item_family", 0.6)
        sure = item.known_as is not None and not item.no_answers
        draft.suggestions.append(Suggestion(item.header, f"item:{item.item.kind}", reason, confidence, sure, facts))
    if guessed:
        headers = [item.header for item in guessed]
        draft.ask("survey_items", {"yes": tuple(headers), "no": ()}, items=headers, suggested="yes")
    groups: dict[tuple[float | None, float | None, tuple[str, ...]], list[str]] = {}
    for item in items:
        if item.no_answers:
            groups.setdefault((item.item.low, item.item.high, item.no_answers), []).append(item.header)
    for (low, high, values), headers in groups.items():
        choices: dict[str, tuple[str, ...]] = {"missing": (), "valid": ()}
        draft.ask("no_answers", choices, items=headers, low=low, high=high, values=list(values), suggested="missing")
    return replace(source, missing={item.header: item.no_answers for item in items if item.no_answers})


def _ask_for_lacking(draft: ProposalDraft, source: SourceMapping) -> None:
    """Ask for each column the table cannot do without, with the headers that could hold it."""
    free = {header: shape for header, shape in draft.shapes.items() if header not in source.headers}
    for column in source.lacking():
        names = [part for group in column.split(" / ") for part in group.split(" + ")]
        types = {TABLES[source.table].column(name).type for name in names}
        possible = [header for header, shape in free.items() if _could_hold(shape, types)]
        draft.ask("which_column", draft.examples(possible), table=source.table, column=column)


def _could_hold(shape: ColumnShape, types: set[Type]) -> bool:
    """True where most values are of one of these types; an id is what is neither a day nor repeats much."""
    if types & {"date", "timestamp"}:
        return shape.share(max(shape.dates + shape.ambiguous_dates, shape.serials)) > 0.5
    if types & {"money", "price", "number"}:
        return shape.share(shape.numbers) > 0.5
    return shape.distinct > 0.5 * shape.filled and not shape.dates + shape.emails
