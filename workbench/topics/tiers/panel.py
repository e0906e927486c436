"""The designer of tiers: thresholds, names, budgets, who moves, and a logged reason for every downgrade."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, get_args

import ibis
import pandas as pd
from ibis.expr import types as ir

from workbench.analyses.segmentation import labels
from workbench.charts.drawing import Drawing
from workbench.charts.words import count_words, date_words, money_words
from workbench.errors import ChoiceError
from workbench.i18n import t
from workbench.panels.base import Panel
from workbench.panels.controls import choice
from workbench.panels.layout import Figure
from workbench.panels.privacy import Privacy, Shown
from workbench.panels.segmentation_panel import SegmentationAnswer, Shape, segmentation_panel
from workbench.panels.session import Session
from workbench.panels.table import Field
from workbench.panels.worded_rows import ValueNames, called
from workbench.topics.tiers.chart import tier_moves_drawing
from workbench.topics.tiers.field import TierField
from workbench.topics.tiers.panel_controls import TierApproval, TierEditor
from workbench.topics.tiers.query import tier_changes, tier_columns, tiers_before
from workbench.topics.tiers.segmentation import Tier, TierMeasure, TierSegmentation
from workbench.topics.tiers.twins import OUTCOME, USUAL_TIERS, TierPlan


@dataclass(frozen=True)
class TierAnswer(SegmentationAnswer):
    """The design in force (`rules`), the one before, who moves (`rows`), and what the tiers hold and cost."""

    rules: TierSegmentation
    before: TierSegmentation | None
    sizes: pd.DataFrame

    def moved(self, move: str) -> int:
        """How many customers move up, or down."""
        return int(self.rows.loc[self.rows["move"] == move, "customer_count"].sum())


def tier_designer_panel(session: Session, *, brief: bool = False) -> Panel:
    """Set thresholds, names and budgets; see who moves; adopt the design with a reason for the downgrades."""
    editor, approval = TierEditor(), TierApproval()
    panel = segmentation_panel(
        session,
        topic="tiers",
        controls={
            "measure": choice("panels.tiers.measure", get_args(TierMeasure), words="terms"),
            "tiers": editor,
            "before": approval,
        },
        analyse=_analyse,
        analyses=(TierSegmentation, TierField.moves),
        privacy=Privacy(
            (Shown(("from_tier", "segment"), totals=()), Shown(frame="sizes", totals=())), instead="tier_too_few"
        ),
        draw={"moves": _draw},
        brief=brief,
        shape=Shape(
            keeps=_kept,
            figures=_figures,
            names=_names,
            sizes=_sizes,
            everybody=_everybody,
            people=("name", "region"),
            evidence=_evidence,
            order=lambda answer: (ibis.desc(answer.rules.measure),),
            facts=_facts,
            recipe=_recipe,
            rows_query=lambda answer: tier_changes(answer.table, tiers_before(session.ground, before=answer.before)),
            imports=(("topics.tiers", ("Tier", "TierField", "TierSegmentation", "measured_tiers", "tier_columns")),),
            shown=lambda answer: editor.show(answer.rules.tiers),
        ),
    )
    approval.adopt = lambda reason: adopt(session, panel.answer, reason)
    return panel


def adopt(session: Session, answer: TierAnswer, reason: str) -> TierSegmentation:
    """Take the design for the one in force; downgrades ask for a reason, and it is noted with their number."""
    downgraded = answer.moved("down")
    if downgraded and not reason:
        raise ChoiceError("tier_reason_missing", count=downgraded)
    if downgraded:
        session.note("downgrade", topic="tiers", count=downgraded, reason=reason)
    return answer.rules


def _kept(answer: TierAnswer) -> TierSegmentation:
    """Return the design to keep as a segmentation; one that moves customers down is adopted with a reason first."""
    downgraded = answer.moved("down")
    if downgraded:
        raise ChoiceError("tier_not_adopted", count=downgraded)
    return answer.rules


def _analyse(
    session: Session, *, measure: TierMeasure, tiers: tuple[Tier, ...] | None, before: TierSegmentation | None
) -> TierAnswer:
    ground = session.ground

    def field() -> TierField:
        return TierField.read(session.store.arrays(tier_columns(ground.facts, measure=measure)))

    reading: dict[str, Any] = {"source": lambda: ground, "held": partial(session.remember, ("tiers", measure), field)}
    usual = partial(session.ask, USUAL_TIERS, measure, **reading)
    chosen = tiers or session.remember(("usual_tiers", measure), usual)
    design = TierSegmentation(tiers=chosen, measure=measure)
    rows, sizes = session.ask(OUTCOME, TierPlan(design, before), **reading)
    return TierAnswer(design.assign(ground), rows, session.as_of, design, before, sizes)


def _draw(answer: TierAnswer, lang: str) -> Drawing:
    return tier_moves_drawing(answer.rows, lang, names=labels(answer.rules, lang), as_of=answer.as_of)


def _figures(answer: TierAnswer, lang: str) -> Sequence[Figure]:
    against = t("panels.tiers.against_data" if answer.before is None else "panels.tiers.against_before", lang)
    return (
        Figure(
            t("panels.tiers.total_cost", lang),
            money_words(float(answer.sizes["cost"].sum()), lang),
            t("panels.tiers.base", lang, as_of=date_words(answer.as_of, lang)),
        ),
        Figure(t("panels.tiers.up", lang), count_words(answer.moved("up"), lang), against),
        Figure(t("panels.tiers.down", lang), count_words(answer.moved("down"), lang), against),
    )


def _sizes(answer: TierAnswer, lang: str) -> tuple[pd.DataFrame, Sequence[Field]]:
    tiers = answer.rules.tiers
    unknown = float("nan")
    rows = answer.sizes.assign(
        name=list(labels(answer.rules, lang).values()),
        begins=[*(tier.begins for tier in tiers), unknown],
        budget=[*(tier.budget for tier in tiers), unknown],
    )
    return rows, (
        Field("name", label="terms.tier"),
        Field("begins", _kind(answer.rules.measure), label="panels.tiers.begins"),
        Field("customer_count", "count", label="panels.columns.customer_count"),
        Field("customer_share", "share", label="panels.columns.customer_share"),
        Field("budget", "money", label="panels.tiers.budget"),
        Field("cost", "money", label="panels.tiers.cost"),
    )


def _kind(measure: str) -> Any:
    return "money" if measure in ("monetary", "margin") else "count"


def _everybody(session: Session, answer: TierAnswer) -> ir.Table:
    """Say of everybody both tiers, the measure, and what is missing to the next tier."""
    old = tiers_before(session.ground, before=answer.before)
    both = answer.table.inner_join(old, "customer_id")
    return both.mutate(new_tier=both.segment.substitute(labels(answer.rules, session.lang)))


def _evidence(answer: TierAnswer) -> Sequence[Field]:
    kind = _kind(answer.rules.measure)
    return (Field("from_tier"), Field("new_tier"), Field(answer.rules.measure, kind), Field("to_next_tier", kind))


def _facts(answer: TierAnswer, clicked: Mapping[str, Any], lang: str) -> Mapping[str, Any]:
    new = labels(answer.rules, lang)[clicked["segment"]]
    return {"old": clicked["from_tier"] or "charts.tiers.none", "new": new}


def _recipe(chosen: Mapping[str, Any]) -> Sequence[str]:
    measure = f"measure={chosen['measure']!r}"
    tiers = repr(chosen["tiers"]) if chosen["tiers"] else "measured_tiers(field)"
    return (
        f"field = TierField.read(session.store.arrays(tier_columns(session.facts, {measure})))",
        f"rows = field.moves(TierSegmentation(tiers={tiers}, {measure}), before={chosen['before']!r})",
    )


def _names(answer: TierAnswer, lang: str) -> ValueNames:
    return {"segment": labels(answer.rules, lang), "move": called("charts.tiers.moves", lang)}
