"""Which differences are more than chance: a group against all others, and a level that changed, whenever it did."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from math import inf
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtr

from workbench.analyses.arrays import Floats
from workbench.analyses.effect_size import holm_values
from workbench.analyses.respondent_errors import ROUNDING
from workbench.analyses.small_groups import GREY_BELOW
from workbench.schema import SurveyMeasure

PANEL_ERROR = 0.05
"""How often a panel may call something a difference where there is none: once in twenty."""

CHART_ERROR = PANEL_ERROR / 2
"""The panel compares in two charts, groups and periods; each may err in half as many cases."""

DRAWS, TREND_SEED = 10_000, 20261128


ChangeForm = Literal["step", "episode", "drift"]
"""A level that changed and stayed, one that was another for a while, one that moves little by little."""

LONGEST_EPISODE = 3
"""In periods: what lasts longer is a level, and is found as a step or two."""

CYCLES = 2
"""From so many years on, periods are compared with the same months or quarters of other years."""

ENDS_OF_SCALE: Mapping[SurveyMeasure, tuple[float, float]] = {"nps": (-100, 100), "csat": (0, 1), "ces": (-inf, inf)}


@dataclass(frozen=True)
class TrendChange:
    """How the level changed, and how often chance does as much.

    A step: `before` is the mean of all periods before `since`, `after` that of `since` and later. An episode: `after`
    is the mean of the periods from `since` to `until`, `before` that of all others. A drift: a straight line from
    `before` in `since`, the first period, to `after` in `until`, the last. The true begin of a step may be a neighbour.
    """

    form: ChangeForm
    since: date
    until: date
    before: float
    after: float
    p_value: float

    @property
    def change(self) -> float:
        """How far the level moved."""
        return self.after - self.before


@dataclass(frozen=True)
class TrendVerdict:
    """Whether a trend changed: the change; whether there was enough to tell; whether seasons were taken out."""

    change: TrendChange | None
    is_told: bool
    is_without_seasons: bool


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
    contrasts, _ = series.contrasts(np.eye(len(known)))
    for place in np.flatnonzero(judged) if len(known) > 1 else ():
        differences[place], deviations[place] = series.against(contrasts[place])
    p_values = pd.Series(holm_values(_two_sided(deviations)), index=known.index).reindex(rows.index)
    is_above = pd.Series(differences > 0, index=known.index).reindex(rows.index, fill_value=False)
    clear = p_values <= CHART_ERROR
    stands = np.where(clear & is_above, "above", np.where(clear, "below", "unclear"))
    return rows.assign(p_value=p_values, stands=stands)


def trend_verdict(periods: pd.DataFrame, measure: SurveyMeasure) -> TrendVerdict:
    """Find how the level changed, whenever it did; there is no change where chance does as much.

    `periods` is what `satisfaction_trend` gave, as far as it is shown; periods that have not ended and those without
    figures do not count. Tried are every step that leaves answers worth 30 respondents on either side, every episode
    of one to three periods worth 30, and a straight line; each is tested as in `with_standing`. Deviations are compared
    with the largest of 10,000 drawn series without a change (seeded), so that trying them all costs nothing: a change
    is claimed without one in 2.5 % of panels at most. Of the forms that pass, the one that fits the series best is
    told: one change, the clearest. Where the periods span two years or more, each is tested against the same months
    (quarters) of other years only, so that what comes back every year is no change; within less a season cannot be
    told from a change.

    References: James, James & Siegmund (1987), Tests for a change-point.
    """
    ended = periods[periods["value"].notna() & periods["weight"].notna() & ~periods["is_incomplete"].astype(bool)]
    ended = ended.sort_values("period").reset_index(drop=True)
    forms = _forms(np.nan_to_num(ended["effective_base"].to_numpy(dtype=float)))
    if not forms:
        return TrendVerdict(None, is_told=False, is_without_seasons=False)
    seasons = _seasons(ended["period"])
    series = _series(ended, "value", measure, seasons)
    is_without_seasons = len(set(seasons)) > 1
    courses = np.array([course for _, course in forms])
    contrasts, is_known = series.contrasts(courses, seasons)
    nothing = TrendVerdict(None, is_told=bool(is_known.any()), is_without_seasons=is_without_seasons)
    if not series.variances.any() or not is_known.any():
        return nothing
    forms, courses, contrasts = (
        [forms[place] for place in np.flatnonzero(is_known)],
        courses[is_known],
        contrasts[is_known],
    )
    changes, scores = np.array([series.against(contrast) for contrast in contrasts]).T
    plain, fits = np.array([series.against(contrast) for contrast in series.contrasts(courses)[0]]).T
    p_values = _chances_of_largest(np.abs(scores), contrasts, series)
    low, high = ENDS_OF_SCALE[measure]
    for place in np.argsort(-np.abs(fits), kind="stable"):
        (form, course), change = forms[place], float(plain[place])
        before, after = series.ends(course, change) if form == "drift" else series.levels(course)
        is_within = low <= min(before, after) and max(before, after) <= high
        if p_values[place] <= CHART_ERROR and change * changes[place] > 0 and is_within:
            inside = np.flatnonzero(np.ones_like(course) if form == "drift" else course)
            since, until = (pd.Timestamp(ended["period"].iloc[inside[end]]).date() for end in (0, -1))
            clearest = TrendChange(form, since, until, before, after, float(p_values[place]))
            return replace(nothing, change=clearest)
    return nothing


def _forms(bases: Floats) -> list[tuple[ChangeForm, Floats]]:
    """Return the courses that a level may have taken over the periods, each from 0 to 1."""
    count, upto, places = len(bases), np.cumsum(bases), np.arange(len(bases))
    forms: list[tuple[ChangeForm, Floats]] = [
        ("step", (places >= begin).astype(float))
        for begin in range(1, count)
        if min(upto[begin - 1], upto[-1] - upto[begin - 1]) >= GREY_BELOW
    ]
    if not forms:
        return []
    forms += [
        ("episode", ((places >= begin) & (places < begin + length)).astype(float))
        for length in range(1, LONGEST_EPISODE + 1)
        for begin in range(1, count - length)
        if bases[begin : begin + length].sum() >= GREY_BELOW and 2 * length < count
    ]
    return [*forms, ("drift", places / (count - 1))] if count > LONGEST_EPISODE else forms


def _seasons(periods: pd.Series[Any]) -> NDArray[np.int64]:
    """Return the month of the year of each period, where they span two years; else one season for all."""
    months = np.asarray(pd.to_datetime(periods).dt.month, dtype=np.int64)
    spans = pd.to_datetime(periods.iloc[[0, -1]]).dt.year.mul(12).to_numpy() + months[[0, -1]]
    steps = np.unique(np.diff(np.unique(months)))
    every = int(steps.min()) if len(steps) else 12
    is_long = spans[1] - spans[0] + every >= 12 * CYCLES
    return months if is_long else np.zeros_like(months)


@dataclass(frozen=True)
class _Series:
    """The rows' values and weights, and how their values vary: where all rows are alike (pooled), and by their own."""

    values: Floats
    weights: Floats
    variances: Floats
    thirds: Floats
    own_variances: Floats

    def contrasts(self, courses: Floats, seasons: NDArray[np.int64] | None = None) -> tuple[Floats, NDArray[np.bool_]]:
        """Return by which factors the values make the change along each course, within seasons; and which are known.

        Of some rows (1) and all others (0) that is the mean of these minus the mean of those.
        """
        apart = np.asarray(courses, dtype=np.float64).copy()
        for season in np.unique(seasons) if seasons is not None else (None,):
            same = np.ones(len(self.weights), dtype=bool) if season is None else seasons == season
            means = apart[:, same] @ self.weights[same] / self.weights[same].sum()
            apart[:, same] -= means[:, None]
        weighted = apart * self.weights
        lengths = (weighted * apart).sum(axis=1)
        is_known = lengths > ROUNDING * self.weights.sum()
        return weighted / np.where(is_known, lengths, 1.0)[:, None], is_known

    def against(self, contrast: Floats) -> tuple[float, float]:
        """Return the change along a course, e.g. how far some rows lie above all others, and it as a normal deviate."""
        difference, variance = float(contrast @ self.values), float(contrast**2 @ self.variances)
        if variance <= 0:
            return difference, 0.0
        pooled = _normal(difference / variance**0.5, float(contrast**3 @ self.thirds) / variance**1.5)
        own = float(contrast**2 @ self.own_variances)
        by_own = difference / own**0.5 if own > 0 else pooled
        return difference, min(pooled, by_own, key=abs)

    def levels(self, course: Floats) -> tuple[float, float]:
        """Return the mean of the rows outside of a course (0), and of those in it (1)."""
        sides = (course == 0, course == 1)
        outside, inside = (float(np.average(self.values[side], weights=self.weights[side])) for side in sides)
        return outside, inside

    def ends(self, course: Floats, change: float) -> tuple[float, float]:
        """Return both ends of a straight line that changes so much and runs through the middle of all."""
        middle, place = (float(np.average(one, weights=self.weights)) for one in (self.values, course))
        return middle - change * place, middle + change * (1 - place)


def _series(
    rows: pd.DataFrame, column: str, measure: SurveyMeasure, seasons: NDArray[np.int64] | None = None
) -> _Series:
    """Condense rows: respondents differ from the mean of their row by u = Σwy - mean·Σw.

    Over all rows u² and u³ are pooled, and spread over the rows by their respondents, or by the squares of the
    respondents' weights where that is more, as where one row's respondents gave more answers each. With seasons each
    has at least the variance of its own rows.
    """
    columns = (column, "weight", "squares", "cubes", "respondents", "effective_base")
    values, weights, squares, cubes, people, bases = (_numbers(rows[name]) for name in columns)
    by_weight = weights**2 / bases
    everybody, degrees = people.sum(), max(people.sum() - len(people), 1.0)
    pooled = np.maximum(people / degrees, by_weight / by_weight.sum() * everybody / degrees) * squares.sum()
    for season in np.unique(seasons) if seasons is not None else ():
        same = seasons == season  # a share near a half varies more than one near all
        pooled[same] = np.maximum(pooled[same], people[same] * squares[same].sum() / people[same].sum())
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


def _chances_of_largest(sizes: Floats, contrasts: Floats, series: _Series) -> Floats:
    """Say how often series without a change deviate as far along any of the courses, for each size of deviation."""
    scaled = contrasts * np.sqrt(series.variances)
    scaled /= np.sqrt((scaled**2).sum(axis=1, keepdims=True))
    largest = np.sort(np.abs(scaled @ _noise(contrasts.shape[1])).max(axis=0))
    return np.asarray((1 + DRAWS - np.searchsorted(largest, sizes)) / (1 + DRAWS))


@lru_cache(maxsize=4)
def _noise(periods: int) -> Floats:
    """Return the drawn series of so many periods: normal, without a change, the same each time."""
    return np.random.default_rng(TREND_SEED).standard_normal((periods, DRAWS))
