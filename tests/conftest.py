"""What every test may use: the folder of public files beside the project, and the size of the full run."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.company import make_store, published_store, run_code, store  # noqa: F401  fixtures for every folder

ROOT = Path(__file__).resolve().parent.parent
SHARED_DATA = ROOT.parent / "shared" / "data"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--full", action="store_true", help="run every trial of the fault tests, not the seeded tenth")


@pytest.fixture(scope="session")
def trials(request: pytest.FixtureRequest):
    """Scale a number of trials: all of them with --full, else a tenth."""
    full = request.config.getoption("--full")
    return lambda number: number if full else max(1, number // 10)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real, public files; tests that need it are skipped where it is missing."""
    if not SHARED_DATA.is_dir():
        pytest.skip("the public files are not beside the project (../shared/data)")
    return SHARED_DATA


@pytest.fixture(scope="session")
def sample_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The address of a store with the sample company, loaded from its files and published."""
    from workbench.load import load
    from workbench.store import publish

    address = tmp_path_factory.mktemp("sample") / "crm.store"
    load([ROOT / "sample_data"], store=address, mapping=ROOT / "sample_data" / "mapping.toml")
    publish(address)
    return address
