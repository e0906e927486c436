"""Revenue asked on Spark: key figures of a period beside the one before, and month by month."""

from __future__ import annotations

from datetime import date

import ibis.expr.types as ir

from tests.spark.company import Tables
from workbench.topics.revenue.month_links import crossing_months, month_moves, visited_months
from workbench.topics.revenue.query import beside_year_before, key_figures, revenue_by_month


def key_figures_of_an_unfinished_quarter(tables: Tables) -> ir.Table:
    return key_figures(
        tables.transactions, tables.surveys, since=date(2025, 10, 1), until=date(2025, 12, 31), as_of=tables.as_of
    )


def key_figures_of_a_day_few_customers_bought_on(tables: Tables) -> ir.Table:
    day = date(2024, 2, 29)
    return key_figures(
        tables.transactions, tables.surveys, since=day, until=day, as_of=tables.as_of, fewest_customers=50
    )


def revenue_of_all_months(tables: Tables) -> ir.Table:
    return revenue_by_month(tables.transactions, as_of=tables.as_of)


def revenue_since_a_day(tables: Tables) -> ir.Table:
    return revenue_by_month(tables.transactions, as_of=date(2025, 6, 30), since=date(2024, 2, 29))


def months_customers_came_in(tables: Tables) -> ir.Table:
    return visited_months(tables.transactions)


def moves_between_months(tables: Tables) -> ir.Table:
    return month_moves(visited_months(tables.transactions))


def customers_of_an_early_and_a_later_month(tables: Tables) -> ir.Table:
    groups = {date(2024, 2, 1): 0, date(2024, 3, 1): 0, date(2025, 11, 1): 1}
    return crossing_months(visited_months(tables.transactions), groups)


def months_beside_those_of_a_year_before(tables: Tables) -> ir.Table:
    months = revenue_by_month(tables.transactions, as_of=date(2025, 6, 30), since=date(2024, 2, 29))
    earlier = revenue_by_month(tables.transactions, as_of=date(2024, 6, 30), since=date(2023, 2, 1))
    return beside_year_before(months, earlier)
