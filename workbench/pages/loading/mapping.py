"""The mapping on a page: a card for each kind of file, whose data it is and as of which day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from workbench.currency import DECIMALS
from workbench.errors import ChoiceError
from workbench.i18n import t
from workbench.load import Company
from workbench.load import Mapping as Rules
from workbench.pages.loading.card import Looked, SourceCard, looked_at
from workbench.panels.controls import Choice, Day, Line
from workbench.panels.layout import Column, Markup, Row, text

LookAgain = Callable[[SourceCard, "str | None", "str | None"], None]


class MappingEditor(Column):
    """Edits a mapping by drop-downs; `mapping()` is what they say, ChoiceError while something is open."""

    def __init__(self, *, look_again: LookAgain, on_error: Callable[[Exception], None]) -> None:
        self._look_again, self._on_error, self._lang = look_again, on_error, "zh"
        self._shown: Rules | None = None
        self.state, self.cards = Markup(css="wb-hint"), Column([])
        self.cards.add_class("wb-cards-list")
        self.company, self.as_of = Line("panels.load.company"), Day("panels.load.as_of", high=date(2199, 12, 31))
        self.currency = Choice(
            "panels.load.currency",
            {"": "panels.load.currency_as_before", **dict.fromkeys(DECIMALS)},
            words=lambda code, lang: f"{code} {t(f'currencies.{code}', lang)}",
        )
        self.facts = Row([self.company, self.as_of, self.currency])
        self.facts.add_class("wb-controls")
        super().__init__([self.state, self.cards, self.facts])
        self.add_class("wb-mapping")

    def show(self, rules: Rules | None, lang: str) -> None:
        """Show another mapping, what is to be answered first; None: there is nothing to show yet."""
        self._shown, self._lang = rules, lang
        kinds = looked_at(rules) if rules else []
        for card in self.cards.children:
            card.close()
        self.cards.children = [
            SourceCard(looked, look_again=self._look_again, on_error=self._on_error, lang=lang) for looked in kinds
        ]
        if rules and rules.company.name:
            self.company.value = rules.company.name
        if rules and rules.company.as_of:
            self.as_of.value = rules.company.as_of
        if rules and rules.company.currency:
            self.currency.value = rules.company.currency
        self.say(lang)

    def say(self, lang: str) -> None:
        """Word everything in a language."""
        self._lang = lang
        for control in (self.company, self.as_of, self.currency):
            control.say(lang)
        for card in self.cards.children:
            card.say(lang)
        self.facts.layout.display = "" if self._shown else "none"
        key = "panels.load.look_over" if self.cards.children else "panels.load.nothing_yet"
        self.state.value = text(
            "p", t(key, lang, **({"count": len(self.cards.children)} if self.cards.children else {}))
        )

    def mapping(self) -> Rules:
        """Return the mapping as the page shows it. ChoiceError where a question is open or every file is left out."""
        if not self.cards.children:
            raise ChoiceError("no_files_yet")
        open_cards = [card for card in self.cards.children if card.open_questions()]
        if open_cards:
            count = sum(len(card.open_questions()) for card in open_cards)
            raise ChoiceError("questions_open", count=count, file=list(open_cards[0].looked.files))
        sources = [source for card in self.cards.children if (source := card.source()) is not None]
        if not sources:
            raise ChoiceError("all_left_out")
        left_out = [card.left_out() for card in self.cards.children if card.is_left_out]
        before = self._shown.left_out if self._shown else ()
        time_zone = self._shown.company.time_zone if self._shown else None
        name = self.company.value.strip() or None
        company = Company(name, self.as_of.value, self.currency.value or None, time_zone)
        return Rules(tuple(sources), company, left_out=(*before, *left_out))

    def take(self, card: SourceCard, looked: Looked, *, encoding: str | None) -> None:
        """Show what a second look at a card's file gave, under the names it had."""
        source = looked.source and replace(looked.source, files=card.looked.files)
        card.show(replace(looked, files=card.looked.files, source=source, encoding=encoding))
