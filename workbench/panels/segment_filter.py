"""The segment filter: the customers of chosen segments, and on managers' pages when it may be used at all.

Managers' pages may filter by segment alone, without period, region or type. Whoever sees the totals of two groupings
can subtract them, so the published segmentations are admitted one after the other, by id, as long as each combination
of the admitted ones (those without a segment among them) holds nobody or enough people, for each figure of a table.
"""

from __future__ import annotations

from functools import cached_property

import ibis
from ibis.expr import types as ir

from workbench.analyses.filter_cells import TABLE_FIGURES, Filtered, Slices, people_in
from workbench.analyses.segmentation import Segmentation
from workbench.errors import ChoiceError, NothingToShow, WorkbenchError
from workbench.panels.data_view import DataView


def segment_members(session: DataView) -> ir.Table:
    """Return customer_id of the customers in the session's segments, on its `as_of`; kept by the store.

    They are grouped on the ground without the segment filter: under the session's period, regions and types.
    """
    filters = session.filters
    chosen = session.segmentation(filters.segmentation)
    check_segments(chosen, filters.segments)
    assigned = session.store.keep(chosen.assign(session.without_segments().ground), name="assigned")
    return assigned.filter(assigned.segment.isin(filters.segments)).select("customer_id")


def check_segments(segmentation: Segmentation, segments: tuple[str, ...]) -> None:
    """Raise ChoiceError where one of `segments` is none of the segmentation's."""
    known = [segment.id for segment in segmentation.segments]
    strange = [one for one in segments if one not in known]
    if strange:
        raise ChoiceError("unknown_choice", name="segments", value=strange, allowed=known)


class SegmentCells:
    """Which published segmentations a managers' page may filter by, table by table; counted when first asked for."""

    def __init__(self, session: DataView) -> None:
        self._filtered = session
        self._known: dict[Filtered, tuple[str, ...]] = {}

    def check(self, name: Filtered, reference: str, *, alone: bool) -> None:
        """Raise the sentence for the reader where a table must not be filtered by this segmentation."""
        if not alone or reference.partition("@")[0] not in self.admitted(name):
            raise NothingToShow("segments_too_narrow", minimum=self._filtered.minimum_group)

    def admitted(self, name: Filtered) -> tuple[str, ...]:
        """The ids of the segmentations by which a table may be filtered."""
        if name not in self._known:
            safe: list[str] = []
            for one in self._assigned:
                if self._is_safe(name, [*safe, one]):
                    safe.append(one)
            self._known[name] = tuple(safe)
        return self._known[name]

    @cached_property
    def _session(self) -> DataView:
        return self._filtered.unfiltered()

    @cached_property
    def _assigned(self) -> dict[str, ir.Table]:
        """Each published segmentation's customers; one that cannot be computed here is left out, and never admitted."""
        tables = {}
        for one in self._session.store.definitions():
            try:
                assigned = self._session.segmentation(one.id).assign(self._session.ground)
                tables[one.id] = self._session.store.keep(assigned, name="assigned")
            except WorkbenchError:
                continue
        return tables

    def _is_safe(self, name: Filtered, references: list[str]) -> bool:
        """Whether every combination of these segmentations holds nobody or enough people, for every figure."""
        store = self._session.store
        last = store.snapshot.as_of
        people = people_in(name, store.table(name), store.customers, Slices(((last, last),)))
        places = [f"place_{place}" for place in range(len(references))]
        for place, reference in zip(places, references, strict=True):
            grouped = self._assigned[reference]
            own = grouped.select(customer_of=grouped.customer_id, **{place: grouped.segment})
            joined = people.left_join(own, people.person == own.customer_of)
            people = joined.select(*people.columns, place)
        counts = [
            people.filter(people[figure] != 0).group_by(*places).aggregate(people=ibis._.person.nunique())
            for figure in TABLE_FIGURES[name]
        ]
        sizes = store.collect(ibis.union(*[one.select("people") for one in counts]) if len(counts) > 1 else counts[0])
        return bool((sizes["people"] >= self._session.minimum_group).all())
