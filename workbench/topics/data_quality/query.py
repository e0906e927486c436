"""The quality of a store's data, counted: columns filled, customers without a sign of life, doubles, contradictions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import ibis
import ibis.expr.types as ir
from ibis import _

from workbench.analyses.calendar import months_before
from workbench.errors import ChoiceError

AGES = ("recent", "ageing", "older", "never")
"""How long ago a customer last gave a sign of life; each begins where the one before ends."""
STALE_MONTHS = 24
FEWEST_DIGITS = 7
"""A shorter number is no telephone number: extensions, "0", "12345"."""
DUPLICATE_KINDS = ("phone", "email", "name_phone", "id_spelling")


def column_fill(table: ir.Table, *, columns: Sequence[str]) -> ir.Table:
    """Count for every column the rows that fill it; text of blanks alone fills nothing.

    Returns
    -------
    place (the order of `columns`, from 0), column_name, row_count, filled_count, blank_count, filled_share.
    """
    _check_columns(table, columns)
    if not columns:
        raise ChoiceError("quality_no_columns")
    counted = table.aggregate(row_count=_.count(), **_filled(table, columns))
    return ibis.union(*(_of_column(counted, name, place) for place, name in enumerate(columns))).order_by("place")


def column_fill_by(table: ir.Table, *, by: str, columns: Sequence[str]) -> ir.Table:
    """The same for every value of the column `by`; rows without a value are a group of their own (null).

    Returns
    -------
    group_name, place, column_name, row_count, filled_count, blank_count, filled_share; groups by name, null last.
    """
    _check_columns(table, (by, *columns))
    counted = table.group_by(group_name=table[by].cast("string")).aggregate(
        row_count=_.count(), **_filled(table, columns)
    )
    parts = (_of_column(counted, name, place, group_name=counted.group_name) for place, name in enumerate(columns))
    return ibis.union(*parts).order_by(ibis.asc("group_name", nulls_first=False), "place")


def age_of_customers(
    customers: ir.Table, events: Sequence[ir.Table], *, as_of: date, stale_months: int = STALE_MONTHS
) -> ir.Table:
    """Say of every customer when they last gave a sign of life, and how long before `as_of` that was.

    Parameters
    ----------
    customers
        One row per customer; `updated_on`, where it is there, counts as a sign: somebody confirmed the record.
    events
        Tables with `customer_id` and `day`: purchases, visits, calls, complaints, answers.
    stale_months
        After so many whole months without a sign a record is stale; even, for half of them is a border too.

    Returns
    -------
    customer_id, last_sign_on (null: none is known), age (AGES: within half of `stale_months` before `as_of`, within all
    of them, before, never).
    """
    signs = [rows.select("customer_id", day=rows.day.cast("date")) for rows in events]
    if "updated_on" in customers.columns:
        signs.append(customers.select("customer_id", day=customers.updated_on))
    every = ibis.union(*signs) if len(signs) > 1 else signs[0]
    known = every.filter(every.day.notnull(), every.day <= ibis.date(as_of), every.customer_id.notnull())
    last = known.group_by("customer_id").aggregate(last_sign_on=known.day.max())
    joined = customers.select("customer_id").left_join(last, "customer_id")
    half, whole = (ibis.date(months_before(as_of, months)) for months in (stale_months // 2, stale_months))
    sign = joined.last_sign_on
    age = ibis.cases((sign.isnull(), "never"), (sign > half, "recent"), (sign > whole, "ageing"), else_="older")
    return joined.select("customer_id", last_sign_on=sign, age=age)


def duplicate_members(customers: ir.Table) -> ir.Table:
    """List the customers who may be one another under different ids, by what they share.

    * phone: the same digits, whatever stands between them and with or without +86; shorter than 7 digits is none;
    * email: the same address, case and outer blanks aside;
    * name_phone: the same name and the same phone, which is near to certain;
    * id_spelling: ids that differ in case, outer blanks or leading zeros alone (a001, A001, 0a001).

    Returns
    -------
    kind, shared (what they share), customer_id. A customer may be in several sets; one who shares nothing is in none.
    """
    digits = customers.phone.re_replace("[^0-9]", "")
    has_country = digits.re_search("^(00)?86[1][0-9]{10}$")
    phone = ibis.ifelse(has_country, digits.right(11), digits)
    phone = ibis.ifelse(phone.length() >= FEWEST_DIGITS, phone, ibis.null("string"))
    written = customers.customer_id.strip().lower()
    bare = written.re_replace("^0+", "")
    shared = {
        "phone": phone,
        "email": customers.email.strip().lower().nullif(""),
        "name_phone": customers.name.strip().nullif("") + " " + phone,
        "id_spelling": ibis.ifelse(bare == "", written, bare),
    }
    listed = ibis.union(
        *(customers.select("customer_id", kind=ibis.literal(kind), shared=key) for kind, key in shared.items())
    )
    listed = listed.filter(listed.shared.notnull()).distinct()
    counted = listed.group_by("kind", "shared").mutate(members=_.customer_id.count())
    return counted.filter(counted.members > 1).select("kind", "shared", "customer_id")


def duplicate_sets(members: ir.Table) -> ir.Table:
    """Count the sets of `duplicate_members` and the customers in them: kind, set_count, customer_count."""
    return members.group_by("kind").aggregate(set_count=_.shared.nunique(), customer_count=_.customer_id.nunique())


def changed_values(lists: ir.Table, *, columns: Sequence[str]) -> ir.Table:
    """Count, of several lists of customers, who has different values of a column in two of them; a blank is none.

    Returns
    -------
    column_name, customer_count: every column, those that agree with 0.
    """
    _check_columns(lists, columns)
    distinct = lists.group_by("customer_id").aggregate(**{name: lists[name].nunique() for name in columns})
    counted = distinct.aggregate(**{name: (distinct[name] > 1).sum() for name in columns})
    return ibis.union(
        *(
            counted.select(column_name=ibis.literal(name), customer_count=counted[name].cast("int64").fill_null(0))
            for name in columns
        )
    )


def value_history(lists: ir.Table, *, column: str) -> ir.Table:
    """List what several lists of customers say of a column, for the customers of whom they say different things.

    The lists keep what they brought; the newer value counts in `customers`, the older ones stay here as history.

    Returns
    -------
    customer_id, value (text), source_id, source_line, from_on (the day on which that record was last updated; null
    where the list does not say), one row per customer and list with a value; by customer and list.
    """
    _check_columns(lists, (column,))
    known = lists.select(
        "customer_id",
        "source_id",
        "source_line",
        value=_value(lists[column]).cast("string"),
        from_on=lists.updated_on if "updated_on" in lists.columns else ibis.null("date"),
    ).filter(_.value.notnull())
    compared = known.group_by("customer_id").mutate(differs=_.value.max() > _.value.min())
    return (
        compared.filter(_.differs)
        .order_by("customer_id", "source_id", "source_line")
        .select("customer_id", "value", "source_id", "source_line", "from_on")
    )


def replaced_values(history: ir.Table, *, column: str) -> ir.Table:
    """List the values of a column that newer files of one name changed, the first and every later one.

    Returns
    -------
    customer_id, value (text), file, from_on (the day from which it counts; null where nothing says it), and
    source_id and source_line, which are not known any more (null); by customer and day.
    """
    kept = history.filter(history.column_name == column, ~history.is_of_lists)
    return kept.select(
        "customer_id",
        "value",
        "file",
        from_on=kept.valid_from,
        source_id=ibis.null("int64"),
        source_line=ibis.null("int64"),
    ).order_by("customer_id", _.from_on.asc(nulls_first=True))


def changed_orders(transactions: ir.Table) -> ir.Table:
    """Count orders that two sources hold with different amounts; an order is its number and its customer.

    Returns
    -------
    set_count (orders), customer_count, in one row; orders without a customer count as orders alone.
    """
    lines = transactions.filter(_.order_id.notnull(), _.amount.notnull(), ~_.is_cancelled.fill_null(False))
    per_source = lines.group_by("customer_id", "order_id", "source_id").aggregate(total=_.amount.sum())
    orders = per_source.group_by("customer_id", "order_id").aggregate(totals=_.total.nunique())
    return orders.filter(_.totals > 1).aggregate(set_count=_.count(), customer_count=_.customer_id.nunique())


def rejected_rows(rejects: ir.Table) -> ir.Table:
    """Count the rows that were rejected: by file, table, column and reason; a row may be rejected for several.

    Returns
    -------
    file, sheet, table_name, column_name, reason, row_count; nothing of what stood in the rows. Most first.
    """
    rows = rejects.select("source_id", "file", "sheet", "line", "table_name", "column_name", "reason").distinct()
    grouped = rows.group_by("file", "sheet", "table_name", "column_name", "reason").aggregate(row_count=_.count())
    return grouped.order_by(grouped.row_count.desc(), "file", "table_name", "column_name", "reason")


def _filled(table: ir.Table, columns: Sequence[str]) -> dict[str, ir.Scalar]:
    """Count what fills each column; the names of the counts cannot be those of groups."""
    return {f"filled_{place}": _value(table[name]).count() for place, name in enumerate(columns)}


def _value(column: ir.Column) -> ir.Column:
    return column.strip().nullif("") if column.type().is_string() else column


def _of_column(counted: ir.Table, name: str, place: int, **group: ir.Value) -> ir.Table:
    filled = counted[f"filled_{place}"]
    return counted.select(
        **group,
        place=ibis.literal(place).cast("int64"),
        column_name=ibis.literal(name),
        row_count=counted.row_count,
        filled_count=filled,
        blank_count=counted.row_count - filled,
        filled_share=filled / counted.row_count,
    )


def _check_columns(table: ir.Table, columns: Sequence[str]) -> None:
    for name in columns:
        if name not in table.columns:
            raise ChoiceError("unknown_choice", name="column", value=name, allowed=table.columns)
