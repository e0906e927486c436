"""Value segments: what the respondents of a survey put above other things, and which customers they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from workbench.analyses.segmentation import OTHERS, labels
from workbench.charts.drawing import Drawing
from workbench.charts.words import count_words, date_words, points_words
from workbench.i18n import t
from workbench.panels.base import Panel
from workbench.panels.controls import Choice, Switch, share_slider
from workbench.panels.guarded_widgets import guarded
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
    draw_k,
    fitted,
    fitted_panel,
    k_choice,
)
from workbench.topics.clusters.panel_controls import GroupNames, NamesEditor, TickList, names_code
from workbench.topics.clusters.panel_progress import Fitting
from workbench.topics.clusters.panel_words import list_html, trust_words
from workbench.topics.value_segments.panel_measures import offered_batteries
from workbench.topics.value_segments.query import (
    FEWEST_ITEMS,
    MIN_ANSWERED,
    MOST_ITEMS,
    batteries,
    battery_points,
    battery_rows,
)
from workbench.topics.value_segments.segmentation import ValueFit, fit_value_segments

USUAL = 3
"""Relationship, price and performance, time and efficiency."""
EVIDENCE = (
    Field("answered_items", "count"),
    Field("highest_item"),
    Field("lowest_item"),
    Field("cluster_distance", "points"),
)
NONE = "other"
"""The battery offered where the data have none."""


@dataclass(frozen=True)
class ValueAnswer(FittedAnswer):
    """The segments of respondents found; the means of the profile are ratings."""

    fit: ValueFit


def value_segments_panel(session: Session, *, brief: bool = False) -> Panel:
    """Choose a battery of items and a number of segments; click a segment to see who is in it and why."""
    offered = _offered(session)
    first = next(iter(offered))
    words = {kind: f"panels.value_segments.batteries.{kind}" for kind in offered}
    battery = Choice("panels.value_segments.battery", words)
    items = TickList(
        "panels.value_segments.items", offered[first], value=offered[first][:MOST_ITEMS], words=lambda item, _: item
    )
    # Before the panel listens: a new battery brings its own items.
    battery.observe(
        guarded(lambda change: items.offer(offered[change["new"]], value=offered[change["new"]][:MOST_ITEMS])),
        names="value",
    )
    k = k_choice()
    k.value = USUAL
    return fitted_panel(
        session,
        topic="value_segments",
        controls={
            "battery": battery,
            "k": k,
            "centred": Switch("panels.value_segments.centred", value=True),
            "items": items,
            "min_answered": share_slider(MIN_ANSWERED, label="panels.value_segments.min_answered", low=0.1),
            "names": NamesEditor(HIGHEST),
        },
        analyse=_analyse,
        analyses=(batteries, battery_points, fit_value_segments),
        draw={"k": partial(draw_k, unit="answers"), "profile": _draw_profile},
        brief=brief,
        shape=Shape(
            figures=_figures,
            notes=partial(_notes, session),
            everybody=lambda _session, answer: answer.kept,
            evidence=lambda _answer: EVIDENCE,
            folded=("items", "min_answered", "names"),
            recipe=_recipe,
            imports=(
                ("topics.clusters", ("cluster_candidates",)),
                ("analyses", ("segment_sizes",)),
                ("topics.value_segments", ("battery_points", "battery_rows")),
                ("topics.value_segments", ("fit_value_segments",)),
            ),
        ),
    )


def _offered(session: Session) -> dict[str, list[str]]:
    """Return the items of every battery that has enough of them."""
    known = {kind: items for kind, items in offered_batteries(session).items() if len(items) >= FEWEST_ITEMS}
    return known or {NONE: []}


def _analyse(
    session: Session,
    *,
    fitting: Fitting,
    prepared: Prepared,
    battery: str,  # noqa: ARG001  it brings its items
    items: tuple[str, ...],
    k: int,
    names: GroupNames,
    **how: Any,
) -> ValueAnswer:
    rows = battery_rows(session.surveys, items=items)
    work = FitWork(
        fitting,
        prepared,
        cache_key=(session.filters, items, *sorted(how.items())),
        points=lambda: battery_points(session.store.arrays(rows), items=items, **how),
        fit=partial(fit_value_segments, **how),
    )
    return fitted(ValueAnswer, session, work, k=k, names=names)


def _draw_profile(answer: ValueAnswer, lang: str) -> Drawing:
    items = [feature.name for feature in answer.rules.features]
    return cluster_profile_drawing(
        answer.profile,
        lang,
        names={key: name for key, name in labels(answer.rules, lang).items() if key != OTHERS},
        features={item: item for item in items},
        forms={},
        base=answer.fit.respondents,
        unit="answers",
        as_of=answer.as_of,
    )


def _figures(answer: ValueAnswer, lang: str) -> Sequence[Figure]:
    fit, candidates = answer.fit, answer.candidates
    facts = {"items": len(fit.segmentation.features), "as_of": date_words(answer.as_of, lang)}
    figures = [
        Figure(
            t("panels.value_segments.respondents", lang),
            count_words(fit.respondents, lang),
            t("panels.value_segments.base", lang, **facts),
        )
    ]
    chosen = candidates.rows[candidates.rows["k"] == answer.k]
    for name in ("silhouette", "stability"):
        value = None if chosen.empty else float(chosen[name].iloc[0])
        figures.append(Figure(t(f"terms.{name}", lang), points_words(value, lang, digits=2)))
    counts = answer.rows.set_index("segment")["customer_count"]
    if not counts.isna().any():
        whole, others = int(counts.sum()), int(counts.get(OTHERS, 0))
        note = t("panels.value_segments.asked_note", lang, count=count_words(whole, lang))
        figures.append(Figure(t("panels.value_segments.asked", lang), count_words(whole - others, lang), note))
    return figures


def _notes(session: Session, answer: ValueAnswer, lang: str) -> str:
    fit = answer.fit
    said = trust_words(answer.candidates, answer.k, fit.explained_share, lang)
    if fit.left_out >= session.minimum_group or not fit.left_out:
        said.append(t("panels.value_segments.left_out", lang, count=count_words(fit.left_out, lang)))
    blank = sum(fit.unknown.values()) / fit.respondents
    said.append(t("panels.value_segments.unknown", lang, count=points_words(blank, lang)))
    return list_html(t("panels.clusters.trust", lang), said)


def _recipe(chosen: Mapping[str, Any]) -> Sequence[str]:
    items = f"items={chosen['items']!r}"
    how = f"centred={chosen['centred']!r}, min_answered={chosen['min_answered']!r}"
    k = chosen["k"] or "cluster_candidates(points).best"
    rows = f"session.store.arrays(battery_rows(session.surveys, {items}))"
    return (
        f"points = battery_points({rows}, {items}, {how})",
        f"fit = fit_value_segments(points, k={k}, {how}{names_code(chosen['names'].by_group)})",
        "rows = collect(segment_sizes(fit.segmentation.assign(session.ground), session.facts))",
    )
