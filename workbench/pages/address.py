"""What a page shows as text in its address: a link opens it, Back and reload keep it, other pages take it over."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any
from urllib.parse import parse_qsl

from workbench.pages.board import Board
from workbench.pages.filter_bar import CUSTOM
from workbench.pages.one_page import Page
from workbench.panels.base import Panel
from workbench.panels.controls import Choice, Day, Slider, Switch, WholeSlider
from workbench.panels.guarded_widgets import guarded
from workbench.panels.layout import Segmented
from workbench.panels.multiple_choice import Several, TickedChoice
from workbench.widgets import Address

FILTERS = ("period", "since", "until", "year_before", "region", "customer_type", "segmentation", "segments")
"""The parts that all pages share: links to other pages carry them over."""
PERIOD_ENDS = ("since", "until")
SECTION, BOARD = "section", "grouping"
SAYABLE = (Choice, Segmented, Slider, WholeSlider, Switch, Day, Several, TickedChoice)
BETWEEN, MASKED = ",", "\\,"
"""Between several values; a comma of their own is masked."""


class PageAddress:
    """Keeps a page and its address the same.

    A part stands in the address where a control is not as the page opened: `region=华东`, `pareto.by=margin`. What an
    address asks and the page does not offer (a region that is gone) changes nothing, and a sentence says so. A page
    that has no address of its own, as in a notebook, can be put back as it opened all the same.
    """

    def __init__(self, page: Page, *, has_address: bool = True) -> None:
        self._page, self._watched, self._is_reading = page, set[int](), False
        self._first: dict[str, str] = {}
        self.widget = Address()
        if has_address:
            page.children = (*page.children, self.widget)
        page.filters.on_reset = self.reset
        self._watch()
        page.session.observe(guarded(lambda _: self.say()), names=["filters", "lang", "compares_years"])
        self.widget.observe(guarded(lambda change: self.open(change["new"])), names="wished")
        self.say()

    def say(self) -> None:
        """Write the address anew."""
        if self._is_reading:
            return
        self._watch()
        parts = {name: written(control) for name, control in self._controls()}
        is_own = self._page.filters.period.value == CUSTOM
        # days of one's own are said as they are: tomorrow's page may begin with others
        shown = {
            name: part
            for name, part in parts.items()
            if (is_own and part if name in PERIOD_ENDS else part != self._first.get(name))
        }
        self.widget.show({"lang": self._page.session.lang, **shown})

    def open(self, wished: Mapping[str, str]) -> None:
        """Show what an address asks for; what it does not name is as the page opened."""
        self._is_reading, missing = True, list[str]()
        try:
            if wished.get("lang") in ("zh", "en"):
                self._page.session.lang = wished["lang"]
            self._open_filters(wished, missing)
            for part in self._page.panels:
                if isinstance(part, Board):
                    self._set({BOARD: part.segmentation, SECTION: part.sections}, wished, missing)
            self._watch()
            for panel in self._panels():
                own = {name: f"{panel.topic}.{name}" for name in panel.controls}
                moved = self._moved(panel.controls, own, wished, missing)
                if moved:
                    panel.set(**moved)
        finally:
            self._is_reading = False
        if missing:
            self._page.filters.complain(self._page.session.t("panels.filters.not_offered", missing=missing))
        self.say()

    def reset(self) -> None:
        """Put filters, controls and what was clicked as the page opened; the language stays."""
        for panel in self._panels():
            if panel.picking.picked is not None:
                panel.picking.take_off()
        self.open({})

    def unmet(self, wished: Mapping[str, str]) -> list[str]:
        """Return the parts of an address that the page does not show: unknown ones, and what is not offered.

        Parts of a panel that is not open are kept in addresses and mean nothing until it is.
        """
        controls, topics = dict(self._controls()), {panel.topic for panel in self._panels()}
        has_closed = any(isinstance(part, Board) for part in self._page.panels)
        unmet = []
        for name, said in wished.items():
            topic, dot, _control = name.partition(".")
            is_closed = bool(dot) and topic not in topics and has_closed
            if name != "lang" and not is_closed and not (name in controls and self._holds(name, controls[name], said)):
                unmet.append(f"{name}={said}")
        return unmet

    def _holds(self, name: str, control: Any, said: str) -> bool:
        if name in PERIOD_ENDS and said and self._page.filters.period.value != CUSTOM:
            return False
        return self._offers(control, said) and bool(read(control, said) == control.value)

    @staticmethod
    def _offers(control: Any, said: str) -> bool:
        try:
            read(control, said)
        except (ValueError, TypeError):
            return False
        return True

    def _open_filters(self, wished: Mapping[str, str], missing: list[str]) -> None:
        bar = self._page.filters
        controls = {name: getattr(bar, name) for name in FILTERS}
        strange = [
            self._named(name, controls[name], wished[name])
            for name in PERIOD_ENDS
            if name in wished and not self._offers(controls[name], wished[name])
        ]
        if strange and wished.get("period") == CUSTOM:  # another period than the one asked for would be believed
            missing += strange
            wished = {name: said for name, said in wished.items() if name not in ("period", *PERIOD_ENDS)}
        with bar.at_once():
            for name in FILTERS:  # the segmentation before its segments
                self._set({name: controls[name]}, wished, missing)
                if name == "segmentation" and not bar.list_segments():
                    # it is offered, and cannot be read
                    missing.append(self._named(name, controls[name], wished[name]))

    def _set(self, controls: Mapping[str, Any], wished: Mapping[str, str], missing: list[str]) -> None:
        for name, value in self._moved(controls, {name: name for name in controls}, wished, missing).items():
            controls[name].value = value

    def _moved(
        self, controls: Mapping[str, Any], names: Mapping[str, str], wished: Mapping[str, str], missing: list[str]
    ) -> dict[str, Any]:
        """Return the values that are to change."""
        moved = {}
        for name, control in controls.items():
            said = wished.get(names[name], self._first.get(names[name]))
            if said is None or not isinstance(control, SAYABLE) or said == written(control):
                continue
            try:
                moved[name] = read(control, said)
            except (ValueError, TypeError):
                missing.append(self._named(name, control, said))
        return moved

    def _named(self, name: str, control: Any, said: str) -> str:
        """Say a part of an address by what the page calls it; an "(1)" alone tells nobody what to look for."""
        called = getattr(control, "description", "") or getattr(control, "tooltip", "") or name
        return self._page.session.t("panels.filters.stated", name=called, values=said)

    def _panels(self) -> Iterator[Panel]:
        for part in self._page.panels:
            for panel in part.panels.values() if isinstance(part, Board) else [part]:
                if isinstance(panel, Panel):
                    yield panel

    def _controls(self) -> Iterator[tuple[str, Any]]:
        yield from ((name, getattr(self._page.filters, name)) for name in FILTERS)
        for part in self._page.panels:
            if isinstance(part, Board):
                yield from ((BOARD, part.segmentation), (SECTION, part.sections))
        for panel in self._panels():
            for name, control in panel.controls.items():
                if isinstance(control, SAYABLE) and control.layout.display != "none":
                    yield f"{panel.topic}.{name}", control

    def _watch(self) -> None:
        """Note how controls are when they are first there, and listen to them."""
        for name, control in self._controls():
            if id(control) not in self._watched:
                self._watched.add(id(control))
                self._first.setdefault(name, written(control))
                if name not in FILTERS:  # these are told by the session, all at once
                    control.observe(guarded(lambda _: self.say()), names="value")


def written(control: Any) -> str:
    """Write the value of a control as text."""
    value = control.value
    if isinstance(value, (tuple, list)):
        return BETWEEN.join(str(one).replace(BETWEEN, MASKED) for one in value)
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else value if isinstance(value, str) else json.dumps(value)


def read(control: Any, said: str) -> Any:
    """Return the value of a control that was written so; ValueError where it does not offer it.

    >>> from workbench.panels.controls import WholeSlider
    >>> read(WholeSlider("", 3, low=1, high=9), "5")
    5
    """
    if isinstance(control, (Choice, Segmented, Several, TickedChoice)):
        values = {str(value): value for _words, value in control.options}
        if isinstance(control, (Several, TickedChoice)):
            wished = {_known(values, one) for one in several_values(said)}
            return tuple(one for one in values.values() if one in wished)
        return _known(values, said)
    value = date.fromisoformat(said) if isinstance(control, Day) and said else json.loads(said or "null")
    if isinstance(control, Slider) and type(value) is int:
        value = float(value)
    if not control.offered["value"](value):
        raise ValueError(said)
    return value


def several_values(said: str) -> list[str]:
    r"""Return the values that stand in one part of an address.

    >>> several_values("华东,Fridges\\, freezers")
    ['华东', 'Fridges, freezers']
    """
    return [one.replace(MASKED, BETWEEN) for one in re.split(r"(?<!\\),", said) if one]


def _known(values: Mapping[str, Any], said: str) -> Any:
    if said not in values:
        raise ValueError(said)
    return values[said]


def wished_parts(query: str) -> dict[str, str]:
    """Return the parts of an address's query; a key of the server is none of the page's business."""
    return {name: said for name, said in parse_qsl(query) if name != "token"}
