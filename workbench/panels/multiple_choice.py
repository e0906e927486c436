"""Lists whose contents change: one of them, or several, as for the values of a column and the segments of a filter."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import ipywidgets as widgets
import traitlets

from workbench.i18n import t
from workbench.panels.controls import Choice
from workbench.panels.guarded_widgets import Guarded
from workbench.widgets import TickMenu

ROWS = 6


class Several(Guarded, widgets.SelectMultiple):
    """Any number of the values offered; `value` is a tuple of them. `words` says each in the reader's language."""

    value: Any

    def __init__(self, label: str) -> None:
        self._label, self._lang = label, "zh"
        self._offered: dict[Any, Mapping[str, str]] = {}
        self.offered = {"index": self._offers}
        super().__init__(options=[], value=(), rows=ROWS)
        self.add_class("wb-field")
        self.add_class("wb-several")

    def offer(self, words: Mapping[Any, Mapping[str, str]], *, value: Sequence[Any]) -> None:
        """Offer these values, worded by language; those chosen that are not offered are added at the end."""
        self._offered = dict(words)
        for one in value:
            self._offered.setdefault(one, {"en": str(one), "zh": str(one)})
        with self.hold_sync():
            self._word(tuple(value))

    def say(self, lang: str) -> None:
        """Word the label and the values."""
        self._lang = lang
        self.description = self.tooltip = t(self._label, lang)
        with self.hold_sync():
            self._word(self.value)

    def _word(self, value: tuple[Any, ...]) -> None:
        self.options = [(words[self._lang], one) for one, words in self._offered.items()]
        self.rows = max(2, min(ROWS, len(self._offered)))
        self.value = value

    def _offers(self, index: Any) -> bool:
        return isinstance(index, (list, tuple)) and all(
            type(one) is int and 0 <= one < len(self._offered) for one in index
        )


class TickedChoice(TickMenu):
    """Any number of values to tick in a list that opens; `value` is a tuple of them, in the list's order; () is all.

    `words` says a value in the reader's language.
    """

    value = traitlets.Tuple()

    def __init__(
        self, label: str, values: Sequence[Any], *, value: Sequence[Any] = (), words: Callable[[Any, str], str]
    ) -> None:
        self._label, self._values, self._say_value = label, tuple(values), words
        super().__init__(texts=[str(one) for one in values])
        self.value = tuple(value)
        self.add_class("wb-field")
        self.add_class("wb-ticking")

    @property
    def options(self) -> list[tuple[str, Any]]:
        """The words of each value that can be ticked, and the value."""
        return list(zip(self.texts, self._values, strict=True))

    @property
    def description(self) -> str:
        """What the list is called."""
        return str(self.label)

    def say(self, lang: str) -> None:
        """Word the label and the values."""
        self.lang, self.label = lang, t(self._label, lang)
        self.texts = [self._say_value(one, lang) for one in self._values]
        self._sum_up()

    @traitlets.validate("value")
    def _only_offered(self, proposal: Mapping[str, Any]) -> tuple[Any, ...]:
        chosen = proposal["value"]
        if not set(chosen) <= set(self._values):
            raise ValueError(chosen)
        return tuple(one for one in self._values if one in chosen)

    @traitlets.observe("ticked")
    def _take_ticks(self, _: object) -> None:
        self.value = tuple(self._values[place] for place in self.ticked)

    @traitlets.observe("value")
    def _sum_up(self, _: object = None) -> None:
        self.ticked = [place for place, one in enumerate(self._values) if one in self.value]
        self.summary = t("panels.filters.chosen", self.lang, values=self.chosen) if self.value else self.words["all"]

    @property
    def chosen(self) -> list[str]:
        """The words of what is ticked."""
        return [self.texts[place] for place in self.ticked]


class ListChoice(Choice):
    """One of a list that changes; its words come with it, in the reader's language."""

    def __init__(self, label: str, *, empty: str) -> None:
        self._empty = empty
        self._said: dict[str, str] = {}
        super().__init__(label, {"": empty}, words=lambda value, _: self._said[value])

    def offer(self, words: Mapping[str, str], *, value: str, lang: str) -> None:
        """Offer these ids by their words; without any, one entry that says so."""
        self._said = dict(words)
        self._words = dict.fromkeys(words) if words else {"": self._empty}
        with self.hold_sync():
            self.options = [(one, one) for one in self._words]
            self.value = value if value in self._words else next(iter(self._words))
            self.say(lang)
