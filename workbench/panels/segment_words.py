"""What every result of a segmentation says of customers who fit no rule, and an audit of its rules in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from workbench.analyses.rules.audit import Audit, Combination
from workbench.analyses.rules.axes import Part
from workbench.analyses.rules.domain import domain
from workbench.analyses.segmentation import OTHERS
from workbench.charts.words import count_words, share_words
from workbench.i18n import t
from workbench.panels.columns import column_words
from workbench.panels.layout import text

EXAMPLES = 5
"""Combinations and pairs of rules that are named; the rest is counted."""


def holes_sentence(rows: pd.DataFrame, lang: str) -> str:
    """Say how many customers fit no rule; empty where all do.

    >>> rows = pd.DataFrame({"segment": ["vip", "others"], "customer_count": [75, 25], "customer_share": [0.75, 0.25]})
    >>> holes_sentence(rows, "en")
    '25 customers (25.0%) fit no rule.'

    Parameters
    ----------
    rows
        Sizes by segment (`segment_sizes`); figures of hidden small groups are missing.
    """
    left = rows[rows["segment"] == OTHERS]
    if left.empty or left["customer_count"].iloc[0] == 0:
        return ""
    count, share = left["customer_count"].iloc[0], left["customer_share"].iloc[0]
    if pd.isna(count):
        return t("panels.segment_words.some_fit_none", lang)
    return t(
        "panels.segment_words.fit_none", lang, customers=count_words(int(count), lang), share=share_words(share, lang)
    )


def holes_html(rows: pd.DataFrame, lang: str) -> str:
    """Return `holes_sentence` as a note, or nothing."""
    sentence = holes_sentence(rows, lang)
    return text("p", sentence, "wb-note") if sentence else ""


def table_audit_html(audit: Audit, labels: Mapping[str, str], lang: str) -> str:
    """Say what the rules cover, leave open, decide by order, and can never give; with the customers affected."""
    said = [*_coverage(audit, lang), *_order(audit, labels, lang)]
    for key, segments in (("unreachable", audit.unreachable), ("idle", audit.idle)):
        if segments:
            names = [labels[segment] for segment in segments]
            said.append(t(f"panels.segment_words.{key}", lang, segments=names))
    items = "".join(text("li", sentence) for sentence in said)
    return f'<div class="wb-audit">{text("h3", t("panels.segment_words.audit", lang))}<ul>{items}</ul></div>'


def _coverage(audit: Audit, lang: str) -> list[str]:
    covered, cells = share_words(audit.covered_share, lang), audit.cell_count
    said = [t("panels.segment_words.covered", lang, share=covered, cells=count_words(cells, lang))]
    for key, combinations, customers in (
        ("uncovered", audit.uncovered, audit.uncovered_customers),
        ("ambiguous", audit.ambiguous, audit.ambiguous_customers),
    ):
        if combinations:
            facts = {"cells": count_words(len(combinations), lang), "customers": count_words(customers or 0, lang)}
            said.append(t(f"panels.segment_words.{key}", lang, **facts))
    if audit.uncovered:
        named = [combination_words(cell, audit.columns, lang) for cell in audit.uncovered[:EXAMPLES]]
        key = "open_cells" if len(audit.uncovered) <= EXAMPLES else "open_cells_among"
        said.append(
            t(f"panels.segment_words.{key}", lang, cells="; ".join(named) if lang == "en" else "；".join(named))
        )
    return said


def _order(audit: Audit, labels: Mapping[str, str], lang: str) -> list[str]:
    """Name the neighbours whose order decides most, of those where it decides on anybody."""
    moving = [swap for swap in audit.swaps if swap.customers != 0]
    most = sorted(moving, key=lambda swap: (-(swap.customers or 0), -swap.cell_count))[:EXAMPLES]
    return [
        t(
            "panels.segment_words.swap",
            lang,
            first=labels[swap.first],
            second=labels[swap.second],
            cells=count_words(swap.cell_count, lang),
            customers=count_words(swap.customers or 0, lang),
        )
        for swap in most
    ]


def combination_words(cell: Combination, columns: Sequence[str], lang: str) -> str:
    """Say a combination: "R 1, F 5, M 2", or "region: unknown, spend: from 500 to below 1000"."""
    comma = "、" if lang == "zh" else ", "
    return comma.join(
        f"{column[0].upper()} {part}" if not isinstance(part, Part) else _part_words(part, column, lang)
        for part, column in zip(cell, columns, strict=True)
    )


def _part_words(part: Part, column: str, lang: str) -> str:
    words = _value_words(part, column, lang)
    return t("panels.segment_words.part", lang, column=column_words(column, lang), value=words)


def _value_words(part: Part, column: str, lang: str) -> str:
    if part.kind == "value":
        return str(part.value)
    if part.kind in ("unknown", "rest"):
        return t(f"panels.segment_words.{part.kind}", lang)
    of = domain(column)
    bounds = {}
    for name, cut in (("low", part.start), ("high", part.end)):
        if cut is not None:
            bounds[name] = str(of.value(cut[0]))
            bounds[f"{name}_side"] = "after" if cut[1] else "before"
    words = [
        t(f"panels.segment_words.{name}_{bounds[f'{name}_side']}", lang, value=bounds[name])
        for name in ("low", "high")
        if name in bounds
    ]
    return t("panels.segment_words.and", lang).join(words) if words else t("panels.segment_words.any", lang)
