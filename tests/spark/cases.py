"""What runs on Spark, by discovery: every query of the workbench, and the cases of tests that ask them."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from pkgutil import walk_packages
from types import CodeType, FrameType, FunctionType, ModuleType
from typing import Any

import ibis.expr.operations as ops
import ibis.expr.types as ir

from tests.conftest import ROOT
from tests.spark.company import Tables
from workbench.errors import WorkbenchError

Case = Callable[[Tables], Any]

ASKED = "ir.Table"
GIVEN = ("ir.Table", "Ground")
FOR_EVERY_CASE = 20
"""What each case costs beside its size, in steps: it is planned, sent to the workers and fetched."""
HOMES = ("workbench.analyses", "workbench.panels", "workbench.topics")


def cases() -> dict[str, Case]:
    """Return every function of the files `queries.py` of the tests, by topic and name."""
    found: dict[str, Case] = {}
    for path in sorted((ROOT / "tests").rglob("queries.py")):
        module = import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
        found |= {f"{path.parent.name}.{name}": case for name, case in _functions(module)}
    return found


def queries() -> dict[str, CodeType]:
    """Return every query of the workbench: it takes an Ibis table or a segmentation's ground, and returns a table."""
    found: dict[str, CodeType] = {}
    for module in _modules():
        listed = dict(_functions(module))
        for name, member in vars(module).items():
            if inspect.isclass(member) and member.__module__ == module.__name__ and not _is_protocol(member):
                listed |= {f"{name}.{method}": code for method, code in _functions(member)}
        found |= {f"{module.__name__}.{name}": code.__code__ for name, code in listed.items() if _is_query(code)}
    return found


class Asked:
    """The cases as they are asked of a company on DuckDB: each once, and what it called is noted."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._answers: dict[str, Any] = {}
        self._called: dict[str, set[CodeType]] = {}

    def of(self, name: str) -> Any:
        """Return what a case asks: an expression, a plain value, or the error that says there is nothing to show."""
        if name not in self._answers:
            with _noted() as called:
                try:
                    self._answers[name] = CASES[name](self._tables)
                except WorkbenchError as error:
                    self._answers[name] = error
            self._called[name] = called
        return self._answers[name]

    def unasked(self, names: Iterable[str]) -> list[str]:
        """Name the queries that none of these cases calls."""
        called = set[CodeType]()
        for name in names:
            self.of(name)
            called |= self._called[name]
        return sorted(name for name, code in queries().items() if code not in called)

    def covering(self) -> list[str]:
        """Choose cases that try all that is tried: the one that adds most for its size, then the next, and so on.

        They call every query, use every operation of Ibis on every kind of value that any case uses it on (sums of
        decimals, comparisons of days, what may be null), give each word for nothing to show and each plain value.
        """
        every = set(queries().values())
        tries = {name: self._tries(name, every) for name in CASES}
        left, chosen = set[object]().union(*tries.values()), []
        while left:
            name = max(CASES, key=lambda one: len(tries[one] & left) / (len(tries[one]) + FOR_EVERY_CASE))
            left -= tries[name]
            chosen.append(name)
        return sorted(chosen)

    def _tries(self, name: str, every: set[CodeType]) -> set[object]:
        """Return what a case tries: queries, operations with what they give and take, the words of a refusal."""
        question = self.of(name)
        tried = set[object](self._called[name] & every)
        if isinstance(question, ir.Table):
            return tried | {_kind_of_step(node) for node in question.op().find(ops.Value)}
        return tried | {question.key if isinstance(question, WorkbenchError) else type(question)}


def _modules() -> Iterator[ModuleType]:
    for home in HOMES:
        if find_spec(home) is not None:
            package = import_module(home)
            yield package
            for info in walk_packages(package.__path__, prefix=f"{home}."):
                yield import_module(info.name)


def _functions(owner: Any) -> Iterator[tuple[str, FunctionType]]:
    """Give the public functions that stand in a module, or the public methods of a class."""
    module = owner.__name__ if inspect.ismodule(owner) else owner.__module__
    for name, member in vars(owner).items():
        function = inspect.unwrap(member) if callable(member) else getattr(member, "__func__", member)
        if inspect.isfunction(function) and function.__module__ == module and not name.startswith("_"):
            yield name, function


def _kind_of_step(node: ops.Value) -> tuple[object, ...]:
    """Return what is done, to which kinds of values, and what these come of."""
    return (type(node), node.dtype, *((type(part), part.dtype) for part in node.args if isinstance(part, ops.Value)))


def _is_protocol(member: type) -> bool:
    return getattr(member, "_is_protocol", False)


def _is_query(function: FunctionType) -> bool:
    told = {name: str(kind) for name, kind in function.__annotations__.items()}
    returned = told.pop("return", "")
    takes = any(part in kind for kind in told.values() for part in GIVEN)
    return returned.split(" | ")[0] == ASKED and takes and "Session" not in told.values()


@contextmanager
def _noted() -> Iterator[set[CodeType]]:
    """Note what is called within."""
    seen: set[CodeType] = set()

    def note(frame: FrameType, event: str, _argument: Any) -> None:
        if event == "call":
            seen.add(frame.f_code)

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        yield seen
    finally:
        sys.setprofile(before)


CASES = cases()
