"""Four years of visits: who comes on which day, by the car's kilometres, the owner's habit and the warranty's end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from workbench.samples.dice import Dice
from workbench.samples.model import AS_OF, FIRST_DAY, LEAVING_FROM, LEAVING_REGION, Customer
from workbench.samples.seasons import visiting_day

SERVICE_KM = 9_500
COMES_WHEN_DUE = {"忠诚": 0.94, "弹性": 0.62, "流失": 0.76}
STOPS_AFTER_WARRANTY = {"忠诚": 0.07, "弹性": 0.38, "流失": 1.0}
FLEET_VISITS_A_YEAR = 9


@dataclass(frozen=True)
class Visit:
    """A customer in a shop on a day, with one car or, for a fleet, several."""

    customer: Customer
    day: date
    cars: int
    number: int
    """The how-manieth visit of the customer."""


def visits_of(dice: Dice, customer: Customer) -> list[Visit]:
    """Return the visits of one customer up to AS_OF, one a day at most."""
    interval = service_interval_days(customer)
    cars = max(1, customer.car_count * customer.km_per_year * interval // (SERVICE_KM * 365))
    if customer.registered_on < FIRST_DAY:
        due = FIRST_DAY + timedelta(days=dice.between(0, interval))
    else:
        due = customer.registered_on + timedelta(days=dice.between(3, 60 + interval // 2))
    quits_on = _last_day(dice, customer)
    days: set[date] = set()
    while due <= quits_on:
        if dice.chance(COMES_WHEN_DUE[customer.habit]):
            days.add(visiting_day(dice, due))
        due += timedelta(days=interval * dice.between(80, 120) // 100)
    ordered = sorted(day for day in days if FIRST_DAY <= day <= AS_OF)
    if leaves(customer, ordered):
        ordered = ordered[:1]
    return [Visit(customer, day, cars, number) for number, day in enumerate(ordered, start=1)]


def service_interval_days(customer: Customer) -> int:
    """Return the days between two services; a fleet sends several cars together, about monthly."""
    if customer.car_count > 1:
        services_a_year = customer.car_count * customer.km_per_year // SERVICE_KM
        return 365 // max(2, min(FLEET_VISITS_A_YEAR, services_a_year))
    return max(30, min(365, SERVICE_KM * 365 // customer.km_per_year))


def leaves(customer: Customer, days: list[date]) -> bool:
    """Whether the customer belongs to those who come once and never again."""
    return customer.region == LEAVING_REGION and bool(days) and days[0] >= LEAVING_FROM


def _last_day(dice: Dice, customer: Customer) -> date:
    """Return the day after which the customer stays away: when the warranty ends, earlier, or never."""
    last = AS_OF
    if dice.chance(STOPS_AFTER_WARRANTY[customer.habit]) and customer.warranty_until >= FIRST_DAY:
        last = min(last, customer.warranty_until)
    if customer.habit == "流失":
        begin = max(customer.registered_on, FIRST_DAY)
        last = min(last, begin + timedelta(days=dice.between(60, 900)))
    return last
