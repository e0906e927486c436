"""One declaration for the panels of segmentations: sizes, meanings, lists with the evidence, code, and what is kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any, TypeVar

import pandas as pd
from ibis.expr import types as ir

from workbench.analyses.segmentation import OTHERS, Segmentation, labels
from workbench.charts.words import count_words, share_words
from workbench.i18n import t
from workbench.panels.base import Answer, Panel, Parts
from workbench.panels.columns import Kind
from workbench.panels.layout import Figure, text
from workbench.panels.segment_lists import with_people
from workbench.panels.session import Session
from workbench.panels.table import Detail, Field, table_html


@dataclass(frozen=True)
class SegmentationAnswer(Answer):
    """The segmentation in force, and what its segments add up to (`rows`, as `segment_sizes` gives them)."""

    rules: Any


A = TypeVar("A", bound=SegmentationAnswer)


@dataclass(frozen=True, kw_only=True)
class Shape:
    """What a panel says of a segmentation, beside its charts.

    Attributes
    ----------
    code_name
        What the segmentation is called in the code shown.
    evidence
        What is shown of each customer on a list, after the name and the spend.
    highlights
        The segments whose size stands above the charts.
    figures
        Further numbers above the charts, from the answer and the language.
    sizes
        The rows of the table of sizes, and its further columns; by default the answer's rows alone.
    warning, notes
        HTML above the table of sizes, and below it.
    columns
        The columns of `assign` for what a chart calls otherwise.
    listed
        Called with every list of customers, e.g. to draw the first of them.
    """

    code_name: str
    evidence: Callable[[Any], Sequence[Field]]
    highlights: tuple[str, ...] = ()
    figures: Callable[[Any, str], Sequence[Figure]] = lambda _answer, _lang: ()
    sizes: Callable[[Any], tuple[pd.DataFrame, Sequence[Field]]] = lambda answer: (answer.rows, ())
    warning: Callable[[Any, str], str] = lambda _answer, _lang: ""
    notes: Callable[[Any, str], str] = lambda _answer, _lang: ""
    columns: Mapping[str, str] = field(default_factory=dict)
    listed: Callable[[Any, ir.Table], None] = lambda _answer, _listed: None


def segmentation_panel(
    session: Session,
    kind: Callable[..., Segmentation],
    *,
    topic: str,
    analyse: Callable[[Session, Any], A],
    shape: Shape,
    folded: tuple[str, ...] = (),
    **panel: Any,
) -> Panel:
    """Make the panel of a segmentation whose rules are its controls.

    Parameters
    ----------
    kind
        The class of the segmentation; the controls are its arguments.
    analyse
        Called with the session and the segmentation; returns a `SegmentationAnswer`.
    panel
        What `Panel` takes besides: `controls`, `draw`, `brief` …
    """
    door = f"topics.{kind.__module__.split('.')[2]}"
    return Panel(
        session,
        topic=topic,
        analyse=lambda **chosen: analyse(session, kind(**chosen)),
        analyses=(kind,),
        parts=Parts(
            keeps=lambda answer: answer.rules,
            figures=partial(_figures, shape),
            summary=partial(_summary, shape),
            detail=partial(_members, session, topic, shape),
            folded=folded,
            recipe=partial(_recipe, shape.code_name, kind.__name__),
            imports=((door, (kind.__name__,)), ("analyses", ("segment_sizes",))),
        ),
        **panel,
    )


def _figures(shape: Shape, answer: SegmentationAnswer, lang: str) -> Sequence[Figure]:
    names, rows = labels(answer.rules, lang), {row["segment"]: row for row in answer.rows.to_dict("records")}
    sizes = [size_figure(names[one], rows[one], answer.as_of, lang) for one in shape.highlights if one in rows]
    return [*sizes, *shape.figures(answer, lang)]


def _summary(shape: Shape, answer: SegmentationAnswer, lang: str) -> str:
    rows, more = shape.sizes(answer)
    table = sizes_html(rows, labels(answer.rules, lang), lang, more=more)
    named_ones = [one for one in answer.rules.segments if one.id != OTHERS]
    return shape.warning(answer, lang) + table + shape.notes(answer, lang) + meanings_html(named_ones, lang)


def _members(
    session: Session, topic: str, shape: Shape, answer: SegmentationAnswer, picked: Mapping[str, Any]
) -> Detail:
    """List who is in what was clicked, most money first, with the evidence."""
    assigned = session.store.keep(answer.table)
    fixed = {shape.columns.get(name, name): value for name, value in picked.items()}
    listed, people = named(session, assigned.filter(*(assigned[name] == value for name, value in fixed.items())))
    shape.listed(answer, listed)
    return Detail(
        table=listed,
        fields=(*people, *shape.evidence(answer)),
        title=f"panels.{topic}.members",
        facts={"segment": labels(answer.rules, session.lang)[fixed["segment"]]} if "segment" in fixed else {},
    )


def _recipe(name: str, kind: str, chosen: Mapping[str, Any]) -> Sequence[str]:
    return (
        f"{name} = {call(kind, dict(chosen))}",
        f"rows = collect(segment_sizes({name}.assign(session.ground), session.facts))",
    )


def best_first(rows: pd.DataFrame) -> pd.DataFrame:
    """Keep the segments that have customers, most money first, as `segment_sizes` orders them."""
    some = rows[rows["customer_count"] > 0]
    return some.sort_values(["monetary", "segment"], ascending=[False, True]).reset_index(drop=True)


def sizes_html(rows: pd.DataFrame, names: dict[str, str], lang: str, *, more: Sequence[Field] = ()) -> str:
    """Return the sizes of segments as a table."""
    fields = (
        Field("segment"),
        Field("customer_count", "count"),
        Field("customer_share", "share"),
        Field("monetary", "money"),
        Field("value_share", "share"),
        Field("average_monetary", "money", label="panels.loyalty.average"),
        Field("average_recency_days", "count", label="terms.recency_days"),
        *more,
    )
    return table_html(rows.assign(segment=rows["segment"].map(names)), fields, lang)


def size_figure(label: str, row: Mapping[Any, Any], as_of: date, lang: str) -> Figure:
    """Say a group's share of the customers; below it how many they are, and what they bring."""
    facts = {
        "count": count_words(row["customer_count"], lang),
        "money": share_words(row["value_share"], lang),
        "as_of": as_of.isoformat(),
    }
    return Figure(label, share_words(row["customer_share"], lang), t("panels.loyalty.share_note", lang, **facts))


def evidence_field(name: str, kind: Kind = "text", *, words: str = "") -> Field:
    """Return the field of a column of evidence, under the panels' own word for it."""
    return Field(name, kind, label=f"panels.columns.{name}", words=words)


def meanings_html(segments: Sequence[Any], lang: str) -> str:
    """Say what every segment means."""
    items = "".join(
        text("li", f"{one.names[lang]}{'：' if lang == 'zh' else ': '}{one.meanings[lang]}") for one in segments
    )
    return f'<div class="wb-audit"><ul>{items}</ul></div>'


def named(session: Session, members: ir.Table) -> tuple[ir.Table, list[Field]]:
    """Join what people are called by and what they spent; most money first."""
    spent = session.facts.select("customer_id", "monetary")
    known, people = with_people(session, members.inner_join(spent, "customer_id"))
    return known.order_by(known.monetary.desc(), "customer_id"), [*people, Field("monetary", "money")]


def call(kind: str, chosen: dict[str, Any]) -> str:
    """Write the making of a segmentation as Python.

    >>> call("LoyaltySegmentation", {"patience": 3.0, "share_of": "rhythm"})
    "LoyaltySegmentation(patience=3.0, share_of='rhythm')"
    """
    return f"{kind}({', '.join(f'{name}={value!r}' for name, value in chosen.items())})"
