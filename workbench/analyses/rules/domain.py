"""What the values of a column can be, so that rule, query and audit agree where one range ends and the next begins."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir

Bound = int | float | date
Cut = tuple[Fraction, bool]
"""A place between values: right before the value, or (True) right after it."""

LARGEST_EXACT = 10**15
"""Beyond it numbers are compared as floating-point ones, which any column can be."""

SCORES = ("r_score", "f_score", "m_score")
"""The columns that hold the scores of recency, frequency and money."""


@dataclass(frozen=True)
class Domain:
    """The values a column can have.

    Attributes
    ----------
    step
        How far two neighbouring values lie apart: 1 for whole numbers and days, 0.01 for money; None where there is
        always another between two, and for texts.
    lowest
        The least value that occurs; None where there is none.
    may_be_unknown
        Whether the value can be missing.
    """

    step: Fraction | None = None
    lowest: int | None = None
    may_be_unknown: bool = True
    is_day: bool = False

    def cut(self, value: Bound, *, after: bool) -> Cut:
        """Return the place before or after a value; where values have steps, always before the next one that occurs.

        >>> WHOLE.cut(3, after=True) == WHOLE.cut(4, after=False) == WHOLE.cut(3.5, after=False)
        True
        """
        exact = Fraction(value.toordinal()) if isinstance(value, date) else Fraction(repr(value))
        if self.step is None:
            return exact, after
        steps = exact / self.step
        return (math.floor(steps) + 1 if after else math.ceil(steps)) * self.step, False

    def starts_all(self, cut: Cut) -> bool:
        """Say whether no value lies before the cut."""
        return self.lowest is not None and cut <= (Fraction(self.lowest), False)

    def value(self, place: Fraction) -> Bound | Decimal:
        """Turn the value of a cut back into one of the column's own kind."""
        if self.is_day:
            return date.fromordinal(int(place))
        if self.step is not None and self.step < 1 and abs(place) <= LARGEST_EXACT:
            return Decimal(place.numerator) / Decimal(place.denominator)
        return int(place) if place.denominator == 1 and abs(place) <= LARGEST_EXACT else float(place)

    def is_before(self, column: ir.Column, cut: Cut) -> ir.BooleanValue:
        """Compare a column with a cut: true where its value lies before."""
        limit = self._limit(column, cut)
        return column <= limit if cut[1] else column < limit

    def is_from(self, column: ir.Column, cut: Cut) -> ir.BooleanValue:
        """Compare a column with a cut: true where its value lies behind."""
        limit = self._limit(column, cut)
        return column > limit if cut[1] else column >= limit

    def _limit(self, column: ir.Column, cut: Cut) -> ir.Scalar:
        value = self.value(cut[0])
        if isinstance(value, Decimal):
            return ibis.literal(value, column.type())
        return ibis.date(value) if isinstance(value, date) else ibis.literal(value)


WHOLE = Domain(step=Fraction(1))
SCORE = Domain(step=Fraction(1), lowest=1, may_be_unknown=False)
_COUNTED = Domain(step=Fraction(1), lowest=1, may_be_unknown=False)
_DAYS_AGO = Domain(step=Fraction(1), lowest=0, may_be_unknown=False)
_DAY = Domain(step=Fraction(1), may_be_unknown=False, is_day=True)

FACT_DOMAINS: dict[str, Domain] = {
    **dict.fromkeys(SCORES, SCORE),
    **dict.fromkeys(("frequency", "order_count", "purchase_days", "line_count"), _COUNTED),
    "uncosted_line_count": _DAYS_AGO,
    "visit_count": Domain(step=Fraction(1), lowest=1),
    "recency_days": _DAYS_AGO,
    "tenure_days": _DAYS_AGO,
    "first_on": _DAY,
    "last_on": _DAY,
    "monetary": Domain(step=Fraction(1, 100), may_be_unknown=False),
    "margin": Domain(step=Fraction(1, 100)),
    "average_order_value": Domain(may_be_unknown=False),
}
"""What is known of the columns of `customer_facts`; of any other column its type says it."""


def domain(column: str, kind: Any = None) -> Domain:
    """Return what the values of a column can be, by its name, else by its type (of Ibis), else anything."""
    return FACT_DOMAINS[column] if column in FACT_DOMAINS else domain_of(kind)


def domain_of(kind: Any) -> Domain:
    """Return what values of a type (of Ibis) can be."""
    if isinstance(kind, dt.Integer):
        return WHOLE
    if isinstance(kind, dt.Decimal):
        return Domain(step=Fraction(1, 10 ** (kind.scale or 0)))
    if isinstance(kind, dt.Date):
        return Domain(step=Fraction(1), is_day=True)
    return Domain()
