"""The weights of R, F and M as a control: three percentages that must add up to 100."""

from __future__ import annotations

from dataclasses import astuple

import traitlets
from ipywidgets import ValueWidget

from workbench.errors import ChoiceError, WorkbenchError
from workbench.panels.controls import Line
from workbench.panels.guarded_widgets import guarded
from workbench.panels.layout import Column, Markup, text
from workbench.topics.rfm.composite import Weights

NUMBERS = 3


class WeightsLine(Column, ValueWidget):
    """`value` are the weights in force; what is written takes effect on Enter, and words say what cannot be."""

    value = traitlets.Instance(Weights, args=())
    """The weights in force."""

    def __init__(self) -> None:
        self.line, self.message = Line("panels.rfm.weights"), Markup(css="wb-message")
        self._lang = "zh"
        super().__init__([self.line, self.message])
        self._show()
        self.observe(guarded(lambda _: self._show()), names="value")
        self.line.observe(guarded(lambda _: self.take()), names="value")

    def say(self, lang: str) -> None:
        """Word the label."""
        self._lang = lang
        self.line.say(lang)

    def take(self) -> None:
        """Take the weights as written."""
        try:
            written = _percentages(self.line.value)
            if written != _percentages(_words(self.value)):
                self.value = Weights(*(one / 100 for one in written))
        except WorkbenchError as error:
            self.message.value = text("p", error.words(self._lang), "wb-message-text")
        else:
            self.message.value = ""

    def _show(self) -> None:
        self.line.value, self.message.value = _words(self.value), ""


def _words(weights: Weights) -> str:
    return ", ".join(f"{round(100 * one, 2):g}" for one in astuple(weights))


def _percentages(words: str) -> tuple[float, ...]:
    """Read "50, 30，20" as three numbers."""
    plain = words.replace("，", ",").replace("、", ",").replace("%", "")
    try:
        numbers = tuple(float(word) for word in plain.split(",") if word.strip())
    except ValueError:
        numbers = ()
    if len(numbers) != NUMBERS:
        raise ChoiceError("rfm_weights_written")
    return numbers
