"""What three small systems beside the shops' own keep: the insurance book, the web shop, the points ledger."""

from __future__ import annotations

from collections.abc import Sequence

from workbench.samples.dice import Dice
from workbench.samples.files import Sheet, SheetCell, text_table, workbook
from workbench.samples.mess import messy_day, messy_money, slip_in, tidy_day, tidy_money
from workbench.samples.model import AS_OF, COMPANY, Contact, Customer, OrderLine, SampleCompany


def side_systems(seed: int, company: SampleCompany) -> dict[str, bytes]:
    """Return the files by name: a workbook with a line of totals, and two tables separated by tabs."""
    dice = Dice(seed, "side systems")
    return {
        "保险台账.xlsx": workbook([_insurance(dice, company.lines)]),
        "精品商城订单.txt": _tabbed(_web_orders(dice, company.lines)),
        "积分流水.txt": _tabbed([_movement(movement) for movement in company.points]),
    }


def _tabbed(rows: Sequence[dict[str, str]]) -> bytes:
    return text_table(rows, encoding="utf-8", delimiter="\t", newline="\n")


def _insurance(dice: Dice, lines: Sequence[OrderLine]) -> Sheet:
    """Return the insurance book: days and premiums now as Excel's own, now as text; one premium not paid."""
    rows: list[dict[str, SheetCell]] = []
    for line, customer in _of_system(lines, "BX"):
        rows.append(
            {
                "保单号": line.order_id,
                "客户编号": customer.customer_id,
                "出单日期": messy_day(dice, line.day) if dice.chance(0.15) else line.day,
                "区域": line.region,
                "险种编码": line.product.product_id,
                "类别": line.product.category,
                "保费": messy_money(dice, line.amount) if dice.chance(0.15) else line.amount / 100,
                "渠道成本": line.cost / 100,
                "经办顾问": line.advisor,
                "状态": line.status,
            }
        )
    total = sum(line.amount for line, _ in _of_system(lines, "BX") if line.counts)
    wrong: list[dict[str, SheetCell]] = [{**rows[20], "保单号": "BX99999999001", "保费": "未收"}]
    return Sheet(
        "台账",
        f"{COMPANY} 保险代办台账",
        f"单位：元　导出日期：{AS_OF}",
        slip_in(rows, wrong),
        {"保单号": "合计", "保费": total / 100},
    )


def _web_orders(dice: Dice, lines: Sequence[OrderLine]) -> list[dict[str, str]]:
    """Return the web shop's order lines: quantity and price, no amount; a time beside the day."""
    return [
        {
            "订单号": line.order_id,
            "客户编号": customer.customer_id,
            "下单时间": f"{tidy_day(line.day)} {dice.between(8, 22):02d}:{dice.between(0, 59):02d}:00",
            "商品编码": line.product.product_id,
            "品类": line.product.category,
            "数量": str(line.quantity),
            "单价": tidy_money(line.unit_price),
            "区域": line.region,
            "渠道": line.channel,
            "订单状态": line.status,
        }
        for line, customer in _of_system(lines, "SC")
    ]


def _movement(movement: Contact) -> dict[str, str]:
    return {
        "流水号": movement.contact_id,
        "客户编号": movement.customer.customer_id,
        "日期": f"{movement.day:%Y%m%d}",
        "类型": movement.kind,
        "积分变动": str(movement.points),
        "区域": movement.customer.region,
        "备注": movement.note,
    }


def _of_system(lines: Sequence[OrderLine], prefix: str) -> list[tuple[OrderLine, Customer]]:
    """Return the lines whose order number begins with the prefix, each with its customer."""
    return [(line, line.customer) for line in lines if line.order_id.startswith(prefix) and line.customer]
