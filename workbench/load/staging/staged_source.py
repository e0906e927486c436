"""One source, cast: a table of typed values beside what is wrong with each row, in one pass over the text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date

import duckdb

from workbench.load.cleaning.clean import cast_sql
from workbench.load.staging.derived_columns import derived_columns, order_columns, purchase_sql
from workbench.load.staging.filled_down import filled_down
from workbench.load.staging.row_checks import problems_sql, row_checks
from workbench.load.staging.row_kinds import row_kind_sql
from workbench.load.staging.source_plan import ChangedPrice, Deduction, PlannedColumn, SourcePlan
from workbench.load.staging.survey_answers import long_answer, read_answers, wide_answers, written_answer
from workbench.store.sql_quoting import quoted_name

GOOD = "kind IS NULL AND problems IS NULL"
"""True for the rows of a staged table that hold data with nothing wrong."""


MOST_UNPLANNED_ROWS = 20_000
"""Up to so many rows a better plan saves less than it takes to find (measured; from 50,000 rows on it pays)."""


@dataclass(frozen=True)
class StagedSource:
    """A staged source. Its table has, per row of the file, the canonical columns `x_…`, the attributes `a1` …, and

    - `kind`: why the row holds no data, NULL where it does;
    - `problems`: what is wrong with it, NULL where nothing is, and then `raw`, its cells as they were written (of all
      rows where whole orders are still to be judged);
    - `o_…`: what settles orders and currencies once all lines are there (`order_totals.py`, `currencies.py`).
    """

    plan: SourcePlan
    table: str
    source_id: int
    columns: tuple[str, ...]
    """The canonical columns the source fills."""
    days: tuple[date, date] | None = None
    """The first and the last day of its rows, where each has one: what two sources share lies in the days of both."""

    @property
    def identity(self) -> tuple[str, str | None, str]:
        """What the source is known by in the store: its file, its sheet, its table."""
        return (self.plan.source.file, self.plan.source.sheet, self.plan.table.name)

    @property
    def table_sql(self) -> str:
        """The staged table, seen from a database that has attached the staging one as `stage`."""
        return f"stage.main.{quoted_name(self.table)}"

    @property
    def line_sql(self) -> str:
        """The source line of a staged row: read, or counted from the first line of data."""
        return "line" if self.plan.source.numbered else f"rowid + {self.plan.source.first_line}"

    @property
    def attributes(self) -> Mapping[str, str]:
        """The attributes' names and their columns in the staged table."""
        return {attribute: f"a{place}" for place, attribute in enumerate(self.plan.attributes, 1)}


def stage_source(con: duckdb.DuckDBPyConnection, plan: SourcePlan, *, table: str, source_id: int) -> StagedSource:
    """Cast the source into a new table.

    A file that was taken for regular and is not (DuckDB refuses it, or finds a different number of rows than lines)
    is split record by record and read again.
    """
    source = plan.source
    if source.split is not None:
        try:
            staged = _cast_into_table(con, plan, table, source_id)
        except (duckdb.InvalidInputException, duckdb.ConversionException):
            staged = None
        if staged and _row_count(con, table) == source.expected_rows:
            return staged
        con.execute(f"DROP TABLE IF EXISTS {quoted_name(table)}")
        plan = replace(plan, source=source.split(source))
    return _cast_into_table(con, plan, table, source_id)


@contextmanager
def _planned_plainly(con: duckdb.DuckDBPyConnection, row_count: int | None) -> Iterator[None]:
    """Run a query as it is written where its rows are few: of a survey with 20 questions, planning it took 7 s."""
    if row_count is None or row_count > MOST_UNPLANNED_ROWS:
        yield
        return
    con.execute("PRAGMA disable_optimizer")
    try:
        yield
    finally:
        con.execute("PRAGMA enable_optimizer")


def with_days_known(con: duckdb.DuckDBPyConnection, staged: StagedSource) -> StagedSource:
    """Look the days of a staged source up."""
    if "day" not in staged.columns:
        return staged
    first, last, bare = con.execute(
        f"SELECT min(x_day), max(x_day), count(*) - count(x_day) FROM {quoted_name(staged.table)} WHERE {GOOD}"
    ).fetchall()[0]
    return staged if first is None or bare else replace(staged, days=(first, last))


def _row_count(con: duckdb.DuckDBPyConnection, table: str) -> int:
    return int(con.execute(f"SELECT count(*) FROM {quoted_name(table)}").fetchall()[0][0])


def _cast_into_table(con: duckdb.DuckDBPyConnection, plan: SourcePlan, table: str, source_id: int) -> StagedSource:
    source = plan.source
    columns = long_answer(plan) if plan.table.name == "surveys" and not plan.wide else derived_columns(plan)
    cells = ", ".join(f"c{place}" for place in range(1, len(source.names) + 1))
    line = "line, " if source.numbered else ""
    kind = row_kind_sql(source, plan.mapping)
    casts: list[PlannedColumn | Deduction | ChangedPrice] = [*plan.columns.values(), *plan.deductions]
    casts += plan.price_changes
    casts += [plan.profit] if plan.profit else []
    values = "".join(f", {one.cast.value} AS {one.value}" for one in casts)
    values += "".join(f", {sql} AS {name}" for name, sql in read_answers(plan).items()) if plan.wide else ""
    derived = "".join(f", {sql} AS x_{column}" for column, sql in columns.items())
    derived += "".join(f", {sql} AS o_{name}" for name, sql in order_columns(plan).items())
    texts = enumerate(plan.attributes.values(), 1)
    attributes = "".join(f", {cast_sql(text, 'text').value} AS a{place}" for place, text in texts)
    answers = f", {wide_answers(plan)} AS answers" if plan.wide else ""
    filled_columns = tuple(columns)
    purchase = written_answer(plan)
    if plan.table.name == "transactions":
        purchase = f", {purchase_sql(plan)} AS x_is_purchase"
        filled_columns += ("is_purchase",)
    cells_sql, raw = source.cells_sql, cells
    if plan.mapping.fill_down or plan.mapping.heading_column:
        cells_sql, kind = filled_down(con, plan, kind), "kind"
        raw = ", ".join(f"w{place}" for place in range(1, len(source.names) + 1))
    judged = "true" if plan.has_order_totals or plan.order_discounts else "problems IS NOT NULL"
    carried = f", {raw}" if raw != cells else ""
    excluded = f"{cells}{carried}"
    with _planned_plainly(con, source.expected_rows):
        con.execute(f"""
            CREATE TABLE {quoted_name(table)} AS
            SELECT * EXCLUDE ({excluded}), CASE WHEN {judged} THEN [{raw}] END AS raw
            FROM (
                SELECT {line}{excluded}, COLUMNS('^(x_.*|o_.*|a[0-9]+|answers|kind)$'){purchase},
                    CASE WHEN kind IS NULL THEN {problems_sql(row_checks(plan, columns))} END AS problems
                FROM (
                    SELECT *{derived}{attributes}{answers}
                    FROM (SELECT {line}{excluded}, {kind} AS kind{values} FROM {cells_sql})
                )
            )
        """)
    return StagedSource(plan, table, source_id, filled_columns)
