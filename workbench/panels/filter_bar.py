"""The filter bar: period, region and customer type, shared by all panels of a page."""

from __future__ import annotations

from typing import Any

from workbench.errors import WorkbenchError
from workbench.panels.controls import Choice, Day
from workbench.panels.guard import guarded
from workbench.panels.layout import Column, Markup, Row, text
from workbench.panels.periods import PERIODS
from workbench.panels.session import Filters, Session

CUSTOM = "custom"


class FilterBar(Column):
    """Sets `session.filters`; the days show only where the reader wants a period of her own."""

    def __init__(self, session: Session) -> None:
        self._session = session
        choices = session.choices()
        names, chosen = [*PERIODS, *([CUSTOM] if session.offers_any_days else [])], session.filters
        self.period = Choice(
            "panels.filters.period", {name: f"panels.filters.{name}" for name in names}, value=self._period()
        )
        last = session.store.snapshot.as_of
        self.since = Day("panels.filters.since", high=last)
        self.until = Day("panels.filters.until", high=last)
        self.since.value, self.until.value = chosen.since, chosen.until
        self.region = self._any_of("region", choices["regions"], chosen.regions)
        self.customer_type = self._any_of("customer_type", choices["customer_types"], chosen.customer_types)
        self.controls = (self.period, self.since, self.until, self.region, self.customer_type)
        self.message, self.state = Markup(css="wb-message"), Markup(css="wb-filter-state")
        row = Row(self.controls)
        row.add_class("wb-controls")
        super().__init__([row, self.state, self.message])
        self.add_class("wb-filters")
        self._speaking = False
        self.say()
        self._show_days()
        for control in self.controls:
            control.observe(guarded(self._moved), names="value")

    def _period(self) -> str:
        """Return the name of the period the session begins with."""
        filters, as_of = self._session.filters, self._session.store.snapshot.as_of
        days = (filters.since, filters.until)
        own = CUSTOM if self._session.offers_any_days else "all"
        return next((name for name, period in PERIODS.items() if period(as_of) == days), own)

    def _any_of(self, name: str, values: list[Any], chosen: tuple[str, ...]) -> Choice:
        """Offer all or one; a list of one value is no choice and stays hidden."""
        value = chosen[0] if len(chosen) == 1 and chosen[0] in values else ""
        control = Choice(
            f"panels.filters.{name}",
            {"": "panels.filters.all_of_them", **dict.fromkeys(values)},
            value=value,
            words=lambda value, _: self._session.value_words(name, value),
        )
        control.layout.display = "" if len(values) > 1 else "none"
        return control

    def _show_days(self) -> bool:
        own: bool = self.period.value == CUSTOM
        for day in (self.since, self.until):
            day.layout.display = "" if own else "none"
        return own

    def say(self) -> None:
        """Word everything in the session's language."""
        self._speaking = True
        for control in self.controls:
            control.say(self._session.lang)
        self._speaking = False

    def _moved(self, _: object) -> None:
        if not self._speaking:
            self.apply()

    def apply(self) -> None:
        """Give the choices to the session; a period that cannot be is worded and changes nothing."""
        own = self._show_days()
        as_of = self._session.store.snapshot.as_of
        since, until = (self.since.value, self.until.value) if own else PERIODS[self.period.value](as_of)
        try:
            filters = Filters(since, until, _chosen(self.region), _chosen(self.customer_type))
        except WorkbenchError as error:
            self.message.value = text("p", error.words(self._session.lang), "wb-message-text")
        else:
            self.message.value = ""
            self._session.filters = filters


def _chosen(control: Choice) -> tuple[str, ...]:
    return (control.value,) if control.value else ()
