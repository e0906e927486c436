"""Kotler's five relationship levels: paint the matrix, see who belongs where, and who hears too little or too much."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, get_args

import pandas as pd

from workbench.analyses.segmentation import labels
from workbench.charts.drawing import Drawing
from workbench.errors import NothingToShow
from workbench.i18n import t
from workbench.panels.base import Panel
from workbench.panels.controls import WholeSlider, choice
from workbench.panels.layout import Figure, text
from workbench.panels.presets import Presets
from workbench.panels.privacy import Privacy, Shown
from workbench.panels.segmentation_panel import (
    SegmentationAnswer,
    Shape,
    best_first,
    evidence_field,
    meanings_html,
    segmentation_panel,
    size_figure,
    written_as,
)
from workbench.panels.session import Session
from workbench.panels.table import Field
from workbench.topics.relationship.chart import contact_matrix_drawing, relationship_matrix_drawing
from workbench.topics.relationship.panel_controls import Amount, ContactCuts, Count, MatrixEditor
from workbench.topics.relationship.query import RelationshipCounts, relationship_counts, relationship_measures
from workbench.topics.relationship.segmentation import (
    KOTLER,
    Market,
    RelationshipSegmentation,
    Worth,
    relationship_ground,
    worth_cuts,
)

RELATIONSHIP_LEVEL_WORDS = "panels.relationship_levels.levels"
SERVICE_WORDS = "charts.relationship.services"
RELATIONSHIP_FIELDS = (
    Field("monetary", "money"),
    Field("segment", label="terms.relationship_level", words=RELATIONSHIP_LEVEL_WORDS),
    evidence_field("worth", "money"),
    evidence_field("worth_level", words="charts.relationship.worths"),
    evidence_field("crowd_count", "count"),
    evidence_field("crowd_level", words="charts.relationship.crowds"),
    evidence_field("contacts_per_year", "points"),
    evidence_field("contact_level", words=RELATIONSHIP_LEVEL_WORDS),
    evidence_field("service", words=SERVICE_WORDS),
)
SHOWN_TABLES = (
    Shown(),
    Shown(("worth_level", "crowd_level"), frame="cells", beside=("level",), in_place=True),
    Shown(
        ("level", "contact_level"),
        frame="crossed",
        totals=(("level",),),
        beside=("service",),
        called=(("level", "segment"),),
        in_place=True,
    ),
    Shown(("service",), frame="service", in_place=True),
)


@dataclass(frozen=True)
class RelationshipAnswer(SegmentationAnswer):
    """The levels' sums (`rows`), the matrix, and recommended against actual contact."""

    cells: pd.DataFrame
    crossed: pd.DataFrame
    service: pd.DataFrame
    has_contacts: bool


def relationship_panel(session: Session, *, brief: bool = False) -> Panel:
    """Choose a level in every cell of the matrix; click a cell to see who is in it, and who is under-served."""
    worth, medium, high = _start(session)
    amounts = {
        "medium_from": Amount("panels.relationship_levels.medium_from", medium),
        "high_from": Amount("panels.relationship_levels.high_from", high),
    }
    panel = segmentation_panel(
        session,
        topic="relationship_levels",
        analyse=_analyse,
        analyses=(RelationshipSegmentation,),
        shape=Shape(
            **written_as("levels", RelationshipSegmentation),
            evidence=lambda _: RELATIONSHIP_FIELDS,
            figures=_figures,
            warning=_no_contacts,
            notes=meanings_html,
            columns={"level": "segment"},
            folded=("few_below", "many_from", "matrix", "contact_cuts", "contact_days"),
        ),
        controls={
            "worth": choice("panels.relationship_levels.worth", get_args(Worth), words="terms", value=worth),
            "market": choice(
                "panels.relationship_levels.market", _markets(session), words="panels.relationship_levels.markets"
            ),
            **amounts,
            "few_below": Count("panels.relationship_levels.few_below", 100),
            "many_from": Count("panels.relationship_levels.many_from", 1000),
            "matrix": MatrixEditor(),
            "contact_cuts": ContactCuts(),
            "contact_days": WholeSlider("panels.relationship_levels.contact_days", 365, low=30, high=1095),
        },
        privacy=Privacy(SHOWN_TABLES, people=lambda answer: answer.table),
        draw={"matrix": _draw_matrix, "contacts": _draw_contacts},
        brief=brief,
    )
    presets = partial(_preset, session, panel)
    return panel.offer(
        Presets(
            "panels.relationship_levels.preset", ("kotler", "proposed"), "panels.relationship_levels.presets", presets
        )
    )


def _start(session: Session) -> tuple[Worth, float, float]:
    """Return what customers are judged by, the margin where any is known, and the thresholds proposed for it."""
    for worth in get_args(Worth):
        cuts = _proposed(session, worth)
        if cuts is not None:
            return worth, *cuts
    return "margin", 1000.0, 5000.0


def _proposed(session: Session, worth: Worth) -> tuple[float, float] | None:
    row = session.store.collect(worth_cuts(session.facts, worth=worth)).iloc[0]
    if pd.isna(row["medium_from"]):
        return None
    medium = float(row["medium_from"])
    return medium, max(float(row["high_from"]), medium + 1)  # many may be equal


def _preset(session: Session, panel: Panel, name: str) -> dict[str, Any]:
    if name == "kotler":
        return {"matrix": KOTLER}
    cuts = _proposed(session, panel.arguments["worth"])
    if cuts is None:
        raise NothingToShow("no_worth")
    return dict(zip(("medium_from", "high_from"), cuts, strict=True))


def _markets(session: Session) -> list[Market]:
    """Return the columns by which customers fall into markets, as far as the facts have them."""
    known = session.facts.columns
    return [market for market in get_args(Market) if market in known or market == "everyone"]


def _analyse(session: Session, **chosen: Any) -> RelationshipAnswer:
    rules, ground = RelationshipSegmentation(**chosen), session.ground
    # No threshold, cut or cell moves what the levels look at, and that is nearly all of the work.
    key = ("relationship", rules.worth, rules.market, rules.contact_days)
    measures = session.remember(key, lambda: relationship_measures(ground, rules))
    counts = RelationshipCounts.read(session.store.arrays(relationship_counts(measures, rules)))
    known = session.remember(("known", *key), lambda: relationship_ground(ground, rules))
    if not counts.has_worth:
        raise NothingToShow("no_worth")
    placed = counts.placed(rules)
    return RelationshipAnswer(
        expression=rules.judge(known),
        rows=best_first(counts.sizes(placed)),
        as_of=session.as_of,
        rules=rules,
        cells=counts.cells(rules, placed),
        crossed=counts.contact_cells(placed),
        service=counts.service(placed),
        has_contacts=counts.has_contacts,
    )


def _draw_matrix(answer: RelationshipAnswer, lang: str) -> Drawing:
    how: dict[str, Any] = {"names": labels(answer.rules, lang), "worth": answer.rules.worth, "as_of": answer.as_of}
    return relationship_matrix_drawing(answer.cells, lang, **how)


def _draw_contacts(answer: RelationshipAnswer, lang: str) -> Drawing:
    return contact_matrix_drawing(answer.crossed, lang, names=labels(answer.rules, lang), as_of=answer.as_of)


def _figures(answer: RelationshipAnswer, lang: str) -> Sequence[Figure]:
    if not answer.has_contacts:
        return ()
    rows = {row["service"]: row for row in answer.service.to_dict("records")}
    names = {one: t(f"{SERVICE_WORDS}.{one}", lang) for one in ("under", "over")}
    return [size_figure(name, rows[one], answer.as_of, lang) for one, name in names.items()]


def _no_contacts(answer: RelationshipAnswer, lang: str) -> str:
    return "" if answer.has_contacts else text("p", t("errors.no_contacts", lang), "wb-note")
