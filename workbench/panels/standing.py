"""What every reader can see under one setting, on any page: decided together, in one order, whoever opens what first.

Managers open pages one after the other, in any order, and lay them side by side. So what a panel may show cannot hang
on what was opened before: all tables that can be seen under a setting stand in one order, and each sum is shown unless
a group of too few follows from it and all sums shown before it (`analyses/open_sums.py`), or they bound one too
closely (`analyses/joint_ranges.py`). Whoever opens a panel decides what stands before it and keeps it for the session.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from copy import copy
from dataclasses import dataclass
from functools import cached_property
from itertools import count, groupby
from typing import Any

import ibis
import numpy as np
import pandas as pd
from ibis import _
from ibis.expr import types as ir

from workbench.analyses.joint_ranges import JointTables, NotOpen, PeopleByName, Told, TooManyUnknownsError
from workbench.analyses.open_sums import Members, OpenSums
from workbench.discovery import topic_modules
from workbench.errors import NothingToShow, WorkbenchError
from workbench.panels.filters import Filters
from workbench.panels.known_decisions import Decisions, KnownDecisions
from workbench.panels.privacy import ColumnNames, Key, Marks, Shown
from workbench.panels.session import Session
from workbench.panels.showing import TooManyGroups, weighed_groups, weighed_tables
from workbench.store import asking

MOST_RETRIES = 6
"""So often more sums are hidden for a table that comes too near to small groups, before it is not shown at all."""
MOST_RETRIES_OF_MANY = 2
"""The same for several at once: then each is decided for itself."""
FEW_TIMES = 40
"""Where fewer customers than so many small groups are in view, what cannot be weighed in time is not shown."""


@dataclass(frozen=True)
class Standing:
    """Tables that can be seen under every setting.

    A topic gives its own as `standing(session)` in `panel_standing.py`, beside the `PLACE` of all of them; what people
    look at first stands first, and gives up least.

    Attributes
    ----------
    name
        By which a panel finds what was decided: the `standing` of its `Privacy`.
    tables
        As the panel declares them, by the names common to all panels.
    people
        One row per customer with `customer_id` and the names that no table before had; None where there are none.
    sums
        Where what is shown is no table: from the atoms, the sums that it is made of, in the order in which they are
        worth keeping. Each is everybody with some of the values of one name of `people`, or everybody.
    withheld
        Groups that are not shown, whatever stood before.
    with_others
        Decided at once with those beside it that say the same: cheap ones of names that stand already.
    is_apart
        Each table is seen for itself: nothing says which value of one goes with which of another.
    """

    name: str
    tables: Sequence[Shown] = ()
    people: Callable[[], ir.Table] | None = None
    sums: Callable[[pd.DataFrame], Iterable[tuple[Key, Members]]] = lambda _atoms: ()
    withheld: Marks = frozenset()
    with_others: str = ""
    is_apart: bool = False


@dataclass(frozen=True)
class _Sum:
    """A sum that is shown: its group, who is in it and by which values, and whether an analysis is about it."""

    key: Key
    members: Members
    known: Told
    is_first: bool


class Ledger:
    """The decisions of one setting: those known to another page, else made as far as somebody asked."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._shared = KnownDecisions(_setting(session))
        self._of_others: Decisions = {}
        self._waiting = _in_order(session)
        self._decided: dict[str, Marks | None] = {}
        self._refused: dict[str, NothingToShow] = {}
        self._too_many: NothingToShow | None = None
        self._parted: ir.Table | None = None
        self._atoms = pd.DataFrame({"customer_count": np.zeros(0, dtype=np.int64)})
        self._people_by_name = PeopleByName(self._atoms)
        self._sums = OpenSums(np.zeros(0, dtype=np.int64), smallest=session.minimum_group)
        self._known: list[Told] = []
        self._tables: list[ColumnNames] = []
        self._together: list[ColumnNames] = []

    def hidden(self, name: str) -> Marks:
        """Return the groups of a standing table that are not shown; NothingToShow where none is."""
        decision = self._known_to_others(name)
        if decision is None:
            decision = self._decision(name)
        if isinstance(decision, NothingToShow):
            raise decision.with_traceback(None)
        return decision

    def _known_to_others(self, name: str) -> Marks | NothingToShow | None:
        """Return what another page of this server decided; None where this one has decided for itself, or must."""
        if name in self._decided:
            return None
        if name not in self._of_others:
            self._of_others = self._shared.read()
        return self._of_others.get(name)

    def _decision(self, name: str) -> Marks | NothingToShow:
        """Decide all that stands before a table, and the table."""
        is_new = name not in self._decided
        while name not in self._decided:
            some = next(self._waiting, None)
            if some is None:
                break
            self._decide(some)
        decision = self._stated(name)
        if is_new and name in self._decided:
            stated = {one: self._stated(one) for one, marks in self._decided.items() if marks is not None}
            self._shared.add({**stated, **self._refused, name: decision})
        return decision

    def _stated(self, name: str) -> Marks | NothingToShow:
        marks = self._decided.get(name)
        if marks is None:
            return self._refused.get(name) or self._too_many or NothingToShow("privacy_undeclared")
        return marks

    def _decide(self, some: Sequence[Standing]) -> None:
        """Decide tables together; where that does not do, one after the other."""
        names = {one.name: own for one in some if (own := self._own_names(one)) is not None}
        self._decided |= dict.fromkeys(one.name for one in some)
        left = [one for one in some if one.name in names]
        if not left or self._shows(left, names):
            return
        for one in left:
            if len(left) == 1 or not self._shows([one], names):
                smallest = self._session.minimum_group
                why = "group_too_small" if self._customers_in_view < smallest else "too_near_small_groups"
                self._refused[one.name] = NothingToShow(why, minimum=smallest)

    def _shows(self, some: Sequence[Standing], names: Mapping[str, ColumnNames]) -> bool:
        """Show tables but for what gives small groups away and what bounds them too closely; say if that is enough.

        Where it is not, nothing of them is shown.
        """
        before = self._sums
        tables = [*self._tables, *(table.common(table.names) for one in some for table in one.tables)]
        together = [*self._together, *(_together(one, names[one.name]) for one in some if not one.is_apart)]
        joint = self._laid_together(tables, together)
        if joint is None and self._customers_in_view < FEW_TIMES * self._session.minimum_group:
            return False
        self._sums = copy(before)
        marks, shown = self._weigh(some, names, ())
        closed: set[Key] = set()
        for _try in range(MOST_RETRIES if len(some) == 1 else MOST_RETRIES_OF_MANY):
            left = [one for one in shown if one.key not in closed]
            near = joint.not_open([*self._known, *(one.known for one in left)]) if joint else []
            if not near:
                if closed:  # less than before is told, so nothing comes nearer
                    self._sums = copy(before)
                    marks, left = self._weigh(some, names, closed.union(*marks.values()))
                self._decided |= marks
                self._known += [one.known for one in left]
                self._tables, self._together = tables, together
                return True
            more = self._to_close(near, left, before)
            if not more:
                break
            closed |= more
        self._sums = before
        return False

    def _laid_together(self, tables: Sequence[ColumnNames], together: Sequence[ColumnNames]) -> JointTables | None:
        """Return what a reader sees together, None where it is too much to be weighed."""
        try:
            return JointTables(self._people_by_name, tables, together, smallest=self._session.minimum_group)
        except TooManyUnknownsError:
            return None

    @cached_property
    def _customers_in_view(self) -> int:
        counted = self._session.store.collect(self._session.facts.aggregate(customer_count=_.count()))
        return int(counted["customer_count"].iloc[0])

    def _own_names(self, one: Standing) -> ColumnNames | None:
        """Part the atoms by the names of a standing table; return these, None where it cannot be had."""
        names: ColumnNames = ()
        if one.people is not None:
            try:
                people = one.people()
                self._split(people)
            except WorkbenchError as error:  # its panel says why, and shows nothing
                self._too_many = self._too_many or (error if isinstance(error, TooManyGroups) else None)
                return None
            names = tuple(name for name in people.columns if name != "customer_id")
        is_there = {name for table in one.tables for name in table.common(table.names)} <= {*self._atoms.columns}
        return names if is_there else None

    def _weigh(
        self, some: Sequence[Standing], names: Mapping[str, ColumnNames], closed: Collection[Key]
    ) -> tuple[dict[str, Marks], list[_Sum]]:
        """Show the sums of standing tables that give no small group away; return the others by table, and these."""
        tables = [table for one in some for table in one.tables]
        weighed = weighed_tables(self._sums, tables, self._atoms, closed=closed)
        first = {value for table in tables for value in table.first}
        shown = [
            _Sum(key, members, known, any(value in first for _name, value in key))
            for key, members in weighed.shown
            if (known := self._condition(dict(key), members)) is not None
        ]
        marks: dict[str, Marks] = {}
        for one in some:
            untold: set[Key] = set()
            for key, members in one.sums(self._atoms):
                if key in closed or not self._sums.admits(members):
                    untold.add(key)
                    continue
                known = self._by_value(names[one.name], members)
                if known is None:
                    raise ValueError(f"{one.name}: {key} is no sum of values of one of its names {names[one.name]}.")
                shown.append(_Sum(key, members, known, is_first=False))
            marks[one.name] = one.withheld.union(untold, *(weighed.hidden[table] for table in one.tables))
        return marks, shown

    def _condition(self, values: Mapping[str, Any], members: Members) -> Told | None:
        """Say who is counted: by the values of a group, or, where that is everybody, by a name that all have."""
        if not values:
            return self._by_value(map(str, self._atoms.columns.drop("customer_count")), members)
        return Told({name: (value,) for name, value in values.items()}, self._people(members))

    def _by_value(self, names: Iterable[str], members: Members) -> Told | None:
        for name in names:
            own = self._atoms[name]
            values = own[members].dropna().unique().tolist()
            if (own.isin(values).to_numpy() == members).all():
                return Told({name: values}, self._people(members))
        return None

    def _people(self, members: Members) -> int:
        return int(self._atoms["customer_count"].to_numpy()[members].sum())

    def _to_close(self, near: Sequence[NotOpen], shown: Sequence[_Sum], before: OpenSums) -> set[Key]:
        """Return sums without which fewer groups are known too closely: small ones first, that bound many."""
        sums, offset = copy(before), len(self._known)
        places = sorted({place - offset for one in near for place in one.because if place >= offset})
        sums.expect([shown[place].members for place in places])
        can_go = {place for place in places if not sums.follows(shown[place].members)}
        reasons = [{place - offset for place in one.because} & can_go for one in near]
        closed: set[Key] = set()
        while reasons := [some for some in reasons if some]:
            bounds = Counter(place for some in reasons for place in some)
            best = min(
                bounds,
                key=lambda one: (shown[one].is_first, shown[one].known.people / bounds[one], str(shown[one].key)),
            )
            closed.add(shown[best].key)
            reasons = [some for some in reasons if best not in some]
        return closed

    def _split(self, people: ir.Table) -> None:
        """Part the atoms by what new names tell apart."""
        store, new = self._session.store, tuple(name for name in people.columns if name != "customer_id")
        named = store.named(people, name="people_by")
        before = () if self._parted is None else (self._parted,)
        parted = store.keep(asking(_parted, named, *before, new=new))
        parts = weighed_groups(self._session, asking(_counted, parted, new=new))
        parents = parts["parent"].to_numpy()
        known = self._atoms.drop(columns="customer_count").reindex(parents).reset_index(drop=True)
        own = parts[[*new, "customer_count"]]
        self._atoms = pd.concat([known, own], axis=1)
        self._people_by_name = self._people_by_name.split(parents, own)
        self._parted = parted
        self._sums = self._sums.split(parents, self._atoms["customer_count"].to_numpy(dtype=np.int64))


def _parted(people: ir.Table, before: ir.Table | None = None, *, new: Sequence[str]) -> ir.Table:
    """Part customers by what new names tell apart, of those parted before within each part: one row per customer."""
    if before is None:
        joined = people.mutate(parent=ibis.literal(-1, "int64"))
    else:
        parents = before.select("customer_id", "atom")
        other = people.rename({name: name for name in new}).rename(other_id="customer_id")
        joined = parents.outer_join(other, parents.customer_id == other.other_id)
        joined = joined.select(
            *new, customer_id=_.customer_id.coalesce(_.other_id), parent=_.atom.fill_null(-1).cast("int64")
        )
    atom = ibis.dense_rank().over(ibis.window(order_by=["parent", *new]))
    return joined.select("customer_id", "parent", *new, atom=atom.cast("int64"))


def _counted(parted: ir.Table, *, new: Sequence[str]) -> ir.Table:
    """Count the customers of each part, which come in order."""
    return parted.group_by("atom", "parent", *new).aggregate(customer_count=_.count().cast("int64")).order_by("atom")


def _setting(session: Session) -> Hashable:
    """Return all that decisions hang on."""
    store = session.store
    return (str(store.address), store.snapshot.id, session.filters, session.compares_years)


def ledger(session: Session) -> Ledger:
    """Return the decisions of the session's setting."""
    decisions: Ledger = session.remember("ledger", lambda: Ledger(session))
    return decisions


def decide_alike(session: Session, filters: Filters) -> None:
    """Decide under other filters all that pages have asked under the session's, for whoever comes to them next."""
    others = ledger(session.at(filters))
    for name in KnownDecisions(_setting(session)).read():
        with suppress(NothingToShow):
            others.hidden(name)


def _in_order(session: Session) -> Iterator[list[Standing]]:
    """Yield what is decided at once."""
    modules = sorted(topic_modules("panel_standing").values(), key=lambda module: module.PLACE)
    for module in modules:
        alone = count()
        for _name, some in groupby(module.standing(session), key=lambda one: one.with_others or next(alone)):
            yield [*some]


def _together(one: Standing, names: ColumnNames) -> ColumnNames:
    """Return the names that a reader sees beside each other."""
    return tuple(dict.fromkeys((*names, *(name for table in one.tables for name in table.common(table.names)))))
