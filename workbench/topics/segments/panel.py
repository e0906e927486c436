"""The segments of any segmentation: how many customers, how much money, and who they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from ibis.expr import types as ir

from workbench.analyses.segmentation import Segmentation, labels, segment_sizes
from workbench.charts.drawing import Drawing
from workbench.charts.segment_bars import segment_bars_drawing
from workbench.charts.words import count_words, share_words
from workbench.errors import NothingToShow
from workbench.i18n import t
from workbench.panels.base import Answer, Panel, Parts
from workbench.panels.layout import Figure
from workbench.panels.privacy import Privacy, Shown
from workbench.panels.segment_lists import SIZE_FIELDS, Told, evidence_fields, with_people
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
from workbench.panels.session import Session
from workbench.panels.table import Detail, Field, table_html

FIGURES = 3
"""Segments whose share of the money stands above the chart."""


@dataclass(frozen=True)
class SegmentsAnswer(Answer):
    """The sizes of the segments (`rows`), and everybody's segment with the evidence (`kept`)."""

    kept: ir.Table
    segmentation: Segmentation
    name: str
    is_standing: bool


def shown(name: str, segmentation: Segmentation) -> Sequence[Shown]:
    """Say what the sizes of a segmentation count, by the name that all panels have for it."""
    return (Shown(called=(("segment", label_of(name)),), first=best(segmentation)),)


def people(name: str, assigned: ir.Table) -> ir.Table:
    """Return everybody's segment by the name that all panels have for it."""
    return assigned.select("customer_id", **{label_of(name): assigned.segment})


PRIVACY = Privacy(
    lambda answer: shown(answer.name, answer.segmentation),
    people=lambda answer: people(answer.name, answer.kept),
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
    return Panel(
        session,
        topic="segments",
        controls={"segmentation": segmentation_control(offer, value=segmentation)},
        analyse=partial(_analyse, session, offer),
        analyses=(segments_of,),
        privacy=PRIVACY,
        draw=_draw,
        brief=brief,
        parts=Parts(
            figures=_figures,
            summary=_summary,
            detail=partial(_members, session),
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
    return SegmentsAnswer(expression, sizes, session.as_of, kept, chosen, segmentation, is_standing)


def _analyse(session: Session, offer: Offer, **asked: Any) -> SegmentsAnswer:
    return segments_of(session, offer, **asked)


def _draw(answer: SegmentsAnswer, lang: str) -> Drawing:
    return segment_bars_drawing(answer.rows, lang, names=labels(answer.segmentation, lang), as_of=answer.as_of)


def _figures(answer: SegmentsAnswer, lang: str) -> Sequence[Figure]:
    """Say the share of the money of the segments that bring most."""
    names = labels(answer.segmentation, lang)
    figures = []
    for row in answer.rows.dropna(subset=["value_share"]).head(FIGURES).to_dict("records"):
        shares = {"count": count_words(row["customer_count"], lang), "share": share_words(row["customer_share"], lang)}
        label = t("panels.rfm.best", lang, segment=names[row["segment"]])
        note = t("panels.segments.customers_note", lang, **shares)
        figures.append(Figure(label, share_words(row["value_share"], lang), note))
    return figures


def _summary(answer: SegmentsAnswer, lang: str) -> str:
    by_id = {segment.id: segment for segment in answer.segmentation.segments}
    rows = answer.rows.assign(meaning=[by_id[name].meanings.get(lang, "") for name in answer.rows["segment"]])
    fields = [Told("segment", values={name: segment.names for name, segment in by_id.items()}), *SIZE_FIELDS]
    if rows["meaning"].any():
        fields.append(Field("meaning", label="panels.columns.meaning"))
    return table_html(rows, fields, lang)


def _members(session: Session, answer: SegmentsAnswer, picked: Mapping[str, Any]) -> Detail:
    """List who is in the segment that was clicked, most money first, with the evidence."""
    name = picked["segment"]
    members = answer.kept.filter(answer.kept.segment == name)
    if "monetary" not in members.columns:
        money = session.facts.select("customer_id", "monetary")
        members = members.inner_join(money, "customer_id")
    listed, people = with_people(session, members)
    known = {one.name for one in people}
    told = dict.fromkeys(["monetary", *answer.segmentation.evidence])
    return Detail(
        table=listed.order_by(listed.monetary.desc(), "customer_id"),
        fields=(*people, *(one for one in evidence_fields([*told]) if one.name not in known)),
        title="panels.segments.members",
        facts={"segment": labels(answer.segmentation, session.lang)[name]},
    )


def _recipe(session: Session, offer: Offer, asked: Mapping[str, Any]) -> Sequence[str]:
    rules = offer.measured(session, asked["segmentation"]).as_dict()
    return (
        f"assigned = segmentation_from({rules!r}).assign(session.ground)",
        "rows = collect(segment_sizes(assigned, session.facts))",
    )
