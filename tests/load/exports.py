"""Exports of shops as their systems write them, with the truth beside: who paid how much, in how many orders."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from random import Random
from typing import Literal

from workbench.load import Mapping as Rules
from workbench.load import Question, answered, load, suggest_mapping
from workbench.load.reporting.report import LoadReport

Amounts = Literal["of the line", "total on every line", "total on the first line"]
Refunds = Literal["none", "in a column", "in rows below zero", "in rows above zero", "in a column and in rows"]
Discounts = Literal["none", "times a rate", "tenths", "less percent", "less money"]
"""Beside quantity and price, without any amount."""

Written = Literal["every line", "first line", "merged cells"]
"""Where the order's customer, day and status stand; in merged cells its number too."""

DISCOUNTS: Mapping[Discounts, tuple[str, str, Sequence[tuple[str, str]]]] = {
    "times a rate": ("折扣率", "times", [("1", "1"), ("0.9", "0.9"), ("0.75", "0.75")]),
    "tenths": ("折扣", "times", [("", "1"), ("9折", "0.9"), ("七五折", "0.75"), ("85折", "0.85")]),
    "less percent": ("Discount %", "less_percent", [("0", "1"), ("10", "0.9"), ("25", "0.75")]),
    "less money": ("优惠金额", "less", [("0", "0"), ("1.50", "1.50"), ("-2.25", "2.25")]),
}
"""The header, the right answer, and what is written with what it means: a factor, or money off."""

CENTS = Decimal("0.01")

WORDS: Mapping[str, Mapping[str, Sequence[str]]] = {
    "zh": {
        "header": ["订单编号", "会员号", "下单时间", "商品编码", "商品单价", "商品数量", "实付金额", "订单状态"],
        "refunded": ["退款金额"],
        "sale": ["交易成功", "已发货", "已完成"],
        "no_sale": ["已关闭", "交易关闭", "待付款", "已取消"],
        "refund": ["退款"],
    },
    "en": {
        "header": [
            "Order ID",
            "Customer ID",
            "Order Date",
            "SKU",
            "Unit Price",
            "Quantity",
            "Order Total",
            "Order Status",
        ],
        "refunded": ["Amount Refunded"],
        "sale": ["completed", "Shipped", "processing"],
        "no_sale": ["cancelled", "failed", "Pending Payment", "VOIDED"],
        "refund": ["Refund"],
    },
}


@dataclass(frozen=True)
class Export:
    """A file, what each customer truly paid, and how many orders were sold."""

    rows: Sequence[Sequence[str]]
    amounts: Amounts
    paid: Mapping[str, Decimal]
    sold: int
    days: Mapping[str, str]
    """The day of each order in Shanghai."""
    discounts: Discounts = "none"

    def write(self, folder: Path) -> Path:
        """Write the file as CSV."""
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows(self.rows)
        path = folder / "orders.csv"
        path.write_text(text.getvalue(), encoding="utf-8")
        return path

    def answer(self, question: Question) -> str:
        """Answer a question as somebody does who knows the shop."""
        match question.key:
            case "amount_of":
                return "line" if self.amounts == "of the line" else "order"
            case "price_change":
                return DISCOUNTS[self.discounts][1]
            case "time_zone":
                return "Asia/Shanghai"
            case "status_value":
                value = str(question.facts["value"])
                return next(
                    meaning
                    for words in WORDS.values()
                    for meaning in ("sale", "no_sale", "refund")
                    if value in words[meaning]
                )
            case _:
                return str(question.facts["suggested"])


def drawn_export(
    dice: Random,
    *,
    amounts: Amounts,
    refunds: Refunds,
    lang: str,
    discounts: Discounts = "none",
    written: Written = "every line",
    in_utc: bool = False,
    in_thousands: bool = False,
    with_totals: bool = False,
) -> Export:
    """Draw an export: orders of one to three lines, some never sold, with discounts and freight on the totals.

    With discounts in a column of their own there is no amount. `with_totals` puts a row with the sum of its lines
    before each order; such a row, and money paid back in a row beside its column, say what lines have of their own.
    """
    words = WORDS[lang]
    is_of_line = discounts != "none" or with_totals or refunds == "in a column and in rows"
    amounts = "of the line" if is_of_line else amounts
    refunds = "none" if with_totals else refunds
    header = _header(words, refunds, discounts, in_utc=in_utc, in_thousands=in_thousands)
    rows: list[list[str]] = [header]
    paid: dict[str, Decimal] = defaultdict(Decimal)
    days: dict[str, str] = {}
    sold = 0

    def money(amount: Decimal) -> str:
        return f"{amount / 1000:.5f}" if in_thousands else f"{amount:.2f}"

    for number in range(dice.randint(8, 14)):
        order, customer = f"D{2024000 + number}", f"M{dice.randint(1, 5):03}"
        lines = [
            (f"P{dice.randint(1, 9)}", Decimal(dice.randint(500, 9900)) / 100, dice.randint(1, 3))
            for _ in range(2 if number < 4 else dice.randint(1, 3))
        ]
        changes = [dice.choice(DISCOUNTS[discounts][2]) if discounts != "none" else ("", "1") for _ in lines]
        parts = [
            _paid_for(price * count, change, discounts)
            for (_, price, count), (_, change) in zip(lines, changes, strict=True)
        ]
        gross, is_line = sum(parts), amounts == "of the line"
        total = gross if is_line else gross + Decimal(dice.randint(-400, 900)) / 100
        is_sold = number < 2 or dice.random() < 0.75
        back = (total / dice.randint(2, 4)).quantize(CENTS) if is_sold and dice.random() < 0.4 else Decimal(0)
        back = back if refunds != "none" else Decimal(0)
        moment = datetime(2024, 5, number + 1, dice.randint(0, 23), number, tzinfo=UTC)
        clock = f"{moment:%Y-%m-%d %H:%M:%S}"
        status = dice.choice(words["sale" if is_sold else "no_sale"])
        if with_totals:
            rows.append([order, customer, clock, "", "", "", money(total), status])
        days[order] = f"{moment + timedelta(hours=8) if in_utc else moment:%Y-%m-%d}"
        for place, (product, price, quantity) in enumerate(lines):
            amount = {
                "of the line": money(parts[place]),
                "total on every line": money(total),
                "total on the first line": "" if place else money(total),
            }[amounts]
            own = [changes[place][0] if discounts != "none" else amount]
            has_column = refunds in ("in a column", "in a column and in rows")
            refunded = [money(back if not is_line or place == 0 else Decimal(0))] if has_column else []
            named = [order, customer, clock, status]
            if place and written != "every line":
                named = ["" if written == "merged cells" else order, "", "", ""]
            rows.append([*named[:3], product, f"{price:.2f}", str(quantity), *own, named[3], *refunded])
        if back and refunds == "in a column and in rows":
            own = ["", "", f"-{money(back)}"] if discounts == "none" else [f"{back:.2f}", "-1", ""]
            rows.append([order, customer, clock, "", *own, words["refund"][0], ""])
        if back and refunds in ("in rows below zero", "in rows above zero"):
            sign = "-" if refunds == "in rows below zero" else ""
            own = ["", "", f"{sign}{money(back)}"] if discounts == "none" else [f"{back:.2f}", f"{sign}1", ""]
            rows.append([f"R{order}", customer, clock, "", *own, words["refund"][0]])
        if is_sold:
            paid[customer] += total - back
            sold += 1
    return Export(rows, amounts, dict(paid), sold, days, discounts)


def _header(
    words: Mapping[str, Sequence[str]], refunds: Refunds, discounts: Discounts, *, in_utc: bool, in_thousands: bool
) -> list[str]:
    """The header as the system writes it: the unit and the zone in brackets."""
    has_column = refunds in ("in a column", "in a column and in rows")
    header = [*words["header"], *(words["refunded"] if has_column else [])]
    header[2] += " (UTC)" if in_utc else ""
    if in_thousands:
        for place in (6, *range(8, len(header))):
            header[place] += "（千元）"
    if discounts != "none":
        header[6] = DISCOUNTS[discounts][0]
    return header


def _paid_for(gross: Decimal, change: str, discounts: Discounts) -> Decimal:
    """What a line costs, rounded once, half up."""
    if discounts == "less money":
        return gross - Decimal(change)
    return (gross * Decimal(change)).quantize(CENTS, ROUND_HALF_UP)


@dataclass(frozen=True)
class CustomerExport:
    """A file without any sale's amount, and by customer what is true: the last day, how often, and spend in cents."""

    rows: Sequence[Sequence[str]]
    name: str
    truth: Mapping[str, tuple[date, int, int | None]]

    def write(self, folder: Path) -> Path:
        """Write the file as CSV."""
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows(self.rows)
        path = folder / self.name
        path.write_text(text.getvalue(), encoding="utf-8")
        return path

    def answer(self, question: Question) -> str:
        """Agree with what is suggested."""
        return str(question.facts["suggested"])


def drawn_visits(dice: Random, *, lang: str) -> CustomerExport:
    """Draw visits: customer and day, some twice on a day, in no order."""
    header = ["会员号", "到店日期"] if lang == "zh" else ["Customer ID", "Visit Date"]
    days = [date(2024, 1, 1) + timedelta(days=dice.randint(0, 364)) for _ in range(dice.randint(6, 20))]
    rows = [[f"M{dice.randint(1, 5):03}", day.isoformat()] for day in days]
    truth = {
        who: (max(date.fromisoformat(day) for one, day in rows if one == who), sum(one == who for one, _ in rows), None)
        for who, _ in rows
    }
    return CustomerExport([header, *rows], "visits.csv", truth)


def drawn_ready(dice: Random, *, lang: str) -> CustomerExport:
    """Draw ready figures of customers as of the end of 2024, by days or by the day, some who never bought."""
    as_of, by_day = date(2024, 12, 31), dice.random() < 0.5
    names = {
        "zh": ["会员号", "最近一次消费日期" if by_day else "最近一次消费距今天数", "消费次数", "累计消费金额"],
        "en": ["Customer ID", "Last Order Date" if by_day else "Days since last purchase", "Orders", "Total spend"],
    }[lang]
    rows, truth = [], {}
    for number in range(dice.randint(4, 12)):
        who, ago, times, cents = f"M{number:03}", dice.randint(0, 700), dice.randint(0, 30), dice.randint(1, 10**6)
        last = as_of - timedelta(days=ago)
        if times:
            truth[who] = (last, times, cents)
        figures = [last.isoformat() if by_day else str(ago), str(times), f"{cents / 100:,.2f}"]
        rows.append([who, *(figures if times or number == 0 else ["", "0", "0"])])
        if number == 0 and not times:
            rows[0] = [who, "2024-12-31" if by_day else "0", "1", "5"]
            truth[who] = (as_of, 1, 500)
    order = dice.sample(range(4), 4)
    return CustomerExport([[row[place] for place in order] for row in [names, *rows]], "客户_20241231.csv", truth)


def load_answering(export: Export | CustomerExport, path: Path, store: Path) -> tuple[LoadReport, list[Question]]:
    """Load by suggestion, answering every question; return the report and what was asked."""
    rules, asked_for = suggest_mapping(path), []
    while True:
        while rules.questions:
            question = rules.questions[0]
            asked_for.append(question)
            rules = answered(rules, question, export.answer(question))
        report = load(path, store=store, mapping=rules)
        if not report.questions:
            return report, asked_for
        rules = Rules(rules.sources, rules.company, report.questions)
