"""The hold-out: what a model said on an earlier day against what came, beside two simple guesses, and the grade."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, Protocol

import numpy as np
import pandas as pd

from workbench.analyses.arrays import Floats
from workbench.analyses.choices import check_choice
from workbench.errors import NothingToShow
from workbench.topics.lifetime_value.bg_nbd import BgNbd, fit_bg_nbd
from workbench.topics.lifetime_value.fit import Fit
from workbench.topics.lifetime_value.gamma_gamma import GammaGamma
from workbench.topics.lifetime_value.histories import DAYS_PER_WEEK, Histories
from workbench.topics.lifetime_value.pareto_nbd import ParetoNbd, fit_pareto_nbd
from workbench.topics.lifetime_value.regularity import Regularity

PurchaseModel = Literal["bg_nbd", "pareto_nbd"]
Grade = Literal["A", "B", "C", "do_not_use"]
Reason = Literal["few", "total", "frequency", "guesses", "regular"]
GRADE_LIMITS: Mapping[Grade, tuple[float, float]] = {"A": (0.10, 0.15), "B": (0.20, 0.25), "C": (0.35, 0.40)}
"""How far off purchases and revenue of all may be, and purchases by frequency, for each grade."""
FEWEST_HELD_OUT = 100
"""Purchases in the hold-out, below which chance alone decides what a model seems to be worth."""
ALMOST_AS_NEAR = 0.05
"""By how much the mean square of a model may be above that of the better guess, for sums to be used."""
FREQUENCIES = 7
"""Customers with so many repeat purchases or more are one group."""
LONGEST_HOLD_OUT = 365
_FITS: Mapping[PurchaseModel, Callable[[Histories], Fit[BgNbd] | Fit[ParetoNbd]]] = {
    "bg_nbd": fit_bg_nbd,
    "pareto_nbd": fit_pareto_nbd,
}


class PurchasesExpected(Protocol):
    """What a model of purchases can say."""

    def new_customer_purchases(self, times: Floats) -> Floats: ...
    def probability_alive(self, histories: Histories) -> Floats: ...
    def expected_purchases(self, histories: Histories, times: Floats) -> Floats: ...
    def drawn_purchases(self, histories: Histories, time: float, random: np.random.Generator) -> Floats: ...


def split_day(first: date, as_of: date) -> date:
    """Return the day that cuts data into two thirds to fit on and a third, a year at most, to hold out."""
    return as_of - timedelta(days=min((as_of - first).days // 3, LONGEST_HOLD_OUT))


def weekly(rows: pd.DataFrame) -> Histories:
    """Return the histories of the rows of `distinct_histories` or `held_out`, in weeks, in their order."""
    days = [rows[name].to_numpy(dtype=float) for name in ("repeat_count", "t_x_days", "observed_days")]
    times = (days[0], days[1] / DAYS_PER_WEEK, days[2] / DAYS_PER_WEEK)
    Histories.of(*times, rows["customer_count"])
    return Histories(*times, rows["customer_count"].to_numpy(dtype=float))


def fit_purchases(rows: pd.DataFrame, *, model: PurchaseModel = "bg_nbd") -> Fit[BgNbd] | Fit[ParetoNbd]:
    """Fit a model of purchases, in weeks, to the rows of `distinct_histories` or `held_out`."""
    check_choice("model", model, tuple(_FITS))
    return _FITS[model](weekly(rows))


def group_spend(spend: GammaGamma, rows: pd.DataFrame) -> Floats:
    """Return what a purchase of the customers of each row is expected to bring, on average over them."""
    x = rows["repeat_count"].to_numpy(dtype=float)
    means = rows["repeat_monetary"].to_numpy(dtype=float) / (
        rows["customer_count"].to_numpy(dtype=float) * np.maximum(x, 1)
    )
    return spend.expected_spend(x, means)


@dataclass(frozen=True)
class HoldOut:
    """What came and what was expected: of all (`totals`), by frequency (`frequencies`), and what follows (`grade`).

    `totals` has a row for what came ("actual"), the model ("model") and each guess ("average": average per period ×
    periods × share kept; "last": the last period again), with purchases, monetary, and mean_square (of the errors of
    single customers; unknown for what came). `frequencies` has repeat_count, customer_count, actual and expected
    (purchases per customer). `reasons` say what keeps the grade from being better.
    """

    totals: pd.DataFrame
    frequencies: pd.DataFrame
    grade: Grade
    reasons: tuple[Reason, ...]
    total_error: float
    frequency_error: float
    days: int


def held_out_result(
    rows: pd.DataFrame, purchases: PurchasesExpected, spend: GammaGamma, *, days: int, regularity: Regularity
) -> HoldOut:
    """Compare a model that was fitted to what was known before the cut with what came after it.

    `rows` is what `held_out` gave, `days` the length of the hold-out. The grade is the best one whose limits hold for
    the purchases of all, the revenue of all (GRADE_LIMITS, first) and the purchases by frequency (second, weighed by
    customers). A and B are given only where the model is nearer to single customers than both guesses, in the mean
    square, C where it is at most ALMOST_AS_NEAR farther off than the better of them; with regular purchases none is
    better than C. With fewer than FEWEST_HELD_OUT purchases nothing is known, and nothing to be used.

    Raises NothingToShow where nobody was known before the cut.
    """
    if rows.empty:
        raise NothingToShow("no_customers")
    histories = weekly(rows)
    count, came = histories.count, rows["future_count"].to_numpy(dtype=float)
    expected = _expected(histories, purchases, days=days)
    kept = _share_kept(rows)
    observed = np.maximum(rows["observed_days"].to_numpy(dtype=float), days)
    averaged = (histories.x + 1) * days / observed * kept
    money = {
        "model": float((count * expected) @ group_spend(spend, rows)),
        "average": float(kept * (rows["monetary"].to_numpy(dtype=float) @ (days / observed))),
        "last": float(rows["last_monetary"].sum()),
    }
    squares = {
        "model": _mean_square(rows, expected),
        "average": _mean_square(rows, averaged),
        "last": float(rows["last_gap_squares"].sum() / count.sum()),
    }
    counts = {
        "model": float(count @ expected),
        "average": float(count @ averaged),
        "last": float(rows["last_count"].sum()),
    }
    bought, brought = float(came.sum()), float(rows["future_monetary"].sum())
    actual = {"guess": "actual", "purchases": bought, "monetary": brought}
    guesses = [
        {"guess": name, "purchases": counts[name], "monetary": money[name], "mean_square": squares[name]}
        for name in ("model", "average", "last")
    ]
    totals = pd.DataFrame([actual | {"mean_square": float("nan")}, *guesses])
    frequencies = purchases_by_frequency(rows, purchases, days=days)
    errors = (_off(counts["model"], bought), _off(money["model"], brought))
    apart = frequencies["customer_count"] * (frequencies["expected"] - frequencies["actual"]).abs()
    by_frequency = float(apart.sum()) / bought if bought else float("inf")
    grade, reasons = _graded(max(errors), by_frequency, squares, purchases=bought, is_regular=regularity.is_regular)
    return HoldOut(totals, frequencies, grade, reasons, max(errors), by_frequency, days)


def _share_kept(rows: pd.DataFrame) -> float:
    earlier = float(rows["earlier_customers"].sum())
    return float(rows["kept_customers"].sum()) / earlier if earlier else 0.0


def _mean_square(rows: pd.DataFrame, guess: Floats) -> float:
    """Return the mean square of the guesses' errors, from the sums of what came and of its squares."""
    count, came = rows["customer_count"].to_numpy(dtype=float), rows["future_count"].to_numpy(dtype=float)
    squares = rows["future_squares"].to_numpy(dtype=float)
    return float((count * guess**2 - 2 * guess * came + squares).sum() / count.sum())


def _expected(histories: Histories, purchases: PurchasesExpected, *, days: int) -> Floats:
    return purchases.expected_purchases(histories, np.array([days / DAYS_PER_WEEK]))[:, 0]


def purchases_by_frequency(rows: pd.DataFrame, purchases: PurchasesExpected, *, days: int) -> pd.DataFrame:
    """Set what came in the hold-out beside what was expected, by how often customers had come again before.

    Parameters
    ----------
    rows
        What `held_out` gave.
    days
        The length of the hold-out.

    Returns
    -------
    repeat_count (FREQUENCIES stands for so many or more), customer_count, actual, expected (purchases per customer).
    """
    expected = _expected(weekly(rows), purchases, days=days)
    grouped = pd.DataFrame(
        {
            "repeat_count": np.minimum(rows["repeat_count"].to_numpy(), FREQUENCIES),
            "customer_count": rows["customer_count"].to_numpy(),
            "actual": rows["future_count"].to_numpy(dtype=float),
            "expected": rows["customer_count"].to_numpy(dtype=float) * expected,
        }
    )
    sums = grouped.groupby("repeat_count", as_index=False).sum()
    return sums.assign(
        actual=sums["actual"] / sums["customer_count"], expected=sums["expected"] / sums["customer_count"]
    )


def _off(guess: float, actual: float) -> float:
    return abs(guess / actual - 1) if actual > 0 else float("inf")


def _graded(
    error: float, by_frequency: float, squares: Mapping[str, float], *, purchases: float, is_regular: bool
) -> tuple[Grade, tuple[Reason, ...]]:
    """Return the grade and what keeps it from being better."""
    if purchases < FEWEST_HELD_OUT:
        return "do_not_use", ("few",)
    reasons: list[Reason] = []
    best, near = GRADE_LIMITS["A"]
    nearest = min(squares["average"], squares["last"])
    beats, is_near = squares["model"] < nearest, squares["model"] <= nearest * (1 + ALMOST_AS_NEAR)
    reasons += ["total"] if error > best else []
    reasons += ["frequency"] if by_frequency > near else []
    reasons += ["guesses"] if not beats else []
    reasons += ["regular"] if is_regular else []
    grades: tuple[Grade, ...] = ("A", "B", "C")
    for grade in grades:
        most, furthest = GRADE_LIMITS[grade]
        is_allowed = is_near if grade == "C" else beats and not is_regular
        if error <= most and by_frequency <= furthest and is_allowed:
            return grade, tuple(reasons)
    return "do_not_use", tuple(reasons)


def tracked(rows: pd.DataFrame, purchases: PurchasesExpected, *, first: date, as_of: date) -> pd.DataFrame:
    """Add up, week by week, the repeat purchases that came and that the model expects of the same customers.

    Parameters
    ----------
    rows
        What `repeat_purchases_by_day` gave.

    Returns
    -------
    day (the end of each whole week from `first` on), actual, expected (both since `first`).
    """
    length = (as_of - first).days + 1
    begun, again = np.zeros(length), np.zeros(length)
    places = [(pd.Timestamp(day).date() - first).days for day in rows["day"]]
    begun[places], again[places] = rows["first_customers"], rows["repeat_count"]
    of_one = purchases.new_customer_purchases(np.arange(length) / DAYS_PER_WEEK)
    ends = np.arange(DAYS_PER_WEEK - 1, length, DAYS_PER_WEEK)
    expected = [float(begun[: end + 1] @ of_one[end::-1]) for end in ends]
    return pd.DataFrame(
        {
            "day": [first + timedelta(days=int(end)) for end in ends],
            "actual": np.cumsum(again)[ends],
            "expected": expected,
        }
    )
