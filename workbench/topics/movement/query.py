"""Movement: the same rules at two dates, who went from which segment to which, and what carried them there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Literal, get_args

import ibis
import ibis.expr.types as ir
import pandas as pd
from ibis import _

from workbench.analyses.facts import customer_facts
from workbench.analyses.segmentation import MONEY_TYPE, OTHERS, Ground, Segmentation
from workbench.errors import ChoiceError

NOT_YET = "not_yet"
"""At the first date: they had never bought before."""
ABSENT = "absent"
"""They had bought before, but not in the period that the date looks back on."""
OUTSIDE = (NOT_YET, ABSENT)

MoveDirection = Literal["better", "worse", "same", "other", "joined", "returned", "left", "away"]
MOVE_DIRECTIONS: tuple[MoveDirection, ...] = get_args(MoveDirection)

UNTOLD = ("customer_id", "segment", "monetary")


def movement(
    before: ir.Table,
    after: ir.Table,
    *,
    facts_before: ir.Table,
    facts_after: ir.Table,
    known: ir.Table,
    order: Sequence[str] = (),
) -> ir.Table:
    """Put every customer's two segments side by side, with the evidence for both.

    The rules must be one and the same frozen segmentation: with cut points measured again, customers change segment
    because the cut points did. Everybody known by the second date has one row. Who has no facts at a date is
    "absent" there, or at the first date "not_yet" where the first purchase of all came after it.

    Direction follows `order`, the segments from best to worst: up is "better", down "worse". Between segments of
    which one is not in the order it is "other". Who was not in the period before has "joined" (a new customer) or
    "returned", who is no longer in it has "left"; "away" is who is in neither.

    Parameters
    ----------
    before, after
        What one segmentation's `assign` gave at the two dates.
    facts_before, facts_after
        The customer facts they were made from.
    known
        Everybody who bought up to the second date: customer_id, and `is_new`, whether for the first time after the
        first date.

    Returns
    -------
    customer_id, from_segment, to_segment, direction, monetary_before, monetary_after (0 where there are no facts), and
    for each column of the evidence `<name>_before` and `<name>_after` (null where there are no facts).
    """
    evidence = [name for name in before.columns if name not in UNTOLD]
    first, second = _side(before, facts_before, evidence, "before"), _side(after, facts_after, evidence, "after")
    everyone = known.select("customer_id", "is_new")
    joined = everyone.left_join(first, "customer_id").drop("customer_id_right")
    joined = joined.left_join(second, "customer_id").drop("customer_id_right")
    start = joined.segment_before.fill_null(joined.is_new.ifelse(NOT_YET, ABSENT))
    end = joined.segment_after.fill_null(ABSENT)
    return joined.select(
        "customer_id",
        from_segment=start,
        to_segment=end,
        direction=_direction(start, end, order),
        monetary_before=joined.monetary_before.fill_null(0).cast(MONEY_TYPE),
        monetary_after=joined.monetary_after.fill_null(0).cast(MONEY_TYPE),
        **{f"{name}_{when}": joined[f"{name}_{when}"] for name in evidence for when in ("before", "after")},
    )


def _side(assigned: ir.Table, facts: ir.Table, evidence: Sequence[str], when: str) -> ir.Table:
    """Name a date's columns after it."""
    money = facts.select("customer_id", "monetary")
    joined = assigned.drop("monetary") if "monetary" in assigned.columns else assigned
    joined = joined.inner_join(money, "customer_id")
    return joined.select(
        "customer_id", **{f"{name}_{when}": joined[name] for name in ("segment", "monetary", *evidence)}
    )


def _direction(start: ir.StringValue, end: ir.StringValue, order: Sequence[str]) -> ir.StringValue:
    ranks = [(name, place) for place, name in enumerate(order) if name != OTHERS]
    rank = {
        side: ibis.cases(*((value == name, place) for name, place in ranks), else_=None)
        if ranks
        else ibis.null("int64")
        for side, value in (("start", start), ("end", end))
    }
    was, is_ = start.isin(OUTSIDE), end.isin(OUTSIDE)
    return ibis.cases(
        (was & is_, "away"),
        (start == NOT_YET, "joined"),
        (was, "returned"),
        (is_, "left"),
        (start == end, "same"),
        (rank["end"] < rank["start"], "better"),
        (rank["end"] > rank["start"], "worse"),
        else_="other",
    )


def ground_at(ground: Ground, day: date, *, since: date | None = None, has_visits: bool = True) -> Ground:
    """Return what was known on a day: the tables up to it, from `since` on, and the customer facts of then.

    Parameters
    ----------
    ground
        Whose tables hold all times.
    has_visits
        Off where visits must not be asked for: they are unknown then, not none.
    """

    def table(name: str) -> ir.Table:
        rows = ground.table(name)
        if "day" not in rows.columns:
            return rows
        begun = rows if since is None else rows.filter(rows.day >= ibis.date(since))
        return begun.filter(begun.day <= ibis.date(day))

    facts = customer_facts(
        table("transactions"),
        as_of=day,
        since=since,
        customers=ground.table("customers"),
        interactions=table("interactions") if has_visits else None,
    )
    known = facts if has_visits else facts.mutate(visit_count=ibis.null("int64"))
    return Ground(day, ground.keep(known), table, ground.keep)


def movement_between(
    ground: Ground,
    segmentation: Segmentation,
    *,
    before: date,
    after: date,
    since: tuple[date | None, date | None] = (None, None),
    order: Sequence[str] = (),
    has_visits: bool = True,
) -> ir.Table:
    """Ask one segmentation at two dates and put the answers side by side, as `movement` does.

    `since` says from which day on each date looks back; without it, to the beginning of the data.
    """
    if before > after:
        raise ChoiceError("dates_reversed", before=before.isoformat(), after=after.isoformat())
    sides = [
        ground_at(ground, day, since=start, has_visits=has_visits)
        for day, start in zip((before, after), since, strict=True)
    ]
    return movement(
        *(ground.keep(segmentation.assign(side)) for side in sides),
        facts_before=sides[0].facts,
        facts_after=sides[1].facts,
        known=known_customers(ground.table("transactions"), before=before, after=after),
        order=order,
    )


def known_customers(transactions: ir.Table, *, before: date, after: date) -> ir.Table:
    """Return everybody with a purchase up to the day `after`, and whether the first one came after the day `before`."""
    bought = transactions.filter(_.is_purchase, _.customer_id.notnull(), ~_.is_cancelled, _.day <= ibis.date(after))
    firsts = bought.group_by("customer_id").aggregate(first_on=_.day.min())
    return firsts.select("customer_id", is_new=firsts.first_on > ibis.date(before))


def movement_matrix(moved: ir.Table) -> ir.Table:
    """Count customers and money for every pair of segments that occurs.

    The sum over a row is the segment at the first date, over a column the segment at the second, over all of it
    everybody known. Money at the first date sums up along rows, money at the second along columns.

    Returns
    -------
    from_segment, to_segment, direction, customer_count, from_share (of the customers who were in the segment),
    monetary_before, monetary_after, monetary_change.
    """
    cells = moved.group_by("from_segment", "to_segment", "direction").aggregate(
        customer_count=_.count(),
        monetary_before=_.monetary_before.sum().cast(MONEY_TYPE),
        monetary_after=_.monetary_after.sum().cast(MONEY_TYPE),
    )
    row = ibis.window(group_by="from_segment")
    return cells.select(
        "from_segment",
        "to_segment",
        "direction",
        "customer_count",
        from_share=_.customer_count / _.customer_count.sum().over(row),
        monetary_before=_.monetary_before,
        monetary_after=_.monetary_after,
        monetary_change=(_.monetary_after - _.monetary_before).cast(MONEY_TYPE),
    ).order_by("from_segment", "to_segment")


def directions(cells: pd.DataFrame) -> pd.DataFrame:
    """Sum the matrix up by direction: how many went up, down, stayed, joined, came back, left.

    Returns direction, customer_count, monetary_before, monetary_after; every direction that occurs, in their order.
    """
    sums = cells.groupby("direction")[["customer_count", "monetary_before", "monetary_after"]].sum()
    return sums.reindex([name for name in MOVE_DIRECTIONS if name in sums.index]).reset_index()


def thresholds(segmentation: Segmentation) -> dict[str, tuple[float, ...]]:
    """Return the cut points of each measure, rising, by the column of the evidence they cut; none where none are known.

    A kind of segmentation that cuts measures says where, as `thresholds`.
    """
    cuts: Mapping[str, Sequence[float]] = getattr(segmentation, "thresholds", {})
    return {name: tuple(points) for name, points in cuts.items()}


def crossings(moved: ir.Table, cuts: Mapping[str, Sequence[float]]) -> ir.Table:
    """Say for every customer which cut point each measure crossed between the dates: the last one passed.

    A cut point belongs to the interval above it: from 59 to 60 crosses a cut of 60, from 60 to 61 does not.

    Returns
    -------
    The columns of `movement`, and for each measure with cut points `<name>_cut`: null where the customer stayed in
    the same interval or has facts at one date only.
    """
    return moved.mutate(**{f"{name}_cut": _crossed(moved, name, sorted(values)) for name, values in cuts.items()})


def _crossed(moved: ir.Table, name: str, cuts: Sequence[float]) -> ir.FloatingValue:
    was, is_ = (moved[f"{name}_{when}"].cast("float64") for when in ("before", "after"))
    is_both = ~(moved.from_segment.isin(OUTSIDE) | moved.to_segment.isin(OUTSIDE))
    up = [((was < cut) & (is_ >= cut) & is_both, float(cut)) for cut in reversed(cuts)]
    down = [((was >= cut) & (is_ < cut) & is_both, float(cut)) for cut in cuts]
    return ibis.cases(*up, *down, else_=ibis.null("float64"))
