"""Customers on whom two engines could differ: the unknown, refunds, ties, leap days, numbers and days typed as text."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

LEAP_DAY = date(2024, 2, 29)
Row = dict[str, Any]

TYPED = (
    # What stands in a column of text that ought to hold a number, and in one that ought to hold a day.
    ("3", "2024-02-29"),
    ("1,200", "2024/1/5"),
    (" 7 ", " 2024年2月29日 "),
    ("1e3", "2024.12.31"),
    ("-0.5", "2023-02-29"),
    ("+4", "2024-1-5"),
    ("nan", "2024"),
    ("inf", "2024-05"),
    ("-Infinity", "2024-05-06 10:20:30"),
    ("12d", "2024-05-06T10:20:30"),
    ("3f", "epoch"),
    ("0x10", "today"),
    ("1_000", "24-5-6"),
    (".5", "+2024-05-06"),
    ("5.", "12024-05-06"),
    ("1e400", "20240506"),
    ("１２", "2024-05-06x"),
    ("三", "明年"),
    ("", ""),
    ("  ", "\t"),
    (None, None),
)

NAMES = ("欧阳小明", "𠮷田", 'O\'Brien "Bob"', "Zoë", "名,字", "a\\b", "", " 空 格 ")
REGIONS = ("城东", "城 东", "A/B", "", None, " 城东 ")


def line(customer_id: str | None, day: str, amount: str | None, **more: Any) -> Row:
    """One line of trade; it is a purchase by the rule of the schema."""
    money = None if amount is None else Decimal(amount)
    cancelled = more.get("is_cancelled", False)
    bought = customer_id is not None and not cancelled and money is not None and money > 0
    row = {"customer_id": customer_id, "day": date.fromisoformat(day), "amount": money, "is_cancelled": cancelled}
    return {"is_purchase": bought, "category": "保养", "region": "城东"} | row | more


def customers() -> list[Row]:
    typed = [
        {
            "customer_id": f"T{place:02}",
            "name": NAMES[place % len(NAMES)],
            "car_count": number,
            "car_bought_on": day,
            "region": REGIONS[place % len(REGIONS)],
            "customer_type": "个人" if place % 3 else None,
            "birthday": LEAP_DAY if place % 2 else date(1987, 12, 18),
            "usage": "营运" if place % 2 else "  ",
        }
        for place, (number, day) in enumerate(TYPED)
    ]
    named = [
        {"customer_id": customer_id, "name": "王五", "region": "城西", "customer_type": "企业", "tier": "金卡"}
        for customer_id in ("twin_1", "twin_2", "returner", "net_zero", "net_below", "giant", "silent", "no_ids")
    ]
    return typed + named


def transactions() -> list[Row]:
    typed = [
        line(f"T{place:02}", f"2025-{1 + place % 12:02}-15", f"{100 + place % 4}.05") for place in range(len(TYPED))
    ]
    twins = [
        line(customer_id, day, amount, order_id=f"{customer_id}-{day}", cost=Decimal("10.00"))
        for customer_id in ("twin_1", "twin_2")
        for day, amount in (("2024-02-29", "88.88"), ("2025-02-28", "0.01"), ("2025-12-18", "1234.56"))
    ]
    return [
        *typed,
        *twins,
        line("returner", "2025-03-01", "-50.00"),
        line("net_zero", "2025-03-01", "50.00", cost=Decimal("20.00")),
        line("net_zero", "2025-03-08", "-50.00", cost=Decimal("-20.00")),
        line("net_below", "2025-03-01", "50.00"),
        line("net_below", "2025-03-08", "-80.00", region=None),
        line("giant", "2022-01-01", "98765432109.87", cost=Decimal("0.01"), category=None),
        line("giant", "2025-12-18", "0.01", category=None),
        line("no_ids", "2025-11-11", "5.00", region=None, product_id=None),
        line("no_ids", "2025-11-11", "5.00", region=None, channel=""),
        line("no_ids", "2025-11-12", "5.00", product_id="P/1", category="A.B"),
        line("unlisted", "2024-02-29", "66.60", order_id="U1"),
        line("unlisted", "2024-02-29", "0.00", order_id="U1"),
        line("later", "2026-01-05", "500.00", order_id="L1"),
        line("twin_1", "2026-01-05", "500.00", order_id="L2"),
        line(None, "2025-12-01", "77.00", order_id="N1"),
        line("giant", "2025-12-01", "77.00", order_id="C1", is_cancelled=True),
        line("giant", "2025-12-02", None, order_id="C2"),
    ]


def interactions() -> list[Row]:
    return [
        {"customer_id": "twin_1", "day": LEAP_DAY, "kind": "进店", "region": "城东"},
        {"customer_id": "twin_1", "day": date(2025, 6, 1), "kind": "visit", "region": None},
        {"customer_id": "giant", "day": date(2025, 12, 18), "kind": "到店", "region": "城西"},
        {"customer_id": "silent", "day": date(2025, 12, 1), "kind": "来店", "region": "城西"},
        {"customer_id": "twin_2", "day": date(2025, 12, 1), "kind": None, "points": None},
        {"customer_id": "twin_2", "day": date(2025, 12, 1), "kind": "电话", "points": None},
        {"customer_id": "twin_2", "day": date(2025, 12, 2), "kind": "积分", "points": Decimal("-5.000")},
        {"customer_id": None, "day": date(2025, 12, 2), "kind": "进店", "region": "城东"},
        {"customer_id": "giant", "day": date(2026, 1, 2), "kind": "进店", "region": "城东"},
    ]


def surveys() -> list[Row]:
    def answer(response_id: str, kind: str, item: str, score: str | None, **more: Any) -> Row:
        row = {"response_id": response_id, "kind": kind, "item": item, "day": date(2025, 6, 30), "region": "城东"}
        return row | {"score": None if score is None else Decimal(score)} | more

    return [
        answer("h1", "nps", "推荐意愿", "11", customer_id="twin_1"),
        answer("h2", "nps", "推荐意愿", "-1", customer_id="twin_2"),
        answer("h3", "nps", "推荐意愿", None, missing="sentinel", customer_id="giant"),
        answer("h4", "nps", "推荐意愿", None, day=None),
        answer("h5", "nps", "推荐意愿", "9", day=None, customer_id="giant", weight=Decimal("0.000001")),
        answer("h6", "nps", "推荐意愿", "6", day=date(2026, 2, 1), customer_id="giant"),
        answer("h7", "nps", "推荐意愿", "10", day=LEAP_DAY, customer_id="unlisted", region="滨江 "),
        *(answer(f"w{place}", "nps", "推荐意愿", "9", region="空权重", weight=Decimal(0)) for place in range(6)),
        answer("h8", "csat", "满意度", "5.5", touchpoint="", customer_id="giant"),
        answer("h9", "csat", "满意度", "3.999", touchpoint="", scale_high=Decimal(5), customer_id="twin_1"),
        answer("h10", "ces", "费力程度", "1", customer_id="twin_1", segment="企业"),
        answer("h11", "servqual_perception", "P01", "7", customer_id=None),
        answer("h12", "servqual_perception", "P02", "1", customer_id="twin_1"),
        answer("h13", "servqual_perception", "P02", "2", customer_id="twin_1", scale_low=Decimal(1)),
    ]


def complaints() -> list[Row]:
    return [
        {"complaint_id": "K1", "customer_id": None, "day": LEAP_DAY, "region": "城东"},
        {"complaint_id": "K2", "customer_id": "giant", "day": date(2026, 1, 1)},
        {"complaint_id": "K3", "customer_id": "twin_1", "day": date(2025, 12, 18), "closed_on": None},
    ]


HARD_CASES: dict[str, list[Row]] = {
    "customers": customers(),
    "transactions": transactions(),
    "interactions": interactions(),
    "surveys": surveys(),
    "complaints": complaints(),
}
"""By table; what a row does not say is unknown."""
