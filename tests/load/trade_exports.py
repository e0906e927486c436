"""Exports of sales with the traps of the trade in combinations, each with its truth and its honest answers.

A trap is what one system or another adds to a plain list of sales: rows that bring no money, red slips, refunds in a
column or in rows, sums among the lines, points spent, parts of days. Each adds columns or rows to a sheet, says what
that does to the truth, and how somebody who knows the shop answers what is asked about it.
"""

# ruff: noqa: E501 - headers and kinds as the systems write them
from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from random import Random
from typing import Literal

import xlsxwriter
import xlwt

from workbench.load import Question

Language = Literal["zh", "en", "de", "fr", "es"]
FileForm = Literal["csv", "gbk", "xlsx", "xls", "tabs"]
"""A file of UTF-8, of GBK, a workbook, an old workbook, or tabs under the name of one."""

Amounts = Literal["amount", "price", "both", "total"]
"""The line's amount, quantity times price, both, or quantity and price with the order's total on every line."""

Days = Literal["day", "moment", "week", "month", "quarter", "parts", "month parts", "file", "written"]
CENT = Decimal("0.01")
NOBODY = "-"

COLUMNS: Mapping[Language, Mapping[str, str]] = {
    "zh": {
        "order": "订单编号", "customer": "会员号", "day": "下单日期", "product": "商品编码", "price": "商品单价", "quantity": "数量",
        "amount": "实付金额", "status": "订单状态", "week": "周次", "month": "结算期", "quarter": "季度", "year": "年份",
        "month_of_year": "月份", "day_of_month": "日",
    },
    "en": {
        "order": "Order ID", "customer": "Customer ID", "day": "Order Date", "product": "SKU", "price": "Unit Price",
        "quantity": "Quantity", "amount": "Amount", "status": "Order Status", "week": "Week", "month": "Billing period",
        "quarter": "Quarter", "year": "Year", "month_of_year": "Month", "day_of_month": "Day",
    },
    "de": {
        "order": "Bestellnummer", "customer": "Kundennummer", "day": "Bestelldatum", "product": "Artikelnummer",
        "price": "Einzelpreis", "quantity": "Menge", "amount": "Betrag", "status": "Bestellstatus", "week": "Week",
        "month": "Billing period", "quarter": "Quartal", "year": "Jahr", "month_of_year": "Monat", "day_of_month": "Tag",
    },
    "fr": {
        "order": "Numéro de commande", "customer": "Numéro client", "day": "Date de commande", "product": "Référence article",
        "price": "Prix unitaire", "quantity": "Quantité", "amount": "Montant TTC", "status": "Statut", "week": "Semaine",
        "month": "Billing period", "quarter": "Trimestre", "year": "Année", "month_of_year": "Mois", "day_of_month": "Jour",
    },
    "es": {
        "order": "Número de pedido", "customer": "Número de cliente", "day": "Fecha", "product": "Código de producto",
        "price": "Precio unitario", "quantity": "Cantidad", "amount": "Importe", "status": "Estado", "week": "Semana",
        "month": "Billing period", "quarter": "Trimestre", "year": "Año", "month_of_year": "Mes", "day_of_month": "Día",
    },
}  # fmt: skip

STATUSES: Mapping[Language, tuple[Sequence[str], Sequence[str]]] = {
    "zh": (("交易成功", "已发货", "已签收"), ("交易关闭", "待付款", "已取消")),
    "en": (("completed", "Shipped", "processing"), ("cancelled", "failed", "Pending Payment")),
    "de": (("bezahlt", "versandt"), ("storniert", "ausstehend")),
    "fr": (("payée", "expédiée"), ("annulée", "en attente")),
    "es": (("completado", "enviado"), ("cancelado", "pendiente de pago")),
}
"""What says of an order that it stands, and that it does not."""


@dataclass(frozen=True)
class Line:
    """A row as the system knows it: what stands in it, and what its customer truly paid through it."""

    order: str
    customer: str
    moment: datetime
    price: Decimal
    quantity: int
    paid: Decimal
    product: str = "P1"
    money: Decimal | None = None
    """What stands as its amount; None where that is quantity times price."""

    marks: Mapping[str, str] = field(default_factory=dict)
    """What stands in it under further headers."""

    is_sold: bool = True
    is_sum: bool = False
    cost: Decimal = Decimal(0)

    @property
    def gross(self) -> Decimal:
        """Quantity times price."""
        return self.price * self.quantity


@dataclass
class TradeSheet:
    """What is drawn: rows, further headers, and the honest answers."""

    dice: Random
    lang: Language
    amounts: Amounts
    lines: list[Line]
    headers: list[str] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)
    """Headers that are written otherwise than usual, by the column."""

    meanings: dict[tuple[str, str], str] = field(default_factory=dict)
    """What a text under a header means: sale, no_sale or refund."""

    answers: dict[str, str] = field(default_factory=dict)
    """The answer to a question, by its key, or by its key and header."""

    with_status: bool = True
    factor: int = 1
    """By how much money is written too small."""

    deducted: list[str] = field(default_factory=list)

    def mark(self, header: str, write: Callable[[Line], str]) -> None:
        """Write a further column."""
        self.headers.append(header)
        self.lines = [replace(line, marks={**line.marks, header: write(line)}) for line in self.lines]

    def means(self, header: str, **texts: Sequence[str]) -> None:
        """Say what texts under a header mean."""
        for meaning, of_meaning in texts.items():
            self.meanings |= {(header, text): meaning for text in of_meaning}

    def pick(self, *, share: float) -> set[str]:
        """The numbers of some orders that stand; never all of them, and never none."""
        orders = sorted({line.order for line in self.lines if line.is_sold and not line.order.startswith("X")})
        some = [order for order in orders if self.dice.random() < share]
        return {*(some or orders[:1])} - {orders[-1]}

    def of(self, order: str) -> list[Line]:
        """The lines of an order."""
        return [line for line in self.lines if line.order == order]

    def add(self, line: Line) -> None:
        """Put a row of its own behind those of its order, or at the end."""
        places = [place for place, one in enumerate(self.lines) if one.order == line.order]
        self.lines.insert((places[-1] if places else len(self.lines) - 1) + 1, line)

    def extra(self, *, paid: Decimal | None = None, negative: bool = False, **marks: str) -> Line:
        """A row with a number of its own, like one of the sales; it brings nothing unless `paid` says so."""
        like = self.dice.choice([line for line in self.lines if line.is_sold and not line.is_sum])
        number = f"X{9000 + len(self.lines)}"
        quantity = -1 if negative else 1
        price = like.price - Decimal(self.dice.randint(1, 99)) / 100  # that of no order which came to nothing
        return replace(
            like, order=number, quantity=quantity, price=price, marks={**like.marks, **marks}, paid=paid or Decimal(0),
            money=None, is_sold=False,
        )  # fmt: skip


KIND_HEADERS: Mapping[str, Sequence[str]] = {
    "zh": ("订单类型", "业务类型", "单据类型", "销售类型", "交易类型", "行类型", "单据性质"),
    "en": ("Order Type", "Transaction Type", "Type", "Row Type", "Document Type"),
}
ORDINARY: Mapping[str, Sequence[str]] = {"zh": ("销售", "普通订单", "正常销售"), "en": ("Sale", "Standard", "Order")}
NO_SALES: Mapping[str, Sequence[Sequence[str]]] = {
    "zh": (("换货", "换货订单", "换货单"), ("补发", "补寄订单"), ("样品", "赠品", "赠送"), ("内部", "内部领用"), ("保修", "厂家索赔", "质保"),
           ("测试",), ("调拨", "寄售"), ("预算", "目标"), ("充值",)),
    "en": (("Exchange", "Replacement"), ("Resend", "Reship"), ("Sample", "Giveaway"), ("Internal", "Training"), ("Warranty",),
           ("Test order",), ("Stock transfer", "Consignment"), ("Budget", "Forecast"), ("Withdrawal",)),
}  # fmt: skip
"""Kinds of rows that bring no money, though some stands in them."""

BACK_KINDS: Mapping[str, Sequence[str]] = {
    "zh": ("销售退货", "退款", "红字", "冲红", "退货单", "退定金"),
    "en": ("Refund", "Return", "Credit Note", "Payment Refund"),
}


def _words(sheet: TradeSheet) -> Literal["zh", "en"]:
    return "zh" if sheet.lang == "zh" else "en"


def rows_of_no_sale(sheet: TradeSheet) -> None:
    """Exchanges, samples, what is sent once more: rows with money that nobody paid, told apart by their kind."""
    lang = _words(sheet)
    header = sheet.dice.choice(KIND_HEADERS[lang])
    ordinary = sheet.dice.sample(ORDINARY[lang], 2)
    kinds = sheet.dice.sample(NO_SALES[lang], 2)
    sheet.mark(header, lambda _: sheet.dice.choice(ordinary))
    sheet.means(header, sale=ordinary, no_sale=[word for words in kinds for word in words])
    for words in kinds:
        for _ in range(sheet.dice.randint(1, 2)):
            sheet.add(sheet.extra(**{header: sheet.dice.choice(words)}))


def rows_of_money_back(sheet: TradeSheet) -> None:
    """Rows of what went back, told apart by their kind: above zero, or below it."""
    lang = _words(sheet)
    header = sheet.dice.choice(KIND_HEADERS[lang])
    ordinary, back = sheet.dice.choice(ORDINARY[lang]), sheet.dice.choice(BACK_KINDS[lang])
    sheet.mark(header, lambda _: ordinary)
    sheet.means(header, sale=[ordinary], refund=[back])
    negative = sheet.dice.random() < 0.5
    for _ in range(sheet.dice.randint(1, 3)):
        line = sheet.extra(negative=negative, **{header: back})
        sheet.add(replace(line, paid=-abs(line.gross)))


def red_slips(sheet: TradeSheet) -> None:
    """A mark of red and blue slips: a red one takes back what a blue one brought."""
    header, blue, red = sheet.dice.choice(
        [("红蓝标识", "蓝", "红"), ("红蓝字", "蓝字", "红字"), ("红蓝单", "蓝单", "红单"), ("票据标识", "蓝票", "红票")]
    )
    sheet.mark(header, lambda _: blue)
    sheet.means(header, sale=[blue], refund=[red])
    negative = sheet.dice.random() < 0.5
    for _ in range(2):
        line = sheet.extra(negative=negative, **{header: red})
        sheet.add(replace(line, paid=-abs(line.gross)))


def pieces_below_zero(sheet: TradeSheet) -> None:
    """Rows with pieces below zero beside an amount above it: what they brought went back."""
    if sheet.amounts != "both":
        return
    for _ in range(2):
        line = sheet.extra(negative=True)
        sheet.add(replace(line, money=-line.gross, paid=line.gross))
    sheet.answers["negative_pieces"] = "refund"


def money_back_in_a_column(sheet: TradeSheet) -> None:
    """A column with what went back of each order that stands: on every line of it where it repeats, else on the first."""
    words = {"zh": ("退款金额", "已退款金额", "退货金额"), "en": ("Amount Refunded", "Refund Amount", "Total Refunded"),
             "de": ("Erstattungsbetrag",), "fr": ("Montant remboursé",), "es": ("Importe reembolsado",)}  # fmt: skip
    header = sheet.dice.choice(words[sheet.lang]) + ("（千元）" if sheet.factor > 1 else "")
    back = {
        order: (sum(line.paid for line in sheet.of(order)) / sheet.dice.randint(2, 4)).quantize(CENT)
        for order in sheet.pick(share=0.4)
    }
    repeats = sheet.amounts == "total"
    seen: set[str] = set()
    lines: list[Line] = []
    for line in sheet.lines:
        money = Decimal(0)
        is_first = line.order not in seen
        seen.add(line.order)
        if line.order in back and (repeats or is_first):
            money = back[line.order]
        paid = line.paid - back[line.order] if line.order in back and is_first else line.paid
        lines.append(
            replace(
                line,
                paid=paid,
                marks={**line.marks, header: f"{money / sheet.factor:.6f}" if sheet.factor > 1 else f"{money:.2f}"},
            )
        )
    sheet.lines = lines
    sheet.headers.append(header)
    sheet.deducted.append(header)
    sheet.answers[f"refund_column {header}"] = "deduct"


def reasons(sheet: TradeSheet) -> None:
    """A column with the reason why an order came to nothing, the only sign that it did."""
    lang = _words(sheet)
    header = sheet.dice.choice(
        {"zh": ("取消原因", "订单关闭原因", "拒收原因"), "en": ("Cancellation reason", "Void Reason")}[lang]
    )
    nothing = sheet.dice.choice(["", "", "-", "无" if lang == "zh" else "N/A"])
    ended = sheet.pick(share=0.3)
    sheet.lines = [replace(one, paid=Decimal(0), is_sold=False) if one.order in ended else one for one in sheet.lines]
    said = {"zh": ("不想要了", "拍错了", "地址填错"), "en": ("too expensive", "wrong item")}[lang]
    sheet.mark(header, lambda line: sheet.dice.choice(said) if line.order in ended else nothing)
    sheet.answers[f"filled_mark {header}"] = "no_sale"


def flags(sheet: TradeSheet) -> None:
    """A column of yes and no that says which orders came to nothing, in one way or another."""
    lang = _words(sheet)
    header = sheet.dice.choice(
        {"zh": ("是否取消", "是否作废", "是否测试"), "en": ("is_cancelled", "Void", "Training")}[lang]
    )
    yes, no = sheet.dice.choice({"zh": [("是", "否"), ("1", "0")], "en": [("Y", "N"), ("true", "false")]}[lang])
    ended = sheet.pick(share=0.3)
    sheet.lines = [replace(one, paid=Decimal(0), is_sold=False) if one.order in ended else one for one in sheet.lines]
    sheet.mark(header, lambda line: yes if line.order in ended else no)
    sheet.means(header, sale=[no], no_sale=[yes])


def moments_of_payment(sheet: TradeSheet) -> None:
    """A column with the moment of payment, blank where nobody paid."""
    header = {
        "zh": "付款时间",
        "en": "Paid at",
        "de": "Zahlungsdatum",
        "fr": "Date de paiement",
        "es": "Fecha de pago",
    }[sheet.lang]
    unpaid = sheet.pick(share=0.3)
    sheet.lines = [replace(one, paid=Decimal(0), is_sold=False) if one.order in unpaid else one for one in sheet.lines]
    sheet.mark(
        header, lambda line: "" if line.order in unpaid else f"{line.moment + timedelta(minutes=9):%Y-%m-%d %H:%M:%S}"
    )
    sheet.answers[f"blank_mark {header}"] = "no_sale"


def sums_among_the_lines(sheet: TradeSheet) -> None:
    """A row with the sum of its lines before or after each order."""
    if sheet.amounts not in ("amount", "both"):
        return
    lang = _words(sheet)
    header, total, own = sheet.dice.choice(
        {
            "zh": [("行标识", "订单", "明细"), ("记录级别", "汇总", "明细")],
            "en": [("Line Kind", "ORDER", "LINE"), ("Level", "Order", "Item")],
        }[lang]
    )
    sheet.mark(header, lambda _: own)
    orders = dict.fromkeys(line.order for line in sheet.lines)
    lines: list[Line] = []
    is_before = sheet.dice.random() < 0.5
    for order in orders:
        part = sheet.of(order)
        whole = sum((line.money if line.money is not None else line.gross) for line in part)
        row = replace(
            part[0], marks={**part[0].marks, header: total}, money=Decimal(whole), paid=Decimal(0), is_sum=True
        )
        lines += [row, *part] if is_before else [*part, row]
    sheet.lines = lines
    sheet.answers["order_rows"] = "yes"
    sheet.means(header, no_sale=[total], sale=[own])


def parts_of_sets(sheet: TradeSheet) -> None:
    """Rows of the parts of a set that is sold in a row of its own."""
    lang = _words(sheet)
    by_kind = sheet.dice.random() < 0.5
    if by_kind:
        header, own, part = {"zh": ("菜品类型", "单品", "套餐明细"), "en": ("Item Type", "Item", "Component of set")}[
            lang
        ]
        sheet.means(header, sale=[own], no_sale=[part])
    else:
        header, own, part = {"zh": ("所属套餐", "", "双人餐"), "en": ("Bundle ID", "", "B-77")}[lang]
        sheet.answers[f"filled_mark {header}"] = "no_sale"
    sheet.mark(header, lambda _: own)
    for order in sorted(sheet.pick(share=0.3)):
        whole = sheet.of(order)[0]
        sheet.add(
            replace(
                whole,
                product="P77",
                paid=Decimal(0),
                quantity=1,
                money=whole.money,
                marks={**whole.marks, header: part},
            )
        )


def points_spent(sheet: TradeSheet) -> None:
    """A column with money paid in points, which the amount still holds: quantity times price before it."""
    if sheet.amounts != "price":
        return
    header = {"zh": "积分抵扣", "en": "Points Discount", "de": "Rabatt", "fr": "Remise", "es": "Descuento"}[sheet.lang]
    off = {order: Decimal(sheet.dice.randint(50, 300)) / 100 for order in sheet.pick(share=0.5)}
    seen: set[str] = set()
    lines = []
    for line in sheet.lines:
        less = off[line.order] if line.order in off and line.order not in seen else Decimal(0)
        seen.add(line.order)
        lines.append(
            replace(
                line, paid=line.paid - less if line.is_sold else line.paid, marks={**line.marks, header: f"{less:.2f}"}
            )
        )
    sheet.lines = lines
    sheet.headers.append(header)
    sheet.answers[f"price_change {header}"] = "less"


def tax_on_top(sheet: TradeSheet) -> None:
    """A column with the tax of a price without it: what was paid is both."""
    if sheet.amounts not in ("price", "amount") or sheet.lang not in ("zh", "en"):
        return
    untaxed = {
        "zh": {"price": "不含税单价", "amount": "不含税金额"},
        "en": {"price": "Net Price", "amount": "Amount excl. VAT"},
    }[sheet.lang]
    column = sheet.amounts
    if sheet.lang == "en" and column == "price":
        return
    header = {"zh": "税额", "en": "VAT Amount"}[sheet.lang]
    sheet.names[column] = untaxed[column]
    tax = {id(line): (line.gross * Decimal("0.13")).quantize(CENT, ROUND_HALF_UP) for line in sheet.lines}
    sheet.lines = [
        replace(
            line,
            paid=line.paid + (abs(tax[id(line)]) if line.paid > 0 else -abs(tax[id(line)]) if line.paid else 0),
            marks={**line.marks, header: f"{tax[id(line)]:.2f}"},
        )
        for line in sheet.lines
    ]
    sheet.headers.append(header)
    sheet.answers[f"price_change {header}"] = "plus"


def tax_within(sheet: TradeSheet) -> None:
    """A column with the tax that the amount holds."""
    if sheet.amounts != "amount" or sheet.lang not in ("zh", "en"):
        return
    sheet.names["amount"] = {"zh": "价税合计", "en": "Total incl. VAT"}[sheet.lang]
    header = {"zh": "税额", "en": "VAT Amount"}[sheet.lang]
    sheet.mark(header, lambda line: f"{line.gross * Decimal('0.115'):.2f}")
    sheet.answers[f"price_change {header}"] = "included"


def cost_of_a_piece(sheet: TradeSheet) -> None:
    """A column with what one piece costs."""
    header = {"zh": "成本价", "en": "Unit Cost", "de": "Einkaufspreis", "fr": "Prix d'achat", "es": "Costo"}[sheet.lang]
    costs = {line.product: (line.price / 2).quantize(CENT) for line in sheet.lines}
    sheet.mark(header, lambda line: f"{costs[line.product]:.2f}")
    sheet.lines = [replace(line, cost=costs[line.product] * line.quantity) for line in sheet.lines]
    sheet.answers[f"cost_of {header}"] = "piece"
    sheet.answers["with cost"] = header


def buyers_nobody_knows(sheet: TradeSheet) -> None:
    """Walk-in buyers in the customer's place."""
    word = sheet.dice.choice(
        {"zh": ("散客", "零售客户", "非会员"), "en": ("Guest", "Walk-in", "Walk-in Customer")}[_words(sheet)]
    )
    of_nobody = sheet.pick(share=0.4)
    sheet.lines = [
        replace(line, customer=f"{NOBODY}{word}") if line.order in of_nobody else line for line in sheet.lines
    ]
    sheet.answers["stand_ins"] = "missing"


def money_in_thousands(sheet: TradeSheet) -> None:
    """Money in thousands, said in brackets behind the header."""
    if sheet.amounts != "amount" or sheet.deducted or sheet.lang != "zh" or sheet.names:
        return
    sheet.factor = 1000
    sheet.names["amount"] = COLUMNS["zh"]["amount"] + sheet.dice.choice(["（千元）", "(千元)"])
    sheet.answers["amount_unit"] = "1000"


def status_in_other_words(sheet: TradeSheet) -> None:
    """A status that says in words of its own what stands and what does not."""
    if not sheet.with_status:
        return
    stands, ended = {"zh": ("已妥投", "买家改主意"), "en": ("Handed over", "Gone cold")}[_words(sheet)]
    header = COLUMNS[sheet.lang]["status"]
    sheet.lines = [
        replace(line, marks={**line.marks, "status": stands if line.is_sold else ended})
        if sheet.dice.random() < 0.5 and not line.order.startswith("X")
        else line
        for line in sheet.lines
    ]
    sheet.means(header, sale=[stands], no_sale=[ended])


TRAPS: Mapping[str, Callable[[TradeSheet], None]] = {
    one.__name__: one
    for one in (
        reasons, flags, moments_of_payment, status_in_other_words, buyers_nobody_knows, sums_among_the_lines,
        rows_of_no_sale, rows_of_money_back, red_slips, pieces_below_zero, parts_of_sets, money_in_thousands,
        money_back_in_a_column, points_spent, tax_on_top, tax_within, cost_of_a_piece,
    )
}  # fmt: skip

AGAINST: Sequence[set[str]] = (
    {"tax_on_top", "tax_within", "points_spent", "money_in_thousands"},
    {"rows_of_no_sale", "rows_of_money_back", "red_slips"},
    {"reasons", "flags", "moments_of_payment"},
    {"sums_among_the_lines", "tax_on_top", "money_back_in_a_column", "parts_of_sets", "tax_within"},
    {"sums_among_the_lines", "rows_of_no_sale", "cost_of_a_piece", "buyers_nobody_knows"},
)
"""Of traps that say the same of the same rows a file has one."""


@dataclass(frozen=True)
class TradeExport:
    """A file, and what is true: what each customer paid, the orders sold, each order's day, what goods cost."""

    sheet: TradeSheet
    rows: Sequence[Sequence[str]]
    name: str
    form: FileForm
    paid: Mapping[str | None, Decimal]
    days: Mapping[str, date]
    cost: Decimal | None
    columns: Mapping[str, str]
    """The header of each column of the workbench."""

    def write(self, folder: Path) -> Path:
        """Write the file in its form."""
        path = folder / self.name
        match self.form:
            case "xlsx":
                with xlsxwriter.Workbook(path) as book:
                    sheet = book.add_worksheet()
                    for place, row in enumerate(self.rows):
                        sheet.write_row(place, 0, [_cell(text) for text in row])
            case "xls":
                old = xlwt.Workbook()
                page = old.add_sheet("Sheet1")
                for place, row in enumerate(self.rows):
                    for column, text in enumerate(row):
                        if text:
                            page.write(place, column, _cell(text))
                old.save(str(path))
            case _:
                text = io.StringIO()
                delimiter = "\t" if self.form == "tabs" else ";" if self.sheet.lang in ("de", "fr", "es") else ","
                csv.writer(text, lineterminator="\n", delimiter=delimiter).writerows(self.rows)
                encoding = "gbk" if self.form in ("gbk", "tabs") and self.sheet.lang in ("zh", "en") else "utf-8"
                path.write_text(text.getvalue(), encoding=encoding)
        return path

    def answer(self, question: Question) -> str:
        """Answer a question as somebody does who knows the shop."""
        choice = self._true_answer(question)
        free = {"", *question.choices} if question.key in ("two_candidates", "is_this_it") else {*question.choices}
        assert choice in free, f"{choice!r} is no answer to {question}"
        return choice

    def _true_answer(self, question: Question) -> str:
        facts, known = question.facts, self.sheet.answers
        header = str(facts.get("header"))
        named = known.get(f"{question.key} {header}", known.get(question.key))
        if named is not None:
            return named
        if question.key in ("status_value", "filled_mark"):
            return self.sheet.meanings[header, str(facts["value"])]
        if question.key in ("which_customer", "two_candidates", "is_this_it", "which_column", "which_amount"):
            return self.columns.get(str(facts["column"]).split(" / ")[0], "")
        if question.key in ("month_days", "day_parts", "said_day", "serial_days"):
            return str(facts["suggested"])
        always = {
            "amount_of": "order" if self.sheet.amounts == "total" else "line",
            "which_table": "transactions",
            "date_order": "%d.%m.%Y",
            "unsold_refunds": "leave_out",
            "negative_pieces": "refund",
            "decimal_comma": "," if self.sheet.lang in ("de", "fr", "es") else ".",
        }
        assert question.key in always, f"a question without need: {question}"
        return always[question.key]


def _cell(text: str) -> str | float:
    """A number as a workbook holds it; all else is text."""
    try:
        return float(text) if "." in text or (text.lstrip("-").isdigit() and not text.startswith("0")) else text
    except ValueError:
        return text


def drawn_trade(
    dice: Random, *, lang: Language, form: FileForm, amounts: Amounts, days: Days, traps: Sequence[str]
) -> TradeExport:
    """Draw an export with these traps; of those that would say the same of the same rows the first."""
    traps = sorted(traps, key=[*TRAPS].index)
    traps = [
        trap
        for place, trap in enumerate(traps)
        if not any({trap, other} <= one for one in AGAINST for other in traps[:place])
    ]
    sheet = TradeSheet(dice, lang, amounts, _plain_lines(dice, amounts))
    sheet.with_status = dice.random() < 0.7 or bool({"status_in_other_words"} & {*traps})
    if not sheet.with_status:
        sheet.lines = [line for line in sheet.lines if line.is_sold]
    days = "moment" if "moments_of_payment" in traps and days not in ("day", "written") else days  # it is the day, else
    for trap in traps:
        TRAPS[trap](sheet)
    return _written(sheet, form, days)


def _plain_lines(dice: Random, amounts: Amounts) -> list[Line]:
    """Orders of one to three lines of five customers; a few never sold."""
    prices = {f"P{number}": Decimal(dice.randint(500, 9900)) / 100 for number in range(1, 10)}
    lines: list[Line] = []
    for number in range(dice.randint(9, 14)):
        customer = f"M{dice.randint(1, 5):03}"
        moment = datetime(2024, 5, number + 1, dice.randint(8, 21), number)  # noqa: DTZ001
        is_sold = number < 3 or dice.random() < 0.8
        products = dice.sample(sorted(prices), 2 if number < 4 else dice.randint(1, 3))
        part = [
            Line(
                f"D{2024000 + number}",
                customer,
                moment,
                prices[product],
                dice.randint(1, 3),
                Decimal(0),
                product,
                is_sold=is_sold,
            )
            for product in products
        ]
        gross = sum((line.gross for line in part), Decimal(0))
        total = gross + Decimal(dice.randint(-400, 900)) / 100 if amounts == "total" else gross
        if amounts == "total":
            part = [
                replace(line, money=total, paid=total if is_sold and place == 0 else Decimal(0))
                for place, line in enumerate(part)
            ]
        else:
            part = [replace(line, paid=line.gross if is_sold else Decimal(0)) for line in part]
        lines += part
    return lines


def _written(sheet: TradeSheet, form: FileForm, days: Days) -> TradeExport:
    names = {**COLUMNS[sheet.lang], **sheet.names}
    of_days = {
        "day": ["day"], "moment": ["day"], "written": ["day"], "week": ["week"], "month": ["month"], "quarter": ["quarter"],
        "parts": ["year", "month_of_year", "day_of_month"], "month parts": ["year", "month_of_year"], "file": [],
    }[days]  # fmt: skip
    of_money = {"amount": ["amount"], "price": ["price"], "both": ["price", "amount"], "total": ["price", "amount"]}[
        sheet.amounts
    ]
    with_quantity = sheet.amounts != "amount" or "with cost" in sheet.answers
    columns = ["order", "customer", *of_days, "product", *(["quantity"] if with_quantity else []), *of_money]
    columns += ["status"] if sheet.with_status else []
    header = [*(names[column] for column in columns), *sheet.headers]
    stand, ended = STATUSES[sheet.lang]
    rows = []
    for line in sheet.lines:
        is_own = not line.order.startswith("X")
        own_status = line.marks.get("status") or sheet.dice.choice(stand if line.is_sold or not is_own else ended)
        if sheet.with_status and is_own and not line.is_sold and line.marks.get("status") is None:
            own_status = sheet.dice.choice(ended)
        money = line.money if line.money is not None else line.gross
        cells = {
            "order": line.order, "customer": line.customer.removeprefix(NOBODY), "product": "" if line.is_sum else line.product,
            "price": "" if line.is_sum else _decimal(sheet, f"{line.price:.2f}"),
            "quantity": "" if line.is_sum else str(line.quantity),
            "amount": _decimal(sheet, f"{money / sheet.factor:.5f}" if sheet.factor > 1 else f"{money:.2f}"),
            "status": own_status, **_day_cells(sheet, line, days),
        }  # fmt: skip
        texts = [_decimal(sheet, line.marks.get(one, "")) for one in sheet.headers]
        rows.append([*(cells[column] for column in columns), *texts])
    paid: dict[str | None, Decimal] = defaultdict(Decimal)
    for line in sheet.lines:
        who = None if line.customer.startswith(NOBODY) else line.customer
        paid[who] += line.paid
    kept = {"order": "order_id", "customer": "customer_id", "product": "product_id", "price": "unit_price"}
    name = f"{'销售_2024-05' if days == 'file' else 'orders'}.{'csv' if form in ('csv', 'gbk') else 'xlsx' if form == 'xlsx' else 'xls'}"
    is_costed = "with cost" in sheet.answers
    columns_of = {kept.get(column, column): names[column] for column in columns}
    if of_days:
        columns_of["day"] = names[of_days[0]]
    cost = (
        sum((line.cost for line in sheet.lines if line.is_sold and not line.is_sum), Decimal(0)) if is_costed else None
    )
    day_of = {line.order: _true_day(line, days) for line in sheet.lines}
    return TradeExport(sheet, [header, *rows], name, form, dict(paid), day_of, cost, columns_of)


def _decimal(sheet: TradeSheet, text: str) -> str:
    """Money with the comma of its language."""
    is_money = "." in text and text.replace(".", "").replace("-", "").isdigit()
    return text.replace(".", ",") if sheet.lang in ("de", "fr", "es") and is_money else text


def _day_cells(sheet: TradeSheet, line: Line, days: Days) -> Mapping[str, str]:
    moment = line.moment
    year, week, _ = moment.isocalendar()
    written = (
        f"{moment.year}年{moment.month}月{moment.day}日"
        if sheet.lang == "zh"
        else f"{moment.day} {moment:%B} {moment.year}"
    )
    by_form = {"day": f"{moment:%Y-%m-%d}", "moment": f"{moment:%Y-%m-%d %H:%M:%S}", "written": written}
    return {
        "day": by_form.get(days, ""),
        "week": f"{year}年第{week}周" if sheet.lang == "zh" else f"{year}-W{week:02}",
        "month": f"{moment:%Y%m}",
        "quarter": f"{moment.year}Q2",
        "year": str(moment.year),
        "month_of_year": f"{moment.month}月"
        if sheet.lang == "zh"
        else f"{moment:%B}"
        if sheet.lang == "en"
        else str(moment.month),
        "day_of_month": str(moment.day),
    }


def _true_day(line: Line, days: Days) -> date:
    day = line.moment.date()
    match days:
        case "week":
            return day + timedelta(days=6 - day.weekday())
        case "month" | "month parts" | "file":
            return date(2024, 5, 31)
        case "quarter":
            return date(2024, 6, 30)
        case _:
            return day
