"""How closely each question goes with an overall judgement beside all others, and how sure that is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from workbench.analyses.answer_matrix import item_column
from workbench.analyses.arrays import Bools, Floats
from workbench.analyses.choices import check_choice
from workbench.analyses.effect_size import holm_values
from workbench.analyses.resampled_moments import AnswerMoments, answer_moments, drawn_moments, standard_scores
from workbench.errors import NothingToShow
from workbench.topics.drivers.query import OUTCOME_COLUMN
from workbench.topics.drivers.relative_weights import johnson_weights
from workbench.topics.drivers.shapley_weights import lmg_weights

ImportanceMethod = Literal["johnson", "shapley"]
WEIGHTS: Mapping[ImportanceMethod, Callable[..., Floats]] = {"johnson": johnson_weights, "shapley": lmg_weights}

FEWEST_COMPLETE, FEWEST_PER_DRIVER = 30, 10
"""How many respondents must have rated all questions: 30, and ten for each question."""

LEAST_EFFECTIVE_SHARE = 0.5
"""How many respondents of equal weight they must be worth, as a share of the fewest."""

DRIVERS_ERROR = 0.05
"""How often a panel may say of any question that it goes with the outcome where none does: once in twenty."""

RANKING_ERROR = DRIVERS_ERROR / 2
"""The bars name the question of the largest share, the map places all: each may err in half as many cases."""

IMPORTANCE_DRAWS, IMPORTANCE_SEED = 1_000, 20261130

ALMOST_ALIKE = 10.0
"""A variance inflation from which a question says almost what the others say (Marquardt, 1970)."""
NO_OWN_PART = 1e-9
MOST_UNKNOWN = 0.05
"""Where more of the draws than this have a question that all answered alike, there is no interval."""


@dataclass(frozen=True, eq=False)
class DriverImportance:
    """What `driver_importance` found.

    `rows` has one row per question, the largest share first. `r_squared` is what all questions explain together,
    `base` who rated them all, `left_out` who rated the outcome and not all of them. `leading` is the question whose
    share is larger than every other by more than chance; None where none is. `degrees` are the respondents (of equal
    weight) left after one for each question and one more. `share_draws` and `mean_draws` (points
    of the own scale) are the draws, in the order of `rows`.
    """

    rows: pd.DataFrame
    r_squared: float
    base: int
    left_out: int
    leading: str | None
    degrees: float
    share_draws: Floats
    mean_draws: Floats

    @property
    def is_shown(self) -> bool:
        """Whether any question goes with the outcome by more than chance; else no share means anything."""
        return bool((self.rows["association"] != "unclear").any())


def driver_importance(
    answers: Mapping[str, NDArray[Any]],
    *,
    items: Sequence[str],
    method: ImportanceMethod = "johnson",
    draws: int = IMPORTANCE_DRAWS,
) -> DriverImportance:
    """Split what the questions explain of the outcome among them, with intervals over respondents.

    Only respondents who rated all questions count (`left_out` says how many did not). Importance says how closely
    answers go together beside all others, never what would change if a score were changed.

    `importance_share` is a question's part of R², by Johnson's relative weights or Shapley's; `share_low` and
    `share_high` its 95 % interval: percentiles of `draws` samples of respondents, drawn with all their answers from a
    fixed seed, spread as Student's t for the respondents left after one is taken for each question. How often it holds
    the true share is tried in `tests/topics/drivers/test_trials.py`.

    `association` is "up" or "down" where the correlation of a question with the outcome is more than chance, by the
    t test and by the same with errors of its own for each respondent (White), the larger p-value of both, corrected by
    Holm over all questions: of panels where no question goes with the outcome 5 % claim one at most.

    `per_point` is how many points more of the outcome go with one point more of the question (of their own scales)
    among people whose other answers are equal; unknown where a question is linear in the others.

    Parameters
    ----------
    answers
        What `driver_answers` gave, as arrays.
    items
        The names of its columns item_0, item_1 ….

    Returns
    -------
    DriverImportance, its rows with item, importance_share, share_low, share_high, explained_part (of R²), association,
    correlation, p_value (corrected), per_point, per_point_low, per_point_high, mean_score, inflation (of variance, by
    the other questions), missing_count (who rated the outcome and not this).

    Raises
    ------
    NothingToShow
        Fewer than FEWEST_COMPLETE respondents rated all questions, or fewer than FEWEST_PER_DRIVER for each; weights so
        unequal that these are worth fewer than half as many of equal weight; everybody gave the outcome, or a question,
        the same score.

    References
    ----------
    Johnson (2000) and Lindeman, Merenda & Gold (1980), see `johnson_weights` and `lmg_weights`; T. C. Hesterberg,
    "What teachers should know about the bootstrap", The American Statistician 69 (2015), for the wider percentiles; H.
    White, "A heteroskedasticity-consistent covariance matrix estimator", Econometrica 48 (1980).
    """
    check_choice("method", method, get_args(ImportanceMethod))
    values, weights, is_complete = _complete(answers, items)
    scaled, means, spreads = standard_scores(values, weights)
    _check_varied(spreads / np.maximum(np.abs(means), 1), items)
    whole = answer_moments(scaled, weights)
    drawn = drawn_moments(scaled, weights, draws=draws, seed=IMPORTANCE_SEED)
    parts, part_draws = _parts(whole, method), _parts(drawn, method)
    r_squared = float(parts.sum())
    shares = parts / r_squared if r_squared > NO_OWN_PART else np.full(len(items), np.nan)
    share_draws = part_draws / part_draws.sum(axis=-1, keepdims=True)
    degrees = weights.sum() ** 2 / (weights**2).sum() - len(items) - 1
    inflation = _inflation(whole.correlations[:-1, :-1])
    scale = spreads[-1] / spreads[:-1]
    is_own = np.isfinite(inflation)
    slopes = np.where(is_own, _slopes(whole) * scale, np.nan)
    slope_draws = np.where(is_own, _slopes(drawn) * scale, np.nan)
    p_values = holm_values(_chances(scaled, weights))
    correlations = whole.correlations[:-1, -1]
    is_clear = p_values <= DRIVERS_ERROR
    share_low, share_high = _interval(share_draws, degrees)
    # Draws of shares lie nearer each other than the shares, as these do than the true ones: the farther end counts.
    farther = np.maximum(shares - share_low, share_high - shares)
    share_low, share_high = np.maximum(shares - farther, 0.0), np.minimum(shares + farther, 1.0)
    # What may be chance may be nothing, though no draw is; one alone may be all there is.
    share_low = np.where(is_clear | np.isnan(share_low), share_low, 0.0)
    share_high = np.where(is_clear & (is_clear.sum() == 1) & ~np.isnan(share_high), 1.0, share_high)
    slope_low, slope_high = _interval(slope_draws, degrees)
    rows = pd.DataFrame(
        {
            "item": list(items),
            "importance_share": shares,
            "share_low": share_low,
            "share_high": share_high,
            "explained_part": parts,
            "association": np.where(is_clear, np.where(correlations > 0, "up", "down"), "unclear"),
            "correlation": correlations,
            "p_value": p_values,
            "per_point": slopes,
            "per_point_low": slope_low,
            "per_point_high": slope_high,
            "mean_score": means[:-1],
            "inflation": inflation,
            "missing_count": [int(np.isnan(answers[item_column(place)]).sum()) for place in range(len(items))],
        }
    )
    order = np.lexsort((rows["item"], -np.nan_to_num(shares)))
    mean_draws = means[:-1] + drawn.means[:, :-1] * spreads[:-1]
    return DriverImportance(
        rows.iloc[order].reset_index(drop=True),
        r_squared,
        int(is_complete.sum()),
        int((~is_complete).sum()),
        _leading(shares[order], share_draws[:, order], rows.iloc[order], degrees),
        float(degrees),
        share_draws[:, order],
        mean_draws[:, order],
    )


def fewest_respondents(count: int) -> int:
    """Return how many must have rated all of so many questions.

    >>> fewest_respondents(2), fewest_respondents(12)
    (30, 120)
    """
    return max(FEWEST_COMPLETE, FEWEST_PER_DRIVER * count)


def joint_widths(draws: Floats, values: Floats, *, error: float, degrees: float, questions: int) -> Floats:
    """Return how far either way intervals reach that hold all true values together, but in `error` of cases.

    The `1 - error` quantile of the largest deviation of a draw from the values, each in its own standard deviation,
    set as far out as Student's t of so many degrees of freedom lies beyond the normal, wider by what the questions
    cost. A value that no draw moves has
    no width; where draws are unknown, the widths are.
    """
    spreads = draws.std(axis=0)
    moved = spreads > NO_OWN_PART
    if not moved.any():
        return np.where(np.isnan(spreads), np.nan, 0.0)
    farthest = (np.abs(draws - values)[:, moved] / spreads[moved]).max(axis=1)
    reach = _widened(degrees, questions) * stats.t.isf(stats.norm.sf(np.quantile(farthest, 1 - error)), degrees)
    widths: Floats = spreads * reach
    return widths


def _widened(degrees: float, count: int) -> float:
    """Return how much wider draws of respondents would spread, had no question cost one."""
    return float(np.sqrt((degrees + 1 + count) / (degrees + 1)))


def _complete(answers: Mapping[str, NDArray[Any]], items: Sequence[str]) -> tuple[Floats, Floats, Bools]:
    """Return the answers of those who rated all, outcome last, in an order of their own: equal answers, equal draws."""
    columns = [np.asarray(answers[item_column(place)], dtype=float) for place in range(len(items))]
    values = np.column_stack([*columns, np.asarray(answers[OUTCOME_COLUMN], dtype=float)])
    weights = np.asarray(answers["weight"], dtype=float)
    is_complete: Bools = ~np.isnan(values).any(axis=1)
    fewest = fewest_respondents(len(items))
    if is_complete.sum() < fewest:
        raise NothingToShow(
            "drivers_too_few", complete=int(is_complete.sum()), rated=len(values), fewest=fewest, count=len(items)
        )
    values, weights = values[is_complete], weights[is_complete]
    effective = weights.sum() ** 2 / (weights**2).sum()
    if effective < LEAST_EFFECTIVE_SHARE * fewest:
        raise NothingToShow(
            "drivers_unequal_weights", complete=len(values), effective=int(effective), fewest=int(fewest / 2)
        )
    order = np.lexsort([weights, *values[:, np.argsort(np.asarray(items, dtype=object))].T, values[:, -1]])
    return values[order], weights[order], is_complete


def _check_varied(spreads: Floats, items: Sequence[str]) -> None:
    flat = spreads < NO_OWN_PART
    if flat[-1]:
        raise NothingToShow("drivers_flat_outcome")
    if flat.any():
        raise NothingToShow("drivers_flat", items=[item for item, is_flat in zip(items, flat, strict=False) if is_flat])


def _parts(moments: AnswerMoments, method: ImportanceMethod) -> Floats:
    """Return the parts of R²; unknown for a draw in which all answered a question alike."""
    correlations = moments.correlations
    is_known: Bools = np.asarray(~np.isnan(correlations).any(axis=(-1, -2)))
    sound = np.where(is_known[..., None, None], correlations, np.eye(correlations.shape[-1]))
    parts = WEIGHTS[method](sound[..., :-1, :-1], sound[..., :-1, -1])
    return np.where(is_known[..., None], np.maximum(parts, 0.0), np.nan)


def _slopes(moments: AnswerMoments) -> Floats:
    covariances = moments.covariances
    inverse = np.linalg.pinv(covariances[..., :-1, :-1], hermitian=True, rcond=NO_OWN_PART)
    slopes: Floats = (inverse @ covariances[..., :-1, -1:])[..., 0]
    return slopes


def _inflation(correlations: Floats) -> Floats:
    """Return 1 / (1 - R²) of each question by the others; without end where it is linear in them."""
    left = np.empty(len(correlations))
    for place in range(len(correlations)):
        others = np.delete(np.arange(len(correlations)), place)
        row = correlations[place, others]
        left[place] = 1 - row @ np.linalg.pinv(correlations[np.ix_(others, others)], hermitian=True, rcond=1e-10) @ row
    return np.where(left > NO_OWN_PART, 1 / np.where(left > NO_OWN_PART, left, 1.0), np.inf)


def _chances(scaled: Floats, weights: Floats) -> Floats:
    """Return for each question the p-value that it does not go with the outcome: the larger of two t tests."""
    effective = weights.sum() ** 2 / (weights**2).sum()
    degrees = effective - 2
    products = scaled[:, :-1] * scaled[:, -1:]
    correlations = weights @ products / weights.sum()
    plain = correlations * np.sqrt(degrees / np.maximum(1 - correlations**2, NO_OWN_PART))
    errors = np.sqrt((weights**2) @ (products - correlations) ** 2) / weights.sum() * np.sqrt(effective / degrees)
    robust = correlations / np.maximum(errors, NO_OWN_PART)
    chances: Floats = 2 * stats.t.sf(np.minimum(np.abs(plain), np.abs(robust)), degrees)
    return chances


def _interval(draws: Floats, degrees: float) -> tuple[Floats, Floats]:
    """Return the 95 % interval: percentiles as far out as Student's t with fewer degrees of freedom lies."""
    outside = stats.norm.cdf(-stats.t.ppf(0.975, degrees) * _widened(degrees, draws.shape[1]))
    is_known = np.isnan(draws).mean(axis=0) <= MOST_UNKNOWN
    low, high = np.nanquantile(np.where(is_known, draws, 0.0), [outside, 1 - outside], axis=0)
    return np.where(is_known, low, np.nan), np.where(is_known, high, np.nan)


def _leading(shares: Floats, draws: Floats, rows: pd.DataFrame, degrees: float) -> str | None:
    """Return the question whose share exceeds each other by more than chance makes any two differ, if there is one."""
    is_known = ~np.isnan(draws).any(axis=1)
    if np.isnan(shares).any() or (~is_known).mean() > MOST_UNKNOWN or rows["association"].iloc[0] == "unclear":
        return None
    first, second = np.triu_indices(len(shares), k=1)
    gaps, gap_draws = shares[first] - shares[second], (draws[:, first] - draws[:, second])[is_known]
    widths = joint_widths(gap_draws, gaps, error=RANKING_ERROR, degrees=degrees, questions=len(shares))
    ahead = (gaps > widths + NO_OWN_PART)[first == 0]
    return str(rows["item"].iloc[0]) if ahead.all() else None
