"""The filter bar: period, region, customer type and segments, shared by all panels of a page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from workbench.errors import WorkbenchError
from workbench.panels.controls import Choice, Day, Press
from workbench.panels.filters import Filters
from workbench.panels.guarded_widgets import guarded
from workbench.panels.layout import Column, Markup, Row, text
from workbench.panels.multiple_choice import Several
from workbench.panels.periods import PERIODS
from workbench.panels.session import Session

CUSTOM = "custom"


class FilterBar(Column):
    """Sets `session.filters`; the days show only where the reader wants a period of their own.

    On a phone the controls are folded behind a line that says what is chosen.
    """

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
        self._names = self._saved()
        self.segmentation = self._any_saved()
        self.segments = Several("panels.filters.segments")
        places = (self.period, self.since, self.until, self.region, self.customer_type)
        self.controls = (*places, self.segmentation, self.segments)
        self.message, self.state = Markup(css="wb-message"), Markup(css="wb-filter-state")
        row = Row(self.controls)
        row.add_class("wb-controls")
        self.fold = Press("panels.filters.folded", style="drawer", chosen="")
        self.fold.add_class("wb-fold")
        self._is_open = False
        super().__init__([self.fold, row, self.state, self.message])
        self.add_class("wb-filters")
        self.fold.on_click(guarded(lambda _: self._turn()))
        self._speaking = False
        self._offer_segments(chosen.segments)
        self.say()
        self._show_days()
        for control in self.controls:
            control.observe(guarded(self._moved), names="value")
        session.observe(guarded(lambda _: self._another_saved()), names="saved")

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

    def _saved(self) -> dict[str, Mapping[str, str]]:
        """Return what people call the segmentations saved in the store, and the one chosen, by id."""
        session, chosen = self._session, self._session.filters.segmentation
        names = {
            one.id: one.names
            for one in session.segmentations()
            if not (one.is_example or one.damaged) and session.offers_segmentation(one.id)
        }
        if chosen and chosen not in names:  # a version, or an example: code may name them
            names[chosen] = session.segmentation(chosen).names
        return names

    def _offered(self) -> dict[str, str | None]:
        """Return the choices of the segmentation filter with the keys of their words; names are said as they are."""
        return {"": "panels.filters.no_segmentation", **dict.fromkeys(self._names)}

    def _any_saved(self) -> Choice:
        """Offer the segmentations saved; hidden where there is none."""
        control = Choice(
            "panels.filters.segmentation",
            self._offered(),
            value=self._session.filters.segmentation,
            words=lambda name, lang: self._names[name][lang],
        )
        control.layout.display = "" if self._names else "none"
        return control

    def _another_saved(self) -> None:
        """Offer what was saved since, too."""
        self._names = self._names | self._saved()
        with self._quietly():
            self.segmentation.offer_options(self._offered(), self._session.lang)
        self.segmentation.layout.display = ""

    def _offer_segments(self, chosen: tuple[str, ...] = ()) -> None:
        """List the segments of the segmentation chosen; none of them chosen means all customers."""
        name = self.segmentation.value
        segments = self._session.segmentation(name).segments if name else ()
        self.segments.offer({segment.id: segment.names for segment in segments}, value=chosen)
        self.segments.layout.display = "" if name else "none"

    def _show_days(self) -> bool:
        own: bool = self.period.value == CUSTOM
        for day in (self.since, self.until):
            day.layout.display = "" if own else "none"
        return own

    def say(self) -> None:
        """Word everything in the session's language."""
        with self._quietly():
            for control in self.controls:
                control.say(self._session.lang)
        self.state.value = text("p", self._session.t("panels.filters.computing"))
        self._say_chosen()

    def _turn(self) -> None:
        """Open or fold the controls, where the page folds them."""
        self._is_open = not self._is_open
        (self.add_class if self._is_open else self.remove_class)("wb-open")

    def _say_chosen(self) -> None:
        """Say on the line that folds the controls what they are set to."""
        lists = (self.period, self.region, self.customer_type, self.segmentation)
        chosen = [str(one.label) for one in lists if one.layout.display != "none" and (one.value or one is self.period)]
        self.fold.facts = {"chosen": " · ".join(chosen)}
        self.fold.say(self._session.lang)

    @contextmanager
    def at_once(self) -> Iterator[None]:
        """Let several controls change, then apply them together."""
        with self._quietly():
            yield
        self.apply()

    @contextmanager
    def _quietly(self) -> Iterator[None]:
        """Let controls change without applying them."""
        before, self._speaking = self._speaking, True
        try:
            yield
        finally:
            self._speaking = before

    def complain(self, words: str) -> None:
        """Say below the filters what could not be had."""
        self.message.value = text("p", words, "wb-message-text")

    def _moved(self, change: Mapping[str, Any]) -> None:
        if self._speaking:
            return
        if change["owner"] is self.segmentation and not self.list_segments():
            self._session.together.close()
            return
        self.apply()

    def list_segments(self) -> bool:
        """List the segments of another segmentation; where it cannot be read, say why and filter by none."""
        with self._quietly():
            try:
                self._offer_segments()
            except WorkbenchError as error:
                self.complain(error.words(self._session.lang))
                self.segmentation.value = ""
                self._offer_segments()
                return False
        return True

    def apply(self) -> None:
        """Give the choices to the session; a period that cannot be is worded and changes nothing."""
        own = self._show_days()
        self._say_chosen()
        as_of = self._session.store.snapshot.as_of
        since, until = (self.since.value, self.until.value) if own else PERIODS[self.period.value](as_of)
        try:
            segments = tuple(self.segments.value)
            name = self.segmentation.value if segments else ""
            filters = Filters(since, until, _chosen(self.region), _chosen(self.customer_type), name, segments)
        except WorkbenchError as error:
            self.complain(error.words(self._session.lang))
        else:
            self.message.value = ""
            self._session.filters = filters
        self._session.together.close()


def _chosen(control: Choice) -> tuple[str, ...]:
    return (control.value,) if control.value else ()
