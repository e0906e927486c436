"""One declaration for the panels of segmentations: sizes, meanings, lists with the evidence, code, and what is kept.

Core customers and RFM write their lists (`detail`) themselves, for what their charts mean by a click is of several
kinds. Not on it are panels of two segmentations or two days (overlap, movement, profile), ABC classes, which also cut
goods and regions (pareto), and the rule builder, whose rules are one control.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from typing import Any

import ibis
import pandas as pd
from ibis.expr import types as ir

from workbench.analyses.segmentation import OTHERS, Segmentation, labels, segment_sizes
from workbench.charts.words import count_words, date_words, share_words
from workbench.i18n import t
from workbench.panels.base import Answer, Panel, Parts
from workbench.panels.columns import Kind
from workbench.panels.layout import Figure, text
from workbench.panels.money_unknown import priced
from workbench.panels.segment_lists import PEOPLE, people_list
from workbench.panels.session import Session
from workbench.panels.table import Detail, Field, table_html


@dataclass(frozen=True)
class SegmentationAnswer(Answer):
    """The segmentation in force, and what its segments add up to (`rows`, as `segment_sizes` gives them)."""

    rules: Any


SIZE_COLUMNS = (
    Field("segment"),
    Field("customer_count", "count"),
    Field("customer_share", "share"),
    Field("monetary", "money"),
    Field("value_share", "share"),
    Field("average_monetary", "money", label="panels.loyalty.average"),
    Field("average_recency_days", "count", label="terms.recency_days"),
)
"""The columns of the table of sizes."""


def _sizes(answer: Any, lang: str) -> tuple[pd.DataFrame, Sequence[Field]]:
    return named_rows(answer, lang), SIZE_COLUMNS


def _segment(answer: Any, clicked: Mapping[str, Any], lang: str) -> Mapping[str, Any]:
    return {"segment": labels(answer.rules, lang)[clicked["segment"]]} if "segment" in clicked else {}


@dataclass(frozen=True, kw_only=True)
class Shape(Parts):
    """What a panel says of a segmentation, beside its charts: `Parts`, most of which need not be written.

    Attributes
    ----------
    keeps
        The rules of the answer; None where they are kept already.
    highlights
        The segments whose size stands above the charts, before the `figures`.
    sizes
        The rows and the columns of the table, from the answer and the language.
    warning, notes
        HTML above the table, and below it, e.g. `meanings_html`.
    evidence
        What a list shows of each customer, after who they are.
    everybody
        Everybody's segment with the evidence, from the session and the answer; a click is looked up there.
    columns
        The columns of `everybody` for what a chart calls otherwise.
    people
        The columns that say who somebody is.
    order
        The order of a list; who is equal in it stands by id.
    facts
        What the title of a list says, from the answer, what was clicked, and the language.
    listed
        Called with every list of customers, e.g. to draw the first of them.
    """

    keeps: Callable[[Any], Segmentation] | None = lambda answer: answer.rules
    sums: tuple[str, ...] = ("customer_count", "customer_share", "order_count", "monetary", "value_share")
    highlights: tuple[str, ...] = ()
    sizes: Callable[[Any, str], tuple[pd.DataFrame, Sequence[Field]]] = _sizes
    warning: Callable[[Any, str], str] = lambda _answer, _lang: ""
    notes: Callable[[Any, str], str] = lambda _answer, _lang: ""
    evidence: Callable[[Any], Sequence[Field]] = lambda _answer: ()
    everybody: Callable[[Session, Any], ir.Table] = lambda session, answer: session.store.keep(answer.table)
    columns: Mapping[str, str] = field(default_factory=dict)
    people: Sequence[str] = PEOPLE
    order: Callable[[Any], Sequence[Any]] = lambda _answer: (ibis.desc("monetary"),)
    facts: Callable[[Any, Mapping[str, Any], str], Mapping[str, Any]] = _segment
    listed: Callable[[Any, ir.Table], None] = lambda _answer, _listed: None


def segmentation_panel(
    session: Session, *, topic: str, analyse: Callable[..., Answer], shape: Shape, **panel: Any
) -> Panel:
    """Make the panel of a segmentation.

    Parameters
    ----------
    analyse
        Called with the session and the values of the controls; its answer has the segmentation in force as `rules`.
    shape
        A `summary` or a `detail` of its own is taken as it is: no table of sizes, no single kind of list.
    panel
        What `Panel` takes besides: `controls`, `analyses`, `draw`, `brief` …
    """
    parts = replace(
        shape,
        figures=partial(_figures, shape),
        summary=shape.summary or partial(_summary, session, shape),
        detail=shape.detail or partial(_members, session, topic, shape),
        rows_query=shape.rows_query or partial(_sized, session),
        names=shape.names or (lambda answer, lang: {"segment": labels(answer.rules, lang)}),
    )
    return Panel(session, topic=topic, analyse=partial(analyse, session), parts=parts, **panel)


def written_as(name: str, kind: type) -> dict[str, Any]:
    """Return the recipe and the imports of a segmentation whose rules are the controls; the code calls it `name`."""
    door = f"topics.{kind.__module__.split('.')[2]}"
    return {
        "recipe": partial(_recipe, name, kind.__name__),
        "imports": ((door, (kind.__name__,)), ("analyses", ("segment_sizes",))),
    }


def _figures(shape: Shape, answer: Any, lang: str) -> Sequence[Figure]:
    names, rows = labels(answer.rules, lang), {row.get("segment"): row for row in answer.rows.to_dict("records")}
    sizes = [size_figure(names[one], rows[one], answer.as_of, lang) for one in shape.highlights if one in rows]
    return [*sizes, *(shape.figures(answer, lang) if shape.figures else ())]


def _summary(session: Session, shape: Shape, answer: Any, lang: str) -> str:
    rows, columns = shape.sizes(answer, lang)
    sizes = table_html(rows, priced(session, *columns), lang)
    return shape.warning(answer, lang) + sizes + shape.notes(answer, lang)


def _sized(session: Session, answer: Any) -> ir.Table:
    """Return the query of the sizes: the answer's own, or of the segments that it assigns."""
    table = answer.table
    return segment_sizes(table, session.facts) if "customer_id" in table.columns else table


def _members(session: Session, topic: str, shape: Shape, answer: Any, picked: Mapping[str, Any]) -> Detail:
    """List who is in what was clicked, with the evidence."""
    everybody, fields = shape.everybody(session, answer), shape.evidence(answer)
    clicked = {shape.columns.get(name, name): value for name, value in picked.items()}
    members = everybody.filter(*(everybody[name] == value for name, value in clicked.items()))
    if "monetary" not in members.columns and "monetary" in {one.name for one in fields}:
        members = members.inner_join(session.facts.select("customer_id", "monetary"), "customer_id")
    detail = people_list(
        session,
        members,
        fields,
        people=shape.people,
        order=shape.order(answer),
        title=f"panels.{topic}.members",
        facts=shape.facts(answer, clicked, session.lang),
    )
    shape.listed(answer, detail.table)
    return detail


def _recipe(name: str, kind: str, chosen: Mapping[str, Any]) -> Sequence[str]:
    return (
        f"{name} = {call(kind, dict(chosen))}",
        f"rows = collect(segment_sizes({name}.assign(session.ground), session.facts))",
    )


def best_first(rows: pd.DataFrame) -> pd.DataFrame:
    """Keep the segments that have customers, most money first, as `segment_sizes` orders them."""
    some = rows[rows["customer_count"] > 0]
    return some.sort_values(["monetary", "segment"], ascending=[False, True]).reset_index(drop=True)


def named_rows(answer: Any, lang: str) -> pd.DataFrame:
    """Return the rows of an answer with the segments' names in place of their ids."""
    named: pd.DataFrame = answer.rows.assign(segment=answer.rows["segment"].map(labels(answer.rules, lang)))
    return named


def size_figure(label: str, row: Mapping[Any, Any], as_of: date, lang: str) -> Figure:
    """Say a group's share of the customers; below it how many they are, and what they bring."""
    unpriced = row["monetary"] != row["monetary"] and row["customer_count"] == row["customer_count"]
    facts = {
        "count": count_words(row["customer_count"], lang),
        "money": share_words(row["value_share"], lang),
        "as_of": date_words(as_of, lang),
    }
    note = "panels.loyalty.count_note" if unpriced else "panels.loyalty.share_note"
    return Figure(label, share_words(row["customer_share"], lang), t(note, lang, **facts))


def evidence_field(name: str, kind: Kind = "text", *, words: str = "") -> Field:
    """Return the field of a column of evidence, under the panels' own word for it."""
    return Field(name, kind, label=f"panels.columns.{name}", words=words)


def meanings_html(answer: Any, lang: str) -> str:
    """Say what every segment means."""
    items = "".join(
        text("li", f"{one.names[lang]}{'：' if lang == 'zh' else ': '}{one.meanings[lang]}")
        for one in answer.rules.segments
        if one.id != OTHERS
    )
    return f'<div class="wb-audit"><ul>{items}</ul></div>'


def call(kind: str, chosen: dict[str, Any]) -> str:
    """Write the making of a segmentation as Python.

    >>> call("LoyaltySegmentation", {"patience": 3.0, "share_of": "rhythm"})
    "LoyaltySegmentation(patience=3.0, share_of='rhythm')"
    """
    return f"{kind}({', '.join(f'{name}={value!r}' for name, value in chosen.items())})"
