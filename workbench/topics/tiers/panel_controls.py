"""Controls of the tier designer: tiers written line by line, and the adoption of a design with its reason."""

from __future__ import annotations

from collections.abc import Callable

import traitlets
from ipywidgets import ValueWidget

from workbench.errors import ChoiceError, WorkbenchError
from workbench.i18n import t
from workbench.panels.controls import Choice, Line, Press
from workbench.panels.guarded_widgets import guarded
from workbench.panels.layout import Column, Markup, Row, text
from workbench.topics.tiers.segmentation import MOST_TIERS, Tier, TierSegmentation

OVERRIDE_REASONS = ("spend_fell", "rule_changed", "budget", "corrected")
"""Why members may be put down; one of them stands in the audit log."""


class TierEditor(Column, ValueWidget):
    """One line a tier, the highest first: name, threshold, budget. `value` is None while the tiers are proposed."""

    value = traitlets.Tuple(allow_none=True, default_value=None)
    """The tiers as written."""

    def __init__(self) -> None:
        self.lines = [Line("panels.tiers.line") for _ in range(MOST_TIERS)]
        self.apply, self.propose = Press("panels.tiers.apply"), Press("panels.tiers.propose")
        self.hint, self.message = Markup(css="wb-hint"), Markup(css="wb-message")
        self._lang = "zh"
        lines = Row(self.lines)
        lines.add_class("wb-controls")
        buttons = Row([self.apply, self.propose])
        buttons.add_class("wb-controls")
        super().__init__([self.hint, lines, buttons, self.message])
        self.add_class("wb-cuts")
        self.apply.on_click(guarded(lambda _: self.take()))
        self.propose.on_click(guarded(lambda _: self.set_trait("value", None)))

    def say(self, lang: str) -> None:
        """Word everything in a language."""
        self._lang = lang
        self.hint.value = text("p", t("panels.tiers.lines_hint", lang))
        parts: list[Line | Press] = [*self.lines, self.apply, self.propose]
        for part in parts:
            part.say(lang)

    def show(self, tiers: tuple[Tier, ...]) -> None:
        """Show the tiers in force."""
        self.message.value = ""
        written = [f"{tier.name_en}/{tier.name_zh}, {tier.begins:.12g}, {tier.budget:.12g}" for tier in tiers]
        for line, words in zip(self.lines, [*written, *[""] * (MOST_TIERS - len(tiers))], strict=True):
            line.value = words

    def take(self) -> None:
        """Take the tiers as they are written; words say what cannot be."""
        try:
            tiers = tuple(_tier(line.value) for line in self.lines if line.value.strip())
            TierSegmentation(tiers=tiers)
        except WorkbenchError as error:
            self.message.value = text("p", error.words(self._lang), "wb-message-text")
        else:
            self.message.value, self.value = "", tiers


class TierApproval(Column, ValueWidget):
    """`value` is the design adopted last, against which the next is compared; None compares with the data's tiers."""

    value = traitlets.Instance(TierSegmentation, allow_none=True)
    """The design adopted last."""

    adopt: Callable[[str], TierSegmentation]
    """Takes the reason, notes the downgrades, and returns the design; raises where the reason is missing."""

    def __init__(self) -> None:
        words = {"": "panels.tiers.reason_none"} | {name: f"panels.tiers.reason_{name}" for name in OVERRIDE_REASONS}
        self.reason = Choice("panels.tiers.reason", words)
        self.button, self.back = Press("panels.tiers.adopt"), Press("panels.tiers.compare_data")
        self.message = Markup(css="wb-message")
        self._lang = "zh"
        row = Row([self.reason, self.button, self.back])
        row.add_class("wb-controls")
        super().__init__([row, self.message])
        self.button.on_click(guarded(lambda _: self.press()))
        self.back.on_click(guarded(lambda _: self.set_trait("value", None)))

    def say(self, lang: str) -> None:
        """Word everything in a language."""
        self._lang = lang
        for part in (self.reason, self.button, self.back):
            part.say(lang)

    def press(self) -> None:
        """Adopt the design on screen, or say why not."""
        try:
            self.value = self.adopt(self.reason.value)
        except WorkbenchError as error:
            self.message.value = text("p", error.words(self._lang), "wb-message-text")
        else:
            self.message.value = text("p", t("panels.tiers.adopted", self._lang))


def _tier(words: str) -> Tier:
    """Read "Gold/金卡, 5000, 200": the name, in one language or two, the threshold and the budget.

    >>> _tier("金卡，5000")
    Tier(name_en='金卡', name_zh='金卡', begins=5000.0, budget=0.0)
    """
    name, *numbers = (part.strip() for part in words.replace("，", ",").split(","))
    try:
        begins, budget = (float(number) for number in (numbers if len(numbers) > 1 else [*numbers, "0"]))
    except ValueError:
        raise ChoiceError("tier_line", written=words[:40]) from None
    name_en, _, name_zh = name.partition("/")
    return Tier(name_en, name_zh or name_en, begins, budget)
