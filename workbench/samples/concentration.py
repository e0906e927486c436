"""The planted concentration: the fleets' contracts are set so that exact shares come out, with a tie at 80 %."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import accumulate

from workbench.samples.catalog import BY_ID
from workbench.samples.model import AS_OF, FIRST_DAY, TAXI_GROUP, Customer, OrderLine, SampleCompany
from workbench.samples.orders import Till
from workbench.samples.seasons import opening_day

TOP_PERCENT = 20
TOP_SPEND_PERCENT = 74
TAXI_SPEND_PERCENT = 12
TARGET_PERCENT = 80
CONTRACT_FLEETS = 10
CONTRACT_MONTHS = 11
CONTRACT_COST_PERCENT = 63
CONTRACT_ROUND = 100_00
MOST_TRIES = 20


@dataclass(frozen=True)
class Ranking:
    """Customers by net spend in fen, the largest first; the lower number first among equals."""

    customers: tuple[str, ...]
    amounts: tuple[int, ...]

    @property
    def total(self) -> int:
        """The spend of all; who is worth less than nothing takes nothing from it."""
        return sum(amount for amount in self.amounts if amount > 0)

    def top(self, percent: int) -> tuple[int, ...]:
        """The amounts of the first so many percent of the customers, rounded up to whole customers."""
        return self.amounts[: -(-len(self.amounts) * percent // 100)]

    @property
    def crossing(self) -> int:
        """The place, from 0, of the customer with whom 80 % of the spend are reached."""
        sums = accumulate(self.amounts)
        return next(place for place, sum_ in enumerate(sums) if 100 * sum_ >= TARGET_PERCENT * self.total)


def spend(lines: Iterable[OrderLine]) -> dict[str, int]:
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


def ranking(lines: Iterable[OrderLine]) -> Ranking:
    """Return the customers by net spend."""
    entries = sorted(spend(lines).items(), key=lambda entry: (-entry[1], entry[0]))
    return Ranking(tuple(customer_id for customer_id, _ in entries), tuple(amount for _, amount in entries))


def plant_concentration(company: SampleCompany, till: Till) -> None:
    """Make the top 20 % bring exactly 74 % and the taxi group 12 %, with a tie where 80 % are reached.

    With `extra` fen of contracts, `taxi` of them for the taxi group, both shares hold where
    top + extra = 74 % of (all + extra) and group + taxi = 12 % of (all + extra). Lifting the customer below the one
    who crosses 80 % to the same amount moves the sums a little, so both are repeated until they stand still.
    """
    taxis = [one for one in company.customers if one.name.startswith(TAXI_GROUP)]
    fleets = _largest_fleets(company)
    taxi_contracts, fleet_contracts = _contracts(till, taxis), _contracts(till, fleets)
    contracted = {one.customer_id for one in (*taxis, *fleets)}
    for _ in range(MOST_TRIES):
        _spread(taxi_contracts, 0)
        _spread(fleet_contracts, 0)
        totals = spend(company.lines)
        everything = ranking(company.lines).total
        extra = _missing_in_top(totals, contracted, everything)
        group = sum(totals[one.customer_id] for one in taxis)
        taxi = round_half_up(TAXI_SPEND_PERCENT * (everything + extra), 100) - group
        if not 0 < taxi < extra:
            raise ValueError(f"No contracts make the planted shares true: {taxi} fen of {extra} for the taxi group.")
        _spread(taxi_contracts, taxi)
        _spread(fleet_contracts, extra - taxi)
        if not _lift_to_tie(company.lines):
            return
    raise ValueError(f"The planted tie did not come to rest in {MOST_TRIES} tries.")


def round_half_up(numerator: int, denominator: int) -> int:
    """Divide whole numbers and round half up, alike on every machine.

    >>> round_half_up(5, 2), round_half_up(4, 3)
    (3, 1)
    """
    return (2 * numerator + denominator) // (2 * denominator)


def _missing_in_top(totals: dict[str, int], contracted: set[str], everything: int) -> int:
    """Return the fen that customers with contracts, who end up in the top 20 %, must add to bring it to 74 %."""
    others = sorted((amount for customer_id, amount in totals.items() if customer_id not in contracted), reverse=True)
    places = -(-len(totals) * TOP_PERCENT // 100) - len(contracted)
    top = sum(totals[customer_id] for customer_id in contracted) + sum(others[:places])
    return round_half_up(TOP_SPEND_PERCENT * everything - 100 * top, 100 - TOP_SPEND_PERCENT)


def _lift_to_tie(lines: list[OrderLine]) -> int:
    """Lift the customer below the one who crosses 80 % to the same amount; return by how much."""
    ranked = ranking(lines)
    place = ranked.crossing
    missing = ranked.amounts[place] - ranked.amounts[place + 1]
    below = ranked.customers[place + 1]
    own = [line for line in lines if line.customer and line.customer.customer_id == below and line.counts]
    max(own, key=lambda line: (line.amount, line.day, line.product.product_id)).amount += missing
    return missing


def _contracts(till: Till, customers: list[Customer]) -> list[OrderLine]:
    """Ring up one contract line per customer and year, each customer in a month of its own, still without money."""
    lines = []
    for year in range(FIRST_DAY.year, AS_OF.year + 1):
        for place, customer in enumerate(customers):
            till.open()
            day = opening_day(date(year, 1 + place % CONTRACT_MONTHS, 15))
            lines.append(till.ring(customer, day, BY_ID["HT001"], price=1, channel="客户经理"))
    return lines


def _spread(lines: list[OrderLine], total: int) -> None:
    """Spread an amount over contract lines in whole hundreds of yuan; the last one takes the rest."""
    each = total // len(lines) // CONTRACT_ROUND * CONTRACT_ROUND
    for line in lines:
        last = line is lines[-1]
        line.amount = line.unit_price = total - each * (len(lines) - 1) if last else each
        line.cost = round_half_up(line.amount * CONTRACT_COST_PERCENT, 100)


def _largest_fleets(company: SampleCompany) -> list[Customer]:
    """Return the companies that buy most, without taxis and without those who were not here from the start."""
    totals = spend(company.lines)
    companies = [one for one in company.customers if one.customer_type == "企业" and one.industry != "出租车"]
    early = [one for one in companies if one.registered_on < FIRST_DAY and one.customer_id in totals]
    return sorted(early, key=lambda one: (-totals[one.customer_id], one.customer_id))[:CONTRACT_FLEETS]
