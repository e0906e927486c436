"""What a run leaves out: a quick one all kinds that take long, any but a full one most of many like cases."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from hashlib import sha256

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
    for a case, and no pattern of the parameters (every other one is Chinese, say) decides. With `one_in(n, per="name")`
    each value of a parameter keeps one case in n, the next value the next ones: each panel is tried, on one company in
    n, and each company with some panels.
    """
    families: defaultdict[str, list[pytest.Item]] = defaultdict(list)
    for item in items:
        if item.get_closest_marker("one_in"):
            families[item.nodeid.split("[")[0]].append(item)
    drawn = {item.nodeid for cases in families.values() for item in _drawn(cases)}
    return [item for cases in families.values() for item in cases if item.nodeid not in drawn]


def _drawn(cases: list[pytest.Item]) -> list[pytest.Item]:
    marker = cases[0].get_closest_marker("one_in")
    assert marker is not None
    one_in, per = int(marker.args[0]), marker.kwargs.get("per")
    if per is None:
        return sorted(cases, key=_lot)[: -(-len(cases) // one_in)]
    by_value: defaultdict[object, list[pytest.Item]] = defaultdict(list)
    for case in cases:
        by_value[case.callspec.params[per]].append(case)  # type: ignore[attr-defined]  cases have parameters
    turns = ((turn, some, min(one_in, len(some))) for turn, some in enumerate(by_value.values()))
    return [case for turn, some, every in turns for case in some[turn % every :: every]]


def _lot(case: pytest.Item) -> bytes:
    return sha256(case.nodeid.partition("[")[2].encode()).digest()
