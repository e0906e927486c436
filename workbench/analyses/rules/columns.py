"""What rules may look at: customer facts, the customers' table with its attributes, and sums of the transactions.

Columns beyond the facts and the customers' own are named by how they are made:

- `monthly_monetary`: monetary for each calendar month from the first purchase's to the last, that of the day asked for;
- `bought.<what>`: which categories, products, channels … the customer bought: several values;
- `spent.<what>.<value>`: the money of the customer's lines of one of them, refunds with their minus; 0 without a line.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from workbench.analyses.facts import standing_lines
from workbench.analyses.rules.asking import reading_of
from workbench.analyses.rules.conditions import Reading
from workbench.analyses.segmentation import Ground
from workbench.errors import ChoiceError

LINE_DIMENSIONS = ("category", "product_id", "channel", "region", "touchpoint", "employee_id")
"""What of a transaction's line may be asked for."""

BOUGHT, SPENT, MONTHLY = "bought", "spent", "monthly_monetary"
INTERNAL = ("source_id", "source_line")

PERSONAL = ("customer_id", "name", "phone", "email", "id_number")
"""What names one customer: a rule may ask whether it is missing or contains a piece of text, not list values of it.

Equal customers must be equal, and definitions are kept, shared and read by nobody who erases a customer.
"""


@dataclass(frozen=True)
class RuleColumn:
    """One column that a rule may look at: its name, what it holds, and where it comes from."""

    name: str
    reading: Reading
    source: str


def rule_columns(ground: Ground) -> list[RuleColumn]:
    """List the columns of this ground, facts first; of money spent one for all values of a dimension, without value."""
    sources = dict.fromkeys(ground.facts.columns, "facts")
    customers = ground.table("customers")
    for name in customers.columns:
        if name not in INTERNAL:
            sources.setdefault(name, "customers")
    kinds = {**dict(customers.schema().items()), **dict(ground.facts.schema().items())}
    listed = [RuleColumn(name, reading_of(kinds[name]), source) for name, source in sources.items()]
    if "monetary" in sources and "first_on" in sources:
        listed.append(RuleColumn(MONTHLY, "number", "facts"))
    sold = ground.table("transactions").columns
    listed += [RuleColumn(f"{BOUGHT}.{name}", "set", "transactions") for name in LINE_DIMENSIONS if name in sold]
    listed += [RuleColumn(f"{SPENT}.{name}.", "number", "transactions") for name in LINE_DIMENSIONS if name in sold]
    return listed


def missing_columns(ground: Ground, columns: Iterable[str]) -> list[str]:
    """Return those of `columns` that this ground does not have."""
    return [name for name in columns if not _is_there(ground, name)]


def _is_there(ground: Ground, name: str) -> bool:
    if name in ground.facts.columns:
        return True
    if name in ground.table("customers").columns:
        return name not in INTERNAL
    if name == MONTHLY:
        return {"monetary", "first_on"} <= set(ground.facts.columns)
    made = _made(name)
    return made is not None and made[1] in ground.table("transactions").columns


def _made(name: str) -> tuple[str, str, str] | None:
    """Take a name such as `spent.category.保养` apart; None where it is not of that form."""
    how, _dot, rest = name.partition(".")
    dimension, dot, value = rest.partition(".")
    if dimension in LINE_DIMENSIONS and ((how == BOUGHT and not dot) or (how == SPENT and value)):
        return how, dimension, value
    return None


def rule_table(ground: Ground, columns: Iterable[str]) -> ir.Table:
    """Return customer_id and the columns asked for, one row for each customer of the facts; not kept.

    Raises ChoiceError where the ground lacks one of them; it names the columns and says which there are.
    """
    wanted = list(dict.fromkeys(columns))
    lacking = missing_columns(ground, wanted)
    if lacking:
        known = [column.name for column in rule_columns(ground)]
        raise ChoiceError("rule_columns_missing", columns=lacking, known=known)
    facts, customers = ground.facts, ground.table("customers")
    own = [name for name in wanted if name not in facts.columns and name in customers.columns]
    made = {name: parts for name in wanted if name not in own and name not in facts.columns and (parts := _made(name))}
    rows = facts
    if own:
        rows = rows.left_join(customers.select("customer_id", *own), "customer_id").select(facts, *own)
    if made:
        lines = standing_lines(ground.table("transactions"), since=None, as_of=ground.as_of, refunds="net")
        rows = _with_lines(rows, lines, made)
    values = {
        name: _monthly(rows, ground) if name == MONTHLY and name not in facts.columns else rows[name]
        for name in wanted
        if name != "customer_id"
    }
    return rows.select("customer_id", **values)


def _monthly(rows: ir.Table, ground: Ground) -> ir.FloatingValue:
    day = ground.as_of
    months = (day.year - rows.first_on.year()) * 12 + (day.month - rows.first_on.month()) + 1
    return rows.monetary.cast("float64") / months


def _with_lines(rows: ir.Table, lines: ir.Table, made: dict[str, tuple[str, str, str]]) -> ir.Table:
    """Add what the transactions add up to, in one pass over them."""
    sums = {}
    for name, (how, dimension, value) in made.items():
        column = lines[dimension].cast("string")
        if how == BOUGHT:
            sums[name] = column.collect(where=lines.is_purchase & column.notnull(), distinct=True)
        else:
            sums[name] = lines.amount.sum(where=column == value).cast("decimal(24, 2)")
    added = lines.group_by("customer_id").aggregate(**sums).rename(lines_of="customer_id")
    joined = rows.left_join(added, rows.customer_id == added.lines_of)
    filled = {name: joined[name].fill_null(0) if made[name][0] == SPENT else _some(joined[name]) for name in made}
    return joined.select(*rows.columns, **filled)


def _some(values: ir.ArrayValue) -> ir.ArrayValue:
    """Several values, or null where there is none: some engines collect nothing as an empty list."""
    return ibis.ifelse(values.length() > 0, values, None)
