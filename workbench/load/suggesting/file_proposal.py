"""One file's proposal: the table it fits, its columns, its survey items, and the questions that remain."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from workbench.load.mapping.header_dictionary import SURE
from workbench.load.mapping.source_mapping import Attribute, SourceMapping, Suggestion
from workbench.load.questions import Question
from workbench.load.reading.header import clean_header
from workbench.load.suggesting.column_candidates import Candidate, Fit, fit
from workbench.load.suggesting.column_shapes import Sample, Shape
from workbench.load.suggesting.format_questions import cancelled_lines, date_order, decimal_comma, stand_ins
from workbench.load.suggesting.proposal_draft import Draft
from workbench.load.suggesting.survey_items import ItemProposal, find_items
from workbench.schema import TABLES

LEAST_SCORE = 0.45
CLEARLY = 1.4
"""The best table is sure where it scores this many times the second."""

ITEM_SCORE = 0.5
MOST_SCORED_ITEMS = 8
LONG_COLUMNS = ("item", "score", "kind", "scale_low", "scale_high")
WEIGHED = ("customer_id", "order_id", "day", "amount", "quantity", "unit_price")
"""Columns where the choice between two headers changes the figures: it is asked about."""


@dataclass(frozen=True)
class Proposal:
    """What one file is proposed to be. `source` is None where no table fits."""

    sample: Sample
    judged: Mapping[str, Shape]
    source: SourceMapping | None
    questions: tuple[Question, ...] = ()


def propose(sample: Sample, judged: Mapping[str, Shape], table: str | None = None) -> Proposal:
    """Propose a table (or fill the one given), its columns, items and formats; ask about what the file does not say."""
    draft = Draft(sample, judged)
    ranked = sorted(_fits(sample, judged, table), key=lambda one: -_score(*one))
    scores = [_score(*one) for one in ranked]
    found, items = ranked[0]
    if table is None and scores[0] < LEAST_SCORE:
        draft.ask("which_table", dict.fromkeys(TABLES, ()))
        return Proposal(sample, judged, None, tuple(draft.questions))
    if table is None and scores[0] < CLEARLY * scores[1]:
        near = [one for (one, _), score in zip(ranked, scores, strict=True) if scores[0] < CLEARLY * score]
        choices = {one.table.name: tuple(candidate.header for candidate in one.chosen.values()) for one in near}
        draft.ask("which_table", choices, suggested=found.table.name)
    source = _source(draft, found, items)
    return Proposal(sample, judged, replace(source, suggestions=tuple(draft.suggestions)), tuple(draft.questions))


def with_attributes(sample: Sample, source: SourceMapping) -> SourceMapping:
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


def _fits(sample: Sample, judged: Mapping[str, Shape], table: str | None) -> list[tuple[Fit, list[ItemProposal]]]:
    """Every table's fit; a survey without a column of item names is wide, and its ratings are items."""
    found = []
    for name in [table] if table else TABLES:
        one = fit(TABLES[name], judged, sample.file)
        items: list[ItemProposal] = []
        if name == "surveys" and not {"item", "score"} <= set(one.chosen):
            wide = {column: candidate for column, candidate in one.chosen.items() if column not in LONG_COLUMNS}
            one = replace(one, chosen=wide)
            items = find_items(judged, [candidate.header for candidate in wide.values()])
        found.append((one, items))
    return found


def _score(found: Fit, items: Sequence[ItemProposal]) -> float:
    """A table's score; a survey's grows with its items, whose headers say more where the dictionary knows them."""
    known = sum(item.known_as is not None for item in items)
    return found.score * (2 if items else 1) + ITEM_SCORE * min(len(items) + known, MOST_SCORED_ITEMS)


def _source(draft: Draft, found: Fit, items: Sequence[ItemProposal]) -> SourceMapping:
    columns = {}
    for header in draft.sample.header:
        candidate = next((one for one in found.chosen.values() if one.header == header), None)
        if candidate and (candidate.confidence >= SURE or _matters(found, candidate)):
            columns[header] = candidate.column.name
            draft.suggestions.append(_suggestion(draft, found, candidate))
        elif header in found.misfits:
            draft.suggestions.append(_misfit(found, found.misfits[header]))
    source = SourceMapping(
        files=(draft.sample.file,),
        table=found.table.name,
        sheet=draft.sample.sheet,
        layout=("wide" if items else "long") if found.table.name == "surveys" else None,
        columns=columns,
        items={item.header: item.item for item in items},
    )
    source = _with_items(draft, source, items)
    _ask_for_lacking(draft, source)
    for detail in (date_order, decimal_comma, cancelled_lines, stand_ins):
        source = detail(draft, source)
    return with_attributes(draft.sample, source)


def _matters(found: Fit, candidate: Candidate) -> bool:
    """True for columns a table cannot do without: a weak likeness to another is not worth a question."""
    groups = {name for group in found.table.one_of for name in group}
    return candidate.column.required or candidate.column.name in groups


def _suggestion(draft: Draft, found: Fit, candidate: Candidate) -> Suggestion:
    """Why this header is this column; a weak likeness and a rival for a column that counts are asked about."""
    column, header = candidate.column.name, candidate.header
    chosen = {one.header for one in found.chosen.values()}
    rivals = [one.header for one in found.rivals.get(column, ()) if one.header not in chosen]
    asked = {"table": found.table.name, "column": column, "suggested": header}
    sure = candidate.confidence >= SURE
    if rivals and column in WEIGHED:
        draft.ask("two_candidates", draft.examples([header, *rivals]), **asked)
        sure = False
    elif not sure:
        draft.ask("is_this_it", draft.examples([header]), **asked)
    facts = {"header": header, "table": found.table.name, "column": column, "known_as": candidate.meaning.known_as}
    return Suggestion(header, column, candidate.meaning.how, round(candidate.confidence, 2), sure, facts)


def _misfit(found: Fit, candidate: Candidate) -> Suggestion:
    facts = {"header": candidate.header, "table": found.table.name, "column": candidate.column.name}
    return Suggestion(candidate.header, None, "values_do_not_fit", round(candidate.confidence, 2), True, facts)


def _with_items(draft: Draft, source: SourceMapping, items: Sequence[ItemProposal]) -> SourceMapping:
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


def _ask_for_lacking(draft: Draft, source: SourceMapping) -> None:
    """Ask for each column the table cannot do without, with the headers that could hold it."""
    free = {header: shape for header, shape in draft.judged.items() if header not in source.headers}
    for column in source.lacking():
        names = [part for group in column.split(" / ") for part in group.split(" + ")]
        kinds = {TABLES[source.table].column(name).type for name in names}
        if kinds & {"date", "timestamp"}:
            could = [header for header, shape in free.items() if shape.share(shape.dates + shape.ambiguous_dates) > 0.5]
        elif kinds & {"money", "price", "number"}:
            could = [header for header, shape in free.items() if shape.share(shape.numbers) > 0.5]
        else:
            could = [
                header
                for header, shape in free.items()
                if shape.distinct > 0.5 * shape.filled and not shape.dates + shape.emails
            ]
        draft.ask("which_column", draft.examples(could), table=source.table, column=column)
