"""How sure a mean of survey answers is where one respondent's answers are counted together."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from workbench.analyses.intervals import t_value, z_value

FEWEST_FOR_INTERVAL = 5
"""What is worth fewer respondents than this gets no interval."""

ROUNDING = 1e-12
"""A sum of squares that is a smaller share of those it is left over from is what floats made of zero."""


def with_error(groups: ir.Table, name: str) -> ir.Table:
    """Add the `standard_error` of a mean that `by_group` gave: unknown for one respondent, and where all are alike.

    It is that of a ratio of sums over respondents, √(m/(m-1)·Σ(Σwy - mean·Σw)²) / Σw for m respondents.
    References: Binder (1983), On the variances of asymptotically normal estimators from complex surveys.
    """
    people = groups.respondents.cast("float64")
    squares = _squares(groups, name, groups[name])
    staged = groups.mutate(own_squares=squares, correction=people / (people - 1).nullif(0.0))
    known = (staged.own_squares > ROUNDING * staged[f"{name}_2_0"]).ifelse(staged.own_squares, ibis.null("float64"))
    return staged.mutate(standard_error=(known * staged.correction) ** 0.5 / staged.weight).drop(
        "own_squares", "correction"
    )


def with_interval(
    groups: ir.Table,
    name: str,
    *,
    ends: tuple[float, float] | tuple[ir.FloatingColumn, ir.FloatingColumn],
    extra: float,
    confidence: float,
    prefix: str = "",
) -> ir.Table:
    """Add `low` and `high`, the interval of a mean of answers between two ends, as narrow as it can hold.

    It is Wald's after `extra`·z² respondents of average weight have been added at either end of the scale, with
    Student's quantile for the effective number of respondents less one, cut off at the ends. Where everybody answered
    once the centre is, with `extra` = 1/2, Agresti & Coull's, with 1/4 (about one more at either end) Bonett & Price's.
    It holds the mean for every `extra` up to 1 and has a width where all answers are alike. Unknown for what is worth
    fewer than FEWEST_FOR_INTERVAL respondents. `prefix` stands before the names of the two columns.

    References: Binder (1983); Agresti & Coull (1998); Bonett & Price (2012), Adjusted Wald confidence interval for a
    difference of binomial proportions based on paired data.
    """
    least, most = ends
    added = extra * z_value(confidence) ** 2
    staged = groups.mutate(each=groups.weight_2 / groups.weight, degrees=_degrees(groups))
    staged = staged.mutate(
        quantile=t_value(staged.degrees, confidence=confidence), padded=staged.weight + 2 * added * staged.each
    )
    staged = staged.mutate(centre=(staged[f"{name}_1_0"] + added * (least + most) * staged.each) / staged.padded)
    centre = staged.centre
    apart = (centre - least) * (centre - least) + (centre - most) * (centre - most)
    squares = _squares(staged, name, centre) + added * staged.each * staged.each * apart
    staged = staged.mutate(half=staged.quantile * squares**0.5 / staged.padded)
    low, high = staged.centre - staged.half, staged.centre + staged.half
    bounds = {"low": (low < least).ifelse(least, low), "high": (high > most).ifelse(most, high)}
    return staged.mutate(**{f"{prefix}{bound}": value for bound, value in bounds.items()}).drop(
        "each", "degrees", "quantile", "padded", "centre", "half"
    )


def with_interval_on_scale(groups: ir.Table, name: str, *, extra: float, confidence: float) -> ir.Table:
    """Add a mean's `standard_error` and its interval between the ends of its scale, as `…_low` and `…_high`.

    All is unknown, the mean too, where answers on different scales are thrown together.
    """
    unknown = ibis.null("float64")
    one_scale = groups.mutate(**{
        column: groups.has_one_scale.ifelse(groups[column], unknown) for column in (name, "scale_low", "scale_high")
    })  # fmt: skip
    ends = one_scale.scale_low, one_scale.scale_high
    staged = with_interval(one_scale, name, ends=ends, extra=extra, confidence=confidence, prefix=f"{name}_")
    return with_error(staged, name)


def with_deviations(groups: ir.Table, name: str) -> ir.Table:
    """Add `squares` and `cubes`: sums over a group's respondents of (Σwy - mean·Σw)² and (Σwy - mean·Σw)³."""
    mean = groups[name]
    cubes = groups[f"{name}_3_0"] - mean * (
        3 * groups[f"{name}_2_1"] - mean * (3 * groups[f"{name}_1_2"] - mean * groups.weight_3)
    )
    return groups.mutate(squares=_squares(groups, name, mean), cubes=cubes)


def _squares(groups: ir.Table, name: str, mean: ir.FloatingColumn) -> ir.FloatingColumn:
    """Sum up (Σwy - mean·Σw)² over a group's respondents: never below zero."""
    squares = groups[f"{name}_2_0"] - mean * (2 * groups[f"{name}_1_1"] - mean * groups.weight_2)
    return ibis.greatest(squares, ibis.literal(0).cast("float64"))


def _degrees(groups: ir.Table) -> ir.FloatingColumn:
    is_enough = groups.effective_base >= FEWEST_FOR_INTERVAL - 1e-9
    return is_enough.ifelse(groups.effective_base - 1, ibis.null("float64"))
