"""One server of each kind for all tests here, and the sample company in each kind of database."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.load.databases.sample_tables import SampleTable, sample_tables
from tests.load.databases.servers import PASSWORD, Server, mariadb, missing_reason, postgresql
from workbench.samples import LEAST_CUSTOMERS, generate


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[Server]:
    """PostgreSQL on this machine; skipped with a reason where it is missing, a failure in CI."""
    _check("postgresql")
    with postgresql() as server:
        yield server


@pytest.fixture(scope="session")
def mariadb_server() -> Iterator[Server]:
    """MariaDB on this machine; skipped with a reason where it is missing, a failure in CI."""
    _check("mariadb")
    with mariadb() as server:
        yield server


@pytest.fixture
def password(monkeypatch: pytest.MonkeyPatch) -> str:
    """The analyst's password, in the environment."""
    monkeypatch.setenv("PGPASSWORD", PASSWORD)
    monkeypatch.setenv("MYSQL_PWD", PASSWORD)
    return PASSWORD


@pytest.fixture(scope="session")
def company_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of the smallest sample company: every oddity of the large one, a tenth of its rows."""
    return generate(tmp_path_factory.mktemp("small_company"), customers=LEAST_CUSTOMERS).folder


@pytest.fixture(scope="session")
def company_tables(company_folder: Path) -> list[SampleTable]:
    """The sample company's files as typed tables."""
    return sample_tables(company_folder)


@pytest.fixture
def files_of_store(tmp_path: Path) -> Path:
    """Where a store may be."""
    return tmp_path / "crm.store"


def _check(kind: str) -> None:
    reason = missing_reason(kind)
    if reason is None:
        return
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)
