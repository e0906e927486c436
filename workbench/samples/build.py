"""Put the company together: people, visits, orders, the planted facts, then what customers say about it."""

from __future__ import annotations

from datetime import date, timedelta

from workbench.samples import contacts, orders, planting, surveys
from workbench.samples.catalog import CATALOG
from workbench.samples.concentration import plant_concentration
from workbench.samples.dice import Dice
from workbench.samples.model import AS_OF, FIRST_DAY, OrderLine, SampleCompany
from workbench.samples.people import hire, newcomer, recruit
from workbench.samples.seasons import is_open
from workbench.samples.visits import visits_of

SERVQUAL_RESPONSES = 360


def build_company(seed: int, customers: int) -> SampleCompany:
    """Return the company with `customers` rows in its archive; the same seed gives the same company."""
    employees = hire(seed)
    people = recruit(seed, customers - planting.DUPLICATES + planting.ORPHANS, employees)
    company = SampleCompany([*employees, newcomer(employees)], people, CATALOG)
    planting.plant_names(Dice(seed, "odd names"), people)
    till = orders.Till(Dice(seed, "orders"))
    dice = Dice(seed, "visits")
    for customer in people:
        visits = visits_of(dice, customer)
        orders.sell(till, visits)
        orders.insure(till, visits)
        orders.order_online(till, visits)
    every_day = [FIRST_DAY + timedelta(days=shift) for shift in range((AS_OF - FIRST_DAY).days + 1)]
    orders.walk_in(till, [day for day in every_day if is_open(day)], employees)
    orders.take_back(till)
    company.lines = till.lines
    _plant(seed, company, till)
    _listen(seed, company)
    return company


def _plant(seed: int, company: SampleCompany, till: orders.Till) -> None:
    """Bend the sales until the planted facts are true, then add the cancelled orders and number all of them."""
    dice = Dice(seed, "planting")
    taken = planting.plant_duplicates(dice, company)
    taken += planting.plant_orphans(dice, company, taken)
    taken.append(planting.plant_refund(dice, company, till, taken))
    planting.plant_shared_phones(dice, company, taken)
    planting.plant_birthdays(dice, company.customers)
    plant_concentration(company, till)
    orders.cancel(till)
    company.lines = orders.number_orders(till.lines)


def _listen(seed: int, company: SampleCompany) -> None:
    """Ask the customers, and note what they say of their own accord."""
    occasions = _occasions(company.lines)
    company.follow_ups = surveys.follow_ups(Dice(seed, "follow-ups"), occasions, company.employees[-1])
    company.recommendations = surveys.recommendations(Dice(seed, "recommendations"), occasions)
    surveys.weigh(company.recommendations, occasions)
    people = sorted({one.customer.customer_id: one.customer for one in occasions if one.day.year == 2025}.items())
    archived = [customer for _, customer in people if customer.in_archive]
    company.servqual = surveys.service_quality(Dice(seed, "service quality"), archived, SERVQUAL_RESPONSES)
    company.complaints = contacts.complaints(Dice(seed, "complaints"), occasions)
    company.contacts = contacts.contact_history(Dice(seed, "contacts"), company.customers, occasions)
    company.points = contacts.points(Dice(seed, "points"), company.lines)


def _occasions(lines: list[OrderLine]) -> list[surveys.Occasion]:
    """Return the visits to a shop that people can be asked about, by day and customer."""
    visits: dict[tuple[date, str], surveys.Occasion] = {}
    for line in lines:
        customer = line.customer
        if customer and customer.in_archive and line.counts and line.amount > 0 and line.channel != orders.WEB_SHOP:
            occasion = surveys.Occasion(customer, line.day, line.region, line.advisor)
            visits.setdefault((line.day, customer.customer_id), occasion)
    return [visits[key] for key in sorted(visits)]
