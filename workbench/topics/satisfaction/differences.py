"""Which differences are more than chance: a group against all others, and a level that shifted, whenever it did."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtr

from workbench.analyses.arrays import Floats
from workbench.analyses.respondent_errors import ROUNDING
from workbench.analyses.small_groups import GREY_BELOW
from workbench.schema import SurveyMeasure

PANEL_ERROR = 0.05
"""How often a panel may call something a difference where there is none: once in twenty."""

CHART_ERROR = PANEL_ERROR / 2
"""The panel compares in two charts, groups and periods; each may err in half as many cases."""

DRAWS, SHIFT_SEED = 10_000, 20261128


@dataclass(frozen=True)
class Shift:
    """A change of level: the mean of all periods before, that of `since` and later, and how often chance does as much.

    `since` is the period at which the two lie farthest apart, in standard errors; the true one may be a neighbour.
    """

    since: date
    before: float
    after: float
    p_value: float

    @property
    def change(self) -> float:
        """How far the level moved."""
        return self.after - self.before


def with_standing(rows: pd.DataFrame, measure: SurveyMeasure) -> pd.DataFrame:
    """Add how each group stands to all the others: `p_value` (corrected) and `stands`, above, below or unclear.

    `rows` is what `nps`, `csat` or `ces` gave by a dimension, as far as it is shown. Each group worth 30 respondents or
    more is tested against all other groups together: the difference is divided by the standard error it has where all
    groups are alike, its skewness taken out by Wilson & Hilferty's cube root (as in a permutation of respondents over
    the groups). For NPS and CES, where groups of one mean may scatter differently, it is divided by the error made of
    the groups' own variances as well, and the smaller result counts; a share has the variance that its size gives it. A
    respondent's answers within a group move together; that a respondent answered in several groups makes the test too
    careful, never too bold. The p
    values are Holm's: where all groups are alike, any of them is called above or below in 2.5 % of panels at most; how
    often it was in simulations stands in `docs/trials.md`.

    References: Mielke & Berry (2001) for permutations by their first three moments; Wilson & Hilferty (1931); Holm
    (1979).
    """
    known = rows[rows[measure].notna() & rows["weight"].notna()]
    series = _series(known, measure, measure)
    judged = ~known["is_small"].to_numpy(dtype=bool)
    differences, deviations = np.full(len(known), np.nan), np.full(len(known), np.nan)
    for place in np.flatnonzero(judged) if len(known) > 1 else ():
        side = np.arange(len(known)) == place
        differences[place], deviations[place] = series.against(side)
    p_values = pd.Series(_holm(_two_sided(deviations)), index=known.index).reindex(rows.index)
    is_above = pd.Series(differences > 0, index=known.index).reindex(rows.index, fill_value=False)
    clear = p_values <= CHART_ERROR
    stands = np.where(clear & is_above, "above", np.where(clear, "below", "unclear"))
    return rows.assign(p_value=p_values, stands=stands)


def level_shift(periods: pd.DataFrame, measure: SurveyMeasure) -> Shift | None:
    """Find the split of time at which the level before and the level after differ most; None where chance does as much.

    `periods` is what `satisfaction_trend` gave, as far as it is shown; periods that have not ended and those without
    figures do not count. Every split is tried that leaves answers worth 30 respondents on either side, tested as in
    `with_standing`; the largest deviation is compared with the largest of 10,000 drawn series without a shift (seeded),
    so that trying them all costs nothing. A shift is claimed without one in 2.5 % of panels at most. One shift is
    looked for: a dip that mended itself is found only if the level before and after a split differs nonetheless.

    References: James, James & Siegmund (1987), Tests for a change-point.
    """
    ended = periods[periods["value"].notna() & periods["weight"].notna() & ~periods["is_incomplete"].astype(bool)]
    ended = ended.sort_values("period")
    series = _series(ended, "value", measure)
    bases = np.nan_to_num(ended["effective_base"].to_numpy(dtype=float)).cumsum()
    splits = [end for end in range(1, len(ended)) if min(bases[end - 1], bases[-1] - bases[end - 1]) >= GREY_BELOW]
    if not splits or not series.variances.any():
        return None
    before = np.array([np.arange(len(ended)) < end for end in splits])
    scores = np.array([series.against(side)[1] for side in before])
    farthest = int(np.abs(scores).argmax())
    p_value = _chance_of_largest(float(np.abs(scores).max()), before, series)
    if p_value > CHART_ERROR:
        return None
    side = before[farthest]
    since = pd.Timestamp(ended["period"].iloc[splits[farthest]]).date()
    return Shift(since, series.level(side), series.level(~side), p_value)


@dataclass(frozen=True)
class _Series:
    """The rows' values and weights, and how their values vary: where all rows are alike (pooled), and by their own."""

    values: Floats
    weights: Floats
    variances: Floats
    thirds: Floats
    own_variances: Floats

    def contrast(self, side: NDArray[np.bool_]) -> Floats:
        """Return by which factors the values make the mean of some rows minus that of all others."""
        parts = [self.weights * part / self.weights[part].sum() for part in (side, ~side)]
        return np.asarray(parts[0] - parts[1])

    def against(self, side: NDArray[np.bool_]) -> tuple[float, float]:
        """Return how far the mean of some rows lies above that of all others, and the same as a normal deviate."""
        contrast = self.contrast(side)
        difference, variance = float(contrast @ self.values), float(contrast**2 @ self.variances)
        if variance <= 0:
            return difference, 0.0
        pooled = _normal(difference / variance**0.5, float(contrast**3 @ self.thirds) / variance**1.5)
        own = float(contrast**2 @ self.own_variances)
        by_own = difference / own**0.5 if own > 0 else pooled
        return difference, min(pooled, by_own, key=abs)

    def level(self, side: NDArray[np.bool_]) -> float:
        """Return the mean of some rows."""
        return float(np.average(self.values[side], weights=self.weights[side]))


def _series(rows: pd.DataFrame, column: str, measure: SurveyMeasure) -> _Series:
    """Condense rows: respondents differ from the mean of their row by u = Σwy - mean·Σw.

    Over all rows u² and u³ are pooled, and spread over the rows by their respondents, or by the squares of the
    respondents' weights where that is more, as where one row's respondents gave more answers each.
    """
    columns = (column, "weight", "squares", "cubes", "respondents", "effective_base")
    values, weights, squares, cubes, people, bases = (_numbers(rows[name]) for name in columns)
    by_weight = weights**2 / bases
    everybody, degrees = people.sum(), max(people.sum() - len(people), 1.0)
    pooled = np.maximum(people / degrees, by_weight / by_weight.sum() * everybody / degrees) * squares.sum()
    if squares.sum() <= ROUNDING * ((values * weights) ** 2).sum():
        pooled = np.zeros(len(values))
    own = np.zeros(len(values)) if measure == "csat" else squares * people / np.maximum(people - 1, 1)
    thirds = cubes.sum() * people / everybody
    return _Series(values, weights, pooled / weights**2, thirds / weights**3, own / weights**2)


def _numbers(column: pd.Series[Any]) -> Floats:
    return pd.to_numeric(column).to_numpy(dtype=np.float64, na_value=np.nan)


def _normal(deviation: float, skewness: float) -> float:
    """Turn a deviation of a skewed distribution (Pearson's type III) into one of the normal.

    >>> round(_normal(2.0, 0.0), 3), round(_normal(2.0, 0.5), 3), round(_normal(-2.0, 0.5), 3)
    (2.0, 1.82, -2.392)
    """
    if abs(skewness) < 1e-6:
        return deviation
    root = np.cbrt(max(skewness * deviation / 2 + 1, 0.0))
    return float(6 / skewness * (root - 1) + skewness / 6)


def _two_sided(deviations: Floats) -> Floats:
    return np.asarray(2 * ndtr(-np.abs(deviations)))


def _holm(p_values: Floats) -> Floats:
    """Correct p values for their number; unknown ones are not counted.

    >>> _holm(np.array([0.01, np.nan, 0.04, 0.03]))
    array([0.03,  nan, 0.06, 0.06])
    """
    corrected = np.full(len(p_values), np.nan)
    known = np.flatnonzero(~np.isnan(p_values))
    order = known[np.argsort(p_values[known], kind="stable")]
    left = len(order) - np.arange(len(order))
    corrected[order] = np.minimum(np.maximum.accumulate(p_values[order] * left), 1)
    return corrected


def _chance_of_largest(largest: float, before: NDArray[np.bool_], series: _Series) -> float:
    """Say how often series without a shift deviate as far at any of their splits."""
    contrasts = np.array([series.contrast(side) for side in before]) * np.sqrt(series.variances)
    contrasts /= np.sqrt((contrasts**2).sum(axis=1, keepdims=True))
    drawn = contrasts @ _noise(before.shape[1])
    return float((1 + (np.abs(drawn).max(axis=0) >= largest).sum()) / (1 + DRAWS))


@lru_cache(maxsize=4)
def _noise(periods: int) -> Floats:
    """Return the drawn series of so many periods: normal, without a shift, the same each time."""
    return np.random.default_rng(SHIFT_SEED).standard_normal((periods, DRAWS))
