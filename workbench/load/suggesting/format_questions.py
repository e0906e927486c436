"""What a file's own values say about its formats: the order of day and month, the decimal comma, cancelled lines."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from typing import Any

from workbench.load.cleaning.dates import MONTH_END
from workbench.load.mapping.analyst_answers import LEAVE_OUT
from workbench.load.mapping.header_dictionary import comparison_key
from workbench.load.mapping.header_units import UNIT_HEADERS, header_unit, row_unit, title_unit
from workbench.load.mapping.row_meanings import is_nobody
from workbench.load.mapping.source_mapping import Cancelled, SourceMapping
from workbench.load.suggesting.column_candidates import FITTING_SHARE
from workbench.load.suggesting.column_shapes import column_shapes
from workbench.load.suggesting.day_formats import possible_formats
from workbench.load.suggesting.proposal_draft import EXAMPLE_LINES, ProposalDraft, headers_of_type, readable_texts

MOSTLY_PLAIN_NUMBERS = 0.5
KNOWN_STAND_INS = {
    "number": ("-99", "-999", "-9999", "-99.0", "-999.0", "99999", "999999"),
    "date": ("9999-12-31", "1900-01-01", "1970-01-01", "2099-12-31", "99991231", "19000101"),
}
"""Values that systems write where they have none; sometimes they are meant, so they are only proposed."""


def ask_date_order(draft: ProposalDraft, source: SourceMapping) -> SourceMapping:
    """Ask in which order day, month and year stand; preselect it where the values themselves allow only one."""
    for header in headers_of_type(source, "date", "timestamp"):
        shape = draft.shapes[header]
        if not shape.ambiguous_dates:
            continue
        texts, formats = possible_formats(_distinct_texts(draft, header))
        readings = {form: readable_texts(texts, "date", date_format=form) for form in formats}
        most = max((len(values) for values in readings.values()), default=0)
        best = [form for form, values in readings.items() if values and len(values) == most]
        choices = {form: _example_lines(readings[form]) for form in best}
        suggested = best[0] if len(best) == 1 else ""
        draft.ask("date_order", choices, header=header, column=source.columns[header], suggested=suggested)
        draft.unsure(header)
        if suggested and source.date_format is None:
            source = replace(source, date_format=suggested)
    return source


def ask_months(draft: ProposalDraft, source: SourceMapping) -> SourceMapping:
    """Ask whether rows of which only the month is known are dated at its last day."""
    for header in headers_of_type(source, "date", "timestamp"):
        shape = draft.shapes[header]
        if shape.share(shape.months) < FITTING_SHARE:
            continue
        texts = _distinct_texts(draft, header)
        readings = readable_texts(texts, "date", date_format=MONTH_END)
        choices = {MONTH_END: _example_lines(readings), LEAVE_OUT: ()}
        facts = {"header": header, "column": source.columns[header]}
        if cut := _months_that_may_be_cut(texts):
            choices[MONTH_END] = tuple(f"{text} → {value}" for text, value in readings if text in cut)[:EXAMPLE_LINES]
            draft.ask("months_cut", choices, **facts, values=cut, suggested="")
        else:
            draft.ask("month_days", choices, **facts, suggested=MONTH_END)
        draft.unsure(header)
        if source.date_format is None:
            source = replace(source, date_format=MONTH_END)
    return source


def _months_that_may_be_cut(texts: list[str]) -> list[str]:
    """The texts 2024.1 that may be an October whose 0 a spreadsheet cut off: 2024.11 is there, 2024.10 is not.

    >>> _months_that_may_be_cut(["2024.1", "2024.9", "2024.11"]), _months_that_may_be_cut(["2024.1", "2024.9"])
    (['2024.1'], [])
    """
    years = {text.removesuffix(later) for text in texts for later in (".11", ".12") if text.endswith(later)}
    return [f"{year}.1" for year in sorted(years) if f"{year}.1" in texts and f"{year}.10" not in texts]


def ask_decimal_comma(draft: ProposalDraft, source: SourceMapping) -> SourceMapping:
    """Ask whether the comma is a decimal comma, where numbers make no sense with a point."""
    for header, kind in headers_of_type(source, "money", "price", "number").items():
        texts = _distinct_texts(draft, header)
        could_be_thousands = kind == "money" and _could_be_thousands(texts)
        if not draft.shapes[header].ambiguous_numbers and not could_be_thousands:
            continue
        readings = {sign: readable_texts(texts, kind, decimal=sign) for sign in (".", ",")}
        comma = len(readings[","]) > len(readings["."])
        choices = {sign: _example_lines(values) for sign, values in readings.items()}
        suggested = "," if comma else "" if could_be_thousands else "."
        draft.ask("decimal_comma", choices, header=header, suggested=suggested)
        draft.unsure(header)
        if comma:  # money paid back, discounts and taxes are numbers too
            draft.shapes = column_shapes(draft.sample, decimal=",")
        return replace(source, decimal="," if comma else ".")
    return source


def _could_be_thousands(texts: list[str]) -> bool:
    """Whether every point stands where one between thousands does: 1.234 beside 12.500 and 980."""
    points = [text for text in texts if "." in text]
    plain = [text for text in texts if text not in points]
    return (
        len(points) > 1
        and all(re.fullmatch(r"[-+]?[^0-9-]*[1-9][0-9]{0,2}(?:\.[0-9]{3})+[^0-9]*", text) for text in points)
        and all(re.fullmatch(r"\D*[0-9]{1,3}\D*", text) for text in plain)
    )


def ask_units(draft: ProposalDraft, source: SourceMapping) -> SourceMapping:
    """Ask what figures are in whole ones of the currency where another unit is named: 万元, thousands.

    It stands in their header, or in a title above the table for all that name none.
    """
    above = title_unit(draft.sample.titles)
    money = [*headers_of_type(source, "money", "price"), *source.deduct, *([source.profit] if source.profit else [])]
    for header in dict.fromkeys(money):
        unit = header_unit(header) or (None if "元" in header else above)
        if unit is None:
            continue
        texts = _distinct_texts(draft, header)[:EXAMPLE_LINES]
        readings = readable_texts(texts, "price", decimal=source.decimal)
        choices = {
            str(one): tuple(f"{text} → {value * Decimal(str(one)):,f}" for text, value in readings)  # type: ignore[operator]
            for one in (unit, 1)
        }
        draft.ask("amount_unit", choices, header=header, suggested=str(unit))
        draft.unsure(header)
        source = replace(source, units={**source.units, header: unit})
    return source


def ask_unit_column(draft: ProposalDraft, source: SourceMapping) -> SourceMapping:
    """Ask whether a column says in which unit each row's figures are: every cell names one, and not all are 元."""
    amount = source.header_of("amount") or source.header_of("unit_price")
    if source.table != "transactions" or amount is None:
        return source
    for header in draft.sample.header:
        if header in source.headers or comparison_key(header) not in UNIT_HEADERS:
            continue
        cells = zip(draft.sample.values[header], draft.sample.values[amount], strict=True)
        shown: dict[str, str] = {}
        for cell, text in cells:
            if cell:
                shown.setdefault(cell, text or "")
        units = {cell: row_unit(cell) for cell in shown}
        if not units or None in units.values() or set(units.values()) == {1}:
            continue
        choices = {
            "by_row": tuple(f"{text} {cell} → {text} × {units[cell]:,}" for cell, text in shown.items()),
            "as_written": tuple(f"{text} {cell} → {text}" for cell, text in shown.items()),
        }
        draft.ask("unit_column", choices, header=header, column=amount, suggested="by_row")
        draft.unsure(header)
        return replace(source, unit_column=header)
    return source


def ask_cancelled_lines(draft: ProposalDraft, source: SourceMapping) -> SourceMapping:
    """Propose that orders whose number begins with a letter, among plain numbers, are cancelled ones.

    A negative quantity or amount on every such line proves it; without that proof only a C is asked about.
    """
    header = source.header_of("order_id")
    if source.table != "transactions" or header is None:
        return source
    numbers = [text or "" for text in draft.sample.values[header]]
    marked = {match[1] for text in numbers if (match := re.fullmatch(r"\s*([A-Za-z]{1,2})\d{3,}\s*", text))}
    plain = sum(bool(re.fullmatch(r"\s*\d+\s*", text)) for text in numbers)
    if len(marked) != 1 or plain < MOSTLY_PLAIN_NUMBERS * len(numbers):
        return source
    prefix = marked.pop()
    lines = [place for place, text in enumerate(numbers) if text.strip().startswith(prefix)]
    sign = source.header_of("quantity") or source.header_of("amount")
    values = [str(draft.sample.values[sign][place] or "").strip() for place in lines] if sign else []
    if not values or not all(value.startswith(("-", "(", "（", "－")) for value in values):
        if prefix.upper() != "C":
            return source
        examples = tuple(numbers[place].strip() for place in lines[:EXAMPLE_LINES])
        draft.ask("cancelled_lines", {"yes": examples, "no": ()}, header=header, prefix=prefix, suggested="yes")
    return replace(source, cancelled=Cancelled(header, prefix))


def ask_stand_ins(draft: ProposalDraft, source: SourceMapping) -> SourceMapping:
    """Propose that -99, 9999-12-31 and the like stand for no value, 散客 and Guest for nobody, and ask."""
    missing = dict(source.missing)
    headers = headers_of_type(source, "money", "price", "number", "date", "timestamp")
    texts_of = {
        header: [
            text
            for text, _ in draft.shapes[header].commonest
            if text in KNOWN_STAND_INS["date" if kind in ("date", "timestamp") else "number"]
        ]
        for header, kind in headers.items()
    }
    if source.table == "transactions" and (customer := source.header_of("customer_id")):
        commonest = [text for text, _ in draft.shapes[customer].commonest]
        counts_from_0 = any(len(text.strip()) == 1 and text.strip() in "123456789" for text in commonest)
        texts_of[customer] = [text for text in commonest if is_nobody(text) and not (text == "0" and counts_from_0)]
    for header, texts in texts_of.items():
        if texts:
            choices: dict[str, tuple[str, ...]] = {"missing": (), "valid": ()}
            draft.ask("stand_ins", choices, items=[header], values=texts, suggested="missing")
            missing[header] = tuple(texts)
            draft.unsure(header)
    return replace(source, missing=missing)


def _distinct_texts(draft: ProposalDraft, header: str) -> list[str]:
    """The different values of a column, as they come."""
    return list(dict.fromkeys(text.strip() for text in draft.sample.values[header] if text and text.strip()))


def _example_lines(readings: list[tuple[str, Any]]) -> tuple[str, ...]:
    """How a few texts read: text → value."""
    return tuple(f"{text} → {value}" for text, value in readings[:EXAMPLE_LINES])
