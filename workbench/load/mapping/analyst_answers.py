"""Put an analyst's answer into a suggested mapping: `answered(mapping, question, "%d/%m/%Y")`.

The choices of a question are its possible answers; the empty text means none of them. What an answer leaves open is
asked in turn, so that no answers end in a mapping that cannot be loaded.
"""

from __future__ import annotations

from collections import abc
from collections.abc import Callable
from dataclasses import replace
from glob import escape
from typing import TypeVar, cast

from workbench.errors import ChoiceError
from workbench.load.cleaning.dates import check_date_format
from workbench.load.mapping.fixed_columns import FixedColumn
from workbench.load.mapping.header_currencies import is_in_home_currency
from workbench.load.mapping.mapping_parts import LeftOut, MappingParts
from workbench.load.mapping.row_meanings import ANY_VALUE
from workbench.load.mapping.source_mapping import (
    PRICED_COLUMNS,
    Attribute,
    Item,
    Overlap,
    PriceChange,
    RowMeaning,
    SameName,
    SourceMapping,
    UnsoldRefunds,
)
from workbench.load.mapping.survey_changes import SURVEY_CHANGES
from workbench.load.questions import Question
from workbench.load.reading.source_names import last_part
from workbench.schema import TABLES

SomeMapping = TypeVar("SomeMapping", bound=MappingParts)


def answered(mapping: SomeMapping, question: Question, choice: str) -> SomeMapping:
    """Return the mapping with one question answered and gone; what the table then lacks is asked.

    ChoiceError for an answer that is not among the choices. A table other than the suggested one changes every column:
    suggest again with `tables={file: table}`; so does another encoding where headers depend on it:
    `encodings={file: encoding}`. `leave` leaves the file or sheet out.
    """
    if question.key == "date_order":
        check_date_format(choice)
    elif choice not in ({*question.choices, ""} if question.key in CHOSEN_COLUMNS else question.choices):
        raise ChoiceError("unknown_choice", name=question.key, value=choice, allowed=list(question.choices))
    if choice == LEAVE_OUT and question.key in LEAVES_OUT:
        return _without_file(mapping, question)
    if question.key == "which_table":
        return _with_table(mapping, question, choice)
    change = CHANGES[question.key]
    of_all = question.key == "time_zone"  # a company counts its days in one zone
    sources = tuple(
        change(source, question, choice) if of_all or _is_about(question, source) else source
        for source in mapping.sources
    )
    dropped = [other for other in mapping.questions if of_all and other.key == question.key]
    further: tuple[Question, ...] = ()
    column = str(question.facts.get("column")).split(" / ")[0]
    if choice != question.facts.get("suggested") and column in ("amount", "unit_price"):
        further = question.follow_ups.get(choice, ())
        anew = {one.key for one in further} & {"refund_column"}
        dropped += [other for other in mapping.questions if _is_about_amount(other, question, *anew)]
    others = tuple(other for other in mapping.questions if other != question and other not in dropped)
    open_questions = (*others, *further)
    about = [source for source in sources if _is_about(question, source)]
    lacking = [one for source in about for one in _asked_of_lacking(source, question, open_questions)]
    return replace(mapping, sources=sources, questions=(*open_questions, *lacking))


def is_said_by_hand(mapping: MappingParts, question: Question) -> bool:
    """Say whether the sources that a question is about say its answer already."""
    name = SAID_UNDER.get(question.key)
    about = [source for source in mapping.sources if _is_about(question, source)]
    return bool(name and about) and all(getattr(source, str(name)) is not None for source in about)


def _asked_of_lacking(
    source: SourceMapping, question: Question, open_questions: abc.Sequence[Question]
) -> abc.Iterator[Question]:
    """Ask for what the table cannot do without and no answer has left: which other column holds it, or none."""
    waiting = {str(one.facts.get("column")) for one in open_questions if _is_about(one, source)}
    free = {header: question.choices.get(header, ()) for header in (*source.attributes, *source.ignore)}
    facts = {"sheet": question.facts.get("sheet"), "table": source.table, "suggested": ""}
    for column in source.lacking():
        if {column, *column.split(" / ")} & waiting:
            continue
        if "amount" in column.split(" / "):
            choices = free | {NO_AMOUNT: (), LEAVE_OUT: ()}
            yield Question("which_amount", question.file, {**facts, "column": "amount"}, choices)
        elif column == "item" and "score" not in source.columns.values():
            yield Question("which_item", question.file, {**facts, "column": "item"}, free | {LEAVE_OUT: ()})
        elif column != "response_id" or source.items:  # answers are numbered once there are some
            yield Question("which_column", question.file, {**facts, "column": column}, free | {LEAVE_OUT: ()})


def _is_about_amount(other: Question, question: Question, *anew: str) -> bool:
    """True for what is asked of an amount that a file no longer has, and for what is asked `anew` of the other."""
    here = (other.file, other.facts.get("sheet")) == (question.file, question.facts.get("sheet"))
    return here and other.key in ("amount_of", "price_change", "paid_out", *anew)


def _is_about(question: Question, source: SourceMapping) -> bool:
    return source.applies_to(question.file) and question.facts.get("sheet", source.sheet) == source.sheet


def _without_file(mapping: SomeMapping, question: Question) -> SomeMapping:
    """Leave the file or sheet out, with all that is asked about it; next month's too."""
    sheet = question.facts.get("sheet")
    mine = [source for source in mapping.sources if _is_about(question, source)]
    files = mine[0].files if mine else (escape(last_part(question.file)),)
    sources = tuple(source for source in mapping.sources if source not in mine)
    others = tuple(one for one in mapping.questions if (one.file, one.facts.get("sheet")) != (question.file, sheet))
    left_out = (*mapping.left_out, LeftOut(files, str(sheet) if sheet else None))
    return replace(mapping, sources=sources, questions=others, left_out=left_out)


def _with_table(mapping: SomeMapping, question: Question, choice: str) -> SomeMapping:
    """Agree with the table suggested."""
    mine = [source for source in mapping.sources if _is_about(question, source)]
    if not mine or any(source.table != choice for source in mine):
        sheet = question.facts.get("sheet")
        name = f"{question.file} [{sheet}]" if sheet else question.file
        raise ChoiceError("suggest_again", file=name, table=choice)
    return replace(mapping, questions=tuple(other for other in mapping.questions if other != question))


def _column(source: SourceMapping, question: Question, choice: str) -> SourceMapping:
    """Give the column another header; the header it had, and one that loses its place, become attributes.

    Of a choice of columns, as in `amount / quantity + unit_price`, one header is the first.
    """
    column = str(question.facts["column"]).split(" / ")[0]
    before = source.header_of(column)
    if choice == (before or ""):
        return source
    changed = source.with_column(column, choice or None)
    attributes = {header: attribute for header, attribute in source.attributes.items() if header != choice}
    if before is not None:
        free = before if before.lower() not in TABLES[source.table].names else f"{before}_"
        attributes[before] = Attribute(free)
    items = {header: item for header, item in source.items.items() if header != choice}
    if column in ("amount", "unit_price"):  # what was said of the header before
        changed = replace(changed, price_changes={}, per_order=())
    if column == "amount" and is_in_home_currency(choice):
        changed = replace(changed, currency=None)
    return replace(changed, attributes=attributes, items=items)


def _encoding(source: SourceMapping, question: Question, choice: str) -> SourceMapping:
    """Keep the encoding; headers that depend on it have to be looked at again."""
    if choice != next(iter(question.choices)) and not all(header.isascii() for header in source.headers):
        raise ChoiceError("suggest_in_encoding", file=question.file, encoding=choice)
    return replace(source, encoding=choice)


def _date_format(source: SourceMapping, _: Question, choice: str) -> SourceMapping:
    return replace(source, date_format=choice)


def _time_zone(source: SourceMapping, _: Question, choice: str) -> SourceMapping:
    return replace(source, time_zone=choice)


def _zone_column(source: SourceMapping, question: Question, choice: str) -> SourceMapping:
    """Bring each moment from its row's zone to the company's, or read days as they are written."""
    if choice != "convert":
        return replace(source, zone_column=None, time_column=None)
    time = question.facts.get("time")
    return replace(source, zone_column=str(question.facts["header"]), time_column=str(time) if time else None)


def _decimal(source: SourceMapping, _: Question, choice: str) -> SourceMapping:
    return replace(source, decimal="," if choice == "," else ".")


def _cancelled(source: SourceMapping, _: Question, choice: str) -> SourceMapping:
    return source if choice == "yes" else replace(source, cancelled=None)


def _amount_of(source: SourceMapping, question: Question, choice: str) -> SourceMapping:
    """The line's own amount; the order's, to be spread; or none: quantity times price counts, the column is kept."""
    header = str(question.facts["header"])
    others = tuple(name for name in source.per_order if name != header)
    if choice == "order":
        repeated = [name for name in _repeating(question) if name in source.deduct and name not in others]
        return replace(source, per_order=(*others, *repeated, header))
    source = replace(source, per_order=tuple(name for name in others if name not in source.deduct))
    return source if choice == "line" else _column(source, replace(question, facts={"column": "amount"}), "")


def _status_value(source: SourceMapping, question: Question, choice: str) -> SourceMapping:
    header, value = str(question.facts["header"]), str(question.facts["value"])
    values = {**source.meanings.get(header, {}), value: cast("RowMeaning", choice)}
    return replace(source, meanings={**source.meanings, header: values})


def _amount_unit(source: SourceMapping, question: Question, choice: str) -> SourceMapping:
    header = str(question.facts["header"])
    is_turned = source.units.get(header, 1) < 0
    return _with_sign(replace(source, units={**source.units, header: float(choice)}), header, is_turned=is_turned)


def _unit_column(source: SourceMapping, question: Question, choice: str) -> SourceMapping:
    return replace(source, unit_column=str(question.facts["header"]) if choice == "by_row" else None)


def _refund_column(source: SourceMapping, question: Question, choice: str) -> SourceMapping:
    header = str(question.facts["header"])
    others = tuple(name for name in source.deduct if name != header)
    once = tuple(name for name in source.per_order if name != header)
    if choice != "deduct":
        return replace(source, deduct=others, per_order=once)
    is_once = header in _repeating(question) and source.header_of("amount") in once
    return replace(source, deduct=(*others, header), per_order=(*once, header) if is_once else once)


def _repeating(question: Question) -> abc.Sequence[str]:
    """The columns of money paid back that say the same on all lines of an order."""
    return cast("abc.Sequence[str]", question.facts.get("repeating", ()))


def _blank_order_columns(source: SourceMapping, question: Question, choice: str) -> SourceMapping:
    headers = cast("abc.Sequence[str]", question.facts["headers"])
    return replace(source, fill_down=tuple(headers) if choice == "above" else ())


def _heading_rows(source: SourceMapping, question: Question, choice: str) -> SourceMapping:
    return replace(source, heading_column=str(question.facts["header"]) if choice == "yes" else None)


def _cost_of(source: SourceMapping, question: Question, choice: str) -> SourceMapping:
    """The cost of one piece, or of the line."""
    header = str(question.facts["header"])
    others = tuple(name for name in source.per_piece if name != header)
    return replace(source, per_piece=(*others, header) if choice == "piece" else others)


def _price_of(source: SourceMapping, question: Question, choice: str) -> SourceMapping:
    """The price of one piece, or of the line: then it is the amount."""
    column, other = ("amount", "unit_price") if choice == "line" else ("unit_price", "amount")
    header = str(question.facts["header"])
    return (
        source if source.columns.get(header) == column else source.with_column(other, None).with_column(column, header)
    )


def _paid_out(source: SourceMapping, question: Question, choice: str) -> SourceMapping:
    """Take what went out off sales, or count no row that has some; a row without any is what it was."""
    header = str(question.facts["header"])
    meanings = {name: values for name, values in source.meanings.items() if name != header}
    deduct = tuple(name for name in source.deduct if name != header)
    if choice == "deduct":
        return replace(source, deduct=(*deduct, header), meanings=meanings)
    sale: RowMeaning = "sale"
    nothing = dict.fromkeys(cast("abc.Sequence[str]", question.facts["nothing"]), sale)
    return replace(source, deduct=deduct, meanings={**meanings, header: {**nothing, ANY_VALUE: "no_sale"}})


def _price_change(source: SourceMapping, question: Question, choice: str) -> SourceMapping:
    header = str(question.facts["header"])
    others = {name: change for name, change in source.price_changes.items() if name != header}
    said = {} if choice == "included" else {header: cast("PriceChange", choice)}
    return replace(source, price_changes={**others, **said})


def _returns(source: SourceMapping, _: Question, choice: str) -> SourceMapping:
    return replace(source, returns=choice == "refund")


def _negative_pieces(source: SourceMapping, question: Question, choice: str) -> SourceMapping:
    source = replace(source, negative_pieces_back=choice == "refund")
    if not question.facts["are_most"]:
        return source
    return _with_sign(source, str(question.facts["header"]), is_turned=choice == "sale")


def _negative_sales(source: SourceMapping, question: Question, choice: str) -> SourceMapping:
    for header in cast("abc.Sequence[str]", question.facts["headers"]):
        source = _with_sign(source, header, is_turned=choice == "paid")
    return source


def _with_sign(source: SourceMapping, header: str, *, is_turned: bool) -> SourceMapping:
    """Turn the sign of a header's figures round, whatever unit they are in, or leave it."""
    unit = abs(source.units.get(header, 1)) * (-1 if is_turned else 1)
    others = {name: each for name, each in source.units.items() if name != header}
    return replace(source, units=others if unit == 1 else {**others, header: unit})


def _unsold_refunds(source: SourceMapping, _: Question, choice: str) -> SourceMapping:
    return replace(source, unsold_refunds=cast("UnsoldRefunds", choice))


def _same_name(source: SourceMapping, _: Question, choice: str) -> SourceMapping:
    return replace(source, same_name=cast("SameName", choice))


def _overlap(source: SourceMapping, _: Question, choice: str) -> SourceMapping:
    return replace(source, overlap=cast("Overlap", choice))


def _customer(source: SourceMapping, question: Question, choice: str) -> SourceMapping:
    """Take a column for the customer; none of them is a yes to sales without customers."""
    return replace(source, no_customer=True) if choice == "no_customer" else _column(source, question, choice)


def _amount(source: SourceMapping, question: Question, choice: str) -> SourceMapping:
    """Take a column for the amount; none of them says that the money is unknown, whatever else is about money."""
    if choice != NO_AMOUNT:
        return _column(source, question, choice)
    for column in PRICED_COLUMNS:
        source = _column(source, replace(question, facts={"column": column}), "")
    return replace(source, money="unknown", deduct=(), profit=None, returns=False)


def _item(source: SourceMapping, _: Question, choice: str) -> SourceMapping:
    """Take a column for a question of the survey."""
    attributes = {header: attribute for header, attribute in source.attributes.items() if header != choice}
    ignore = tuple(header for header in source.ignore if header != choice)
    return replace(source, items={**source.items, choice: Item("other")}, attributes=attributes, ignore=ignore)


def _units_of_goods(source: SourceMapping, _: Question, choice: str) -> SourceMapping:
    """Multiply all the same, or take what was paid for unknown: a price per bottle says nothing of boxes."""
    if choice == "multiply":
        return source
    return replace(source.with_column("unit_price", None), money="unknown")


def _as_of(source: SourceMapping, _: Question, choice: str) -> SourceMapping:
    return replace(source, as_of=choice)


def _part_of_name(source: SourceMapping, question: Question, choice: str) -> SourceMapping:
    """Take a part of the files' names for a column, or leave it."""
    pattern = str(question.facts["pattern"])
    others = {name: one for name, one in source.fixed.items() if one.file_name != pattern}
    return replace(source, fixed=others if choice == LEAVE_OUT else {**others, choice: FixedColumn(file_name=pattern)})


def _agreed(source: SourceMapping, _: Question, __: str) -> SourceMapping:
    return source


NO_AMOUNT = "no_amount"
"""The answer that a file of sales says of no row what it brought."""

LEAVE_OUT = "leave"
"""The answer that a file, or a sheet, is not loaded at all."""

LEAVES_OUT = (
    "which_table", "which_column", "which_amount", "which_item", "zone_column", "month_days", "months_cut", "day_parts",
    "said_day",
)  # fmt: skip
"""Questions that may be answered so that the file, or the sheet, is left out."""

CHOSEN_COLUMNS = ("two_candidates", "is_this_it")
"""Questions about a column that is suggested: none of these is an answer, too."""

SAID_UNDER = {
    "date_order": "date_format",
    "serial_days": "date_format",
    "month_days": "date_format",
    "months_cut": "date_format",
    "time_zone": "time_zone",
    "same_name": "same_name",
    "overlap": "overlap",
    "unsold_refunds": "unsold_refunds",
}
"""Questions whose answer a source says under a name of its own, where it may be written by hand as well."""

COLUMN_QUESTIONS = (*CHOSEN_COLUMNS, "which_column")
CHANGES: abc.Mapping[str, Callable[[SourceMapping, Question, str], SourceMapping]] = {
    "which_encoding": _encoding,
    **dict.fromkeys(COLUMN_QUESTIONS, _column),
    "date_order": _date_format,
    "serial_days": _date_format,
    "month_days": _date_format,
    "months_cut": _date_format,
    "time_zone": _time_zone,
    "decimal_comma": _decimal,
    "cancelled_lines": _cancelled,
    "amount_of": _amount_of,
    "amount_unit": _amount_unit,
    "unit_column": _unit_column,
    "units_of_goods": _units_of_goods,
    "status_value": _status_value,
    "filled_mark": _status_value,
    "blank_mark": _status_value,
    "paid_out": _paid_out,
    "zone_column": _zone_column,
    "refund_column": _refund_column,
    "price_change": _price_change,
    "price_of": _price_of,
    "cost_of": _cost_of,
    "blank_order_columns": _blank_order_columns,
    "heading_rows": _heading_rows,
    "returns": _returns,
    "negative_pieces": _negative_pieces,
    "negative_sales": _negative_sales,
    "unsold_refunds": _unsold_refunds,
    "same_name": _same_name,
    "overlap": _overlap,
    "which_customer": _customer,
    "which_amount": _amount,
    "which_item": _item,
    "which_as_of": _as_of,
    "part_of_name": _part_of_name,
    "said_day": _agreed,
    "no_header": _agreed,
    "day_parts": _agreed,
    "unread_day": _agreed,
    **SURVEY_CHANGES,
}
