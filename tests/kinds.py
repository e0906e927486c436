"""What a run leaves out: a quick one all kinds that take long, any but a full one most of many like cases."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from zlib import crc32

import pytest
from hypothesis import is_hypothesis_test

KINDS = {
    "database": {"postgresql_server", "mariadb_server"},
    "browser": {"browser", "served"},
    "notebook": {"run_notebook"},
    "spark": {"spark", "company_files"},
    "whole": {"checkout", "wheel"},
    "real_data": {"shared_data"},
    "store": {"make_store", "sample_store", "address", "sample"},
    "trials": {"trials"},
    "law": set[str](),
}
"""The marks of pyproject.toml, and the fixtures behind them; a law is what Hypothesis tries."""


FOLDERS = {
    "browser": ("tests/browser/", "tests/test_stopping.py", "tests/test_forked_kernels.py"),
    "store": (
        "tests/companies/",
        "tests/pages/",
        "tests/store/",
        "tests/load/databases/",
        "tests/load/storing/",
        "tests/load/staging/",
        "tests/load/suggesting/",
        "tests/load/test_",
        "tests/test_terminal.py",
        "tests/test_cli.py",
        "tests/test_reader_language.py",
        "tests/test_scratch.py",
    ),
    "trials": ("tests/load/test_doors.py",),
}
"""Where every test is of a kind, whatever its fixtures are called."""


def mark(items: Iterable[pytest.Item]) -> None:
    """Mark every test by its kinds."""
    for item in items:
        used = set(getattr(item, "fixturenames", ()))
        for kind in (kind for kind, fixtures in KINDS.items() if fixtures & used):
            item.add_marker(kind)
        for kind in (kind for kind, places in FOLDERS.items() if item.nodeid.startswith(places)):
            item.add_marker(kind)
        if is_hypothesis_test(getattr(item, "obj", None)):
            item.add_marker("law")


def is_slow(item: pytest.Item) -> bool:
    """Whether a test is of one of the kinds."""
    return any(item.get_closest_marker(kind) for kind in KINDS)


def left_out(items: Iterable[pytest.Item]) -> list[pytest.Item]:
    """Return the cases that only a full run tries: of a test marked `one_in(n)` all but one in n.

    Which ones is drawn from what stands in brackets: the same in every run, the same for tests that share what was made
    for a case, and no pattern of the parameters (every other one is Chinese, say) decides.
    """
    families: defaultdict[str, list[pytest.Item]] = defaultdict(list)
    for item in items:
        if item.get_closest_marker("one_in"):
            families[item.nodeid.split("[")[0]].append(item)
    drawn = {item.nodeid for cases in families.values() for item in sorted(cases, key=_lot)[: _share(cases)]}
    return [item for cases in families.values() for item in cases if item.nodeid not in drawn]


def _lot(case: pytest.Item) -> int:
    return crc32(case.nodeid.partition("[")[2].encode())


def _share(cases: list[pytest.Item]) -> int:
    marker = cases[0].get_closest_marker("one_in")
    assert marker is not None
    return -(-len(cases) // int(marker.args[0]))
