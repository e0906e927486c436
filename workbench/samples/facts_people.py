"""Planted facts about customers: who stays, who leaves, who stands in the archive twice or not at all."""

from __future__ import annotations

from datetime import date, timedelta

from workbench.samples.concentration import TOP_PERCENT, ranking, spend
from workbench.samples.model import AS_OF, LEAVING_FROM, LEAVING_REGION, Customer, SampleCompany
from workbench.samples.planting import DEFAULT_BIRTHDAY, HOSTILE_NAMES, RARE_NAME, purchase_days

SEEN_FOR_DAYS = 170
"""Who came for the first time less than so many days ago had little time to come again."""


def leaving_region(company: SampleCompany) -> dict[str, object]:
    """New customers of one shop do not come back, those of the others do."""
    first_region: dict[str, str] = {}
    for line in sorted(company.lines, key=lambda line: line.day):
        if line.customer and line.counts and line.amount > 0:
            first_region.setdefault(line.customer.customer_id, line.region)
    days = purchase_days(company.lines)
    new = {key: own for key, own in days.items() if min(own) >= LEAVING_FROM}
    here = [own for key, own in new.items() if first_region[key] == LEAVING_REGION]
    seen = [
        own
        for key, own in new.items()
        if first_region[key] != LEAVING_REGION and (AS_OF - min(own)).days >= SEEN_FOR_DAYS
    ]
    return {
        "region": LEAVING_REGION,
        "since": LEAVING_FROM,
        "new": len(here),
        "returned": sum(len(own) > 1 for own in here),
        "elsewhere": sum(len(own) > 1 for own in seen) / len(seen),
        "elsewhere_new": len(seen),
        "days": SEEN_FOR_DAYS,
    }


def duplicates(company: SampleCompany) -> dict[str, object]:
    """People who were registered twice: the same name and the same telephone number."""
    names: dict[str, list[str]] = {}
    for customer in _archived(company):
        names.setdefault(customer.phone, []).append(customer.name)
    shared = [own for own in names.values() if len(own) > 1]
    twice = [own for own in shared if len(set(own)) == 1]
    return {"pairs": len(twice), "numbers": len(shared), "couples": len(shared) - len(twice)}


def orphans(company: SampleCompany) -> dict[str, object]:
    """Customers who buy but do not stand in the archive."""
    gone = {one.customer_id for one in company.customers if not one.in_archive}
    lines = [line for line in company.lines if line.counts and line.customer and line.customer.customer_id in gone]
    return {"count": len(gone), "ids": sorted(gone), "lines": len(lines)}


def birthdays(company: SampleCompany) -> dict[str, object]:
    """Birthdays that are missing, and one that is too frequent to be true."""
    people = _private(company)
    missing = sum(one.birthday is None for one in people)
    default = sum(one.birthday == DEFAULT_BIRTHDAY for one in people)
    return {
        "people": len(people),
        "missing": missing,
        "share": missing / len(people),
        "default": DEFAULT_BIRTHDAY,
        "defaults": default,
    }


def warranty_cliff(company: SampleCompany) -> dict[str, object]:
    """How many private customers come in the year before the warranty ends, and in the year after."""
    days = purchase_days(company.lines)
    year = timedelta(days=365)
    people = [one for one in _private(company) if date(2023, 1, 1) <= one.warranty_until <= AS_OF - year]
    before = after = 0
    for one in people:
        own = days.get(one.customer_id, set())
        before += any(one.warranty_until - year < day <= one.warranty_until for day in own)
        after += any(one.warranty_until < day <= one.warranty_until + year for day in own)
    return {"people": len(people), "before": before / len(people), "after": after / len(people)}


def tiers(company: SampleCompany) -> dict[str, object]:
    """The tier on the card says little about the value."""
    totals = spend(company.lines)
    least = ranking(company.lines).top(TOP_PERCENT)[-1]
    diamond = [one.customer_id for one in _private(company) if one.tier == "钻石" and one.customer_id in totals]
    top = sum(totals[customer_id] >= least for customer_id in diamond)
    return {"tier": "钻石", "customers": len(diamond), "top": top, "share": top / len(diamond)}


def odd_names(_: SampleCompany) -> dict[str, object]:
    """Names that are code of a web page, a formula, or need a character that GBK lacks."""
    return {"html": HOSTILE_NAMES[0], "formula": HOSTILE_NAMES[1], "rare": RARE_NAME}


PEOPLE_FACTS = (leaving_region, duplicates, orphans, birthdays, warranty_cliff, tiers, odd_names)


def _archived(company: SampleCompany) -> list[Customer]:
    return [customer for customer in company.customers if customer.in_archive]


def _private(company: SampleCompany) -> list[Customer]:
    return [customer for customer in _archived(company) if customer.customer_type == "个人"]
