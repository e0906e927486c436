"""Lifecycle stages: move the windows, see stages with customers and money, and how they were at the last month-ends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, get_args

import pandas as pd
from ibis.expr import types as ir

from workbench.analyses.calendar import month_ends
from workbench.analyses.segmentation import labels
from workbench.charts.drawing import Drawing
from workbench.charts.segment_bars import segment_bars_drawing
from workbench.i18n import t
from workbench.panels.base import Panel
from workbench.panels.columns import Kind
from workbench.panels.controls import WholeSlider, choice, share_slider
from workbench.panels.layout import text
from workbench.panels.presets import Presets
from workbench.panels.privacy import Privacy, Shown
from workbench.panels.segmentation_panel import (
    SegmentationAnswer,
    Shape,
    evidence_field,
    meanings_html,
    segmentation_panel,
    written_as,
)
from workbench.panels.session import Session
from workbench.panels.table import Field
from workbench.topics.lifecycle.chart import stage_history_drawing
from workbench.topics.lifecycle.query import LifecycleCounts, lifecycle_steps
from workbench.topics.lifecycle.segmentation import (
    STAGES,
    GrowthBy,
    LifecycleSegmentation,
    lifecycle_evidence,
    lifecycle_state,
    purchase_steps,
)
from workbench.topics.lifecycle.twins import STAGE_HISTORY, STAGE_SIZES

STAGE_PRESETS: Mapping[str, Mapping[str, int]] = {
    "months_3_6_12": {"new_days": 90, "at_risk_days": 180, "lapsed_days": 365, "return_days": 180},
    "months_1_2_4": {"new_days": 30, "at_risk_days": 60, "lapsed_days": 120, "return_days": 60},
}
HISTORY = Shown(("day", "segment"), frame="history", totals=(("day",),), in_place=True)


@dataclass(frozen=True)
class LifecycleAnswer(SegmentationAnswer):
    """The stages' sums (`rows`), and the stages at the last month-ends."""

    history: pd.DataFrame
    begins_within_period: bool


def lifecycle_panel(session: Session, *, brief: bool = False) -> Panel:
    """Set the windows of the stages; click a stage to see who is in it, and why."""
    growths = get_args(GrowthBy)[1 if session.lacks_money else 0 :]
    panel = segmentation_panel(
        session,
        topic="lifecycle",
        analyse=_analyse,
        analyses=(LifecycleSegmentation,),
        shape=Shape(
            **written_as("stages", LifecycleSegmentation),
            evidence=_evidence,
            highlights=("new", "at_risk", "lapsed"),
            notes=_notes,
            folded=("return_days", "compare_days", "growth_by", "least_growth"),
            rising=(
                ("new_days", "at_risk_days", 0),
                ("return_days", "at_risk_days", 0),
                ("at_risk_days", "lapsed_days", 1),
            ),
        ),
        controls={
            "new_days": WholeSlider("panels.lifecycle.new_days", 90, low=1, high=730),
            "at_risk_days": WholeSlider("panels.lifecycle.at_risk_days", 180, low=1, high=1095),
            "lapsed_days": WholeSlider("panels.lifecycle.lapsed_days", 365, low=2, high=1460),
            "return_days": WholeSlider("panels.lifecycle.return_days", 180, low=1, high=730),
            "compare_days": WholeSlider("panels.lifecycle.compare_days", 365, low=7, high=730),
            "growth_by": choice("panels.lifecycle.growth_by", growths, words="panels.lifecycle.growths"),
            "least_growth": share_slider(0.20, label="panels.lifecycle.least_growth", low=0.0, high=2.0),
        },
        privacy=Privacy((Shown(), HISTORY), people=lambda answer: answer.table),
        draw={"stages": _draw_stages, "history": _draw_history},
        brief=brief,
    )
    return panel.offer(
        Presets("panels.lifecycle.preset", tuple(STAGE_PRESETS), "panels.lifecycle.presets", STAGE_PRESETS.__getitem__)
    )


def _analyse(session: Session, **chosen: Any) -> LifecycleAnswer:
    rules, ground = LifecycleSegmentation(**chosen), session.ground
    # Windows of the stages move neither state nor counts; they are nearly all of the work.
    key = (rules.return_days, rules.compare_days, rules.growth_by, rules.least_growth)
    counts = partial(session.remember, ("lifecycle", *key), lambda: _counts(session, rules))
    states = partial(session.remember, ("lifecycle_states", *key), lambda: _states(session, rules))
    evidence = session.remember(("lifecycle_evidence", *key), lambda: lifecycle_evidence(ground, rules))
    judged = partial(session.remember, ("lifecycle_kept", *key), lambda: (ground.keep(evidence), ground.facts))
    return LifecycleAnswer(
        expression=lambda: rules.judge(evidence),
        rows=session.ask(STAGE_SIZES, rules, source=judged, held=lambda: counts()[session.as_of]),
        as_of=session.as_of,
        rules=rules,
        history=session.ask(STAGE_HISTORY, rules, source=states, held=counts),
        begins_within_period=session.filters.since is not None,
    )


def _days(session: Session) -> list[date]:
    return [day for day in month_ends(session.as_of) if not session.filters.since or day >= session.filters.since]


def _counts(session: Session, rules: LifecycleSegmentation) -> dict[date, LifecycleCounts]:
    ground, arrays = session.ground, session.store.arrays
    return {day: LifecycleCounts.read(arrays(lifecycle_steps(ground, rules, as_of=day))) for day in _days(session)}


def _states(session: Session, rules: LifecycleSegmentation) -> dict[date, ir.Table]:
    ground = session.ground
    steps = purchase_steps(ground, rules)
    return {day: ground.keep(lifecycle_state(steps, rules, as_of=day)) for day in _days(session)}


def _draw_stages(answer: LifecycleAnswer, lang: str) -> Drawing:
    rows = answer.rows
    if not rows["customer_count"].isna().any():  # in the order of a customer's life, unless the order must not tell
        place = {stage.id: at for at, stage in enumerate(STAGES)}
        rows = rows.sort_values("segment", key=lambda ids: ids.map(place)).reset_index(drop=True)
    return segment_bars_drawing(rows, lang, names=labels(answer.rules, lang), as_of=answer.as_of)


def _draw_history(answer: LifecycleAnswer, lang: str) -> Drawing:
    return stage_history_drawing(answer.history, lang, names=labels(answer.rules, lang), as_of=answer.as_of)


def _notes(answer: LifecycleAnswer, lang: str) -> str:
    begins = text("p", t("panels.lifecycle.begins", lang), "wb-note") if answer.begins_within_period else ""
    return begins + meanings_html(answer, lang)


def _evidence(answer: LifecycleAnswer) -> Sequence[Field]:
    value: Kind = "money" if answer.rules.growth_by == "monetary" else "count"
    return (
        Field("monetary", "money"),
        Field("first_on", "day", label="panels.columns.first_on"),
        Field("last_on", "day", label="panels.columns.last_on"),
        evidence_field("silent_days", "count"),
        Field("purchase_days", "count"),
        evidence_field("returned_after_days", "count"),
        evidence_field("recent_value", value),
        evidence_field("earlier_value", value),
    )
