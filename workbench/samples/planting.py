"""The planted facts about customers: some are registered twice, some not at all, some under odd names."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date, timedelta

from workbench.samples.catalog import BY_ID
from workbench.samples.concentration import round_half_up
from workbench.samples.dice import Dice
from workbench.samples.model import LEAVING_REGION, Customer, OrderLine, SampleCompany
from workbench.samples.names import person_name
from workbench.samples.orders import Till, refund
from workbench.samples.seasons import opening_day

DUPLICATES = 12
SHARED_PHONES = 5
ORPHANS = 4
BIRTHDAYS_MISSING_PERCENT = 22
DEFAULT_BIRTHDAY = date(1990, 1, 1)
DEFAULT_BIRTHDAYS_PERCENT = 2
HOSTILE_NAMES = ("</script><b>张三", "=1+1李四")
RARE_NAME = "王䶮"


def plant_names(dice: Dice, customers: list[Customer]) -> None:
    """Give one customer a name that is a web page's code, one a formula, one a character that GBK lacks."""
    people = [customer for customer in customers if customer.customer_type == "个人"]
    for customer, name in zip(dice.some(people, 3), (*HOSTILE_NAMES, RARE_NAME), strict=True):
        customer.name = name


def plant_duplicates(dice: Dice, company: SampleCompany) -> list[str]:
    """Register twelve customers a second time: the later half of their purchases goes to the new number.

    Returns all their numbers, old and new.
    """
    numbers: list[str] = []
    next_number = max(int(customer.customer_id) for customer in company.customers) + 1
    days = purchase_days(company.lines)
    for customer in dice.some(_ordinary(company, visits=range(5, 1000)), DUPLICATES):
        own = sorted(days[customer.customer_id])
        since = own[len(own) // 2]
        again = replace(customer, customer_id=f"{next_number:06d}", registered_on=since)
        next_number += 1
        for line in company.lines:
            if line.customer is customer and line.day >= since:
                line.customer = again
        company.customers.append(again)
        numbers += [customer.customer_id, again.customer_id]
    return numbers


def plant_orphans(dice: Dice, company: SampleCompany, taken: Collection[str]) -> list[str]:
    """Strike four customers from the archive while their orders stay; return their numbers."""
    orphans = dice.some(_ordinary(company, visits=range(2, 5), taken=taken), ORPHANS)
    for customer in orphans:
        customer.in_archive = False
    return [customer.customer_id for customer in orphans]


def plant_refund(dice: Dice, company: SampleCompany, till: Till, taken: Collection[str]) -> str:
    """Give a customer of one visit more back than they paid: 1,080 for a dash camera of 680; return their number."""
    days = purchase_days(company.lines)
    fits = _ordinary(company, visits=range(1, 2), taken=taken)
    customer = dice.pick([one for one in fits if max(days[one.customer_id]).year <= 2023])
    day = min(days[customer.customer_id])
    till.lines[:] = [line for line in till.lines if line.customer is not customer]
    till.open()
    sale = till.ring(customer, day, BY_ID["JP002"], price=680_00, channel="自然到店")
    till.open()
    till.lines.append(refund(sale, opening_day(day + timedelta(days=9)), 1080_00, till.visit))
    return customer.customer_id


def plant_shared_phones(dice: Dice, company: SampleCompany, taken: Collection[str]) -> None:
    """Let five couples share a telephone: the same number, but not the same person."""
    couples = dice.some(_ordinary(company, visits=range(1000), taken=taken), 2 * SHARED_PHONES)
    for one, other in zip(couples[::2], couples[1::2], strict=True):
        other.phone = one.phone
        while other.name[0] == one.name[0]:
            other.name = person_name(dice, other.gender)


def plant_birthdays(dice: Dice, customers: list[Customer]) -> None:
    """Leave the birthday of 22 % of the private customers blank and give 2 % the form's default."""
    people = [customer for customer in customers if customer.customer_type == "个人" and customer.in_archive]
    for customer in dice.some(people, round_half_up(len(people) * BIRTHDAYS_MISSING_PERCENT, 100)):
        customer.birthday = None
    known = [customer for customer in people if customer.birthday is not None]
    for customer in dice.some(known, round_half_up(len(people) * DEFAULT_BIRTHDAYS_PERCENT, 100)):
        customer.birthday = DEFAULT_BIRTHDAY


def purchase_days(lines: Iterable[OrderLine]) -> dict[str, set[date]]:
    """Return the days with a purchase that stands, by customer."""
    days: dict[str, set[date]] = {}
    for line in lines:
        if line.customer is not None and line.counts and line.amount > 0:
            days.setdefault(line.customer.customer_id, set()).add(line.day)
    return days


def _ordinary(company: SampleCompany, *, visits: range, taken: Collection[str] = ()) -> list[Customer]:
    """Return the customers who may be bent: private, with so many visits, and of no other story."""
    days = purchase_days(company.lines)
    return [
        one
        for one in company.customers
        if one.customer_type == "个人"
        and one.region != LEAVING_REGION
        and one.name not in (*HOSTILE_NAMES, RARE_NAME)
        and len(days.get(one.customer_id, ())) in visits
        and one.customer_id not in taken
    ]
