"""What the panel of lifetime value shows: fits before the cut and on all data, the hold-out, and what lies ahead."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
from ibis.expr import types as ir

from workbench.analyses.arrays import Floats
from workbench.panels.base import Answer
from workbench.panels.session import Session
from workbench.topics.lifetime_value.fit import Fit
from workbench.topics.lifetime_value.gamma_gamma import GammaGamma, fit_gamma_gamma
from workbench.topics.lifetime_value.hold_out import (
    HoldOut,
    PurchaseModel,
    fit_purchases,
    group_spend,
    held_out_result,
    split_day,
    tracked,
    weekly,
)
from workbench.topics.lifetime_value.naive import naive_values, period_spend, revenue_by_age
from workbench.topics.lifetime_value.query import (
    distinct_histories,
    held_out,
    interval_split,
    purchase_histories,
    repeat_purchases_by_day,
    spend_histories,
)
from workbench.topics.lifetime_value.regularity import Regularity, regularity
from workbench.topics.lifetime_value.value import RevenueAhead, customer_values, revenue_ahead


@dataclass(frozen=True)
class ValueData:
    """What the panel knows of the customers inside the filters, whatever model and horizon are chosen."""

    known: ir.Table
    histories: pd.DataFrame
    spent: pd.DataFrame
    held: pd.DataFrame
    spent_before: pd.DataFrame
    by_day: pd.DataFrame
    naive: pd.DataFrame
    regularity: Regularity
    first: date
    split_on: date
    as_of: date

    @property
    def days(self) -> int:
        """The length of the hold-out."""
        return (self.as_of - self.split_on).days

    @property
    def without_spend(self) -> int:
        """Customers who came again and got back as much as they paid: no model of spend knows them."""
        again = self.histories["repeat_count"] > 0
        return int(self.histories["customer_count"][again].sum() - self.spent["customer_count"].sum())


@dataclass(frozen=True)
class ModelFits:
    """The models as fitted before the cut and on all data, what the hold-out says of the first, and what lies ahead."""

    before: Fit[Any]
    purchases: Fit[Any]
    spend: Fit[GammaGamma]
    hold_out: HoldOut
    tracking: pd.DataFrame
    ahead: RevenueAhead


@dataclass(frozen=True)
class LifetimeValueAnswer(Answer):
    """Purchases by frequency in the hold-out (`rows`), and all that stands beside them."""

    data: ValueData
    fits: ModelFits
    values: pd.DataFrame
    model: PurchaseModel
    horizon_months: int
    discount: float

    @property
    def is_usable(self) -> bool:
        """Whether the hold-out allows to use what the models say of the future."""
        return self.fits.hold_out.grade != "do_not_use"

    @property
    def tells_customers_apart(self) -> bool:
        """Whether it allows to use what they say of single customers."""
        return self.fits.hold_out.grade in ("A", "B")


def value_data(session: Session) -> ValueData:
    """Fetch, once for these filters, what all models are fitted to and judged by."""
    return session.remember("lifetime value data", lambda: _value_data(session))  # type: ignore[no-any-return]


def _value_data(session: Session) -> ValueData:
    lines, as_of, store = session.transactions, session.as_of, session.store

    def rows(table: ir.Table) -> pd.DataFrame:
        return pd.DataFrame(store.arrays(table))

    known = store.keep(purchase_histories(lines, as_of=as_of))
    histories = rows(distinct_histories(known))
    first = as_of - timedelta(days=int(histories["observed_days"].max()))
    split_on = split_day(first, as_of)
    before = purchase_histories(lines, as_of=split_on)
    days = (as_of - split_on).days
    figures = rows(period_spend(lines, as_of=as_of, days=days))
    apart = rows(interval_split(lines, as_of=as_of)).iloc[0]
    return ValueData(
        known,
        histories,
        rows(spend_histories(known)),
        rows(held_out(lines, split_on=split_on, as_of=as_of)),
        rows(spend_histories(before)),
        rows(repeat_purchases_by_day(lines, split_on=split_on, as_of=as_of)),
        naive_values(figures, rows(revenue_by_age(lines, as_of=as_of)), days=days),
        regularity(float(apart["share_variance"]), int(apart["customer_count"])),
        first,
        split_on,
        as_of,
    )


def fit_spend(spent: pd.DataFrame) -> Fit[GammaGamma]:
    """Fit the model of spend to the rows of `spend_histories`."""
    x = spent["repeat_count"].to_numpy(dtype=float)
    return fit_gamma_gamma(x, spent["repeat_monetary"].to_numpy(dtype=float) / x, spent["customer_count"])


def model_fits(session: Session, *, model: PurchaseModel) -> ModelFits:
    """Fit, once for these filters and this model, before the cut and on all data."""
    return session.remember(("lifetime value fits", model), lambda: _model_fits(value_data(session), model))  # type: ignore[no-any-return]


def _model_fits(data: ValueData, model: PurchaseModel) -> ModelFits:
    before, spend_before = fit_purchases(data.held, model=model), fit_spend(data.spent_before)
    purchases: Fit[Any] = fit_purchases(data.histories, model=model)
    spend = fit_spend(data.spent)
    result = held_out_result(data.held, before.model, spend_before.model, days=data.days, regularity=data.regularity)
    tracking = tracked(data.by_day, before.model, first=data.first, as_of=data.as_of)
    return ModelFits(before, purchases, spend, result, tracking, revenue_ahead(data.histories, purchases, spend))


def group_values(data: ValueData, fits: ModelFits, *, horizon_months: int, discount: float) -> pd.DataFrame:
    """Return `customer_values` of each different history, with its number of customers."""
    spend = group_spend(fits.spend.model, data.histories)
    values = customer_values(
        weekly(data.histories), fits.purchases.model, spend, horizon_months=horizon_months, discount=discount
    )
    return values.assign(customer_count=data.histories["customer_count"].to_numpy())


def spend_correlation(spent: pd.DataFrame) -> float:
    """Return how spend on a repeat purchase goes with their number: the models hold that it does not.

    Over customers; unknown where all bought as often or spent alike.
    """
    x = spent["repeat_count"].to_numpy(dtype=float)
    mean: Floats = spent["repeat_monetary"].to_numpy(dtype=float) / np.maximum(x, 1)
    weights = spent["customer_count"].to_numpy(dtype=float)
    covariance = np.cov(x, mean, fweights=weights.astype(int)) if weights.sum() > 1 else np.zeros((2, 2))
    spread = covariance[0, 0] * covariance[1, 1]
    return float(covariance[0, 1] / np.sqrt(spread)) if spread > 0 else float("nan")
