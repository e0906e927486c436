"""Which sums over the same people must be hidden, so that no group of too few follows from those that stay.

Everything shown under one setting is a sum over *atoms*, the finest groups that any of its names tell apart. Sums with
known values are linear equations; what they determine is what lies in the space they span. So the question is not which
row is small but whether something small lies in that space: an atom, a hidden group, or what one sum leaves of another.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from workbench.analyses.arrays import Floats, Integers

Members = NDArray[np.bool_]

CLOSE = 1e-7
"""How far numbers may lie apart that are equal but for the rounding of floats."""

ROW, BESIDE, ALWAYS = 0, 1, 2
"""How hard it is to hide a sum: a row of a table, a sum beside it (hidden last), one that always stands somewhere."""


def hidden_sums(
    members: Members, sizes: Integers, hidden: NDArray[np.bool_], *, ranks: Integers, smallest: int
) -> NDArray[np.bool_]:
    """Hide more sums until those that stay give no small group away.

    Each time something small is found, the smallest sum that it was found from is hidden, one beside a table last. What
    turns out to be no longer needed is shown again.

    Parameters
    ----------
    members
        By sum and atom, whether the atom is part of the sum.
    sizes
        People by atom.
    hidden
        Which sums are hidden already.
    ranks
        By sum, ROW, BESIDE or ALWAYS.

    Returns
    -------
    Which sums are hidden at the end.

    Examples
    --------
    Everybody (33), a group of 30 and a group of 3: who knows the first two knows the third.

    >>> members = np.array([[1, 1], [1, 0], [0, 1]], dtype=bool)
    >>> hidden_sums(members, np.array([30, 3]), np.array([False, False, True]), ranks=np.array([2, 0, 0]), smallest=5)
    array([False,  True,  True])
    """
    sums, atoms = np.unique(members, axis=1, return_inverse=True)  # atoms that no sum tells apart are one
    people = np.bincount(atoms.ravel(), weights=sizes, minlength=sums.shape[1]).astype(np.int64)
    some = people > 0
    parts, people, marked = sums[:, some].astype(np.float64), people[some], hidden.copy()
    counts = parts @ people
    while True:
        used, group = _given_away(parts, people, marked, smallest)
        free = used[ranks[used] < ALWAYS]
        if not free.size:
            break
        free = free[np.lexsort((free, counts[free], ranks[free]))]
        marked[next((one for one in free if not _follows(parts, marked, one, group)), free[0])] = True
    for one in np.flatnonzero(marked & ~hidden)[np.argsort(-counts[marked & ~hidden], kind="stable")]:
        marked[one] = False
        if _given_away(parts, people, marked, smallest)[0].size:
            marked[one] = True
    return marked


def _given_away(
    sums: Floats, people: Integers, hidden: NDArray[np.bool_], smallest: int
) -> tuple[NDArray[np.int64], Floats]:
    """Return the shown sums from which a small group follows, and that group; none where no small group does."""
    shown = np.flatnonzero(~hidden)
    known, nothing = sums[shown], (shown[:0], people[:0].astype(float))
    small = _small_groups(sums, people, hidden, smallest)
    if not shown.size or not len(small):
        return nothing
    weights, *_rest = np.linalg.lstsq(known.T, small.T, rcond=None)
    follows = np.abs(known.T @ weights - small.T).max(axis=0) < CLOSE
    if not follows.any():
        return nothing
    first = int(np.argmax(follows))
    return shown[np.abs(weights[:, first]) > CLOSE], small[first]


def _follows(sums: Floats, hidden: NDArray[np.bool_], one: int, group: Floats) -> bool:
    """Say whether a group follows from the shown sums without one of them."""
    shown = ~hidden
    shown[one] = False
    weights, *_rest = np.linalg.lstsq(sums[shown].T, group, rcond=None)
    return bool(np.abs(sums[shown].T @ weights - group).max() < CLOSE)


def _small_groups(sums: Floats, people: Integers, hidden: NDArray[np.bool_], smallest: int) -> Floats:
    """Return the groups of too few, a row of 0 and 1 each.

    They are the sums themselves, the atoms, as many atoms as no shown sum tells apart, and what one shown sum leaves of
    another.
    """
    shown, counts = np.flatnonzero(~hidden), sums @ people
    few = (counts > 0) & (counts < smallest)
    atoms = np.eye(len(people))
    alike, place = np.unique(sums[shown], axis=1, return_inverse=True)
    classes = np.arange(alike.shape[1])[:, None] == place.ravel()
    parts = np.vstack([atoms, classes.astype(float)])
    parts = parts[parts @ people < smallest]
    left = counts[shown][:, None] - counts[shown][None, :]
    common = (sums[shown] * people) @ sums[shown].T
    nested = (common == counts[shown][None, :]) & (left > 0) & (left < smallest)
    whole, part = np.nonzero(nested)
    return np.vstack([sums[few], parts, sums[shown[whole]] - sums[shown[part]]])
