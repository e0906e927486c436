"""A new topic as a colleague writes it: one command, and it works, is whole, clean, typed by the rules, and tested."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT
from workbench.errors import ChoiceError
from workbench.new_topic import new_topic

NAME = "repeat_purchase"
TYPES_KNOWN = ROOT / ".mypy_cache"


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the checkout with a new topic in it."""
    copy = tmp_path_factory.mktemp("checkout") / "workbench"
    for folder in ("workbench", "tests", "notebooks", "dashboards", "docs", "sample_data", "benchmarks"):
        shutil.copytree(ROOT / folder, copy / folder, ignore=shutil.ignore_patterns("__pycache__"))
    for file in ("pyproject.toml", "run.py", "README.md", "README.zh-CN.md"):
        shutil.copy(ROOT / file, copy / file)
    if TYPES_KNOWN.is_dir():  # what mypy worked out before the tests holds in the copy: same paths, same times
        shutil.copytree(TYPES_KNOWN, copy / TYPES_KNOWN.name)
    assert "words.toml" in done(copy, "-m", "workbench.new_topic", NAME)
    return copy


def done(folder: Path, *arguments: str) -> str:
    """Run the environment's Python in a folder and return what it printed; it must have succeeded."""
    result = subprocess.run(
        [sys.executable, *arguments], cwd=folder, env=surroundings(folder), capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


def surroundings(folder: Path) -> dict[str, str]:
    """The environment of a command that must find the copy, not the checkout the tests run in."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    return kept | {"PYTHONPATH": str(folder), "WORKBENCH_LANG": "en"}


def test_a_new_topic_is_whole_and_its_tests_pass(checkout: Path):
    said = done(
        checkout, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"tests/topics/{NAME}", "tests/test_structure.py",
        "tests/test_rules.py", "-k", f"{NAME} or structure or whole or door or catalogs or blanks or punctuation",
    )  # fmt: skip
    assert " passed" in said


def test_a_new_topic_is_clean_and_typed(checkout: Path):
    places = [f"workbench/topics/{NAME}", f"tests/topics/{NAME}"]
    done(checkout, "-m", "ruff", "check", *places)
    done(checkout, "-m", "ruff", "format", "--check", *places)
    done(checkout, "-m", "mypy", "-p", f"workbench.topics.{NAME}")


def test_a_new_topic_touches_no_file_that_was_there(checkout: Path):
    changed = [
        path.relative_to(ROOT)
        for folder in ("workbench", "tests", "notebooks", "docs")
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
        if path.read_bytes() != (checkout / path.relative_to(ROOT)).read_bytes()
    ]
    assert changed == []


@pytest.mark.parametrize("name", ["Re", "class-a", "../up", "1st", ""])
def test_a_name_that_is_none_is_refused_in_words(name: str):
    with pytest.raises(ChoiceError, match="cannot be called"):
        new_topic(name)


def test_a_topic_that_is_there_is_not_written_over(tmp_path: Path):
    with pytest.raises(ChoiceError, match="topics/pareto already"):
        new_topic("pareto")
    with pytest.raises(ChoiceError, match="no checkout"):
        new_topic(NAME, root=tmp_path)
