"""Whether questions measure one thing: Cronbach's alpha, what each adds to it, and the loadings of a single factor."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from workbench.analyses.arrays import Floats
from workbench.analyses.resampled_moments import answer_moments, drawn_moments, standard_scores

RELIABLE_FROM = 0.7
"""From which alpha on a group of questions is called reliable (Nunnally, 1978)."""
QUESTIONNAIRE_ERROR = 0.05
"""How often any group of a panel may get a light that its true alpha would not give it: once in twenty."""
FEWEST_FOR_RELIABILITY = 30
RELIABILITY_DRAWS, RELIABILITY_SEED = 1_000, 20261130
NO_SPREAD = 1e-9

Light = Literal["good", "unclear", "bad", "flat", "few"]
"""Reliable; cannot be told; not reliable; a question that all answered alike; too few answers."""


@dataclass(frozen=True, eq=False)
class Reliability:
    """`rows` has one row per group of questions, `items` one per question in its group."""

    rows: pd.DataFrame
    items: pd.DataFrame


@dataclass(frozen=True)
class SingleFactor:
    """The loadings of one factor and what follows from them."""

    loadings: Floats
    rho_a: float
    composite_reliability: float
    ave: float


def cronbach_alpha(covariances: ArrayLike) -> Floats:
    """Return Cronbach's alpha, k/(k-1) (1 - Σ variances / variance of the sum); of correlations the standardised one.

    One matrix or many, (…, k, k); unknown for fewer than two questions or a sum that does not vary.

    References
    ----------
    L. J. Cronbach, "Coefficient alpha and the internal structure of tests", Psychometrika 16 (1951).

    Examples
    --------
    >>> round(float(cronbach_alpha([[1, 0.5], [0.5, 1]])), 4)
    0.6667
    """
    matrices = np.asarray(covariances, dtype=float)
    count = matrices.shape[-1]
    whole = matrices.sum(axis=(-1, -2))
    own = np.trace(matrices, axis1=-2, axis2=-1)
    if count < 2:
        return np.full(whole.shape, np.nan)
    alphas: Floats = count / (count - 1) * (1 - own / np.where(whole > NO_SPREAD, whole, np.nan))
    return alphas


def single_factor(correlations: NDArray[np.float64]) -> SingleFactor:
    """Return the loadings of questions on one factor, by the first principal component, and what follows from them.

    The component is what PLS in Mode A gives for one group of questions alone; loadings are correlations of questions
    with it. They are larger than those of a common factor, and so are composite reliability, (Σλ)² / ((Σλ)² +
    Σ(1 - λ²)), and the average variance extracted (AVE), the mean of λ². ρA is Dijkstra & Henseler's, of the same
    weights, which corrects for it.

    References
    ----------
    C. Fornell, D. F. Larcker, "Evaluating structural equation models with unobservable variables and measurement
    error", Journal of Marketing Research 18 (1981); T. K. Dijkstra, J. Henseler, "Consistent partial least squares
    path modeling", MIS Quarterly 39 (2015).
    """
    values, vectors = np.linalg.eigh(correlations)
    first = vectors[:, -1] * (1 if vectors[:, -1].sum() >= 0 else -1)
    loadings = first * np.sqrt(values[-1])
    weights = first / np.sqrt(values[-1])
    between = correlations - np.diag(np.diag(correlations))
    products = np.outer(weights, weights)
    own = weights @ (products - np.diag(np.diag(products))) @ weights
    rho_a = (weights @ weights) ** 2 * (weights @ between @ weights) / own if own > 0 else np.nan
    together = loadings.sum() ** 2
    return SingleFactor(
        loadings,
        float(rho_a),
        float(together / (together + (1 - loadings**2).sum())),
        float((loadings**2).mean()),
    )


def construct_reliability(answers: Mapping[str, NDArray[np.float64]], *, draws: int = RELIABILITY_DRAWS) -> Reliability:
    """Judge every group of questions by those who answered it whole.

    `answers` has, by the name of a group, one row per respondent and one column per question (`names_of` their names in
    the same order); missing scores are not filled in.

    The interval of alpha is that of percentiles of `draws` samples of respondents, from a fixed seed, as far out as
    Student's t lies; the intervals of all groups are meant to hold together in 95 % of cases (Bonferroni). A group is
    "good" where its interval lies at RELIABLE_FROM or above, "bad" where it lies below, else "unclear".

    Returns
    -------
    Reliability. `rows`: construct, light, question_count, respondents, left_out (who answered some of it), alpha,
    alpha_low, alpha_high, alpha_standardised, rho_a, composite_reliability, ave. `items`: construct, place, item_total
    (correlation with the sum of the others), alpha_if_dropped (raw; unknown with two questions), loading.
    """
    level = QUESTIONNAIRE_ERROR / max(len(answers), 1) / 2
    rows, items = [], []
    for construct, scores in answers.items():
        answered = ~np.isnan(scores)
        complete = scores[answered.all(axis=1)]
        row = {
            "construct": construct,
            "light": "few",
            "question_count": scores.shape[1],
            "respondents": len(complete),
            "left_out": int((answered.any(axis=1) & ~answered.all(axis=1)).sum()),
        }
        own = pd.DataFrame({"construct": construct, "place": range(scores.shape[1])})
        if len(complete) >= FEWEST_FOR_RELIABILITY:
            is_flat = complete.std(axis=0) < NO_SPREAD
            row |= {"light": "flat"} if is_flat.any() else _judged(complete, draws, level)
            own = own if is_flat.any() else own.assign(**_by_item(complete))
        rows.append(row)
        items.append(own)
    figures = ("alpha", "alpha_low", "alpha_high", "alpha_standardised", "rho_a", "composite_reliability", "ave")
    judged = pd.DataFrame(rows)
    judged = judged.reindex(columns=[*judged.columns, *(name for name in figures if name not in judged.columns)])
    by_item = pd.concat(items, ignore_index=True)
    own_figures = ("item_total", "alpha_if_dropped", "loading")
    missing = [name for name in own_figures if name not in by_item.columns]
    return Reliability(judged, by_item.reindex(columns=[*by_item.columns, *missing]))


def _judged(complete: NDArray[np.float64], draws: int, level: float) -> dict[str, object]:
    ordered = complete[np.lexsort(complete.T)]
    weights = np.ones(len(ordered))
    scaled, _, spreads = standard_scores(ordered, weights)
    whole = answer_moments(scaled, weights)
    units = np.outer(spreads, spreads)
    drawn = cronbach_alpha(drawn_moments(scaled, weights, draws=draws, seed=RELIABILITY_SEED).covariances * units)
    count = len(ordered)
    outside = stats.norm.sf(stats.t.isf(level, count - 1) * np.sqrt(count / (count - 1)))
    low, high = np.nanquantile(drawn, [outside, 1 - outside])
    factor = single_factor(whole.correlations)
    return {
        "light": "good" if low >= RELIABLE_FROM else "bad" if high < RELIABLE_FROM else "unclear",
        "alpha": float(cronbach_alpha(whole.covariances * units)),
        "alpha_low": float(low),
        "alpha_high": float(high),
        "alpha_standardised": float(cronbach_alpha(whole.correlations)),
        "rho_a": factor.rho_a,
        "composite_reliability": factor.composite_reliability,
        "ave": factor.ave,
    }


def _by_item(complete: NDArray[np.float64]) -> dict[str, Floats]:
    """Return what each question adds: its correlation with the sum of the others, and alpha without it."""
    covariances = np.cov(complete.T, bias=True)
    totals, dropped = [], []
    for place in range(complete.shape[1]):
        rest = np.delete(np.arange(complete.shape[1]), place)
        others = complete[:, rest].sum(axis=1)
        varies = others.std() > NO_SPREAD
        totals.append(float(np.corrcoef(complete[:, place], others)[0, 1]) if varies else np.nan)
        dropped.append(float(cronbach_alpha(covariances[np.ix_(rest, rest)])))
    factor = single_factor(np.asarray(np.corrcoef(complete.T), dtype=float))
    return {"item_total": np.array(totals), "alpha_if_dropped": np.array(dropped), "loading": factor.loadings}
