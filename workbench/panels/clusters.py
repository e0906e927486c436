"""Clusters: choose features, see how many groups there are, how they differ, who they are, and name them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import pandas as pd
from ibis.expr import types as ir

from workbench.analyses.cluster_choice import HIGHEST, LOWEST, Candidates, cluster_candidates
from workbench.analyses.cluster_points import FEATURES, HEAVY_TAILED, Points, cluster_rows, standardised
from workbench.analyses.clusters import ClusterFit, fit_clusters
from workbench.analyses.segmentation import Ground, labels, segment_sizes
from workbench.charts.clusters import cluster_profile_drawing, k_choice_drawing
from workbench.charts.drawing import Drawing
from workbench.charts.segment_bars import segment_bars_drawing
from workbench.charts.words import count_words, points_words, share_words
from workbench.i18n import t
from workbench.panels.base import Answer, Panel, Parts
from workbench.panels.cluster_controls import Names, NamesEditor, TickList, names_code
from workbench.panels.cluster_words import (
    FORMS,
    KINDS,
    feature_label,
    list_html,
    rules_html,
    sizes_html,
    trust_words,
    worded_rules,
)
from workbench.panels.controls import Choice, choice
from workbench.panels.fitting import Fitting, Told
from workbench.panels.layout import Figure
from workbench.panels.privacy import shown_rows
from workbench.panels.segment_lists import with_people
from workbench.panels.session import Session
from workbench.panels.table import Detail, Field

RECOMMENDED = 0
"""The choice of k that follows the recommendation."""
BEGIN_WITH = ("recency_days", "tenure_days", "frequency", "monetary")


@dataclass(frozen=True)
class ClusterAnswer(Answer):
    """Every customer's cluster and why (`kept`), sizes (`rows`), means, and what speaks for each number of clusters."""

    kept: ir.Table
    fit: ClusterFit
    candidates: Candidates
    profile: pd.DataFrame
    k: int
    request: tuple[Any, ...]


@dataclass(frozen=True)
class Found:
    """What a fit brings back from its thread."""

    candidates: Candidates
    fit: Any
    k: int
    kept: ir.Table
    sizes: pd.DataFrame


def brought_back(session: Session, ground: Ground, candidates: Candidates, fit: Any, k: int) -> Found:
    """Apply a fit to all customers, still in its thread, so that the page has only to draw."""
    kept = session.store.keep(fit.segmentation.assign(ground))
    sizes = shown_rows(session, segment_sizes(kept, ground.facts), names=("segment",))
    return Found(candidates, fit, k, kept, sizes)


class Prepared:
    """The points and candidates of the last choice of features: another k needs neither again."""

    def __init__(self) -> None:
        self._key: Any = None
        self._found: tuple[Points, Candidates] | None = None

    def get(self, key: Any, make: Any, told: Told) -> tuple[Points, Candidates]:
        """Return them, made by `make` where the choice is another one."""
        if self._found is None or self._key != key:
            self._found = None
            points = make()
            told(0.15)
            candidates = cluster_candidates(points, told=lambda share: told(0.15 + 0.6 * share))
            self._found, self._key = (points, candidates), key
        return self._found


def clusters_panel(session: Session, *, brief: bool = False) -> Panel:
    """Choose features and a number of clusters; click a cluster to see who is in it and why."""
    panel: Panel
    fitting = Fitting(ask=lambda: panel.ask(), told=lambda error: panel._tell(error))
    names = NamesEditor(HIGHEST)
    panel = Panel(
        session,
        topic="clusters",
        controls={
            "features": TickList("panels.clusters.features", FEATURES, value=BEGIN_WITH, words=feature_label),
            "k": k_choice(),
            "logged": TickList("panels.clusters.logged", HEAVY_TAILED, value=HEAVY_TAILED, words=feature_label),
            "scale": choice("panels.clusters.scale", ("z", "robust"), words="panels.clusters.scales"),
            "missing": choice("panels.clusters.missing", ("others", "median"), words="panels.clusters.missings"),
            "names": names,
        },
        analyse=partial(_analyse, session, fitting, Prepared()),
        analyses=(cluster_rows, standardised, fit_clusters),
        draw={"sizes": _draw_sizes} if brief else {"k": _draw_k, "profile": _draw_profile, "sizes": _draw_sizes},
        brief=brief,
        parts=Parts(
            keeps=lambda answer: answer.fit.segmentation,
            figures=_figures,
            summary=partial(_summary, session),
            detail=partial(_members, session),
            folded=("logged", "scale", "missing", "names"),
            recipe=_recipe,
            imports=(
                ("cluster_choice", ("cluster_candidates",)),
                ("cluster_points", ("cluster_rows", "standardised")),
                ("clusters", ("fit_clusters",)),
                ("segmentation", ("segment_sizes",)),
            ),
            shown=lambda answer: names.show(answer.request, answer.fit.segmentation.segments),
        ),
    )
    return with_bar(panel, fitting)


def with_bar(panel: Panel, fitting: Fitting) -> Panel:
    """Put the bar of a long fit below the question, in the reader's language."""
    panel.widget.add_presets(fitting)
    fitting.say(panel.session.lang)
    panel.session.observe(lambda change: fitting.say(change["new"]), names="lang")
    return panel


def k_choice() -> Choice:
    """A number of clusters, or the recommended one."""
    options: dict[int, str | None] = {RECOMMENDED: "panels.clusters.k_recommended"}
    return Choice("panels.clusters.k", options | dict.fromkeys(range(LOWEST, HIGHEST + 1)), value=RECOMMENDED)


def _analyse(
    session: Session,
    fitting: Fitting,
    prepared: Prepared,
    *,
    k: int,
    names: Names,
    features: tuple[str, ...],
    **how: Any,
) -> ClusterAnswer:
    how["logged"] = tuple(name for name in how["logged"] if name in features)
    ground, asked = session.ground, (session.filters, features, *sorted(how.items()))
    rows = cluster_rows(ground.facts, features=features)

    def fit(told: Told) -> Found:
        points, candidates = prepared.get(asked, lambda: standardised(session.store.arrays(rows), **how), told)
        chosen = k or candidates.recommended
        start = candidates.centres.get(chosen)
        found = fit_clusters(points, k=chosen, start=start, told=lambda share: told(0.75 + 0.2 * share))
        return brought_back(session, ground, candidates, found, chosen)

    request = (*asked, k)
    found: Found = fitting.result(request, fit)
    named = found.fit.with_names(names.for_fit(request))
    return ClusterAnswer(
        expression=segment_sizes(named.segmentation.assign(ground), ground.facts),
        rows=found.sizes,
        as_of=session.as_of,
        kept=found.kept,
        fit=named,
        candidates=found.candidates,
        profile=shown_profile(named.profile, found.sizes),
        k=found.k,
        request=request,
    )


def shown_profile(profile: pd.DataFrame, sizes: pd.DataFrame) -> pd.DataFrame:
    """Take away the means of clusters whose sizes are hidden."""
    hidden = set(sizes.loc[sizes["customer_count"].isna(), "segment"])
    figures = ["customer_count", "mean", "difference"]
    return profile.astype({"customer_count": float}).assign(
        **{name: profile[name].where(~profile["segment"].isin(hidden)) for name in figures}
    )


def bases(candidates: Candidates) -> dict[str, int]:
    """Return what the figures over k rest on."""
    return {
        "customers": candidates.customers,
        "silhouette": candidates.silhouette_base,
        "stability": candidates.stability_base,
        "refits": candidates.refits,
    }


def _draw_k(answer: ClusterAnswer, lang: str) -> Drawing:
    found = answer.candidates
    how: dict[str, Any] = {"chosen": answer.k, "bases": bases(found), "is_stable": found.is_stable}
    return k_choice_drawing(found.rows, lang, as_of=answer.as_of, **how)


def _draw_profile(answer: ClusterAnswer, lang: str) -> Drawing:
    features = [feature.name for feature in answer.fit.segmentation.features]
    return cluster_profile_drawing(
        answer.profile,
        lang,
        names=labels(answer.fit.segmentation, lang),
        features={name: feature_label(name, lang) for name in features},
        forms=FORMS,
        base=answer.fit.customers,
        as_of=answer.as_of,
    )


def _draw_sizes(answer: ClusterAnswer, lang: str) -> Drawing:
    return segment_bars_drawing(answer.rows, lang, names=labels(answer.fit.segmentation, lang), as_of=answer.as_of)


def _figures(answer: ClusterAnswer, lang: str) -> Sequence[Figure]:
    fit, found = answer.fit, answer.candidates
    base = t("panels.clusters.base", lang, as_of=answer.as_of.isoformat())
    figures = [
        Figure(t("panels.clusters.clustered", lang), count_words(fit.customers, lang), base),
        Figure(t("panels.clusters.k", lang), str(answer.k), _k_note(answer, lang)),
    ]
    chosen = found.rows[found.rows["k"] == answer.k]
    for name in ("silhouette", "stability"):
        note = t(f"panels.clusters.{name}_note", lang, count=count_words(bases(found)[name], lang))
        value = None if chosen.empty else float(chosen[name].iloc[0])
        figures.append(Figure(t(f"terms.{name}", lang), points_words(value, lang, digits=2), note))
    note = t("panels.clusters.fidelity_note", lang, count=count_words(fit.tree.customers, lang))
    return [*figures, Figure(t("terms.fidelity", lang), share_words(fit.tree.fidelity, lang), note)]


def _k_note(answer: ClusterAnswer, lang: str) -> str:
    if answer.k == answer.candidates.recommended:
        return t("panels.clusters.is_recommended", lang)
    return t("panels.clusters.instead_of", lang, k=answer.candidates.recommended)


def _summary(session: Session, answer: ClusterAnswer, lang: str) -> str:
    fit, names = answer.fit, labels(answer.fit.segmentation, lang)
    said = trust_words(answer.candidates, answer.k, fit.explained_share, lang)
    if fit.left_out >= session.minimum_group or not fit.left_out:
        counted = {name: count for name, count in fit.unknown.items() if count >= session.minimum_group}
        unknown = [f"{feature_label(name, lang)} {count_words(count, lang)}" for name, count in counted.items()]
        said.append(t("panels.clusters.left_out", lang, count=count_words(fit.left_out, lang)))
        said += [t("panels.clusters.unknown", lang, features=unknown)] if unknown else []
    parts = [sizes_html(answer.rows, names, lang)]
    if not answer.rows["customer_count"].isna().any():
        facts = {"count": count_words(fit.tree.customers, lang), "grown": count_words(fit.tree.grown_from, lang)}
        said.append(t("panels.clusters.fidelity", lang, share=share_words(fit.tree.fidelity, lang), **facts))
        if fit.tree.without_rule:
            without = [names[segment] for segment in fit.tree.without_rule]
            said.append(t("panels.clusters.without_rule", lang, clusters=without))
        parts.append(rules_html(fit.tree, names, lang))
    return "".join([*parts, list_html(t("panels.clusters.trust", lang), said)])


def _members(session: Session, answer: ClusterAnswer, picked: Mapping[str, Any]) -> Detail:
    """List who is in the cluster that was clicked, the most typical first, each with the reason."""
    kept, segmentation = answer.kept, answer.fit.segmentation
    members = worded_rules(kept.filter(kept.segment == picked["segment"]), segmentation.rules, session.lang)
    listed, people = with_people(session, members)
    return Detail(
        table=listed.order_by(listed.cluster_distance, "customer_id"),
        fields=(
            *people,
            *(Field(feature.name, KINDS[feature.name]) for feature in segmentation.features),
            Field("cluster_distance", "points"),
            Field("cluster_rule"),
        ),
        title="panels.clusters.members",
        facts={"cluster": labels(segmentation, session.lang)[picked["segment"]]},
    )


def _recipe(chosen: Mapping[str, Any]) -> Sequence[str]:
    logged = tuple(name for name in chosen["logged"] if name in chosen["features"])
    how = f"logged={logged!r}, scale={chosen['scale']!r}, missing={chosen['missing']!r}"
    rows = f"session.store.arrays(cluster_rows(session.facts, features={chosen['features']!r}))"
    k = chosen["k"] or "cluster_candidates(points).recommended"
    return (
        f"points = standardised({rows}, {how})",
        f"fit = fit_clusters(points, k={k}{names_code(chosen['names'].given)})",
        "rows = collect(segment_sizes(fit.segmentation.assign(session.ground), session.facts))",
    )
