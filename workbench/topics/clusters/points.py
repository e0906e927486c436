"""What is clustered: customers as points on chosen features, each feature made comparable and then frozen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

import ibis.expr.types as ir
import numpy as np
from ibis import _
from numpy.typing import NDArray

from workbench.analyses.arrays import Floats
from workbench.analyses.choices import check_choice
from workbench.errors import ChoiceError, NothingToShow

FEATURES = (
    "recency_days", "tenure_days", "frequency", "order_count", "purchase_days", "visit_count", "line_count",
    "monetary", "margin", "average_order_value",
)  # fmt: skip
"""The columns of the customer facts that can be clustered on."""

BEGIN_WITH = ("recency_days", "tenure_days", "frequency", "monetary")

HEAVY_TAILED = tuple(name for name in FEATURES if name not in ("recency_days", "tenure_days"))
"""Features of which few customers have very much: without the logarithm these few make clusters of their own."""

FEWEST_FEATURES, MOST_FEATURES = 2, 8
"""How many features may be chosen."""

FEWEST_DISTINCT = 3
"""Fewer different customers than this cannot be grouped."""

NORMAL_IQR = 1.349
"""The interquartile range of a normal distribution of standard deviation one."""

Scale = Literal["z", "robust"]
Missing = Literal["others", "median"]


@dataclass(frozen=True)
class Feature:
    """One column and how it is made comparable: (value, or its signed logarithm, minus `centre`) / `spread`.

    Attributes
    ----------
    logged
        Take sign(x) · ln(1 + |x|) first, which keeps zero at zero and works below it.
    fill
        What stands for an unknown value; without it an unknown value leaves the customer out.
    """

    name: str
    centre: float
    spread: float
    logged: bool = False
    fill: float | None = None

    def filled(self, values: Floats) -> Floats:
        """Put `fill` in place of unknown values, where there is one."""
        return values if self.fill is None else np.where(np.isnan(values), self.fill, values)

    def filled_column(self, column: ir.NumericColumn) -> ir.FloatingColumn:
        """The same as a query."""
        value = column.cast("float64")
        return value if self.fill is None else value.fill_null(self.fill)

    def scaled(self, values: Floats) -> Floats:
        """Make values comparable; unknown ones are filled or stay unknown."""
        return (_bent(self.filled(values), logged=self.logged) - self.centre) / self.spread

    def scaled_column(self, column: ir.NumericColumn) -> ir.FloatingColumn:
        """The same as a query."""
        value = self.filled_column(column)
        if self.logged:
            value = value.sign() * (value.abs() + 1).ln()
        return (value - self.centre) / self.spread

    def as_dict(self) -> dict[str, Any]:
        """Return plain values; what is not set is left out."""
        plain = {"name": self.name, "centre": self.centre, "spread": self.spread, "logged": self.logged}
        return plain if self.fill is None else plain | {"fill": self.fill}


@dataclass(frozen=True)
class Points:
    """Different customers, and how many are alike: the ground on which clusters are sought.

    Attributes
    ----------
    values, scaled
        One row per combination of values that occurs, one column per feature: as it is (NaN is unknown), and
        comparable.
    weights
        How many customers have that combination.
    left_out
        Customers who cannot be placed, for want of a value.
    unknown
        Customers without a value, by feature.
    """

    features: tuple[Feature, ...]
    values: Floats
    scaled: Floats
    weights: NDArray[np.int64]
    left_out: int
    unknown: Mapping[str, int]

    @property
    def customers(self) -> int:
        """How many customers are placed."""
        return int(self.weights.sum())

    def sample(self, size: int, *, seed: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Draw so many customers spread evenly over the rows: the rows drawn, and how many customers of each.

        One customer is drawn at random from each of `size` equal parts of the customers in the order of the rows;
        up to `size` customers, all are taken.
        """
        whole = self.customers
        if whole <= size:
            return np.arange(len(self.weights)), self.weights
        drawn = (np.arange(size) + np.random.default_rng(seed).random(size)) * (whole / size)
        rows = np.searchsorted(self.weights.cumsum(), drawn, side="right")
        return np.unique(np.minimum(rows, len(self.weights) - 1), return_counts=True)


def cluster_rows(facts: ir.Table, *, features: Sequence[str]) -> ir.Table:
    """Count the customers of every combination of the features' values: all that clustering needs to know.

    Customers' ids and the order of their rows leave here, so that neither can decide anything.

    Parameters
    ----------
    features
        Two to eight of FEATURES.

    Returns
    -------
    The features (as floats, null where unknown) and customer_count, in the order of the features' values.

    Examples
    --------
    >>> import ibis
    >>> facts = ibis.table({"customer_id": "string", "frequency": "int64", "monetary": "decimal(24, 2)"}, name="facts")
    >>> cluster_rows(facts, features=("frequency", "monetary")).columns
    ('frequency', 'monetary', 'customer_count')
    """
    _check_features(features, facts.columns)
    values = facts.select(**{name: facts[name].cast("float64") for name in features})
    return values.group_by(list(features)).aggregate(customer_count=_.count()).order_by(list(features))


def standardised(
    rows: Mapping[str, NDArray[Any]],
    *,
    logged: Iterable[str] = (),
    scale: Scale = "z",
    missing: Missing = "others",
) -> Points:
    """Make the features comparable, each customer counting once.

    Parameters
    ----------
    rows
        What `cluster_rows` gave, as arrays (`store.arrays`).
    logged
        Features of which the signed logarithm is taken first.
    scale
        "z" subtracts the mean and divides by the standard deviation (of all, not of a sample); "robust" subtracts the
        median and divides by the interquartile range / 1.349, so that a few giants do not shrink everybody else.
    missing
        "others" leaves customers with an unknown value out (they become OTHERS); "median" takes the median for it.

    Raises
    ------
    NothingToShow
        Nobody, or fewer than three different customers; all equal.
    ChoiceError
        A feature that is the same for all, or (robust) for the middle half; one that nobody has.
    """
    check_choice("scale", scale, get_args(Scale))
    check_choice("missing", missing, get_args(Missing))
    names = [name for name in rows if name != "customer_count"]
    values = np.column_stack([np.asarray(rows[name], dtype=float) for name in names])
    return points_of(names, values, np.asarray(rows["customer_count"]), logged=logged, scale=scale, missing=missing)


def points_of(
    names: Sequence[str],
    values: Floats,
    weights: NDArray[Any],
    *,
    logged: Iterable[str] = (),
    scale: Scale = "z",
    missing: Missing = "others",
) -> Points:
    """Return points of a matrix; `weights` says how many each row stands for."""
    weights = weights.astype(np.int64)
    blank = np.isnan(values)
    unknown = {name: int(weights[blank[:, place]].sum()) for place, name in enumerate(names)}
    nobody = [name for place, name in enumerate(names) if blank[:, place].all()]
    if not len(weights):
        raise NothingToShow("no_customers")
    if nobody:
        raise ChoiceError("cluster_unknown_feature", features=nobody)
    kept = ~blank.any(axis=1) if missing == "others" else np.ones(len(weights), dtype=bool)
    left_out = int(weights[~kept].sum())
    values, weights = values[kept], weights[kept]
    _check_variety(names, values, len(weights))
    features = tuple(
        _measured(name, values[:, place], weights, logged=name in set(logged), scale=scale, missing=missing)
        for place, name in enumerate(names)
    )
    scaled = np.column_stack([feature.scaled(values[:, place]) for place, feature in enumerate(features)])
    return Points(features, values, scaled, weights, left_out, unknown)


def _check_features(features: Sequence[str], known: Iterable[str]) -> None:
    offered = [name for name in FEATURES if name in set(known)]
    if not FEWEST_FEATURES <= len(set(features)) <= MOST_FEATURES or len(set(features)) < len(features):
        raise ChoiceError("cluster_feature_count", count=len(features), fewest=FEWEST_FEATURES, most=MOST_FEATURES)
    for name in features:
        if name not in offered:
            raise ChoiceError("cluster_feature_gone", feature=name, known=offered)


def _check_variety(names: Sequence[str], values: Floats, rows: int) -> None:
    """Say which features are the same for all, before they are divided by nothing."""
    low, high = (np.nanmin(values, axis=0), np.nanmax(values, axis=0)) if rows else (np.zeros(0), np.zeros(0))
    flat = [name for place, name in enumerate(names) if rows and low[place] == high[place]]
    if rows and len(flat) == len(names):
        raise NothingToShow("cluster_all_equal", features=flat)
    if flat:
        raise ChoiceError("cluster_constant_feature", features=flat)
    if rows < FEWEST_DISTINCT:
        raise NothingToShow("cluster_too_few", distinct=rows, fewest=FEWEST_DISTINCT)


def _measured(
    name: str, values: Floats, weights: NDArray[np.int64], *, logged: bool, scale: Scale, missing: Missing
) -> Feature:
    """Measure the centre and spread of one feature over the customers who have it."""
    known = ~np.isnan(values)
    fill = quantiles(values[known], weights[known], (0.5,))[0] if missing == "median" else None
    bent = _bent(np.where(known, values, 0.0 if fill is None else fill), logged=logged)
    if scale == "z":
        centre = float(np.average(bent, weights=weights))
        spread = float(np.sqrt(np.average((bent - centre) ** 2, weights=weights)))
    else:
        low, centre, high = quantiles(bent, weights, (0.25, 0.5, 0.75))
        spread = (high - low) / NORMAL_IQR
    if not tidy(spread) > 0:
        raise ChoiceError("cluster_flat_middle", feature=name)
    return Feature(name, tidy(centre), tidy(spread), logged, fill)


def quantiles(values: Floats, weights: NDArray[np.int64], shares: Sequence[float]) -> list[float]:
    """Return the smallest values that at least these shares of the customers do not exceed."""
    order = np.argsort(values, kind="stable")
    reached = weights[order].cumsum()
    places = [np.searchsorted(reached, share * reached[-1] * (1 - 1e-12), side="left") for share in shares]
    return [float(values[order[place]]) for place in places]


def _bent(values: Floats, *, logged: bool) -> Floats:
    """Take the signed logarithm where it is asked for."""
    return np.sign(values) * np.log(np.abs(values) + 1) if logged else values


def tidy(value: float) -> float:
    """Keep ten figures, which are plenty and read better in a file; what rounding left of nothing is nothing."""
    return float(f"{round(value, 12):.10g}") + 0.0
