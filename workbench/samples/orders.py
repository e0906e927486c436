"""What is bought: lines of a visit, insurance, accessories on the web, walk-ins; what is refunded or cancelled."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

from workbench.samples.catalog import ACCESSORIES, BODYWORK, BY_ID, PARTS, REPAIRS
from workbench.samples.dice import Dice
from workbench.samples.model import AS_OF, Customer, Employee, OrderLine, Product
from workbench.samples.people import REGION_WEIGHTS
from workbench.samples.seasons import opening_day
from workbench.samples.visits import Visit

DISCOUNT_PERCENT = {"普通": 0, "银卡": 3, "金卡": 5, "钻石": 10}
CHANNELS = (("自然到店", 46), ("电话预约", 31), ("微信预约", 23))
WEB_SHOP = "线上商城"
WEB_SHOP_OPENS = date(2023, 6, 1)
INSURANCE_COST_PERCENT = 94


class Till:
    """Rings up lines at the day's list price and numbers the visits; `lines` holds all that was rung up."""

    def __init__(self, dice: Dice) -> None:
        self.dice = dice
        self.visit = 0
        self.lines: list[OrderLine] = []

    def open(self) -> None:
        """Start a new order."""
        self.visit += 1

    def ring(
        self, customer: Customer, day: date, product: Product, *, quantity: int = 1, price: int = 0, channel: str = ""
    ) -> OrderLine:
        """Add one line; a price of one's own replaces the list price, and then nothing is discounted."""
        unit_price = price or product.price_on(day)
        discount = 0 if price or channel == WEB_SHOP else DISCOUNT_PERCENT[customer.tier]
        line = OrderLine(
            customer=customer,
            day=day,
            product=product,
            quantity=quantity,
            unit_price=unit_price,
            amount=quantity * unit_price * (100 - discount) // 100,
            cost=quantity * (product.cost or unit_price * INSURANCE_COST_PERCENT // 100),
            region=customer.region,
            advisor=customer.advisor,
            channel=channel,
            visit=self.visit,
        )
        self.lines.append(line)
        return line


def sell(till: Till, visits: Iterable[Visit]) -> None:
    """Turn visits into order lines: a service, a repair on older cars, now and then bodywork and accessories."""
    dice = till.dice
    for visit in visits:
        till.open()
        channel = dice.weighted(CHANNELS)
        basket = _service(dice, visit) + _repair(dice, visit) + _extras(dice)
        for item in dict.fromkeys(basket):
            quantity = visit.cars if item.startswith("BY") else max(1, visit.cars // 3)
            if item == "PJ003":
                quantity = max(quantity, dice.pick((1, 2, 2, 4)))
            if item.startswith(("JP", "BP")):
                quantity = 1
            till.ring(visit.customer, visit.day, BY_ID[item], quantity=quantity, channel=channel)


def _service(dice: Dice, visit: Visit) -> list[str]:
    if visit.customer.car_model == "星曜E5纯电":
        return ["BY007", *(["BY003"] if dice.chance(0.4) else [])]
    basket = ["BY002" if visit.number % 4 == 0 else "BY001"]
    basket += [
        item
        for item, often in (("BY003", 0.26), ("BY004", 0.1), ("BY005", 0.05), ("BY006", 0.08))
        if dice.chance(often)
    ]
    return basket


def _repair(dice: Dice, visit: Visit) -> list[str]:
    age = visit.day.year - visit.customer.bought_on.year
    basket: list[str] = []
    if dice.chance(min(0.05 + 0.04 * age, 0.36)):
        basket += [dice.pick(REPAIRS), dice.weighted(PARTS)]
    if dice.chance(0.05):
        basket += [dice.weighted(BODYWORK), *(["BP001"] if dice.chance(0.5) else [])]
    return basket


def _extras(dice: Dice) -> list[str]:
    return [dice.weighted(ACCESSORIES)] if dice.chance(0.13) else []


def insure(till: Till, visits: list[Visit]) -> None:
    """Let some private customers buy their yearly insurance on a visit: much money, hardly any margin."""
    dice = till.dice
    insured = bool(visits) and visits[0].customer.customer_type == "个人" and dice.chance(0.16)
    last_year = 0
    for visit in visits if insured else []:
        if visit.day.year == last_year or not dice.chance(0.8):
            continue
        last_year = visit.day.year
        till.open()
        till.ring(visit.customer, visit.day, BY_ID["BX001"], price=BY_ID["BX001"].price)
        if dice.chance(0.6):
            till.ring(visit.customer, visit.day, BY_ID["BX002"], price=dice.middling(180, 620) * 1000)


def order_online(till: Till, visits: list[Visit]) -> None:
    """Let some customers who come more than once order accessories on the web, a few weeks after a visit."""
    dice = till.dice
    keen = len(visits) > 1 and visits[0].customer.car_count == 1 and dice.chance(0.2)
    for visit in visits if keen else []:
        day = opening_day(visit.day + timedelta(days=dice.between(5, 60)))
        if WEB_SHOP_OPENS <= day <= AS_OF and dice.chance(0.5):
            till.open()
            for item in dict.fromkeys((dice.weighted(ACCESSORIES), dice.weighted(ACCESSORIES))):
                till.ring(visit.customer, day, BY_ID[item], quantity=dice.pick((1, 1, 1, 2, 3)), channel=WEB_SHOP)


def walk_in(till: Till, days: list[date], employees: list[Employee]) -> None:
    """Sell something to people who leave no name, on about three opening days in ten."""
    dice = till.dice
    for day in days:
        if not dice.chance(0.3):
            continue
        till.open()
        region = dice.weighted(REGION_WEIGHTS)
        product = BY_ID[dice.weighted((("PJ004", 4), ("JP008", 4), ("BY001", 3), ("PJ003", 2), ("BP001", 1)))]
        advisor = dice.pick([one.employee_id for one in employees if one.region == region and one.team == "服务顾问"])
        price = product.price_on(day)
        till.lines.append(
            OrderLine(
                customer=None,
                day=day,
                product=product,
                quantity=1,
                unit_price=price,
                amount=price,
                cost=product.cost,
                region=region,
                advisor=advisor,
                channel="自然到店",
                visit=till.visit,
            )
        )


def take_back(till: Till) -> None:
    """Refund some parts and accessories in full, days later, where the customer keeps spending more than that."""
    dice = till.dice
    spent: dict[str, int] = {}
    for line in till.lines:
        if line.customer:
            spent[line.customer.customer_id] = spent.get(line.customer.customer_id, 0) + line.amount
    for line in list(till.lines):
        fits = line.product.category in ("配件", "精品") and line.channel != WEB_SHOP
        if not fits or line.customer is None or not dice.chance(0.02):
            continue
        day = opening_day(line.day + timedelta(days=dice.between(2, 15)))
        if day <= AS_OF and spent[line.customer.customer_id] > 4 * line.amount:
            spent[line.customer.customer_id] -= line.amount
            till.open()
            till.lines.append(refund(line, day, line.amount, till.visit))


def refund(line: OrderLine, day: date, amount: int, visit: int) -> OrderLine:
    """Return the line that gives money back for another one."""
    return replace(line, day=day, quantity=-line.quantity, amount=-amount, cost=-line.cost, visit=visit, status="退款")


def cancel(till: Till) -> None:
    """Write one order in a hundred a second time and cancel that."""
    orders = {line.visit for line in till.lines if line.customer and line.quantity > 0}
    again: dict[int, int] = {}
    for visit in sorted(orders):
        if till.dice.chance(0.01):
            till.open()
            again[visit] = till.visit
    copies = [line for line in till.lines if line.visit in again and line.quantity > 0]
    till.lines += [replace(line, visit=again[line.visit], status="作废") for line in copies]


def number_orders(lines: list[OrderLine]) -> list[OrderLine]:
    """Return the lines by day and visit, with order numbers: JS settled, TK refunded, BX insured, SC from the web."""
    ordered = sorted(lines, key=lambda line: (line.day, line.visit))
    numbers: dict[int, str] = {}
    counts: dict[tuple[str, date], int] = {}
    for line in ordered:
        if line.visit not in numbers:
            prefix = _prefix(line)
            counts[prefix, line.day] = counts.get((prefix, line.day), 0) + 1
            numbers[line.visit] = f"{prefix}{line.day:%Y%m%d}{counts[prefix, line.day]:03d}"
        line.order_id = numbers[line.visit]
    return ordered


def _prefix(line: OrderLine) -> str:
    if line.status == "退款":
        return "TK"
    if line.product.category == "保险":
        return "BX"
    return "SC" if line.channel == WEB_SHOP else "JS"
