"""What every test may use: the public files beside the project, the sample company, and the size of a run."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.company import make_store, published_store, run_code, store  # noqa: F401  fixtures for every folder
from tests.kinds import KINDS, is_slow, left_out, mark
from tests.notebooks import RunNotebook, kernel
from tests.remembered_charts import remember_valid_charts
from tests.remembered_decisions import DECIDED_ANEW, remember_decisions
from tests.remembered_sql import remember_sql
from tests.shared_folder import shared_folder

ROOT = Path(__file__).resolve().parent.parent
SHARED_DATA = ROOT.parent / "shared" / "data"

EXAMPLES = {"a share of": 25, "all": 100}
"""Of a law that does not say itself how many it takes."""
for size, examples in EXAMPLES.items():
    laws = {"deadline": None, "max_examples": examples, "suppress_health_check": [HealthCheck.too_slow]}
    settings.register_profile(f"{size} the laws", **laws)
    settings.register_profile(f"{size} the laws in CI", **laws, derandomize=True, database=None, print_blob=True)

remember_sql()
remember_valid_charts()
decisions = remember_decisions()
# Ibis makes nodes by the hundred thousand: looking for cycles among them took a tenth of a run.
gc.set_threshold(50_000, 20, 50)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--full", action="store_true", help="try every trial and every case, not a drawn share")
    parser.addoption("--quick", action="store_true", help=f"leave out what takes long: {', '.join(KINDS)}")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Choose how often laws are tried, before tests are read: what is decorated then takes it over."""
    place = " in CI" if os.environ.get("CI") == "true" else ""
    settings.load_profile(f"{'all' if config.getoption('--full') else 'a share of'} the laws{place}")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Decide anew what small groups hide where that is what a test is about."""
    decisions.is_on = not item.nodeid.startswith(DECIDED_ANEW) and not item.config.getoption("--full")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> object:
    """With several workers (`-n 2`), tests that share what takes long to start share a worker."""
    from tests.workers import Rooms

    return Rooms(config, log)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark tests by what they use, for `-m` to choose among, and leave out what this run is not for.

    A quick run leaves the slow kinds out; any but a full one tries a share of many like cases, unless one is named.
    """
    mark(items)
    left = {item.nodeid for item in items if config.getoption("--quick") and is_slow(item)}
    if not config.getoption("--full") and not any("[" in place for place in config.args):
        left |= {item.nodeid for item in left_out(items)}
    config.hook.pytest_deselected(items=[item for item in items if item.nodeid in left])
    items[:] = [item for item in items if item.nodeid not in left]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if config.getoption("--quick"):
        terminalreporter.write_line(f"Quick: all but the tests marked {', '.join(KINDS)}.")


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

    def make(folder: Path) -> None:
        load([ROOT / "sample_data"], store=folder / "crm.store", mapping=ROOT / "sample_data" / "mapping.toml")
        publish(folder / "crm.store")

    return shared_folder(tmp_path_factory, "sample", make) / "crm.store"


@pytest.fixture(scope="session")
def run_notebook(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunNotebook]:
    """Run notebooks in one kernel that forgets between them."""
    with kernel(tmp_path_factory.mktemp("kernel")) as run:
        yield run
