"""What the shops' own system exports: the archive, the settled orders of each year, the item list, the staff list."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from workbench.samples.dice import Dice
from workbench.samples.files import text_table
from workbench.samples.mess import dashed_phone, messy_day, messy_money, slip_in, tidy_day, tidy_money, tidy_price
from workbench.samples.model import Customer, Employee, OrderLine, Product, SampleCompany

OLD_HEADERS = (
    *("结算单号", "客户编号", "结算日期", "区域", "项目编码", "项目类别", "数量"),
    *("单价", "金额", "成本", "服务顾问", "渠道", "状态"),
)
NEW_HEADERS = (
    *("订单号", "客户ID", "下单日期", "门店区域", "商品编码", "品类", "数量"),
    *("单价", "实收金额", "成本", "顾问工号", "渠道", "订单状态"),
)
"""The system of 2025 calls the same things by other names."""

REPEATED_LINES = 25
"""So many lines of 2023 were exported twice, one page of the old system's list."""

WRONG_LINES = {
    2022: ({"金额": "待定"}, {"结算日期": "2022-02-30"}),
    2023: ({"金额": "见附件"}, {"结算日期": ""}),
    2024: ({"结算日期": "2024-06-31"}, {"金额": "按合同"}),
    2025: ({"结算日期": "2025-11-31"}, {"结算日期": "2052-08-15"}),
}
"""What stands in the lines that no loader can accept."""


def shop_system(seed: int, company: SampleCompany) -> dict[str, bytes]:
    """Return the files by name: GB18030 and GBK from the old system, UTF-8 with a mark from the one of 2025."""
    dice = Dice(seed, "shop system")
    files = {"客户档案.csv": text_table(_archive(dice, company.customers), encoding="gb18030")}
    for year in (2022, 2023, 2024):
        files[f"结算单_{year}.csv"] = text_table(_settled(dice, company.lines, year), encoding="gbk")
    renamed = dict(zip(OLD_HEADERS, NEW_HEADERS, strict=True))
    newest = [{renamed[name]: cell for name, cell in row.items()} for row in _settled(dice, company.lines, 2025)]
    files["结算单_2025.csv"] = text_table(newest, encoding="utf-8-sig")
    files["项目目录.csv"] = text_table(list(map(_item, company.products)), encoding="utf-8", newline="\n")
    files["员工名册.csv"] = text_table(list(map(_employee, company.employees)), encoding="utf-8", newline="\n")
    return files


def _archive(dice: Dice, customers: Sequence[Customer]) -> list[dict[str, str]]:
    """Return the customers' archive; who is registered a second time writes the telephone number in another way."""
    uses = Counter(customer.phone for customer in customers if customer.in_archive)
    seen: set[str] = set()
    rows = []
    for customer in customers:
        if customer.in_archive:
            dashed = customer.phone in seen or (uses[customer.phone] == 1 and dice.chance(0.05))
            seen.add(customer.phone)
            rows.append(_customer(dice, customer, dashed_phone(customer.phone) if dashed else customer.phone))
    wrong = [
        {**rows[10], "客户编号": ""},
        {**rows[20], "客户编号": "900001", "出生日期": "1985-02-30"},
        {**rows[30], "客户编号": "900002", "建档日期": "2023年13月5日"},
    ]
    return slip_in(rows, wrong)


def _customer(dice: Dice, customer: Customer, phone: str) -> dict[str, str]:
    return {
        "客户编号": customer.customer_id,
        "客户名称": customer.name,
        "客户类型": customer.customer_type,
        "性别": customer.gender,
        "出生日期": messy_day(dice, customer.birthday),
        "联系电话": phone,
        "区域": customer.region,
        "行业": customer.industry,
        "会员等级": customer.tier,
        "客户经理": customer.owner,
        "建档日期": messy_day(dice, customer.registered_on),
        "车型": customer.car_model,
        "车牌号": customer.plate,
        "购车日期": tidy_day(customer.bought_on),
        "质保到期日": tidy_day(customer.warranty_until),
        "使用性质": customer.usage,
        "车辆数": str(customer.car_count),
    }


def _settled(dice: Dice, lines: Sequence[OrderLine], year: int) -> list[dict[str, str]]:
    """Return the settled lines of one year, with this year's wrong ones among them; the newer, the tidier."""
    own = [line for line in lines if line.day.year == year and line.order_id.startswith(("JS", "TK"))]
    rows = [_line(dice, line, mixed_days=year < 2024, mixed_money=year < 2025) for line in own]
    if year == 2023:
        middle = len(rows) // 2
        rows[middle:middle] = rows[middle - REPEATED_LINES : middle]
    wrong = [
        {**rows[number * 50], "结算单号": f"JS{year}9999{number:02d}", **cells}
        for number, cells in enumerate(WRONG_LINES[year], start=1)
    ]
    return slip_in(rows, wrong)


def _line(dice: Dice, line: OrderLine, *, mixed_days: bool, mixed_money: bool) -> dict[str, str]:
    cells = (
        line.order_id,
        line.customer.customer_id if line.customer else "",
        messy_day(dice, line.day) if mixed_days else tidy_day(line.day),
        line.region,
        line.product.product_id,
        line.product.category,
        str(line.quantity),
        tidy_price(line.unit_price),
        messy_money(dice, line.amount) if mixed_money else tidy_money(line.amount),
        tidy_money(line.cost),
        line.advisor,
        line.channel,
        line.status,
    )
    return dict(zip(OLD_HEADERS, cells, strict=True))


def _item(product: Product) -> dict[str, str]:
    return {
        "项目编码": product.product_id,
        "项目名称": product.name,
        "项目类别": product.category,
        "标准价": tidy_price(product.price_after),
        "成本价": tidy_price(product.cost),
    }


def _employee(employee: Employee) -> dict[str, str]:
    return {
        "工号": employee.employee_id,
        "姓名": employee.name,
        "岗位": employee.team,
        "区域": employee.region,
        "入职日期": tidy_day(employee.hired_on),
    }
