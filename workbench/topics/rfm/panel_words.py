"""What the RFM panel says beside its charts: figures, segments, what was scored and how, cut points, audit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product

import pandas as pd

from workbench.analyses.rules.audit import Audit
from workbench.analyses.segmentation import labels
from workbench.charts.segment_bars import telling_segment
from workbench.charts.words import UNKNOWN_MARK, count_words, date_words, money_words, share_words
from workbench.i18n import t
from workbench.panels.layout import Figure, text
from workbench.panels.segment_words import holes_html
from workbench.panels.session import Session
from workbench.panels.table import Field, table_html
from workbench.topics.rfm.cuts import RFM, NestedCuts
from workbench.topics.rfm.panel_answer import RfmAnswer


def answer_labels(answer: RfmAnswer, lang: str) -> dict[str, str]:
    """Return what people call the segments."""
    return labels(answer.rules, lang)


def figures(answer: RfmAnswer, lang: str) -> Sequence[Figure]:
    """Return customers, money, what the segment of the title brings, and how many depend on some cut."""
    base = t("panels.rfm.base", lang, as_of=date_words(answer.as_of, lang))
    shown = [
        Figure(t("panels.columns.customer_count", lang), count_words(answer.customer_count, lang), base),
    ]
    if answer.monetary == answer.monetary:
        shown.append(Figure(t("terms.monetary", lang), money_words(answer.monetary, lang), base))
    telling = telling_segment(answer.rows)
    for row in [telling] if telling else []:
        name = answer_labels(answer, lang)[row["segment"]]
        shares = {
            "customers": share_words(row["customer_share"], lang),
            "count": count_words(row["customer_count"], lang),
        }
        note = t("panels.rfm.best_note", lang, **shares)
        shown.append(Figure(t("panels.rfm.best", lang, segment=name), share_words(row["value_share"], lang), note))
    if answer.sensitivity:
        hang = answer.sensitivity
        note = t("panels.rfm.hang_note", lang, count=count_words(hang.any_count, lang))
        by = share_words(hang.by, lang, digits=0)
        shown.append(Figure(t("panels.rfm.hang", lang, by=by), share_words(hang.any_share, lang), note))
    return shown


def stated(answer: RfmAnswer, lang: str) -> str:
    """Say what F and M are, how the cut points were found, the weights, and whose scores no segment takes."""
    rules = answer.rules
    parts = zip("RFM", rules.weights.parts, strict=True)
    whole = sum(rules.weights.parts)
    sentence = t(
        "panels.rfm.stated",
        lang,
        frequency=t(f"panels.rfm.counts.{rules.count_by}", lang),
        money=t(f"panels.rfm.moneys.{rules.money}", lang),
        method=t(f"panels.rfm.methods.{answer.method}", lang),
        bins=rules.cuts.bins,
        weights=" · ".join(f"{letter} {share_words(part / whole, lang)}" for letter, part in parts),
    )
    return text("p", sentence, "wb-note") + holes_html(answer.rows, lang)


def audited(session: Session, answer: RfmAnswer, lang: str) -> str:
    """Return nested cut points, and the audit of the table."""
    cuts, has_money = answer.rules.cuts, answer.rules.money != "none"
    nested = ""
    if isinstance(cuts, NestedCuts):
        known = answer.cells[["r_score", "f_score", "customer_count"]].dropna().itertuples(index=False, name=None)
        in_cell = {(int(r), int(f)): int(customers) for r, f, customers in known}
        enough = cuts.bins * session.minimum_group if session.minimum_group > 1 else 0
        nested = _nested_html(cuts, in_cell, lang, enough=enough, has_money=has_money)
    if answer.audit and not session.store.snapshot.published:
        return nested + _audit_html(answer, answer.audit, lang)
    return nested


def _nested_html(
    cuts: NestedCuts, in_cell: Mapping[tuple[int, int], int], lang: str, *, enough: int, has_money: bool
) -> str:
    """List the cut points of every parent, best scores first.

    A cut point is the value of whoever stands there: of a parent of few customers all would be told one by one. So it
    needs `enough` customers in cells that are shown.
    """

    def within(own: Sequence[float], *cells: tuple[int, int]) -> str:
        return _cuts(own) if sum(in_cell.get(cell, 0) for cell in cells) >= enough else UNKNOWN_MARK

    scores = range(cuts.bins, 0, -1)
    rows = [
        {
            "r_score": r,
            "recency_days": _cuts(cuts.recency_days) if r == cuts.bins else "",
            "f_score": f,
            "frequency": within(cuts.frequency[r - 1], *product([r], scores)) if f == cuts.bins else "",
            **({"monetary": within(cuts.monetary[r - 1][f - 1], (r, f))} if has_money else {}),
        }
        for r, f in product(scores, scores)
    ]
    fields = [Field(name, label=f"panels.rfm.nested.{name}") for name in rows[0]]
    head = text("h3", t("panels.rfm.nested.title", lang))
    return (
        f'<details class="wb-nested"><summary>{head}</summary>{table_html(pd.DataFrame(rows), fields, lang)}</details>'
    )


def _cuts(cuts: Sequence[float]) -> str:
    return ", ".join(f"{cut:.12g}" for cut in cuts)


def _audit_html(answer: RfmAnswer, audit: Audit, lang: str) -> str:
    """Say what the segment table covers, decides by order, and can never give."""
    named = answer_labels(answer, lang)
    said = [
        t("panels.rfm.audit_covered", lang, share=share_words(audit.covered_share, lang), cells=audit.cell_count),
        t("panels.rfm.audit_uncovered", lang, cells=len(audit.uncovered), customers=audit.uncovered_customers),
        t("panels.rfm.audit_ambiguous", lang, cells=len(audit.ambiguous), customers=audit.ambiguous_customers),
    ]
    if audit.unreachable:
        said.append(t("panels.rfm.audit_unreachable", lang, segments=[named[segment] for segment in audit.unreachable]))
    measured = RFM[: 2 if answer.rules.money == "none" else None]
    names = [t(f"terms.{name}", lang) for name in answer.rules.cuts.repeated if name in measured]
    if names:
        said.append(t("panels.rfm.repeated_cuts", lang, measures=names))
    items = "".join(text("li", sentence) for sentence in said)
    return f'<div class="wb-audit">{text("h3", t("panels.rfm.audit", lang))}<ul>{items}</ul></div>'
