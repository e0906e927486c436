"""One cluster for all tests of queries on Spark, and the companies they are asked about on both engines."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.spark.cluster import SHORT_PLANS, missing_reason, spark_session
from tests.spark.company import COMPANIES, Company, Tables, on_duckdb, on_spark, write_companies

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


@pytest.fixture(scope="session")
def spark(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkSession]:
    """A session on a cluster here; skipped with a reason where Java or pyspark is missing, a failure in CI."""
    reason = missing_reason()
    if reason is not None:
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    more = {} if request.config.getoption("--full") else SHORT_PLANS
    with spark_session(tmp_path_factory.mktemp("spark"), more) as session:
        yield session


@pytest.fixture(scope="session")
def company_files(sample_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the tables of both companies."""
    folder = tmp_path_factory.mktemp("companies")
    write_companies(sample_store, folder)
    return folder


@pytest.fixture(scope="session")
def duckdb_tables(company_files: Path) -> dict[Company, Tables]:
    """The companies on DuckDB."""
    return {company: on_duckdb(company_files, company) for company in COMPANIES}


@pytest.fixture(scope="session")
def spark_tables(spark: SparkSession, company_files: Path) -> dict[Company, Tables]:
    """The companies on Spark."""
    return {company: on_spark(company_files, company, spark) for company in COMPANIES}
