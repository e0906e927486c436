"""Purchase histories as the models of value know them: how often, when last, how long known, and how many alike."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from workbench.analyses.arrays import Floats
from workbench.errors import ChoiceError, NothingToShow

DAYS_PER_WEEK = 7
FEWEST_TO_FIT = 30
"""Customers, without whom no estimate is tried."""
FEWEST_REPEATED = 10
"""Customers who bought on two days or more."""
MANY_HISTORIES = 5_000
"""Different histories, above which the starts of a fit are tried on rounded ones."""
COARSE = 24


@dataclass(frozen=True)
class Histories:
    """Different histories, each with the number of customers who have it; times in one unit, weeks by the house.

    `x` counts the days of purchase after the first, `t_x` is the time from the first to the last (0 where there is but
    one), `observed` the time from the first to the end of what is known. That is what Fader and Hardie call T.
    """

    x: Floats
    t_x: Floats
    observed: Floats
    count: Floats

    @classmethod
    def of(cls, x: ArrayLike, t_x: ArrayLike, observed: ArrayLike, count: ArrayLike | None = None) -> Histories:
        """Check the histories and count those that are alike.

        Raises ChoiceError where they cannot be: a time beyond what is known, or purchases of one day not merged.

        >>> Histories.of([0, 2, 0], [0, 3, 0], [5, 5, 5]).count.tolist()
        [2.0, 1.0]
        """
        columns = {"x": x, "t_x": t_x, "observed": observed}
        rows = pd.DataFrame({name: np.asarray(values, dtype=float) for name, values in columns.items()})
        rows["count"] = 1.0 if count is None else np.asarray(count, dtype=float)
        bought, last, end, customers = (rows[name].to_numpy() for name in ("x", "t_x", "observed", "count"))
        is_right = np.isfinite(bought + last + end + customers) & (bought >= 0) & (last >= 0) & (last <= end)
        is_wrong = ~(is_right & (bought % 1 == 0) & ((bought > 0) == (last > 0)) & (customers > 0))
        if is_wrong.any():
            raise ChoiceError("value_histories", count=int(is_wrong.sum()))
        return cls._grouped(rows)

    @classmethod
    def _grouped(cls, rows: pd.DataFrame) -> Histories:
        alike = rows.groupby(["x", "t_x", "observed"], as_index=False)["count"].sum()
        return cls(*(alike[name].to_numpy(dtype=float) for name in ("x", "t_x", "observed", "count")))

    @property
    def base(self) -> int:
        """How many customers there are."""
        return round(float(self.count.sum()))

    @property
    def repeated(self) -> int:
        """How many of them bought on two days or more."""
        return round(float(self.count[self.x > 0].sum()))

    def rounded(self) -> Histories:
        """Return nearly the same histories, far fewer different ones: times in COARSE steps of the longest."""
        step = float(np.max(self.observed)) / COARSE
        observed = np.maximum(np.round(self.observed / step), 0.5) * step
        last = np.where(self.x > 0, np.maximum(np.round(self.t_x / step), 0.5) * step, 0.0)
        t_x = np.minimum(last, observed)
        return self._grouped(pd.DataFrame({"x": self.x, "t_x": t_x, "observed": observed, "count": self.count}))

    def check_enough(self) -> None:
        """Raise NothingToShow where so few customers, or so few who came again, tell nothing of how they buy."""
        if self.base < FEWEST_TO_FIT:
            raise NothingToShow("value_few_to_fit", count=self.base, least=FEWEST_TO_FIT)
        if self.repeated < FEWEST_REPEATED:
            raise NothingToShow("value_few_repeated", count=self.repeated, base=self.base, least=FEWEST_REPEATED)
