"""What panels that fit clusters share: the fit, found in its thread, the answer made of it, and two charts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import pandas as pd
from ibis.expr import types as ir

from workbench.analyses.segmentation import Ground, labels, segment_sizes
from workbench.charts.drawing import Drawing
from workbench.charts.segment_bars import segment_bars_drawing
from workbench.charts.words import Unit
from workbench.panels.base import Answer, Panel
from workbench.panels.controls import Choice
from workbench.panels.privacy import Privacy, Shown
from workbench.panels.session import Session
from workbench.topics.clusters.chart import k_choice_drawing
from workbench.topics.clusters.choice import HIGHEST, LOWEST, Candidates, cluster_candidates
from workbench.topics.clusters.panel_controls import Names
from workbench.topics.clusters.panel_progress import Fitting, Told
from workbench.topics.clusters.points import Points

RECOMMENDED = 0
"""The choice of k that follows the recommendation."""


@dataclass(frozen=True)
class FittedAnswer(Answer):
    """Every customer's segment and why (`kept`), sizes (`rows`), means, and what speaks for each number of segments."""

    kept: ir.Table
    fit: Any
    candidates: Candidates
    k: int
    request: tuple[Any, ...]

    @property
    def profile(self) -> pd.DataFrame:
        """The means of every cluster and feature; those of hidden clusters are unknown too."""
        return _shown_profile(self.fit.profile, self.rows)


PRIVACY = Privacy((Shown(),), people=lambda answer: answer.kept)

A = TypeVar("A", bound=FittedAnswer)


class Prepared:
    """The points and candidates of the last choice of features: another k needs neither again."""

    def __init__(self) -> None:
        self._key: Any = None
        self._found: tuple[Points, Candidates] | None = None

    def get(self, key: Any, make: Callable[[], Points], told: Told) -> tuple[Points, Candidates]:
        """Return them, made by `make` where the choice is another one."""
        if self._found is None or self._key != key:
            self._found = None
            points = make()
            told(0.15)
            candidates = cluster_candidates(points, told=lambda share: told(0.15 + 0.6 * share))
            self._found, self._key = (points, candidates), key
        return self._found


@dataclass(frozen=True)
class Work:
    """Where a panel's fits run, what the last one prepared, and the questions: `points` of what is `asked`, `fit`."""

    fitting: Fitting
    prepared: Prepared
    asked: tuple[Any, ...]
    points: Callable[[], Points]
    fit: Callable[..., Any]


@dataclass(frozen=True)
class _Found:
    """What a fit brings back from its thread."""

    candidates: Candidates
    fit: Any
    k: int
    kept: ir.Table
    sizes: pd.DataFrame


def fitted(kind: type[A], session: Session, work: Work, *, k: int, names: Names) -> A:
    """Fit `k` segments, or as many as are recommended, and make a panel's answer of them."""
    ground, request = session.ground, (*work.asked, k)

    def find(told: Told) -> _Found:
        points, candidates = work.prepared.get(work.asked, work.points, told)
        chosen = k or candidates.best
        start = candidates.centres.get(chosen)
        fit = work.fit(points, k=chosen, start=start, told=lambda share: told(0.75 + 0.2 * share))
        return _brought_back(session, ground, candidates, fit, chosen)

    found: _Found = work.fitting.result(request, find)
    named = found.fit.with_names(names.for_fit(request))
    return kind(
        expression=segment_sizes(named.segmentation.assign(ground), ground.facts),
        rows=found.sizes,
        as_of=session.as_of,
        kept=found.kept,
        fit=named,
        candidates=found.candidates,
        k=found.k,
        request=request,
    )


def _brought_back(session: Session, ground: Ground, candidates: Candidates, fit: Any, k: int) -> _Found:
    """Apply a fit to all customers, still in its thread, so that the page has only to draw."""
    kept = session.store.keep(fit.segmentation.assign(ground))
    sizes = session.store.collect(segment_sizes(kept, ground.facts))
    return _Found(candidates, fit, k, kept, sizes)


def _shown_profile(profile: pd.DataFrame, sizes: pd.DataFrame) -> pd.DataFrame:
    """Take away the means of clusters whose sizes are hidden."""
    hidden = set(sizes.loc[sizes["customer_count"].isna(), "segment"])
    figures = ["customer_count", "mean", "difference"]
    return profile.astype({"customer_count": float}).assign(
        **{name: profile[name].where(~profile["segment"].isin(hidden)) for name in figures}
    )


def k_choice() -> Choice:
    """A number of clusters, or the recommended one."""
    options: dict[int, str | None] = {RECOMMENDED: "panels.clusters.k_recommended"}
    return Choice("panels.clusters.k", options | dict.fromkeys(range(LOWEST, HIGHEST + 1)), value=RECOMMENDED)


def with_bar(panel: Panel, fitting: Fitting) -> Panel:
    """Put the bar of a long fit below the question, in the reader's language."""
    panel.widget.add_presets(fitting)
    fitting.say(panel.session.lang)
    panel.session.observe(lambda change: fitting.say(change["new"]), names="lang")
    return panel


def bases(candidates: Candidates) -> dict[str, int]:
    """Return what the figures over k rest on."""
    return {
        "customers": candidates.customers,
        "silhouette": candidates.silhouette_base,
        "stability": candidates.stability_base,
        "refits": candidates.refits,
    }


def draw_k(answer: FittedAnswer, lang: str, unit: Unit = "customers") -> Drawing:
    """Draw what speaks for each number of segments."""
    found = answer.candidates
    how: dict[str, Any] = {"chosen": answer.k, "bases": bases(found), "is_stable": found.is_stable}
    return k_choice_drawing(found.rows, lang, unit=unit, as_of=answer.as_of, **how)


def draw_sizes(answer: FittedAnswer, lang: str) -> Drawing:
    """Draw how many customers each segment has, and what they bring."""
    return segment_bars_drawing(answer.rows, lang, names=labels(answer.fit.segmentation, lang), as_of=answer.as_of)
