"""Swings: who bought much more or much less in the last period than ever before, and since when; click for the list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, get_args

import ibis
import pandas as pd
from ibis.expr import types as ir

from workbench.analyses.calendar import Every
from workbench.charts.drawing import Drawing
from workbench.charts.words import count_words, period_words
from workbench.errors import NothingToShow
from workbench.i18n import t
from workbench.panels.base import Answer, Panel, Parts
from workbench.panels.columns import Kind
from workbench.panels.controls import WholeSlider, choice, share_slider
from workbench.panels.layout import Figure
from workbench.panels.privacy import Privacy
from workbench.panels.segment_lists import people_list
from workbench.panels.session import Session
from workbench.panels.table import Detail, Field, table_html
from workbench.topics.swings.beyond_own_past import SCORE_STEPS, swing_cuts
from workbench.topics.swings.chart import FARTHEST_SCORE, Swung, swings_drawing
from workbench.topics.swings.panel_measures import USUAL_HISTORY, kept_scores, periods_followed
from workbench.topics.swings.query import (
    SwingChange,
    SwingMeasure,
    judged_scores,
    last_whole_period,
    period_values,
    score_counts,
    swing_list,
    swing_sizes,
)

NAMED = ("fallen", "risen")
SWING_FUNCTIONS = (
    "lasting_scores", "own_scores", "period_values", "score_counts", "swing_cuts", "swing_list", "swing_sizes",
)  # fmt: skip


@dataclass(frozen=True)
class SwingsAnswer(Answer):
    """How many rose and fell (`rows`), the scores that were judged, and what by."""

    counts: pd.DataFrame
    swung: Swung
    measure: SwingMeasure
    change: SwingChange


def swings_panel(session: Session) -> Panel:
    """Choose month or quarter, and how much of the list may be chance; a click lists who swung."""
    measures = [one for one in get_args(SwingMeasure) if one != "monetary" or not session.lacks_money]
    return Panel(
        session,
        topic="swings",
        controls={
            "change": choice("panels.swings.change", get_args(SwingChange), words="panels.swings.changes"),
            "every": choice("panels.swings.every", get_args(Every), words="panels.swings.everies"),
            "measure": choice("panels.swings.measure", measures, words="panels.swings.measures"),
            "level": share_slider(0.10, label="panels.swings.level", low=0.01, high=0.30),
            "history": WholeSlider("panels.swings.history", USUAL_HISTORY, low=6, high=24),
        },
        analyse=partial(_analyse, session),
        analyses=(judged_scores, period_values, swing_cuts),
        privacy=Privacy(refusal="swings_published"),
        draw=_draw,
        parts=Parts(
            figures=_figures,
            summary=_summary,
            detail=partial(_members, session),
            folded=("history",),
            recipe=partial(_recipe, session),
            rows_query=lambda answer: swing_sizes(answer.table),
            names=lambda answer, lang: {
                "swing": {one: swing_words(one, lang, answer.change) for one in (*NAMED, "unchanged")}
            },
            imports=(("topics.swings", SWING_FUNCTIONS),),
        ),
    )


def swing_words(swing: str, lang: str, change: SwingChange) -> str:
    """Say whether a customer swung."""
    return t(f"panels.swings.swings.{swing if swing == 'unchanged' else f'{swing}_{change}'}", lang)


def _analyse(
    session: Session, *, change: SwingChange, every: Every, measure: SwingMeasure, level: float, history: int
) -> SwingsAnswer:
    as_of, collect = session.as_of, session.store.collect
    followed = periods_followed(session, every, history)

    scores = kept_scores(session, every=every, measure=measure, followed=followed)

    def counted() -> tuple[ir.Table, pd.DataFrame]:
        judged = session.store.keep(judged_scores(scores, change=change, periods=followed + 1), name="judged")
        counts = collect(score_counts(judged))
        return judged, counts.assign(score=counts["score_step"] / SCORE_STEPS)

    judged, counts = session.remember(("swings", every, measure, followed, change), counted)
    if counts.empty:
        raise NothingToShow("swings_nobody", periods=followed)
    swings = swing_list(scores, swing_cuts(counts, level=level), as_of=as_of, every=every, judged=judged)
    rows = collect(swing_sizes(swings))
    named = dict(zip(rows["swing"], rows["customer_count"], strict=True))
    swung = Swung(
        customers=int(rows["customer_count"].sum()),
        risen=int(named.get("risen", 0)),
        fallen=int(named.get("fallen", 0)),
        begin=last_whole_period(as_of, every),
        every=every,
        history=followed,
        level=level,
        is_lasting=change == "lasting",
    )
    return SwingsAnswer(swings, rows, as_of, counts, swung, measure, change)


def _draw(answer: SwingsAnswer, lang: str) -> Drawing:
    return swings_drawing(answer.counts, lang, swung=answer.swung, as_of=answer.as_of)


def _figures(answer: SwingsAnswer, lang: str) -> Sequence[Figure]:
    """Show how many fell and rose, of how many who are followed."""
    swung = answer.swung
    base = t("panels.swings.followed", lang, customers=count_words(swung.customers, lang), periods=swung.history)
    fell, rose = (count_words(count, lang) for count in (swung.fallen, swung.risen))
    return [
        Figure(swing_words("fallen", lang, answer.change), fell, base),
        Figure(swing_words("risen", lang, answer.change), rose, base),
    ]


def _fields(measure: SwingMeasure) -> tuple[Field, Field]:
    kind: Kind = "money" if measure == "monetary" else "points"
    return (
        Field("last_value", kind, label="panels.columns.last_value"),
        Field("usual_value", kind, label="panels.columns.usual_value"),
    )


def _summary(answer: SwingsAnswer, lang: str) -> str:
    rows = answer.rows.assign(swing_words=[swing_words(one, lang, answer.change) for one in answer.rows["swing"]])
    fields = (
        Field("swing_words", label="panels.columns.swing"),
        Field("customer_count", "count", label="panels.columns.customer_count"),
        *_fields(answer.measure),
    )
    return table_html(rows, fields, lang)


def _members(session: Session, answer: SwingsAnswer, picked: Mapping[str, Any]) -> Detail:
    """List the customers of the bar that was clicked, who is farthest off at the top."""
    score = float(picked["score"])
    listed = answer.table
    rounded = listed.own_score.clip(-FARTHEST_SCORE, FARTHEST_SCORE).round()
    members = listed.filter(rounded == score).mutate(
        swing=ibis.cases(
            *((listed.swing == one, swing_words(one, session.lang, answer.change)) for one in NAMED),
            else_=swing_words("unchanged", session.lang, answer.change),
        )
    )
    return people_list(
        session,
        members,
        (
            Field("swing", label="panels.columns.swing"),
            *_fields(answer.measure),
            Field("own_score", "points", label="panels.columns.own_score"),
            Field("changed_since", "day", label="panels.columns.changed_since"),
        ),
        order=(members.own_score.abs().desc(),),
        title="panels.swings.members",
        facts={"period": period_words(answer.swung.begin, answer.swung.every, session.lang)},
    )


def _recipe(session: Session, chosen: Mapping[str, Any]) -> Sequence[str]:
    every, measure = chosen["every"], chosen["measure"]
    followed = periods_followed(session, every, chosen["history"])
    judged = f"lasting_scores(scores, periods={followed + 1})" if chosen["change"] == "lasting" else "scores"
    how = f"every={every!r}, history={followed}, measure={measure!r}"
    return (
        f"values = period_values(session.transactions, as_of=session.as_of, {how})",
        "scores = own_scores(values)",
        f"judged = {judged}",
        f"cuts = swing_cuts(collect(score_counts(judged)), level={chosen['level']})",
        f"swings = swing_list(scores, cuts, as_of=session.as_of, every={every!r}, judged=judged)",
        "rows = collect(swing_sizes(swings))",
    )
