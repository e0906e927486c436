"""Loyal, flexible, lapsed: who is overdue by their own rhythm, with the visits to prove it, checked on the past."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any, get_args

import pandas as pd
from ibis.expr import types as ir

from workbench.analyses.segmentation import Ground, labels
from workbench.analyses.visit_rhythm import return_limit, visit_days
from workbench.charts.drawing import Drawing
from workbench.charts.segment_bars import segment_bars_drawing
from workbench.charts.words import count_words, share_words
from workbench.errors import NothingToShow
from workbench.i18n import t
from workbench.panels.base import Panel
from workbench.panels.controls import Slider, WholeSlider, choice, share_slider
from workbench.panels.guarded_widgets import guarded
from workbench.panels.layout import Figure
from workbench.panels.privacy import Privacy, Shown
from workbench.panels.segmentation_panel import (
    SEGMENT_TABLE_FIELDS,
    SegmentationAnswer,
    Shape,
    best_first,
    evidence_field,
    meanings_html,
    segmentation_panel,
    written_as,
)
from workbench.panels.session import Session
from workbench.panels.table import Field
from workbench.topics.loyalty.chart import silence_drawing
from workbench.topics.loyalty.panel_timeline import MOST_CUSTOMERS, Timeline
from workbench.topics.loyalty.query import (
    came_back,
    earlier,
    loyalty_counts,
    loyalty_measures,
    loyalty_sizes,
    once_count,
    silences,
)
from workbench.topics.loyalty.segmentation import (
    LoyaltyCountBy,
    LoyaltySegmentation,
    ShareOf,
    rhythm_evidence,
    rhythm_of,
)

CHECK_DAYS = 180
"""How far back the judgement is made again, to see who came since."""
HEADLINE_SEGMENTS = ("loyal", "lapsed")
"""The groups whose figures stand above the charts."""
LOYALTY_FIELDS = (
    Field("monetary", "money"),
    Field("visit_count", "count"),
    evidence_field("usual_interval_days", "points"),
    evidence_field("median_interval_days", "points"),
    evidence_field("interval_variation", "text"),
    evidence_field("visit_share", "share"),
    evidence_field("silent_days", "count"),
    evidence_field("limit_days", "points"),
    evidence_field("expected_on", "day"),
)
FOLDED = ("count_by", "share_of", "return_share", "prior_weight", "recent_days")
SILENCE = Shown(("silence", "segment"), frame="silence", counts="customers", totals=(("segment",),), in_place=True)


@dataclass(frozen=True)
class LoyaltyAnswer(SegmentationAnswer):
    """The groups' sums (`rows`), the silences, and who came after an earlier judgement."""

    silence: pd.DataFrame
    came_once: int
    return_limit: int
    came_back: pd.DataFrame

    @property
    def once(self) -> int | None:
        """How many came once and have no silence of their own; unknown where it could complete a hidden group."""
        is_hidden = self.rows["customer_count"].isna().any() or self.silence["customers"].isna().any()
        return None if is_hidden else self.came_once


def loyalty_panel(session: Session, *, brief: bool = False) -> Panel:
    """Judge every customer by their own rhythm; click a group to see who is in it, and their visits."""
    timeline = Timeline(session)
    panel = segmentation_panel(
        session,
        topic="loyalty",
        analyse=_analyse,
        analyses=(LoyaltySegmentation,),
        shape=Shape(
            **written_as("loyalty", LoyaltySegmentation),
            evidence=lambda _: LOYALTY_FIELDS,
            highlights=HEADLINE_SEGMENTS,
            figures=_figures,
            sizes=_sizes,
            notes=meanings_html,
            listed=partial(_draw_visits, session, timeline),
            folded=FOLDED,
        ),
        controls={
            "patience": Slider("panels.loyalty.patience", 3.0, low=0.5, high=6, step=0.25, form=".2f"),
            "most_variation": Slider("panels.loyalty.most_variation", 0.75, low=0, high=2, step=0.05, form=".2f"),
            "least_share": share_slider(0.75, label="panels.loyalty.least_share"),
            "fewest_visits": WholeSlider("panels.loyalty.fewest_visits", 4, low=1, high=20),
            "count_by": choice("panels.loyalty.count_by", get_args(LoyaltyCountBy), words="panels.loyalty.counts"),
            "share_of": choice("panels.loyalty.share_of", get_args(ShareOf), words="panels.loyalty.shares"),
            "return_share": share_slider(0.90, label="panels.loyalty.return_share"),
            "prior_weight": Slider("panels.loyalty.prior_weight", 2.0, low=0, high=10, step=0.5, form=".1f"),
            "recent_days": WholeSlider("panels.loyalty.recent_days", 365, low=30, high=1095),
        },
        privacy=Privacy((Shown(), SILENCE), people=lambda answer: answer.table, atoms=_atoms),
        draw={"segments": _draw_segments, "silence": _draw_silence},
        brief=brief,
    )
    panel.customers.children = (*panel.customers.children, timeline)
    session.observe(guarded(lambda _: timeline.say()), names="lang")
    return panel


def _analyse(session: Session, **chosen: Any) -> LoyaltyAnswer:
    rules, ground = LoyaltySegmentation(**chosen), session.ground
    cache_key = ("loyalty", rules.count_by, rules.share_of, rules.prior_weight, rules.recent_days)
    evidence = session.remember((*cache_key, rules.return_share), lambda: rhythm_evidence(ground, rules))
    measures, limit = _measures(session, ground, rules)
    if limit is None:
        raise NothingToShow("no_rhythm")
    counts = session.store.collect(loyalty_counts(measures, rules, return_limit=limit))
    return LoyaltyAnswer(
        expression=lambda: rules.judge(evidence),
        rows=best_first(loyalty_sizes(counts)),
        as_of=session.as_of,
        rules=rules,
        silence=silences(counts),
        came_once=once_count(counts),
        return_limit=limit,
        came_back=_came_back(session, ground, rules),
    )


def _atoms(answer: LoyaltyAnswer) -> pd.DataFrame:
    """Count the groups by silence, and in each those who came once and have none."""
    often = answer.silence.rename(columns={"customers": "customer_count"})
    once = answer.rows[["segment", "customer_count"]].assign(silence=-1.0)
    sums = often.groupby("segment")["customer_count"].sum()
    once["customer_count"] -= once["segment"].map(sums).fillna(0).astype(int)
    return pd.concat([often, once], ignore_index=True)


def _measures(session: Session, ground: Ground, rules: LoyaltySegmentation) -> tuple[ir.Table, int | None]:
    """Return what everybody is judged by, and the limit for who came once; no threshold moves the first."""
    cache_key = (
        "loyalty_measures",
        ground.as_of,
        rules.count_by,
        rules.share_of,
        rules.prior_weight,
        rules.recent_days,
    )
    measures: ir.Table = session.remember(cache_key, lambda: loyalty_measures(ground, rules))
    limit: int | None = session.remember((*cache_key, rules.return_share), lambda: _limit(session, ground, rules))
    return measures, limit


def _limit(session: Session, ground: Ground, rules: LoyaltySegmentation) -> int | None:
    rhythm = rhythm_of(ground, count_by=rules.count_by, recent_days=rules.recent_days)
    days = session.store.collect(return_limit(rhythm, share=rules.return_share))["return_limit_days"].iloc[0]
    return None if pd.isna(days) else int(days)


def _came_back(session: Session, ground: Ground, rules: LoyaltySegmentation) -> pd.DataFrame:
    """Judge as of an earlier day and see who came since; not on managers' pages: it could point at single ones."""
    if session.minimum_group > 1:
        return pd.DataFrame(columns=["segment", "customers", "came_count", "came_share"])
    before = earlier(ground, ground.as_of - timedelta(days=CHECK_DAYS))
    measures, limit = _measures(session, before, rules)
    return session.store.collect(came_back(measures, rules, return_limit=limit))


def _draw_segments(answer: LoyaltyAnswer, lang: str) -> Drawing:
    return segment_bars_drawing(answer.rows, lang, names=labels(answer.rules, lang), as_of=answer.as_of)


def _draw_silence(answer: LoyaltyAnswer, lang: str) -> Drawing:
    how: dict[str, Any] = {"patience": answer.rules.patience, "once": answer.once, "as_of": answer.as_of}
    return silence_drawing(answer.silence, lang, names=labels(answer.rules, lang), **how)


def _figures(answer: LoyaltyAnswer, lang: str) -> Sequence[Figure]:
    names, figures = labels(answer.rules, lang), []
    for row in answer.came_back.to_dict("records"):
        if row["segment"] in HEADLINE_SEGMENTS:
            label = t("panels.loyalty.came_since", lang, segment=names[row["segment"]])
            note = t("panels.loyalty.came_note", lang, days=CHECK_DAYS, count=count_words(row["customers"], lang))
            figures.append(Figure(label, share_words(row["came_share"], lang), note))
    return figures


def _sizes(answer: LoyaltyAnswer, lang: str) -> tuple[pd.DataFrame, Sequence[Field]]:
    rows = answer.rows.merge(answer.came_back[["segment", "came_share"]], on="segment", how="left")
    more = [Field("came_share", "share", label="panels.loyalty.came_share")] if len(answer.came_back) else []
    return rows.assign(segment=rows["segment"].map(labels(answer.rules, lang))), (*SEGMENT_TABLE_FIELDS, *more)


def _draw_visits(session: Session, timeline: Timeline, answer: LoyaltyAnswer, listed: ir.Table) -> None:
    """Draw the visits of the first customers of a list."""
    timeline.show(_visits(session, answer, listed) if session.minimum_group == 1 else pd.DataFrame())


def _visits(session: Session, answer: LoyaltyAnswer, listed: ir.Table) -> pd.DataFrame:
    """Return the days on which the first customers of the list came."""
    columns = [name for name in ("customer_id", "name", "segment", "expected_on") if name in listed.columns]
    first = session.store.collect(listed.limit(MOST_CUSTOMERS).select(*columns))
    ground = session.ground
    interactions = ground.table("interactions") if answer.rules.count_by == "visit" else None
    days = visit_days(ground.table("transactions"), as_of=answer.as_of, interactions=interactions)
    wanted = days.filter(days.customer_id.isin(list(first["customer_id"]))).select("customer_id", "day").distinct()
    return first.merge(session.store.collect(wanted), on="customer_id").sort_values("day", kind="stable").sort_values(
        "customer_id", kind="stable", key=lambda ids: ids.map({one: at for at, one in enumerate(first["customer_id"])})
    )  # fmt: skip
