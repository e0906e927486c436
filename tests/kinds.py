"""Kinds of tests that take long, told by the fixtures a test uses and where it stands; a quick run leaves them out."""

from __future__ import annotations

from collections.abc import Iterable

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
