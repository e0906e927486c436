"""The rule builder: put customers into segments by rules on any column, and see at once whom each rule gets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import ibis
from ibis.expr import types as ir

from workbench.analyses.rules.audit import Audit, audit_segments
from workbench.analyses.rules.conditions import each_test
from workbench.analyses.rules.examples import RULE_EXAMPLES
from workbench.analyses.rules.segmentation import RuleSegmentation
from workbench.analyses.segmentation import labels, segment_sizes
from workbench.charts.drawing import Drawing
from workbench.charts.segment_bars import segment_bars_drawing
from workbench.charts.words import count_words, date_words, money_words, share_words
from workbench.errors import ChoiceError, NothingToShow
from workbench.i18n import t
from workbench.panels.base import Answer, Panel, Parts
from workbench.panels.layout import Figure
from workbench.panels.privacy import Privacy
from workbench.panels.segment_lists import SIZE_FIELDS, evidence_fields, people_list
from workbench.panels.session import Session
from workbench.panels.table import Detail, Field, table_html
from workbench.topics.segment_rules.panel_editor import RuleEditor, RuleShelf
from workbench.topics.segment_rules.panel_lookup import Lookup
from workbench.topics.segment_rules.panel_words import audit_html
from workbench.topics.segment_rules.query import RuleCounts, rule_rows, rule_sets, rule_sizes

FIRST = ("warranty", "commercial", "generations", "region")
"""The example a builder begins with: the first of these that the data can answer."""


@dataclass(frozen=True)
class RulesAnswer(Answer):
    """The sizes of the segments (`rows`), who meets which rules, the audit, and values that could not be read."""

    segmentation: RuleSegmentation
    counts: RuleCounts
    audit: Audit
    unreadable: Mapping[str, int]


def rule_builder_panel(session: Session, *, rules: RuleSegmentation | None = None) -> Panel:
    """Build rules by column, operator and value; customers and money of each rule follow while you type."""
    lookup = Lookup(session)
    editor = RuleEditor(rules or _first(session), lookup, _shelf(session))
    return Panel(
        session,
        topic="rule_builder",
        controls={"rules": editor},
        analyse=partial(_analyse, session, lookup),
        analyses=(rule_sizes,),
        privacy=Privacy(refusal="rule_builder_published"),
        draw=_draw,
        parts=Parts(
            figures=_figures,
            summary=_summary,
            names=lambda answer, lang: {"segment": labels(answer.segmentation, lang)},
            detail=partial(_members, session),
            recipe=_recipe,
            rows_query=lambda answer: segment_sizes(answer.table, session.facts),
            imports=(("analyses", ("RuleSegmentation",)), ("analyses", ("segment_sizes",))),
            shown=lambda answer: editor.show(answer.counts),
        ),
    )


def _shelf(session: Session) -> RuleShelf:
    return RuleShelf(
        listed=session.segmentations,
        opened=partial(_opened, session),
        saved=lambda name, rules, *, shared: session.save_segmentation(name, rules, shared=shared),
    )


def _opened(session: Session, reference: str) -> RuleSegmentation:
    rules = session.segmentation(reference)
    if not isinstance(rules, RuleSegmentation):
        raise ChoiceError("segmentation_kind", kind=rules.kind, known=["rules"])
    return rules


def _first(session: Session) -> RuleSegmentation:
    """Return the example to begin with; no rules on a managers' page, or where the data answer none."""
    listed = [] if session.store.snapshot.published else session.segmentations()
    answerable = {one.id for one in listed if one.is_example and not one.needs}
    name = next((name for name in (*FIRST, *RULE_EXAMPLES) if name in answerable), None)
    names = {lang: t("panels.rule_builder.untitled", lang) for lang in ("en", "zh")}
    return RuleSegmentation(names, ()) if name is None else _opened(session, name)


def _analyse(session: Session, lookup: Lookup, *, rules: RuleSegmentation) -> RulesAnswer:
    counts = _counts(session, rules)
    if not counts.customer_count:
        raise NothingToShow("no_customers")
    return RulesAnswer(
        expression=rules.assign(session.ground),
        rows=rule_sizes(counts, rules=rules),
        as_of=session.as_of,
        segmentation=rules,
        counts=counts,
        audit=audit_segments(rules, counts=counts),
        unreadable={test.column: lookup.unreadable(test) for rule in rules.rules for test in each_test(rule.when)},
    )


def _counts(session: Session, rules: RuleSegmentation) -> RuleCounts:
    """Ask once who meets these conditions; names and order of the rules change nothing of it."""
    store, ids = session.store, [rule.id for rule in rules.rules]
    rows = session.remember(("rule_rows", frozenset(rules.columns)), lambda: rule_rows(rules, session.ground))
    counts: RuleCounts = session.remember(
        ("rule_counts", frozenset((rule.id, rule.when) for rule in rules.rules)),
        lambda: RuleCounts.read(ids, store.arrays(rule_sets(rules, rows, as_of=session.as_of))),
    )
    return counts


def _draw(answer: RulesAnswer, lang: str) -> Drawing:
    return segment_bars_drawing(answer.rows, lang, names=labels(answer.segmentation, lang), as_of=answer.as_of)


def _figures(answer: RulesAnswer, lang: str) -> Sequence[Figure]:
    audit, base = answer.audit, t("panels.rule_builder.base", lang, as_of=date_words(answer.as_of, lang))
    everyone = answer.counts.customer_count
    return (
        Figure(t("panels.columns.customer_count", lang), count_words(everyone, lang), base),
        Figure(t("terms.monetary", lang), money_words(float(answer.counts.cents.sum()) / 100, lang), base),
        Figure(
            t("panels.rule_builder.covered", lang),
            share_words(audit.covered / everyone, lang),
            t("panels.rule_builder.covered_note", lang, count=count_words(audit.covered, lang)),
        ),
        Figure(
            t("panels.rule_builder.by_order", lang),
            count_words(audit.ambiguous_customers or 0, lang),
            t("panels.rule_builder.by_order_note", lang),
        ),
    )


def _summary(answer: RulesAnswer, lang: str) -> str:
    names = labels(answer.segmentation, lang)
    named = answer.rows.assign(segment=answer.rows["segment"].map(names))
    return table_html(named, (Field("segment"), *SIZE_FIELDS), lang) + audit_html(
        answer.audit, names, answer.unreadable, lang
    )


def _members(session: Session, answer: RulesAnswer, picked: Mapping[str, Any]) -> Detail:
    """List who is in the segment that was clicked, with the values that put them there; most money first."""
    members: ir.Table = session.store.keep(answer.table).filter(lambda row: row.segment == picked["segment"])
    facts, evidence = session.facts, [name for name in answer.segmentation.evidence if name != "rule"]
    joined = members.inner_join(facts.select("customer_id", worth=facts.monetary), "customer_id")
    reasons = [field for field in evidence_fields([*evidence]) if field.name != "monetary"]
    return people_list(
        session,
        joined,
        (*reasons, Field("worth", "money", label="terms.monetary")),
        order=(ibis.desc("worth"),),
        title="panels.rule_builder.members",
        facts={"segment": labels(answer.segmentation, session.lang)[picked["segment"]]},
    )


def _recipe(chosen: Mapping[str, Any]) -> Sequence[str]:
    return (
        f"rules = RuleSegmentation.from_dict({chosen['rules'].as_dict()!r})",
        "rows = collect(segment_sizes(rules.assign(session.ground), session.facts))",
    )
