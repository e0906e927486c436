"""The customers behind a bar of lifetime value: whether they are still there, what they will buy and bring."""

from __future__ import annotations

import ibis
import numpy as np
import pandas as pd

from workbench.charts.words import count_words
from workbench.panels.segment_lists import people_list
from workbench.panels.session import Session
from workbench.panels.table import Detail, Field
from workbench.topics.lifetime_value.hold_out import FREQUENCIES, group_spend, weekly
from workbench.topics.lifetime_value.panel_answer import LifetimeValueAnswer
from workbench.topics.lifetime_value.value import customer_values

MOST_VALUED = 200
VALUE_COLUMNS = ("probability_alive", "expected_purchases", "expected_spend", "expected_value")
VALUE_FIELDS = (
    Field("last_on", "day"),
    Field("repeat_count", "count"),
    Field("probability_alive", "share"),
    Field("expected_purchases", "points"),
    Field("expected_spend", "money"),
    Field("expected_value", "money"),
)


def listed_customers(session: Session, answer: LifetimeValueAnswer, *, repeat_count: int) -> Detail:
    """List who came again so often by now (FREQUENCIES: or oftener), the 200 first who are expected to bring most."""
    known = answer.data.known
    meant = known.repeat_count >= FREQUENCIES if repeat_count == FREQUENCIES else known.repeat_count == repeat_count
    columns = known.filter(meant).select(
        "customer_id",
        "repeat_count",
        "t_x_days",
        "observed_days",
        repeat_monetary=ibis.greatest(known.repeat_monetary, 0),
    )
    people = pd.DataFrame(session.store.arrays(columns)).assign(customer_count=1)
    values = customer_values(
        weekly(people),
        answer.fits.purchases.model,
        group_spend(answer.fits.spend.model, people),
        horizon_months=answer.horizon_months,
        discount=answer.discount,
    )
    ordered = (
        people[["customer_id"]].join(values).sort_values(["expected_value", "customer_id"], ascending=[False, True])
    )
    first = ordered.head(MOST_VALUED)
    ids = first["customer_id"].tolist()
    of_them = known.filter(known.customer_id.isin(ids)) if ids else known.filter(ibis.literal(False))
    looked_up = {
        name: ibis.map(ids, np.round(first[name], 4).tolist()).get(of_them.customer_id).cast("float64")
        if ids
        else ibis.null("float64")
        for name in VALUE_COLUMNS
    }
    listed = of_them.select("customer_id", "last_on", "repeat_count", **looked_up)
    lang = session.lang
    return people_list(
        session,
        listed,
        VALUE_FIELDS,
        order=(listed.expected_value.desc(),),
        title="panels.lifetime_value.members",
        facts={
            "shown": count_words(len(first), lang),
            "count": count_words(len(people), lang),
            "times": count_words(repeat_count, lang) + ("+" if repeat_count == FREQUENCIES else ""),
            "months": answer.horizon_months,
        },
    )
