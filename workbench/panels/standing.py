"""What every reader can see under one setting, on any page: decided together, in one order, whoever opens what first.

Managers open pages one after the other, in any order, and lay them side by side. So what a panel may show cannot hang
on what was opened before: all tables that can be seen under a setting stand in one order, and each sum is shown unless
a group of too few follows from it and all sums shown before it (`analyses/open_sums.py`). Whoever opens a panel decides
what stands before it and keeps the decision for the session.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import ibis
import numpy as np
import pandas as pd
from ibis import _
from ibis.expr import types as ir

from workbench.analyses.open_sums import Members, OpenSums
from workbench.discovery import topic_modules
from workbench.errors import NothingToShow, WorkbenchError
from workbench.panels.privacy import Key, Marks, Shown
from workbench.panels.session import Session
from workbench.panels.showing import TooManyGroups, weighed_groups, withheld_groups


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
        worth keeping.
    withheld
        Groups that are not shown, whatever stood before.
    """

    name: str
    tables: Sequence[Shown] = ()
    people: Callable[[], ir.Table] | None = None
    sums: Callable[[pd.DataFrame], Iterable[tuple[Key, Members]]] = lambda _atoms: ()
    withheld: Marks = frozenset()


class Ledger:
    """The decisions of one setting, made as far as somebody asked."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._waiting = _in_order(session)
        self._decided: dict[str, Marks | None] = {}
        self._too_many: NothingToShow | None = None
        self._joined: ir.Table | None = None
        self._atoms = pd.DataFrame({"customer_count": np.zeros(0, dtype=np.int64)})
        self._sums = OpenSums(np.zeros(0, dtype=np.int64), smallest=session.minimum_group)

    def hidden(self, name: str) -> Marks:
        """Return the groups of a standing table that are not shown; NothingToShow where it was not weighed."""
        while name not in self._decided:
            one = next(self._waiting, None)
            if one is None:
                break
            self._decided[one.name] = self._decide(one)
        marks = self._decided.get(name)
        if marks is None:
            raise self._too_many or NothingToShow("privacy_undeclared")
        return marks

    def _decide(self, one: Standing) -> Marks | None:
        if one.people is not None:
            try:
                self._split(one.people())
            except WorkbenchError as error:  # its panel says why, and shows nothing
                self._too_many = self._too_many or (error if isinstance(error, TooManyGroups) else None)
                return None
        if not {name for table in one.tables for name in table.common(table.names)} <= {*self._atoms.columns}:
            return None
        hidden = withheld_groups(self._sums, one.tables, self._atoms)
        untold = {key for key, members in one.sums(self._atoms) if not self._sums.admits(members)}
        return one.withheld.union(untold, *hidden.values())

    def _split(self, people: ir.Table) -> None:
        """Part the atoms by what new names tell apart."""
        store, new = self._session.store, [name for name in people.columns if name != "customer_id"]
        if self._joined is None:
            joined = people.mutate(parent=ibis.literal(-1, "int64"))
        else:
            other = people.rename({name: name for name in new}).rename(other_id="customer_id")
            joined = self._joined.outer_join(other, self._joined.customer_id == other.other_id)
            joined = joined.select(
                *new, customer_id=_.customer_id.coalesce(_.other_id), parent=_.atom.fill_null(-1).cast("int64")
            )
        atom = ibis.dense_rank().over(ibis.window(order_by=["parent", *new]))
        kept = store.keep(joined.select("customer_id", "parent", *new, atom=atom.cast("int64")))
        counted = kept.group_by("atom", "parent", *new).aggregate(customer_count=_.count().cast("int64"))
        parts = weighed_groups(self._session, counted.order_by("atom"))
        parents = parts["parent"].to_numpy()
        before = self._atoms.drop(columns="customer_count").reindex(parents).reset_index(drop=True)
        self._atoms = pd.concat([before, parts[[*new, "customer_count"]]], axis=1)
        self._joined = kept.select("customer_id", "atom")
        self._sums = self._sums.split(parents, self._atoms["customer_count"].to_numpy(dtype=np.int64))


def ledger(session: Session) -> Ledger:
    """Return the decisions of the session's setting."""
    decisions: Ledger = session.remember("ledger", lambda: Ledger(session))
    return decisions


def _in_order(session: Session) -> Iterator[Standing]:
    modules = sorted(topic_modules("panel_standing").values(), key=lambda module: module.PLACE)
    for module in modules:
        yield from module.standing(session)
