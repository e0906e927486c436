"""The plain figures of a comparison as one query: bases, means, medians, and the value whose share differs most."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
from ibis import _

from workbench.topics.profile.query import EQUALLY_FAR

SIDES = ("this", "other")


def profile_figures(counts: ir.Table, *, this: str, against: str | None = None) -> ir.Table:
    """Put the figures of a segment beside those of the others, or of one other, for every column.

    They are those of `compare_segments`, which adds the statistics that databases do not have: effects and tests.

    Parameters
    ----------
    counts
        What `profile_counts` gave.

    Returns
    -------
    column, kind, this_base, this_missing, other_base, other_missing, this_mean, other_mean, this_median, other_median,
    value, this_share, other_share: unknown where a side has nobody, and of the other kind of column.
    """
    is_this = counts.segment == this
    sides = counts.mutate(is_this=is_this, is_known=counts.number.notnull() | counts.label.notnull())
    kinds = sides.group_by("column").aggregate(has_numbers=_.number.notnull().any())
    compared = sides if against is None else sides.filter(is_this | (counts.segment == against))
    joined = kinds
    for part in (_sums(compared), _medians(compared), _values(compared)):
        of_part = part.rename(part_column="column")
        joined = joined.left_join(of_part, joined["column"] == of_part.part_column).drop("part_column")
    both = (joined.this_base > 0) & (joined.other_base > 0)
    figures = {f"{side}_{name}": name for name in ("mean", "median", "share") for side in SIDES}
    return joined.select(
        "column",
        *(f"{side}_{name}" for side in SIDES for name in ("base", "missing")),
        kind=ibis.ifelse(joined.has_numbers, "number", "text"),
        value=ibis.ifelse(both, joined["value"], ibis.null("string")),
        **{name: ibis.ifelse(both, joined[name], ibis.null("float64")) for name in figures},
    )


def _where(table: ir.Table) -> dict[str, ir.BooleanValue]:
    return {"this": table.is_this, "other": ~table.is_this}


def _sums(compared: ir.Table) -> ir.Table:
    """Count who is known and who is missing, and take means; of an order, all spend over all orders."""
    counted, known = compared.customer_count, compared.is_known
    sums = compared.group_by("column").aggregate(
        **{f"{side}_base": counted.sum(where=here & known).fill_null(0) for side, here in _where(compared).items()},
        **{f"{side}_missing": counted.sum(where=here & ~known).fill_null(0) for side, here in _where(compared).items()},
        **{f"{side}_total": compared.total.sum(where=here) for side, here in _where(compared).items()},
    )
    means = {f"{side}_mean": sums[f"{side}_total"] / sums[f"{side}_base"].nullif(0) for side in SIDES}
    plain = sums.mutate(**means)

    def of(column: str, name: str) -> ir.FloatingColumn:
        return plain[name].max(where=plain["column"] == column).over()

    return plain.mutate(
        **{
            name: ibis.ifelse(
                plain["column"] == "average_order_value",
                ibis.coalesce(of("monetary", name) / of("order_count", name).nullif(0), plain[name]),
                plain[name],
            )
            for name in means
        }
    )


def _medians(compared: ir.Table) -> ir.Table:
    """Return the medians; between two values their mean."""
    numbers = compared.filter(compared.number.notnull())
    sized = numbers.group_by("column", "is_this", "number").aggregate(size=_.customer_count.sum())
    whole = sized.group_by("column", "is_this")
    ranked = whole.mutate(upto=_.size.sum().over(order_by=_.number, rows=(None, 0)), whole=_.size.sum())
    middle = {
        side: [ranked.number.min(where=here & (ranked.upto > place.floor())) for place in _places(ranked.whole)]
        for side, here in _where(ranked).items()
    }
    return ranked.group_by("column").aggregate(
        **{f"{side}_median": (low + high) / 2 for side, (low, high) in middle.items()}
    )


def _places(whole: ir.IntegerColumn) -> tuple[ir.NumericColumn, ir.NumericColumn]:
    return (whole - 1) / 2, whole / 2


def _values(compared: ir.Table) -> ir.Table:
    """Return the value whose share differs most; of two as far apart, the one the segment has more of."""
    texts = compared.filter(compared.label.notnull())
    counted = texts.group_by("column", "label").aggregate(
        **{side: texts.customer_count.sum(where=here).fill_null(0) for side, here in _where(texts).items()}
    )
    shares = counted.group_by("column").mutate(**{f"{side}_share": _[side] / _[side].sum().nullif(0) for side in SIDES})
    apart = shares.mutate(points=shares.this_share - shares.other_share)
    most = apart.group_by("column").mutate(most=_.points.abs().max())
    candidates = most.filter(most.points.abs() > most.most - EQUALLY_FAR)
    first = candidates.group_by("column").mutate(
        place=ibis.row_number().over(order_by=[ibis.desc(_.points), _.label]),
    )
    return first.filter(first.place == 0).select("column", "this_share", "other_share", value="label")
