"""Canonical columns that are derived: the day of a moment, the amount of a line, what counts as a purchase."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from workbench.load.cleaning.clean import cast_sql
from workbench.load.cleaning.sql_expressions import case_when, is_one_of, matches, trimmed
from workbench.load.mapping.row_meanings import is_paid_out, is_parent_order
from workbench.load.mapping.source_mapping import RATE_EFFECTS, PriceChange
from workbench.load.reading.header import clean_header
from workbench.load.staging.currencies import code_sql, currency_header, sign_sql
from workbench.load.staging.row_meanings_sql import (
    NEVER,
    brings_nothing_sql,
    is_no_sale_sql,
    is_refund_sql,
    marked_headers,
    status_text_sql,
)
from workbench.load.staging.source_plan import SourcePlan
from workbench.store.sql_quoting import quoted_text, quoted_texts

UNKNOWN_AMOUNT = "CAST(NULL AS DECIMAL(18,2))"
"""What a purchase brought of which only the day is known."""


def derived_columns(plan: SourcePlan) -> dict[str, str]:
    """Return the SQL of the canonical columns the source fills, over its texts `c…` and cast values `v_…`."""
    columns = columns_sql(plan)
    if plan.table.name == "customer_facts":
        columns |= _ready_days(columns, plan)
    if "occurred_at" in plan.table.names:
        columns |= _day_and_time(columns, plan)
    if "points" in columns and plan.mapping.points_spent:
        columns["points"] = _signed_points(columns["points"], plan)
    if plan.table.name == "transactions":
        if "cost" in columns and plan.columns["cost"].header in map(clean_header, plan.mapping.per_piece):
            columns["cost"] = f"TRY_CAST({columns['cost']} * {columns['quantity']} AS DECIMAL(18,2))"
        if plan.profit and "cost" not in columns and not plan.has_order_totals:
            columns["cost"] = f"CAST({_written_amount(columns, plan)} - {plan.profit.value} AS DECIMAL(18,2))"
        amount = UNKNOWN_AMOUNT if plan.mapping.money else _amount(columns, plan)
        columns |= {"amount": amount, "is_cancelled": _cancelled(plan)}
    return columns


def columns_sql(plan: SourcePlan) -> dict[str, str]:
    """Return the names of the cast values, by the canonical columns that are mapped."""
    return {name: planned.value for name, planned in plan.columns.items()}


def order_columns(plan: SourcePlan) -> dict[str, str]:
    """Return the SQL of what is needed beside the canonical columns to settle orders and currencies, as `o_…`."""
    if plan.table.name != "transactions":
        return {}
    columns = {}
    if plan.deductions:
        columns["order_back"] = _paid_back([one.value for one in plan.deductions if one.per_order])
        columns["line_back"] = _paid_back([one.value for one in plan.deductions if not one.per_order])
    if plan.price_changes:
        plain = columns_sql(plan)
        columns["changed"] = f"{_written_amount(plain, plan)} - {_before_changes(plain, 2)}"
    if plan.order_discounts:
        columns["order_discount"] = f"nullif({_paid_back([one.value for one in plan.order_discounts])}, 0)"
    if (rounded := _rounded_amount(plan)) is not None:
        columns["rounded"] = rounded
    columns |= _of_whole_orders(plan)
    parent = next((name for name in plan.source.names if is_parent_order(name)), None)
    if parent is not None and "order_id" in plan.columns:
        columns["parent"] = cast_sql(plan.source.column(parent), "id").value
    columns |= {f"mark_{place}": status_text_sql(plan, header) for place, header in enumerate(marked_headers(plan))}
    header = currency_header(plan.source, plan.mapping)
    if header is not None:
        columns["currency"] = code_sql(plan.source.column(header))
    elif "amount" in plan.columns:
        columns["sign"] = sign_sql(plan.columns["amount"].text)
    return columns


def _of_whole_orders(plan: SourcePlan) -> dict[str, str]:
    """What an order's total, or its discount, is spread by."""
    columns = {}
    if plan.has_order_totals or plan.order_discounts:
        columns["brings_nothing"] = brings_nothing_sql(plan)
    if plan.has_order_totals:
        weights = [f"CAST(abs(v_{name}) AS DOUBLE)" for name in ("quantity", "unit_price") if name in plan.columns]
        columns["total"] = _changed(plan.columns["amount"].value, plan)
        columns["weight"] = " * ".join(weights) or "CAST(NULL AS DOUBLE)"
        columns["is_refund"] = is_refund_sql(plan)
    return columns


def purchase_sql(plan: SourcePlan) -> str:
    """Say which lines are purchases, over the cast values `v_…` and the derived columns `x_…`.

    A known customer, not cancelled, an amount above zero and, where there is a quantity or a price, these too. For a
    line without a written amount quantity and price decide: a product below half a cent is above zero. Where the
    money is unknown every line is one that is not cancelled and not paid back.
    """
    if "customer_id" not in plan.columns:
        return "false"
    if plan.mapping.money:
        several = ["coalesce(v_quantity > 0, true)"] if "quantity" in plan.columns else []
        back = [f"NOT {is_refund_sql(plan)}"] if is_refund_sql(plan) != NEVER else []
        return " AND ".join(("v_customer_id IS NOT NULL", "NOT x_is_cancelled", *several, *back))
    parts = [name for name in ("quantity", "unit_price") if name in plan.columns]
    product = "v_quantity > 0 AND v_unit_price > 0" if len(parts) == 2 else "false"
    amount = f"coalesce(v_amount > 0, {product}, false)" if "amount" in plan.columns else f"coalesce({product}, false)"
    above = [f"coalesce(v_{name} > 0, true)" for name in parts]
    if plan.deductions or plan.price_changes or is_refund_sql(plan) != NEVER:
        above.append("coalesce(x_amount > 0, false)")
    return " AND ".join(("v_customer_id IS NOT NULL", "NOT x_is_cancelled", amount, *above))


def _signed_points(points: str, plan: SourcePlan) -> str:
    """Points below zero on rows of a kind that takes them away, however they are written."""
    spent = [
        is_one_of(trimmed(plan.text_of(header)), [kind.strip().lower() for kind in kinds])
        for header, kinds in plan.mapping.points_spent.items()
    ]
    return case_when((" OR ".join(spent), f"-abs({points})"), otherwise=points)


def _ready_days(columns: Mapping[str, str], plan: SourcePlan) -> dict[str, str]:
    """The day of the last purchase and the days since then, each from the other, and the day they are counted from.

    Without any such day a customer's figures are known up to the last purchase, and no farther.
    """
    last, days = (
        columns.get("last_on", "CAST(NULL AS DATE)"),
        columns.get("recency_days", "CAST(NULL AS DECIMAL(18,3))"),
    )
    said = f"DATE '{plan.as_of}'" if plan.as_of else "CAST(NULL AS DATE)"
    as_of = f"coalesce({columns.get('as_of', 'NULL')}, {said}, {last} + CAST({days} AS INTEGER))"
    return {
        "as_of": f"coalesce({as_of}, {last})",
        "last_on": f"coalesce({last}, {as_of} - CAST({days} AS INTEGER))",
        "recency_days": f"coalesce({days}, date_diff('day', {last}, {as_of}))",
    }


def _day_and_time(columns: Mapping[str, str], plan: SourcePlan) -> dict[str, str]:
    """The day of a moment, and the moment itself where a time of day was written."""
    if "day" not in columns:
        return {"day": f"CAST({columns['occurred_at']} AS DATE)"}
    moment, text = columns["day"], plan.columns["day"].text
    timed = case_when((f"{moment} <> CAST({moment} AS DATE) OR contains({text}, ':')", moment))
    return {"day": f"CAST({moment} AS DATE)", "occurred_at": columns.get("occurred_at", timed)}


def _amount(columns: Mapping[str, str], plan: SourcePlan) -> str:
    """What was paid: the number that was written, less what was paid back; of a refund what went back.

    Totals of orders are settled when all lines are known (`order_totals.py`).
    """
    if plan.has_order_totals:
        return columns["amount"]
    amount, is_refund = _written_amount(columns, plan), is_refund_sql(plan)
    if went_out := _went_out(plan):
        amount = f"coalesce({amount}, {case_when((went_out, 'CAST(0 AS DECIMAL(18,2))'))})"
    if is_refund != NEVER:
        amount = case_when((is_refund, f"-abs({amount})"), otherwise=amount)
    if not plan.deductions:
        return amount
    paid_back = _paid_back([one.value for one in plan.deductions])
    return case_when((_cancelled(plan), amount), otherwise=f"CAST({amount} - {paid_back} AS DECIMAL(18,2))")


def _rounded_amount(plan: SourcePlan) -> str | None:
    """What rounding a written amount to cents adds to it, where more digits are plainly written.

    It is looked for before it is read anew: a second whole cast would cost every file, however small, a tenth more.
    """
    planned, mapping = plan.columns.get("amount"), plan.mapping
    if planned is None or mapping.units or mapping.unit_column or mapping.rates:
        return None
    mark, thousands = mapping.decimal, "," if mapping.decimal == "." else "."
    has_digits = f"length(split_part({planned.text}, {quoted_text(mark)}, 2)) > 2"
    is_plain = matches(planned.text, rf"[¥￥$€£ ]*-?[0-9][0-9{thousands}]*[{mark}][0-9]{{3,}}[ 元]*")
    digits = f"replace(regexp_replace({planned.text}, '[^-0-9{mark}]', '', 'g'), '{mark}', '.')"
    exact = f"{planned.value} - TRY_CAST({digits} AS DECIMAL(28,9))"
    return case_when((has_digits, case_when((is_plain, exact))))


def _went_out(plan: SourcePlan) -> str:
    """True for rows with money under a header of what went out: nothing came in where nothing else is written."""
    headers = [header for header in (*plan.mapping.deduct, *plan.mapping.meanings) if is_paid_out(header)]
    return " OR ".join(f"coalesce(regexp_matches({plan.text_of(header)}, '[1-9]'), false)" for header in headers)


def _paid_back(values: Sequence[str]) -> str:
    """The money paid back of a row, however its sign is written; nothing where nothing is written."""
    return " + ".join(f"coalesce(abs({value}), 0)" for value in values) or "0"


def _written_amount(columns: Mapping[str, str], plan: SourcePlan) -> str:
    """The written amount; without one quantity times price, multiplied exactly and rounded once, half up.

    Discounts and taxes that the mapping declares are reckoned in before it is rounded.
    """
    if plan.price_changes:
        return f"TRY_CAST({_changed(_before_changes(columns, 9), plan)} AS DECIMAL(18,2))"
    return _before_changes(columns, 2)


def _before_changes(columns: Mapping[str, str], scale: int) -> str:
    """The written amount, or quantity times price, with so many decimals."""
    if "quantity" not in columns or "unit_price" not in columns:
        return columns["amount"]
    exact = f"CAST({columns['quantity']} AS DECIMAL(19,3)) * CAST({columns['unit_price']} AS DECIMAL(19,6))"
    product = f"TRY_CAST({exact} AS DECIMAL({16 + scale},{scale}))"
    return f"coalesce({columns['amount']}, {product})" if "amount" in columns else product


def _changed(amount: str, plan: SourcePlan) -> str:
    """An amount after the discounts of its row, then its taxes: rates before money, towards zero on a return too.

    What belongs to the whole order is taken off when all lines are known.
    """

    def rated(amount: str, sign: str) -> str:
        rates = [one.value for one in plan.price_changes if one.change in RATE_EFFECTS and one.change.startswith(sign)]
        if sign == "less" and "quantity" in plan.columns:
            kept = "CAST(1 - CAST(abs({}) AS DOUBLE) / nullif(abs(v_quantity), 0) AS DECIMAL(14,12))"
            rates += [kept.format(one.value) for one in plan.price_changes if one.change == "less_pieces"]
        for rate in rates:
            amount = f"TRY_CAST(TRY_CAST({amount} AS DECIMAL(25,9)) * coalesce({rate}, 1) AS DECIMAL(25,9))"
        return amount

    def moved(amount: str, change: PriceChange, sign: str) -> str:
        money = _paid_back([one.value for one in plan.price_changes if one.change == change])
        return amount if money == "0" else f"({amount} {sign} (CASE WHEN {amount} < 0 THEN -1 ELSE 1 END) * ({money}))"

    for one in plan.price_changes:
        if one.change == "instead":
            amount = f"coalesce({one.value}, {amount})"
    off = moved(rated(rated(amount, "times"), "less"), "less", "-")
    return moved(rated(off, "plus"), "plus", "+")


def _cancelled(plan: SourcePlan) -> str:
    """True for the lines the mapping's rule marks, and for those whose status says that nothing was sold."""
    rule = plan.mapping.cancelled
    if rule is None:
        return is_no_sale_sql(plan)
    text = f"upper(trim({plan.text_of(rule.column)}))"
    marks = [f"starts_with({text}, {quoted_text(rule.prefix.upper())})"] if rule.prefix else []
    marks += [f"{text} IN ({quoted_texts(value.strip().upper() for value in rule.values)})"] if rule.values else []
    marks += [is_no_sale_sql(plan)] if plan.mapping.meanings else []
    return f"coalesce({' OR '.join(marks) or 'false'}, false)"
