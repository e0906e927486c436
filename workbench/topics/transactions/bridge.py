"""The change of sales between two periods, taken apart into parts that add up to it, to the cent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal, localcontext
from itertools import combinations
from math import factorial, prod
from typing import Literal

import pandas as pd

Dropped = Literal["nobody_known", "no_quantities", "nothing_sold"]
"""Why a factor is missing: no customer is known; a period has no quantities; or no sales to divide by."""
PRECISION = 50
"""Parts are computed to so many digits, and rounded once."""
CENTS, THOUSANDTHS = 100, 1000
"""What amounts and quantities of a store are whole numbers of."""


@dataclass(frozen=True)
class PeriodSales:
    """What `sales_by_period` gave for some lines: the whole, and the segments where there are any."""

    totals: pd.DataFrame
    segments: pd.DataFrame | None = None

    @property
    def rows(self) -> pd.DataFrame:
        """The sums of the segments; of the whole where it is the only one."""
        return self.totals if self.segments is None else self.segments


@dataclass(frozen=True)
class SalesBridge:
    """What a change of revenue is made of.

    Attributes
    ----------
    before, this
        The revenue of the two periods.
    parts
        part, value_before and value_this (what the factor was; unknown for the mix and for what stands within
        segments, which are no one number), amount (the part of the change).
        The amounts add up to `change`, to the cent.
    dropped
        Why factors are missing.
    """

    before: float
    this: float
    parts: pd.DataFrame
    dropped: tuple[Dropped, ...]

    @property
    def change(self) -> float:
        """The change of revenue, in whole cents."""
        return round(self.this * CENTS - self.before * CENTS) / CENTS


def sales_bridge(
    sales: PeriodSales, *, itemized: PeriodSales | None = None, this: str = "this", then: str = "before"
) -> SalesBridge:
    """Take the change of revenue apart: customers, orders per customer, items per order, price per item, and the rest.

    Sales to known customers are a product: customers × orders per customer × amount per order; where the lines that say
    a quantity are given (`itemized`), customers × orders per customer × items per order × amount per item of those
    lines. A factor's part is its Shapley value: what its change adds, averaged over all orders in which the factors
    could change one after the other, so that no order is preferred and the parts add up. With segments the last factor
    splits into mix (what share of the items, or how many of the orders, each segment has) and price (the amounts per
    item, or per order, within the segments); the two change next to each other in every order (the Owen value), so that
    the other parts are the same whatever the segments. What stands beside the product is added as it is: sales that say
    no quantity, sales to nobody known, and refunds with all other lines that are no sales. It is arithmetic and says
    nothing of causes.

    The rules for what cannot be divided: where one period has no sale that says a quantity, items drop out
    ("no_quantities"). Where no customer is known in either period, customers drop out, and sales to nobody known are
    the product ("nobody_known"). Where one period has no sales, nothing is split: their change is one part
    ("nothing_sold"). A segment that sold in one period alone has, in the other, the price it had there: it moves the
    mix and not the price. Parts are rounded down to cents, and the cents left over go to those that lost most by it,
    the earlier part first among equals.

    Parameters
    ----------
    sales
        All lines; other periods than the two are left aside.
    itemized
        The lines that say a quantity, by the same segments; without them items are no factor.

    Returns
    -------
    A SalesBridge. Its parts, in this order and as far as they are there: customers, orders_per_customer (or orders),
    items_per_order, mix, price (or order_value: the amount per order; with segments that within them); sales (unsplit);
    unitemized_sales, nameless_sales and refunds, where either period has any.

    References
    ----------
    L. S. Shapley, "A value for n-person games" (1953); G. Owen, "Values of games with a priori unions" (1977).
    For changes of products: J. Albrecht, D. François, K. Schoors, "A Shapley decomposition of carbon emissions without
    residuals", Energy Policy 30 (2002). Rounding: the method of largest remainders (Hamilton, 1792).

    Examples
    --------
    >>> totals = pd.DataFrame({"period": ["before", "this"], "is_known": True, "revenue": [100.0, 300.0],
    ...     "gross_sales": [100.0, 300.0], "order_count": [10, 20], "active_customers": [5, 10],
    ...     "item_count": [10.0, 40.0]})
    >>> sales_bridge(PeriodSales(totals)).parts[["part", "amount"]].values.tolist()
    [['customers', 125.0], ['orders_per_customer', 0.0], ['order_value', 75.0]]
    """
    has_known = bool(_of(sales.totals, this, then, is_known=True)["order_count"].sum())
    dropped: list[Dropped] = [] if has_known else ["nobody_known"]
    whole = [_sums(sales.totals, period, has_known=has_known) for period in (then, this)]
    product, factors = whole, sales
    has_items = False
    if itemized is not None:
        counted = [_sums(itemized.totals, period, has_known=has_known) for period in (then, this)]
        has_items = all(one.orders and one.items for one in counted)
        if has_items:
            product, factors = counted, itemized
        elif all(one.orders for one in whole):
            dropped.append("no_quantities")
    with localcontext() as context:
        context.prec = PRECISION
        if all(one.orders for one in product):
            sums = dict(zip((then, this), product, strict=True))
            mix = _within(factors.segments, sums, has_known=has_known, has_items=has_items)
            parts = [*_split(product[0], product[1], mix, has_known=has_known, has_items=has_items)]
        else:
            dropped.append("nothing_sold")
            parts = [*_beside("sales", [one.sales for one in product])]
        parts += _beside("unitemized_sales", [all_.sales - one.sales for all_, one in zip(whole, product, strict=True)])
        parts += _beside("nameless_sales", [one.nameless for one in whole])
        parts += _beside("refunds", [one.revenue - one.sales - one.nameless for one in whole])
        cents = add_up([part[3] for part in parts], whole[1].revenue - whole[0].revenue)
    rows = pd.DataFrame(
        {
            "part": [part[0] for part in parts],
            "value_before": [float("nan") if part[1] is None else float(part[1]) for part in parts],
            "value_this": [float("nan") if part[2] is None else float(part[2]) for part in parts],
            "amount": [cent / CENTS for cent in cents],
        }
    )
    before, now = (one.revenue / CENTS for one in whole)
    return SalesBridge(before, now, rows, tuple(dropped))


_Part = tuple[str, Decimal | None, Decimal | None, Decimal]
"""A part, what its factor was before and is now, and its amount in cents."""
_Volumes = Mapping[str | None, tuple[int, int]]
"""The volume and the sales, in cents, of each segment."""


@dataclass(frozen=True)
class _Sums:
    """The sums of one period, in whole cents and thousandths of an item."""

    revenue: int
    sales: int
    nameless: int
    customers: int
    orders: int
    items: int


def _beside(name: str, values: Sequence[int]) -> Iterator[_Part]:
    """Give a part that is added as it is, where either period has any."""
    before, now = values
    if before or now:
        yield name, Decimal(before) / CENTS, Decimal(now) / CENTS, Decimal(now - before)


def _split(
    before: _Sums, now: _Sums, mix: tuple[Decimal, Decimal] | None, *, has_known: bool, has_items: bool
) -> Iterator[_Part]:
    """Give the part of every factor; the last one in two where there is a mix, which holds what each of these moves."""
    names = ["customers", "orders_per_customer"] if has_known else ["orders"]
    names += ["items_per_order", "price"] if has_items else ["order_value"]
    old, new = (_factors(one, has_known=has_known, has_items=has_items) for one in (before, now))
    weights = _weights(old, new)
    for name, was, is_now, weight in zip(names[:-1], old, new, weights, strict=False):
        yield name, was, is_now, weight * (is_now - was)
    if mix is None:
        yield names[-1], old[-1] / CENTS, new[-1] / CENTS, weights[-1] * (new[-1] - old[-1])
        return
    yield "mix", None, None, weights[-1] * mix[0]
    yield names[-1], None, None, weights[-1] * mix[1]


def _factors(sums: _Sums, *, has_known: bool, has_items: bool) -> list[Decimal]:
    """Return the factors whose product is the sales, in cents."""
    orders, items = Decimal(sums.orders), Decimal(sums.items) / THOUSANDTHS
    first = [Decimal(sums.customers), orders / sums.customers] if has_known else [orders]
    return [*first, items / orders, sums.sales / items] if has_items else [*first, sums.sales / orders]


def _weights(old: Sequence[Decimal], new: Sequence[Decimal]) -> list[Decimal]:
    """Return what a factor's change is multiplied by: the product of the others, averaged over all orders of change."""
    count = len(old)
    return [
        sum(
            (
                Decimal(factorial(size) * factorial(count - size - 1))
                / factorial(count)
                * prod((new[other] if other in changed else old[other] for other in others), start=Decimal(1))
                for size in range(count)
                for changed in map(set, combinations(others, size))
            ),
            start=Decimal(0),
        )
        for others in ([other for other in range(count) if other != factor] for factor in range(count))
    ]


def _within(
    segments: pd.DataFrame | None, product: Mapping[str, _Sums], *, has_known: bool, has_items: bool
) -> tuple[Decimal, Decimal] | None:
    """Return what the mix moves the amount per item (or per order) by, and what the prices within the segments do.

    Each is the mean of what it moves before the other has changed and after.
    """
    if segments is None:
        return None
    units = [Decimal(one.items) / THOUSANDTHS if has_items else Decimal(one.orders) for one in product.values()]
    before, now = (_volumes(_of(segments, one, is_known=has_known), has_items=has_items) for one in product)
    corner = {
        (mix, price): _at_prices(volumes, prices, otherwise=(before, now)[1 - price]) / units[mix]
        for mix, volumes in enumerate((before, now))
        for price, prices in enumerate((before, now))
    }
    return (
        (corner[1, 0] - corner[0, 0] + corner[1, 1] - corner[0, 1]) / 2,
        (corner[0, 1] - corner[0, 0] + corner[1, 1] - corner[1, 0]) / 2,
    )


def _at_prices(volumes: _Volumes, prices: _Volumes, *, otherwise: _Volumes) -> Decimal:
    """Return the sales, in cents, of volumes at the prices of a period; at others where it has none."""
    total = Decimal(0)
    for name, (volume, _sales) in volumes.items():
        sold, sales = prices.get(name) or otherwise[name]
        total += Decimal(volume) * sales / sold
    return total


def add_up(parts: Sequence[Decimal], total: int) -> list[int]:
    """Round parts to whole numbers that add up to `total`: down, and those that lose most get one back.

    >>> add_up([Decimal("33.3"), Decimal("33.3"), Decimal("33.4")], 100)
    [33, 33, 34]
    """
    whole = [int(part.to_integral_value(ROUND_FLOOR)) for part in parts]
    order = sorted(range(len(parts)), key=lambda place: whole[place] - parts[place])
    for place in order[: total - sum(whole)]:
        whole[place] += 1
    return whole


def _of(rows: pd.DataFrame, *periods: str, is_known: bool) -> pd.DataFrame:
    return rows[rows["period"].isin(periods) & (rows["is_known"] == is_known)]


def _sums(totals: pd.DataFrame, period: str, *, has_known: bool) -> _Sums:
    """Add the rows of one period up; the product is of known customers, or of nobody where none is known at all."""
    product, rest = (_of(totals, period, is_known=is_known) for is_known in (has_known, not has_known))
    return _Sums(
        revenue=_whole(product["revenue"], CENTS) + _whole(rest["revenue"], CENTS),
        sales=_whole(product["gross_sales"], CENTS),
        nameless=_whole(rest["gross_sales"], CENTS),
        customers=int(product["active_customers"].sum()),
        orders=int(product["order_count"].sum()),
        items=_whole(product["item_count"], THOUSANDTHS),
    )


def _whole(values: pd.Series, unit: int) -> int:
    """Add amounts or quantities up in whole cents or thousandths: each is one, and floats only hide it."""
    return sum(round(value * unit) for value in values.astype(float))


def _volumes(rows: pd.DataFrame, *, has_items: bool) -> dict[str | None, tuple[int, int]]:
    """Return the volume and the sales of each segment of one period; lines that name none are a segment, too."""
    names = [None if pd.isna(name) else str(name) for name in rows["sales_segment"]]
    counts = rows["item_count"].astype(float) * THOUSANDTHS if has_items else rows["order_count"]
    sales = rows["gross_sales"].astype(float) * CENTS
    return {
        name: (round(count), round(amount)) for name, count, amount in zip(names, counts, sales, strict=True) if count
    }
