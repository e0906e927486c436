"""The same questions in Polars, lazily, as a careful Polars user would write them."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from benchmarks.data import AS_OF, PERIODS


def lazy_facts(parquet: Path) -> pl.LazyFrame:
    """One row per customer: first, last, orders, lines, money, margin; the definitions of `customer_facts`."""
    bought = pl.col("is_purchase")
    amount = pl.col("amount").cast(pl.Float64)
    return (
        pl.scan_parquet(parquet)
        .filter(~pl.col("is_cancelled"))
        .group_by("customer_id")
        .agg(
            first_on=pl.col("day").filter(bought).min(),
            last_on=pl.col("day").filter(bought).max(),
            frequency=pl.col("order_id").filter(bought).n_unique(),
            purchase_days=pl.col("day").filter(bought).n_unique(),
            line_count=bought.sum(),
            monetary=amount.sum(),
            margin=(amount - pl.col("cost").cast(pl.Float64)).sum(),
        )
        .filter(pl.col("frequency") > 0)
        .with_columns(
            recency_days=(pl.lit(AS_OF) - pl.col("last_on")).dt.total_days(),
            average_order_value=pl.col("monetary") / pl.col("frequency"),
        )
    )


def facts(parquet: Path) -> pl.DataFrame:
    """Collect the facts."""
    return lazy_facts(parquet).collect()


def rfm(parquet: Path) -> pl.DataFrame:
    """Scores 1 to 5 by quintile cut points; equal customers score equally."""
    found = facts(parquet)
    shares = (0.2, 0.4, 0.6, 0.8)

    def score(column: str) -> pl.Expr:
        cuts = [found[column].quantile(share, "linear") for share in shares]
        return 1 + pl.sum_horizontal([(pl.col(column) >= cut).cast(pl.Int8) for cut in cuts])

    scored = found.with_columns(
        r_score=6 - score("recency_days"), f_score=score("frequency"), m_score=score("monetary")
    )
    return scored.group_by("r_score", "f_score").agg(customers=pl.len(), monetary=pl.col("monetary").sum())


def pareto(parquet: Path) -> pl.DataFrame:
    """ABC classes at 80 and 95 %; the customer who crosses belongs to the better class, equal values share a class."""
    values = facts(parquet).select("customer_id", "monetary").filter(pl.col("monetary") > 0)
    total = values["monetary"].sum()
    ranked = values.sort("monetary", descending=True).with_columns(
        above=pl.col("monetary").cum_sum() - pl.col("monetary")
    )
    share = pl.col("above").min().over("monetary") / total
    letter = pl.when(share < 0.80).then(pl.lit("A")).when(share < 0.95).then(pl.lit("B")).otherwise(pl.lit("C"))
    classed = ranked.with_columns(abc_class=letter)
    return classed.group_by("abc_class").agg(customers=pl.len(), monetary=pl.col("monetary").sum())


def cohorts(parquet: Path) -> pl.DataFrame:
    """The triangle of monthly cohorts, with a cell of nobody for each month that has begun."""
    lines = pl.scan_parquet(parquet).filter(~pl.col("is_cancelled") & pl.col("customer_id").is_not_null())
    month = pl.col("day").dt.year().cast(pl.Int64) * 12 + pl.col("day").dt.month() - 1
    months = lines.group_by("customer_id", month=month).agg(
        monetary=pl.col("amount").cast(pl.Float64).sum(), came=pl.col("is_purchase").any()
    )
    first = months.filter("came").group_by("customer_id").agg(cohort=pl.col("month").min())
    ages = months.join(first, on="customer_id").filter(pl.col("month") >= pl.col("cohort"))
    cells = ages.group_by("cohort", age=pl.col("month") - pl.col("cohort")).agg(
        active_customers=pl.col("came").sum(), monetary=pl.col("monetary").sum()
    )
    cells = cells.collect()
    last = AS_OF.year * 12 + AS_OF.month - 1
    grid = cells.select(pl.col("cohort").unique()).with_columns(age=pl.int_ranges(0, last + 1 - pl.col("cohort")))
    found = grid.explode("age").join(cells, on=["cohort", "age"], how="left").fill_null(0)
    return found.with_columns(base=pl.col("active_customers").sort_by("age").first().over("cohort"))


def periods(parquet: Path) -> pl.DataFrame:
    """Sales of two years by product: orders, customers, items, money and margin."""
    amount, cost = (pl.col(name).cast(pl.Float64) for name in ("amount", "cost"))
    tables = [
        pl.scan_parquet(parquet)
        .filter(~pl.col("is_cancelled") & pl.col("day").is_between(*days))
        .group_by("product_id")
        .agg(
            monetary=amount.sum(),
            items=pl.col("quantity").cast(pl.Float64).sum(),
            margin=(amount - cost).sum(),
            customers=pl.col("customer_id").n_unique(),
            orders=pl.struct("order_id", "customer_id").n_unique(),
        )
        .with_columns(period=pl.lit(period))
        for period, days in PERIODS.items()
    ]
    return pl.concat(tables).collect()
