"""What panels say about clusters: features, rules and sizes in words, and how far the groups can be trusted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import ibis
import pandas as pd
from ibis.expr import types as ir

from workbench.charts.words import points_words, share_words
from workbench.i18n import t
from workbench.panels.columns import column_kind, column_words
from workbench.panels.layout import text
from workbench.panels.table import Field, money_shown, table_html
from workbench.topics.clusters.chart import Form
from workbench.topics.clusters.choice import CLEAR, REFERENCES, STABLE, WEAK, Candidates
from workbench.topics.clusters.points import FEATURES
from workbench.topics.clusters.tree import Branch, FeatureRange, Tree

DAYS = ("recency_days", "tenure_days")
FORMS: Mapping[str, Form] = {
    name: "money" if column_kind(name) == "money" else "days" if name in DAYS else "count" for name in FEATURES
}


def rule_words(bounds: Sequence[FeatureRange], lang: str) -> str:
    """Say a branch of the tree.

    >>> rule_words([FeatureRange("recency_days", up_to=90), FeatureRange("monetary", 500, 2_000)], "en")
    'recency (R) ≤ 90 and ¥500 < spend ≤ ¥2,000'
    """
    if not bounds:
        return t("panels.clusters.rule_everyone", lang)
    return t("panels.clusters.rule_and", lang).join(_bound_words(bound, lang) for bound in bounds)


def _bound_words(bound: FeatureRange, lang: str) -> str:
    low = "" if bound.above is None else f"{_end(bound.feature, bound.above, lang)} < "
    high = "" if bound.up_to is None else f" ≤ {_end(bound.feature, bound.up_to, lang)}"
    name = column_words(bound.feature, lang)
    return (
        f"{name} > {_end(bound.feature, bound.above, lang)}"
        if bound.above is not None and not high
        else f"{low}{name}{high}"
    )


def _end(feature: str, value: float | None, lang: str) -> str:
    if value is None:
        return ""
    return money_shown(value, lang) if column_kind(feature) == "money" else f"{value:,.10g}"


def worded_rules(listed: ir.Table, rules: Sequence[Branch], lang: str) -> ir.Table:
    """Put the reader's words in place of the rules of a customer list."""
    cases = [(listed.cluster_rule == str(rule), rule_words(rule.bounds, lang)) for rule in rules]
    return listed.mutate(cluster_rule=ibis.cases(*cases, else_=ibis.null("string"))) if cases else listed


def rules_html(tree: Tree, names: Mapping[str, str], lang: str) -> str:
    """Return the rules, with how many customers each takes in and how many of them it puts right."""
    rows = pd.DataFrame(
        {
            "cluster": [names[rule.segment] for rule in tree.rules],
            "rule": [rule_words(rule.bounds, lang) for rule in tree.rules],
            "customers": [rule.customers for rule in tree.rules],
            "right": [rule.right / rule.customers for rule in tree.rules],
        }
    )
    fields = (
        Field("cluster", label="panels.clusters.cluster"),
        Field("rule", label="terms.cluster_rule"),
        Field("customers", "count", label="panels.columns.customer_count"),
        Field("right", "share", label="panels.clusters.right"),
    )
    return text("h3", t("panels.clusters.rules", lang)) + table_html(rows, fields, lang)


def trust_words(candidates: Candidates, k: int, explained_share: float, lang: str) -> list[str]:
    """Say whether there are clusters, how clearly the chosen number parts, whether it comes back, what it explains."""
    chosen = candidates.rows[candidates.rows["k"] == k]
    said = [] if candidates.has_clusters else [t("panels.clusters.no_clusters", lang, references=REFERENCES)]
    if not chosen.empty:
        row = chosen.iloc[0]
        silhouette = float(row["silhouette"])
        strength = "weak" if silhouette > WEAK else "none"
        strength = "clear" if silhouette > CLEAR else strength
        said.append(
            t(f"panels.clusters.structure_{strength}", lang, silhouette=points_words(silhouette, lang, digits=2))
        )
        comes_back = "stable" if float(row["stability"]) >= STABLE else "unstable"
        facts = {
            name: points_words(row[name], lang, digits=2) for name in ("stability", "stability_low", "stability_high")
        }
        said.append(t(f"panels.clusters.{comes_back}", lang, refits=candidates.refits, **facts))
    said.append(t("panels.clusters.explained", lang, share=share_words(explained_share, lang)))
    return said


def list_html(heading: str, sentences: Sequence[str]) -> str:
    """Return sentences as a list under a heading."""
    items = "".join(text("li", sentence) for sentence in sentences)
    return f'<div class="wb-audit">{text("h3", heading)}<ul>{items}</ul></div>'
