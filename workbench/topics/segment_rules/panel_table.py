"""A segment table as a control: painted, renamed, reordered, undone, loaded from a file and saved to one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import traitlets
from ipywidgets import ValueWidget

from workbench.analyses.rules.audit import check_holes
from workbench.analyses.rules.counts import RuleCells
from workbench.analyses.rules.rule_file import rules_text
from workbench.analyses.rules.table import SegmentTable, segment_table
from workbench.analyses.segmentation import OTHERS
from workbench.charts.words import count_words, money_words, share_words
from workbench.errors import ChoiceError, WorkbenchError
from workbench.i18n import LANGUAGES, t
from workbench.panels.controls import Line, Press, Switch, WholeSlider
from workbench.panels.guarded_widgets import guarded
from workbench.panels.keeping import Keeping
from workbench.panels.layout import Column, Drawer, Markup, Row, text
from workbench.topics.segment_rules.chart import NOBODY_COLOUR, SEGMENT_COLOURS
from workbench.topics.segment_rules.painting import (
    add,
    blank_table,
    check_paintable,
    move,
    paint,
    painted_grid,
    remove_rule,
    rename,
    unpainted,
)
from workbench.widgets import Download, SegmentGrid, Upload
from workbench.widgets.segment_grid import Gesture

LARGEST_RULES_FILE = 1_000_000
MOST_UNDONE = 100


class TableEditor(Column, ValueWidget):
    """`value` is the segment table as it stands; every change can be undone.

    `schema` gives the types of the facts' columns, so that a hole between two numbers that cannot be is none; `keep`
    takes an id and whether managers may see it, keeps the table in the store and returns the version it became.
    """

    value = traitlets.Instance(SegmentTable)
    """The table; not ready for a file while a segment has no cell."""

    def __init__(
        self,
        value: SegmentTable,
        *,
        schema: Callable[[], Mapping[str, Any]],
        keep: Callable[[str, bool], int] | None = None,
    ) -> None:
        self._schema, self._keep, self._lang = schema, keep, "zh"
        self._before: list[SegmentTable] = []
        self._undoing = False
        self._colours: dict[str, str] = {}
        self.grid = SegmentGrid(on_gesture=self._gesture)
        self.titles = {lang: Line(f"panels.segment_editor.title_{lang}") for lang in LANGUAGES}
        self.known = Switch("panels.segment_editor.holes_known")
        self.save = Download(produce=self.file)
        self.upload = Upload(self._received, accept=[".toml"], multiple=False, largest=LARGEST_RULES_FILE)
        self.bins = WholeSlider("panels.rfm.bins", 5, low=2, high=9)
        self.blank = Press("panels.segment_editor.blank")
        self.message, self.keeping = Markup(css="wb-message"), Keeping(self._store)
        self.keeping.layout.display = "" if keep else "none"
        titles, begin = Row([*self.titles.values()]), Row([self.bins, self.blank])
        for row in (titles, begin):
            row.add_class("wb-controls")
        files = Row([self.known, self.save])
        files.add_class("wb-downloads")
        self.other = Drawer("panels.segment_editor.other_table", [self.upload, begin])
        super().__init__([titles, self.grid, files, self.keeping, self.message, self.other], value=value)
        self.add_class("wb-table-editor")
        self._listen()
        self._show()

    def say(self, lang: str) -> None:
        """Word everything in a language."""
        self._lang = self.grid.lang = self.save.lang = self.upload.lang = lang
        parts: list[Any] = [*self.titles.values(), self.known, self.bins, self.blank, self.other, self.keeping]
        for part in parts:
            part.say(lang)
        self.save.label = t("panels.segment_editor.save", lang)
        self.message.value = ""
        self._show()

    def show(self, rows: Any, cells: RuleCells) -> None:
        """Show sizes: `rows` as `segment_sizes` gives them, and the customers of every cell."""
        lang = self._lang
        self.grid.sizes = {
            "counts": cells.customer_count.tolist() if self._paintable else None,
            "segments": {
                row["segment"]: {
                    "count": count_words(row["customer_count"], lang),
                    "share": share_words(row["customer_share"], lang),
                    "money": money_words(row["monetary"], lang),
                }
                for row in rows.to_dict("records")
            },
        }

    @property
    def colours(self) -> dict[str, str]:
        """The colour of every segment by its id; a segment keeps its colour wherever it moves."""
        for rule in self.value.rules:
            used = set(self._colours.values())
            free = (colour for colour in SEGMENT_COLOURS if colour not in used)
            usual = SEGMENT_COLOURS[len(self._colours) % len(SEGMENT_COLOURS)]
            self._colours.setdefault(rule.id, next(free, usual))
        return {rule.id: self._colours[rule.id] for rule in self.value.rules} | {OTHERS: NOBODY_COLOUR}

    def file(self) -> tuple[str, bytes]:
        """Return the table as a TOML file; with holes only where somebody says that they know."""
        self._check()
        return f"{self.value.id}.toml", rules_text(self.value).encode()

    def _store(self, name: str, shared: bool) -> int:
        """Keep the table in the store; not one with holes that nobody acknowledged."""
        self._check()
        return self._keep(name, shared) if self._keep else 0

    def _check(self) -> None:
        """Raise ChoiceError while a segment has no cell, or the table has holes that nobody acknowledged."""
        table = self.value
        if unpainted(table):
            names = [table.name(segment, self._lang) for segment in unpainted(table)]
            raise ChoiceError("segment_unpainted", segments=names)
        check_holes(table, schema=self._schema())

    def _complain(self, error: WorkbenchError) -> None:
        self.message.value = text("p", error.words(self._lang), "wb-message-text")

    def undo(self) -> None:
        """Take the last change back."""
        if self._before:
            self._undoing = True
            try:
                self.value = self._before.pop()
            finally:
                self._undoing = False

    # Changes ------------------------------------------------------------------------------------------------------

    def _listen(self) -> None:
        self.observe(guarded(self._changed), names="value")
        self.known.observe(guarded(self._acknowledged), names="value")
        self.blank.on_click(guarded(lambda _: self._begin_blank()))
        for lang, line in self.titles.items():
            line.observe(guarded(lambda change, lang=lang: self._titled(lang, change["new"])), names="value")

    def _changed(self, change: dict[str, Any]) -> None:
        if not self._undoing:
            self._before = [*self._before[-MOST_UNDONE:], change["old"]]
        self.message.value = ""
        self.keeping.clear()
        if change["old"].id != change["new"].id:
            self._colours.clear()
        self._show()

    def _gesture(self, gesture: Gesture) -> None:
        kind, segment, table = gesture["is"], gesture.get("segment", ""), self.value
        if kind == "undo":
            self.undo()
        elif kind == "add":
            self.value = add(table, self._new_names())
        elif kind == "paint":
            self.value = paint(table, gesture["cells"], segment)
        elif kind == "move":
            self.value = move(table, segment, gesture["by"])
        elif kind == "remove":
            self.value = remove_rule(table, segment)
        elif kind == "rename":
            self.value = rename(table, segment, gesture["names"], gesture["meanings"])

    def _new_names(self) -> dict[str, str]:
        """Name a new segment by the first number that is free in both languages."""
        taken = {name for segment in self.value.segments for name in segment.names.values()}
        numbers = range(len(self.value.rules) + 1, 2 * len(self.value.rules) + 3)
        named = ({lang: t("panels.segment_editor.new_segment", lang, number=n) for lang in LANGUAGES} for n in numbers)
        return next(names for names in named if not taken & set(names.values()))

    def _titled(self, lang: str, words: str) -> None:
        if words == self.value.names[lang]:
            return
        try:
            self.value = (
                SegmentTable.from_dict({**self.value.as_dict(), "names": {**self.value.names, lang: words}})
                if not unpainted(self.value)
                else replace(self.value, names={**self.value.names, lang: words.strip()})
            )
        except WorkbenchError as error:
            self._complain(error)
            self.titles[lang].value = self.value.names[lang]

    def _acknowledged(self, change: dict[str, Any]) -> None:
        self.value = replace(self.value, holes_acknowledged=change["new"])

    def _begin_blank(self) -> None:
        names = {lang: t("panels.segment_editor.blank_title", lang) for lang in LANGUAGES}
        everyone = {lang: t("panels.segment_editor.everyone", lang) for lang in LANGUAGES}
        self.value = blank_table(self.bins.value, names=names, segment=everyone)

    def _received(self, path: Path, _: str) -> None:
        self.value = segment_table(path)

    # What is seen -------------------------------------------------------------------------------------------------

    @property
    def _paintable(self) -> bool:
        return self.value.is_scores_only and bool(self.value.bins)

    def _show(self) -> None:
        table, colours = self.value, self.colours
        for lang, line in self.titles.items():
            line.value = table.names[lang]
        self.known.value = table.holes_acknowledged
        why = ""
        try:
            check_paintable(table)
        except ChoiceError as error:
            why = error.words(self._lang)
        segments = [
            {
                "id": segment.id,
                "name": segment.names[self._lang],
                "names": dict(segment.names),
                "meanings": dict(segment.meanings),
                "colour": colours[segment.id],
            }
            for segment in table.segments
        ]
        self.grid.table = {
            "bins": table.bins,
            "segments": segments,
            "grid": painted_grid(table).tolist() if self._paintable else None,
            "why": why,
            "can_undo": bool(self._before),
        }
