"""Which sums over the same people may be shown, one after the other, so that no group of too few follows from them.

Everything shown under one setting is a sum over *atoms*, the finest groups that any of its names tell apart. Sums with
known values are linear equations, and what they determine is exactly what lies in the space they span. So the question
is never which row is small but whether something small lies in that space. It is asked of each sum before it is shown:
what is shown stays shown, and whoever comes first costs nothing.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np

from workbench.analyses.arrays import Bools, Floats, Integers

Members = Bools
"""Which atoms a sum is made of."""

CLOSE = 1e-8
"""How far numbers may lie apart that are equal but for the rounding of floats."""

WITNESSES = 3
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

    Atoms weigh as many as they hold people, so that an atom that is parted weighs what its parts do. The space that the
    sums shown span has an orthonormal basis. A group lies in it exactly when it is orthogonal to all that is
    orthogonal to the space; three vectors of that kind, drawn at random, stand for all. An atom that is a part of a
    group in the space must itself lie in it by at least its part of the group's people (its *leverage*). That leaves
    hardly any atom to try, and all groups of them are tried, whether they are rows of a table or not.

    Parameters
    ----------
    people
        How many people each atom holds; none is 0.
    smallest
        Groups of fewer people than this must not follow.

    Examples
    --------
    Everybody (33) and a group of 30: who knows both knows of the three others.

    >>> sums = OpenSums(np.array([30, 3]), smallest=5)
    >>> sums.admits(np.array([True, True])), sums.admits(np.array([True, False]))
    (True, False)
    """

    def __init__(self, people: Integers, *, smallest: int) -> None:
        self.smallest, self._people = smallest, people
        self._roots: Floats = np.sqrt(people)
        self._basis: Floats = np.zeros((0, len(people)))
        self._start()

    def _start(self) -> None:
        """Draw the witnesses anew, orthogonal to what is shown."""
        self._few = np.flatnonzero(self._people < self.smallest)
        self._leverage: Floats = (self._basis[:, self._few] ** 2).sum(axis=0)
        drawn = np.random.default_rng(0).standard_normal((WITNESSES, len(self._people)))
        self._aside: Floats = drawn - (drawn @ self._basis.T) @ self._basis

    def split(self, parents: Integers, people: Integers) -> OpenSums:
        """Return the same sums over finer atoms; `parents` says of each which atom it is a part of, -1 of none.

        The parts of an atom hold its people, so that angles stay what they were.
        """
        finer = OpenSums(people, smallest=self.smallest)
        basis = np.hstack([self._basis / self._roots, np.zeros((len(self._basis), 1))])
        finer._basis = basis[:, parents] * finer._roots
        finer._start()
        return finer

    def admits(self, members: Members) -> bool:
        """Show a sum, unless a group of too few follows from it and those shown; say whether it is shown."""
        rest, is_new = self._rest(members)
        if not is_new:
            return True  # it follows already
        new = rest / float(np.linalg.norm(rest))
        leverage = self._leverage + new[self._few] ** 2
        aside = self._aside - (self._aside @ new)[:, None] * new
        if self._tells(leverage, aside):
            return False
        self._basis, self._leverage, self._aside = np.vstack([self._basis, new]), leverage, aside
        return True

    def follows(self, members: Members) -> bool:
        """Say whether a sum is shown, or follows from those shown."""
        return not self._rest(members)[1]

    def _rest(self, members: Members) -> tuple[Floats, bool]:
        """Return what of a sum lies outside the space, and whether that is more than rounding."""
        row = members * self._roots
        rest = row - (row @ self._basis.T) @ self._basis
        rest -= (rest @ self._basis.T) @ self._basis
        return rest, bool(np.linalg.norm(rest) > CLOSE * max(float(np.linalg.norm(row)), 1.0))

    def _tells(self, leverage: Floats, aside: Floats) -> bool:
        """Say whether some group of too few lies in the space to which `aside` is orthogonal."""
        most = self.smallest - 1
        near = leverage >= self._people[self._few] / most - CLOSE
        places = self._few[near]
        values = aside[:, places] * self._roots[places]
        return bool(len(places)) and _adds_up_to_nothing(values, self._people[places], most)


def _adds_up_to_nothing(values: Floats, people: Integers, most: int) -> bool:
    """Say whether some columns of `values`, of at most `most` people together, add up to nothing.

    Groups are put together from two halves without a common atom, each of at most half of the atoms, rounded up.
    """
    atoms, heads = _groups_of(people, size=(most + 1) // 2, most=most)
    sums = np.hstack([values, np.zeros((len(values), 1))])[:, atoms].sum(axis=2)  # the last atom is nobody
    if (np.abs(sums).max(axis=0) < CLOSE).any():
        return True
    order = np.argsort(sums[0], kind="stable")
    sums, heads, atoms = sums[:, order], heads[order], atoms[order]
    low = np.searchsorted(sums[0], -sums[0] - CLOSE, side="left")
    high = np.searchsorted(sums[0], -sums[0] + CLOSE, side="right")
    nobody = len(people)
    for one in np.flatnonzero(high > low):
        others = slice(low[one], high[one])
        fits = (np.abs(sums[:, others] + sums[:, [one]]).max(axis=0) < CLOSE) & (heads[others] + heads[one] <= most)
        own = atoms[one][atoms[one] < nobody]
        if (fits & ~np.isin(atoms[others], own).any(axis=1)).any():
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
