"""The questions through the workbench's public functions, from its store."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from benchmarks.data import AS_OF, PERIODS
from workbench.analyses import customer_facts
from workbench.store import collect, open_store
from workbench.topics.pareto import abc_classes, abc_summary
from workbench.topics.retention import cohort_retention
from workbench.topics.rfm import rfm_cuts, rfm_scores
from workbench.topics.transactions import sales_by_period


def facts(store: Path) -> pd.DataFrame:
    """All columns of the customer facts, fetched to the screen's side as the peers hold them."""
    opened = open_store(store)
    kept = opened.keep(customer_facts(opened.transactions, as_of=AS_OF))
    return pd.DataFrame(opened.arrays(kept))


def rfm(store: Path) -> pd.DataFrame:
    """Customers and money in each cell of R and F, quintile cut points."""
    opened = open_store(store)
    kept = opened.keep(customer_facts(opened.transactions, as_of=AS_OF))
    scores = rfm_scores(kept, cuts=rfm_cuts(kept, bins=5, method="quantile"))
    return collect(scores.group_by("r_score", "f_score").agg(customers=scores.count(), monetary=scores.monetary.sum()))


def pareto(store: Path) -> pd.DataFrame:
    """Customers and money in each ABC class."""
    opened = open_store(store)
    kept = opened.keep(customer_facts(opened.transactions, as_of=AS_OF))
    return collect(abc_summary(abc_classes(kept, by="monetary")))


def cohorts(store: Path) -> pd.DataFrame:
    """The triangle of monthly cohorts: base, customers and money of each cell."""
    opened = open_store(store)
    return collect(cohort_retention(opened.transactions, as_of=AS_OF))


def periods(store: Path) -> pd.DataFrame:
    """Sales of two years by product: orders, customers, items, money and margin."""
    opened = open_store(store)
    return collect(sales_by_period(opened.transactions, periods=PERIODS, by="product_id")).rename(
        columns={"revenue": "monetary"}
    )
