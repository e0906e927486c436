"""Confidence intervals as plain arithmetic: the same formula for numbers and for columns of a query."""

from __future__ import annotations

from statistics import NormalDist
from typing import TypeVar

import ibis.expr.types as ir

from workbench.errors import ChoiceError

Number = TypeVar("Number", float, ir.FloatingValue)


def z_value(confidence: float) -> float:
    """Return the normal quantile of a two-sided interval.

    >>> round(z_value(0.95), 4)
    1.96
    """
    if not 0 < confidence < 1:
        raise ChoiceError("confidence_out_of_range", value=confidence)
    return NormalDist().inv_cdf(0.5 + confidence / 2)


def t_value(degrees: Number, *, confidence: float) -> Number:
    """Return Student's t quantile of a two-sided interval, by its expansion in 1/degrees around the normal one.

    Databases have no t quantile; from 4 degrees of freedom on, at 95 %, this one is right to 0.1 %.
    References: Abramowitz & Stegun (1964), 26.7.5.

    >>> round(t_value(10.0, confidence=0.95), 3)
    2.228
    """
    z = z_value(confidence)
    first = (z**3 + z) / 4
    second = (5 * z**5 + 16 * z**3 + 3 * z) / 96
    third = (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384
    fourth = (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160
    return z + (first + (second + (third + fourth / degrees) / degrees) / degrees) / degrees


def wilson_interval(count: float, base: float, *, confidence: float = 0.95) -> tuple[float, float]:
    """Return Wilson's interval of a share: `count` of `base`, both above or equal to 0; unknown where the base is 0.

    References: Wilson (1927); it covers what it says on average, also for shares near 0 and 1.

    >>> [round(end, 3) for end in wilson_interval(5, 10)]
    [0.237, 0.763]
    """
    if not base:
        return float("nan"), float("nan")
    z, share = z_value(confidence), count / base
    middle = share + z * z / (2 * base)
    half = z * (share * (1 - share) / base + z * z / (4 * base * base)) ** 0.5
    return max((middle - half) / (1 + z * z / base), 0.0), min((middle + half) / (1 + z * z / base), 1.0)
