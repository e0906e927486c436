"""Canonical columns that are derived: the day of a moment, the amount of a line, what counts as a purchase."""

from __future__ import annotations

from collections.abc import Mapping

from workbench.load.cleaning.sql_expressions import case_when
from workbench.load.staging.source_plan import SourcePlan
from workbench.store.sql_quoting import quoted_text, quoted_texts

CANCELLED_WORDS = ("取消", "已取消", "作废", "已作废", "交易关闭", "cancelled", "canceled", "void", "voided")
"""What a mapped `status` says of a cancelled line, where the mapping has no rule of its own."""


def derived_columns(plan: SourcePlan) -> dict[str, str]:
    """Return the SQL of the canonical columns the source fills, over its texts `c…` and cast values `v_…`."""
    columns = {name: planned.value for name, planned in plan.columns.items()}
    if "occurred_at" in plan.table.names:
        columns |= _day_and_time(columns, plan)
    if plan.table.name == "transactions":
        columns |= {"amount": _amount(columns), "is_cancelled": _cancelled(plan)}
    return columns


def purchase_sql(plan: SourcePlan) -> str:
    """Say which lines are purchases, over the cast values `v_…` and the derived columns `x_…`.

    A known customer, not cancelled, an amount above zero and, where there is a quantity or a price, these too. For a
    line without a written amount quantity and price decide: a product below half a cent is above zero.
    """
    if "customer_id" not in plan.columns:
        return "false"
    parts = [name for name in ("quantity", "unit_price") if name in plan.columns]
    product = "v_quantity > 0 AND v_unit_price > 0" if len(parts) == 2 else "false"
    amount = f"coalesce(v_amount > 0, {product}, false)" if "amount" in plan.columns else f"coalesce({product}, false)"
    above = [f"coalesce(v_{name} > 0, true)" for name in parts]
    return " AND ".join(("v_customer_id IS NOT NULL", "NOT x_is_cancelled", amount, *above))


def _day_and_time(columns: Mapping[str, str], plan: SourcePlan) -> dict[str, str]:
    """The day of a moment, and the moment itself where a time of day was written."""
    if "day" not in columns:
        return {"day": f"CAST({columns['occurred_at']} AS DATE)"}
    moment, text = columns["day"], plan.columns["day"].text
    timed = case_when((f"{moment} <> CAST({moment} AS DATE) OR contains({text}, ':')", moment))
    return {"day": f"CAST({moment} AS DATE)", "occurred_at": columns.get("occurred_at", timed)}


def _amount(columns: Mapping[str, str]) -> str:
    """The written amount; without one quantity times price, multiplied exactly and rounded once, half up."""
    if "quantity" not in columns or "unit_price" not in columns:
        return columns["amount"]
    exact = f"CAST({columns['quantity']} AS DECIMAL(19,3)) * CAST({columns['unit_price']} AS DECIMAL(19,6))"
    product = f"TRY_CAST({exact} AS DECIMAL(18,2))"
    return f"coalesce({columns['amount']}, {product})" if "amount" in columns else product


def _cancelled(plan: SourcePlan) -> str:
    """True for the lines the mapping's rule marks; without a rule, for those whose status says so."""
    rule = plan.mapping.cancelled
    if rule is None:
        status = plan.columns.get("status")
        return f"coalesce(lower({status.value}) IN ({quoted_texts(CANCELLED_WORDS)}), false)" if status else "false"
    text = f"upper(trim({plan.text_of(rule.column)}))"
    marks = [f"starts_with({text}, {quoted_text(rule.prefix.upper())})"] if rule.prefix else []
    marks += [f"{text} IN ({quoted_texts(value.strip().upper() for value in rule.values)})"] if rule.values else []
    return f"coalesce({' OR '.join(marks) or 'false'}, false)"
