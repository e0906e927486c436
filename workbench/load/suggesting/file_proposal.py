"""One file's proposal: the table it fits, its columns, its survey items, and the questions that remain."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from workbench.load.mapping.analyst_answers import LEAVE_OUT, NO_AMOUNT
from workbench.load.mapping.header_dictionary import SURE
from workbench.load.mapping.source_mapping import Attribute, SourceMapping, Suggestion
from workbench.load.questions import Question
from workbench.load.reading.header import clean_header
from workbench.load.suggesting.answers_to_leave_out import (
    ask_about_fast,
    ask_about_unfinished,
    ask_other_tickets,
    ask_points_spent,
)
from workbench.load.suggesting.blank_order_columns import ask_blank_order_columns
from workbench.load.suggesting.column_candidates import FITTING_SHARE, Candidate, TableFit, fit_table
from workbench.load.suggesting.column_shapes import ColumnShape, RowSample
from workbench.load.suggesting.days_in_parts import join_day_parts
from workbench.load.suggesting.days_of_periods import ask_periods_of_rows, lacks_year
from workbench.load.suggesting.format_questions import (
    ask_cancelled_lines,
    ask_date_order,
    ask_decimal_comma,
    ask_months,
    ask_stand_ins,
    ask_unit_column,
    ask_units,
)
from workbench.load.suggesting.heading_rows import ask_heading_rows
from workbench.load.suggesting.item_proposal import ItemProposal
from workbench.load.suggesting.price_changes import ask_price_changes
from workbench.load.suggesting.proposal_draft import ProposalDraft
from workbench.load.suggesting.question_texts import asks_for_rating, question_kind
from workbench.load.suggesting.ready_facts import ask_as_of, fit_ready_facts, is_ready_facts
from workbench.load.suggesting.returned_amounts import find_returned_amount
from workbench.load.suggesting.reversed_signs import ask_negative_sales
from workbench.load.suggesting.rows_of_no_sale import ask_negative_pieces, ask_order_rows, ask_reasons
from workbench.load.suggesting.sales_questions import (
    ask_amount,
    ask_cost_of_piece,
    ask_customer,
    ask_meanings,
    ask_paid_out,
    ask_price_of_line,
    ask_refunded,
    ask_returns,
    ask_units_of_goods,
    ask_unpaid,
    find_currency,
    find_profit,
)
from workbench.load.suggesting.serial_days import ask_serial_days
from workbench.load.suggesting.survey_proposal import propose_items, with_items
from workbench.load.suggesting.table_doubts import (
    are_visits,
    doubt_about,
    doubt_about_ratings,
    lists_coupons,
    table_choices,
)
from workbench.load.suggesting.word_items import is_worded
from workbench.load.suggesting.zoned_days import ask_time_zone, ask_zone_column
from workbench.schema import CUSTOMER_FACTS, TABLES, Type

LEAST_SCORE = 0.45
CLEAR_LEAD = 1.4
"""The best table is sure where it scores this many times the second."""

ITEM_SCORE = 0.5
SOME_SCORES = 0.2
"""So much of a column of answers to all kinds of questions must be numbers."""

MOST_SCORED_ITEMS = 8
LONG_SURVEY_COLUMNS = ("item", "score", "kind", "scale_low", "scale_high")
MOST_RIVALS = 8
"""So many amounts to choose from are looked at for what is to be asked of them."""

ASKED_WHERE_RIVALS = ("customer_id", "order_id", "day", "amount", "quantity", "unit_price")
"""Columns where the choice between two headers changes the figures: it is asked about."""


@dataclass(frozen=True)
class FileProposal:
    """What one file is proposed to be. `source` is None where no table fits."""

    sample: RowSample
    shapes: Mapping[str, ColumnShape]
    source: SourceMapping | None
    questions: tuple[Question, ...] = ()


def propose_file(
    sample: RowSample, shapes: Mapping[str, ColumnShape], table: str | None = None, *, beside_sales: bool = False
) -> FileProposal:
    """Propose a table (or fill the one given), its columns, items and formats; ask what the file does not say.

    `beside_sales`: another file of the load has sales with amounts.
    """
    draft = ProposalDraft(sample, shapes)
    ranked = sorted(_fits_with_items(sample, shapes, table), key=lambda fit_and_items: -_score(*fit_and_items))
    scores = [_score(*fit_and_items) for fit_and_items in ranked]
    fits = [fit for fit, _ in ranked]
    table_fit = fits[0]
    has_items = bool(_telling(ranked[0][1]))
    doubt = None
    if table is None:
        doubt = doubt_about(table_fit, fits, shapes, sample=sample, has_items=has_items, beside_sales=beside_sales)
        rated = next((fit for fit, items in ranked if fit.table.name == "surveys" and _rate(items, sample)), None)
        if doubt is None and rated is not None:
            doubt = doubt_about_ratings(table_fit, rated)
    if doubt is not None and doubt.because != "only_ids":
        table_fit = next(fit for fit in fits if fit.table.name == doubt.table)
        draft.ask("which_table", table_choices(fits, shapes), because=doubt.because, suggested=doubt.suggested)
    elif table is None and scores[0] < LEAST_SCORE:
        draft.ask("which_table", table_choices([], shapes), because="unknown")
        return FileProposal(sample, shapes, None, tuple(draft.questions))
    elif doubt is not None or (table is None and scores[0] < CLEAR_LEAD * scores[1]):
        near = [fit for fit, score in zip(fits, scores, strict=True) if scores[0] < CLEAR_LEAD * score]
        because = doubt.because if doubt else "several_fit"
        suggested = table_fit.table.name
        if doubt is not None and lists_coupons(sample.file, shapes):
            because, suggested = "coupons", LEAVE_OUT
        draft.ask("which_table", table_choices(near, shapes), because=because, suggested=suggested)
    if table is None and _needs_day(table_fit) and lacks_year(sample, shapes, _headers(table_fit)):
        choices = table_choices([], shapes)
        choices.pop(table_fit.table.name)
        question = Question(
            "which_table", sample.file, {"sheet": sample.sheet, "because": "no_year", "suggested": ""}, choices
        )
        return FileProposal(sample, shapes, None, (question,))
    source = _source_mapping(draft, table_fit)
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


def _needs_day(table_fit: TableFit) -> bool:
    """Whether a table cannot do without a day, and no column is known as one."""
    needs = any(column.name == "day" and column.required for column in table_fit.table.columns)
    return needs and not {"day", "occurred_at"} & set(table_fit.chosen)


def _headers(table_fit: TableFit) -> set[str]:
    return {candidate.header for candidate in table_fit.chosen.values()}


def _fits_with_items(
    sample: RowSample, shapes: Mapping[str, ColumnShape], table: str | None
) -> list[tuple[TableFit, list[ItemProposal]]]:
    """Every table's fit; a survey without a column of item names is wide, and its ratings are items."""
    fits = []
    if table == CUSTOMER_FACTS.name or (table is None and is_ready_facts(shapes)):
        fits.append((fit_ready_facts(shapes), list[ItemProposal]()))
    for name in [table] if table else TABLES:
        if name == CUSTOMER_FACTS.name:
            continue
        fit = fit_table(TABLES[name], shapes, sample.file)
        items: list[ItemProposal] = []
        if name == "surveys":
            fit = _with_worded_scores(fit, shapes)
        if name == "surveys" and not {"item", "score"} <= set(fit.chosen):
            wide = {column: candidate for column, candidate in fit.chosen.items() if column not in LONG_SURVEY_COLUMNS}
            fit = replace(fit, chosen=wide)
            items = propose_items(
                sample, shapes, [candidate.header for candidate in wide.values()], is_survey=bool(table)
            )
        fits.append((fit, items))
    return fits


def _with_worded_scores(table_fit: TableFit, shapes: Mapping[str, ColumnShape]) -> TableFit:
    """In a survey with a column of questions the answers to some may be words: they are scores all the same."""
    worded = [
        one for one in table_fit.misfits.values() if one.column.name == "score" and _has_scores(shapes[one.header])
    ]
    if "item" not in table_fit.chosen or "score" in table_fit.chosen or not worded:
        return table_fit
    misfits = {header: one for header, one in table_fit.misfits.items() if one is not worded[0]}
    score = table_fit.score + worded[0].confidence
    return replace(table_fit, chosen={**table_fit.chosen, "score": worded[0]}, misfits=misfits, score=score)


def _has_scores(shape: ColumnShape) -> bool:
    return is_worded(shape) or shape.share(shape.numbers) >= SOME_SCORES


def _score(table_fit: TableFit, items: Sequence[ItemProposal]) -> float:
    """A table's score; a survey's grows with its items, whose headers say more where the dictionary knows them."""
    telling = _telling(items)
    known_items = sum(item.doubt != "family" for item in telling)
    return table_fit.score * (2 if telling else 1) + ITEM_SCORE * min(len(telling) + known_items, MOST_SCORED_ITEMS)


def _telling(items: Iterable[ItemProposal]) -> list[ItemProposal]:
    """The items that speak for a survey: 优 良 中 may be a grade of credit, too."""
    return [item for item in items if item.doubt != "words" or item.item.kind != "other"]


def _rate(items: Iterable[ItemProposal], sample: RowSample) -> bool:
    """Whether one question at least asks for a mark by its own words."""
    texts = (sample.labels.get(item.header, item.header) for item in items)
    return any(question_kind(text) or asks_for_rating(text) for text in texts)


def _source_mapping(draft: ProposalDraft, table_fit: TableFit) -> SourceMapping:
    columns: dict[str, str] = {}
    is_visits = table_fit.table.name == "transactions" and are_visits(table_fit, [table_fit], draft.shapes)
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
        columns=columns,
        extra_header_rows=draft.sample.extra_header_rows,
        money="unknown" if is_visits else None,
    )
    if source.table == "surveys":
        source = with_items(draft, source)
    source = ask_periods_of_rows(draft, join_day_parts(draft, source))
    if source.table == "surveys":
        source = _with_day(draft, source, table_fit)
    source = find_returned_amount(draft, source)
    _ask_for_lacking(draft, source)
    for ask in (
        *(
            ask_heading_rows,
            ask_blank_order_columns,
            ask_date_order,
            ask_serial_days,
            ask_months,
            ask_time_zone,
            ask_decimal_comma,
            ask_cancelled_lines,
            ask_stand_ins,
        ),
        *(ask_customer, ask_units_of_goods, ask_price_of_line, ask_order_rows, ask_amount, ask_meanings, ask_reasons),
        *(ask_negative_pieces, ask_negative_sales, ask_refunded, ask_paid_out, ask_unpaid, ask_zone_column),
        *(ask_price_changes, ask_returns, find_currency, find_profit, ask_units, ask_about_unfinished, ask_about_fast),
        *(ask_unit_column, ask_cost_of_piece, ask_other_tickets, ask_points_spent, ask_as_of),
    ):
        source = ask(draft, source)
    _ask_of_rivals(draft, source)
    return with_attributes(draft.sample, source)


def _ask_of_rivals(draft: ProposalDraft, source: SourceMapping) -> None:
    """Keep with the choice of an amount, or a price, what would be asked of each that is not suggested."""
    for place, question in enumerate(draft.questions):
        column = str(question.facts.get("column"))
        if question.key not in ("two_candidates", "which_amount") or column not in ("amount", "unit_price"):
            continue
        follow_ups = {}
        for rival in [choice for choice in question.choices if choice in draft.shapes][:MOST_RIVALS]:
            shape = draft.shapes[rival]
            if rival != question.facts.get("suggested") and shape.share(shape.numbers) > 0.5:
                other = ProposalDraft(draft.sample, draft.shapes)
                chosen = replace(source, per_order=(), deduct=(), price_changes={}, units={}).with_column(column, rival)
                for ask in (ask_amount, ask_refunded, ask_paid_out, ask_price_changes, ask_units):
                    chosen = ask(other, chosen)
                follow_ups[rival] = tuple(other.questions)
        draft.questions[place] = replace(question, follow_ups=follow_ups)


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


def _with_day(draft: ProposalDraft, source: SourceMapping, table_fit: TableFit) -> SourceMapping:
    """Ask before answers lose their day: where a column holds days under another header, or what cannot be read."""
    if "day" in source.columns.values():
        return source
    free = [header for header in draft.sample.header if header not in source.headers]
    dated = [header for header in free if (shape := draft.shapes[header]).share(_days(shape)) >= FITTING_SHARE]
    if dated:
        facts = {"table": source.table, "column": "day", "suggested": dated[0]}
        draft.ask("is_this_it" if len(dated) == 1 else "two_candidates", draft.examples(dated), **facts)
        return source.with_column("day", dated[0])
    unread = [header for header, one in table_fit.misfits.items() if one.column.name == "day"]
    if unread:
        choices = {"without": draft.shapes[unread[0]].examples()}
        draft.ask("unread_day", choices, header=unread[0], column="day", suggested="without")
    return source


def _days(shape: ColumnShape) -> int:
    """How many values are days, whichever of their numbers the month is."""
    return shape.dates + shape.ambiguous_dates


def _ask_for_lacking(draft: ProposalDraft, source: SourceMapping) -> None:
    """Ask for each column the table cannot do without, with every header: the likely ones first."""
    free = {header: shape for header, shape in draft.shapes.items() if header not in source.headers}
    for column in source.lacking():
        names = [part for group in column.split(" / ") for part in group.split(" + ")]
        types = {TABLES[source.table].column(name).type for name in names}
        likely = [header for header, shape in free.items() if _could_hold(shape, types)]
        choices = draft.examples(dict.fromkeys((*likely, *free, *draft.sample.header)))
        if source.table == "transactions" and "amount" in names:
            suggested = "" if likely else NO_AMOUNT  # where nothing is a number, no money is there
            facts = {"table": source.table, "column": "amount", "suggested": suggested}
            draft.ask("which_amount", choices | {NO_AMOUNT: (), LEAVE_OUT: ()}, **facts)
            continue
        suggested = _only_likely(draft, source, column, likely)
        facts = {"table": source.table, "column": column} | ({"suggested": suggested} if suggested else {})
        draft.ask("which_column", choices | {LEAVE_OUT: ()}, **facts)


def _only_likely(draft: ProposalDraft, source: SourceMapping, column: str, likely: Sequence[str]) -> str:
    """The one column with days; of customers without a number phone or mail, of goods their names, if each has one."""
    if column == "customer_id":
        addresses = [header for name in ("phone", "email") if (header := source.header_of(name))]
        return next((one for one in addresses if draft.shapes[one].distinct == draft.sample.row_count), "")
    if column == "day":
        return likely[0] if len(likely) == 1 else ""
    if column != "product_id":
        return ""
    names = [source.header_of("product_name")] if "product_name" in source.columns.values() else draft.shapes
    own = [
        header
        for header in names
        if header is not None
        and (shape := draft.shapes[header]).distinct == shape.filled > 0
        and shape.share(shape.numbers) < FITTING_SHARE
    ]
    return own[0] if own else ""


def _could_hold(shape: ColumnShape, types: set[Type]) -> bool:
    """True where most values are of one of these types; an id is what is neither a day nor repeats much."""
    if types & {"date", "timestamp"}:
        return shape.share(max(shape.dates + shape.ambiguous_dates, shape.serials)) > 0.5
    if types & {"money", "price", "number"}:
        return shape.share(shape.numbers) > 0.5
    return shape.distinct > 0.5 * shape.filled and not shape.dates + shape.emails
