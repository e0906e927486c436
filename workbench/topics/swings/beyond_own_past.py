"""Which scores of the last period lie beyond what the periods before it had, so that few of those named are chance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.analyses.arrays import Integers
from workbench.errors import ChoiceError

SCORE_STEPS = 1000
"""Steps of a score to one spread."""
KEPT_BACK = 0.85
"""Of the share that may be chance, what is spent: where many change at once, what all have in common is known less well
and a few others seem to change the other way (11 instead of 10 in 100 in the simulations of the tests)."""


@dataclass(frozen=True)
class SwingCuts:
    """From which score on a customer of each activity group has swung; a group without such a score is not there."""

    risen_from: Mapping[int, int] = field(default_factory=dict)
    fallen_from: Mapping[int, int] = field(default_factory=dict)


def swing_cuts(counts: pd.DataFrame, *, level: float = 0.10) -> SwingCuts:
    """Return the scores from which the last period differs by more than chance.

    Where nothing has changed, the last period's score is as likely to be that of any other period. So the scores of the
    periods before, of all customers of the same activity, are what chance gives: the p-value of a score is twice the
    share of them that lie as far on the same side (the score itself counted with them). Benjamini and Hochberg's
    procedure over all customers then keeps the expected share of chance among those named at `level`.

    Parameters
    ----------
    counts
        As `score_counts` gives them.
    level
        The share of those named that may be chance, above 0 and below 1.

    Raises
    ------
    ChoiceError
        Where `level` is not between 0 and 1.

    References
    ----------
    B. Efron, "Large-scale simultaneous hypothesis testing: the choice of a null hypothesis", Journal of the American
    Statistical Association 99 (2004), for a chance read off the data; Y. Benjamini, Y. Hochberg, "Controlling the false
    discovery rate", Journal of the Royal Statistical Society B 57 (1995).
    """
    if not 0 < level < 1:
        raise ChoiceError("swings_level", level=level)
    risen, fallen = np.ones(len(counts)), np.ones(len(counts))
    last = counts["last_count"].to_numpy(dtype=np.int64)
    for _group, rows in counts.reset_index(drop=True).groupby("activity_group", sort=True):
        places = rows.sort_values("score_step").index.to_numpy()
        earlier = counts["earlier_count"].to_numpy(dtype=np.int64)[places]
        as_far = earlier.sum() - earlier.cumsum() + earlier
        risen[places] = (1 + as_far) / (1 + earlier.sum())
        fallen[places] = (1 + earlier.cumsum()) / (1 + earlier.sum())
    chance = np.minimum(1, 2 * np.minimum(risen, fallen))
    bound = _largest_p(chance, last, KEPT_BACK * level)
    groups, steps = (counts[name].to_numpy(dtype=np.int64) for name in ("activity_group", "score_step"))
    is_named = (chance <= bound) & (last > 0)
    up, down = is_named & (risen < fallen), is_named & (fallen < risen)
    return SwingCuts(
        {int(one): int(steps[up & (groups == one)].min()) for one in np.unique(groups[up])},
        {int(one): int(steps[down & (groups == one)].max()) for one in np.unique(groups[down])},
    )


def _largest_p(chance: NDArray[np.float64], last: Integers, level: float) -> float:
    """Return the largest p-value that Benjamini and Hochberg name; below all where they name none."""
    order = np.argsort(chance, kind="stable")
    ordered, so_many = chance[order], last[order].cumsum()
    is_last_of_equals = np.append(ordered[1:] != ordered[:-1], True)
    passes = is_last_of_equals & (ordered <= level * so_many / max(int(last.sum()), 1))
    return float(np.max(ordered[passes])) if passes.any() else -1.0
