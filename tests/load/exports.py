"""Exports of shops as their systems write them, with the truth beside: who paid how much, in how many orders."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Literal

from workbench.load import Mapping as Rules
from workbench.load import Question, answered, load, suggest_mapping
from workbench.load.reporting.report import LoadReport

Amounts = Literal["of the line", "total on every line", "total on the first line"]
Refunds = Literal["none", "in a column", "in rows below zero", "in rows above zero"]

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


def drawn_export(dice: Random, *, amounts: Amounts, refunds: Refunds, lang: str) -> Export:
    """Draw an export: orders of one to three lines, some never sold, with discounts and freight on the totals."""
    words = WORDS[lang]
    rows: list[list[str]] = [[*words["header"], *(words["refunded"] if refunds == "in a column" else [])]]
    paid: dict[str, Decimal] = defaultdict(Decimal)
    sold = 0
    for number in range(dice.randint(8, 14)):
        order, customer = f"D{2024000 + number}", f"M{dice.randint(1, 5):03}"
        lines = [
            (f"P{dice.randint(1, 9)}", Decimal(dice.randint(500, 9900)) / 100, dice.randint(1, 3))
            for _ in range(2 if number < 4 else dice.randint(1, 3))
        ]
        gross = sum(price * quantity for _product, price, quantity in lines)
        is_line = amounts == "of the line"
        total = gross if is_line else gross + Decimal(dice.randint(-400, 900)) / 100
        is_sold = number < 2 or dice.random() < 0.75
        back = (total / dice.randint(2, 4)).quantize(Decimal("0.01")) if is_sold and dice.random() < 0.4 else Decimal(0)
        back = back if refunds != "none" else Decimal(0)
        status, day = dice.choice(words["sale" if is_sold else "no_sale"]), f"2024-05-{number + 1:02} 10:{number:02}:00"
        for place, (product, price, quantity) in enumerate(lines):
            written = {
                "of the line": f"{price * quantity:.2f}",
                "total on every line": f"{total:.2f}",
                "total on the first line": "" if place else f"{total:.2f}",
            }[amounts]
            own_back = back if not is_line or place == 0 else Decimal(0)
            refunded = [f"{own_back:.2f}"] if refunds == "in a column" else []
            rows.append([order, customer, day, product, f"{price:.2f}", str(quantity), written, status, *refunded])
        if back and refunds in ("in rows below zero", "in rows above zero"):
            sign = "-" if refunds == "in rows below zero" else ""
            rows.append([f"R{order}", customer, day, "", "", "", f"{sign}{back:.2f}", words["refund"][0]])
        if is_sold:
            paid[customer] += total - back
            sold += 1
    return Export(rows, amounts, dict(paid), sold)


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
