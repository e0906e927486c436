"""The canonical tables and columns: what a company's data is called once it is loaded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Type = Literal["id", "text", "money", "price", "number", "integer", "date", "timestamp", "boolean"]
Personal = Literal["no", "pseudonym", "mask_name", "mask_phone", "drop"]
"""What publishing does with a column: keeps it, replaces it by a keyed pseudonym, masks it, or leaves it out."""

NAME_LANGUAGES = ("en", "zh")
"""Whatever a store keeps under a name (a segment, a rule, a definition) has one in each."""

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
class SchemaColumn:
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
    columns: tuple[SchemaColumn, ...]
    key: tuple[str, ...] = ()
    one_of: tuple[tuple[str, ...], ...] = ()
    """Groups of columns of which at least one must be mapped completely, e.g. amount, or quantity and unit_price."""

    def column(self, name: str) -> SchemaColumn:
        """Return the column called `name`; KeyError where there is none."""
        return {column.name: column for column in self.columns}[name]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all columns, in their stored order."""
        return tuple(column.name for column in self.columns)


ORIGIN = (SchemaColumn("source_id", "integer", derived=True), SchemaColumn("source_line", "integer", derived=True))
"""Where a row came from: `sources.source_id` and the line (CSV) or row (sheet) in that file, counted from 1."""

CUSTOMERS = Table(
    "customers",
    (
        SchemaColumn("customer_id", "id", required=True, personal="pseudonym"),
        SchemaColumn("name", "text", personal="mask_name"),
        SchemaColumn("customer_type", "text"),
        SchemaColumn("gender", "text"),
        SchemaColumn("birthday", "date", personal="drop"),
        SchemaColumn("phone", "text", personal="mask_phone"),
        SchemaColumn("email", "text", personal="drop"),
        SchemaColumn("address", "text", personal="drop"),
        SchemaColumn("id_number", "id", personal="drop"),
        SchemaColumn("region", "text"),
        SchemaColumn("city", "text"),
        SchemaColumn("industry", "text"),
        SchemaColumn("tier", "text"),
        SchemaColumn("credit_grade", "text"),
        SchemaColumn("owner", "text"),
        SchemaColumn("registered_on", "date"),
        SchemaColumn("updated_on", "date"),
        SchemaColumn("entered_department", "text"),
        SchemaColumn("entered_by", "text", personal="mask_name"),
        SchemaColumn("verified_by", "text", personal="mask_name"),
        *ORIGIN,
    ),
    key=("customer_id",),
)

TRANSACTIONS = Table(
    "transactions",
    (
        SchemaColumn("customer_id", "id", personal="pseudonym"),
        SchemaColumn("order_id", "id", personal="pseudonym"),
        SchemaColumn("day", "date", required=True),
        SchemaColumn("occurred_at", "timestamp"),
        SchemaColumn("product_id", "id"),
        SchemaColumn("category", "text"),
        SchemaColumn("quantity", "number"),
        SchemaColumn("unit_price", "price"),
        SchemaColumn("amount", "money"),
        SchemaColumn("cost", "money"),
        SchemaColumn("region", "text"),
        SchemaColumn("channel", "text"),
        SchemaColumn("touchpoint", "text"),
        SchemaColumn("employee_id", "id"),
        SchemaColumn("status", "text"),
        SchemaColumn("is_cancelled", "boolean", derived=True),
        SchemaColumn("is_purchase", "boolean", derived=True),
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
        SchemaColumn("product_id", "id", required=True),
        SchemaColumn("product_name", "text"),
        SchemaColumn("category", "text"),
        SchemaColumn("unit_price", "price"),
        SchemaColumn("unit_cost", "price"),
        *ORIGIN,
    ),
    key=("product_id",),
)

SurveyMeasure = Literal["nps", "csat", "ces"]
"""The kinds of surveys that are measured."""

SCALES: dict[SurveyMeasure, tuple[int, int]] = {"nps": (0, 10), "csat": (1, 5), "ces": (1, 7)}
"""The lowest and highest answer of each measure, where the survey does not say."""

SURVEY_KINDS = ("nps", "csat", "ces", "servqual_perception", "servqual_expectation", "other")

SURVEYS = Table(
    "surveys",
    (
        SchemaColumn("response_id", "id", required=True, personal="pseudonym"),
        SchemaColumn("customer_id", "id", personal="pseudonym"),
        SchemaColumn("day", "date"),
        SchemaColumn("item", "text", required=True),
        SchemaColumn("kind", "text", allowed=SURVEY_KINDS),
        SchemaColumn("score", "number"),
        SchemaColumn("scale_low", "number"),
        SchemaColumn("scale_high", "number"),
        SchemaColumn("missing", "text", allowed=("blank", "sentinel", "out_of_range"), derived=True),
        SchemaColumn("weight", "price", low=0.000001),
        SchemaColumn("touchpoint", "text"),
        SchemaColumn("region", "text"),
        SchemaColumn("segment", "text"),
        SchemaColumn("comment", "text", personal="drop"),
        *ORIGIN,
    ),
)
"""One row per answer: a response to one item. `missing` says why `score` is null; such rows stay in the count."""

COMPLAINTS = Table(
    "complaints",
    (
        SchemaColumn("complaint_id", "id", required=True, personal="pseudonym"),
        SchemaColumn("customer_id", "id", personal="pseudonym"),
        SchemaColumn("day", "date", required=True),
        SchemaColumn("closed_on", "date"),
        SchemaColumn("category", "text"),
        SchemaColumn("touchpoint", "text"),
        SchemaColumn("channel", "text"),
        SchemaColumn("region", "text"),
        SchemaColumn("severity", "text"),
        SchemaColumn("status", "text"),
        SchemaColumn("employee_id", "id"),
        SchemaColumn("narrative", "text", personal="drop"),
        *ORIGIN,
    ),
    key=("complaint_id",),
)

INTERACTIONS = Table(
    "interactions",
    (
        SchemaColumn("interaction_id", "id", personal="pseudonym"),
        SchemaColumn("customer_id", "id", personal="pseudonym"),
        SchemaColumn("day", "date", required=True),
        SchemaColumn("touchpoint", "text"),
        SchemaColumn("channel", "text"),
        SchemaColumn("kind", "text"),
        SchemaColumn("region", "text"),
        SchemaColumn("employee_id", "id"),
        SchemaColumn("points", "number"),
        SchemaColumn("note", "text", personal="drop"),
        *ORIGIN,
    ),
)
"""One event at a touchpoint: a visit, a call, a message, points earned or spent."""

EMPLOYEES = Table(
    "employees",
    (
        SchemaColumn("employee_id", "id", required=True),
        SchemaColumn("employee_name", "text", personal="mask_name"),
        SchemaColumn("team", "text"),
        SchemaColumn("region", "text"),
        SchemaColumn("hired_on", "date"),
        *ORIGIN,
    ),
    key=("employee_id",),
)

CUSTOMER_FACTS = Table(
    "customer_facts",
    (
        SchemaColumn("customer_id", "id", required=True, personal="pseudonym"),
        SchemaColumn("last_on", "date"),
        SchemaColumn("recency_days", "number", low=0),
        SchemaColumn("frequency", "number", low=0),
        SchemaColumn("monetary", "money"),
        SchemaColumn("as_of", "date"),
        *ORIGIN,
    ),
    key=("customer_id", "as_of"),
    one_of=(("last_on",), ("recency_days",), ("frequency",), ("monetary",)),
)
"""Ready figures of a customer up to a day (`as_of`): when last, how often, for how much. Used where no sales are."""

TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        *(CUSTOMERS, TRANSACTIONS, PRODUCTS, SURVEYS, COMPLAINTS, INTERACTIONS, EMPLOYEES),
        CUSTOMER_FACTS,
    )
}
