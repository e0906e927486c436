"""Published estimates of the CDNOW sample and of a subscription's survival, from raw files to the printed digits."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.analyses.raw_files import loaded
from workbench.topics.lifetime_value import (
    distinct_histories,
    fit_bg_nbd,
    fit_gamma_gamma,
    fit_pareto_nbd,
    fit_shifted_beta_geometric,
    purchase_histories,
    spend_histories,
)
from workbench.topics.lifetime_value.histories import Histories
from workbench.topics.lifetime_value.hold_out import weekly

SPLIT = date(1997, 9, 30)
CDNOW = """
[[source]]
files = ["CDNOW_sample.txt"]
table = "transactions"
[source.columns]
column_1 = "customer_id"
column_3 = "day"
column_4 = "quantity"
column_5 = "amount"
"""


@pytest.fixture(scope="module")
def purchases(shared_data: Path) -> pd.DataFrame:
    """Days of purchase of each customer until the split: same-day purchases merged."""
    names = ["master", "customer", "day", "discs", "spent"]
    lines = pd.read_csv(shared_data / "cdnow/CDNOW_sample.txt", sep=r"\s+", header=None, names=names)
    lines["day"] = pd.to_datetime(lines["day"].astype(str))
    return lines[lines["day"] <= str(SPLIT)].groupby(["customer", "day"], as_index=False)["spent"].sum()


@pytest.fixture(scope="module")
def histories(purchases: pd.DataFrame) -> Histories:
    of = purchases.groupby("customer")["day"].agg(["min", "max", "count"])
    last, known = ((end - of["min"]).dt.days / 7 for end in (of["max"], pd.Timestamp(SPLIT)))
    return Histories.of(of["count"] - 1, last, known)


def test_the_sample_has_the_published_customers(histories: Histories):
    assert (histories.base, histories.repeated, histories.x @ histories.count) == (2_357, 946, 2_457)


def test_bg_nbd_comes_out_as_printed(histories: Histories):
    fit = fit_bg_nbd(histories)
    printed = {"r": 0.2426, "alpha": 4.4136, "a": 0.7929, "b": 2.4259}
    assert {name: round(value, 4) for name, value in fit.parameters.items()} == printed
    assert round(fit.log_likelihood, 3) == -9582.429
    assert fit.model.new_customer_purchases(np.array([52.0])).round(4).tolist() == [1.4440]


def test_pareto_nbd_comes_out_as_printed(histories: Histories):
    fit = fit_pareto_nbd(histories)
    printed = {"r": 0.553, "alpha": 10.578, "s": 0.606, "beta": 11.669}
    assert {name: round(value, 3) for name, value in fit.parameters.items()} == printed
    assert round(fit.log_likelihood, 3) == -9594.976


def test_gamma_gamma_comes_out_as_printed(purchases: pd.DataFrame):
    first = purchases.groupby("customer")["day"].transform("min")
    again = purchases[purchases["day"] > first].groupby("customer")["spent"].agg(["count", "mean"])
    fit = fit_gamma_gamma(again["count"], again["mean"])
    assert {name: round(value, 2) for name, value in fit.parameters.items()} == {"p": 6.25, "q": 3.74, "v": 15.44}
    assert round(fit.log_likelihood, 2) == -4055.92


def test_the_survival_of_a_subscription_comes_out_as_printed():
    """Share still subscribed after each of seven renewals, of a thousand (Fader and Hardie 2007, "Regular")."""
    there = np.array([100, 63.1, 46.8, 38.2, 32.6, 28.9, 26.2, 24.1]) * 10
    fit = fit_shifted_beta_geometric(range(1, 8), -np.diff(there), [0] * 6 + [there[-1]])
    assert {name: round(value, 3) for name, value in fit.parameters.items()} == {"alpha": 0.704, "beta": 1.182}


def test_the_queries_on_a_store_give_what_the_paper_counts(shared_data: Path, tmp_path: Path):
    """A purchase is above zero here: eight customers of the paper got one disc, and that was free."""
    with loaded(shared_data / "cdnow/CDNOW_sample.txt", CDNOW, tmp_path) as store:
        known = purchase_histories(store.transactions, as_of=SPLIT)
        asked = weekly(store.collect(distinct_histories(known)))
        spent = store.collect(spend_histories(known))
    counts = (asked.base, asked.repeated, asked.x @ asked.count, spent["customer_count"].sum())
    assert counts == (2_349, 946, 2_457, 946)
