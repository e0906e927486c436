"""Who is meant by a click on an RFM chart: a cell, a segment, or those whose segment depends on one cut point."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import ibis
from ibis import _
from ibis.expr import types as ir

from workbench.panels.columns import column_kind
from workbench.panels.segment_lists import people_list
from workbench.panels.session import Session
from workbench.panels.table import Detail, Field
from workbench.topics.rfm.panel_answer import RfmAnswer
from workbench.topics.rfm.panel_words import answer_labels
from workbench.topics.rfm.sensitivity import moved_cuts


def picked_members(session: Session, answer: RfmAnswer, picked: Mapping[str, Any]) -> Detail:
    """List the customers of what was clicked, the highest composite score first, with the reason each is there."""
    if "cut" in picked:
        return _hanging(session, answer, str(picked["cut"]))
    customers = _with_rank(session, answer, answer.table)
    for name in ("segment", "r_score", "f_score"):
        if name in picked:
            customers = customers.filter(customers[name] == picked[name])
    if "segment" in picked:
        title, facts = "panels.rfm.members_segment", {"segment": answer_labels(answer, session.lang)[picked["segment"]]}
    else:
        title, facts = "panels.rfm.members_cell", {"r": picked["r_score"], "f": picked["f_score"]}
    return _detail(session, answer, customers, title, facts)


def _hanging(session: Session, answer: RfmAnswer, cut: str) -> Detail:
    """List who would be in another segment if this cut lay lower or higher, and in which."""
    measure, _slash, place = cut.partition("/")
    rules, by = answer.rules, answer.sensitivity.by if answer.sensitivity else 0.0
    customers = _with_rank(session, answer, answer.table)
    named = answer_labels(answer, session.lang)
    for way, signed in (("lower", -by), ("higher", by)):
        moved = moved_cuts(rules.cuts, measure=measure, place=int(place), by=signed)
        after = replace(rules, cuts=moved).assign_facts(session.facts)
        customers = customers.left_join(after.select("customer_id", **{f"segment_{way}": after.segment}), "customer_id")
        customers = customers.drop("customer_id_right")
    customers = customers.filter((_.segment_lower != _.segment) | (_.segment_higher != _.segment))
    columns = ("segment", "segment_lower", "segment_higher")
    customers = customers.mutate(
        **{name: customers[name].cases(*named.items(), else_=customers[name]) for name in columns}
    )
    extra = [
        Field("segment"),
        *(Field(f"segment_{way}", label=f"panels.rfm.segment_{way}") for way in ("lower", "higher")),
    ]
    facts = {"letter": measure[0].upper(), "place": place}
    return _detail(session, answer, customers, "panels.rfm.members_cut", facts, extra)


def _with_rank(session: Session, answer: RfmAnswer, assigned: ir.Table) -> ir.Table:
    """Add the place of the composite score, looked up by the three scores: nobody is sorted for it.

    On a managers' page it would tell how many are in groups too small to show.
    """
    if session.store.snapshot.published:
        return assigned
    bins = answer.rules.cuts.bins
    ranks = ibis.literal(answer.totals.ranks(answer.rules.weights).ravel().tolist(), "array<int64>")
    m_score = assigned.m_score if "m_score" in assigned.columns else 1
    cell = ((assigned.r_score - 1) * bins + assigned.f_score - 1) * bins + m_score - 1
    return assigned.mutate(composite_rank=ranks[cell])


def _detail(
    session: Session, answer: RfmAnswer, customers: ir.Table, title: str, facts: Mapping[str, Any], extra: Any = ()
) -> Detail:
    reasons = [*answer.rules.evidence, *(["composite_rank"] if "composite_rank" in customers.columns else [])]
    return people_list(
        session,
        customers,
        (*extra, *(Field(name, column_kind(name)) for name in reasons)),
        order=tuple(ibis.desc(name) for name in ("composite_score", "monetary") if name in customers.columns),
        title=title,
        facts=facts,
    )
