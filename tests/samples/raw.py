"""Read the sample's raw files with pandas alone, so that the planted facts are proved without the workbench."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path

import pandas as pd

AS_OF = date(2025, 12, 18)
DATE = re.compile(r"(\d{4})[-/年](\d{1,2})[-/月](\d{1,2})日?(?: \d{1,2}:\d{2}(?::\d{2})?)?")
NEW_HEADERS = {
    "订单号": "结算单号",
    "客户ID": "客户编号",
    "下单日期": "结算日期",
    "门店区域": "区域",
    "商品编码": "项目编码",
    "品类": "项目类别",
    "实收金额": "金额",
    "顾问工号": "服务顾问",
    "订单状态": "状态",
}


@dataclass(frozen=True)
class Raw:
    """The readable rows of all files, and how many rows of each could not be read."""

    archive: pd.DataFrame
    settled: pd.DataFrame
    sales: pd.DataFrame
    """All sales once: settled, insured, from the web; cancelled lines left out."""
    cancelled: pd.DataFrame
    follow_ups: pd.DataFrame
    recommendations: pd.DataFrame
    servqual: pd.DataFrame
    complaints: pd.DataFrame
    contacts: pd.DataFrame
    points: pd.DataFrame
    unreadable: dict[str, int]

    @property
    def spend(self) -> pd.Series:
        """Net spend of the customers who bought something, the largest first."""
        named = self.sales[self.sales.customer != ""]
        totals = named.groupby("customer").amount.sum()
        buyers = named[(named.amount > 0) & (named.quantity > 0)].customer.unique()
        return totals[totals.index.isin(buyers)].sort_values(ascending=False)


def to_day(written: object) -> date | None:
    """Read a day in any of the ways the files write it; None where there is none or it cannot be."""
    if isinstance(written, datetime):
        return written.date()
    text = str(written).strip()
    match = DATE.fullmatch(text) or re.fullmatch(r"(\d{4})(\d{2})(\d{2})", text)
    if not match:
        return None
    try:
        return date(*map(int, match.groups()))
    except ValueError:
        return None


def to_money(written: object) -> Decimal | None:
    """Read an amount in any of the ways the files write it; None where there is none."""
    text = unicodedata.normalize("NFKC", str(written)).replace(",", "").lstrip("¥")
    negative = text.startswith("(") and text.endswith(")")
    text, unit = (text[:-1], 10_000) if text.endswith("万") else (text.strip("()"), 1)
    try:
        amount = Decimal(text) * unit
    except InvalidOperation:
        return None
    return -amount if negative else amount


def read_raw(folder: Path) -> Raw:
    """Read every file of the folder."""
    unreadable: dict[str, int] = {}
    archive = _archive(folder, unreadable)
    settled = _settled(folder, unreadable)
    sales = pd.concat([settled, _insurance(folder, unreadable), _web_orders(folder)], ignore_index=True)
    return Raw(
        archive=archive,
        settled=settled,
        sales=sales[sales.status != "作废"],
        cancelled=sales[sales.status == "作废"],
        follow_ups=_follow_ups(folder, unreadable),
        recommendations=_sheet(folder, "推荐与费力"),
        servqual=_text(folder, "服务质量问卷.csv", "gbk"),
        complaints=_complaints(folder, unreadable),
        contacts=_contacts(folder, unreadable),
        points=_text(folder, "积分流水.txt", "utf-8", sep="\t"),
        unreadable=unreadable,
    )


def _text(folder: Path, name: str, encoding: str, sep: str = ",") -> pd.DataFrame:
    return pd.read_csv(folder / name, encoding=encoding, sep=sep, dtype=str, keep_default_na=False)


def _sheet(folder: Path, sheet: str, file: str = "客服中心导出.xlsx") -> pd.DataFrame:
    """Read a sheet below its title and note, without the last line of totals."""
    table = pd.read_excel(folder / file, sheet_name=sheet, header=2, dtype=object, engine="calamine")
    assert table.iloc[-1, 0] == "合计"
    return table.iloc[:-1]


def _readable(table: pd.DataFrame, needed: list[str], unreadable: dict[str, int], name: str) -> pd.DataFrame:
    """Keep the rows that have a value in each needed column, and count the others."""
    whole = table[needed].notna().all(axis=1)
    unreadable[name] = unreadable.get(name, 0) + int((~whole).sum())
    return table[whole].copy()


def _archive(folder: Path, unreadable: dict[str, int]) -> pd.DataFrame:
    table = _text(folder, "客户档案.csv", "gb18030")
    table["birthday"] = table["出生日期"].map(to_day)
    table["registered_on"] = table["建档日期"].map(to_day)
    table["phone"] = table["联系电话"].str.replace("-", "")
    table["warranty_until"] = table["质保到期日"].map(to_day)
    wrong = (table["客户编号"] == "") | (table["出生日期"].ne("") & table.birthday.isna()) | table.registered_on.isna()
    unreadable["archive"] = int(wrong.sum())
    return table[~wrong].set_index("客户编号")


def _settled(folder: Path, unreadable: dict[str, int]) -> pd.DataFrame:
    """Read the settled lines of four years; the page of 2023 that stands there twice is kept once."""
    years = [_text(folder, f"结算单_{year}.csv", "gbk") for year in (2022, 2023, 2024)]
    years.append(_text(folder, "结算单_2025.csv", "utf-8-sig").rename(columns=NEW_HEADERS))
    table = pd.concat(years, ignore_index=True)
    table["day"] = table["结算日期"].map(to_day).map(lambda day: day if day and day <= AS_OF else None)
    table["amount"] = table["金额"].map(to_money)
    table["unit_price"] = table["单价"].map(to_money)
    table = _readable(table, ["day", "amount"], unreadable, "settled")
    table["repeated"] = table.duplicated(["结算单号", "项目编码"])
    unreadable["repeated"] = int(table.repeated.sum())
    columns = {
        "结算单号": "order",
        "客户编号": "customer",
        "区域": "region",
        "项目编码": "product",
        "项目类别": "category",
    }
    table = table[~table.repeated].rename(columns={**columns, "状态": "status", "服务顾问": "advisor"})
    return table.assign(quantity=table["数量"].astype(int), cost=table["成本"].map(Decimal))


def _insurance(folder: Path, unreadable: dict[str, int]) -> pd.DataFrame:
    table = _sheet(folder, "台账", "保险台账.xlsx").copy()
    table["day"] = table["出单日期"].map(to_day)
    table["amount"] = table["保费"].map(to_money)
    table = _readable(table, ["day", "amount"], unreadable, "insurance")
    columns = {"保单号": "order", "客户编号": "customer", "区域": "region", "险种编码": "product", "类别": "category"}
    costs = table["渠道成本"].map(lambda cost: Decimal(str(cost)))
    return table.rename(columns={**columns, "状态": "status"}).assign(quantity=1, cost=costs)


def _web_orders(folder: Path) -> pd.DataFrame:
    table = _text(folder, "精品商城订单.txt", "utf-8", sep="\t")
    columns = {"订单号": "order", "客户编号": "customer", "区域": "region", "商品编码": "product", "品类": "category"}
    table = table.rename(columns={**columns, "订单状态": "status"})
    quantity = table["数量"].astype(int)
    return table.assign(
        day=table["下单时间"].map(to_day), quantity=quantity, amount=quantity * table["单价"].map(Decimal)
    )


def _follow_ups(folder: Path, unreadable: dict[str, int]) -> pd.DataFrame:
    table = _text(folder, "满意度回访.csv", "gbk")
    wrong = table["回访编号"] == ""
    unreadable["follow_ups"] = int(wrong.sum())
    table = table[~wrong].copy()
    table["day"] = table["回访日期"].map(to_day)
    table["score"] = pd.to_numeric(table["评分"].where(table["评分"].isin(list("12345"))))
    return table


def _complaints(folder: Path, unreadable: dict[str, int]) -> pd.DataFrame:
    table = _sheet(folder, "投诉工单").copy()
    table["day"] = table["受理日期"].map(to_day)
    table["closed_on"] = table["办结日期"].map(to_day)
    return _readable(table, ["工单号", "day"], unreadable, "complaints")


def _contacts(folder: Path, unreadable: dict[str, int]) -> pd.DataFrame:
    table = _text(folder, "互动记录.csv", "utf-8-sig")
    table["day"] = table["日期"].map(to_day)
    return _readable(table, ["day"], unreadable, "contacts")
