"""Which questions are meant to measure one thing: those whose names differ in their number alone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workbench.analyses.answer_matrix import item_column

FEWEST_QUESTIONS = 2
"""One question alone says nothing of whether it measures well."""

_NUMBERED = re.compile(r"^(?P<stem>.*?\D)[\s_.\-]*\d+$", re.DOTALL)


def constructs_by_stem(items: Iterable[str]) -> Mapping[str, tuple[str, ...]]:
    """Group questions by the stem of their names; a question alone with its stem is in no group.

    >>> constructs_by_stem(["IMAG1", "IMAG2", "接待 1", "接待 2", "接待 10", "推荐", "2024"])
    {'IMAG': ('IMAG1', 'IMAG2'), '接待': ('接待 1', '接待 2', '接待 10')}
    """
    groups: dict[str, list[str]] = {}
    for item in items:
        numbered = _NUMBERED.match(item)
        if numbered:
            groups.setdefault(numbered["stem"].rstrip(" _.-"), []).append(item)
    return {stem: tuple(own) for stem, own in groups.items() if stem and len(own) >= FEWEST_QUESTIONS}


def construct_scores(
    answers: Mapping[str, NDArray[Any]], *, constructs: Mapping[str, tuple[str, ...]]
) -> Mapping[str, NDArray[np.float64]]:
    """Return the answers to every group of questions, the same respondents in the rows of each.

    `answers` is what `question_answers` gave of the questions of all groups, one group after the other, as arrays.
    """
    columns = iter(range(sum(map(len, constructs.values()))))
    return {
        construct: np.column_stack([np.asarray(answers[item_column(next(columns))], dtype=float) for _ in own])
        for construct, own in constructs.items()
    }
