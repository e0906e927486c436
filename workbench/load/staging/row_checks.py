"""What can be wrong with one row: each check names the cell and the reason, and costs nothing where all is well."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from workbench.load.cleaning.sql_expressions import case_when
from workbench.load.staging.source_plan import (
    DERIVED_FROM,
    NEVER_REJECTED,
    ChangedPrice,
    Deduction,
    PlannedColumn,
    SourcePlan,
)
from workbench.store.sql_quoting import quoted_text, quoted_texts

PROBLEMS = 'STRUCT("column" VARCHAR, header VARCHAR, value VARCHAR, reason VARCHAR)[]'


@dataclass(frozen=True)
class RowCheck:
    """`suspect` is cheap and tests every row; `reason` judges only the suspects and may still find nothing wrong."""

    suspect: str
    reason: str
    column: str
    header: str
    text: str


def row_checks(plan: SourcePlan, columns: Mapping[str, str]) -> list[RowCheck]:
    """List the checks of a source: casts, required values, allowed values, ranges, days in the future.

    `columns` are the canonical columns the source fills; their derived values are called `x_…`.
    """
    skipped = NEVER_REJECTED if plan.table.name == "surveys" else ()
    judged = [planned for planned in plan.columns.values() if planned.column.name not in skipped]
    return [
        *(check for planned in judged for check in _planned_column_checks(planned, plan)),
        *_derived_column_checks(plan, columns),
    ]


def problems_sql(checks: Iterable[RowCheck]) -> str:
    """Return the SQL of the list of a row's problems, NULL where there are none."""
    checks = list(checks)
    if not checks:
        return f"CAST(NULL AS {PROBLEMS})"
    entries = ", ".join(case_when((check.suspect, _problem_sql(check))) for check in checks)
    suspect = " OR ".join(f"({check.suspect})" for check in checks)
    problems = f"list_filter([{entries}], lambda problem: problem.reason IS NOT NULL)"
    return case_when((suspect, f"nullif({problems}, [])"))


def _problem_sql(check: RowCheck) -> str:
    return (
        f"{{'column': {quoted_text(check.column)}, 'header': {quoted_text(check.header)},"
        f" 'value': {check.text}, 'reason': {check.reason}}}"
    )


def _planned_column_checks(planned: PlannedColumn, plan: SourcePlan) -> Iterator[RowCheck]:
    """The checks of a column that is read."""
    column, value = planned.column, planned.value

    def check(suspect: str, reason: str) -> RowCheck:
        return RowCheck(suspect, reason, column.name, planned.header, planned.text)

    if column.type != "text":
        yield check(f"{value} IS NULL AND {planned.text} IS NOT NULL", planned.cast.reason_of(value))
    if column.required and column.name != "day":
        absent = f"{value} IS NULL AND ({planned.cast.missing}) IS NOT NULL"
        yield check(f"{value} IS NULL", case_when((absent, "'missing_value'")))
    if column.type in ("date", "timestamp"):
        yield check(f"{value} >= DATE '{plan.latest}' + 1", "'future_date'")
    if column.low is not None:
        yield check(f"{value} < {column.low}", "'too_low'")
    if column.high is not None:
        yield check(f"{value} > {column.high}", "'too_high'")
    if column.allowed:
        yield check(f"{value} NOT IN ({quoted_texts(column.allowed)})", "'not_allowed'")


def _derived_column_checks(plan: SourcePlan, columns: Mapping[str, str]) -> Iterator[RowCheck]:
    """The checks of what is derived: a day and, for transactions, an amount."""
    if "day" in columns and plan.table.column("day").required:
        origin = plan.columns.get("day") or plan.columns["occurred_at"]
        absent = case_when((f"({origin.cast.missing}) IS NOT NULL", "'missing_value'"))
        yield RowCheck("x_day IS NULL", absent, "day", origin.header, origin.text)
    beside: list[Deduction | ChangedPrice] = [*plan.deductions, *plan.price_changes]
    beside += [plan.profit] if plan.profit else []
    for one in beside:
        suspect = f"{one.value} IS NULL AND {one.text} IS NOT NULL"
        yield RowCheck(suspect, one.cast.reason_of(one.value), "amount", one.header, one.text)
    if plan.table.name == "customer_facts":
        yield from _ready_checks(plan)
    if plan.table.name == "transactions" and not plan.has_order_totals and not plan.mapping.money:
        yield _amount_check(plan)


def _ready_checks(plan: SourcePlan) -> Iterator[RowCheck]:
    """Who bought must have every figure that the file has; who never did may have none."""
    counted = [plan.columns[name] for name in ("frequency", "monetary") if name in plan.columns]
    bought = " OR ".join(f"coalesce({one.value} > 0, false)" for one in counted)
    for name in ("last_on", "recency_days", "frequency", "monetary"):
        planned = plan.columns.get(name)
        others = [one.value for one in counted if one is not planned]
        if planned is not None and others:
            suspect = f"{planned.value} IS NULL AND ({bought})"
            absent = case_when((f"({planned.cast.missing}) IS NOT NULL", "'missing_value'"))
            yield RowCheck(suspect, absent, name, planned.header, planned.text)


def _amount_check(plan: SourcePlan) -> RowCheck:
    """A line without an amount: nothing was written, or quantity times price is more than money can be."""
    is_product = all(name in plan.columns for name in DERIVED_FROM["amount"])
    names = (*(["amount"] if "amount" in plan.columns else []), *(DERIVED_FROM["amount"] if is_product else []))
    parts = [plan.columns[name] for name in names]
    product = "v_quantity IS NOT NULL AND v_unit_price IS NOT NULL" if is_product else "false"
    absent = " OR ".join(f"({part.cast.missing}) IS NOT NULL" for part in parts)
    reason = case_when((product, "'too_large'"), (absent, "'missing_value'"))
    return RowCheck("x_amount IS NULL", reason, "amount", parts[0].header, parts[0].text)
