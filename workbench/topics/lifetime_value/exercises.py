"""The exercise on lifetime value: what came on the days that the model never saw."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import numpy as np

from workbench.panels.exercise import Exercise
from workbench.panels.session import Session
from workbench.topics.lifetime_value.hold_out import fit_purchases, purchases_by_frequency
from workbench.topics.lifetime_value.panel_answer import value_data


def _held_out(session: Session, *, name: str = "future_count") -> int:
    return int(value_data(session).held[name].sum())


def _expected(session: Session) -> int:
    data = value_data(session)
    rows = purchases_by_frequency(data.held, fit_purchases(data.held).model, days=data.days)
    return round(float(np.dot(rows["customer_count"], rows["expected"])))


EXERCISES: Mapping[str, Exercise] = {
    "lifetime_value-1": Exercise(_held_out, {"expected": _expected, "last": partial(_held_out, name="last_count")}),
}
