"""The controls of panels: ipywidgets that speak both languages and take only what they offer.

A control's `say(lang)` words its label and its options; its value never changes by that. Labels and options are keys
of the catalogs, so a control knows no language until it is asked.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, Protocol

import ipywidgets as widgets

from workbench.i18n import t
from workbench.panels.guarded_widgets import Guarded
from workbench.panels.headings import headed

LONGEST_LINE = 1_000


class Control(Protocol):
    """What Panel needs of a control: a value to read and observe, and words in two languages."""

    value: Any

    def say(self, lang: str) -> None:
        """Word the label and the options."""

    def observe(self, handler: Any, names: Any = ...) -> None:
        """Call `handler` when a trait changes."""


class Choice(Guarded, widgets.Dropdown):
    """One of a fixed list. `options` maps each value to the key of its words; one without a key is said by
    `words(value, lang)`, else shown as it is. Where the data offer nothing to choose from the value is None.
    """

    value: Any

    def __init__(
        self,
        label: str,
        options: Mapping[Any, str | None],
        *,
        value: Any = None,
        words: Callable[[Any, str], str] | None = None,
    ) -> None:
        self._label, self._words, self._say_value = label, dict(options), words or (lambda value, _: str(value))
        self.offered = {"index": self._offers}
        chosen = next(iter(options), None) if value is None else value
        super().__init__(options=[(str(option), option) for option in options], value=chosen)
        self.add_class("wb-field")

    def _offers(self, index: Any) -> bool:
        return type(index) is int and 0 <= index < len(self._words)

    def offer_options(self, options: Mapping[Any, str | None], lang: str) -> None:
        """Offer another list, which holds what is chosen."""
        self._words = dict(options)
        self.say(lang)

    def say(self, lang: str) -> None:
        self.description = self.tooltip = t(self._label, lang)
        value = self.value
        with self.hold_sync():
            words = {
                option: headed(t(key, lang)) if key else self._say_value(option, lang)
                for option, key in self._words.items()
            }
            self.options = [(word, option) for option, word in words.items()]
            self.value = value


class Slider(Guarded, widgets.FloatSlider):
    """A number between two bounds, reported when the hand lets go."""

    def __init__(self, label: str, value: float, *, low: float, high: float, step: float, form: str) -> None:
        self._label = label
        self.offered = {"value": lambda number: _is_number(number) and low <= number <= high}
        super().__init__(value=value, min=low, max=high, step=step, readout_format=form, continuous_update=False)
        self.add_class("wb-field")

    def say(self, lang: str) -> None:
        self.description = self.tooltip = t(self._label, lang)


class WholeSlider(Guarded, widgets.IntSlider):
    """A whole number between two bounds, reported when the hand lets go."""

    def __init__(self, label: str, value: int, *, low: int, high: int) -> None:
        self._label = label
        self.offered = {"value": lambda number: type(number) is int and low <= number <= high}
        super().__init__(value=value, min=low, max=high, continuous_update=False)
        self.add_class("wb-field")

    def say(self, lang: str) -> None:
        self.description = self.tooltip = t(self._label, lang)


class Day(Guarded, widgets.DatePicker):
    """A day inside the data's period, or none."""

    def __init__(self, label: str, *, low: date | None = None, high: date | None = None) -> None:
        self._label = label
        self.offered = {"value": lambda day: day is None or _day_between(day, low, high)}
        super().__init__(min=low, max=high)
        self.add_class("wb-field")

    def say(self, lang: str) -> None:
        self.description = self.tooltip = t(self._label, lang)


class Switch(Guarded, widgets.Checkbox):
    """Yes or no."""

    def __init__(self, label: str, *, value: bool = False) -> None:
        self._label = label
        self.offered = {"value": lambda answer: isinstance(answer, bool)}
        super().__init__(value=value, indent=False)
        self.add_class("wb-switch")

    def say(self, lang: str) -> None:
        self.description = self.tooltip = t(self._label, lang)


class Line(Guarded, widgets.Text):
    """A line of text of at most LONGEST_LINE characters, reported on Enter or when the cursor leaves."""

    def __init__(self, label: str, *, value: str = "") -> None:
        self._label = label
        self.offered = {"value": lambda words: isinstance(words, str) and len(words) <= LONGEST_LINE}
        super().__init__(value=value, continuous_update=False)
        self.add_class("wb-field")

    def say(self, lang: str) -> None:
        self.description = self.tooltip = t(self._label, lang)


class Press(Guarded, widgets.Button):
    """A button: the browser may press it and set nothing."""

    def __init__(self, label: str, *, style: str = "plain", **facts: object) -> None:
        self._label, self.facts = label, facts
        super().__init__()
        self.add_class("wb-button")
        self.add_class(f"wb-button-{style}")

    def say(self, lang: str) -> None:
        self.description = t(self._label, lang, **self.facts)


def share_slider(value: float, *, label: str, low: float = 0.05, high: float = 1.0) -> Slider:
    """A share between 0 and 1, shown as a percentage."""
    return Slider(label, value, low=low, high=high, step=0.01, form=".0%")


def choice(label: str, values: Iterable[Any], *, words: str, value: Any = None) -> Choice:
    """A list whose words are the catalog's `words.<value>`."""
    return Choice(label, {option: f"{words}.{option}" for option in values}, value=value)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def _day_between(sent: Any, low: date | None, high: date | None) -> bool:
    """Check a day as browsers send it: {"year": 2024, "month": 0, "date": 31}, months counted from 0."""
    try:
        day = date(sent["year"], sent["month"] + 1, sent["date"])
    except (TypeError, KeyError, ValueError):
        return False
    return (low is None or day >= low) and (high is None or day <= high)
