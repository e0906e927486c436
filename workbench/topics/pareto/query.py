"""80/20: customers (or products, regions) ranked by value and classed A, B, C by cumulative share."""

from __future__ import annotations

from typing import Literal, get_args

import ibis
import ibis.expr.types as ir
from ibis import _

from workbench.analyses.choices import check_choice
from workbench.analyses.exact_shares import BILLIONTHS
from workbench.analyses.segmentation import MONEY_TYPE
from workbench.errors import ChoiceError

ParetoMeasure = Literal["monetary", "margin", "visit_count", "order_count"]
Boundary = Literal["inclusive", "crossing"]
Ties = Literal["together", "row_order"]

MEASURES: tuple[ParetoMeasure, ...] = get_args(ParetoMeasure)
CLASSES = ("A", "B", "C", "D", "unknown")
"""A, B, C by cumulative share; D: a value of zero or below; unknown: no value (a margin without costs)."""

PRESETS = {"textbook": (0.80, 0.95), "seventy_ninety": (0.70, 0.90), "handbook": (0.55, 0.85)}
"""Named pairs of (a_share, b_share); the fourth, "computed", depends on the data: see `computed_shares`."""


def abc_classes(
    facts: ir.Table,
    *,
    by: ParetoMeasure = "monetary",
    a_share: float = 0.80,
    b_share: float = 0.95,
    boundary: Boundary = "crossing",
    ties: Ties = "together",
) -> ir.Table:
    """Rank customers by value and class them A, B, C by their cumulative share, or D: no positive value.

    The whole (100 %) is the sum of the positive values; who is worth zero or less adds nothing to it and is D, who
    has no value (null) is "unknown". Customers are added up from the highest value down. Under `boundary="crossing"`
    a customer is A while the share of those above is below `a_share`: who crosses the line belongs to A, so there is
    an A whenever anybody has value. Under "inclusive" A lasts while the share up to and with the customer is at most
    `a_share`: one very large customer can leave A empty, which `abc_summary` flags. B follows in the same way.

    Equal values get one class (`ties="together"`: a group of equals is added as a whole). "row_order" adds equals one
    by one in the order of their key and cuts through them; it is there to reproduce published tables.

    Parameters
    ----------
    facts
        Customer facts, or what `totals_by` gives: the first column is the key.

    Returns
    -------
    The key; the column `by`; rank (1 is the highest, equals share the best rank); share (of the whole, null for D and
    unknown); cumulative_share and rank_share (of the whole, and of all keys with a value, up to and with this one and
    its equals); abc_class.

    Examples
    --------
    >>> facts = ibis.table({"customer_id": "string", "monetary": "decimal(18, 2)"}, name="facts")
    >>> abc_classes(facts).columns
    ('customer_id', 'monetary', 'rank', 'share', 'cumulative_share', 'rank_share', 'abc_class')

    References
    ----------
    H. F. Dickie, "ABC inventory analysis shoots for dollars, not pennies", Factory Management and Maintenance 109
    (1951); 80 and 95 % are the usual textbook values.
    """
    return abc_cut(abc_ranking(facts, by=by, ties=ties), a_share=a_share, b_share=b_share, boundary=boundary)


def abc_ranking(facts: ir.Table, *, by: ParetoMeasure = "monetary", ties: Ties = "together") -> ir.Table:
    """Add customers up from the highest value down: the half of `abc_classes` that no cut-off moves.

    Whoever moves cut-offs keeps this table (`store.keep`) and gives it to `abc_cut`; the rules are those of
    `abc_classes`.

    Returns
    -------
    The key; the column `by`; value (decimal, null where there is none); rank; last_rank (of the equals); gain (what the
    step adds); cumulative (up to and with it); whole; everyone (how many have a value).
    """
    check_choice("by", by, MEASURES)
    check_choice("ties", ties, get_args(Ties))
    key = facts.columns[0]
    valued = facts.select(key, by, value=_[by].cast(MONEY_TYPE))
    added = _added_up(_steps(valued.filter(_.value.notnull()), key=key, ties=ties), key=key, ties=ties)
    # The row of an unknown product or region has no key, and is ranked as well.
    same = "value" if ties == "together" else valued[key].identical_to(added[key])
    ranked = valued.left_join(added, same)
    return ranked.select(key, by, "value", "rank", "last_rank", "gain", "cumulative", "whole", "everyone")


def abc_cut(
    ranking: ir.Table,
    *,
    a_share: float = 0.80,
    b_share: float = 0.95,
    boundary: Boundary = "crossing",
) -> ir.Table:
    """Cut an `abc_ranking` into classes; with it, the same as `abc_classes` of the facts."""
    check_abc_cut(a_share=a_share, b_share=b_share, boundary=boundary)
    key, by = ranking.columns[:2]
    return ranking.select(
        key,
        by,
        rank=_.rank.cast("int32"),
        share=ibis.ifelse(_.value > 0, _.value.cast("float64") / _.whole.cast("float64"), None),
        cumulative_share=_.cumulative.cast("float64") / _.whole.cast("float64").nullif(0),
        rank_share=_.last_rank / _.everyone,
        abc_class=ibis.cases(
            (_.value.isnull(), "unknown"),
            (_.value <= 0, "D"),
            (_within(a_share, boundary), "A"),
            (_within(b_share, boundary), "B"),
            else_="C",
        ),
    )


def check_abc_cut(*, a_share: float, b_share: float, boundary: str) -> None:
    """Raise a `ChoiceError` for shares out of order or an unknown rule."""
    check_choice("boundary", boundary, get_args(Boundary))
    if not 0 < a_share <= b_share <= 1:
        raise ChoiceError("abc_shares", a_share=a_share, b_share=b_share)


def _steps(valued: ir.Table, *, key: str, ties: Ties) -> ir.Table:
    """Say what is added up step by step: groups of equals, or single rows."""
    if ties == "together":
        steps = valued.group_by("value").aggregate(size=_.count())
    else:
        steps = valued.select(key, "value", size=ibis.literal(1, "int64"))
    return steps.mutate(gain=(ibis.greatest(_.value, 0) * _.size).cast(MONEY_TYPE))


def _added_up(steps: ir.Table, *, key: str, ties: Ties) -> ir.Table:
    """Add the steps up from the highest value down."""
    order = [steps.value.desc()] if ties == "together" else [steps.value.desc(), steps[key]]
    so_far = ibis.cumulative_window(order_by=order)
    added = steps.mutate(
        last_rank=_.size.sum().over(so_far),
        cumulative=_.gain.sum().over(so_far).cast(MONEY_TYPE),
        everyone=_.size.sum().over(ibis.window()),
        whole=_.gain.sum().over(ibis.window()).cast(MONEY_TYPE),
    )
    first_of_equals = added.last_rank - added.size + 1
    rank = first_of_equals if ties == "together" else first_of_equals.min().over(group_by="value")
    return added.mutate(rank=rank)


def _within(share: float, boundary: Boundary) -> ibis.Deferred:
    """Tell whether a step still lies within the first `share` of the whole."""
    limit = _.whole * round(share * BILLIONTHS)
    reached = _.cumulative if boundary == "inclusive" else _.cumulative - _.gain
    return reached * BILLIONTHS <= limit if boundary == "inclusive" else reached * BILLIONTHS < limit


def abc_summary(classes: ir.Table) -> ir.Table:
    """Sum up each class: how many, and how much of the whole they bring.

    A, B and C always have a row, D and unknown where somebody is in them.

    Returns
    -------
    abc_class, customer_count, customer_share (of all rows, D and unknown included), value, value_share (of the sum of
    the positive values: A, B and C add up to 1, D is zero or below), lowest_value (where the class ends), is_empty
    (true for an A, B or C that nobody is in although somebody has value: the cut-off fell inside one customer).
    """
    valued = classes.select("abc_class", value=_[classes.columns[1]].cast(MONEY_TYPE))
    wide = valued.aggregate(
        everyone=_.count(),
        whole=_.value.sum(where=_.value > 0).cast(MONEY_TYPE),
        **{f"count_{name}": _.count(where=_.abc_class == name) for name in CLASSES},
        **{f"value_{name}": _.value.sum(where=_.abc_class == name).cast(MONEY_TYPE) for name in CLASSES},
        **{f"lowest_{name}": _.value.min(where=_.abc_class == name) for name in CLASSES},
    )
    rows = [_class_row(wide, name) for name in CLASSES]
    return ibis.union(*rows).filter((_.customer_count > 0) | _.abc_class.isin(["A", "B", "C"])).order_by("abc_class")


def _class_row(wide: ir.Table, name: str) -> ir.Table:
    count, value = wide[f"count_{name}"].fill_null(0), wide[f"value_{name}"].fill_null(0)
    return wide.select(
        abc_class=ibis.literal(name),
        customer_count=count,
        customer_share=count / wide.everyone.nullif(0),
        value=value,
        value_share=value.cast("float64") / wide.whole.cast("float64").nullif(0),
        lowest_value=wide[f"lowest_{name}"],
        is_empty=(count == 0) & (wide.whole.fill_null(0) > 0) if name in "ABC" else ibis.literal(False),
    )


def lorenz(classes: ir.Table, *, points: int = 200) -> ir.Table:
    """Thin the classed rows to the curve of cumulative share, highest value first, for drawing.

    Both axes are cut into `points` steps and of each pair of steps within a class the last row is kept: at most
    2 x points + 5 rows; the last row of every class, where it ends, is always among them. (0, 0) is not.

    Returns
    -------
    rank_share (x), cumulative_share (y), value (at this place of the ranking), abc_class.
    """
    by = classes.columns[1]
    placed = classes.filter(_.abc_class != "unknown", _.cumulative_share.notnull()).select(
        "rank_share", "cumulative_share", "abc_class", value=classes[by].cast("float64")
    )
    return (
        placed.group_by("abc_class", x=(_.rank_share * points).ceil(), y=(_.cumulative_share * points).ceil())
        .aggregate(rank_share=_.rank_share.max(), cumulative_share=_.cumulative_share.max(), value=_.value.min())
        .select("rank_share", "cumulative_share", "value", "abc_class")
        .order_by("rank_share")
    )
