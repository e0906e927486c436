"""Categories of sold products: where lines name none, the list of products says it, so that 80/20 can rank them."""

from __future__ import annotations

import json
from collections.abc import Sequence

import duckdb

from workbench.load.problems import Problem
from workbench.load.staging.staged_source import StagedSource
from workbench.store.contents import read_meta, write_meta

FILLED_SOURCES = "categories_from_products"
"""The key in `meta` under which the sources of sales stand that have no category of their own."""


def fill_categories(con: duckdb.DuckDBPyConnection, staged: Sequence[StagedSource]) -> list[Problem]:
    """Give the lines of sources without a category that of their product, as the list of products says it now.

    A source that has categories of its own keeps them, blanks too.
    """
    before = set(json.loads(read_meta(con).get(FILLED_SOURCES, "[]")))
    there = {int(one) for (one,) in con.execute("SELECT source_id FROM sources").fetchall()}
    fresh = {one.source_id for one in staged if _lacks_category(one)}
    sources = sorted((before & there) | fresh)
    if not sources and not before:
        return []
    write_meta(con, {FILLED_SOURCES: json.dumps(sources)})
    con.execute(
        """
        UPDATE transactions SET category = said.category
        FROM (
            SELECT DISTINCT sold.product_id, products.category
            FROM transactions AS sold LEFT JOIN products USING (product_id)
            WHERE list_contains($sources, sold.source_id) AND sold.product_id IS NOT NULL
                AND sold.category IS DISTINCT FROM products.category
        ) AS said
        WHERE list_contains($sources, transactions.source_id) AND transactions.product_id = said.product_id
        """,
        {"sources": sources},
    )
    count = con.execute(
        "SELECT count(category) FROM transactions WHERE list_contains($sources, source_id)", {"sources": sorted(fresh)}
    ).fetchall()[0][0]
    return [Problem("info", "categories_filled", {"count": count})] if count else []


def _lacks_category(staged: StagedSource) -> bool:
    is_sales = staged.plan.table.name == "transactions"
    return is_sales and "category" not in staged.columns and "product_id" in staged.columns
