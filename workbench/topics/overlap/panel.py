"""Overlap of two segmentations: who sits where, by customers and by money."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal, get_args

import ibis
from ibis.expr import types as ir

from workbench.analyses.segmentation import Segmentation, labels
from workbench.charts.drawing import Drawing
from workbench.charts.segment_matrix import Side
from workbench.errors import NothingToShow
from workbench.panels.base import Answer, Panel, Parts
from workbench.panels.controls import choice
from workbench.panels.privacy import Privacy, Shown
from workbench.panels.segment_lists import evidence_fields, people_list
from workbench.panels.segmentation_choice import Offer, assigned, label_of, offered, segmentation_control
from workbench.panels.session import Session
from workbench.panels.table import Detail, Field, table_html
from workbench.panels.worded_rows import ValueNames
from workbench.topics.overlap.chart import segment_overlap_drawing
from workbench.topics.overlap.query import Agreement, agreement, chance_of, segment_overlap, segment_pairs

OverlapMeasure = Literal["customer_count", "monetary", "smaller_share", "jaccard"]
PAIR_COLUMNS = ("first_segment", "second_segment")


@dataclass(frozen=True)
class OverlapAnswer(Answer):
    """The matrix (`rows`), everybody's two segments (`kept`), and how far the two segmentations agree."""

    kept: ir.Table
    first: Segmentation
    second: Segmentation
    agreement: Agreement
    measure: OverlapMeasure
    names: tuple[str, str]
    is_standing: bool


def shown_pairs(names: tuple[str, str]) -> Sequence[Shown]:
    """Say what the cells of two segmentations count, by the names that all panels have for them."""
    called = tuple(zip(PAIR_COLUMNS, map(label_of, names), strict=True))
    if names[0] == names[1]:
        return (Shown(PAIR_COLUMNS[:1], beside=PAIR_COLUMNS[1:], called=called[:1], in_place=True),)
    sides = tuple((side,) for side in PAIR_COLUMNS)
    return (Shown(PAIR_COLUMNS, totals=((), *sides), tells=sides, called=called, in_place=True),)


def pair_name(names: tuple[str, str]) -> str:
    """Return by which name a pair of segmentations stands among all that a page shows, whichever is first."""
    return ".".join(("overlap", *sorted(set(names))))


def _people(answer: OverlapAnswer) -> ir.Table:
    sides = dict(zip(map(label_of, answer.names), PAIR_COLUMNS, strict=True))
    return answer.kept.select("customer_id", **{label: answer.kept[side] for label, side in sides.items()})


OVERLAP_PRIVACY = Privacy(
    lambda answer: shown_pairs(answer.names),
    people=_people,
    standing=lambda answer: pair_name(answer.names) if answer.is_standing else None,
)


def segment_overlap_panel(
    session: Session,
    *,
    segmentations: Mapping[str, Segmentation] | None = None,
    first: str | None = None,
    second: str | None = None,
    brief: bool = False,
) -> Panel:
    """Lay two segmentations across each other; a click on a cell lists its customers."""
    offer = offered(session, segmentations)
    names = list(offer.measures)
    controls = {"first": first or names[0], "second": second or names[2]}
    chosen = {
        name: segmentation_control(offer, value=value, label=f"panels.segment_overlap.{name}")
        for name, value in controls.items()
    }
    return Panel(
        session,
        topic="segment_overlap",
        controls={**chosen, "measure": choice(
            "panels.rfm.measure", get_args(OverlapMeasure), words="panels.segment_overlap.measures"
        )},
        analyse=partial(_analyse, session, offer),
        analyses=(overlap_of,),
        privacy=OVERLAP_PRIVACY,
        draw=_draw,
        brief=brief,
        parts=Parts(
            summary=_summary,
            names=_names,
            sums=("customer_count", "monetary"),
            detail=partial(_members, session),
            recipe=partial(_recipe, session, offer),
            imports=(
                ("topics.overlap", ("segment_overlap", "segment_pairs")),
                ("analyses", ("segmentation_from",)),
            ),
        ),
    )  # fmt: skip


def overlap_of(session: Session, offer: Offer, *, first: str, second: str, measure: OverlapMeasure) -> OverlapAnswer:
    """Measure the overlap of two segmentations, each on the session's customers."""
    rules = offer.measured(session, first), offer.measured(session, second)
    facts = session.facts
    pairs = segment_pairs(assigned(session, rules[0]), assigned(session, rules[1]), facts)
    kept = session.store.keep(pairs)
    cells = segment_overlap(kept)
    whole = session.store.collect(cells)
    if whole.empty:
        raise NothingToShow("no_customers")
    is_standing = {first, second} <= set(offer.standing)
    return OverlapAnswer(
        cells, whole, session.as_of, kept, *rules, agreement(whole), measure, (first, second), is_standing
    )


def _analyse(session: Session, offer: Offer, **choices: Any) -> OverlapAnswer:
    return overlap_of(session, offer, **choices)


def _side(answer: OverlapAnswer, place: int, lang: str) -> Side:
    segmentation = (answer.first, answer.second)[place]
    present = set(answer.rows[PAIR_COLUMNS[place]])
    names = {name: words for name, words in labels(segmentation, lang).items() if name in present}
    return Side(PAIR_COLUMNS[place], names, segmentation.names[lang])


def _draw(answer: OverlapAnswer, lang: str) -> Drawing:
    return segment_overlap_drawing(
        answer.rows.assign(p_value=chance_of(answer.rows, base=answer.agreement.base)),
        lang,
        first=_side(answer, 0, lang),
        second=_side(answer, 1, lang),
        measure=answer.measure,
        adjusted_rand=answer.agreement.adjusted_rand,
        base=answer.agreement.base,
        as_of=answer.as_of,
    )


def _summary(answer: OverlapAnswer, lang: str) -> str:
    names = [labels(one, lang) for one in (answer.first, answer.second)]
    rows = answer.rows.assign(
        **{side: answer.rows[side].map(known) for side, known in zip(PAIR_COLUMNS, names, strict=True)}
    )
    titles = [one.names[lang] for one in (answer.first, answer.second)]
    shares = ("first_share", "second_share", "smaller_share", "jaccard")
    fields = (
        *(_Named(side, title=title) for side, title in zip(PAIR_COLUMNS, titles, strict=True)),
        Field("customer_count", "count", label="panels.columns.customer_count"),
        Field("monetary", "money"),
        *(Field(name, "share", label=f"panels.segment_overlap.{name}") for name in shares),
    )
    return table_html(rows.sort_values("customer_count", ascending=False), fields, lang)


@dataclass(frozen=True)
class _Named(Field):
    """A column that goes by the name of a segmentation."""

    title: str = ""

    def heading(self, lang: str) -> str:  # noqa: ARG002  the title is already in the reader's language
        return self.title


def _members(session: Session, answer: OverlapAnswer, picked: Mapping[str, Any]) -> Detail:
    """List who is in both segments, most money first, with the evidence of both segmentations."""
    members = answer.kept.filter(*(answer.kept[side] == picked[side] for side in PAIR_COLUMNS)).drop(*PAIR_COLUMNS)
    columns: dict[str, None] = {"monetary": None}
    for one in (answer.first, answer.second):
        evidence = assigned(session, one)
        new = [name for name in one.evidence if name not in members.columns]
        members = members.inner_join(evidence.select("customer_id", *new), "customer_id")
        columns |= dict.fromkeys(one.evidence)
    names = [
        labels(one, session.lang)[picked[side]]
        for one, side in zip((answer.first, answer.second), PAIR_COLUMNS, strict=True)
    ]
    return people_list(
        session,
        members,
        evidence_fields(list(columns)),
        order=(ibis.desc("monetary"),),
        title="panels.segment_overlap.members",
        facts={"first": names[0], "second": names[1]},
    )


def _recipe(session: Session, offer: Offer, choices: Mapping[str, Any]) -> Sequence[str]:
    chosen = [offer.measured(session, choices[name]).as_dict() for name in ("first", "second")]
    return (
        f"first, second = (segmentation_from(rules).assign(session.ground) for rules in {chosen!r})",
        "rows = collect(segment_overlap(segment_pairs(first, second, session.facts)))",
    )


def _names(answer: OverlapAnswer, lang: str) -> ValueNames:
    return {"first_segment": labels(answer.first, lang), "second_segment": labels(answer.second, lang)}
