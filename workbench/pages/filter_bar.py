"""The filter bar: period, region, customer type and segments, shared by all panels of a page."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from workbench.charts.words import month_words
from workbench.errors import WorkbenchError
from workbench.panels.controls import Choice, Day, Press, Switch
from workbench.panels.filters import Filters
from workbench.panels.guarded_widgets import guarded
from workbench.panels.layout import Column, Markup, Row, text
from workbench.panels.multiple_choice import Several, TickedChoice
from workbench.panels.periods import ONE_DAY, PERIODS
from workbench.panels.session import Session

CUSTOM, OWN_MONTHS = "custom", "own_months"
"""A period of the reader's own, and how it is called where it consists of whole months."""


class FilterBar(Column):
    """Sets `session.filters`; the days show only where the reader wants a period of their own.

    On a phone the controls are folded behind a line that says what is chosen.
    """

    def __init__(self, session: Session, *, compares: bool = False) -> None:
        self._session = session
        self.on_reset: Callable[[], None] = lambda: None
        choices = session.choices()
        own = CUSTOM if session.offers_any_days else OWN_MONTHS if len(session.month_starts) > 1 else None
        names, chosen = [*PERIODS, *([CUSTOM] if own else [])], session.filters
        words = {name: f"panels.filters.{own if name == CUSTOM else name}" for name in names}
        ends: tuple[Any, Any] = self._days() if session.offers_any_days else self._months()
        self.since, self.until = ends
        self.period = Choice("panels.filters.period", words, value=self._period())
        self.year_before = Switch("panels.filters.year_before", value=session.compares_years)
        self.year_before.layout.display = "" if compares else "none"
        self.region = self._any_of("region", choices["regions"], chosen.regions)
        self.customer_type = self._any_of("customer_type", choices["customer_types"], chosen.customer_types)
        self._names = self._saved()
        self.segmentation = self._any_saved()
        self.segments = Several("panels.filters.segments")
        time = (self.period, self.since, self.until, self.year_before)
        self.controls = (*time, self.region, self.customer_type, self.segmentation, self.segments)
        self.reset = Press("panels.filters.reset")
        self.reset.add_class("wb-reset")
        self.message, self.state = Markup(css="wb-message"), Markup(css="wb-filter-state")
        row = Row([*self.controls, self.reset])
        row.add_class("wb-controls")
        self.fold = Press("panels.filters.folded", style="drawer", chosen="")
        self.fold.add_class("wb-fold")
        self._is_open = False
        super().__init__([self.fold, row, self.state, self.message])
        self.add_class("wb-filters")
        self.fold.on_click(guarded(lambda _: self._turn()))
        self.reset.on_click(guarded(lambda _: self._reset()))
        self._speaking = False
        self._offer_segments(chosen.segments)
        self.say()
        self._show_days()
        for control in self.controls:
            control.observe(guarded(self._moved), names="value")
        session.observe(guarded(lambda _: self._another_saved()), names="saved")

    def _days(self) -> tuple[Day, Day]:
        """Offer an analyst any two days of the data."""
        last = self._session.store.snapshot.as_of
        days = Day("panels.filters.since", high=last), Day("panels.filters.until", high=last)
        for control, day in zip(days, (self._session.filters.since, self._session.filters.until), strict=True):
            control.value = day
        return days

    def _months(self) -> tuple[Choice, Choice]:
        """Offer a manager whole months, the latest first; until somebody chooses, the last twelve."""
        starts, filters = self._session.month_starts, self._session.filters
        firsts, lasts = starts[-2::-1], [start - ONE_DAY for start in starts[:0:-1]]
        usual = (firsts[min(11, len(firsts) - 1)], lasts[0]) if lasts else (None, None)
        is_offered = filters.since in firsts and filters.until in lasts
        first, last = (filters.since, filters.until) if is_offered else usual
        words = {"words": lambda day, lang: month_words(day, lang)}
        return (
            Choice("panels.filters.first_month", dict.fromkeys(firsts), value=first, **words),
            Choice("panels.filters.last_month", dict.fromkeys(lasts), value=last, **words),
        )

    def _period(self) -> str:
        """Return the name of the period the session begins with."""
        filters, as_of = self._session.filters, self._session.store.snapshot.as_of
        days = (filters.since, filters.until)
        is_own = self._session.offers_any_days or (any(days) and days == (self.since.value, self.until.value))
        own = CUSTOM if is_own else "all"
        return next((name for name, period in PERIODS.items() if period(as_of) == days), own)

    def _any_of(self, name: str, values: list[Any], chosen: tuple[str, ...]) -> TickedChoice:
        """Offer any number of values; a list of one value is no choice and stays hidden."""
        control = TickedChoice(
            f"panels.filters.{name}",
            values,
            value=[one for one in chosen if one in values],
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
            for control in (*self.controls, self.reset):
                control.say(self._session.lang)
        self.state.value = text("p", self._session.t("panels.filters.computing"))
        self._say_chosen()

    def _reset(self) -> None:
        """Put the page as it opened."""
        self.message.value = ""
        self.on_reset()

    def _turn(self) -> None:
        """Open or fold the controls, where the page folds them."""
        self._is_open = not self._is_open
        (self.add_class if self._is_open else self.remove_class)("wb-open")

    def _say_chosen(self) -> None:
        """Say on the line that folds the controls what they are set to."""
        lists = (self.region, self.customer_type, self.segmentation)
        chosen = [one for one in lists if one.layout.display != "none" and one.value]
        words = [
            self._period_words(),
            *(str(one.summary if isinstance(one, TickedChoice) else one.label) for one in chosen),
        ]
        if self.year_before.value and self.year_before.layout.display != "none":
            words.append(self._session.t("panels.filters.year_before_short"))
        self.fold.facts = {"chosen": " · ".join(words)}
        self.fold.say(self._session.lang)

    def _period_words(self) -> str:
        """Say the period by its name; one of the reader's own by its days or months."""
        if self.period.value != CUSTOM:
            return str(self.period.label)
        ends = [one.label if isinstance(one, Choice) else one.value for one in (self.since, self.until)]
        return " – ".join(str(end) for end in ends if end) or str(self.period.label)

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
            filters = Filters(since, until, self.region.value, self.customer_type.value, name, segments)
        except WorkbenchError as error:
            self.complain(error.words(self._session.lang))
        else:
            self.message.value = ""
            with self._session.hold_trait_notifications():
                self._session.filters, self._session.compares_years = filters, bool(self.year_before.value)
        self._session.together.close()
