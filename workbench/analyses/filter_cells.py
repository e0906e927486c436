"""Filter cells: which settings of a page's filters leave nobody over when one is subtracted from another.

A setting adds up cells: slices of time, regions, customer types. Whoever sees two settings can subtract them, and what
is left is made of cells again. So a combination of filters is safe when every one of its cells holds no people at all,
or enough of them. Where one more period would cut time into slices with too few, that period is refused.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Literal, get_args

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
from ibis import _

from workbench.analyses.facts import VISIT_KINDS
from workbench.schema import SurveyMeasure

FilterDimension = Literal["period", "region", "customer_type"]
Filtered = Literal["transactions", "surveys", "complaints", "interactions"]
"""The tables that pages show under their filters."""

PLACES: tuple[Literal["region", "customer_type"], ...] = ("region", "customer_type")
TABLE_FIGURES: Mapping[Filtered, tuple[str, ...]] = {
    "transactions": ("lines", "purchases"),
    "surveys": get_args(SurveyMeasure),
    "complaints": ("complaints",),
    "interactions": ("visits",),
}
"""What pages measure in each table. Each figure has people of its own: a region may have many buyers and three who
answered, and who only returned goods bought nothing."""

MOST_STARTS = 62
"""So many slices have a bit each in a whole number of the database."""

Period = tuple[date, date]
"""First and last day, both included."""


def _bit_or(bits: int) -> int:  # type: ignore[empty-body]
    """The aggregate of this name, which DuckDB and Spark both have and Ibis writes for the first alone."""


bits_of_all = ibis.udf.agg.builtin(_bit_or, name="bit_or")


@dataclass(frozen=True)
class Slices:
    """Time cut wherever a period begins or ends; slice 0 is what lies before all of them, and rows without a day."""

    periods: tuple[Period, ...]

    @cached_property
    def starts(self) -> tuple[date, ...]:
        """The first days of the slices 1, 2, …"""
        starts = tuple(sorted({day for first, last in self.periods for day in (first, last + timedelta(days=1))}))
        if len(starts) > MOST_STARTS:
            raise ValueError(f"{len(starts)} slices do not fit into the bits of a number.")
        return starts

    def bit(self, day: ir.DateValue) -> ir.IntegerValue:
        """Return the bit of the slice that a day lies in: each start that it has reached doubles it."""
        bit = ibis.literal(1, "int64")
        for place, start in enumerate(self.starts):
            bit = bit + (day >= ibis.date(start)).fill_null(False).cast("int64") * ibis.literal(1 << place, "int64")
        return bit

    def of(self, period: Period) -> int:
        """Return the slices that make up a period, one bit each."""
        first, last = period
        return sum(1 << place for place, start in enumerate(self.starts, start=1) if first <= start <= last)

    def until(self, day: date) -> int:
        """Return the slices that end before a day, and rows without one."""
        return 1 | sum(1 << place for place, start in enumerate(self.starts, start=1) if start < day)

    def atoms(self, periods: Iterable[int]) -> list[int]:
        """Join the slices that no one of these periods tells apart."""
        listed = list(periods)
        alike: dict[tuple[bool, ...], int] = defaultdict(int)
        for place in range(len(self.starts) + 1):
            alike[tuple(bool(period >> place & 1) for period in listed)] |= 1 << place
        return list(alike.values())


def people_in(name: Filtered, rows: ir.Table, customers: ir.Table, slices: Slices) -> ir.Table:
    """Say of everybody in a table where and in which slices of time they count for each of its TABLE_FIGURES.

    A row belongs to the region it names, else to its customer's; an answer without a customer is somebody by its
    response. Rows of nobody protect nobody and are left out.

    Returns person, region, customer_type and one whole number per figure whose bits are slices.
    """
    counted = _counted(name, rows)
    bits = {figure: bits_of_all(slices.bit(rows.day), where=counts) for figure, counts in counted.items()}
    person = rows.customer_id.coalesce(rows.response_id) if name == "surveys" else rows.customer_id
    seen = rows.mutate(person=person)
    seen = seen.filter(seen.person.notnull()).group_by("person", "customer_id", "region").aggregate(**bits)
    homes = customers.select("customer_id", home_region=customers.region, home_type=customers.customer_type)
    joined = seen.left_join(homes, "customer_id")
    return joined.select(
        "person",
        region=joined.region.coalesce(joined.home_region),
        customer_type="home_type",
        **{figure: joined[figure].fill_null(0) for figure in counted},
    )


def _counted(name: Filtered, rows: ir.Table) -> dict[str, ir.BooleanValue]:
    """Return for each figure which rows it counts."""
    if name == "transactions":
        return {"lines": ~rows.is_cancelled, "purchases": rows.is_purchase}
    if name == "surveys":
        return {kind: (rows.kind == kind) & rows.score.notnull() for kind in TABLE_FIGURES[name]}
    if name == "complaints":
        return {"complaints": rows.customer_id.notnull()}
    return {"visits": rows.kind.isin(VISIT_KINDS)}


def people_by_value(people: ir.Table, figures: Sequence[str]) -> ir.Table:
    """Count the people of each region and type, figure by figure.

    Returns dimension, value (null: unknown), figure, people.
    """
    return ibis.union(
        *(
            people.filter(people[figure] != 0)
            .group_by(value=people[place])
            .aggregate(people=people.person.nunique())
            .select(dimension=ibis.literal(place), value="value", figure=ibis.literal(figure), people="people")
            for place in PLACES
            for figure in figures
        )
    )


@dataclass(frozen=True)
class Block:
    """The values of a region or type that can be chosen; `joined` is the one that takes all others along, if any."""

    offered: tuple[str, ...]
    joined: str | None = None

    def rest(self, column: ir.StringValue) -> ir.BooleanValue:
        """Say which rows have a value that cannot be chosen, or none."""
        return ~column.isin(self.offered).fill_null(False) if self.offered else ibis.literal(True)

    def stands_for(self, column: ir.StringValue, chosen: Sequence[str]) -> ir.BooleanValue:
        """Say which rows the chosen values stand for."""
        named = column.isin(chosen).fill_null(False)
        return named | self.rest(column) if self.joined in chosen else named

    def name(self, column: ir.StringValue) -> ir.StringValue:
        """Name the block a row is in; null where its value cannot be chosen and nobody took it along."""
        others = ibis.null("string") if self.joined is None else ibis.literal(self.joined)
        return self.rest(column).ifelse(others, column)


def offered_values(sizes: pd.DataFrame, smallest: int) -> tuple[str, ...]:
    """Return the values of one dimension that enough people have for every figure, the smallest first.

    `sizes` are rows of `people_by_value`.
    """
    fewest = sizes.dropna(subset=["value"]).groupby("value")["people"].min()
    large = fewest[fewest >= smallest].sort_index().sort_values(kind="stable")
    return tuple(large.index)


def people_left_over(people: ir.Table, figures: Sequence[str], blocks: Mapping[str, Block]) -> ir.Table:
    """Count who has a region or type that cannot be chosen: one row per dimension and figure, with people."""
    left = {place: people.filter(blocks[place].rest(people[place])) for place in PLACES}
    return ibis.union(
        *(
            rows.filter(rows[figure] != 0)
            .aggregate(people=rows.person.nunique())
            .select(dimension=ibis.literal(place), figure=ibis.literal(figure), people="people")
            for place, rows in left.items()
            for figure in figures
        )
    )


def people_by_cell(people: ir.Table, figures: Sequence[str], blocks: Mapping[str, Block]) -> ir.Table:
    """Count people by block and by the slices of time in which they are seen, each of them once per row they share.

    Returns by_region (whether regions are distinguished; if not, region is null), region, customer_type, figure,
    slices, people.
    """
    named = people.mutate(**{place: blocks[place].name(people[place]) for place in PLACES})
    counts = []
    for by_region in (True, False):
        placed = named if by_region else named.mutate(region=ibis.null("string"))
        seen = placed.group_by("person", *PLACES).aggregate(
            **{figure: bits_of_all(placed[figure]) for figure in figures}
        )
        for figure in figures:
            groups = seen.filter(seen[figure] != 0).group_by(*PLACES, slices=seen[figure])
            counted = groups.aggregate(people=_.count())
            counts.append(
                counted.select(
                    *PLACES, "slices", "people", by_region=ibis.literal(by_region), figure=ibis.literal(figure)
                )
            )
    return ibis.union(*counts)


class SafeSettings:
    """Which filters a table may be shown under.

    `cells` are the rows of `people_by_cell`; `periods` are the periods that can be chosen, by name and in the order of
    their importance, each with every period that is shown with it, as bits of `slices`.
    """

    def __init__(
        self, cells: pd.DataFrame, slices: Slices, periods: Mapping[str, tuple[int, ...]], *, smallest: int
    ) -> None:
        self._cells, self._slices, self._periods, self._smallest = cells, slices, periods, smallest
        self._known: dict[frozenset[FilterDimension], tuple[str, ...]] = {}
        self._sound: dict[tuple[frozenset[FilterDimension], int], bool] = {}
        self._counted: dict[frozenset[FilterDimension], tuple[np.ndarray, np.ndarray, np.ndarray]] = {}

    def allows(self, dimensions: Iterable[FilterDimension], period: str | None = None) -> bool:
        """Say whether a page may filter by these dimensions; `period` is the name of the one chosen, if any."""
        wanted = frozenset(dimensions)
        if period is None:
            return self._is_safe(wanted, ())
        return period in self.periods_for(wanted)

    def periods_for(self, dimensions: Iterable[FilterDimension]) -> tuple[str, ...]:
        """Return the periods that may be combined with the other dimensions.

        Region, type and period must not be known two by two where they are hidden together, for from all three pairs
        opposite corners of the hidden cells add up: then the type gives way.
        """
        wanted: frozenset[FilterDimension] = frozenset((*dimensions, "period"))
        admitted = self._admitted(wanted)
        if wanted == {"period", "customer_type"} and self._is_safe(frozenset(PLACES), ()):
            together = self._admitted(frozenset(("period", *PLACES)))
            return tuple(name for name in admitted if name in together)
        return admitted

    def _admitted(self, wanted: frozenset[FilterDimension]) -> tuple[str, ...]:
        """Take one period after the other, as long as all slices they cut keep enough people in every cell.

        Only those are tried that stand with fewer dimensions, else what is refused as a whole could be added up.
        """
        if wanted not in self._known:
            fewer = [
                self._admitted(frozenset(name for name in wanted if name != place))
                for place in PLACES
                if place in wanted
            ]
            admitted: list[str] = []
            for name in self._periods:
                periods = [period for known in (*admitted, name) for period in self._periods[known]]
                if all(name in part for part in fewer) and self._is_safe(wanted, periods):
                    admitted.append(name)
            self._known[wanted] = tuple(admitted)
        return self._known[wanted]

    def _is_safe(self, dimensions: frozenset[FilterDimension], periods: Iterable[int]) -> bool:
        """Say whether every cell of these dimensions holds nobody or enough people."""
        places = dimensions - {"period"}
        return all(self._is_sound(places, atom) for atom in self._slices.atoms(periods))

    def _is_sound(self, places: frozenset[FilterDimension], atom: int) -> bool:
        """Say it of the cells in these slices; one more period parts few of them, and the others are known."""
        if (places, atom) not in self._sound:
            groups, slices, people = self._counts_of(places)
            seen = np.bincount(groups, weights=people * ((slices & atom) != 0))
            self._sound[places, atom] = not ((seen > 0) & (seen < self._smallest)).any()
        return self._sound[places, atom]

    def _counts_of(self, places: frozenset[FilterDimension]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return of each row of cells the group that these places make, the slices and the people."""
        if places not in self._counted:
            cells = self._cells[self._cells["by_region"] == ("region" in places)]
            keys = ["figure", *(place for place in PLACES if place in places)]
            groups = cells.groupby(keys, dropna=False).ngroup().to_numpy()
            self._counted[places] = groups, cells["slices"].to_numpy(), cells["people"].to_numpy()
        return self._counted[places]
