"""The segments of any segmentation: how many customers, how much money, and who they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import pandas as pd
from ibis.expr import types as ir

from workbench.analyses.segmentation import Segmentation, labels, segment_sizes
from workbench.charts.drawing import Drawing
from workbench.charts.segment_bars import segment_bars_drawing
from workbench.charts.words import count_words, share_words
from workbench.errors import NothingToShow
from workbench.i18n import t
from workbench.panels.base import Panel
from workbench.panels.layout import Figure
from workbench.panels.privacy import Privacy, Shown
from workbench.panels.segment_lists import SIZE_FIELDS, evidence_fields
from workbench.panels.segmentation_choice import (
    Offer,
    assigned,
    best,
    label_of,
    offered,
    segmentation_control,
    sizes_name,
    sizes_of,
)
from workbench.panels.segmentation_panel import SegmentationAnswer, Shape, named_rows, segmentation_panel
from workbench.panels.session import Session
from workbench.panels.table import Field

HEADLINE_COUNT = 3
"""Segments whose share of the money stands above the chart."""


@dataclass(frozen=True)
class SegmentsAnswer(SegmentationAnswer):
    """The sizes of the segments (`rows`), and everybody's segment with the evidence (`kept`)."""

    kept: ir.Table
    name: str
    is_standing: bool


def shown_sizes(name: str, segmentation: Segmentation) -> Sequence[Shown]:
    """Say what the sizes of a segmentation count, by the name that all panels have for it."""
    return (Shown(called=(("segment", label_of(name)),), first=best(segmentation)),)


def people_by_segment(name: str, assigned: ir.Table) -> ir.Table:
    """Return everybody's segment by the name that all panels have for it."""
    return assigned.select("customer_id", **{label_of(name): assigned.segment})


SEGMENTS_PRIVACY = Privacy(
    lambda answer: shown_sizes(answer.name, answer.rules),
    people=lambda answer: people_by_segment(answer.name, answer.kept),
    standing=lambda answer: sizes_name(answer.name) if answer.is_standing else None,
)


def segments_panel(
    session: Session,
    *,
    segmentations: Mapping[str, Segmentation] | None = None,
    segmentation: str | None = None,
    brief: bool = False,
) -> Panel:
    """Choose a segmentation and see its segments; a click lists a segment's customers with the evidence."""
    offer = offered(session, segmentations)
    return segmentation_panel(
        session,
        topic="segments",
        controls={"segmentation": segmentation_control(offer, value=segmentation)},
        analyse=partial(segments_of, offer=offer),
        analyses=(segments_of,),
        privacy=SEGMENTS_PRIVACY,
        draw=_draw,
        brief=brief,
        shape=Shape(
            keeps=None,
            figures=_figures,
            sizes=_sizes,
            everybody=lambda _session, answer: answer.kept,
            evidence=lambda answer: evidence_fields([*dict.fromkeys(["monetary", *answer.rules.evidence])]),
            recipe=partial(_recipe, session, offer),
            imports=(("analyses", ("segment_sizes", "segmentation_from")),),
        ),
    )


def segments_of(session: Session, offer: Offer, *, segmentation: str) -> SegmentsAnswer:
    """Assign the session's customers and sum up the segments, the largest in money first."""
    chosen = offer.measured(session, segmentation)
    kept = assigned(session, chosen)
    sizes = sizes_of(session, chosen)
    if sizes.empty:
        raise NothingToShow("no_customers")
    expression, is_standing = segment_sizes(kept, session.facts), segmentation in offer.standing
    return SegmentsAnswer(expression, sizes, session.as_of, chosen, kept, segmentation, is_standing)


def _draw(answer: SegmentsAnswer, lang: str) -> Drawing:
    return segment_bars_drawing(answer.rows, lang, names=labels(answer.rules, lang), as_of=answer.as_of)


def _figures(answer: SegmentsAnswer, lang: str) -> Sequence[Figure]:
    """Say the share of the money of the segments that bring most."""
    names = labels(answer.rules, lang)
    figures = []
    for row in answer.rows.dropna(subset=["value_share"]).head(HEADLINE_COUNT).to_dict("records"):
        shares = {"count": count_words(row["customer_count"], lang), "share": share_words(row["customer_share"], lang)}
        label = t("panels.rfm.best", lang, segment=names[row["segment"]])
        note = t("panels.segments.customers_note", lang, **shares)
        figures.append(Figure(label, share_words(row["value_share"], lang), note))
    return figures


def _sizes(answer: SegmentsAnswer, lang: str) -> tuple[pd.DataFrame, Sequence[Field]]:
    meanings = {segment.id: segment.meanings.get(lang, "") for segment in answer.rules.segments}
    rows = named_rows(answer, lang).assign(meaning=[meanings[name] for name in answer.rows["segment"]])
    meaning = [Field("meaning", label="panels.columns.meaning")] if rows["meaning"].any() else []
    return rows, (Field("segment"), *SIZE_FIELDS, *meaning)


def _recipe(session: Session, offer: Offer, choices: Mapping[str, Any]) -> Sequence[str]:
    rules = offer.measured(session, choices["segmentation"]).as_dict()
    return (
        f"assigned = segmentation_from({rules!r}).assign(session.ground)",
        "rows = collect(segment_sizes(assigned, session.facts))",
    )
