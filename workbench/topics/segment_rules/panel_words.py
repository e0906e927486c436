"""Rules in words: a condition as a sentence in the reader's language, and what the audit found."""

from __future__ import annotations

from collections.abc import Mapping

from workbench.analyses.rules.audit import Audit
from workbench.analyses.rules.conditions import AllOf, AnyOf, Not, Span, Test, When
from workbench.charts.words import count_words, share_words
from workbench.i18n import t
from workbench.panels.layout import text
from workbench.topics.segment_rules.panel_lookup import rule_column_words

SAID = "panels.rule_builder.said"
MOST_SAID = 6
"""Values of a list, and pairs of rules, that are named; the rest is counted."""


def when_words(when: When, lang: str) -> str:
    """Say a condition in one sentence.

    >>> when_words(Not(Test("region", "in", ("华东",))), "en")
    'not (region is 华东)'
    """
    if isinstance(when, Test):
        return _test_words(when, lang)
    if isinstance(when, Not):
        return t(f"{SAID}.not", lang, part=when_words(when.part, lang))
    if not when.parts:
        return t(f"{SAID}.{'everyone' if isinstance(when, AllOf) else 'nobody'}", lang)
    bracketed = [isinstance(part, (AllOf, AnyOf)) and len(when.parts) > 1 for part in when.parts]
    parts = [
        t(f"{SAID}.group", lang, part=when_words(part, lang)) if grouped else when_words(part, lang)
        for part, grouped in zip(when.parts, bracketed, strict=True)
    ]
    return t(f"{SAID}.{'all' if isinstance(when, AllOf) else 'any'}", lang).join(parts)


def _test_words(test: Test, lang: str) -> str:
    facts: dict[str, object] = {"column": rule_column_words(test.column, lang)}
    operator: str = test.operator
    if isinstance(test.value, Span):
        ends = {"low": test.value.low, "high": test.value.high}
        open_ended = [name for name, end in ends.items() if end is None]
        operator = f"{operator}_{'up' if open_ended == ['high'] else 'down'}" if open_ended else operator
        facts |= ends
    elif isinstance(test.value, tuple):
        if not test.value:
            return t(f"{SAID}.incomplete", lang, **facts)
        listed = [str(one) for one in test.value[:MOST_SAID]]
        if len(test.value) > MOST_SAID:
            listed.append(t(f"{SAID}.more", lang, count=len(test.value) - MOST_SAID))
        facts["value"] = listed
    else:
        facts["value"] = test.value
    return t(f"{SAID}.{operator}", lang, **facts)


def audit_html(audit: Audit, labels: Mapping[str, str], unreadable: Mapping[str, int], lang: str) -> str:
    """Say what the rules cover, which of them get nobody and why, and whom the order decides."""
    everyone = audit.customer_count or 1
    said = [_said("covered", lang, count=audit.covered, share=share_words(audit.covered / everyone, lang))]
    if audit.uncovered_customers:
        left = audit.uncovered_customers
        said.append(_said("others", lang, count=left, share=share_words(left / everyone, lang)))
    for key in ("contradictory", "empty", "taken", "unconditional"):
        rule_ids = getattr(audit, key)
        if rule_ids:
            said.append(_said(key, lang, rules=[labels[one] for one in rule_ids]))
    if audit.ambiguous_customers:
        said.append(_said("overlapping", lang, count=audit.ambiguous_customers))
        said += [
            _said("pair", lang, first=labels[first], second=labels[second], count=count)
            for first, second, count in audit.pairs[:MOST_SAID]
        ]
    said += [
        _said("unreadable", lang, column=rule_column_words(column, lang), count=count)
        for column, count in unreadable.items()
        if count
    ]
    items = "".join(text("li", sentence) for sentence in said)
    return f'<div class="wb-audit">{text("h3", t("panels.rule_builder.audit.title", lang))}<ul>{items}</ul></div>'


def _said(key: str, lang: str, *, count: int | None = None, **facts: object) -> str:
    counted = {} if count is None else {"count": count_words(count, lang)}
    return t(f"panels.rule_builder.audit.{key}", lang, **counted, **facts)
