"""A dozen small companies unlike the demo: each is a few SQL statements, built and published once for a run."""

# ruff: noqa: S608  the names in the statements are our own

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from workbench.store import build, publish

AS_OF = date(2024, 12, 31)


@dataclass(frozen=True)
class Company:
    """What fills a company's store, the money it counts in, and the last day of its data."""

    sql: tuple[str, ...]
    currency: str | None = None
    as_of: date = AS_OF

    def build(self, address: Path) -> None:
        """Write and publish the store."""

        def write(connection: duckdb.DuckDBPyConnection) -> None:
            for statement in self.sql:
                connection.execute(statement)

        build(address, write, company="不一样的公司", as_of=self.as_of, currency=self.currency)
        publish(address)


def people(count: int = 24, *, region: str = "CASE i % 2 WHEN 0 THEN '华东' ELSE '华南' END") -> str:
    """Customers K000, K001 … with a region and a type."""
    return (
        "INSERT INTO customers (customer_id, name, region, customer_type) "
        f"SELECT format('K{{:03d}}', i), '客户' || i, {region}, CASE i % 3 WHEN 0 THEN '企业' ELSE '个人' END "
        f"FROM range({count}) t(i)"
    )


def sales(
    *,
    customers: int = 24,
    times: str = "1 + i % 7",
    day: str = "DATE '2024-12-20' - CAST(j * 120 + i * 3 AS INTEGER)",
    customer: str = "format('K{:03d}', i)",
    order: str = "format('O{}-{}', i, j)",
    amount: str | None = "(10 + (i * 37 + j * 11) % 90) * CASE WHEN i < 4 THEN 40 ELSE 1 END",
    cost: str | None = "(10 + (i * 37 + j * 11) % 90) / 2",
    product: str | None = "'P' || (i + j) % 6",
    category: str | None = "CASE (i + j) % 2 WHEN 0 THEN '保养' ELSE '维修' END",
    channel: str | None = "CASE i % 2 WHEN 0 THEN '门店' ELSE '微信' END",
    region: str | None = None,
) -> str:
    """Sales in SQL: `i` counts the customers and `j` the purchases of each; None leaves a column unknown."""
    known = {
        "customer_id": customer, "order_id": order, "day": day, "product_id": product, "category": category,
        "channel": channel, "region": region, "amount": amount, "cost": cost, "is_cancelled": "false",
        "is_purchase": f"({customer}) IS NOT NULL" + (f" AND ({amount}) > 0" if amount else ""),
    }  # fmt: skip
    given = {name: value for name, value in known.items() if value is not None}
    return (
        f"INSERT INTO transactions ({', '.join(given)}) "
        f"SELECT {', '.join(given.values())} FROM range({customers}) t(i), LATERAL (SELECT unnest(range({times})) AS j)"
    )


def answers(
    *,
    respondents: int = 40,
    waves: tuple[str, ...] = ("2024-09-01",),
    customer: str = "NULL",
    items: Mapping[str, tuple[str, int, int]] | None = None,
    touchpoint: str = "CASE i % 2 WHEN 0 THEN '接待' ELSE '结算' END",
) -> tuple[str, ...]:
    """Answers in SQL: one per respondent, wave and item (kind, low, high); touchpoints alternate."""
    asked = items or {"推荐": ("nps", 0, 10), "结算": ("csat", 1, 5), "省力": ("ces", 1, 7)}
    return tuple(
        "INSERT INTO surveys (response_id, customer_id, day, item, kind, score, scale_low, scale_high, touchpoint) "
        f"SELECT 'R' || i || '-{wave}', {customer}, DATE '{wave}' + CAST(i % 28 AS INTEGER), '{item}', '{kind}', "
        f"{low} + (i * 7 + {place} * 3 + i // 5) % ({high} - {low} + 1), {low}, {high}, {touchpoint} "
        f"FROM range({respondents}) t(i)"
        for wave in waves
        for place, (item, (kind, low, high)) in enumerate(asked.items())
    )


BATTERY = dict.fromkeys(("关系", "性价比", "省时"), ("other", 1, 5))
USUAL = (people(), sales(), *answers(customer="format('K{:03d}', i % 24)", respondents=24))
ONLY_RETURNED = (
    "INSERT INTO transactions (customer_id, order_id, day, product_id, category, amount, is_cancelled, is_purchase) "
    "SELECT format('K{:03d}', i), 'T' || i, DATE '2024-11-05', 'P1', '保养', -30, false, false FROM range(24, 30) t(i)"
)
NAMELESS = (
    "INSERT INTO transactions (order_id, day, product_id, category, channel, region, amount, is_cancelled, is_purchase)"
    " SELECT 'N' || i, DATE '2024-10-03' + CAST(i AS INTEGER), 'P' || i % 6, '保养', '门店', '华东', 120, false, false"
    " FROM range(20) t(i)"
)

READY = (
    "INSERT INTO customer_facts (customer_id, last_on, recency_days, frequency, monetary, as_of)"
    " SELECT format('K{:03d}', i), DATE '2024-12-31' - CAST(i * 11 AS INTEGER), i * 11, 1 + i % 7,"
    " (10 + (i * 37) % 90) * CASE WHEN i < 4 THEN 40 ELSE 1 END, DATE '2024-12-31' FROM range(24) t(i)"
)

COMPANIES: Mapping[str, Company] = {
    "surveys only": Company(answers(items={"推荐": ("nps", 0, 10), "结算": ("csat", 1, 5), **BATTERY})),
    "sales without customers": Company((sales(customer="NULL"),)),
    "no surveys": Company((people(), sales())),
    "no regions, no products": Company((sales(product=None, category=None, channel=None, cost=None),)),
    "dollars": Company(USUAL, currency="USD"),
    "one month": Company(
        (people(), sales(day="DATE '2024-12-01' + CAST((i + j * 5) % 31 AS INTEGER)"), *answers(waves=("2024-12-02",)))
    ),
    "one customer": Company((people(1), sales(customers=1, times="6"), *answers(respondents=1, customer="'K000'"))),
    "everyone bought once": Company((people(), sales(times="1"), *answers())),
    "order numbers reused": Company((people(), sales(order="'O' || j"), *answers())),
    "thousands of products": Company(
        (
            people(1400, region="'区域' || i % 700"),
            sales(
                customers=1400,
                times="1 + i % 3",
                day="DATE '2024-12-20' - CAST(j * 90 + i % 300 AS INTEGER)",
                product="'P' || (i * 3 + j) % 3000",
                category="'类' || i % 90",
            ),
        )
    ),
    "two waves": Company(
        (
            people(),
            sales(),
            *answers(
                waves=("2024-03-01", "2024-09-01"),
                customer="format('K{:03d}', i % 24)",
                items={"推荐": ("nps", 0, 10), "结算": ("csat", 1, 5), **BATTERY},
            ),
        )
    ),
    "margins unknown": Company((people(), sales(cost=None), *answers())),
    "a stub day": Company(
        (
            people(),
            sales(times="8", day="DATE '2024-11-30' - CAST(j * 30 + i AS INTEGER)"),
            sales(customers=2, times="1", day="DATE '2024-12-01'", order="'S' || i"),
        ),
        as_of=date(2024, 12, 1),
    ),
    "a bank's survey": Company(
        answers(
            items=dict.fromkeys(("网点", "手机银行", "客户经理"), ("csat", 0, 10)),
            touchpoint="CASE i % 3 WHEN 0 THEN '网点' WHEN 1 THEN '手机' ELSE '电话' END",
        )
    ),
    "ready figures of customers": Company((people(), READY)),
    "visits without money": Company((people(), sales(amount=None, cost=None))),
    "returns and unknown customers": Company((people(30), sales(), ONLY_RETURNED, NAMELESS)),
}
