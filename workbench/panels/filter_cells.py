"""The filters of a managers' page: which regions, types and periods it offers, and which of them go together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cached_property

from ibis.expr import types as ir

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
from workbench.panels.periods import PERIODS, Days, PeriodName, period_before
from workbench.store import Store

MAIN: tuple[Filtered, ...] = ("transactions", "surveys")
"""Whose people decide what a page offers: the buyers, or those who answered where nothing was sold."""

MOST_FILTER_CELLS = 5_000_000
"""Rows that are fetched at most: everybody has few of them, and they hold whole numbers."""


class FilterCells:
    """What a published snapshot may be filtered by; counted when first asked for, and then remembered."""

    def __init__(self, store: Store, smallest: int) -> None:
        self._store, self._smallest = store, smallest
        self._people: dict[Filtered, ir.Table] = {}
        self._blocks: dict[Filtered, Mapping[str, Block]] = {}
        self._safe: dict[Filtered, SafeSettings] = {}

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
        period = self._period(days)
        dimensions: list[FilterDimension] = [place for place in PLACES if values[place]]
        if period is None and any(days):
            raise NothingToShow("filter_not_offered")
        if any(value not in self._offered[place] for place in dimensions for value in values[place]):
            raise NothingToShow("filter_not_offered")
        if (dimensions or period) and not self._settings(name).allows(dimensions, period):
            raise NothingToShow("filters_too_narrow", minimum=self._smallest)

    def _period(self, days: Days) -> PeriodName | None:
        """Name the period with these days; the one they are compared with is part of it."""
        return next((name for name, (chosen, _) in self._periods.items() if chosen == days), None)

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
    def _slices(self) -> Slices:
        return Slices(tuple(days for shown in self._periods.values() for days in shown))

    @cached_property
    def _offered(self) -> dict[str, tuple[str, ...]]:
        """The values offered for each dimension, the smallest first."""
        sizes = [self._store.collect(people_by_value(self._people_in(name), TABLE_FIGURES[name])) for name in MAIN]
        known = next((size for size in sizes if not size.empty), sizes[0])
        return {place: offered_values(known[known["dimension"] == place], self._smallest) for place in PLACES}

    def _people_in(self, name: Filtered) -> ir.Table:
        if name not in self._people:
            people = people_in(name, self._store.table(name), self._store.customers, self._slices)
            self._people[name] = self._store.keep(people, name="people")
        return self._people[name]

    def _blocks_of(self, name: Filtered) -> Mapping[str, Block]:
        """Return the values offered; the smallest takes the rest along, where the rest is too few in this table."""
        if name not in self._blocks:
            alone = {place: Block(values) for place, values in self._offered.items()}
            left = self._store.collect(people_left_over(self._people_in(name), TABLE_FIGURES[name], alone))
            few = set(left.loc[left["people"].between(1, self._smallest - 1), "dimension"])
            joined = {place: values[0] for place, values in self._offered.items() if place in few and values}
            self._blocks[name] = {place: Block(values, joined.get(place)) for place, values in self._offered.items()}
        return self._blocks[name]

    def _settings(self, name: Filtered) -> SafeSettings:
        if name not in self._safe:
            cells = people_by_cell(self._people_in(name), TABLE_FIGURES[name], self._blocks_of(name))
            periods: dict[str, tuple[int, ...]] = {
                period: tuple(self._slices.of(days) for days in shown) for period, shown in self._periods.items()
            }
            people = self._store.collect(cells, limit=MOST_FILTER_CELLS)
            self._safe[name] = SafeSettings(people, self._slices, periods, smallest=self._smallest)
        return self._safe[name]
