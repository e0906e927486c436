"""Answers for the tests of drivers: drawn with known slopes, as arrays or as a survey."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

ITEMS = ("接待", "维修质量", "等候", "结算")


def drawn_scores(
    random: np.random.Generator, count: int, slopes: Any, *, alike: float = 0.4, shift: Any = 0.0
) -> NDArray[np.float64]:
    """Draw scores from 1 to 5 of as many questions as there are slopes, the outcome last.

    `alike` is how far the questions go together; the outcome is their sum by the slopes and as much chance.
    """
    slopes = np.asarray(slopes, dtype=float)
    common = random.normal(size=(count, 1)) * alike**0.5
    answers = common + random.normal(size=(count, len(slopes))) * (1 - alike) ** 0.5
    outcome = answers @ slopes + random.normal(size=count)
    return np.clip(np.round(np.column_stack([answers + np.asarray(shift), outcome]) + 3.5), 1, 5)


def as_answers(scores: NDArray[np.float64], weights: Any = None) -> dict[str, NDArray[Any]]:
    """Name the columns as `driver_answers` does."""
    named = {f"item_{place}": scores[:, place] for place in range(scores.shape[1] - 1)}
    return named | {"outcome": scores[:, -1], "weight": np.ones(len(scores)) if weights is None else weights}


def as_survey(scores: NDArray[np.float64], items: tuple[str, ...], outcome: str = "总体") -> dict[str, Any]:
    """Write the scores as a long survey for `many_surveys`, missing ones as null."""
    names = (*items, outcome)
    return {
        "item": np.tile(names, len(scores)),
        "score": scores.ravel(),
        "response_id": np.repeat([f"r{place}" for place in range(len(scores))], len(names)),
        "scale_low": np.ones(scores.size),
        "scale_high": np.full(scores.size, 5.0),
    }
