"""Between the visits: complaints with open and close dates, reminders, calls, messages and the points ledger."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from workbench.samples.dice import Dice
from workbench.samples.model import (
    AS_OF,
    FIRST_DAY,
    LEAVING_FROM,
    LEAVING_REGION,
    Complaint,
    Contact,
    Customer,
    OrderLine,
)
from workbench.samples.seasons import opening_day
from workbench.samples.surveys import Occasion

SLOW_CATEGORY = "配件等待"
_CATEGORIES = (
    # category, how often, touchpoint, fewest and most days until closed, what is said
    ("维修质量", 24, "维修质量", 3, 12, "同一故障修后三天再次出现"),
    ("服务态度", 20, "接待", 1, 6, "接待人员态度冷淡，问题没有解释清楚"),
    ("价格争议", 16, "结算取车", 1, 8, "结算金额与报价不一致"),
    (SLOW_CATEGORY, 18, "维修质量", 18, 45, "配件迟迟不到，\n车辆无法使用"),
    ("交车延误", 16, "结算取车", 2, 7, "约定时间未能交车"),
    ("其他", 6, "等候休息", 1, 5, "休息区没有座位"),
)
POINT_TIERS = ("金卡", "钻石")
YUAN_PER_POINT = 10


def complaints(dice: Dice, occasions: Sequence[Occasion]) -> list[Complaint]:
    """Return complaints about one visit in fifty; those that would close after AS_OF are still open."""
    filed: list[Complaint] = []
    kinds = tuple((kind, kind[1]) for kind in _CATEGORIES)
    for occasion in occasions:
        angry = occasion.region == LEAVING_REGION and occasion.day >= LEAVING_FROM
        if not dice.chance(0.05 if angry else 0.018):
            continue
        category, _, touchpoint, fewest, most, narrative = dice.weighted(kinds)
        day = min(AS_OF, occasion.day + timedelta(days=dice.between(0, 6)))
        closed_on = day + timedelta(days=dice.middling(fewest, most))
        filed.append(
            Complaint(
                complaint_id=f"TS{len(filed) + 1:04d}",
                customer=occasion.customer,
                day=day,
                closed_on=closed_on if closed_on <= AS_OF else None,
                category=category,
                touchpoint=touchpoint,
                channel=dice.weighted((("电话", 48), ("微信", 30), ("到店", 18), ("12315", 4))),
                severity=dice.weighted((("一般", 66), ("严重", 28), ("重大", 6))),
                employee_id=occasion.advisor,
                narrative=narrative,
            )
        )
    return filed


def contact_history(dice: Dice, customers: Sequence[Customer], occasions: Sequence[Occasion]) -> list[Contact]:
    """Return reminders, messages, visits without a purchase, birthday wishes and calls to win customers back."""
    history: list[Contact] = []
    last_seen: dict[str, Occasion] = {}
    for occasion in occasions:
        last_seen[occasion.customer.customer_id] = occasion
        if dice.chance(0.16):
            ahead = max(FIRST_DAY, occasion.day - timedelta(days=dice.between(3, 12)))
            channel = dice.weighted((("微信", 60), ("短信", 25), ("电话", 15)))
            history.append(_contact(occasion.customer, ahead, "保养提醒", channel, "预约", occasion.customer.owner))
        if dice.chance(0.05):
            history.append(_contact(occasion.customer, occasion.day, "咨询", "微信", "预约", occasion.advisor))
        looked_in = opening_day(occasion.day + timedelta(days=dice.between(20, 120)))
        if occasion.region != LEAVING_REGION and looked_in <= AS_OF and dice.chance(0.03):
            history.append(_contact(occasion.customer, looked_in, "进店", "自然到店", "接待", occasion.advisor))
    for customer in customers:
        birthday = customer.birthday
        for year in range(2023, 2026) if birthday and customer.tier in POINT_TIERS else ():
            wished = date(year, birthday.month, birthday.day) if birthday else AS_OF
            if customer.registered_on <= wished <= AS_OF:
                history.append(_contact(customer, wished, "生日祝福", "微信", "客户关怀", customer.owner))
        seen = last_seen.get(customer.customer_id)
        if seen and (AS_OF - seen.day).days > 365 and dice.chance(0.4):
            called = seen.day + timedelta(days=dice.between(300, 365))
            history.append(_contact(customer, called, "流失挽回", "电话", "客户关怀", customer.owner))
    history.sort(key=lambda one: (one.day, one.customer.customer_id, one.kind))
    for number, one in enumerate(history, start=1):
        one.contact_id = f"HD{number:05d}"
    return history


def points(dice: Dice, lines: Sequence[OrderLine]) -> list[Contact]:
    """Return the ledger: gold and diamond members earn a point for ten yuan and now and then spend some."""
    orders: dict[tuple[date, str], tuple[Customer, int]] = {}
    for line in lines:
        member = line.customer
        settled = line.counts and line.order_id.startswith("JS")
        if settled and member and member.customer_type == "个人" and member.tier in POINT_TIERS:
            _, sum_ = orders.get((line.day, line.order_id), (member, 0))
            orders[line.day, line.order_id] = (member, sum_ + line.amount)
    ledger: list[Contact] = []
    balances: dict[str, int] = {}
    for (day, order_id), (customer, sum_) in sorted(orders.items(), key=lambda entry: entry[0]):
        earned = sum_ // (100 * YUAN_PER_POINT)
        balance = balances.get(customer.customer_id, 0) + earned
        ledger.append(_movement(customer, day, "积分获得", earned, order_id))
        if balance >= 200 and dice.chance(0.2):
            spent = balance // 100 * 100
            balance -= spent
            ledger.append(_movement(customer, day, "积分兑换", -spent, "兑换礼品"))
        balances[customer.customer_id] = balance
    for number, one in enumerate(ledger, start=1):
        one.contact_id = f"JF{number:05d}"
    return ledger


def _contact(customer: Customer, day: date, kind: str, channel: str, touchpoint: str, employee_id: str) -> Contact:
    return Contact("", customer, day, kind, channel, touchpoint, employee_id)


def _movement(member: Customer, day: date, kind: str, points: int, note: str) -> Contact:
    return Contact("", member, day, kind, "会员系统", "结算取车", "", points, note)
