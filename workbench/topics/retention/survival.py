"""How long it lasts until something happens, where for some it has not happened yet: Kaplan–Meier and log-rank."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import chi2

from workbench.analyses.intervals import z_value

HALF_OF_ALL = 0.5


def kaplan_meier(waits: pd.DataFrame, *, confidence: float = 0.95) -> pd.DataFrame:
    """Estimate the share to whom it has not happened after so many days; who is only known so far counts so far.

    Whoever is watched for `days` without the event (censored) is at risk up to and including that day, and says nothing
    of later ones. The interval is Greenwood's on the scale of log(−log), which stays between 0 and 1.

    Parameters
    ----------
    waits
        days, is_event, customer_count: how many waited so long, and whether it happened then. Days of any unit.

    Returns
    -------
    days, at_risk, event_count, censored_count, survival, low, high: a row for every day on which something happened or
    somebody was last watched, rising; the interval is unknown while it happened to nobody, and once to all.

    References
    ----------
    E. L. Kaplan, P. Meier, "Nonparametric estimation from incomplete observations", JASA 53 (1958);
    J. D. Kalbfleisch, R. L. Prentice, The Statistical Analysis of Failure Time Data (1980), for the interval.

    Examples
    --------
    >>> waits = pd.DataFrame({"days": [2, 3, 5], "is_event": [True, False, True], "customer_count": [1, 2, 1]})
    >>> kaplan_meier(waits)["survival"].tolist()
    [0.75, 0.75, 0.0]
    """
    table = _at_risk(waits)
    kept = table["at_risk"] - table["event_count"]
    survival = (kept / table["at_risk"]).cumprod()
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = (table["event_count"] / (table["at_risk"] * kept)).cumsum()
        half = z_value(confidence) * np.sqrt(spread) / np.abs(np.log(survival))
        low, high = survival ** np.exp(half), survival ** np.exp(-half)
    is_known = survival.between(0, 1, inclusive="neither")
    return table.assign(survival=survival, low=low.where(is_known), high=high.where(is_known))


def median_wait(curve: pd.DataFrame) -> float:
    """Return the first day by which it has happened to half or more; unknown where it has not.

    `curve` is what `kaplan_meier` gave.
    """
    reached = curve.loc[curve["survival"] <= HALF_OF_ALL + np.finfo(float).eps, "days"]
    return float(reached.iloc[0]) if len(reached) else float("nan")


@dataclass(frozen=True)
class LogRank:
    """The test, and for each group how often it happened and would have if all were alike (`rows`)."""

    chi_square: float
    degrees: int
    p_value: float
    rows: pd.DataFrame


def log_rank(waits: pd.DataFrame, *, by: str = "segment") -> LogRank:
    """Test whether groups wait alike: on every day on which it happened, each group's share of those at risk.

    Unknown where there is one group, or where it happened to nobody.

    Parameters
    ----------
    waits
        As in `kaplan_meier`, and the column `by` that names the group.

    References
    ----------
    N. Mantel, "Evaluation of survival data", Cancer Chemotherapy Reports 50 (1966); for more groups R. Peto, J. Peto,
    JRSS A 135 (1972).
    """
    groups = sorted(waits[by].unique())
    days = np.sort(waits.loc[waits["is_event"].astype(bool), "days"].unique())
    at_risk, events = np.zeros((len(groups), len(days))), np.zeros((len(groups), len(days)))
    for place, group in enumerate(groups):
        table = _at_risk(waits[waits[by] == group])
        known = table["days"].to_numpy()
        here = np.searchsorted(known, days)
        is_known = here < len(known)
        at_risk[place, is_known] = table["at_risk"].to_numpy()[here[is_known]]
        is_same = is_known.copy()
        is_same[is_known] = known[here[is_known]] == days[is_known]
        events[place, is_same] = table["event_count"].to_numpy()[here[is_same]]
    whole, happened = at_risk.sum(axis=0), events.sum(axis=0)
    shares = at_risk / whole
    expected = shares * happened
    rows = pd.DataFrame({by: groups, "event_count": events.sum(axis=1), "expected_count": expected.sum(axis=1)})
    degrees = len(groups) - 1
    if not degrees or not len(days):
        return LogRank(float("nan"), degrees, float("nan"), rows)
    left = np.where(whole > 1, (whole - happened) / np.maximum(whole - 1, 1), 0.0)
    weights = happened * left
    covariance = np.diag((shares * weights).sum(axis=1)) - (shares * weights) @ shares.T
    apart = (events - expected).sum(axis=1)
    chi_square = float(apart[:-1] @ np.linalg.pinv(covariance[:-1, :-1]) @ apart[:-1])
    return LogRank(chi_square, degrees, float(chi2.sf(chi_square, degrees)), rows)


def _at_risk(waits: pd.DataFrame) -> pd.DataFrame:
    """Count, for every day, to whom it happened, who was last watched then, and who was still waiting before."""
    is_event = waits["is_event"].astype(bool)
    counts = pd.DataFrame(
        {
            "days": waits["days"],
            "event_count": waits["customer_count"].where(is_event, 0),
            "censored_count": waits["customer_count"].where(~is_event, 0),
        }
    )
    table = counts.groupby("days", as_index=False).sum()
    gone = table["event_count"] + table["censored_count"]
    return table.assign(at_risk=gone[::-1].cumsum()[::-1])
