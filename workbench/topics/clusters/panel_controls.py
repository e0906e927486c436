"""Controls of clusters: several of a list, and names that people give to what was found."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import traitlets
from ipywidgets import ValueWidget

from workbench.analyses.segmentation import OTHERS, Segment
from workbench.i18n import t
from workbench.panels.controls import Line, Press, Switch
from workbench.panels.guarded_widgets import guarded
from workbench.panels.headings import headed
from workbench.panels.layout import Column, Markup, Row, text

LONGEST_GROUP_NAME = 60


class Ticked(Switch):
    """One of several that can be ticked; `words` says what it is called."""

    def __init__(self, option: str, words: Callable[[str, str], str], *, value: bool) -> None:
        self._option, self._words_of = option, words
        super().__init__(option, value=value)

    def say(self, lang: str) -> None:
        self.description = self.tooltip = headed(self._words_of(self._option, lang))


class TickList(Column, ValueWidget):
    """Any of a list; `value` holds those that are ticked, in the order of the list."""

    value = traitlets.Tuple()
    """The options that are ticked."""

    def __init__(
        self, label: str, options: Sequence[str], *, value: Sequence[str], words: Callable[[str, str], str]
    ) -> None:
        self._label, self._words, self._lang, self._quiet = label, words, "zh", False
        self.heading, self.row = Markup(css="wb-hint"), Row([])
        self.row.add_class("wb-ticks")
        super().__init__([self.heading, self.row])
        self.add_class("wb-several")
        self.ticks: dict[str, Ticked] = {}
        self.offer(options, value=value)
        self.observe(guarded(lambda _: self._show()), names="value")

    def offer(self, options: Sequence[str], *, value: Sequence[str]) -> None:
        """Offer another list."""
        self.ticks = {option: Ticked(option, self._words, value=option in value) for option in options}
        for tick in self.ticks.values():
            tick.say(self._lang)
            tick.observe(guarded(lambda _: self._read()), names="value")
        self.row.children = [*self.ticks.values()]
        self.value = tuple(option for option in options if option in value)

    def say(self, lang: str) -> None:
        """Word the heading and every option."""
        self._lang = lang
        self.heading.value = text("span", t(self._label, lang))
        for tick in self.ticks.values():
            tick.say(lang)

    def _read(self) -> None:
        if not self._quiet:
            self.value = tuple(option for option, tick in self.ticks.items() if tick.value)

    def _show(self) -> None:
        self._quiet = True
        try:
            for option, tick in self.ticks.items():
                tick.value = option in self.value
        finally:
            self._quiet = False


@dataclass(frozen=True)
class GroupNames:
    """Names that people gave to the groups of one fit, by group and language; another fit has its own."""

    of: Hashable = None
    by_group: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def for_fit(self, fit: Hashable) -> Mapping[str, Mapping[str, str]]:
        """Return the names of a fit; none where they were given to another."""
        return self.by_group if self.of == fit else {}


class NamesEditor(Column, ValueWidget):
    """Every group's name on a line; what is written there counts in the language it was written in."""

    value = traitlets.Instance(GroupNames)
    """The names given, and to which fit."""

    def __init__(self, most: int) -> None:
        self.lines = [Line("panels.clusters.name_of", value="") for _ in range(most)]
        self.apply = Press("panels.clusters.apply_names")
        self.hint = Markup(css="wb-hint")
        self._lang, self._fit, self._segments = "zh", None, ()  # type: tuple[str, Hashable, Sequence[Segment]]
        row = Row([*self.lines, self.apply])
        row.add_class("wb-controls")
        super().__init__([self.hint, row], value=GroupNames())
        self.add_class("wb-cuts")
        self.apply.on_click(guarded(lambda _: self.take()))

    def say(self, lang: str) -> None:
        """Word everything in a language."""
        self._lang = lang
        self.hint.value = text("p", t("panels.clusters.names_hint", lang))
        self.apply.say(lang)
        self._write()

    def show(self, fit: Hashable, segments: Sequence[Segment]) -> None:
        """Show the groups of a fit."""
        self._fit = fit
        self._segments = [segment for segment in segments if segment.id != OTHERS]
        self._write()

    def take(self) -> None:
        """Keep the names as written; an empty line leaves the name as it was."""
        by_group = {key: dict(names) for key, names in self.value.for_fit(self._fit).items()}
        for line, segment in zip(self.lines, self._segments, strict=False):
            written = " ".join(line.value.split())[:LONGEST_GROUP_NAME]
            if written and written != segment.names[self._lang]:
                by_group.setdefault(segment.id, {})[self._lang] = written
        self.value = GroupNames(self._fit, by_group)

    def _write(self) -> None:
        for place, line in enumerate(self.lines):
            is_used = place < len(self._segments)
            line.layout.display = "" if is_used else "none"
            line.description = line.tooltip = t("panels.clusters.name_of", self._lang, number=place + 1)
            line.value = self._segments[place].names[self._lang] if is_used else ""


def names_code(names: Mapping[str, Mapping[str, str]]) -> str:
    """Write given names as an argument; nothing where none was given."""
    plain: dict[str, Any] = {key: dict(said) for key, said in names.items()}
    return f", names={plain!r}" if plain else ""
