"""How many rows, and how much money, each rule about statuses and refunds moved."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb

from workbench.load.mapping.row_meanings import ANY_VALUE, certain_meaning
from workbench.load.problems import Problem
from workbench.load.staging.order_totals import order_sql
from workbench.load.staging.row_meanings_sql import marked_headers
from workbench.load.staging.staged_source import GOOD, StagedSource
from workbench.store.sql_quoting import quoted_name


def money_moved(con: duckdb.DuckDBPyConnection, staged: StagedSource) -> Iterator[Problem]:
    """Say what was left out or taken off, value by value, as the rows are before totals of orders are spread."""
    file, table = staged.plan.source.file, quoted_name(staged.table)
    for place, header in enumerate(marked_headers(staged.plan)):
        explained = {
            value.strip().lower(): said for value, said in staged.plan.mapping.meanings.get(header, {}).items()
        }
        filled = "" if "" in explained else f" AND coalesce(trim(o_mark_{place}), '') <> ''"
        rows = con.execute(f"""
            SELECT coalesce(trim(o_mark_{place}), ''), count(*), coalesce(sum(x_amount), 0), coalesce(max(x_amount), 0)
            FROM {table} WHERE {GOOD}{filled} GROUP BY 1 ORDER BY 2 DESC, 1
        """).fetchall()
        if ANY_VALUE in explained:  # days, each with a row or two: they are said together
            others = [row for row in rows if row[0].lower() not in explained]
            rows = [row for row in rows if row not in others]
            rows += [(ANY_VALUE, sum(row[1] for row in others), sum(row[2] for row in others), 0)] if others else []
        for value, count, money, high in rows:
            meaning = explained.get(value.lower()) or certain_meaning(value, has_sales=high > 0)
            if meaning in ("no_sale", "refund"):
                facts = {"file": file, "header": header, "value": value or "—", "count": count, "meaning": meaning}
                if staged.plan.mapping.money:
                    yield Problem("info", "status_moved_rows", facts)
                else:
                    yield Problem("info", "status_moved", {**facts, "money": f"{money:,}"})
    if staged.plan.price_changes:
        per_order = staged.plan.has_order_totals
        count, money = con.execute(f"""
            SELECT coalesce(sum(rows), 0), coalesce(sum(changed), 0) FROM (
                SELECT count(*) AS rows, {"any_value" if per_order else "sum"}(o_changed) AS changed FROM {table}
                WHERE {GOOD} AND NOT x_is_cancelled AND o_changed <> 0 GROUP BY {order_sql(staged)}
            )
        """).fetchall()[0]
        headers = [one.header for one in staged.plan.price_changes if one.change != "less_per_order"]
        if headers:
            yield Problem(
                "info", "prices_changed", {"file": file, "header": headers, "count": count, "money": f"{money:+,}"}
            )
    if staged.plan.deductions:
        count, money = con.execute(f"""
            SELECT count(*), coalesce(sum(o_order_back + o_line_back), 0) FROM {table}
            WHERE {GOOD} AND NOT x_is_cancelled AND o_order_back + o_line_back <> 0
        """).fetchall()[0]
        headers = [one.header for one in staged.plan.deductions]
        yield Problem("info", "deducted", {"file": file, "header": headers, "count": count, "money": f"{money:,}"})
