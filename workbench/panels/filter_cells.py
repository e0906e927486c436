"""The filters of a managers' page: which regions, types and periods it offers, and which of them go together."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from itertools import pairwise

import pandas as pd
from ibis.expr import types as ir

from workbench.analyses.calendar import months_before
from workbench.analyses.filter_cells import (
    PLACES,
    TABLE_FIGURES,
    Block,
    FilterDimension,
    Filtered,
    SafeSettings,
    Slices,
    offered_values,
    people_by_cell,
    people_by_value,
    people_in,
    people_left_over,
)
from workbench.errors import NothingToShow
from workbench.panels.periods import ONE_DAY, PERIODS, Days, PeriodName, period_before, year_before
from workbench.store import Asked, Store, asking

MAIN: tuple[Filtered, ...] = ("transactions", "surveys")
"""Whose people decide what a page offers: the buyers, or those who answered where nothing was sold."""

MOST_FILTER_CELLS = 5_000_000
"""Rows that are fetched at most: everybody has few of them, and they hold whole numbers."""

MOST_OWN_MONTHS = 36
"""How many months back a reader of a managers' page may choose a period of their own."""
MONTHS_OF_A_QUARTER = (4, 7, 10)


class FilterCells:
    """What a published snapshot may be filtered by; counted when first asked for, and then remembered."""

    def __init__(self, store: Store, smallest: int) -> None:
        self._store, self._smallest = store, smallest
        self._people: dict[Filtered, ir.Table] = {}
        self._blocks: dict[Filtered, Mapping[str, Block]] = {}
        self._safe: dict[Filtered, SafeSettings] = {}
        self._first_days: dict[Filtered, date | None] = {}

    @property
    def choices(self) -> dict[str, list[str]]:
        """Regions and types that enough people have."""
        return {f"{place}s": sorted(values) for place, values in self._offered.items()}

    def has_others(self, dimension: str, value: str) -> bool:
        """Say whether a value includes those who are too few, or unknown, in a table of the page."""
        return any(self._blocks_of(name)[dimension].joined == value for name in MAIN)

    def stands_for(
        self, name: Filtered, dimension: str, column: ir.StringValue, values: Sequence[str]
    ) -> ir.BooleanValue:
        """Say which rows of a table the chosen values stand for."""
        return self._blocks_of(name)[dimension].stands_for(column, values)

    def check(self, name: Filtered, days: Days, values: Mapping[str, Sequence[str]]) -> None:
        """Raise the sentence for the reader where a table must not be shown for these days, regions and types."""
        dimensions: list[FilterDimension] = [place for place in PLACES if values[place]]
        ways = list(self._ways(days))
        if not ways or any(value not in self._offered[place] for place in dimensions for value in values[place]):
            raise NothingToShow("filter_not_offered")
        if not (dimensions or any(days)):
            return
        settings = self._settings(name)
        if not any(all(settings.allows(dimensions, period) for period in way or (None,)) for way in ways):
            raise NothingToShow("filters_too_narrow", minimum=self._smallest)

    @cached_property
    def months(self) -> tuple[date, ...]:
        """The first days of months between which a reader may choose whole months, the earliest first.

        Each is one more cut through time, and leaves nobody or enough people on either side of it up to the next.
        """
        main = next((name for name in MAIN if self._first_day(name)), MAIN[0])
        admitted = self._settings(main).periods_for(())
        return tuple(day for day in self._month_starts if _before(day) in admitted)

    def _ways(self, days: Days) -> Iterator[tuple[str, ...]]:
        """Name the periods whose totals give those of these days: one that is shown, or the time before two days."""
        for name, shown in self._periods.items():
            if days in shown:
                yield (name,)
            if days == year_before(*shown[0]):
                yield (_a_year_before(name),)
        since, until = days
        ends = [day for day in (since, until + ONE_DAY if until else None) if day]
        if all(day in self._month_starts for day in ends):
            yield tuple(_before(day) for day in ends)

    @cached_property
    def _periods(self) -> dict[PeriodName, tuple[tuple[date, date], tuple[date, date]]]:
        """The periods with days, each with the one before, which key figures show beside it."""
        pairs = {}
        for name, period in PERIODS.items():
            since, until = period(self._store.snapshot.as_of)
            if since and until:
                pairs[name] = ((since, until), period_before(since, until))
        return pairs

    @cached_property
    def _month_starts(self) -> tuple[date, ...]:
        """The first days of months from the first that holds anything to the one after the last whole month."""
        firsts = [first for first in map(self._first_day, MAIN) if first]
        last = (self._store.snapshot.as_of + ONE_DAY).replace(day=1)
        starts = (months_before(last, back) for back in range(MOST_OWN_MONTHS, -1, -1))
        kept = tuple(day for day in starts if firsts and day >= min(firsts).replace(day=1))
        return kept if len(kept) > 1 else ()

    def _first_day(self, name: Filtered) -> date | None:
        if name not in self._first_days:
            rows = self._store.table(name)
            day = self._store.collect(rows.aggregate(day=rows.day.min()))["day"].iloc[0]
            self._first_days[name] = None if pd.isna(day) else day.date()
        return self._first_days[name]

    @cached_property
    def _slices(self) -> Slices:
        shown = [days for pair in self._periods.values() for days in (*pair, year_before(*pair[0]))]
        months = [(day, after - ONE_DAY) for day, after in pairwise(self._month_starts)]
        return Slices((*shown, *months))

    def _cuts(self) -> dict[str, tuple[int, ...]]:
        """Return all that is told of time, by name, what people look at first first: what would cut too thin is left.

        The periods of the list come with the ones before them, then the same a year earlier; then the time before each
        month, the beginnings of years and quarters first.
        """
        slices = self._slices
        cuts: dict[str, tuple[int, ...]] = {
            name: tuple(slices.of(days) for days in shown) for name, shown in self._periods.items()
        }
        cuts |= {_a_year_before(name): (slices.of(year_before(*shown[0])),) for name, shown in self._periods.items()}
        starts = sorted(self._month_starts, reverse=True)
        starts.sort(key=lambda day: 0 if day.month == 1 else 1 if day.month in MONTHS_OF_A_QUARTER else 2)
        return cuts | {_before(day): (slices.until(day),) for day in starts}

    @cached_property
    def _offered(self) -> dict[str, tuple[str, ...]]:
        """The values offered for each dimension, the smallest first."""
        sizes = [self._sizes(name) for name in MAIN]
        known = next((size for size in sizes if not size.empty), sizes[0])
        return {place: offered_values(known[known["dimension"] == place], self._smallest) for place in PLACES}

    def _sizes(self, name: Filtered) -> pd.DataFrame:
        return self._store.collect(asking(people_by_value, self._people_in(name), figures=TABLE_FIGURES[name]))

    def _people_in(self, name: Filtered) -> ir.Table:
        if name not in self._people:
            rows, customers = self._store.table(name), self._store.customers
            people = asking(_people_in_rows, rows, customers, name=name, slices=self._slices)
            self._people[name] = self._store.keep(people, name="people")
        return self._people[name]

    def _blocks_of(self, name: Filtered) -> Mapping[str, Block]:
        """Return the values offered; the smallest takes the rest along, where the rest is too few in this table."""
        if name not in self._blocks:
            alone = {place: Block(values) for place, values in self._offered.items()}
            left = self._store.collect(self._asked_of(name, people_left_over, alone))
            few = set(left.loc[left["people"].between(1, self._smallest - 1), "dimension"])
            joined = {place: values[0] for place, values in self._offered.items() if place in few and values}
            self._blocks[name] = {place: Block(values, joined.get(place)) for place, values in self._offered.items()}
        return self._blocks[name]

    def _asked_of(self, name: Filtered, count: CountPeople, blocks: Mapping[str, Block]) -> Asked:
        people, listed = self._people_in(name), tuple(blocks.items())
        return asking(_counted_by_block, people, count=count, figures=TABLE_FIGURES[name], blocks=listed)

    def _settings(self, name: Filtered) -> SafeSettings:
        if name not in self._safe:
            cells = self._asked_of(name, people_by_cell, self._blocks_of(name))
            people = self._store.collect(cells, limit=MOST_FILTER_CELLS)
            self._safe[name] = SafeSettings(people, self._slices, self._cuts(), smallest=self._smallest)
        return self._safe[name]


CountPeople = Callable[[ir.Table, Sequence[str], Mapping[str, Block]], ir.Table]


def _people_in_rows(rows: ir.Table, customers: ir.Table, *, name: Filtered, slices: Slices) -> ir.Table:
    return people_in(name, rows, customers, slices)


def _counted_by_block(
    people: ir.Table, *, count: CountPeople, figures: Sequence[str], blocks: tuple[tuple[str, Block], ...]
) -> ir.Table:
    return count(people, figures, dict(blocks))


def _a_year_before(name: str) -> str:
    return f"a year before {name}"


def _before(day: date) -> str:
    return f"before {day.isoformat()}"
