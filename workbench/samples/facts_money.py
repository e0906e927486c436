"""Planted facts about money: who carries the business, what was refunded, cancelled, sold without a name."""

from __future__ import annotations

from datetime import date, timedelta

from workbench.samples.concentration import TOP_PERCENT, ranking, spend
from workbench.samples.model import AS_OF, PRICE_RISE, TAXI_GROUP, OrderLine, SampleCompany
from workbench.samples.shop_system import REPEATED_LINES, WRONG_LINES


def top_share(company: SampleCompany) -> dict[str, object]:
    """The share of net spend that the first 20 % of the customers bring."""
    ranked = ranking(company.lines)
    top = ranked.top(TOP_PERCENT)
    return {
        "customers": len(ranked.amounts),
        "top": len(top),
        "share": sum(top) / ranked.total,
        "total": ranked.total / 100,
    }


def needed_for_target(company: SampleCompany) -> dict[str, object]:
    """How many customers together bring 80 %."""
    ranked = ranking(company.lines)
    count = ranked.crossing + 1
    return {"count": count, "share": count / len(ranked.amounts)}


def lorenz_points(company: SampleCompany) -> dict[str, object]:
    """What the top 1, 5, 10 and 50 % bring: points of the Lorenz curve, read from the rich end."""
    ranked = ranking(company.lines)
    return {f"top_{percent}": sum(ranked.top(percent)) / ranked.total for percent in (1, 5, 10, 50)}


def taxi_group(company: SampleCompany) -> dict[str, object]:
    """The share of one group of companies that stands in the archive under several numbers."""
    totals = spend(company.lines)
    branches = [one.customer_id for one in company.customers if one.name.startswith(TAXI_GROUP)]
    share = sum(totals.get(branch, 0) for branch in branches) / ranking(company.lines).total
    return {"group": TAXI_GROUP, "branches": len(branches), "share": share}


def tied_pair(company: SampleCompany) -> dict[str, object]:
    """Two customers of equal spend, between whom the 80 % are reached."""
    ranked = ranking(company.lines)
    amount = ranked.amounts[ranked.crossing]
    tied = [customer for customer, own in zip(ranked.customers, ranked.amounts, strict=True) if own == amount]
    return {
        "first": tied[0],
        "second": tied[1],
        "tied": len(tied),
        "amount": amount / 100,
        "rank": ranked.crossing + 1,
    }


def net_negative(company: SampleCompany) -> dict[str, object]:
    """The customer who got more back than they paid."""
    below = {customer_id: total for customer_id, total in spend(company.lines).items() if total <= 0}
    customer_id = min(below, key=lambda one: below[one])
    own = [line.amount for line in company.lines if line.customer and line.customer.customer_id == customer_id]
    return {
        "customer_id": customer_id,
        "count": len(below),
        "sale": max(own) / 100,
        "refund": -min(own) / 100,
        "net": below[customer_id] / 100,
    }


def insurance(company: SampleCompany) -> dict[str, object]:
    """Much of what is paid, hardly any of the margin."""
    standing = [line for line in company.lines if line.counts]
    own = [line for line in standing if line.product.category == "保险"]
    return {
        "revenue_share": sum(line.amount for line in own) / sum(line.amount for line in standing),
        "margin_share": _margin(own) / _margin(standing),
    }


def price_rise(company: SampleCompany) -> dict[str, object]:
    """The day on which services became dearer."""
    dearer = [product for product in company.products if product.price_after > product.price]
    small = dearer[0]
    return {
        "day": PRICE_RISE,
        "products": len(dearer),
        "product_id": small.product_id,
        "before": small.price // 100,
        "after": small.price_after // 100,
    }


def incomplete_month(company: SampleCompany) -> dict[str, object]:
    """The last month is not over: its sum is no fall in sales."""
    last = _sum_between(company, AS_OF.replace(day=1), AS_OF)
    end = AS_OF.replace(day=1) - timedelta(days=1)
    before = _sum_between(company, end.replace(day=1), end)
    return {"month": f"{AS_OF:%Y-%m}", "days": AS_OF.day, "amount": last, "before": before, "change": last / before - 1}


def spring_festival(company: SampleCompany) -> dict[str, object]:
    """January and February differ because of the holiday, every year."""
    orders = {line.order_id: line.day.month for line in company.lines if line.counts and line.amount > 0}
    months = list(orders.values())
    return {"january": months.count(1), "february": months.count(2), "ratio": months.count(2) / months.count(1)}


def walk_ins(company: SampleCompany) -> dict[str, object]:
    """Sales without a customer number belong to no customer's spend."""
    own = [line for line in company.lines if line.customer is None]
    return {"lines": len(own), "amount": sum(line.amount for line in own) / 100}


def cancelled(company: SampleCompany) -> dict[str, object]:
    """Orders marked 作废, which must not be counted."""
    own = [line for line in company.lines if not line.counts]
    return {
        "orders": len({line.order_id for line in own}),
        "lines": len(own),
        "amount": sum(line.amount for line in own) / 100,
    }


def repeated_lines(_: SampleCompany) -> dict[str, object]:
    """A page of the export of 2023 that stands there twice."""
    return {"year": 2023, "lines": REPEATED_LINES}


def wrong_rows(_: SampleCompany) -> dict[str, object]:
    """Rows that no loader can accept, by what they should have been."""
    settled = sum(len(lines) for lines in WRONG_LINES.values())
    return {"archive": 3, "settled": settled, "insurance": 1, "complaints": 2, "follow_ups": 1, "contacts": 1}


MONEY_FACTS = (
    *(top_share, needed_for_target, lorenz_points, taxi_group, tied_pair, net_negative, insurance),
    *(price_rise, incomplete_month, spring_festival, walk_ins, cancelled, repeated_lines, wrong_rows),
)


def _margin(lines: list[OrderLine]) -> int:
    """Return amount minus cost in fen; the web shop does not say what its goods cost."""
    return sum(line.amount - line.cost for line in lines if not line.order_id.startswith("SC"))


def _sum_between(company: SampleCompany, since: date, until: date) -> float:
    return sum(line.amount for line in company.lines if line.counts and since <= line.day <= until) / 100
