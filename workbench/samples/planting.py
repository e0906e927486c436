"""The planted facts: the finished company is bent until each of them is exactly true."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from itertools import accumulate

from workbench.samples.catalog import BY_ID
from workbench.samples.dice import Dice
from workbench.samples.model import (
    AS_OF,
    COMPANY,
    FIRST_DAY,
    LEAVING_REGION,
    TAXI_GROUP,
    Company,
    Customer,
    Line,
)
from workbench.samples.names import person_name
from workbench.samples.orders import Till, refund
from workbench.samples.seasons import opening_day

TOP_SHARE = 0.2
TOP_SPEND_PERCENT = 74
TAXI_SPEND_PERCENT = 12
TARGET_PERCENT = 80
DUPLICATES = 12
SHARED_PHONES = 5
ORPHANS = 4
BIRTHDAYS_MISSING_PERCENT = 22
DEFAULT_BIRTHDAY = date(1990, 1, 1)
DEFAULT_BIRTHDAYS = 60
HOSTILE_NAMES = ("</script><b>张三", "=1+1李四")
RARE_NAME = "王䶮"
CONTRACT_COST_PERCENT = 63


def spend(lines: Iterable[Line]) -> dict[str, int]:
    """Return net spend in fen by customer: cancelled lines do not count, refunds do; only who bought something."""
    totals: dict[str, int] = {}
    buyers: set[str] = set()
    for line in lines:
        if line.customer is not None and line.counts:
            customer_id = line.customer.customer_id
            totals[customer_id] = totals.get(customer_id, 0) + line.amount
            if line.amount > 0 and line.quantity > 0:
                buyers.add(customer_id)
    return {customer_id: total for customer_id, total in totals.items() if customer_id in buyers}


def top_count(customers: int) -> int:
    """Return how many customers the top 20 % are: rounded up."""
    return -(-customers * 20 // 100)


def plant_names(dice: Dice, customers: list[Customer]) -> None:
    """Give one customer a name that is a web page's code, one a formula, one a character that GBK lacks."""
    people = [customer for customer in customers if customer.customer_type == "个人"]
    for customer, name in zip(dice.some(people, 3), (*HOSTILE_NAMES, RARE_NAME), strict=True):
        customer.name = name


def plant_birthdays(dice: Dice, customers: list[Customer]) -> None:
    """Leave the birthday of 22 % of the private customers blank and give sixty others the form's default."""
    people = [customer for customer in customers if customer.customer_type == "个人" and customer.in_archive]
    blank = dice.some(people, round_half_up(len(people) * BIRTHDAYS_MISSING_PERCENT, 100))
    for customer in blank:
        customer.birthday = None
    known = [customer for customer in people if customer.birthday is not None]
    for customer in dice.some(known, DEFAULT_BIRTHDAYS * len(people) // 2900 or 1):
        customer.birthday = DEFAULT_BIRTHDAY


def plant_shared_phones(dice: Dice, customers: list[Customer], taken: Iterable[str]) -> None:
    """Let five couples share a telephone: the same number, but not the same person."""
    out = set(taken)
    people = [customer for customer in customers if _ordinary(customer) and customer.customer_id not in out]
    couples = dice.some(people, 2 * SHARED_PHONES)
    for one, other in zip(couples[::2], couples[1::2], strict=True):
        other.phone = one.phone
        while other.name[0] == one.name[0]:
            other.name = person_name(dice, "女")


def plant_duplicates(dice: Dice, company: Company) -> list[tuple[str, str]]:
    """Register twelve customers a second time: the later half of their purchases goes to the new number."""
    pairs: list[tuple[str, str]] = []
    next_number = max(int(customer.customer_id) for customer in company.customers) + 1
    days = _purchase_days(company.lines)
    fits = [one for one in company.customers if _ordinary(one) and len(days.get(one.customer_id, ())) >= 5]
    for customer in dice.some(fits, DUPLICATES):
        own = sorted(days[customer.customer_id])
        since = own[len(own) // 2]
        again = replace(customer, customer_id=f"{next_number:06d}", registered_on=since)
        next_number += 1
        for line in company.lines:
            if line.customer is customer and line.day >= since:
                line.customer = again
        company.customers.append(again)
        pairs.append((customer.customer_id, again.customer_id))
    return pairs


def plant_orphans(dice: Dice, company: Company, taken: Iterable[str]) -> list[str]:
    """Strike four customers from the archive while their orders stay."""
    days = _purchase_days(company.lines)
    out = set(taken)
    fits = [
        one
        for one in company.customers
        if _ordinary(one) and 2 <= len(days.get(one.customer_id, ())) <= 4 and one.customer_id not in out
    ]
    orphans = dice.some(fits, ORPHANS)
    for customer in orphans:
        customer.in_archive = False
    return [customer.customer_id for customer in orphans]


def plant_refund(dice: Dice, company: Company, till: Till, taken: Iterable[str]) -> str:
    """Give one customer more back than he ever paid: 1,080 for a dash camera of 680."""
    days = _purchase_days(company.lines)
    out = set(taken)
    fits = [
        one
        for one in company.customers
        if _ordinary(one)
        and days.get(one.customer_id, set())
        and max(days[one.customer_id]).year == 2023
        and len(days[one.customer_id]) == 1
        and one.customer_id not in out
    ]
    customer = dice.pick(fits)
    day = opening_day(min(days[customer.customer_id]))
    company.lines = [line for line in company.lines if line.customer is not customer]
    till.open()
    sale = till.ring(customer, day, BY_ID["JP002"], price=680_00, channel="自然到店")
    till.open()
    back = refund(sale, opening_day(day + timedelta(days=9)), 1080_00, till.visit)
    company.lines += [sale, back]
    return customer.customer_id


def plant_concentration(company: Company, till: Till) -> tuple[str, str]:
    """Make the top 20 % bring exactly 74 % and the taxi group 12 %, with a tie where 80 % are reached.

    The free sums are the fleets' yearly contracts: `extra` fen in all, `taxi` of them for the taxi group, solve
    (top + extra) / (all + extra) = 74 % and (group + taxi) / (all + extra) = 12 %. The customer below the one who
    crosses 80 % is lifted to the same amount, which moves the sums a little: both are repeated until they stand still.
    Returns the two customers of the tie.
    """
    taxis = [one for one in company.customers if one.name.startswith(TAXI_GROUP)]
    taxi_lines = _contracts(till, taxis)
    fleets = _largest_fleets(company, 10)
    fleet_lines = _contracts(till, fleets)
    company.lines += taxi_lines + fleet_lines
    for _ in range(20):
        _spread(taxi_lines, 0)
        _spread(fleet_lines, 0)
        totals = spend(company.lines)
        group = sum(totals.get(one.customer_id, 0) for one in taxis)
        fixed = {one.customer_id for one in (*taxis, *fleets)}
        ranked = sorted((value for key, value in totals.items() if key not in fixed), reverse=True)
        top = sum(totals[key] for key in fixed) + sum(ranked[: top_count(len(totals)) - len(fixed)])
        everything = sum(totals.values())
        extra = round_half_up(TOP_SPEND_PERCENT * everything - 100 * top, 100 - TOP_SPEND_PERCENT)
        taxi = round_half_up(TAXI_SPEND_PERCENT * (everything + extra), 100) - group
        if not 0 < taxi < extra:
            raise ValueError(f"The contracts cannot make the planted shares true: {taxi} of {extra} fen.")
        _spread(taxi_lines, taxi)
        _spread(fleet_lines, extra - taxi)
        pair = _tie(company.lines)
        if pair[2] == 0:
            return pair[0], pair[1]
    raise ValueError(f"The planted tie does not come to rest for {COMPANY}.")


def round_half_up(numerator: int, denominator: int) -> int:
    """Divide whole numbers and round half up, alike on every machine.

    >>> round_half_up(5, 2), round_half_up(4, 3)
    (3, 1)
    """
    return (2 * numerator + denominator) // (2 * denominator)


def _tie(lines: list[Line]) -> tuple[str, str, int]:
    """Lift the customer below the one who crosses 80 % to the same amount; return both and by how much."""
    totals = spend(lines)
    ranked = sorted(totals.items(), key=lambda entry: (-entry[1], entry[0]))
    target = sum(totals.values()) * TARGET_PERCENT
    crossing = next(
        place for place, sum_ in enumerate(accumulate(value for _, value in ranked)) if 100 * sum_ >= target
    )
    (above, more), (below, less) = ranked[crossing], ranked[crossing + 1]
    if more > less:
        line = max(
            (one for one in lines if one.customer and one.customer.customer_id == below and one.counts),
            key=lambda one: (one.amount, one.day, one.product.product_id),
        )
        line.amount += more - less
    return above, below, more - less


def _contracts(till: Till, customers: list[Customer]) -> list[Line]:
    """Return one contract line per customer and year, still without money."""
    lines = []
    for year in range(FIRST_DAY.year, AS_OF.year + 1):
        for customer in customers:
            till.open()
            lines.append(till.ring(customer, date(year, 3, 15), BY_ID["HT001"], price=1, channel="客户经理"))
    return lines


def _spread(lines: list[Line], total: int) -> None:
    """Spread an amount over contract lines, in whole hundreds of yuan; the last one takes the rest."""
    each = total // len(lines) // 10_000 * 10_000
    for line in lines:
        last = line is lines[-1]
        line.amount = line.unit_price = total - each * (len(lines) - 1) if last else each
        line.cost = round_half_up(line.amount * CONTRACT_COST_PERCENT, 100)


def _largest_fleets(company: Company, count: int) -> list[Customer]:
    totals = spend(company.lines)
    companies = [one for one in company.customers if one.customer_type == "企业" and one.industry != "出租车"]
    loyal = [one for one in companies if one.registered_on < FIRST_DAY and one.customer_id in totals]
    return sorted(loyal, key=lambda one: (-totals[one.customer_id], one.customer_id))[:count]


def _ordinary(customer: Customer) -> bool:
    """Whether a customer may be bent: a private one, of a region whose story is not told elsewhere."""
    plain_name = customer.name not in (*HOSTILE_NAMES, RARE_NAME)
    return customer.customer_type == "个人" and customer.region != LEAVING_REGION and plain_name


def _purchase_days(lines: list[Line]) -> dict[str, set[date]]:
    days: dict[str, set[date]] = {}
    for line in lines:
        if line.customer is not None and line.counts and line.amount > 0:
            days.setdefault(line.customer.customer_id, set()).add(line.day)
    return days
