"""The canonical tables and columns: what a company's data is called once it is loaded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Type = Literal["id", "text", "money", "price", "number", "integer", "date", "timestamp", "boolean"]
Personal = Literal["no", "pseudonym", "mask_name", "mask_phone", "drop"]
"""What publishing does with a column: keeps it, replaces it by a keyed pseudonym, masks it, or leaves it out."""

SQL_TYPES: dict[Type, str] = {
    "id": "VARCHAR",
    "text": "VARCHAR",
    "money": "DECIMAL(18,2)",
    "price": "DECIMAL(18,6)",
    "number": "DECIMAL(18,3)",
    "integer": "BIGINT",
    "date": "DATE",
    "timestamp": "TIMESTAMP",
    "boolean": "BOOLEAN",
}


@dataclass(frozen=True)
class Column:
    """One column of a canonical table.

    `allowed` lists canonical values where the workbench itself defines them; a company's own words have none.
    `derived` columns are made by the loader and cannot be mapped. `low` and `high` are inclusive bounds.
    """

    name: str
    type: Type
    required: bool = False
    personal: Personal = "no"
    allowed: tuple[str, ...] = ()
    derived: bool = False
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Table:
    """One canonical table: its columns and the key that makes two rows the same thing (empty: rows may repeat)."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    one_of: tuple[tuple[str, ...], ...] = ()
    """Groups of columns of which at least one must be mapped completely, e.g. amount, or quantity and unit_price."""

    def column(self, name: str) -> Column:
        """Return the column called `name`; KeyError where there is none."""
        return {column.name: column for column in self.columns}[name]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all columns, in their stored order."""
        return tuple(column.name for column in self.columns)


ORIGIN = (Column("source_id", "integer", derived=True), Column("source_line", "integer", derived=True))
"""Where a row came from: `sources.source_id` and the line (CSV) or row (sheet) in that file, counted from 1."""

CUSTOMERS = Table(
    "customers",
    (
        Column("customer_id", "id", required=True, personal="pseudonym"),
        Column("name", "text", personal="mask_name"),
        Column("customer_type", "text"),
        Column("gender", "text"),
        Column("birthday", "date", personal="drop"),
        Column("phone", "text", personal="mask_phone"),
        Column("email", "text", personal="drop"),
        Column("address", "text", personal="drop"),
        Column("id_number", "id", personal="drop"),
        Column("region", "text"),
        Column("city", "text"),
        Column("industry", "text"),
        Column("tier", "text"),
        Column("credit_grade", "text"),
        Column("owner", "text"),
        Column("registered_on", "date"),
        *ORIGIN,
    ),
    key=("customer_id",),
)

TRANSACTIONS = Table(
    "transactions",
    (
        Column("customer_id", "id", personal="pseudonym"),
        Column("order_id", "id", personal="pseudonym"),
        Column("day", "date", required=True),
        Column("occurred_at", "timestamp"),
        Column("product_id", "id"),
        Column("category", "text"),
        Column("quantity", "number"),
        Column("unit_price", "price"),
        Column("amount", "money"),
        Column("cost", "money"),
        Column("region", "text"),
        Column("channel", "text"),
        Column("touchpoint", "text"),
        Column("employee_id", "id"),
        Column("status", "text"),
        Column("is_cancelled", "boolean", derived=True),
        Column("is_purchase", "boolean", derived=True),
        *ORIGIN,
    ),
    one_of=(("amount",), ("quantity", "unit_price")),
)
"""One row per order line or per ready amount. `is_purchase`: a known customer, not cancelled, amount above zero
(before it is rounded) and, where there is a quantity or a unit price, these above zero too. Every other line is kept
and marked."""

PRODUCTS = Table(
    "products",
    (
        Column("product_id", "id", required=True),
        Column("product_name", "text"),
        Column("category", "text"),
        Column("unit_price", "price"),
        Column("unit_cost", "price"),
        *ORIGIN,
    ),
    key=("product_id",),
)

SURVEY_KINDS = ("nps", "csat", "ces", "servqual_perception", "servqual_expectation", "other")

SURVEYS = Table(
    "surveys",
    (
        Column("response_id", "id", required=True, personal="pseudonym"),
        Column("customer_id", "id", personal="pseudonym"),
        Column("day", "date"),
        Column("item", "text", required=True),
        Column("kind", "text", allowed=SURVEY_KINDS),
        Column("score", "number"),
        Column("scale_low", "number"),
        Column("scale_high", "number"),
        Column("missing", "text", allowed=("blank", "sentinel", "out_of_range"), derived=True),
        Column("weight", "price", low=0.000001),
        Column("touchpoint", "text"),
        Column("region", "text"),
        Column("segment", "text"),
        Column("comment", "text", personal="drop"),
        *ORIGIN,
    ),
)
"""One row per answer: a response to one item. `missing` says why `score` is null; such rows stay in the count."""

COMPLAINTS = Table(
    "complaints",
    (
        Column("complaint_id", "id", required=True, personal="pseudonym"),
        Column("customer_id", "id", personal="pseudonym"),
        Column("day", "date", required=True),
        Column("closed_on", "date"),
        Column("category", "text"),
        Column("touchpoint", "text"),
        Column("channel", "text"),
        Column("region", "text"),
        Column("severity", "text"),
        Column("status", "text"),
        Column("employee_id", "id"),
        Column("narrative", "text", personal="drop"),
        *ORIGIN,
    ),
    key=("complaint_id",),
)

INTERACTIONS = Table(
    "interactions",
    (
        Column("interaction_id", "id", personal="pseudonym"),
        Column("customer_id", "id", personal="pseudonym"),
        Column("day", "date", required=True),
        Column("touchpoint", "text"),
        Column("channel", "text"),
        Column("kind", "text"),
        Column("region", "text"),
        Column("employee_id", "id"),
        Column("points", "number"),
        Column("note", "text", personal="drop"),
        *ORIGIN,
    ),
)
"""One event at a touchpoint: a visit, a call, a message, points earned or spent."""

EMPLOYEES = Table(
    "employees",
    (
        Column("employee_id", "id", required=True),
        Column("employee_name", "text", personal="mask_name"),
        Column("team", "text"),
        Column("region", "text"),
        Column("hired_on", "date"),
        *ORIGIN,
    ),
    key=("employee_id",),
)

TABLES: dict[str, Table] = {
    table.name: table for table in (CUSTOMERS, TRANSACTIONS, PRODUCTS, SURVEYS, COMPLAINTS, INTERACTIONS, EMPLOYEES)
}
