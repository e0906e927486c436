"""Retention: cohorts as a triangle and as a curve, and beside them who bought again, who was lost and who came."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, Literal, get_args

import ibis
import pandas as pd
from ibis.expr import types as ir

from workbench.analyses.calendar import MONTHS, Every, months_before
from workbench.charts.drawing import Drawing
from workbench.charts.words import count_words, month_words, points_words, share_words
from workbench.errors import NothingToShow
from workbench.i18n import t
from workbench.panels.base import Answer, Panel, Parts
from workbench.panels.controls import WholeSlider, choice
from workbench.panels.layout import Figure, text
from workbench.panels.money_unknown import MONEY_FIGURES, priced
from workbench.panels.privacy import Privacy
from workbench.panels.segment_lists import people_list
from workbench.panels.session import Session
from workbench.panels.table import Detail, Field, table_html
from workbench.topics.retention.chart import (
    RetentionMeasure,
    age_words,
    cohort_words,
    curve_drawing,
    triangle_drawing,
)
from workbench.topics.retention.chart_returns import Returned, returns_drawing
from workbench.topics.retention.curve import retention_curve
from workbench.topics.retention.query import Definition, cohort_members, cohort_retention, customer_ages
from workbench.topics.retention.returning import (
    churn_by_months,
    customer_balance,
    repeat_rates,
    waits_for_return,
)
from workbench.topics.retention.returns import NO_SEGMENT, OTHER_SEGMENTS, ReturnCurves, return_curves

WaitsBy = Literal["none", "region", "customer_type", "tier", "gender"]

COHORTS_SHOWN = 24
"""The newest cohorts that the triangle has rows for."""
PERIODS_LISTED = 13
"""A year of months, and the one that has not ended."""
FEW = 30
"""Below this a share is grey."""
HEADLINE_DAYS, HEADLINE_MONTHS = 90, 6

REPEAT_FIELDS = (
    Field("within_days", "count", label="panels.retention.within_days"),
    Field("base", "count", label="panels.retention.base"),
    Field("returned_customers", "count", label="panels.retention.again"),
    Field("returned_rate", "share", label="panels.retention.again_rate"),
)
CHURN_FIELDS = (
    Field("months", "count", label="panels.retention.months"),
    Field("base_month_words", label="panels.retention.base_month"),
    Field("base", "count", label="panels.retention.base"),
    Field("lost_customers", "count", label="panels.retention.lost"),
    Field("churn_rate", "share"),
    Field("monetary_churn_rate", "share", label="panels.retention.money_churn"),
)
BALANCE_FIELDS = (
    Field("period_words", label="panels.retention.period"),
    Field("new_customers", "count", label="panels.retention.new"),
    Field("kept_customers", "count", label="panels.retention.kept"),
    Field("returned_customers", "count", label="panels.retention.returned"),
    Field("lost_customers", "count", label="panels.retention.lost"),
    Field("quick_ratio", "points", label="panels.retention.quick_ratio"),
)


@dataclass(frozen=True)
class RetentionAnswer(Answer):
    """The cells of the triangle (`rows`), and what stands beside it."""

    repeats: pd.DataFrame
    churn: pd.DataFrame
    balance: pd.DataFrame
    every: Every
    definition: Definition
    span_days: int
    measure: RetentionMeasure
    returns: ReturnCurves
    by: WaitsBy

    @property
    def how(self) -> dict[str, Any]:
        """How ages are counted."""
        return {"every": self.every, "definition": self.definition, "span_days": self.span_days}

    @property
    def curve(self) -> pd.DataFrame:
        """The mean over the cohorts shown."""
        return retention_curve(self.rows)


def retention_panel(session: Session) -> Panel:
    """Choose month or quarter, and what coming again means; a click on a cell lists its customers."""
    measures = [one for one in get_args(RetentionMeasure) if one not in MONEY_FIGURES or not session.lacks_money]
    return Panel(
        session,
        topic="retention",
        controls={
            "every": choice("panels.retention.every", get_args(Every), words="panels.retention.everies"),
            "definition": choice(
                "panels.retention.definition", get_args(Definition), words="panels.retention.definitions"
            ),
            "measure": choice("panels.retention.measure", measures, words="panels.retention.measures"),
            "by": choice("panels.retention.by", get_args(WaitsBy), words="panels.retention.bys"),
            "span_days": WholeSlider("panels.retention.span_days", 30, low=7, high=180),
        },
        analyse=partial(_analyse, session),
        analyses=(cohort_retention, triangle_drawing, waits_by),
        privacy=Privacy(refusal="retention_published"),
        draw={"triangle": _draw_triangle, "curve": _draw_curve, "returns": partial(_draw_returns, session)},
        parts=Parts(
            figures=_figures,
            summary=partial(_summary, session),
            detail=partial(_members, session),
            folded=("span_days",),
            recipe=partial(_recipe, session),
            imports=(("topics.retention", ("cohort_retention",)),),
        ),
    )


def first_cohort(session: Session, every: Every) -> date:
    """Return the day from which cohorts are shown: the newest ones, inside the period."""
    months = MONTHS[every]
    begin = session.as_of.replace(month=(session.as_of.month - 1) // months * months + 1, day=1)
    newest = months_before(begin, months * (COHORTS_SHOWN - 1))
    return max(newest, session.filters.since or newest)


def _analyse(
    session: Session, *, every: Every, definition: Definition, measure: RetentionMeasure, by: WaitsBy, span_days: int
) -> RetentionAnswer:
    lines, as_of = session.transactions, session.as_of

    def count() -> tuple[ir.Table, pd.DataFrame]:
        cells = cohort_retention(
            lines,
            as_of=as_of,
            every=every,
            definition=definition,
            span_days=span_days,
            since=first_cohort(session, every),
            data_from=session.first_day,
        )
        return cells, session.store.collect(cells)

    def beside() -> tuple[pd.DataFrame, pd.DataFrame]:
        collect = session.store.collect
        return collect(repeat_rates(lines, as_of=as_of)), collect(churn_by_months(lines, as_of=as_of))

    table, rows = session.remember(("retention", every, definition, span_days), count)
    if rows.empty:
        raise NothingToShow("retention_no_cohort")
    repeats, churn = session.remember("returning", beside)
    balance = session.remember(
        ("balance", every), lambda: session.store.collect(customer_balance(lines, as_of=as_of, every=every))
    )
    returns = session.remember(("returns", by), lambda: return_curves(session.store.collect(waits_by(session, by=by))))
    return RetentionAnswer(
        table, rows, as_of, repeats, churn, balance, every, definition, span_days, measure, returns, by
    )


def waits_by(session: Session, *, by: WaitsBy = "none") -> ir.Table:
    """Return the waits for the second purchase by what the customers' table says of them; `segment` is null for all.

    Customers of the month in which the data begin are left out: they may have bought before.
    """
    people = session.store.customers
    has_column = by in people.columns
    segment = people[by].cast("string") if has_column else ibis.null("string")
    first = session.first_day
    new_from = months_before(first.replace(day=1), -1)
    since = max(new_from, session.filters.since or new_from)
    groups = people.select("customer_id", segment=segment)
    return waits_for_return(session.transactions, as_of=session.as_of, since=since, groups=groups)


def _draw_triangle(answer: RetentionAnswer, lang: str) -> Drawing:
    return triangle_drawing(answer.rows, lang, measure=answer.measure, as_of=answer.as_of, **answer.how)


def _draw_curve(answer: RetentionAnswer, lang: str) -> Drawing:
    return curve_drawing(answer.curve, lang, as_of=answer.as_of, **answer.how)


def _draw_returns(session: Session, answer: RetentionAnswer, lang: str) -> Drawing:
    curves = answer.returns
    names = {segment: str(session.word(segment)) for segment in curves.bases}
    own = {name: t(f"panels.retention.{name}", lang) for name in (OTHER_SEGMENTS, NO_SEGMENT)}
    if len(curves.bases) == 1:
        own[NO_SEGMENT] = t("panels.retention.everybody", lang)
    drawn = Returned(curves.curves, curves.bases, curves.differ, curves.soonest, curves.half_days)
    return returns_drawing(drawn, lang, names=names | own, as_of=answer.as_of)


def _figures(answer: RetentionAnswer, lang: str) -> Sequence[Figure]:
    """Show the second purchase, the rule of six months, and the quick ratio of the last period that has ended."""
    figures = []
    repeat = answer.repeats[answer.repeats["within_days"] == HEADLINE_DAYS].iloc[0]
    if repeat["base"]:
        label = t("panels.retention.figure_repeat", lang, days=HEADLINE_DAYS)
        figures.append(Figure(label, share_words(repeat["returned_rate"], lang), _of(repeat["base"], lang)))
    for row in answer.churn[answer.churn["months"] == HEADLINE_MONTHS].to_dict("records"):
        money = t("panels.retention.by_money", lang, share=share_words(row["monetary_churn_rate"], lang))
        label = t("panels.retention.figure_churn", lang, months=HEADLINE_MONTHS)
        base = _of(row["base"], lang)
        note = f"{base} · {money}" if row["monetary"] == row["monetary"] else base
        figures.append(Figure(label, share_words(row["churn_rate"], lang), note))
    ended = answer.balance.dropna(subset="quick_ratio")
    if len(ended):
        last = ended.iloc[-1]
        label = t("panels.retention.figure_quick", lang, period=cohort_words(last["period"], answer.every, lang))
        came = {name: count_words(last[f"{name}_customers"], lang) for name in ("new", "returned", "lost")}
        figures.append(
            Figure(label, points_words(last["quick_ratio"], lang), t("panels.retention.quick_note", lang, **came))
        )
    return figures


def _of(base: float, lang: str) -> str:
    return t("panels.retention.of", lang, base=count_words(base, lang))


def _summary(session: Session, answer: RetentionAnswer, lang: str) -> str:
    """Write three tables: the second purchase, lost by months, and the balance of each period."""
    churn = answer.churn.assign(base_month_words=[month_words(day, lang) for day in answer.churn["base_month"]])
    listed = answer.balance.tail(PERIODS_LISTED)
    listed = listed.assign(
        period_words=[
            cohort_words(begin, answer.every, lang) + (t("panels.retention.not_ended", lang) if is_partial else "")
            for begin, is_partial in zip(listed["period"], listed["is_incomplete"].astype(bool), strict=True)
        ]
    )
    tables = (
        ("repeat_title", "repeat_note", answer.repeats, REPEAT_FIELDS),
        ("churn_title", "churn_note", churn, CHURN_FIELDS),
        ("balance_title", "balance_note", listed, BALANCE_FIELDS),
    )
    said = []
    for title, note, rows, fields in tables:
        if len(rows):
            grey = (rows["base"] < FEW).tolist() if "base" in rows else ()
            said += [
                text("h3", t(f"panels.retention.{title}", lang), "wb-section"),
                table_html(rows, priced(session, *fields), lang, grey=grey),
            ]
            said.append(text("p", t(f"panels.retention.{note}", lang), "wb-note"))
    return "".join(said)


def _members(session: Session, answer: RetentionAnswer, picked: Mapping[str, Any]) -> Detail:
    """List who is counted in the cell that was clicked, by what they spent in it."""
    begin, age = date.fromisoformat(picked["cohort_key"]), int(picked["cohort_age"])
    ages = customer_ages(session.transactions, as_of=answer.as_of, **answer.how)
    members = cohort_members(ages, cohort=begin, age=age, every=answer.every, definition=answer.definition)
    return people_list(
        session,
        members,
        (Field("monetary", "money"),),
        order=(members.monetary.desc(),),
        title="panels.retention.members",
        facts={
            "cohort": cohort_words(begin, answer.every, session.lang),
            "age": age_words(age, lang=session.lang, **answer.how),
        },
    )


def _recipe(session: Session, chosen: Mapping[str, Any]) -> Sequence[str]:
    since = first_cohort(session, chosen["every"])
    day = f"session.as_of.replace(year={since.year}, month={since.month}, day={since.day})"
    how = ", ".join(f"{name}={chosen[name]!r}" for name in ("every", "definition", "span_days"))
    return (
        f"how = dict({how}, since={day}, data_from=session.first_day)",
        "cells = cohort_retention(session.transactions, as_of=session.as_of, **how)",
        "rows = collect(cells)",
    )
