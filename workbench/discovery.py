"""What the folders of `workbench/topics` say of themselves: every list of topics is read from them, none is kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import MappingProxyType, ModuleType
from typing import Any, Literal

from workbench.data_needs import Needs
from workbench.errors import ChoiceError

TOPICS = Path(__file__).resolve().parent / "topics"

Step = Literal[1, 2, 3, 4, 5, 6]
"""The steps: integrate data, understand needs, improve, work as a team, measure satisfaction, keep improving."""


@dataclass(frozen=True)
class Topic:
    """What a topic declares in its `__init__.py`.

    Attributes
    ----------
    step
        Where it stands among the six steps of the method.
    public
        The names that notebooks, `panel.code()` and documents use, by the module of the topic that holds them.
    needs
        What the data must hold for each of its panels, by the panel's words: `panels.<panel>` in `words.toml`.
    lesson
        The notebook that teaches it; "" where none does, and then `without["lesson"]` says why.
    page
        The dashboard that shows it; "" where none does, and then `without["page"]` says why.
    topics
        The other topics it may import.
    without
        Why a part that every topic has is not there, by the part: "query", "chart", "exercises", "lesson",
        "page", "twins".
    """

    step: Step
    public: Mapping[str, tuple[str, ...]]
    needs: Mapping[str, Needs]
    lesson: str
    page: str = ""
    topics: tuple[str, ...] = ()
    without: Mapping[str, str] = field(default_factory=dict)

    @property
    def panels(self) -> tuple[str, ...]:
        """The functions that make a panel from a session."""
        return tuple(name for names in self.public.values() for name in names if name.endswith("_panel"))

    def door(self, package: str) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
        """Return the `__getattr__` and `__dir__` of the topic's package."""
        return door(package, self.public)


def door(package: str, public: Mapping[str, tuple[str, ...]]) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
    """Return the `__getattr__` and `__dir__` of a package: a module is imported when one of its names is asked for.

    So whoever opens a page loads what that page shows, and nothing else. `public` holds the names by module.
    """
    home = {name: module for module, names in public.items() for name in names}

    def get(name: str) -> Any:
        if name not in home:
            raise AttributeError(f"{package} has no {name!r}. It has: {', '.join(sorted(home))}.")
        return getattr(import_module(f"{package}.{home[name]}"), name)

    return get, lambda: sorted(home)


@cache
def topic_names() -> tuple[str, ...]:
    """Return the topics: the folders of `workbench/topics` that are packages."""
    return tuple(sorted(place.parent.name for place in TOPICS.glob("*/__init__.py")))


@cache
def topics() -> Mapping[str, Topic]:
    """Return what every topic declares, by its name; the topics' own modules stay unread."""
    return MappingProxyType({name: _declared(name) for name in topic_names()})


def topic(name: str) -> Topic:
    """Return what one topic declares; a ChoiceError says which there are."""
    if name not in topic_names():
        raise ChoiceError("unknown_choice", name="topic", value=name, allowed=topic_names())
    return _declared(name)


def _declared(name: str) -> Topic:
    declared = getattr(import_module(f"workbench.topics.{name}"), "TOPIC", None)
    if not isinstance(declared, Topic):
        raise ChoiceError("topic_undeclared", topic=name)
    return declared


@cache
def topic_of(panel: str) -> str:
    """Return the topic that a panel, called by its words, belongs to; a ChoiceError where none declares its needs."""
    for name, declared in topics().items():
        if panel in declared.needs:
            return name
    raise ChoiceError("needs_undeclared", panel=panel)


def needs_of(panel: str) -> Needs:
    """Return what the data must hold for a panel, called by its words."""
    return topics()[topic_of(panel)].needs[panel]


def topic_module(name: str, part: str) -> ModuleType | None:
    """Import one module of a topic, e.g. its "exercises"; None where the topic has no such module."""
    module = f"workbench.topics.{name}.{part}"
    return import_module(module) if find_spec(module) else None


def topic_modules(part: str) -> Mapping[str, ModuleType]:
    """Import a module of every topic that has it, by the topic's name."""
    modules = {name: topic_module(name, part) for name in topic_names()}
    return {name: module for name, module in modules.items() if module}
