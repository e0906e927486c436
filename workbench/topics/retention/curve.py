"""The mean retention curve of several cohorts: each age weighted by its customers, with an interval."""

from __future__ import annotations

import pandas as pd

from workbench.analyses.intervals import wilson_interval


def retention_curve(cells: pd.DataFrame, *, confidence: float = 0.95, with_opening: bool = False) -> pd.DataFrame:
    """Return the share of customers who came at each age, over all cohorts that are old enough for it.

    An age counts the cohorts for which it has ended; all their customers weigh the same, so that large cohorts weigh
    more. Fewer cohorts stand behind later ages, so the curve may rise where the older cohorts were better ones.
    The opening cohort, which holds customers won before the data began, is left out. The interval is Wilson's: how sure
    the rate is of customers like these; it does not tell how far the next cohort may differ.

    Parameters
    ----------
    cells
        The rows of `cohort_retention`.

    Returns
    -------
    age, base, active_customers, retention_rate, low, high, cohort_count; rising by age, none where no cohort is known.

    References
    ----------
    E. B. Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22 (1927).

    Examples
    --------
    >>> cells = pd.DataFrame({"cohort": [1, 1, 2], "age": [0, 1, 0], "base": [8, 8, 2], "active_customers": [8, 4, 2],
    ...     "is_incomplete": [False] * 3, "is_opening": [False] * 3})
    >>> retention_curve(cells)[["age", "base", "retention_rate"]].values.tolist()
    [[0.0, 10.0, 1.0], [1.0, 8.0, 0.5]]
    """
    ended = cells[~cells["is_incomplete"].astype(bool) & (with_opening | ~cells["is_opening"].astype(bool))]
    sums = ended.groupby("age", as_index=False).agg(
        base=("base", "sum"), active_customers=("active_customers", "sum"), cohort_count=("cohort", "nunique")
    )
    intervals = [
        wilson_interval(count, base, confidence=confidence)
        for count, base in zip(sums["active_customers"], sums["base"], strict=True)
    ]
    return sums.assign(
        retention_rate=sums["active_customers"] / sums["base"],
        low=[low for low, _high in intervals],
        high=[high for _low, high in intervals],
    )
