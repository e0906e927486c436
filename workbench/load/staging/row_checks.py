"""What can be wrong with one row: each check names the cell and the reason, and costs nothing where all is well."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from workbench.load.cleaning.sql_expressions import first_of
from workbench.load.staging.source_plan import JUDGED_LATER, MADE_FROM, Plan, Target
from workbench.store.sql_quoting import quoted_text, quoted_texts

PROBLEMS = 'STRUCT("column" VARCHAR, header VARCHAR, value VARCHAR, reason VARCHAR)[]'


@dataclass(frozen=True)
class Check:
    """`suspect` is cheap and asked of every row; `reason` is asked of the suspects and may still find nothing wrong."""

    suspect: str
    reason: str
    column: str
    header: str
    text: str


def checks_of(plan: Plan, columns: Mapping[str, str]) -> list[Check]:
    """List the checks of a source: casts, required values, allowed values, ranges, days in the future.

    `columns` are the canonical columns the source fills; their derived values are called `x_…`.
    """
    skipped = JUDGED_LATER if plan.table.name == "surveys" else ()
    targets = [target for target in plan.targets.values() if target.column.name not in skipped]
    return [check for target in targets for check in _of_target(target, plan)] + list(_of_made(plan, columns))


def problems_sql(checks: Iterable[Check]) -> str:
    """Return the SQL of the list of a row's problems, NULL where there are none."""
    listed = list(checks)
    if not listed:
        return f"CAST(NULL AS {PROBLEMS})"
    entries = ", ".join(
        first_of((f"{check.suspect}", f"{{'column': {quoted_text(check.column)}, 'header': {quoted_text(check.header)},"
                  f" 'value': {check.text}, 'reason': {check.reason}}}"))
        for check in listed
    )  # fmt: skip
    suspect = " OR ".join(f"({check.suspect})" for check in listed)
    found = f"list_filter([{entries}], lambda problem: problem.reason IS NOT NULL)"
    return first_of((suspect, f"nullif({found}, [])"))


def _of_target(target: Target, plan: Plan) -> Iterator[Check]:
    """The checks of a column that is read."""
    column, value = target.column, target.value

    def check(suspect: str, reason: str) -> Check:
        return Check(suspect, reason, column.name, target.header, target.text)

    if column.type != "text":
        yield check(f"{value} IS NULL AND {target.text} IS NOT NULL", target.cast.reason_of(value))
    if column.required and column.name != "day":
        absent = f"{value} IS NULL AND ({target.cast.missing}) IS NOT NULL"
        yield check(f"{value} IS NULL", first_of((absent, "'missing_value'")))
    if column.type in ("date", "timestamp"):
        yield check(f"{value} >= DATE '{plan.latest}' + 1", "'future_date'")
    if column.low is not None:
        yield check(f"{value} < {column.low}", "'too_low'")
    if column.high is not None:
        yield check(f"{value} > {column.high}", "'too_high'")
    if column.allowed:
        yield check(f"{value} NOT IN ({quoted_texts(column.allowed)})", "'not_allowed'")


def _of_made(plan: Plan, columns: Mapping[str, str]) -> Iterator[Check]:
    """The checks of what the loader makes: a day and, for transactions, an amount."""
    if "day" in columns and plan.table.column("day").required:
        origin = plan.targets.get("day") or plan.targets["occurred_at"]
        absent = first_of((f"({origin.cast.missing}) IS NOT NULL", "'missing_value'"))
        yield Check("x_day IS NULL", absent, "day", origin.header, origin.text)
    if plan.table.name == "transactions":
        yield _amount_check(plan)


def _amount_check(plan: Plan) -> Check:
    """A line without an amount: nothing was written, or quantity times price is more than money can be."""
    made = all(name in plan.targets for name in MADE_FROM["amount"])
    names = (*(["amount"] if "amount" in plan.targets else []), *(MADE_FROM["amount"] if made else []))
    parts = [plan.targets[name] for name in names]
    product = "v_quantity IS NOT NULL AND v_unit_price IS NOT NULL" if made else "false"
    absent = " OR ".join(f"({part.cast.missing}) IS NOT NULL" for part in parts)
    reason = first_of((product, "'too_large'"), (absent, "'missing_value'"))
    return Check("x_amount IS NULL", reason, "amount", parts[0].header, parts[0].text)
