"""Which sums over the same people may be shown, one after the other, so that no group of too few follows from them.

Everything shown under one setting is a sum over *atoms*, the finest groups that any of its names tell apart. Sums with
known values are linear equations, and what they determine is exactly what lies in the space they span. So the question
is never which row is small but whether something small lies in that space. It is asked of each sum before it is shown:
what is shown stays shown, and whoever comes first costs nothing.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Protocol

import numpy as np
from scipy.sparse import csr_array, vstack

from workbench.analyses.arrays import Bools, Floats, Integers

Members = Bools
"""Which atoms a sum is made of."""

CLOSE = 1e-6
"""Which part of a sum's people may lie outside the space where it follows but for the rounding of floats. Where nearly
all is shown, rounding leaves a tenth of that at most, and a sum that does not follow leaves ten times as much."""

NEARLY_TOLD = 2e-4
"""How little of a group may lie outside the space before it counts as told: counts are whole, so who knows a sum of a
few hundred customers to a part in thousands knows it. Where nearly all is shown, floats are no more exact than that."""

SUMS_AT_ONCE = 128
"""How many sums are weighed together."""

PAIRS_AT_ONCE = 1_000_000
"""How many pairs of halves of a group are held in memory."""

WITNESSES = 4
"""How many vectors at random bear out that a group follows; one is mistaken with probability nearly zero."""


class Sums(Protocol):
    """Sums that are shown one after the other, as long as no group of fewer than `smallest` people follows."""

    smallest: int

    def admits(self, members: Members) -> bool:
        """Show a sum, unless a group of too few follows from it and those shown; say whether it is shown."""

    def follows(self, members: Members) -> bool:
        """Say whether a sum is shown, or follows from those shown."""


class OpenSums:
    """Sums that are shown, none of which, nor all together, gives a group of fewer than `smallest` people away.

    Sums have an inner product: how many people they have in common. From these counts follows what of a new sum lies
    outside the space that the sums shown span, so that no more is kept than who is in which. A group lies in the space
    exactly when it is orthogonal to all that is orthogonal to the space; some vectors of that kind, drawn at random,
    stand for all. An atom that is a part of a group in the space must itself lie in it by at least its part of the
    group's people (its *leverage*). That leaves hardly any atom to try, and all groups of them are tried, whether they
    are rows of a table or not.

    Parameters
    ----------
    people
        How many people each atom holds; none is 0.
    smallest
        Groups of fewer people than this must not follow.

    Attributes
    ----------
    few
        The atoms of fewer people than that.
    rows, rows_by_few
        The sums shown that follow from no others: which atoms each is made of; and of each of the few, in which it is.
    common
        How many people these have in common.
    axes
        Axes of the space at right angles, each by these sums.
    leverage
        How far each of the few lies in the space.
    aside
        The witnesses.

    Examples
    --------
    Everybody (33) and a group of 30: who knows both knows of the three others.

    >>> sums = OpenSums(np.array([30, 3]), smallest=5)
    >>> sums.admits(np.array([True, True])), sums.admits(np.array([True, False]))
    (True, False)
    """

    def __init__(self, people: Integers, *, smallest: int) -> None:
        self.smallest, self.people = smallest, people
        self.few = np.flatnonzero(people < smallest)
        self.rows = csr_array((0, len(people)))
        self.common: Floats = np.zeros((0, 0))
        self.axes: Floats = np.zeros((0, 0))
        self.rows_by_few = csr_array((len(self.few), 0))
        self.leverage: Floats = np.zeros(len(self.few))
        self._expected: Sequence[Members] = ()
        self._next: _Weighed | None = None
        self._draw()

    def _draw(self) -> None:
        """Draw the witnesses anew, orthogonal to what is shown."""
        drawn = np.random.default_rng(0).standard_normal((len(self.people), WITNESSES))
        self.aside: Floats = drawn / np.sqrt(self.people)[:, None]
        for _ in range(2):  # the second time for what rounding left
            along = self.rows @ (self.people[:, None] * self.aside)
            self.aside = self.aside - self.rows.T @ (self.axes.T @ (self.axes @ along))

    def split(self, parents: Integers, people: Integers) -> OpenSums:
        """Return the same sums over finer atoms; `parents` says of each which atom it is a part of, -1 of none.

        The parts of an atom hold its people, so that sums have in common what they had.
        """
        self._settle()
        finer = OpenSums(people, smallest=self.smallest)
        kept = np.flatnonzero(parents >= 0)
        parts = csr_array((np.ones(len(kept)), (parents[kept], kept)), shape=(len(self.people), len(people)))
        finer.rows, finer.common, finer.axes = csr_array(self.rows @ parts), self.common, self.axes
        finer.rows_by_few = finer.by_few(finer.rows)
        finer.leverage = people[finer.few] * self._nearness()[parents[finer.few]]
        finer._draw()
        return finer

    def _nearness(self) -> Floats:
        """Return how far each atom lies in the space for each of its people, and of one more that is in no sum."""
        near = np.zeros(len(self.people) + 1)
        near[self.few] = self.leverage / self.people[self.few]
        many = np.flatnonzero(self.people >= self.smallest)
        near[many] = _squares(self.axes @ self.rows[:, many].toarray())
        return near

    def by_few(self, rows: csr_array) -> csr_array:
        """Return of each atom of few people in which of the rows it is."""
        return csr_array(rows.T.tocsr()[self.few])

    def gained(self, axes: Floats, outside: Floats) -> Floats:
        """Return how much further each atom of few people lies in the space by sums, from what of them is outside."""
        return _squares(axes @ outside.T) * self.people[self.few]

    def __copy__(self) -> OpenSums:
        """Return the same sums, to show others beyond them."""
        self._settle()
        other = object.__new__(OpenSums)
        other.__dict__.update(self.__dict__)
        return other

    def expect(self, sums: Sequence[Members]) -> None:
        """Prepare to be asked for these sums, in this order: many at once take a fraction of the time."""
        self._settle()
        self._expected = sums

    def admits(self, members: Members) -> bool:
        """Show a sum, unless a group of too few follows from it and those shown; say whether it is shown."""
        return self._about(members).admits(members)

    def follows(self, members: Members) -> bool:
        """Say whether a sum is shown, or follows from those shown."""
        return self._about(members).follows(members)

    def _about(self, members: Members) -> _Weighed:
        """Return what is known of a sum, and of those that are expected next."""
        if self._next is None or id(members) not in self._next.places:
            self._settle()
            place = next((place for place, one in enumerate(self._expected) if one is members), None)
            coming = [members] if place is None else self._expected[place:]
            self._next, self._expected = _Weighed(self, coming[:SUMS_AT_ONCE]), coming[SUMS_AT_ONCE:]
        return self._next

    def _settle(self) -> None:
        """Take the sums that were shown, of those asked for, into the space."""
        weighed, self._next = self._next, None
        if weighed is None or not weighed.shown:
            return
        known, more, shown = len(self.axes), len(weighed.shown), weighed.shown
        axes = np.zeros((known + more, known + more))
        axes[:known, :known], axes[known:, known:] = self.axes, weighed.axes
        axes[known:, :known] = -weighed.axes @ weighed.parts[:, shown].T
        beside = weighed.common[:, shown]
        self.common = np.block([[self.common, beside], [beside.T, weighed.own[np.ix_(shown, shown)]]])
        along = weighed.axes.T @ (weighed.axes @ weighed.aside_along[shown])
        self.aside = self.aside - weighed.rows[shown].T @ along + self.rows.T @ (weighed.parts[:, shown] @ along)
        self.leverage = self.leverage + weighed.gained()
        self.rows, self.axes = csr_array(vstack([self.rows, weighed.rows[shown]], format="csr")), axes
        self.rows_by_few = self.by_few(self.rows)


class _Weighed:
    """Sums that are asked for one after the other, as far as they lie outside the space of those shown before.

    Attributes
    ----------
    places
        Of each sum, by its identity.
    shown
        The places of those shown that do not follow from others.
    axes
        What is outside the space, of those shown, as axes at right angles: how each is made of them.
    common, parts
        How many people each sum has in common with those that span the space, and how far it is made of them.
    own
        How many people the sums have in common with each other.
    aside_along
        What each sum has in common with the witnesses.
    """

    def __init__(self, sums: OpenSums, members: Sequence[Members]) -> None:
        self._sums, self._members = sums, members  # which are kept, so that no other one has their identity
        self.places = {id(one): place for place, one in enumerate(members)}
        people, few = sums.people, sums.few
        self._sizes = np.array([people[one].sum() for one in members], dtype=np.int64)
        self._too_few = (self._sizes > 0) & (self._sizes < sums.smallest)
        rows, atoms = np.nonzero(np.array(members) & ~self._too_few[:, None])  # these are never shown
        shape = (len(members), len(people))
        self.rows = csr_array((np.ones(len(rows)), (rows, atoms)), shape=shape)
        weighed = csr_array((people[atoms].astype(np.float64), (rows, atoms)), shape=shape)
        self.common = (sums.rows @ weighed.T).toarray()
        self.parts: Floats = sums.axes.T @ (sums.axes @ self.common)
        self.parts += sums.axes.T @ (sums.axes @ (self.common - sums.common @ self.parts))  # what rounding left
        self.own = (self.rows @ weighed.T).toarray()
        left = self.common - sums.common @ self.parts
        self._common: Floats = self.own - self.common.T @ self.parts - self.parts.T @ left
        self.aside_along: Floats = weighed @ sums.aside
        self._outside: Floats = sums.by_few(self.rows).toarray() - sums.rows_by_few @ self.parts
        self._every, axes = self._independent()
        self._most = sums.gained(axes, self._outside[:, self._every])
        self._near = self._together(np.flatnonzero(self._may_be_part(sums.leverage + self._most, people[few])), axes)
        self._people = people[few][self._near]
        self._leverage = sums.leverage[self._near]
        self._aside: Floats = sums.aside[few[self._near]]
        self.shown: list[int] = []
        self.axes: Floats = np.zeros((0, 0))
        self._directions: Floats = np.zeros((0, len(self._near)))
        self._directions_aside: Floats = np.zeros((0, WITNESSES))

    def _independent(self) -> tuple[list[int], Floats]:
        """Return the places of sums that do not follow from the space and each other, and their axes."""
        places: list[int] = []
        axes: Floats = np.zeros((0, 0))
        for place in range(len(self._sizes)):
            along, left = self._left(place, places, axes)
            if left > 0:
                places, axes = [*places, place], _grown(axes, along, left)
        return places, axes

    def _left(self, place: int, shown: Sequence[int], axes: Floats) -> tuple[Floats, float]:
        """Return how much of a sum lies outside the space and those shown, 0 where it follows, and its axes."""
        along = axes @ self._common[shown, place]
        left = float(self._common[place, place] - along @ along)
        return along, math.sqrt(left) if left > CLOSE * max(float(self._sizes[place]), 1.0) else 0.0

    def _may_be_part(self, leverage: Floats, people: Integers) -> Bools:
        """Say of atoms whether they lie in the space enough to be a part of a group of too few."""
        may: Bools = leverage >= people / (self._sums.smallest - 1) - NEARLY_TOLD
        return may

    def _together(self, near: Integers, more: Floats) -> Integers:
        """Return those of the atoms that may be parts of one group, if all sums asked for were shown.

        A group in the space is its own part there. So the parts there that an atom shares with the other atoms of its
        group add up to all of its people.
        """
        sums, most = self._sums, self._sums.smallest - 1
        people = sums.people[sums.few]
        directions = np.vstack([
            sums.axes @ sums.rows_by_few[near].toarray().T,
            more @ self._outside[near][:, self._every].T,
        ]) * people[near]  # fmt: skip
        while len(near):
            own = people[near]
            shared = directions.T @ directions
            alone = shared.diagonal().copy()
            shared[(own[:, None] + own > most) | np.eye(len(near), dtype=bool)] = 0
            first = max(len(near) - most + 1, 0)
            others = np.maximum(np.sort(np.partition(shared, first, axis=1)[:, first:], axis=1)[:, ::-1], 0)
            room = np.arange(others.shape[1]) < most - own[:, None]  # each holds one person at least
            may = alone + (others * room).sum(axis=1) >= own - NEARLY_TOLD
            if may.all():
                break
            near, directions = near[may], directions[:, may]
        return near

    def follows(self, members: Members) -> bool:
        """Say whether a sum is shown, or follows from those shown."""
        place = self.places[id(members)]
        return not self._too_few[place] and self._left(place, self.shown, self.axes)[1] == 0

    def admits(self, members: Members) -> bool:
        """Show a sum, unless a group of too few follows from it and those shown; say whether it is shown."""
        place = self.places[id(members)]
        if self._too_few[place]:
            return False
        along, left = self._left(place, self.shown, self.axes)
        if left == 0:
            return True  # it follows already
        new = (self._outside[self._near, place] - along @ self._directions) / left
        new_aside = (self.aside_along[place] - along @ self._directions_aside) / left
        leverage = self._leverage + new**2 * self._people
        aside = self._aside - np.outer(new, new_aside)
        near = np.flatnonzero(self._may_be_part(leverage, self._people))
        values = (aside[near] * self._people[near, None]).T
        if len(near) and _adds_up_to_nothing(values, self._people[near], self._sums.smallest - 1):
            return False
        self.shown, self.axes = [*self.shown, place], _grown(self.axes, along, left)
        self._directions = np.vstack([self._directions, new])
        self._directions_aside = np.vstack([self._directions_aside, new_aside])
        self._leverage, self._aside = leverage, aside
        return True

    def gained(self) -> Floats:
        """Return how much further each atom of few people lies in the space by the sums shown."""
        if self.shown == self._every:
            return self._most
        return self._sums.gained(self.axes, self._outside[:, self.shown])


def _squares(columns: Floats) -> Floats:
    squares: Floats = np.einsum("da,da->a", columns, columns)
    return squares


def _grown(axes: Floats, along: Floats, left: float) -> Floats:
    """Return the axes with one more: of what is left of a sum beside those that there are."""
    grown = np.zeros((len(axes) + 1, len(axes) + 1))
    grown[:-1, :-1], grown[-1, :-1], grown[-1, -1] = axes, -(along @ axes) / left, 1 / left
    return grown


def _adds_up_to_nothing(values: Floats, people: Integers, most: int) -> bool:
    """Say whether some columns of `values`, of at most `most` people together, add up to nothing, or nearly.

    Groups are put together from two halves without a common atom, each of at most half of the atoms, rounded up.
    """
    atoms, heads = _groups_of(people, size=(most + 1) // 2, most=most)
    sums = np.hstack([values, np.zeros((len(values), 1))])[:, atoms].sum(axis=2)  # the last atom is nobody
    if (np.abs(sums).max(axis=0) < NEARLY_TOLD).any():
        return True
    order = np.argsort(sums[0], kind="stable")
    sums, heads, atoms = sums[:, order], heads[order], atoms[order]
    low = np.searchsorted(sums[0], -sums[0] - NEARLY_TOLD, side="left")
    high = np.searchsorted(sums[0], -sums[0] + NEARLY_TOLD, side="right")
    counts = np.maximum(high - np.maximum(low, np.arange(len(low)) + 1), 0)  # each pair of halves once
    ends = np.cumsum(counts)
    for start in range(0, int(counts.sum()), PAIRS_AT_ONCE):
        pairs = np.arange(start, min(start + PAIRS_AT_ONCE, ends[-1]))
        one = np.searchsorted(ends, pairs, side="right")
        other = high[one] - (ends[one] - pairs)
        fits = (np.abs(sums[:, one] + sums[:, other]) < NEARLY_TOLD).all(axis=0) & (heads[one] + heads[other] <= most)
        own, others = atoms[one[fits]], atoms[other[fits]]
        shared = (own[:, :, None] == others[:, None, :]) & (own < len(people))[:, :, None]
        if (~shared.any(axis=(1, 2))).any():
            return True
    return False


def _groups_of(people: Integers, *, size: int, most: int) -> tuple[Integers, Integers]:
    """Return the atoms and people of all groups of at most `size` atoms and `most` people, filled up with nobody."""
    nobody, places = len(people), np.arange(len(people))
    atoms, heads = places[:, None], people
    every = [(atoms, heads)]
    for _ in range(size - 1):
        before, after = np.nonzero(atoms[:, [-1]] < places)
        enough = heads[before] + people[after] <= most
        before, after = before[enough], after[enough]
        atoms, heads = np.hstack([atoms[before], after[:, None]]), heads[before] + people[after]
        every.append((atoms, heads))
    filled = [np.pad(one, ((0, 0), (0, size - one.shape[1])), constant_values=nobody) for one, _ in every]
    return np.vstack(filled), np.concatenate([one for _, one in every])
