"""Ready figures in the shape of customer facts: the newest of each customer, nobody who never bought, no guesses."""

from __future__ import annotations

from datetime import date

import ibis
import pandas as pd

from workbench.analyses.facts import customer_facts
from workbench.analyses.ready_facts import ready_customer_facts

AS_OF = date(2024, 12, 31)
COLUMNS = ["customer_id", "last_on", "recency_days", "frequency", "monetary", "as_of"]


def facts_of(*rows: tuple[object, ...]) -> pd.DataFrame:
    ready = ibis.memtable(pd.DataFrame(rows, columns=COLUMNS)).cast(
        {
            "customer_id": "string", "last_on": "date", "recency_days": "decimal(18, 3)",
            "frequency": "decimal(18, 3)", "monetary": "decimal(18, 2)", "as_of": "date",
        }
    )  # fmt: skip
    facts = ready_customer_facts(ready, as_of=AS_OF).order_by("customer_id")
    return facts.to_pandas().set_index("customer_id")


def test_days_are_counted_from_the_last_purchase_and_the_newest_figures_count():
    facts = facts_of(
        ("K1", date(2024, 12, 21), 5, 3, 30, date(2024, 12, 26)),
        ("K1", date(2024, 11, 1), 29, 2, 20, date(2024, 11, 30)),
        ("K2", None, 7, 1, 9, None),
    )
    assert facts["recency_days"].tolist() == [10, 7]
    assert facts["frequency"].tolist() == [3, 1]
    assert facts["average_order_value"].tolist() == [10, 9]
    assert facts[["first_on", "tenure_days", "purchase_days", "margin"]].isna().all(axis=None)


def test_who_never_bought_is_not_there_and_what_is_not_given_stays_unknown():
    facts = facts_of(
        ("K1", None, None, 0, 0, AS_OF),
        ("K2", None, None, None, 0, AS_OF),
        ("K3", None, None, None, 12, AS_OF),
        ("K4", date(2024, 12, 30), None, None, None, AS_OF),
    )
    assert facts.index.tolist() == ["K3", "K4"]
    assert facts["frequency"].isna().all()
    assert facts["recency_days"].tolist()[1] == 1


def test_they_have_the_columns_of_customer_facts():
    sales = ibis.table(
        {
            "customer_id": "string", "order_id": "string", "day": "date", "amount": "decimal(18, 2)",
            "cost": "decimal(18, 2)", "is_cancelled": "boolean", "is_purchase": "boolean",
        }
    )  # fmt: skip
    people = ibis.table({"customer_id": "string", "name": "string", "region": "string"})
    ready = ibis.table(dict(zip(COLUMNS, ("string", "date", "int64", "int64", "decimal(18, 2)", "date"), strict=True)))
    computed = customer_facts(sales, as_of=AS_OF, customers=people)
    assert ready_customer_facts(ready, as_of=AS_OF, customers=people).columns == computed.columns
