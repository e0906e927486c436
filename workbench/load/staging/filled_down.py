"""Blanks that mean the line above: an order's columns on its first line only, merged cells, names above their rows."""

from __future__ import annotations

import duckdb

from workbench.load.reading.header import clean_header
from workbench.load.staging.row_kinds import filled_cell
from workbench.load.staging.source_plan import SourcePlan

WRITTEN_CELLS = "written_cells"


def filled_down(con: duckdb.DuckDBPyConnection, plan: SourcePlan, kind_sql: str) -> str:
    """Return a relation like the source's cells, with `kind` and the cells as they were written as `w1` …

    Rows belong together that have one order number; where that is filled down itself, all from one number to the next;
    without orders, all. In each part a blank takes the last value above it. Rows that hold no data keep their blanks.
    A heading is above all rows down to the next.
    """
    source = plan.source
    cells = [f"c{place}" for place in range(1, len(source.names) + 1)]
    filled = {plan.text_of(header) for header in plan.mapping.fill_down}
    headed = plan.text_of(clean_header(plan.mapping.heading_column)) if plan.mapping.heading_column else None
    line = "line, " if source.numbered else ""
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE {WRITTEN_CELLS} AS
        SELECT {line}{", ".join(cells)}, {kind_sql} AS kind FROM {source.cells_sql}
    """)
    order = next((header for header, column in plan.mapping.columns.items() if column == "order_id"), None)
    part = "0"
    if order is not None:
        cell = plan.text_of(clean_header(order))
        number = f"CASE WHEN kind IS NULL THEN {filled_cell(cell)} END"
        part = f"count({number}) OVER (ORDER BY place)" if cell in filled else number
    above = {cell: f"last_value({filled_cell(cell)} IGNORE NULLS) OVER above" for cell in filled}
    if headed is not None:
        above[headed] = f"last_value({filled_cell(headed)} IGNORE NULLS) OVER heading"
    changed = ", ".join(
        f"CASE WHEN kind IS NULL THEN {above[cell]} ELSE {cell} END AS {cell}" if cell in above else cell
        for cell in cells
    )
    written = ", ".join(f"{cell} AS w{place}" for place, cell in enumerate(cells, 1))
    return f"""(
        SELECT {line}{changed}, kind, {written}
        FROM (SELECT *, {part} AS part FROM (SELECT rowid AS place, * FROM {WRITTEN_CELLS}))
        WINDOW above AS (PARTITION BY part, kind IS NULL ORDER BY place ROWS UNBOUNDED PRECEDING),
            heading AS (PARTITION BY kind IS NULL OR kind = 'heading' ORDER BY place ROWS UNBOUNDED PRECEDING)
        ORDER BY place
    )"""
