"""Clusters: choose features, see how many groups there are, how they differ, who they are, and name them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from ibis.expr import types as ir

from workbench.analyses.segmentation import labels
from workbench.charts.drawing import Drawing
from workbench.charts.words import count_words, date_words, points_words, share_words
from workbench.i18n import t
from workbench.panels.base import Panel
from workbench.panels.columns import column_kind, column_words
from workbench.panels.controls import choice
from workbench.panels.layout import Figure
from workbench.panels.segmentation_panel import Shape
from workbench.panels.session import Session
from workbench.panels.table import Field
from workbench.topics.clusters.chart import cluster_profile_drawing
from workbench.topics.clusters.choice import HIGHEST
from workbench.topics.clusters.panel_answer import (
    FittedAnswer,
    FitWork,
    Prepared,
    bases,
    draw_k,
    fitted,
    fitted_panel,
    k_choice,
)
from workbench.topics.clusters.panel_controls import GroupNames, NamesEditor, TickList, names_code
from workbench.topics.clusters.panel_progress import Fitting
from workbench.topics.clusters.panel_words import FORMS, list_html, rules_html, trust_words, worded_rules
from workbench.topics.clusters.points import BEGIN_WITH, FEATURES, HEAVY_TAILED, cluster_rows, standardised
from workbench.topics.clusters.query import ClusterFit, fit_clusters


@dataclass(frozen=True)
class ClusterAnswer(FittedAnswer):
    """The clusters found; their features and rules are in the fit."""

    fit: ClusterFit


def clusters_panel(session: Session, *, brief: bool = False) -> Panel:
    """Choose features and a number of clusters; click a cluster to see who is in it and why."""
    return fitted_panel(
        session,
        topic="clusters",
        controls={
            "features": TickList("panels.clusters.features", FEATURES, value=BEGIN_WITH, words=column_words),
            "k": k_choice(),
            "logged": TickList("panels.clusters.logged", HEAVY_TAILED, value=HEAVY_TAILED, words=column_words),
            "scale": choice("panels.clusters.scale", ("z", "robust"), words="panels.clusters.scales"),
            "missing": choice("panels.clusters.missing", ("others", "median"), words="panels.clusters.missings"),
            "names": NamesEditor(HIGHEST),
        },
        analyse=_analyse,
        analyses=(cluster_rows, standardised, fit_clusters),
        draw={"k": draw_k, "profile": _draw_profile},
        brief=brief,
        shape=Shape(
            figures=_figures,
            notes=partial(_notes, session),
            everybody=_everybody,
            evidence=_evidence,
            folded=("logged", "scale", "missing", "names"),
            recipe=_recipe,
            imports=(
                ("topics.clusters", ("cluster_candidates",)),
                ("topics.clusters", ("cluster_rows", "standardised")),
                ("topics.clusters", ("fit_clusters",)),
                ("analyses", ("segment_sizes",)),
            ),
        ),
    )


def _analyse(
    session: Session,
    *,
    fitting: Fitting,
    prepared: Prepared,
    k: int,
    names: GroupNames,
    features: tuple[str, ...],
    **how: Any,
) -> ClusterAnswer:
    how["logged"] = tuple(name for name in how["logged"] if name in features)
    rows = cluster_rows(session.facts, features=features)
    work = FitWork(
        fitting,
        prepared,
        cache_key=(session.filters, features, *sorted(how.items())),
        points=lambda: standardised(session.store.arrays(rows), **how),
        fit=fit_clusters,
    )
    return fitted(ClusterAnswer, session, work, k=k, names=names)


def _draw_profile(answer: ClusterAnswer, lang: str) -> Drawing:
    features = [feature.name for feature in answer.rules.features]
    return cluster_profile_drawing(
        answer.profile,
        lang,
        names=labels(answer.rules, lang),
        features={name: column_words(name, lang) for name in features},
        forms=FORMS,
        base=answer.fit.customers,
        as_of=answer.as_of,
    )


def _figures(answer: ClusterAnswer, lang: str) -> Sequence[Figure]:
    fit, candidates = answer.fit, answer.candidates
    base = t("panels.clusters.base", lang, as_of=date_words(answer.as_of, lang))
    figures = [
        Figure(t("panels.clusters.clustered", lang), count_words(fit.customers, lang), base),
        Figure(t("panels.clusters.k", lang), str(answer.k), _k_note(answer, lang)),
    ]
    chosen = candidates.rows[candidates.rows["k"] == answer.k]
    for name in ("silhouette", "stability"):
        note = t(f"panels.clusters.{name}_note", lang, count=count_words(bases(candidates)[name], lang))
        value = None if chosen.empty else float(chosen[name].iloc[0])
        figures.append(Figure(t(f"terms.{name}", lang), points_words(value, lang, digits=2), note))
    note = t("panels.clusters.fidelity_note", lang, count=count_words(fit.tree.customers, lang))
    return [*figures, Figure(t("terms.fidelity", lang), share_words(fit.tree.fidelity, lang), note)]


def _k_note(answer: ClusterAnswer, lang: str) -> str:
    if answer.k == answer.candidates.recommended:
        return t("panels.clusters.is_recommended", lang)
    if answer.candidates.recommended is None:
        return t("panels.clusters.none_recommended", lang)
    return t("panels.clusters.instead_of", lang, k=answer.candidates.recommended)


def _notes(session: Session, answer: ClusterAnswer, lang: str) -> str:
    fit, names, rules = answer.fit, labels(answer.rules, lang), ""
    said = trust_words(answer.candidates, answer.k, fit.explained_share, lang)
    if fit.left_out >= session.minimum_group or not fit.left_out:
        counted = {name: count for name, count in fit.unknown.items() if count >= session.minimum_group}
        unknown = [f"{column_words(name, lang)} {count_words(count, lang)}" for name, count in counted.items()]
        said.append(t("panels.clusters.left_out", lang, count=count_words(fit.left_out, lang)))
        said += [t("panels.clusters.unknown", lang, features=unknown)] if unknown else []
    if not answer.rows["customer_count"].isna().any():
        facts = {"count": count_words(fit.tree.customers, lang), "grown": count_words(fit.tree.grown_from, lang)}
        said.append(t("panels.clusters.fidelity", lang, share=share_words(fit.tree.fidelity, lang), **facts))
        if fit.tree.without_rule:
            without = [names[segment] for segment in fit.tree.without_rule]
            said.append(t("panels.clusters.without_rule", lang, clusters=without))
        rules = rules_html(fit.tree, names, lang)
    return rules + list_html(t("panels.clusters.trust", lang), said)


def _everybody(session: Session, answer: ClusterAnswer) -> ir.Table:
    return worded_rules(answer.kept, answer.rules.rules, session.lang)


def _evidence(answer: ClusterAnswer) -> Sequence[Field]:
    features = (Field(feature.name, column_kind(feature.name)) for feature in answer.rules.features)
    return (*features, Field("cluster_distance", "points"), Field("cluster_rule"))


def _recipe(chosen: Mapping[str, Any]) -> Sequence[str]:
    logged = tuple(name for name in chosen["logged"] if name in chosen["features"])
    how = f"logged={logged!r}, scale={chosen['scale']!r}, missing={chosen['missing']!r}"
    rows = f"session.store.arrays(cluster_rows(session.facts, features={chosen['features']!r}))"
    k = chosen["k"] or "cluster_candidates(points).best"
    return (
        f"points = standardised({rows}, {how})",
        f"fit = fit_clusters(points, k={k}{names_code(chosen['names'].by_group)})",
        "rows = collect(segment_sizes(fit.segmentation.assign(session.ground), session.facts))",
    )
