"""The odd companies as stores: built and published once for all workers of a run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.companies.stores import COMPANIES
from tests.shared_folder import shared_folder
from workbench.store import Store, open_store

Opened = Callable[[str, str], Store]


@pytest.fixture(scope="session")
def companies(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that holds a store for every company, by its name."""

    def make(folder: Path) -> None:
        for name, company in COMPANIES.items():
            company.build(folder / name)

    return shared_folder(tmp_path_factory, "companies", make)


@pytest.fixture(scope="session")
def opened(companies: Path) -> Iterator[Opened]:
    """Return a function that opens a company's store as an "analyst" or a "manager"; each is opened once."""
    stores: dict[tuple[str, str], Store] = {}

    def open_once(name: str, role: str) -> Store:
        if (name, role) not in stores:
            stores[name, role] = open_store(companies / name, published=role == "manager")
        return stores[name, role]

    yield open_once
    for store in stores.values():
        store.close()
