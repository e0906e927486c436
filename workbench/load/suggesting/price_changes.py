"""Discounts and taxes in columns of their own: that the amount holds them is shown by the values, or asked."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import cast, get_args

from workbench.load.cleaning.clean import clean_values
from workbench.load.cleaning.money import DecimalMark
from workbench.load.cleaning.rates import clean_rates
from workbench.load.mapping.header_dictionary import comparison_key, meanings
from workbench.load.mapping.row_meanings import (
    adjusted_name,
    holds_discount,
    holds_tax,
    is_discount,
    is_returned_pieces,
    is_tax,
)
from workbench.load.mapping.source_mapping import RATE_EFFECTS, PriceChange, SourceMapping
from workbench.load.suggesting.column_candidates import FITTING_SHARE
from workbench.load.suggesting.proposal_draft import EXAMPLE_LINES, ProposalDraft
from workbench.load.suggesting.sales_questions import CENT
from workbench.schema import Type

INCLUDED = "included"
"""The answer that the price, or the amount, is already what was paid."""

AGREEING_SHARE = 0.9
"""In so many of the changed rows one column must be made of another to explain it."""

SAYS_RATE = re.compile(r"率|%|％|percent|pct|ratio|rate", re.IGNORECASE)
SAYS_MONEY = re.compile(r"额|元|减|抵扣|券|红包|优惠|amount|coupon|voucher|rebate|promo", re.IGNORECASE)

Numbers = Sequence[Decimal | None]


def ask_price_changes(draft: ProposalDraft, source: SourceMapping) -> SourceMapping:
    """Ask what each column with a discount or a tax does to the amount, unless the amount shows that it is in it.

    It is in it where the price or amount says so (实付金额, 含税单价), or is another column changed by it. The choices
    are those that the values allow, each with what the first lines come to.
    """
    base = source.header_of("amount") or source.header_of("unit_price")
    if source.table != "transactions" or base is None:
        return source
    beside = [header for header in draft.sample.header if header not in source.columns and header not in source.deduct]
    taxes = [header for header in beside if is_tax(header)]
    discounts = [header for header in beside if is_discount(header) and header not in taxes]
    source = _ask_adjusted(draft, source, base, beside)
    source = _ask_returned_pieces(draft, source, base, beside)
    for headers, is_of_tax in ((discounts, False), (taxes, True)):
        columns = [column for header in headers if (column := _column(draft, source, header, is_of_tax=is_of_tax))]
        for column in _without_repeated_rates(columns):
            source = _ask(draft, source, base, column)
    return source


def _ask_returned_pieces(
    draft: ProposalDraft, source: SourceMapping, base: str, beside: Sequence[str]
) -> SourceMapping:
    """Ask whether pieces that came back are to be taken off, where their money stands in no column."""
    count = source.header_of("quantity")
    if count is None or source.deduct:
        return source
    counts = _numbers(draft.sample.values[count], "number", source.decimal)
    for header in filter(is_returned_pieces, beside):
        back = _numbers(draft.sample.values[header], "number", source.decimal)
        places = [place for place, pieces in enumerate(back) if pieces and counts[place]][:EXAMPLE_LINES]
        if places:
            kept = tuple(f"{counts[place]:f} - {back[place]:f}" for place in places)
            draft.ask(
                "price_change", {"less_pieces": kept, INCLUDED: ()}, header=header, base=base, suggested="less_pieces"
            )  # fmt: skip
            source = replace(source, price_changes={**source.price_changes, header: "less_pieces"})
    return source


def _ask_adjusted(draft: ProposalDraft, source: SourceMapping, base: str, beside: Sequence[str]) -> SourceMapping:
    """Ask whether an amount that was changed later (Adjusted Order Total, 改价后金额) counts instead.

    Where no cell of it is blank, a nought may say that nothing was changed: then nothing is suggested.
    """
    headers = [header for header in beside if (rest := adjusted_name(header)) and _is_amount(rest, base)]
    own = [header for header in headers if comparison_key(adjusted_name(header) or "") == comparison_key(base)]
    before = _before(draft, source)
    for header in own or headers:
        after = _numbers(draft.sample.values[header], "money", source.decimal)
        places = [place for place, money in enumerate(after) if money is not None and money != before[place]]
        if not places:
            continue
        has_blanks = any(not (text or "").strip() for text in draft.sample.values[header])
        lines = tuple(f"{before[place]} → {after[place]}" for place in places[:EXAMPLE_LINES])
        kept = tuple(f"{before[place]}" for place in places[:EXAMPLE_LINES])
        suggested = "instead" if has_blanks and own else ""
        draft.ask("price_change", {"instead": lines, INCLUDED: kept}, header=header, base=base, suggested=suggested)
        draft.unsure(base)
        if suggested:
            source = replace(source, price_changes={**source.price_changes, header: "instead"})
    return source


def _is_amount(name: str, base: str) -> bool:
    """Whether a header, without the word for a change, is the amount's, or that of another amount."""
    return comparison_key(name) == comparison_key(base) or any(
        one.table == "transactions" and one.column == "amount" and one.how != "header_similar" for one in meanings(name)
    )


@dataclass(frozen=True)
class _Column:
    """A column with discounts or taxes, and how its values read under each change they allow; None where blank."""

    header: str
    is_tax: bool
    readings: Mapping[PriceChange, Numbers]
    written: Sequence[str]

    @property
    def changed(self) -> list[int]:
        """The rows in which it changes something."""
        return sorted({place for change, read in self.readings.items() for place in _moving(change, read)})


def _ask(draft: ProposalDraft, source: SourceMapping, base: str, column: _Column) -> SourceMapping:
    before = _before(draft, source)
    if not column.changed or _is_included(draft, source, base, column, before):
        return source
    shown = [place for place in column.changed if before[place] is not None]
    shown = (shown or column.changed)[:EXAMPLE_LINES]
    choices: dict[str, tuple[str, ...]] = {
        str(change): tuple(
            f"{before[place]}, {column.written[place]} → {after}"
            for place in shown
            if (after := _after(change, before[place], read[place])) is not None
        )
        for change, read in column.readings.items()
    }
    included = tuple(f"{before[place]}" for place in shown if before[place] is not None)
    is_before = source.header_of("amount") is None or _product(draft, source) is not None
    suggested = _suggested(base, column) if is_before else ""
    choices[INCLUDED] = included
    draft.ask("price_change", choices, header=column.header, base=base, suggested=suggested)
    draft.unsure(base)
    if not suggested or suggested == INCLUDED:
        return source
    changes = {**source.price_changes, column.header: cast("PriceChange", suggested)}
    return replace(source, price_changes=changes)


def _column(draft: ProposalDraft, source: SourceMapping, header: str, *, is_of_tax: bool) -> _Column | None:
    """How a column reads; None where it holds neither rates nor money."""
    texts = [text or "" for text in draft.sample.values[header]]
    filled = [text.strip() for text in texts if text.strip()]
    if not filled:
        return None
    plain = [abs(number) for number in _numbers(filled, "price", source.decimal) if number is not None]
    most = max(plain, default=Decimal(0))
    written = {mark for text in filled for mark in re.findall(r"折|%|off\b", text.replace("％", "%").lower())}
    readings: dict[PriceChange, Numbers] = {}
    for change in get_args(PriceChange):
        if (
            change in ("less_pieces", "instead")
            or change.startswith("plus") is not is_of_tax
            or not _allows(change, header, most, written)
        ):
            continue
        if change == "less_per_order":
            if "less" in readings and _repeats(draft, source, texts):
                readings[change] = readings["less"]
            continue
        read = _read(change, texts, source)
        known = _read(change, filled, source)
        blank = sum(text.lower() in ("无", "-", "/", "—", "none", "n/a", "na") for text in filled)
        fits = sum(value is not None for value in known) + blank >= FITTING_SHARE * len(filled)
        leaves_something = change not in RATE_EFFECTS or 2 * sum(value == 0 for value in known) <= len(known)
        if fits and leaves_something and read not in readings.values():  # 8折 is the same under either rate
            readings[change] = read
    return _Column(header, is_of_tax, readings, texts) if readings else None


def _allows(change: PriceChange, header: str, most: Decimal, written: Collection[str]) -> bool:
    """Whether values up to `most`, of which some have these marks, can be such a rate, or such money."""
    if change not in RATE_EFFECTS:
        return not written and not SAYS_RATE.search(header)
    effect, scale = RATE_EFFECTS[change]
    if written:
        said = {"times"} if "折" in written else {"less"} if "off" in written else {"times", "less", "plus"}
        return scale == "1" and effect in said
    if SAYS_MONEY.search(header) and not SAYS_RATE.search(header):
        return False
    least = {"1": 0, "0.1": 1, "0.01": 10 if effect == "times" else 1}[scale]
    return least < most <= {"1": 1, "0.1": 10, "0.01": 100}[scale]


def _read(change: PriceChange, texts: Sequence[str], source: SourceMapping) -> Numbers:
    if change not in RATE_EFFECTS:
        return _numbers(texts, "money", source.decimal)
    effect, scale = RATE_EFFECTS[change]
    different = list(dict.fromkeys(texts))
    read = dict(zip(different, clean_rates(different, effect, scale, decimal=source.decimal), strict=True))
    return [read[text] for text in texts]


def _numbers(texts: Sequence[str | None], kind: Type, decimal: DecimalMark) -> Numbers:
    different = list(dict.fromkeys(texts))
    read = clean_values(different, kind, decimal=decimal)
    values = dict(zip(different, (value for value, _ in read), strict=True))
    return [values[text] for text in texts]


def _moving(change: PriceChange, read: Numbers) -> list[int]:
    nothing = 1 if change in RATE_EFFECTS else 0
    return [place for place, value in enumerate(read) if value is not None and value != nothing]


def _after(change: PriceChange, before: Decimal | None, value: Decimal | None) -> Decimal | None:
    """What an amount is after a change."""
    if before is None or value is None:
        return None
    if change in RATE_EFFECTS:
        return (before * value).quantize(CENT)
    money = abs(value) * (-1 if before < 0 else 1)
    return (before + money if change.startswith("plus") else before - money).quantize(CENT)


def _before(draft: ProposalDraft, source: SourceMapping) -> Numbers:
    """The written amount of each row, or quantity times price."""
    amount = source.header_of("amount")
    product = _product(draft, source)
    if amount is None:
        return product or [None] * draft.sample.row_count
    written = _numbers(draft.sample.values[amount], "money", source.decimal)
    return [own if own is not None else made for own, made in zip(written, product or written, strict=True)]


def _product(draft: ProposalDraft, source: SourceMapping) -> Numbers | None:
    headers = [source.header_of(column) for column in ("quantity", "unit_price")]
    if None in headers:
        return None
    counts, prices = (_numbers(draft.sample.values[str(header)], "price", source.decimal) for header in headers)
    return [
        None if one is None or price is None else (one * price).quantize(CENT)
        for one, price in zip(counts, prices, strict=True)
    ]


def _is_included(draft: ProposalDraft, source: SourceMapping, base: str, column: _Column, before: Numbers) -> bool:
    """Whether the header or the values say that the amount, or the price where there is none, holds the change."""
    says = holds_tax(base) if column.is_tax else (holds_discount(base) or None)
    product = _product(draft, source)
    amount, price = source.header_of("amount"), source.header_of("unit_price")
    if says is None and amount is not None and price is not None and product is not None:
        made = _summed_by_order(draft, source, product) if amount in source.per_order else product
        if not _agrees(column, lambda place: before[place] == made[place]):
            return not _makes_another(draft, base, column, source.decimal)  # freight may be in it, too
        # The amount is quantity times price: before anything was taken off or came on top, unless the price holds it.
        return bool(holds_tax(price) if column.is_tax else holds_discount(price)) or _is_explained(
            draft, price, column, source.decimal
        )
    return bool(says) or _is_explained(draft, base, column, source.decimal)


def _is_explained(draft: ProposalDraft, base: str, column: _Column, decimal: DecimalMark) -> bool:
    """Whether the column of the amount, or the price, is another one after the change."""
    own = _numbers(draft.sample.values[base], "price", decimal)
    return any(_is_changed(column, other, own) for other in _other_numbers(draft, base, column, decimal))


def _makes_another(draft: ProposalDraft, base: str, column: _Column, decimal: DecimalMark) -> bool:
    """Whether another column is the amount after the change: then the amount is that before it."""
    own = _numbers(draft.sample.values[base], "price", decimal)
    return any(_is_changed(column, own, other) for other in _other_numbers(draft, base, column, decimal))


def _is_changed(column: _Column, before: Numbers, after: Numbers) -> bool:
    """Whether some reading of the column as a change makes the one out of the other."""

    def makes(change: PriceChange) -> bool:
        read = column.readings[change]
        return _agrees(column, lambda place: _is_made(after[place], _after(change, before[place], read[place])))

    return any(makes(change) for change in column.readings)


def _other_numbers(draft: ProposalDraft, base: str, column: _Column, decimal: DecimalMark) -> list[Numbers]:
    return [
        _numbers(draft.sample.values[header], "price", decimal)
        for header, shape in draft.shapes.items()
        if header not in (base, column.header) and shape.share(shape.numbers) >= FITTING_SHARE
    ]


def _summed_by_order(draft: ProposalDraft, source: SourceMapping, product: Numbers) -> Numbers:
    """For each row the sum of its order."""
    numbers = draft.sample.values[str(source.header_of("order_id"))]
    sums: dict[str | None, Decimal] = {}
    for number, made in zip(numbers, product, strict=True):
        sums[number] = sums.get(number, Decimal(0)) + (made or 0)
    return [sums[number] for number in numbers]


def _is_made(own: Decimal | None, made: Decimal | None) -> bool:
    return own is not None and made is not None and abs(abs(own) - abs(made)) <= CENT


def _agrees(column: _Column, is_so: Callable[[int], bool]) -> bool:
    """Whether something holds in nearly all rows with a change."""
    return sum(is_so(place) for place in column.changed) >= AGREEING_SHARE * len(column.changed)


def _suggested(base: str, column: _Column) -> str:
    """The change that the header or the written form says; nothing where several are as likely."""
    changes = [change for change in column.readings if change != "less_per_order"]
    if column.is_tax:
        return changes[0] if holds_tax(base) is False and len(changes) == 1 else ""
    if "less_per_order" in column.readings:
        return "less_per_order"
    if any("折" in text for text in column.written) and "times" in changes:
        return "times"
    if any("off" in text.lower() for text in column.written) and "less_share" in changes:
        return "less_share"
    return changes[0] if changes == ["less"] else ""


def _repeats(draft: ProposalDraft, source: SourceMapping, texts: Sequence[str]) -> bool:
    """Whether a column shows one value on all lines of the orders that have several, in two orders at least."""
    order = source.header_of("order_id")
    if order is None:
        return False
    values: dict[str, list[str]] = {}
    for number, text in zip(draft.sample.values[order], texts, strict=True):
        if (number or "").strip():
            values.setdefault((number or "").strip(), []).append(text.strip())
    several = [one for one in values.values() if len(one) > 1 and any(text.strip("0., -") for text in one)]
    return len(several) > 1 and all(len(set(one)) == 1 for one in several)


def _without_repeated_rates(columns: Sequence[_Column]) -> list[_Column]:
    """Leave out rates where the same change stands in money beside them: 税率 beside 税额, 折扣率 beside 折扣额."""
    in_money = {_kind(column.header) for column in columns if {"less", "plus"} & set(column.readings)}
    rates_alone = [{"less", "plus"}.isdisjoint(column.readings) for column in columns]
    return [
        column
        for column, is_rate in zip(columns, rates_alone, strict=True)
        if not is_rate
        or (column.is_tax and not in_money)
        or (not column.is_tax and _kind(column.header) not in in_money)
    ]


def _kind(header: str) -> str:
    """A header without the words for rate and money: 折扣率 and 折扣金额 are one discount."""
    return re.sub(r"率|金额|额|元|百分比|percent|pct|rate|amount|amt", "", comparison_key(header))
