"""The importance–performance map: what to keep up, where to concentrate, and what cannot be told."""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np
import pandas as pd

from workbench.analyses.arrays import Bools, Floats
from workbench.analyses.choices import check_choice
from workbench.errors import ChoiceError
from workbench.topics.drivers.importance import NO_OWN_PART, RANKING_ERROR, DriverImportance, joint_widths

Crossing = Literal["mean", "median", "target"]
Quadrant = Literal["concentrate", "keep_up", "overkill", "low_priority", "undecided", "reversed", "unscaled"]
"""In the order in which a list of priorities has them."""


def importance_map(
    importance: DriverImportance, *, scales: pd.DataFrame, cross: Crossing = "mean", target: float = 0.75
) -> pd.DataFrame:
    """Place every question by its share of importance and by how high it is rated, and say in which quadrant it lies.

    Above the line of importance and below that of the score: concentrate here; above both: keep up; below both: low
    priority; else possible overkill. A question is undecided where the interval of its distance to one of the lines
    holds 0; the intervals hold all distances of the map together in 97.5 % of cases, the lines moving with the draws
    where they are made of the same answers. Where no question goes with the outcome by more than chance, all are
    undecided. A question that goes with a lower outcome ("reversed") is not judged: a high score is not good there; nor
    is one whose scale nobody knows ("unscaled").

    Parameters
    ----------
    importance
        What `driver_importance` gave.
    scales
        What `item_scales` gave, as rows; a question that is rated on several scales has none.
    cross
        Where the lines lie: at the mean or the median of the questions, or at `target` (the score; importance is then
        compared with the mean).
    target
        A score from 0 (the lowest) to 1 (the highest).

    Returns
    -------
    the rows of `importance`, with quadrant, importance_low, importance_high, importance_line, score_share (0 to 1 of
    the own scale), score_low, score_high, score_line; in the order of Quadrant, then by falling share. The intervals
    are those of the distances, laid around the lines as they stand.

    References
    ----------
    J. A. Martilla, J. C. James, "Importance-performance analysis", Journal of Marketing 41 (1977).
    """
    check_choice("cross", cross, get_args(Crossing))
    if not 0 <= target <= 1:
        raise ChoiceError("drivers_target", value=target)
    rows = importance.rows
    ends = scales[scales["scale_count"] == 1].set_index("item")[["scale_low", "scale_high"]].reindex(rows["item"])
    low, high = ends.to_numpy(dtype=float).T
    scores = _on_scale(rows["mean_score"].to_numpy(), low, high)
    score_draws = _on_scale(importance.mean_draws, low, high)
    shares, share_draws = rows["importance_share"].to_numpy(), importance.share_draws
    is_placed = ~np.isnan(scores) & ~np.isnan(shares) & (rows["association"] != "down").to_numpy()
    is_known = ~np.isnan(share_draws).any(axis=1)
    share_draws, score_draws = share_draws[is_known], score_draws[is_known]
    lines = [_line(values, is_placed, cross) for values in (shares, share_draws)]
    score_lines = [
        np.full(values.shape[:-1], target) if cross == "target" else _line(values, is_placed, cross)
        for values in (scores, score_draws)
    ]
    gaps = np.concatenate([shares - lines[0], scores - score_lines[0]])
    gap_draws = np.hstack([share_draws - lines[1][:, None], score_draws - score_lines[1][:, None]])
    both = np.tile(is_placed, 2)
    widths = np.full(len(gaps), np.nan)
    if both.any() and is_known.any():
        widths[both] = joint_widths(
            gap_draws[:, both],
            gaps[both],
            error=RANKING_ERROR,
            degrees=importance.degrees,
            questions=len(rows),
        )
    count = len(rows)
    is_decided = (np.abs(gaps) > widths + NO_OWN_PART).reshape(2, count).all(axis=0) & importance.is_shown
    quadrants = np.where(is_decided, _quadrants(gaps[:count] > 0, gaps[count:] > 0), "undecided")
    quadrants = np.where(rows["association"] == "down", "reversed", quadrants)
    quadrants = np.where(np.isnan(scores), "unscaled", quadrants)
    placed = rows.assign(
        quadrant=quadrants,
        importance_low=shares - widths[:count],
        importance_high=shares + widths[:count],
        importance_line=lines[0],
        score_share=scores,
        score_low=scores - widths[count:],
        score_high=scores + widths[count:],
        score_line=score_lines[0],
    )
    order = np.array([get_args(Quadrant).index(quadrant) for quadrant in quadrants])
    return placed.iloc[np.lexsort((np.arange(count), order))].reset_index(drop=True)


def _on_scale(scores: Floats, low: Floats, high: Floats) -> Floats:
    """Return scores as shares of their scale; unknown where it is not known or has no length."""
    length = np.where(high > low, high - low, np.nan)
    shares: Floats = (scores - low) / length
    return shares


def _line(values: Floats, is_placed: Bools, cross: Crossing) -> Floats:
    """Return the mean or the median of the questions placed, of one set of values or of each draw."""
    placed = values[..., is_placed]
    if not is_placed.any():
        return np.full(values.shape[:-1], np.nan)
    line: Floats = np.median(placed, axis=-1) if cross == "median" else placed.mean(axis=-1)
    return line


def _quadrants(is_important: Bools, is_high: Bools) -> list[str]:
    named = {(True, False): "concentrate", (True, True): "keep_up", (False, True): "overkill"}
    sides = zip(is_important.tolist(), is_high.tolist(), strict=True)
    return [named.get(side, "low_priority") for side in sides]
