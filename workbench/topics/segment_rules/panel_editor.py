"""Rules as a control: added, changed, renamed and reordered with counts beside them; opened, saved, and taken along."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pandas as pd
import traitlets
from ipywidgets import ValueWidget

from workbench.analyses.rules.rule import Rule
from workbench.analyses.rules.rule_file import rules_text
from workbench.analyses.rules.segmentation import RuleSegmentation, rules_from_toml
from workbench.errors import ChoiceError, WorkbenchError
from workbench.i18n import LANGUAGES, t
from workbench.limits import check_settings_size
from workbench.panels.controls import Line, Press, Switch
from workbench.panels.guarded_widgets import guarded
from workbench.panels.layout import Column, Drawer, Markup, Row, text
from workbench.panels.multiple_choice import ListChoice
from workbench.panels.segmentations import Listed
from workbench.panels.table import Field, table_html
from workbench.topics.segment_rules.panel_fields import BUILDER_WORDS, GroupBox, blank_test
from workbench.topics.segment_rules.panel_lookup import Lookup, rule_column_words
from workbench.topics.segment_rules.panel_table import LARGEST_RULES_FILE
from workbench.topics.segment_rules.panel_words import when_words
from workbench.topics.segment_rules.query import RuleCounts
from workbench.widgets import Download, Upload


class RuleShelf:
    """Where rules are kept: what is listed, how one is opened and saved; the panel gives it."""

    def __init__(self, *, listed: Callable[[], list[Listed]], opened: Callable[[str], RuleSegmentation],
                 saved: Callable[..., int]) -> None:  # fmt: skip
        self.listed, self.opened, self.saved = listed, opened, saved


class RuleEditor(Column, ValueWidget):
    """`value` is the rules as they stand; one rule at a time lies open, the table above counts them all."""

    value = traitlets.Instance(RuleSegmentation)
    """The rules."""

    def __init__(self, value: RuleSegmentation, lookup: Lookup, shelf: RuleShelf) -> None:
        self._lookup, self._shelf, self._lang, self._quiet = lookup, shelf, "zh", False
        self._counts: RuleCounts | None = None
        self.table, self.message = Markup(), Markup(css="wb-message")
        self.titles = {lang: Line(f"{BUILDER_WORDS}.title_{lang}") for lang in LANGUAGES}
        self.names = {lang: Line(f"{BUILDER_WORDS}.name_{lang}") for lang in LANGUAGES}
        self.up, self.down = Press(f"{BUILDER_WORDS}.up"), Press(f"{BUILDER_WORDS}.down")
        self.add, self.remove = Press(f"{BUILDER_WORDS}.add_rule"), Press(f"{BUILDER_WORDS}.remove_rule")
        self.rule = ListChoice(f"{BUILDER_WORDS}.rule", empty=f"{BUILDER_WORDS}.no_rule")
        self.group: GroupBox | None = None
        self._open_rule = Column([])
        self._open_rule.add_class("wb-rule")
        self.saved = ListChoice(f"{BUILDER_WORDS}.saved", empty=f"{BUILDER_WORDS}.nothing_saved")
        self.opener = Press(f"{BUILDER_WORDS}.open")
        self.needs = Markup(css="wb-hint")
        self.id, self.shared, self.save = (
            Line(f"{BUILDER_WORDS}.id"),
            Switch(f"{BUILDER_WORDS}.shared"),
            Press(f"{BUILDER_WORDS}.save"),
        )
        self.file, self.upload = Download(produce=self._file), Upload(self._received, accept=[".toml"], multiple=False,
                                                                      largest=LARGEST_RULES_FILE)  # fmt: skip
        self.keeping = Drawer(f"{BUILDER_WORDS}.keep", [self._row([self.saved, self.opener]), self.needs,
                                                self._row([self.id, self.shared, self.save]), self.file, self.upload],
                              fill=self._list)  # fmt: skip
        super().__init__(
            [
                self._row([*self.titles.values()]),
                self.table,
                self._row([self.rule, self.up, self.down, self.add, self.remove]),
                self._open_rule,
                self.message,
                self.keeping,
            ],
            value=value,
        )
        self.add_class("wb-rule-editor")
        self._listen()

    @staticmethod
    def _row(parts: list[Any]) -> Row:
        row = Row(parts)
        row.add_class("wb-controls")
        return row

    # Words --------------------------------------------------------------------------------------------------------

    def say(self, lang: str) -> None:
        """Word everything in a language."""
        self._lang = self.file.lang = self.upload.lang = lang
        own: list[Any] = [*self.titles.values(), *self.names.values(), self.up, self.down, self.add, self.remove]
        for part in (*own, self.opener, self.id, self.shared, self.save, self.keeping):
            part.say(lang)
        self.file.label = t(f"{BUILDER_WORDS}.download", lang)
        self._list()
        self._show()

    def show(self, counts: RuleCounts) -> None:
        """Show how many customers each rule has, and what they bring."""
        self._counts = counts
        self._show_table()

    def tell(self, words: str) -> None:
        """Say something below the rules."""
        self.message.value = text("p", words, "wb-message-text") if words else ""

    # Changes ------------------------------------------------------------------------------------------------------

    def _listen(self) -> None:
        self.observe(guarded(lambda _: self._replaced()), names="value")
        self.rule.observe(guarded(lambda _: self._chosen()), names="value")
        acts = {self.up: self._up, self.down: self._down, self.add: self._add, self.remove: self._drop}
        for press, act in {**acts, self.opener: self._open, self.save: self._save}.items():
            press.on_click(guarded(lambda _, act=act: self._try(act), on_error=self._word))
        for lang in LANGUAGES:
            self.titles[lang].observe(
                guarded(lambda change, lang=lang: self._titled(lang, change["new"])), names="value"
            )
            self.names[lang].observe(guarded(lambda change, lang=lang: self._named(lang, change["new"])), names="value")

    def _try(self, act: Callable[[], None]) -> None:
        self.tell("")
        act()

    def _word(self, error: Exception) -> None:
        self.tell(
            error.words(self._lang) if isinstance(error, WorkbenchError) else t("errors.panel_failed", self._lang)
        )

    def _set(self, value: RuleSegmentation, *, rebuild: bool = True) -> None:
        """Take new rules; fields that are being typed in stay as they are."""
        self._quiet = True
        try:
            self.value = value
        finally:
            self._quiet = False
        if rebuild:
            self._show()
        else:
            self._show_table()

    def _replaced(self) -> None:
        if not self._quiet:
            self._show()

    def _chosen(self) -> None:
        if not self._quiet:
            self._show_rule()

    @property
    def _place(self) -> int | None:
        ids = [rule.id for rule in self.value.rules]
        return ids.index(self.rule.value) if self.rule.value in ids else None

    def _up(self) -> None:
        self._move(-1)

    def _down(self) -> None:
        self._move(1)

    def _move(self, by: int) -> None:
        place, ids = self._place, [rule.id for rule in self.value.rules]
        if place is None or not 0 <= place + by < len(ids):
            return
        ids[place], ids[place + by] = ids[place + by], ids[place]
        self._set(self.value.reordered(ids))

    def _add(self) -> None:
        taken = {rule.id for rule in self.value.rules}
        number = next(n for n in range(1, len(taken) + 2) if f"rule_{n}" not in taken)
        names = {lang: t(f"{BUILDER_WORDS}.new_rule", lang, number=number) for lang in LANGUAGES}
        added = Rule(f"rule_{number}", MappingProxyType(names), blank_test(self._lookup))
        value = replace(self.value, rules=(*self.value.rules, added))
        self._quiet = True
        self._offer_rules(value, added.id)
        self._set(value)

    def _drop(self) -> None:
        place = self._place
        if place is not None:
            self._set(replace(self.value, rules=(*self.value.rules[:place], *self.value.rules[place + 1 :])))

    def _edited(self) -> None:
        """A condition of the open rule changed."""
        place = self._place
        if place is None or self.group is None:
            return
        try:
            self._put(place, replace(self.value.rules[place], when=self.group.when))
        except WorkbenchError as error:
            self._word(error)
        else:
            self.tell("")

    def _named(self, lang: str, words: str) -> None:
        place = self._place
        if self._quiet or place is None or not words.strip():
            return
        rule = self.value.rules[place]
        self._put(place, replace(rule, names=MappingProxyType({**rule.names, lang: words.strip()})))
        self._offer_rules(self.value, rule.id)

    def _titled(self, lang: str, words: str) -> None:
        if not self._quiet and words.strip():
            names = MappingProxyType({**self.value.names, lang: words.strip()})
            self._set(replace(self.value, names=names), rebuild=False)

    def _put(self, place: int, rule: Rule) -> None:
        rules = (*self.value.rules[:place], rule, *self.value.rules[place + 1 :])
        self._set(replace(self.value, rules=rules), rebuild=False)

    # Kept and taken along -----------------------------------------------------------------------------------------

    def _file(self) -> tuple[str, bytes]:
        return f"{definition_id(self.id.value, self.value.names)}.toml", rules_text(self.value).encode()

    def _received(self, path: Path, name: str) -> None:
        check_settings_size(path)
        try:
            written = path.read_text(encoding="utf-8-sig")
        except UnicodeDecodeError:
            raise ChoiceError("segment_file_unreadable", file=name) from None
        self._set(rules_from_toml(written))

    def _open(self) -> None:
        if self.saved.value:
            opened = self._shelf.opened(self.saved.value)
            self.id.value = self.saved.value.partition("@")[0]
            self._set(opened)

    def _save(self) -> None:
        name = definition_id(self.id.value, self.value.names)
        version = self._shelf.saved(name, self.value, shared=self.shared.value)
        self.id.value = name
        self._list()
        key = "saved_shared" if self.shared.value else "saved_as"
        self.tell(t(f"{BUILDER_WORDS}.{key}", self._lang, id=name, version=version))

    def _list(self) -> None:
        """List what can be opened; an example whose columns the data lack is named with them."""
        listed, lang = self._shelf.listed(), self._lang
        offered = [one for one in listed if one.kind == "rules" and not one.damaged and not one.needs]
        words = {one.id: _listed_words(one, lang) for one in offered}
        chosen = self.saved.value if self.saved.value in words else next(iter(words), "")
        self.saved.offer(words, value=chosen, lang=lang)
        lacking = [
            t(f"{BUILDER_WORDS}.needs", lang, name=one.names[lang], columns=[_column(name, lang) for name in one.needs])
            for one in listed
            if one.needs
        ]
        lacking += [t(f"{BUILDER_WORDS}.damaged", lang, id=one.id) for one in listed if one.damaged]
        self.needs.value = "".join(text("p", words) for words in lacking)

    # What is seen -------------------------------------------------------------------------------------------------

    def _show(self) -> None:
        self._quiet = True
        try:
            for lang, line in self.titles.items():
                line.value = self.value.names[lang]
            ids = [rule.id for rule in self.value.rules]
            self._offer_rules(self.value, self.rule.value if self.rule.value in ids else next(iter(ids), ""))
        finally:
            self._quiet = False
        self._show_rule()
        self._show_table()

    def _offer_rules(self, value: RuleSegmentation, chosen: str) -> None:
        quiet, self._quiet = self._quiet, True
        try:
            words = {rule.id: f"{place}. {rule.names[self._lang]}" for place, rule in enumerate(value.rules, start=1)}
            self.rule.offer(words, value=chosen, lang=self._lang)
        finally:
            self._quiet = quiet

    def _show_rule(self) -> None:
        """Lay the chosen rule open."""
        place = self._place
        if place is None:
            self.group, self._open_rule.children = None, []
            return
        rule = self.value.rules[place]
        quiet, self._quiet = self._quiet, True
        for lang, line in self.names.items():
            line.value = rule.names[lang]
        self._quiet = quiet
        self.group = GroupBox(rule.when, self._lookup, self._lang, changed=self._edited)
        self._open_rule.children = [self._row([*self.names.values()]), self.group]

    def _show_table(self) -> None:
        lang, rules, counts = self._lang, self.value.rules, self._counts
        known = counts is not None and set(counts.ids) == {rule.id for rule in rules}
        order = [rule.id for rule in rules]
        matches = counts.matches() if counts and known else {}
        firsts = counts.firsts(order) if counts and known else {}
        money = counts.firsts_money(order) if counts and known else {}
        rows = pd.DataFrame(
            [
                {
                    "place": place,
                    "name": rule.names[lang],
                    "when": when_words(rule.when, lang),
                    "matches": matches.get(rule.id),
                    "customers": firsts.get(rule.id),
                    "money": money.get(rule.id),
                }
                for place, rule in enumerate(rules, start=1)
            ],
            columns=["place", "name", "when", "matches", "customers", "money"],
        )
        self.table.value = table_html(
            rows,
            (
                Field("place", "count", label=f"{BUILDER_WORDS}.place"),
                Field("name", label=f"{BUILDER_WORDS}.segment"),
                Field("when", label=f"{BUILDER_WORDS}.condition"),
                Field("matches", "count", label=f"{BUILDER_WORDS}.matches"),
                Field("customers", "count", label=f"{BUILDER_WORDS}.customers"),
                Field("money", "money", label=f"{BUILDER_WORDS}.money"),
            ),
            lang,
        )


def definition_id(written: str, names: Mapping[str, str]) -> str:
    """Return the id under which rules are kept: as written, else made of the English name.

    >>> definition_id("", {"en": "Warranty by car age", "zh": "在保"})
    'warranty_by_car_age'
    """
    made = re.sub(r"[^a-z0-9]+", "_", (written.strip() or names["en"]).lower()).strip("_")[:64]
    return written.strip() if written.strip() else made or "segments"


def _column(name: str, lang: str) -> str:
    """Say a column that has to be loaded by its word and by the name it must have."""
    words = rule_column_words(name, lang)
    return name if words == name else f"{words} ({name})"


def _listed_words(one: Listed, lang: str) -> str:
    if one.is_example:
        return t(f"{BUILDER_WORDS}.example", lang, name=one.names[lang])
    return t(f"{BUILDER_WORDS}.version", lang, name=one.names[lang], version=one.version)
