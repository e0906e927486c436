"""Lifetime value: what customers will bring, checked on days that are known, beside the values of spreadsheets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, get_args

from workbench.charts.drawing import Drawing
from workbench.errors import NothingToShow
from workbench.panels.base import Panel, Parts
from workbench.panels.controls import WholeSlider, choice, share_slider
from workbench.panels.privacy import Privacy
from workbench.panels.session import Session
from workbench.panels.table import Detail
from workbench.topics.lifetime_value.chart import frequency_drawing, tracking_drawing
from workbench.topics.lifetime_value.hold_out import FREQUENCIES, PurchaseModel, fit_purchases
from workbench.topics.lifetime_value.panel_answer import (
    LifetimeValueAnswer,
    group_values,
    model_fits,
    value_data,
)
from workbench.topics.lifetime_value.panel_list import listed_customers
from workbench.topics.lifetime_value.panel_words import value_figures, value_summary
from workbench.topics.lifetime_value.query import held_out, held_out_by_frequency
from workbench.topics.lifetime_value.value import LONGEST_HORIZON, customer_values


def lifetime_value_panel(session: Session) -> Panel:
    """Choose the model, how far ahead and the discount; a click on a bar lists customers and what they will bring."""
    return Panel(
        session,
        topic="lifetime_value",
        controls={
            "model": choice(
                "panels.lifetime_value.model", get_args(PurchaseModel), words="panels.lifetime_value.models"
            ),
            "horizon_months": WholeSlider("panels.lifetime_value.horizon", 12, low=3, high=LONGEST_HORIZON),
            "discount": share_slider(0.1, label="panels.lifetime_value.discount", low=0.0, high=0.5),
        },
        analyse=partial(_analyse, session),
        analyses=(fit_purchases, customer_values),
        privacy=Privacy(refusal="value_published"),
        draw={"frequency": _draw_frequency, "tracking": _draw_tracking},
        parts=Parts(
            figures=value_figures,
            summary=value_summary,
            detail=partial(_customers, session),
            recipe=partial(_recipe, session),
            rows_query=lambda answer: held_out_by_frequency(answer.table, most=FREQUENCIES),
            imports=(("topics.lifetime_value", ("fit_purchases", "held_out", "purchases_by_frequency")),),
        ),
    )


def _analyse(session: Session, *, model: PurchaseModel, horizon_months: int, discount: float) -> LifetimeValueAnswer:
    data, fits = value_data(session), model_fits(session, model=model)
    values = group_values(data, fits, horizon_months=horizon_months, discount=discount)
    table = held_out(session.transactions, split_on=data.split_on, as_of=data.as_of)
    rows = fits.hold_out.frequencies
    return LifetimeValueAnswer(table, rows, data.as_of, data, fits, values, model, horizon_months, discount)


def _draw_frequency(answer: LifetimeValueAnswer, lang: str) -> Drawing:
    data = answer.data
    return frequency_drawing(
        answer.rows,
        lang,
        split_on=data.split_on,
        as_of=data.as_of,
        grade=answer.fits.hold_out.grade,
        most=FREQUENCIES,
    )


def _draw_tracking(answer: LifetimeValueAnswer, lang: str) -> Drawing:
    data, base = answer.data, int(answer.data.held["customer_count"].sum())
    return tracking_drawing(answer.fits.tracking, lang, split_on=data.split_on, as_of=data.as_of, base=base)


def _customers(session: Session, answer: LifetimeValueAnswer, picked: Mapping[str, Any]) -> Detail:
    """List the customers who came again so often by now, those first who are expected to bring most."""
    if not answer.tells_customers_apart:
        raise NothingToShow("value_not_to_be_used")
    return listed_customers(session, answer, repeat_count=int(picked["repeat_count"]))


def _recipe(session: Session, chosen: Mapping[str, Any]) -> Sequence[str]:
    data = value_data(session)
    day = data.split_on
    split = f"session.as_of.replace(year={day.year}, month={day.month}, day={day.day})"
    return (
        f"held = collect(held_out(session.transactions, split_on={split}, as_of=session.as_of))",
        f"fit = fit_purchases(held, model={chosen['model']!r})",
        f"rows = purchases_by_frequency(held, fit.model, days={data.days})",
    )
