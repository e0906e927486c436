"""The house as a machine can see it: no circle of imports, layers by file name, topics along their stated list."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest

from tests.conftest import ROOT
from workbench.discovery import topic_names, topics

PACKAGE = ROOT / "workbench"
SCREEN = {"panel", "exercises"}
"""First words of a topic's files that may know the session and the screen; `chart` files draw, all others ask."""
UNKNOWN_TO_QUERIES = ("workbench.store", "workbench.i18n", "workbench.charts", "workbench.panels", "workbench.widgets")
UNKNOWN_TO_CHARTS = ("workbench.store", "workbench.analyses", "workbench.panels", "workbench.widgets")
FOREIGN_TO_QUERIES = ("duckdb", "altair", "ipywidgets")
FOREIGN_TO_CHARTS = ("duckdb", "ibis", "ipywidgets")

OF_EACH_MODULE = {
    "TOPIC": "what a topic declares; discovery reads it by this name",
    "EXERCISES": "a topic's exercises; discovery reads them by this name",
    "BUILT_IN": "a topic's segmentations that nobody saved; discovery reads them by this name",
    "main": "what a module does when it is run as a program",
    "TWINS": "a topic's questions that memory answers as well; Session.ask and the tests read them by this name",
    "PLACE": "where a topic's tables stand among all that managers can see; discovery reads it by this name",
    "standing": "the tables themselves, in `panel_standing.py`; discovery reads them by this name",
    "MEASURES": "what a topic's needs are measured by, and the kit's; the gate reads them by this name",
    "log": "the log of a folder, under the folder's name",
}
SAID_AGAIN_BY_CHARTS = {
    *("CROWDS", "CRITERION_LEVELS", "CountBy", "Every", "LONGEST_SILENCE", "MONTHS", "OPEN", "STABLE", "WORTHS"),
}
"""Charts know no analysis, so they say again what the rows they draw are made with; both must say the same."""


@cache
def modules() -> Mapping[str, Path]:
    """Every module of the package by its dotted name."""
    found = {}
    for path in PACKAGE.rglob("*.py"):
        parts = path.relative_to(ROOT).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


@cache
def imported(module: str) -> frozenset[str]:
    """All that a module imports, wherever it does so: at its top, for its types alone, or inside a function."""
    names = set()
    for node in ast.walk(ast.parse(modules()[module].read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                names.add(inner if inner in modules() else node.module)
    return frozenset(names)


def circles(graph: Mapping[str, frozenset[str]]) -> Iterator[list[str]]:
    """Find the groups of modules that reach each other."""
    reached = {module: reach(graph, module) for module in graph}
    seen: set[str] = set()
    for module in sorted(graph):
        group = sorted(other for other in reached[module] if module in reached[other])
        if len(group) > 1 and module not in seen:
            seen |= set(group)
            yield group


def reach(graph: Mapping[str, frozenset[str]], start: str) -> set[str]:
    """Return all that a module imports, directly or not, and itself."""
    known, waiting = {start}, [start]
    while waiting:
        for other in graph[waiting.pop()] & graph.keys():
            if other not in known:
                known.add(other)
                waiting.append(other)
    return known


def knows(module: str, layers: tuple[str, ...]) -> list[str]:
    return sorted(name for name in imported(module) if any(f"{name}.".startswith(f"{layer}.") for layer in layers))


def topic_files() -> list[tuple[str, str, str]]:
    """Topic, file and module of every file of every topic, its declaration left out."""
    return [
        (parts[2], parts[3], module)
        for module in sorted(modules())
        if len(parts := module.split(".")) > 3 and parts[1] == "topics"
    ]


def test_no_modules_import_each_other_in_a_circle():
    graph = {module: imported(module) & modules().keys() for module in modules()}
    assert list(circles(graph)) == []


def test_a_circle_would_be_found():
    ring = {
        "one": frozenset({"two"}),
        "two": frozenset({"three"}),
        "three": frozenset({"one"}),
        "four": frozenset({"one"}),
    }
    assert list(circles(ring)) == [["one", "three", "two"]]


@pytest.mark.parametrize(("topic", "file", "module"), topic_files())
def test_a_topics_file_knows_only_what_its_name_allows(topic: str, file: str, module: str):
    first = file.split("_")[0]
    if first in SCREEN:
        assert knows(module, ("duckdb",)) == []
    elif first == "chart":
        asking = [f"workbench.topics.{topic}.{other}" for name, other, _ in topic_files() if name == topic]
        asking = [name for name in asking if not name.rsplit(".", 1)[1].startswith("chart")]
        assert knows(module, (*UNKNOWN_TO_CHARTS, *FOREIGN_TO_CHARTS, *asking)) == []
    else:
        assert knows(module, (*UNKNOWN_TO_QUERIES, *FOREIGN_TO_QUERIES)) == []


def test_topics_import_each_other_only_along_their_stated_list():
    unstated = [
        f"{module} imports {name}, which topics/{topic}/__init__.py does not state"
        for topic, _, module in topic_files()
        for name in imported(module)
        if name.startswith("workbench.topics.") and (other := name.split(".")[2]) != topic
        if other not in topics()[topic].topics
    ]
    assert unstated == []


def test_the_stated_list_names_no_topic_in_vain_and_runs_in_no_circle():
    used = {
        topic: frozenset(
            name.split(".")[2]
            for owner, _, module in topic_files()
            if owner == topic
            for name in imported(module)
            if name.startswith("workbench.topics.") and name.split(".")[2] != topic
        )
        for topic in topic_names()
    }
    assert {topic: set(one.topics) for topic, one in topics().items()} == {
        name: set(seen) for name, seen in used.items()
    }
    assert list(circles(used)) == []


def test_the_kit_imports_no_topic_and_no_page():
    layers = ("workbench.analyses", "workbench.charts", "workbench.panels", "workbench.widgets", "workbench.store")
    upwards = {
        module: knows(module, ("workbench.topics", "workbench.pages"))
        for module in modules()
        if any(f"{module}.".startswith(f"{layer}.") for layer in layers)
    }
    assert {module: names for module, names in upwards.items() if names} == {}


def defined(module: str) -> set[str]:
    """The public names that a module defines itself: functions, classes, constants, types."""
    names = set()
    for node in ast.parse(modules()[module].read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names |= {name.id for target in targets for name in ast.walk(target) if isinstance(name, ast.Name)}
    return {name for name in names if not name.startswith("_")}


@cache
def homes() -> Mapping[str, list[str]]:
    """The modules that define each public name."""
    known: dict[str, list[str]] = {}
    for module in sorted(modules()):
        for name in defined(module):
            known.setdefault(name, []).append(module)
    return known


def test_a_public_name_means_one_thing():
    twice = {name: places for name, places in homes().items() if len(places) > 1}
    assert {name: twice[name] for name in twice.keys() - OF_EACH_MODULE.keys() - SAID_AGAIN_BY_CHARTS} == {}


def test_what_may_be_defined_twice_is_not_listed_in_vain():
    assert [name for name in (*OF_EACH_MODULE, *SAID_AGAIN_BY_CHARTS) if len(homes().get(name, [])) < 2] == []


@pytest.mark.parametrize("name", sorted(SAID_AGAIN_BY_CHARTS))
def test_what_a_chart_says_again_is_what_the_analysis_says(name: str):
    said = [getattr(import_module(module), name) for module in homes()[name]]
    assert all(one == said[0] for one in said)
    assert sum(".chart" in module for module in homes()[name]) == len(said) - 1
