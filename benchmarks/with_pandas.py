"""The same questions in pandas, as a careful pandas user would write them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.data import AS_OF, PERIODS

COLUMNS = ["customer_id", "order_id", "day", "amount", "cost", "is_cancelled", "is_purchase"]


def facts(parquet: Path) -> pd.DataFrame:
    """One row per customer: first, last, orders, lines, money, margin; the definitions of `customer_facts`."""
    lines = pd.read_parquet(parquet, columns=COLUMNS)
    lines = lines[~lines["is_cancelled"]]
    lines["amount"] = lines["amount"].astype("float64")
    lines["margin"] = lines["amount"] - lines["cost"].astype("float64")
    bought = lines[lines["is_purchase"]]
    day = pd.to_datetime(bought["day"])
    by_customer = bought.assign(day=day).groupby("customer_id", sort=False)
    found = by_customer.agg(
        first_on=("day", "min"),
        last_on=("day", "max"),
        frequency=("order_id", "nunique"),
        purchase_days=("day", "nunique"),
        line_count=("day", "size"),
    )
    found = found.join(
        lines.groupby("customer_id", sort=False).agg(monetary=("amount", "sum"), margin=("margin", "sum"))
    )
    found["recency_days"] = (pd.Timestamp(AS_OF) - found["last_on"]).dt.days
    found["average_order_value"] = found["monetary"] / found["frequency"]
    return found.reset_index()


def rfm(parquet: Path) -> pd.DataFrame:
    """Scores 1 to 5 by quintile cut points; equal customers score equally."""
    found = facts(parquet)
    shares = [0.2, 0.4, 0.6, 0.8]
    for name, column in (("f_score", "frequency"), ("m_score", "monetary")):
        found[name] = 1 + np.searchsorted(found[column].quantile(shares), found[column], side="right")
    recency = found["recency_days"]
    found["r_score"] = 5 - np.searchsorted(recency.quantile(shares), recency, side="right")
    return found.groupby(["r_score", "f_score"], as_index=False).agg(
        customers=("monetary", "size"), monetary=("monetary", "sum")
    )


def pareto(parquet: Path) -> pd.DataFrame:
    """ABC classes at 80 and 95 %; the customer who crosses belongs to the better class, equal values share a class."""
    found = facts(parquet)[["customer_id", "monetary"]].sort_values("monetary", ascending=False)
    positive = found[found["monetary"] > 0]
    total = positive["monetary"].sum()
    above = positive["monetary"].cumsum() - positive["monetary"]
    share_above = above.groupby(positive["monetary"]).transform("min") / total
    classes = np.select([share_above < 0.80, share_above < 0.95], ["A", "B"], "C")
    return (
        positive.assign(abc_class=classes)
        .groupby("abc_class", as_index=False)
        .agg(customers=("monetary", "size"), monetary=("monetary", "sum"))
    )


def cohorts(parquet: Path) -> pd.DataFrame:
    """The triangle of monthly cohorts, with a cell of nobody for each month that has begun."""
    lines = pd.read_parquet(parquet, columns=["customer_id", "day", "amount", "is_cancelled", "is_purchase"])
    lines = lines[~lines["is_cancelled"] & lines["customer_id"].notna()]
    day = pd.to_datetime(lines["day"])
    lines = lines.assign(month=day.dt.year * 12 + day.dt.month - 1, amount=lines["amount"].astype("float64"))
    months = lines.groupby(["customer_id", "month"], sort=False).agg(
        monetary=("amount", "sum"), came=("is_purchase", "any")
    )
    months = months.reset_index()
    months["cohort"] = months["customer_id"].map(months[months["came"]].groupby("customer_id")["month"].min())
    months = months[months["month"] >= months["cohort"]]
    months["age"] = (months["month"] - months["cohort"]).astype(int)
    cells = months.groupby(["cohort", "age"]).agg(active_customers=("came", "sum"), monetary=("monetary", "sum"))
    last = AS_OF.year * 12 + AS_OF.month - 1
    grid = [(cohort, age) for cohort in sorted(months["cohort"].unique()) for age in range(int(last - cohort) + 1)]
    found = cells.reindex(pd.MultiIndex.from_tuples(grid, names=["cohort", "age"]), fill_value=0).reset_index()
    return found.assign(base=found.groupby("cohort")["active_customers"].transform("first"))


def periods(parquet: Path) -> pd.DataFrame:
    """Sales of two years by product: orders, customers, items, money and margin."""
    columns = ["customer_id", "order_id", "day", "product_id", "quantity", "amount", "cost", "is_cancelled"]
    lines = pd.read_parquet(parquet, columns=columns)
    day = pd.to_datetime(lines["day"])
    tables = []
    for period, days in PERIODS.items():
        inside = lines[~lines["is_cancelled"] & day.between(*map(pd.Timestamp, days))]
        numbers = {name: inside[name].astype("float64") for name in ("quantity", "amount", "cost")}
        inside = inside.assign(**numbers, margin=numbers["amount"] - numbers["cost"])
        sums = inside.groupby("product_id").agg(
            monetary=("amount", "sum"), items=("quantity", "sum"), margin=("margin", "sum"),
            customers=("customer_id", "nunique"),
        )  # fmt: skip
        orders = inside.drop_duplicates(["product_id", "order_id", "customer_id"]).groupby("product_id").size()
        tables.append(sums.assign(orders=orders, period=period).reset_index())
    return pd.concat(tables, ignore_index=True)
