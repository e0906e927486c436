"""What a file of sales does not say for certain: what an amount is, what a status means, what was paid back."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import cast, get_args

from workbench.currency import DECIMALS
from workbench.load.cleaning.clean import clean_values
from workbench.load.mapping.header_currencies import is_in_home_currency
from workbench.load.mapping.header_dictionary import comparison_key, meanings
from workbench.load.mapping.row_meanings import (
    ANY_VALUE,
    certain_meaning,
    denies_return,
    ends_in_refunded_amount,
    flag_meaning,
    is_currency,
    is_direction,
    is_loose_kind,
    is_net,
    is_paid_out,
    is_profit,
    is_refund_flag,
    is_refunded_amount,
    is_row_kind,
    is_row_mark,
    is_sale_flag,
    is_time_of_end,
    is_time_of_payment,
    may_bring_nothing,
    names_returns,
    supposed_meaning,
)
from workbench.load.mapping.source_mapping import RowMeaning, SourceMapping
from workbench.load.reading.source_names import stem
from workbench.load.suggesting.column_candidates import FITTING_SHARE
from workbench.load.suggesting.proposal_draft import EXAMPLE_LINES, ProposalDraft
from workbench.schema import Type

LEAST_ORDERS = 1
"""In so many orders of several lines an amount must repeat to be asked about as the orders' total."""

REPEATED_SHARE = 0.9
"""The share of the orders of several lines in which it must repeat."""

DIFFERING_SHARE = 0.02
"""Where more lines than this have an amount that no discount on quantity times price makes, it is asked about."""

LEAST_PAID = Decimal("0.2")
"""What a discount leaves of quantity times price at least."""

GROWN_SHARE = 0.5
"""Of so many of the products sold in several quantities the price must grow with them."""

EITHER_PRICE = ("itemprice", "itemcost", "lineprice")
"""Headers, for comparison, of what is the price of one piece in one system and of the line in another."""

COSTS_OF_PIECE = (
    "成本价", "单位成本", "单件成本", "成本单价", "进价", "进货价", "采购价", "采购单价", "unitcost", "costper",
    "costprice", "itemcost",
    "standardcost", "einkaufspreis", "einstandspreis",
)  # fmt: skip
NO_PIECES = ("进价金额", "成本价金额", "成本价合计", "进价合计")
"""What a header's comparison says of the cost of one piece, and what of the line's all the same."""

COUNTED_UNIT = re.compile(r"[(（\[]\s*([^()（）\[\]/]{1,6}?)\s*[)）\]]\s*$")
PRICED_UNIT = re.compile(r"(?:/|每|per )\s*([^()（）\[\]/元]{1,6}?)\s*[)）\]]?\s*$", re.IGNORECASE)
"""Where headers name what is counted, 数量（箱）, and what the price is for, 单价（元/瓶）."""

WHOLE_MOBILE = re.compile(r"(?:\+?86[- ]?)?1[3-9][0-9]{9}")
CENT = Decimal("0.01")
MOST_VALUES = 40
WORDS_TOO = {"ALL", "TOP", "MOP", "PEN", "TRY", "GEL", "BAM", "LAK"}
"""Codes of currencies that may be words: a column of nothing else is none of currencies."""
NO_MONEY = "0.,- ¥￥$€£元"
"""What is left of a cell without money is nothing, when these are taken off."""

NAMES_OF_PERSONS = ("姓名", "fullname", "buyername", "guestname", "收货人", "联系人", "顾客", "recipientname")
"""How a header ends, for comparison, that names persons, of whom two may have one name."""

ZEROS = ("0", "0.0", "0.00", "-", "--")
"""How nothing is written where money went out in other rows."""

NAMES_NOBODY = "no_customer"
"""The answer that the sales, or contacts, name nobody."""

MAY_NAME_CUSTOMERS = ("touchpoint", "region", "employee_id", "channel")
"""Columns under which a company may list whom it sells to: shops, regions, agents."""

NEEDING_CUSTOMERS = ("transactions", "interactions")
"""Tables whose rows are of somebody: that they are of nobody known needs a yes."""


def ask_amount(draft: ProposalDraft, source: SourceMapping) -> SourceMapping:
    """Ask what an amount is where it repeats within orders, or no discount on quantity times price explains it.

    The order's total stands on every line of it, or on the first one; what a line has of its own is its amount, or
    quantity times price.
    """
    header = source.header_of("amount")
    if source.table != "transactions" or header is None:
        return source
    lines = _lines(draft, source)
    seems_total = _seems_order_total(lines)
    differing = [line for line in lines if line.differs and not line.is_discounted]
    priced = sum(line.product is not None and line.amount is not None for line in lines)
    if not seems_total and len(differing) <= max(DIFFERING_SHARE * priced, 1):
        return source
    shown = differing or [line for line in lines if line.order]
    choices = {"line": _examples(shown, "line")}
    if seems_total:
        choices["order"] = _examples(shown, "order")
    if priced:
        choices["product"] = _examples(shown, "product")
    suggested = "line" if not seems_total else "" if _spans_days(lines) else "order"
    draft.ask("amount_of", choices, header=header, suggested=suggested, repeating=_repeating(draft, source))
    draft.unsure(header)
    return replace(source, per_order=(*source.per_order, header)) if suggested == "order" else source


def ask_price_of_line(draft: ProposalDraft, source: SourceMapping) -> SourceMapping:
    """Ask whether a price is that of the whole line, where it grows with the quantity of one product.

    So it is asked too where the header is one that systems use for either (item-price), and several pieces are sold.
    """
    price, count = source.header_of("unit_price"), source.header_of("quantity")
    if source.table != "transactions" or source.header_of("amount") or price is None or count is None:
        return source
    lines = [line for line in _lines(draft, source) if line.price and line.quantity and abs(line.quantity) > 0]
    product = source.header_of("product_id")
    names = draft.sample.values[product] if product else [None] * draft.sample.row_count
    read = zip(names, _lines(draft, source), strict=True)
    by_product: dict[str, list[_Line]] = {}
    for name, line in read:
        if name and line.price and line.quantity:
            by_product.setdefault(name, []).append(line)
    varied = [part for part in by_product.values() if len({line.quantity for line in part}) > 1]
    grown = [part for part in varied if len({line.price for line in part}) > 1 and _is_proportional(part)]
    seems_line = bool(grown) and len(grown) >= GROWN_SHARE * len(varied)
    if not seems_line and (comparison_key(price) not in EITHER_PRICE or all(line.quantity == 1 for line in lines)):
        return source
    shown = [line for line in lines if line.quantity != 1][:EXAMPLE_LINES]
    choices = {
        "line": tuple(str(line.price) for line in shown),
        "piece": tuple(f"{line.quantity:f} × {line.price:f} = {line.product}" for line in shown),
    }
    draft.ask("price_of", choices, header=price, suggested="line" if seems_line else "")
    draft.unsure(price)
    return source.with_column("unit_price", None).with_column("amount", price) if seems_line else source


def ask_cost_of_piece(draft: ProposalDraft, source: SourceMapping) -> SourceMapping:
    """Ask whether a cost is that of one piece, where its header says so (成本价, unit cost) and several are sold.

    So it is asked too where each product has one cost, in whatever quantity it is sold.
    """
    cost, count = source.header_of("cost"), source.header_of("quantity")
    if source.table != "transactions" or cost is None or count is None:
        return source
    quantities, costs = (numbers_of(draft, source, header) for header in (count, cost))
    several = [
        (quantity.normalize(), each.normalize())
        for quantity, each in zip(quantities, costs, strict=True)
        if quantity is not None and each is not None and abs(quantity) != 1
    ]
    says_piece = any(word in comparison_key(cost) for word in COSTS_OF_PIECE) and comparison_key(cost) not in NO_PIECES
    if not several or not (says_piece or _is_one_cost(draft, source, quantities, costs)):
        return source
    choices = {
        "piece": tuple(f"{quantity:f} × {each:f} = {quantity * each:f}" for quantity, each in several[:EXAMPLE_LINES]),
        "line": tuple(f"{each:f}" for _, each in several[:EXAMPLE_LINES]),
    }
    draft.ask("cost_of", choices, header=cost, suggested="piece")
    draft.unsure(cost)
    return replace(source, per_piece=(*source.per_piece, cost))


def numbers_of(draft: ProposalDraft, source: SourceMapping, header: str) -> list[Decimal | None]:
    """Return the numbers of a column as they are written."""
    texts = draft.sample.values[header]
    different = list(dict.fromkeys(texts))
    values = dict(zip(different, clean_values(different, "price", decimal=source.decimal), strict=True))
    return [cast("Decimal | None", values[text][0]) for text in texts]


def _is_one_cost(
    draft: ProposalDraft,
    source: SourceMapping,
    quantities: Sequence[Decimal | None],
    costs: Sequence[Decimal | None],
) -> bool:
    """True where every product that is sold in several quantities has one cost above zero, and there are some."""
    product = source.header_of("product_id")
    if product is None:
        return False
    sold: dict[str, set[tuple[Decimal, Decimal]]] = {}
    for name, quantity, each in zip(draft.sample.values[product], quantities, costs, strict=True):
        if name and quantity and each:
            sold.setdefault(name, set()).add((quantity, each))
    varied = [lines for lines in sold.values() if len({quantity for quantity, _ in lines}) > 1]
    return bool(varied) and all(len({each for _, each in lines}) == 1 for lines in varied)


def ask_units_of_goods(draft: ProposalDraft, source: SourceMapping) -> SourceMapping:
    """Ask whether quantity times price is money at all, where the headers name different units: 箱 and 元/瓶."""
    price, count = source.header_of("unit_price"), source.header_of("quantity")
    if source.table != "transactions" or source.header_of("amount") or price is None or count is None:
        return source
    counted, priced = COUNTED_UNIT.search(count), PRICED_UNIT.search(price)
    if counted is None or priced is None or comparison_key(counted[1]) == comparison_key(priced[1]):
        return source
    examples = tuple(
        f"{line.quantity:f} × {line.price:f} = {line.product}" for line in _lines(draft, source) if line.product
    )
    choices = {"multiply": examples[:EXAMPLE_LINES], "unknown": ()}
    draft.ask("units_of_goods", choices, header=count, price=price, counted=counted[1], priced=priced[1], suggested="")
    draft.unsure(price)
    return source


def _is_proportional(lines: Sequence[_Line]) -> bool:
    each = [abs(line.price) / abs(line.quantity) for line in lines if line.price and line.quantity]
    return max(each) - min(each) <= CENT


def ask_meanings(draft: ProposalDraft, source: SourceMapping) -> SourceMapping:
    """List what the values of each status mean; ask about those that the dictionary does not know for certain."""
    if source.table != "transactions":
        return source
    status = source.header_of("status")
    marks = [
        header
        for header in draft.sample.header
        if header == status or is_row_mark(header) or is_row_kind(header, _statuses(draft, source, header))
    ]
    if source.cancelled is not None and status in marks and source.cancelled.column == status:
        marks.remove(status)
    meanings = dict(source.meanings)
    for header in draft.sample.header:
        flag = None if header in marks or header in source.columns else _flag(draft, source, header)
        if flag is not None:
            meanings[header] = flag
    for header in marks:
        values = _statuses(draft, source, header)
        if not values or len(values) > MOST_VALUES:
            continue
        known: dict[str, RowMeaning] = {}
        for value, (count, has_sales) in values.items():
            meaning = _known_meaning(header, value, is_status=header == status, has_sales=has_sales)
            if meaning is None:
                choices: dict[str, tuple[str, ...]] = dict.fromkeys(get_args(RowMeaning), ())
                supposed = _supposed(draft, source, marks, header, value)
                draft.ask("status_value", choices, header=header, value=value, count=count, suggested=supposed)
            else:
                known[value] = meaning
        meanings[header] = known
    return replace(source, meanings=meanings)


def _known_meaning(header: str, value: str, *, is_status: bool, has_sales: bool) -> RowMeaning | None:
    """What a value says for certain; of kinds under a header that may mean anything only doubtful ones are no sales."""
    if not is_status and not comparison_key(value):
        return "sale"  # a dash says nothing
    meaning = certain_meaning(value, has_sales=has_sales)
    if is_status or not is_loose_kind(header) or supposed_meaning(value) == "sale":
        return meaning
    return None if may_bring_nothing(value) or supposed_meaning(value) else "sale"


def _flag(draft: ProposalDraft, source: SourceMapping, header: str) -> dict[str, RowMeaning] | None:
    """What a column of yes and no, or of days on which a sale ended, says; what may be no sale is asked about."""
    values = _statuses(draft, source, header)
    choices: dict[str, tuple[str, ...]] = dict.fromkeys(get_args(RowMeaning), ())
    shape = draft.shapes[header]
    if is_time_of_end(header) and shape.share(shape.dates + shape.ambiguous_dates) >= FITTING_SHARE:
        back = any(has_sales for _, has_sales in values.values()) and not refunded_headers(draft, source)
        facts = {"count": shape.filled, "suggested": "no_sale" if back else "sale"}
        draft.ask("filled_mark", choices, header=header, value=ANY_VALUE, **facts)
        return {}
    said = {value: flag_meaning(header, value) for value in values}
    if not said or None in said.values():
        return None
    known: dict[str, RowMeaning] = {}
    for value, (count, has_sales) in values.items():
        meaning, is_certain = said[value] or (None, False)
        if is_certain and meaning:
            known[value] = meaning
        else:
            suggested = meaning or ""
            if suggested and is_refund_flag(header) and refunded_headers(draft, source):
                suggested = "sale"  # what went back is taken off
            elif suggested and not has_sales and source.header_of("amount"):
                suggested = "refund"
            draft.ask("status_value", choices, header=header, value=value, count=count, suggested=suggested)
    return known


def ask_refunded(draft: ProposalDraft, source: SourceMapping) -> SourceMapping:
    """Ask whether money that was paid back, in a column of its own, is to be taken off the amount."""
    if source.table != "transactions" or not (source.header_of("amount") or source.header_of("unit_price")):
        return source
    repeating = _repeating(draft, source)
    for header in refunded_headers(draft, source):
        filled = tuple(text for text, _ in draft.shapes[header].commonest if text.strip(NO_MONEY))[:EXAMPLE_LINES]
        choices = {"deduct": filled, "keep": ()}
        if is_net(source.header_of("amount") or ""):  # it may be off already
            draft.ask("refund_column", choices, header=header, suggested="", repeating=repeating)
            continue
        if _is_in_rows(draft, source, header):
            draft.ask("refund_column", choices, header=header, suggested="keep", repeating=repeating)
            continue
        draft.ask("refund_column", choices, header=header, suggested="deduct", repeating=repeating)
        source = replace(source, deduct=(*source.deduct, header))
        if source.per_order and header in repeating:
            source = replace(source, per_order=(*source.per_order, header))
    return source


def refunded_headers(draft: ProposalDraft, source: SourceMapping) -> list[str]:
    """Return the columns with money that was paid back; longer headers only where none says it plainly."""

    def holds_money(header: str) -> bool:
        shape = draft.shapes[header]
        filled = any(text.strip(NO_MONEY) for text, _ in shape.commonest)
        numbers = shape.share(shape.numbers + shape.ambiguous_numbers)
        return header not in source.columns and numbers > 0.5 and filled

    named = [header for header in draft.sample.header if is_refunded_amount(header)]
    named = named or [header for header in draft.sample.header if ends_in_refunded_amount(header)]
    return [header for header in named if holds_money(header)]


def ask_returns(draft: ProposalDraft, source: SourceMapping) -> SourceMapping:
    """Ask whether a file or sheet that is called returns holds money paid back, where its amounts are above zero."""
    header = source.header_of("amount")
    name = source.sheet or draft.sample.sheet or stem(draft.sample.file)
    if source.table != "transactions" or header is None or not names_returns(name):
        return source
    texts = [text.strip() for text in draft.sample.values[header] if text and text.strip()]
    if not texts or all(text.startswith(("-", "－", "(", "（")) for text in texts):
        return source
    if any({"sale", "refund"} <= {*values.values()} for values in source.meanings.values()):
        return source  # its rows say themselves which of them are returns
    source = replace(source, meanings={header: _of_returns(values) for header, values in source.meanings.items()})
    draft.ask("returns", {"refund": tuple(texts[:EXAMPLE_LINES]), "sale": ()}, name=name, suggested="refund")
    return replace(source, returns=True)


def _of_returns(values: Mapping[str, RowMeaning]) -> dict[str, RowMeaning]:
    """What statuses say of rows that are all returns: one that was refused or called off took nothing back."""
    return {value: "no_sale" if denies_return(value) else meaning for value, meaning in values.items()}


def ask_paid_out(draft: ProposalDraft, source: SourceMapping) -> SourceMapping:
    """Ask about money that went out, in a column beside the one with what came in."""
    amount = source.header_of("amount")
    if source.table != "transactions" or amount is None:
        return source
    for header in draft.sample.header:
        shape = draft.shapes[header]
        if header in source.columns or not is_paid_out(header) or shape.share(shape.numbers) <= 0.5:
            continue
        texts = [(text or "").strip() for text in draft.sample.values[header]]
        out = [text for text in texts if text.strip(NO_MONEY)]
        if out:
            nothing = sorted({*ZEROS, *texts} - {*out, ""})
            choices: dict[str, tuple[str, ...]] = {"deduct": tuple(out[:EXAMPLE_LINES]), "no_sale": ()}
            draft.ask("paid_out", choices, amount=amount, header=header, count=len(out), nothing=nothing, suggested="")
    return source


def ask_unpaid(draft: ProposalDraft, source: SourceMapping) -> SourceMapping:
    """Ask about rows without a moment of payment, or without the yes of others, unless a status says enough."""
    if source.table != "transactions":
        return source
    for header in draft.sample.header:
        shape, said = draft.shapes[header], source.meanings.get(header, {})
        is_moment = is_time_of_payment(header) and shape.share(shape.dates + shape.ambiguous_dates) >= FITTING_SHARE
        is_all_yes = is_sale_flag(header) and shape.filled and {*said.values()} == {"sale"}
        if source.columns.get(header) == "day" or not (is_moment or is_all_yes):
            continue
        order = source.header_of("order_id")
        numbers = [(text or "").strip() for text in draft.sample.values[order]] if order else []
        texts = [(text or "").strip() for text in draft.sample.values[header]]
        paid = {number for number, text in zip(numbers, texts, strict=True) if number and text} if order else set()
        blank = [place for place, text in enumerate(texts) if not text and not is_left_out(draft, source, place)]
        unpaid = [place for place in blank if not order or numbers[place] not in paid]
        if not unpaid or len(blank) == len(texts):
            continue
        if len(unpaid) < len(blank) and header not in source.fill_down:  # on an order's first line only
            source = replace(source, fill_down=(*source.fill_down, header))
        choices: dict[str, tuple[str, ...]] = {"sale": (), "no_sale": ()}
        draft.ask(
            "blank_mark", choices, header=header, value="", count=len(unpaid), suggested="no_sale" if is_moment else ""
        )
        source = replace(source, meanings={**source.meanings, header: {**said, ANY_VALUE: "sale"}})
    return source


def is_left_out(draft: ProposalDraft, source: SourceMapping, place: int) -> bool:
    """Return whether a row holds nothing at all, or a known status leaves it out."""
    if not any((texts[place] or "").strip() for texts in draft.sample.values.values()):
        return True
    return any(
        values.get((draft.sample.values[header][place] or "").strip()) == "no_sale"
        for header, values in source.meanings.items()
    )


def is_refund_row(draft: ProposalDraft, source: SourceMapping, place: int) -> bool:
    """Return whether a status takes a row for money paid back, for certain or as it is asked."""
    for header, values in source.meanings.items():
        text = (draft.sample.values[header][place] or "").strip()
        if (values.get(text) or supposed_meaning(text)) == "refund":
            return True
    return False


def _is_in_rows(draft: ProposalDraft, source: SourceMapping, header: str) -> bool:
    """Whether orders with money under a header have rows of their own with the same money: it went back once."""
    order = source.header_of("order_id")
    if order is None:
        return False
    back, money = numbers_of(draft, source, header), _money_of_rows(draft, source)
    in_column: dict[str, Decimal] = {}
    in_rows: dict[str, Decimal] = {}
    for place, number in enumerate(draft.sample.values[order]):
        key, own, part = (number or "").strip(), money[place] or Decimal(0), back[place] or Decimal(0)
        if part:
            in_column[key] = max(in_column.get(key, Decimal(0)), abs(part))
        if own < 0 or (own and not part and is_refund_row(draft, source, place)):
            in_rows[key] = in_rows.get(key, Decimal(0)) + abs(own)
    both = [key for key in in_column if key in in_rows]
    return bool(both) and all(abs(in_column[key] - in_rows[key]) <= CENT for key in both)


def _money_of_rows(draft: ProposalDraft, source: SourceMapping) -> list[Decimal | None]:
    """The amounts as they are written, or quantity times price where no column has them."""
    amount, price, quantity = (source.header_of(column) for column in ("amount", "unit_price", "quantity"))
    if amount is not None or price is None:
        return numbers_of(draft, source, amount) if amount else [None] * draft.sample.row_count
    prices = numbers_of(draft, source, price)
    pieces: Sequence[Decimal | None] = numbers_of(draft, source, quantity) if quantity else [Decimal(1)] * len(prices)
    both = zip(pieces, prices, strict=True)
    return [None if one is None or each is None else one * each for one, each in both]


def find_profit(draft: ProposalDraft, source: SourceMapping) -> SourceMapping:
    """Take what a line earned for its cost, where no cost is known."""
    if source.table != "transactions" or source.header_of("cost") or source.header_of("amount") is None:
        return source
    header = next((one for one in draft.sample.header if is_profit(one) and one not in source.columns), None)
    if header is None or draft.shapes[header].share(draft.shapes[header].numbers) < 0.5 or source.per_order:
        return source
    return replace(source, profit=header)


def ask_customer(draft: ProposalDraft, source: SourceMapping) -> SourceMapping:
    """Ask who bought, or was met, where no column is known for it: without customers sales and contacts need a yes."""
    masked = source.header_of("customer_id")
    if source.table in NEEDING_CUSTOMERS and masked is not None and _is_masked(draft, masked):
        draft.unsure(masked)
        source = source.with_column("customer_id", None)
    if source.table not in NEEDING_CUSTOMERS:
        return source
    if source.header_of("customer_id") is not None:
        return _ask_beside_name(draft, source)
    if any(
        one.key in ("two_candidates", "which_column") and one.facts.get("column") == "customer_id"
        for one in draft.questions
    ):
        return source
    return _ask_which_customer(draft, source)


def _ask_beside_name(draft: ProposalDraft, source: SourceMapping) -> SourceMapping:
    """Ask where persons are known by their names alone, and a phone number or mail address beside tells them apart.

    Where each name has one of these, whichever is taken, they are the same customers.
    """
    name = source.header_of("customer_id")
    if name is None or not comparison_key(name).endswith(NAMES_OF_PERSONS):
        return source
    if any(one.facts.get("column") == "customer_id" for one in draft.questions):
        return source
    for header, shape in draft.shapes.items():
        if header in source.columns or not shape.filled or _unlikeness(draft, header)[0] or _is_masked(draft, header):
            continue
        pairs = {
            ((who or "").strip(), (address or "").strip())
            for who, address in zip(draft.sample.values[name], draft.sample.values[header], strict=True)
            if (who or "").strip() and (address or "").strip()
        }
        if len(pairs) == len({who for who, _ in pairs}) == len({address for _, address in pairs}):
            continue
        facts = {"table": source.table, "column": "customer_id", "suggested": header}
        draft.ask("two_candidates", draft.examples([header, name]), **facts)
        draft.unsure(name)
        return source.with_column("customer_id", header)
    return source


def _ask_which_customer(draft: ProposalDraft, source: SourceMapping) -> SourceMapping:
    known = {header for header, column in source.columns.items() if column not in MAY_NAME_CUSTOMERS}
    free = [header for header in draft.sample.header if header not in known and _could_name(draft, header)]
    likely = sorted(free, key=lambda header: _unlikeness(draft, header))
    addresses = [header for header in likely if _unlikeness(draft, header)[0] == 0]
    facts = {"table": source.table, "column": "customer_id", "suggested": addresses[0] if len(addresses) == 1 else ""}
    draft.ask("which_customer", draft.examples(likely) | {NAMES_NOBODY: ()}, **facts)
    return source


def _is_masked(draft: ProposalDraft, header: str) -> bool:
    """True where names or numbers are starred out (张*, 138****0001): one of them may stand for many customers."""
    shape = draft.shapes[header]
    return sum(times for text, times in shape.commonest if re.search("[*＊]", text)) > 0.5 * shape.filled


def _unlikeness(draft: ProposalDraft, header: str) -> tuple[int, float]:
    """How little a column looks like customers: addresses and phones first, then names and ids, money and clocks last.

    Among its like the one with more different values comes first.
    """
    shape = draft.shapes[header]
    is_address = shape.share(shape.emails) > 0.5 or (  # a masked phone may be that of many
        shape.share(shape.phones) > 0.5 and all(WHOLE_MOBILE.fullmatch(text) for text, _ in shape.commonest)
    )
    is_address |= any(
        one.column == "customer_id" and one.table != "customers" and one.how != "header_similar"
        for one in meanings(header)
    )
    is_address &= not _is_masked(draft, header)
    is_text = shape.share(shape.numbers + shape.dates) < 0.5 and not any(":" in text for text, _ in shape.commonest)
    return (0 if is_address else 1 if is_text else 2, -shape.share(shape.distinct))


def find_currency(draft: ProposalDraft, source: SourceMapping) -> SourceMapping:
    """Take the column that names each row's currency, so that no two are ever added up."""
    if source.table != "transactions" or source.currency is not None:
        return source
    if is_in_home_currency(source.header_of("amount") or ""):
        return source
    header = next((one for one in draft.sample.header if is_currency(one) and one not in source.columns), None)
    header = header or next((one for one in draft.sample.header if _are_codes(draft, source, one)), None)
    return replace(source, currency=header) if header and draft.shapes[header].filled else source


def _are_codes(draft: ProposalDraft, source: SourceMapping, header: str) -> bool:
    """True for a column of which every cell is the code of a currency, whatever its header (Währg, Curr.)."""
    shape = draft.shapes[header]
    said = [text.strip() for text, _ in shape.commonest]
    is_every = shape.few and shape.filled == draft.sample.row_count and all(text in DECIMALS for text in said)
    return header not in source.columns and bool(said) and is_every and not {*said} <= WORDS_TOO


@dataclass(frozen=True)
class _Line:
    """A line as it is written: its order, its amount, its price, and quantity times price where both are known."""

    order: tuple[str, str] | None
    amount: Decimal | None
    price: Decimal | None
    product: Decimal | None
    quantity: Decimal | None
    day: str = ""

    @property
    def differs(self) -> bool:
        """True where the amount is not quantity times price, but for rounding."""
        if self.amount is None or not self.product:
            return False
        return abs(abs(self.amount) - abs(self.product)) > CENT

    @property
    def is_discounted(self) -> bool:
        """True where a discount makes the amount of quantity times price: not where it is the price of one piece."""
        if self.amount is None or self.product is None or self.price is None:
            return False
        paid, product = abs(self.amount), abs(self.product)
        return LEAST_PAID * product <= paid < product and paid != abs(self.price)


def _lines(draft: ProposalDraft, source: SourceMapping) -> list[_Line]:
    def read(column: str, kind: Type) -> Sequence[Decimal | None]:
        header = source.header_of(column)
        if header is None:
            return [None] * draft.sample.row_count
        texts = draft.sample.values[header]
        different = list(dict.fromkeys(texts))
        values = dict(zip(different, clean_values(different, kind, decimal=source.decimal), strict=True))
        return [cast("Decimal | None", values[text][0]) for text in texts]

    amounts, quantities, prices = read("amount", "money"), read("quantity", "number"), read("unit_price", "price")
    order, buyer = (source.header_of(column) for column in ("order_id", "customer_id"))
    day = source.header_of("day")
    numbers, buyers, days = (
        [(text or "").strip() for text in draft.sample.values[header]] if header else [""] * len(amounts)
        for header in (order, buyer, day)
    )
    return [
        _Line(
            (number, whose) if number else None,
            amount,
            price,
            None if quantity is None or price is None else (quantity * price).quantize(CENT),
            quantity,
            re.split("[ T]", written)[0],
        )
        for number, whose, amount, quantity, price, written in zip(
            numbers, buyers, amounts, quantities, prices, days, strict=True
        )
    ]


def _seems_order_total(lines: Sequence[_Line]) -> bool:
    """True where the amounts of orders of several lines are all alike, though not each line's quantity times price.

    Without prices the lines of most orders must show the same amount; where it stands on one line only, the others
    are blank.
    """
    orders: dict[tuple[str, str], list[_Line]] = {}
    for line in lines:
        if line.order is not None:
            orders.setdefault(line.order, []).append(line)
    several = [part for part in orders.values() if len(part) > 1]
    if len(several) < LEAST_ORDERS:
        return False
    alike = [part for part in several if _is_one_amount(part)]
    if len(alike) < REPEATED_SHARE * len(several):
        return False
    priced = [line for part in several for line in part if line.product is not None and line.amount is not None]
    if priced:
        return sum(line.differs for line in priced) > DIFFERING_SHARE * len(priced)
    return True


def _spans_days(lines: Sequence[_Line]) -> bool:
    """True where an order's lines are of several days: a contract of equal instalments is paid each time."""
    days: dict[tuple[str, str], set[str]] = {}
    for line in lines:
        if line.order is not None and line.day:
            days.setdefault(line.order, set()).add(line.day)
    return any(len(one) > 1 for one in days.values())


def _is_one_amount(lines: Sequence[_Line]) -> bool:
    amounts = {line.amount for line in lines if line.amount is not None}
    return len(amounts) == 1 and lines[0].amount is not None


def _repeating(draft: ProposalDraft, source: SourceMapping) -> list[str]:
    """The columns with money paid back that have one value in every order."""
    return [one for one in refunded_headers(draft, source) if _repeats_within_orders(draft, source, one)]


def _repeats_within_orders(draft: ProposalDraft, source: SourceMapping, header: str) -> bool:
    """True where a column has one value in every order."""
    order = source.header_of("order_id")
    if order is None:
        return False
    values: dict[str, set[str]] = {}
    for number, text in zip(draft.sample.values[order], draft.sample.values[header], strict=True):
        values.setdefault((number or "").strip(), set()).add((text or "").strip())
    return all(len(different - {""}) <= 1 for different in values.values())


def _examples(lines: Sequence[_Line], choice: str) -> tuple[str, ...]:
    """How a few lines count under a choice."""
    if choice == "order":
        firsts = list({line.order: line for line in lines if line.amount is not None}.values())
        return tuple(f"{line.order[0] if line.order else ''}: {line.amount}" for line in firsts[:EXAMPLE_LINES])
    numbers = [line.amount if choice == "line" else line.product for line in lines[:EXAMPLE_LINES]]
    return tuple(str(number) for number in numbers if number is not None)


def _supposed(draft: ProposalDraft, source: SourceMapping, marks: Sequence[str], header: str, value: str) -> str:
    """What a value that is asked most likely says; nothing where the row may as well be the order that was refunded.

    Rows on which every direction of money says "out" are money paid back. Where what was paid back stands in a
    column of its own on these rows, they are the sales, and the column is taken off them: never both.
    """
    if supposed_meaning(value) != "refund":
        return supposed_meaning(value) or ""
    rows = [place for place, text in enumerate(draft.sample.values[header]) if (text or "").strip() == value]
    for back in refunded_headers(draft, source):
        texts = draft.sample.values[back]
        if all((texts[place] or "").strip(NO_MONEY) for place in rows):
            return "sale"
    directions = [mark for mark in marks if is_direction(mark)]
    for direction in directions:
        values = {
            (way or "").strip()
            for text, way in zip(draft.sample.values[header], draft.sample.values[direction], strict=True)
            if (text or "").strip() == value
        }
        if values and all(supposed_meaning(way) == "refund" for way in values):
            return "refund"
    return ""


def _statuses(draft: ProposalDraft, source: SourceMapping, header: str) -> Mapping[str, tuple[int, bool]]:
    """The values of a status: how often each occurs, and whether on an amount above zero."""
    amount = source.header_of("amount")
    amounts = draft.sample.values[amount] if amount else [None] * draft.sample.row_count
    counted: dict[str, tuple[int, bool]] = {}
    for text, money in zip(draft.sample.values[header], amounts, strict=True):
        value = (text or "").strip()
        if value:
            count, has_sales = counted.get(value, (0, False))
            is_sale = amount is None or not (money or "").strip().startswith(("-", "－", "(", "（"))
            counted[value] = (count + 1, has_sales or (is_sale and bool((money or "").strip(" 0.,"))))
    return counted


def _could_name(draft: ProposalDraft, header: str) -> bool:
    """True for what could tell customers apart: no days, no money with cents, and not one value for all."""
    shape = draft.shapes[header]
    fractions = shape.numbers - shape.whole
    return bool(shape.filled) and shape.distinct > 1 and shape.share(shape.dates) < 0.5 and shape.share(fractions) < 0.5
