"""One exercise: how its answer comes out of the data, and what typical mistakes would give."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from ibis.expr import types as ir

from workbench.panels.session import Session

Solve = Callable[[Session], Any]


@dataclass(frozen=True)
class Exercise:
    """A question whose answer is computed, never written down.

    `mistakes` maps the last part of a hint's key to what somebody would answer who made that mistake. `tolerance` is
    how far a number may lie off, in its own unit. `names` says what panels call the answer where it is a key.
    """

    solve: Solve
    mistakes: Mapping[str, Solve] = field(default_factory=dict)
    tolerance: float = 0.0
    names: Callable[[Any], Collection[str]] = field(default=lambda _: ())


def count_rows(session: Session, rows: ir.Table) -> int:
    """Count the rows of a table, e.g. the customers of a segment."""
    return int(session.store.collect(rows.aggregate(n=rows.count()))["n"].iloc[0])


def same(answer: Any, expected: Any, tolerance: float) -> bool:
    """Say whether two answers agree: numbers within the tolerance, texts without outer blanks.

    >>> same(" 城东 ", "城东", 0), same(0.7401, 0.74, 0.001), same("3", 3, 0)
    (True, True, False)
    """
    if isinstance(expected, str):
        return isinstance(answer, str) and answer.strip() == expected
    return is_finite_number(answer) and math.isclose(
        float(answer), float(expected), rel_tol=0, abs_tol=tolerance + 1e-12
    )


def is_finite_number(value: Any) -> bool:
    """Say whether a value is a finite number; true and false are not.

    >>> is_finite_number(3), is_finite_number(True), is_finite_number("3")
    (True, False, False)
    """
    try:
        return not isinstance(value, (bool, str)) and math.isfinite(value)
    except TypeError:
        return False
