"""The long run: where customers would end if every period moved them as the last one did, a Markov chain."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import pandas as pd

from workbench.analyses.arrays import Floats
from workbench.topics.movement.query import NOT_YET


@dataclass(frozen=True)
class LongRun:
    """What the shares of the segments tend to, and what must be said with it.

    Attributes
    ----------
    rows
        segment, base (customers there at the first date, on whom its chances rest), now_share, next_share (after one
        more such period), long_run_share (null where there is no answer).
    base
        Customers of whom it speaks: all who were customers at the first date.
    ends
        The groups of segments that nobody leaves once in them. One: the long run does not depend on where customers
        are now. Several: it does. A group of one segment holds its customers for good.
    unknown
        Segments that customers moved into but that had nobody at the first date: what becomes of those in them was
        never seen, so there is no long run.
    is_periodic
        Customers go round in step, so that the shares never settle; the long run is then the average over time.
    """

    rows: pd.DataFrame
    base: int
    ends: tuple[tuple[str, ...], ...]
    unknown: tuple[str, ...]
    is_periodic: bool

    @property
    def exists(self) -> bool:
        """Whether there is an answer."""
        return not self.unknown and self.base > 0


def long_run(cells: pd.DataFrame, *, left_out: Collection[str] = (NOT_YET,)) -> LongRun:
    """Ask what the segments would hold if every period moved customers as this one did.

    It assumes that chances depend on the segment a customer is in alone (not on how they came there, nor for how
    long they have been in it), that they stay as they were between the two dates, and that nobody new
    comes: newcomers are left out. Chances are shares of those who were in the segment; where these are few, so is their
    worth.

    Parameters
    ----------
    cells
        The rows of `movement_matrix`.
    left_out
        Rows of those who were no customers at the first date.

    References
    ----------
    J. G. Kemeny, J. L. Snell, Finite Markov Chains (1960); P. E. Pfeifer, R. L. Carraway, "Modeling customer
    relationships as Markov chains", Journal of Interactive Marketing 14 (2000).

    Examples
    --------
    >>> cells = pd.DataFrame({"from_segment": ["a", "a", "b"], "to_segment": ["a", "b", "a"],
    ...     "customer_count": [50, 50, 30]})
    >>> [round(share, 3) for share in long_run(cells).rows["long_run_share"]]
    [0.667, 0.333]
    """
    inside = cells[~cells["from_segment"].isin([*left_out])]
    names = sorted({*inside["from_segment"], *inside["to_segment"]})
    counts = inside.pivot_table(
        index="from_segment", columns="to_segment", values="customer_count", aggfunc="sum", fill_value=0
    )
    matrix = counts.reindex(index=names, columns=names, fill_value=0).to_numpy(dtype=float)
    bases, now = matrix.sum(axis=1), matrix.sum(axis=0)
    unknown = tuple(name for name, base in zip(names, bases, strict=True) if not base)
    whole = float(bases.sum())
    rows = pd.DataFrame({"segment": names, "base": bases.astype(int)})
    if unknown or not whole:
        shares = now / whole if whole else now
        rows = rows.assign(now_share=shares, next_share=np.nan, long_run_share=np.nan)
        return LongRun(rows, int(whole), (), unknown, is_periodic=False)
    chances = matrix / bases[:, None]
    ends = closed_classes(chances)
    start = now / whole
    rows = rows.assign(now_share=start, next_share=start @ chances, long_run_share=limit_shares(chances, start))
    groups = tuple(tuple(names[place] for place in group) for group in ends)
    periodic = any(_is_periodic(chances[np.ix_(group, group)]) for group in ends)
    return LongRun(rows, int(whole), groups, (), periodic)


def closed_classes(chances: Floats) -> tuple[tuple[int, ...], ...]:
    """Return the groups of states that reach each other and that nobody leaves.

    >>> closed_classes(np.array([[0.5, 0.5], [0.0, 1.0]]))
    ((1,),)
    """
    size = len(chances)
    step = (chances > 0) | np.eye(size, dtype=bool)
    reach = np.linalg.matrix_power(step.astype(float), max(size, 1)) > 0
    closed = {tuple(int(place) for place in np.flatnonzero(row)) for row in reach}
    return tuple(sorted(group for group in closed if reach[np.ix_(group, group)].all()))


def stationary(chances: Floats) -> Floats:
    """Return the shares that a period leaves as they are, of states that all reach each other.

    >>> stationary(np.array([[0.9, 0.1], [0.3, 0.7]])).round(3).tolist()
    [0.75, 0.25]
    """
    size = len(chances)
    equations = np.vstack([chances.T - np.eye(size), np.ones(size)])
    solution, *_ = np.linalg.lstsq(equations, np.append(np.zeros(size), 1.0), rcond=None)
    shares = np.clip(solution, 0, None)
    return np.asarray(shares / shares.sum(), dtype=float)


def limit_shares(chances: Floats, start: Floats) -> Floats:
    """Return the shares in the long run: those who pass through end in the closed groups, by where they start."""
    ends = closed_classes(chances)
    settled = [place for group in ends for place in group]
    passing = [place for place in range(len(chances)) if place not in settled]
    shares = np.zeros(len(chances))
    within = chances[np.ix_(passing, passing)]
    visits = np.linalg.solve((np.eye(len(passing)) - within).T, start[passing]) if passing else np.zeros(0)
    for group in ends:
        members = list(group)
        arriving = float(start[members].sum() + (visits @ chances[np.ix_(passing, members)]).sum())
        shares[members] = arriving * stationary(chances[np.ix_(members, members)])
    return shares


def _is_periodic(chances: Floats) -> bool:
    """Say whether a closed group is walked round in step: some power of a group that is not has no zero."""
    reach = (chances > 0).astype(float)
    power = reach
    for _step in range(2 * len(chances) ** 2):
        if power.all():
            return False
        power = ((power @ reach) > 0).astype(float)
    return not bool(power.all())
