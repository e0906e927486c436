"""The company that the queries are asked about: a tenth of the sample, the hard cases, and beside it nobody at all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal, get_args

import duckdb
import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.parquet as pq

from tests.spark.hard_cases import HARD_CASES
from workbench.analyses.facts import customer_facts
from workbench.analyses.segmentation import Ground
from workbench.errors import NothingToShow
from workbench.samples.model import AS_OF
from workbench.schema import TABLES
from workbench.store import open_store

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

Company = Literal["sample", "nobody"]
COMPANIES: tuple[Company, ...] = get_args(Company)

CHOSEN = "7"
"""Customers whose id ends so: a tenth of the sample."""
FACTS = "facts"
OPTIONAL = ("region", "category", "customer_type", "tier", "gender", "city", "industry")


@dataclass(frozen=True)
class Tables:
    """The tables of a company on one engine, as Ibis expressions; a case asks its query of them.

    `facts` are the customer facts of the last day, made once by DuckDB and given to both engines.
    """

    table: Callable[[str], ir.Table]
    as_of: date = AS_OF

    @property
    def customers(self) -> ir.Table:
        return self.table("customers")

    @property
    def transactions(self) -> ir.Table:
        return self.table("transactions")

    @property
    def interactions(self) -> ir.Table:
        return self.table("interactions")

    @property
    def surveys(self) -> ir.Table:
        return self.table("surveys")

    @property
    def complaints(self) -> ir.Table:
        return self.table("complaints")

    @property
    def facts(self) -> ir.Table:
        return self.table(FACTS)

    @property
    def ground(self) -> Ground:
        return Ground(self.as_of, self.facts, self.table)

    @property
    def bare(self) -> Tables:
        """The same company where little is known: no column that a query can do without, no contacts, no answers."""

        def table(name: str) -> ir.Table:
            if name in ("interactions", "surveys"):
                raise NothingToShow("no_customers")
            rows = self.table(name)
            return rows.drop(*(column for column in OPTIONAL if column in rows.columns))

        return Tables(table, self.as_of)


def write_companies(store: Path, folder: Path) -> None:
    """Write the tables of both companies as Parquet files, which hold decimals and days as they are."""
    with open_store(store) as sample:
        found = {name: _chosen(sample.table(name)).to_pyarrow() for name in TABLES}
    hard = {name: pa.Table.from_pylist(rows, schema=found[name].schema) for name, rows in HARD_CASES.items()}
    companies: dict[Company, dict[str, pa.Table]] = {
        "sample": found | {name: pa.concat_tables([found[name], rows]) for name, rows in hard.items()},
        "nobody": {name: table.slice(0, 0) for name, table in found.items()},
    }
    for company, tables in companies.items():
        for name, table in tables.items():
            pq.write_table(table, _file(folder, company, name))
        asked = on_duckdb(folder, company, names=tables)
        facts = customer_facts(
            asked.transactions, as_of=asked.as_of, customers=asked.customers, interactions=asked.interactions
        )
        pq.write_table(facts.to_pyarrow(), _file(folder, company, FACTS))


def _chosen(rows: ir.Table) -> ir.Table:
    if "customer_id" not in rows.columns:
        return rows
    return rows.filter(rows.customer_id.isnull() | rows.customer_id.endswith(CHOSEN))


def _file(folder: Path, company: Company, name: str) -> Path:
    return folder / f"{company}_{name}.parquet"


def on_duckdb(folder: Path, company: Company, *, names: object = (*TABLES, FACTS)) -> Tables:
    """Give the company's tables to DuckDB."""
    connection = duckdb.connect(config={"threads": 1})
    for name in names:
        connection.execute(f"CREATE TABLE {name} AS FROM '{_file(folder, company, name)}'")
    return Tables(cache(ibis.duckdb.from_connection(connection).table))


def on_spark(folder: Path, company: Company, session: SparkSession) -> Tables:
    """Give the company's tables to Spark, each read by its workers.

    Each company has a session of its own on the cluster, so that the tables have the same names, and queries one SQL.
    """
    own = session.newSession()
    for name in (*TABLES, FACTS):
        rows = own.read.parquet(str(_file(folder, company, name)))
        if company == "nobody":
            rows = rows.limit(0)  # so the planner knows, and no worker is asked
        rows.createOrReplaceTempView(name)
    return Tables(cache(ibis.pyspark.connect(own).table))
