"""How many customers are in each lifecycle stage, by query; and held in memory as a few counts by day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
from ibis import _
from numpy.typing import NDArray

from workbench.analyses.arrays import Integers
from workbench.analyses.segment_sums import SUMS
from workbench.analyses.segmentation import Ground
from workbench.analyses.visit_rhythm import HUNDRED
from workbench.topics.lifecycle.segmentation import STAGES, LifecycleSegmentation, lifecycle_state, purchase_steps

DAY_MEASURES = ("silent", "tenure", "returned")


@dataclass(frozen=True)
class LifecycleCounts:
    """Sums of customers by the days of one measure at a time; the stages of all are sums and differences of these.

    No table of all combinations is needed, because the windows keep their order: whoever is new, or has come back
    lately, is not silent; who bought once is silent since the first day. So, with S, T and R the sums by silence,
    tenure and the silence that a return ended: lapsed = S(> lapsed), at risk = S(at risk < s <= lapsed) and, of those
    who bought once, S(new < s <= at risk), new = T(<= new), reactivated = R(> lapsed); growing, of those whose
    purchases grow, S(<= at risk) - T(<= new) - R(> lapsed). A property test holds this equal to the rules.

    Attributes
    ----------
    rows
        measure (place in DAY_MEASURES), days, is_once, is_growing, and SUMS: customers, cents, orders, recency.
    """

    rows: dict[str, Integers]

    @classmethod
    def read(cls, rows: dict[str, NDArray[Any]]) -> LifecycleCounts:
        """Build it from the columns that `lifecycle_steps` gives."""
        return cls({name: values.astype(np.int64) for name, values in rows.items()})

    def sums(self, rules: LifecycleSegmentation, names: Sequence[str] = SUMS) -> dict[str, Integers]:
        """Return for each of these SUMS its sum by stage, in the order of STAGES."""
        rows, days = self.rows, self.rows["days"]
        silent, tenure, returned = (rows["measure"] == place for place in range(len(DAY_MEASURES)))
        once = rows["is_once"] == 1
        grows = (rows["is_growing"] == 1) & ~once
        active = silent & (days <= rules.at_risk_days)
        new, back = tenure & (days <= rules.new_days), returned & (days > rules.lapsed_days)
        lapsed = silent & (days > rules.lapsed_days)
        waiting = active & once & (days > rules.new_days)
        risky = (silent & (days > rules.at_risk_days) & ~lapsed) | waiting
        by_stage = {}
        for name in names:
            values = rows[name]

            def of(chosen: NDArray[np.bool_], values: Integers = values) -> int:
                return int(values[chosen].sum())

            growing = of(active & grows) - of(new & grows) - of(back & grows)
            stable = of(active) - of(waiting) - of(new) - of(back) - growing
            by_stage[name] = np.array([of(new), growing, stable, of(back), of(risky), of(lapsed)], dtype=np.int64)
        return by_stage

    def sizes(self, rules: LifecycleSegmentation) -> pd.DataFrame:
        """Sum up the stages with the columns of `segment_sizes`; a stage of nobody has a row of zeros."""
        sums = self.sums(rules)
        customers, cents, orders = sums["customers"], sums["cents"], sums["orders"]
        money, whole, some = cents / HUNDRED, int(cents.sum()) / HUNDRED, np.where(customers > 0, customers, np.nan)
        return pd.DataFrame(
            {
                "segment": [stage.id for stage in STAGES],
                "customer_count": customers,
                "customer_share": customers / max(int(customers.sum()), 1),
                "order_count": orders,
                "monetary": money,
                "value_share": money / whole if whole > 0 else np.nan,
                "average_order_value": money / np.where(orders > 0, orders, np.nan),
                "average_monetary": money / some,
                "average_recency_days": sums["recency"] / some,
            }
        )


def lifecycle_steps(ground: Ground, rules: LifecycleSegmentation, *, as_of: date | None = None) -> ir.Table:
    """Condense the state of a day to what `LifecycleCounts.read` takes; of an earlier day, without money.

    Parameters
    ----------
    as_of
        The day, the ground's where none is given. Money, orders and recency are those of the ground's facts: they
        speak of the ground's day, so for an earlier one they are zero.
    """
    state = lifecycle_state(purchase_steps(ground, rules), rules, as_of=as_of or ground.as_of)
    if as_of is None or as_of == ground.as_of:
        facts = ground.facts.select("customer_id", "monetary", "order_count", "recency_days")
        state = state.inner_join(facts, "customer_id")
    else:
        state = state.mutate(monetary=ibis.literal(0), order_count=ibis.literal(0), recency_days=ibis.literal(0))
    # One row per measure: (place, days) packed into one number, so that everything is grouped in one pass.
    measured = [state.silent_days, state.tenure_days, state.returned_after_days]
    packed = ibis.array([place + len(DAY_MEASURES) * days for place, days in enumerate(measured)])
    listed = state.select(
        "monetary",
        "order_count",
        "recency_days",
        "is_growing",
        is_once=state.purchase_days == 1,
        packed=packed.unnest(),
    ).filter(_.packed.notnull())
    return listed.group_by("packed", "is_once", "is_growing").aggregate(
        customers=_.count(),
        cents=(_.monetary * HUNDRED).cast("int64").sum().cast("int64").fill_null(0),
        orders=_.order_count.sum().cast("int64"),
        recency=_.recency_days.sum().cast("int64"),
    ).select(
        measure=_.packed % len(DAY_MEASURES), days=_.packed // len(DAY_MEASURES),
        is_once=_.is_once.cast("int8"), is_growing=_.is_growing.fill_null(False).cast("int8"),
        customers=_.customers, cents=_.cents, orders=_.orders, recency=_.recency,
    )  # fmt: skip


def stage_counts(states: Mapping[date, ir.Table], rules: LifecycleSegmentation) -> ir.Table:
    """Count the stages at each day.

    Parameters
    ----------
    states
        The `lifecycle_state` of each day, one at least. Whoever moves a window of the stages keeps them.

    Returns
    -------
    day, and for every stage how many are in it, in the order of STAGES; a row for every day, also before anybody had
    bought.
    """
    counted = [
        rules.judge(state)
        .aggregate(**{stage.id: _.count(where=_.segment == stage.id).fill_null(0) for stage in STAGES})
        .select(*(stage.id for stage in STAGES), day=ibis.date(day))
        for day, state in states.items()
    ]
    return ibis.union(*counted).select("day", *(stage.id for stage in STAGES)).order_by("day")


def stage_history(counts: Mapping[date, Sequence[int]]) -> pd.DataFrame:
    """List counts of the stages by day: day, segment, customer_count, customer_share (of those known by then).

    A day before anybody had bought has no rows.
    """
    rows = [
        (day, stage.id, int(count), int(count) / everyone)
        for day, customers in counts.items()
        if (everyone := int(sum(customers)))
        for stage, count in zip(STAGES, customers, strict=True)
    ]
    return pd.DataFrame(rows, columns=["day", "segment", "customer_count", "customer_share"])
