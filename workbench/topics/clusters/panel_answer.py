"""What panels that fit clusters share: the fit, found in its thread, the answer made of it, and two charts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, TypeVar

import pandas as pd
from ibis.expr import types as ir

from workbench.analyses.segmentation import Ground, labels, segment_sizes
from workbench.charts.drawing import Drawing
from workbench.charts.segment_bars import segment_bars_drawing
from workbench.charts.words import Unit
from workbench.panels.base import Answer, Draw, Panel
from workbench.panels.controls import Choice
from workbench.panels.privacy import Privacy, Shown
from workbench.panels.segment_lists import SIZE_FIELDS
from workbench.panels.segmentation_panel import Shape, named_rows, segmentation_panel
from workbench.panels.session import Session
from workbench.panels.table import Field
from workbench.topics.clusters.chart import k_choice_drawing
from workbench.topics.clusters.choice import HIGHEST, LOWEST, Candidates, cluster_candidates
from workbench.topics.clusters.means import ReportShare
from workbench.topics.clusters.panel_controls import GroupNames
from workbench.topics.clusters.panel_progress import Fitting
from workbench.topics.clusters.points import Points

CLUSTER = Field("segment", label="panels.clusters.cluster")
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
    def rules(self) -> Any:
        """The segments as a segmentation, by the names in force."""
        return self.fit.segmentation

    @property
    def profile(self) -> pd.DataFrame:
        """The means of every cluster and feature; those of hidden clusters are unknown too."""
        return _shown_profile(self.fit.profile, self.rows)


AnyFitted = TypeVar("AnyFitted", bound=FittedAnswer)


class Prepared:
    """The points and candidates of the last choice of features: another k needs neither again."""

    def __init__(self) -> None:
        self._key: Any = None
        self._prepared: tuple[Points, Candidates] | None = None

    def get(self, key: Any, make: Callable[[], Points], report: ReportShare) -> tuple[Points, Candidates]:
        """Return them, made by `make` where the choice is another one."""
        if self._prepared is None or self._key != key:
            self._prepared = None
            points = make()
            report(0.15)
            candidates = cluster_candidates(points, report=lambda share: report(0.15 + 0.6 * share))
            self._prepared, self._key = (points, candidates), key
        return self._prepared


@dataclass(frozen=True)
class FitWork:
    """Where a panel's fits run, what the last one prepared, and how: `points` (by `cache_key`) and `fit`."""

    fitting: Fitting
    prepared: Prepared
    cache_key: tuple[Any, ...]
    points: Callable[[], Points]
    fit: Callable[..., Any]


@dataclass(frozen=True)
class _FoundFit:
    """What a fit brings back from its thread."""

    candidates: Candidates
    fit: Any
    k: int
    kept: ir.Table
    sizes: pd.DataFrame


def fitted(kind: type[AnyFitted], session: Session, work: FitWork, *, k: int, names: GroupNames) -> AnyFitted:
    """Fit `k` segments, or as many as are recommended, and make a panel's answer of them."""
    ground, request = session.ground, (*work.cache_key, k)

    def find(report: ReportShare) -> _FoundFit:
        points, candidates = work.prepared.get(work.cache_key, work.points, report)
        chosen = k or candidates.best
        start = candidates.centres.get(chosen)
        fit = work.fit(points, k=chosen, start=start, report=lambda share: report(0.75 + 0.2 * share))
        return _brought_back(session, ground, candidates, fit, chosen)

    result: _FoundFit = work.fitting.result(request, find)
    named = result.fit.with_names(names.for_fit(request))
    return kind(
        expression=segment_sizes(named.segmentation.assign(ground), ground.facts),
        rows=result.sizes,
        as_of=session.as_of,
        kept=result.kept,
        fit=named,
        candidates=result.candidates,
        k=result.k,
        request=request,
    )


def _brought_back(session: Session, ground: Ground, candidates: Candidates, fit: Any, k: int) -> _FoundFit:
    """Apply a fit to all customers, still in its thread, so that the page has only to draw."""
    kept = session.store.keep(fit.segmentation.assign(ground))
    sizes = session.store.collect(segment_sizes(kept, ground.facts))
    return _FoundFit(candidates, fit, k, kept, sizes)


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


def fitted_panel(
    session: Session,
    *,
    analyse: Callable[..., FittedAnswer],
    controls: Mapping[str, Any],
    draw: Mapping[str, Draw],
    shape: Shape,
    brief: bool,
    **panel: Any,
) -> Panel:
    """Make the panel of segments that are fitted, with the bar of a long fit below the question.

    `analyse` is also given where fits run and what the last one prepared; the control `names` shows the names in force.
    """
    made: Panel
    fitting = Fitting(ask=lambda: made.ask(), on_error=lambda error: made._tell(error))
    made = segmentation_panel(
        session,
        analyse=partial(analyse, fitting=fitting, prepared=Prepared()),
        privacy=Privacy((Shown(),), people=lambda answer: answer.kept),
        draw={"sizes": _draw_sizes} if brief else {**draw, "sizes": _draw_sizes},
        brief=brief,
        controls=controls,
        shape=replace(
            shape,
            sizes=lambda answer, lang: (named_rows(answer, lang), (CLUSTER, *SIZE_FIELDS)),
            order=lambda _answer: ("cluster_distance",),
            facts=lambda answer, clicked, lang: {"cluster": labels(answer.rules, lang)[clicked["segment"]]},
            shown=lambda answer: controls["names"].show(answer.request, answer.rules.segments),
        ),
        **panel,
    )
    made.widget.add_presets(fitting)
    fitting.say(session.lang)
    session.observe(lambda change: fitting.say(change["new"]), names="lang")
    return made


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
    candidates = answer.candidates
    how: dict[str, Any] = {"chosen": answer.k, "bases": bases(candidates), "is_stable": candidates.is_stable}
    return k_choice_drawing(candidates.rows, lang, unit=unit, as_of=answer.as_of, **how)


def _draw_sizes(answer: FittedAnswer, lang: str) -> Drawing:
    return segment_bars_drawing(answer.rows, lang, names=labels(answer.rules, lang), as_of=answer.as_of)
