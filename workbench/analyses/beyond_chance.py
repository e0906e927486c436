"""Is a customer's rise more than chance? Exact tests as closed forms, so that a query asks them of every customer.

All three hold under one idea of "constant": whoever buys as often and for as much as before is as likely to have made
each purchase in one window as in another of the same length. They look at what fell into the windows and at nothing
else, so no rate, size or shape of purchases is assumed. A purchase that decided where a window ends must not be in it.
At most 5 in 100 constant customers pass (`tests/analyses/test_beyond_chance.py` reckons this for every count).
"""

from __future__ import annotations

import ibis.expr.types as ir

SQUARED = {0.05: 2_705_543, 0.025: 3_841_459}
"""The normal quantiles of 5 % and 2.5 %, squared, in millionths."""
MILLION = 1_000_000
BOUND = {0.05: 4.631104, 0.025: 5.837056}
"""2.152 and 2.416, squared: where 3.1787 times the normal tail (Bentkus and Dzindzalieta) is 5 % or 2.5 %."""


def more_often(later: ir.NumericValue, earlier: ir.NumericValue, *, level: float = 0.05) -> ir.BooleanValue:
    """Say whether more of the purchases fell into the later of two equal windows than chance would put there.

    The conditional binomial test, at a level of 0.05 or 0.025: of n purchases each lies in the later window with 1/2.
    Its critical values are those of later - earlier >= 1.645 * sqrt(n) + 1 (1.96 for 0.025), in whole numbers: never
    below the exact one, and above it, by one, for 9 of the first 3,000 n (22). With fewer than five purchases (six)
    nothing can be told.

    References
    ----------
    J. Przyborowski, H. Wilenski, "Homogeneity of results in testing samples from Poisson series", Biometrika 31 (1940).

    Examples
    --------
    >>> import ibis
    >>> [bool(more_often(ibis.literal(a), ibis.literal(b)).to_pandas()) for a, b in ((5, 0), (4, 0), (7, 1), (6, 1))]
    [True, False, True, False]
    """
    return exceeds(later - earlier, later + earlier, level=level)


def exceeds(difference: ir.NumericValue, variance: ir.NumericValue, *, level: float = 0.05) -> ir.BooleanValue:
    """Say whether a whole-numbered sum lies 1.645 (1.96) standard deviations and one more above zero."""
    beyond, whole = difference.cast("int64") - 1, variance.cast("int64")
    return (beyond > 0) & (beyond * beyond * MILLION >= whole * SQUARED[level])


def worth_more(difference: ir.NumericValue, squares: ir.NumericValue, *, level: float = 0.05) -> ir.BooleanValue:
    """Say whether there is more money in the later of two equal windows, by more than chance would make it.

    A sum of amounts, each with a sign by the toss of a coin: its tail is at most 3.1787 times that of a normal variable
    of the same variance, for any amounts, so that neither a giant purchase nor few of them need an approximation. One
    giant alone is never more than chance.

    Parameters
    ----------
    difference
        Money of the later window minus that of the earlier.
    squares
        The squares of all amounts of both windows, added up.

    References
    ----------
    V. K. Bentkus, D. Dzindzalieta, "A tight Gaussian bound for weighted sums of Rademacher random variables",
    Bernoulli 21 (2015).
    """
    gap, spread = difference.cast("float64"), squares.cast("float64")
    return (gap > 0) & (gap * gap >= spread * BOUND[level])
