"""Core customers: six weights to move, the rank by core score against the rank by profit, and who is where."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

import ibis
import pandas as pd
from ibis.expr import types as ir

from workbench.analyses.segmentation import labels, segment_sizes
from workbench.charts.drawing import Drawing
from workbench.charts.segment_bars import segment_bars_drawing
from workbench.charts.words import count_words, date_words, share_words
from workbench.errors import NothingToShow
from workbench.i18n import t
from workbench.panels.base import Answer, Panel
from workbench.panels.controls import Choice, WholeSlider
from workbench.panels.layout import Figure, text
from workbench.panels.privacy import Privacy, Shown
from workbench.panels.segment_lists import people_list
from workbench.panels.segmentation_panel import Shape, segmentation_panel
from workbench.panels.session import Session
from workbench.panels.table import Detail, Field
from workbench.schema import CUSTOMERS
from workbench.topics.core_customers.chart import core_ranks_drawing
from workbench.topics.core_customers.potential import TREND_PERIODS, PotentialSegmentation, high_value_from
from workbench.topics.core_customers.query import (
    CRITERIA,
    HEAVIEST,
    MARKET,
    CoreWeights,
    core_measures,
    core_points,
    core_scores,
    core_tenths,
    with_tenths,
)
from workbench.topics.core_customers.segmentation import CoreSegmentation

GROWTH_DAYS = (365, 180, 90)
"""Days over which growth is compared."""
TENTH_COLUMNS = ("profit_tenth", "core_tenth")
SHOWN_TENTHS = Shown(TENTH_COLUMNS, totals=((), *((side,) for side in TENTH_COLUMNS)), in_place=True)
POTENTIAL = Shown(frame="potential_sizes", in_place=True)


@dataclass(frozen=True)
class CoreAnswer(Answer):
    """The scores of all, of how many customers each criterion is known, and the weights in force."""

    customer_count: int
    known: Mapping[str, int]
    weights: CoreWeights
    days: int
    influence: str
    smallest: int
    potential: PotentialSegmentation
    potential_kept: ir.Table
    potential_sizes: pd.DataFrame

    @property
    def rules(self) -> CoreSegmentation:
        """The best tenth by the core score as a segmentation."""
        return CoreSegmentation(weights=self.weights, influence=self.influence, days=self.days)

    def tells(self, count: int) -> bool:
        """Whether neither these customers nor the others are a group too small to be shown."""
        others = self.customer_count - count
        return not (0 < count < self.smallest or 0 < others < self.smallest)


def core_customers_panel(session: Session, *, brief: bool = False) -> Panel:
    """Weigh the six criteria, growth always among them, and click a cell to see whom profit overlooks."""
    sliders = {
        name: WholeSlider(f"panels.core.weight_{name}", weight, low=1 if name == "growth" else 0, high=HEAVIEST)
        for name, weight in asdict(CoreWeights()).items()
    }
    return segmentation_panel(
        session,
        topic="core",
        controls={
            **sliders,
            "influence_by": Choice("panels.core.influence_by", {MARKET: "panels.core.market"} | _own_columns(session)),
            "days": Choice("panels.core.days", {days: f"panels.core.days_{days}" for days in GROWTH_DAYS}),
        },
        analyse=_analyse,
        analyses=(CoreWeights, core_measures),
        privacy=Privacy((SHOWN_TENTHS, POTENTIAL), people=_people),
        draw={"ranks": _draw, "potential": _draw_potential},
        brief=brief,
        shape=Shape(
            figures=_figures,
            sizes=_criteria,
            notes=_notes,
            detail=partial(_members, session),
            folded=("influence_by", "days"),
            recipe=_recipe,
            rows_query=lambda answer: core_tenths(answer.table),
            imports=(
                (
                    "topics.core_customers",
                    ("CoreWeights", "core_measures", "core_points", "core_scores", "core_tenths"),
                ),
            ),
        ),
    )


def _own_columns(session: Session) -> dict[str, str | None]:
    """The company's own columns about customers, which may measure influence."""
    canonical = {*CUSTOMERS.names}
    return {name: None for name in session.store.customers.columns if name not in canonical}


def _analyse(session: Session, *, influence_by: str, days: int, **parts: int) -> CoreAnswer:
    weights, store = CoreWeights(**parts), session.store
    points: ir.Table = session.remember(
        ("core", influence_by, days),
        lambda: store.keep(core_points(core_measures(session.ground, influence_by=influence_by, days=days))),
    )
    everyone, known = session.remember(("core_known", influence_by, days), lambda: _known(session, points))
    if not known["growth"]:
        raise NothingToShow("core_no_growth", days=days)
    scores = core_scores(points, weights=weights)
    rows = session.store.collect(core_tenths(scores))
    potential = session.remember("potential", lambda: _potential(session))
    return CoreAnswer(
        scores, rows, session.as_of, everyone, known, weights, days, influence_by, session.minimum_group, *potential
    )


def _known(session: Session, points: ir.Table) -> tuple[int, Mapping[str, int]]:
    """Return how many customers there are, and of how many each criterion is known."""
    known = {name: points[f"{name}_points"].count() for name in CRITERIA}
    counts = session.store.collect(points.aggregate(everyone=points.count(), **known)).iloc[0]
    return int(counts["everyone"]), {name: int(counts[name]) for name in CRITERIA}


def _potential(session: Session) -> tuple[PotentialSegmentation, ir.Table, pd.DataFrame]:
    """Find potential high value below the spend of the first fifth; no weight moves it."""
    rule = PotentialSegmentation(high_from=high_value_from(session.facts))
    kept = session.store.keep(rule.assign(session.ground))
    sizes = session.store.collect(segment_sizes(kept, session.facts))
    order = {segment.id: place for place, segment in enumerate(rule.segments)}
    return rule, kept, sizes.sort_values("segment", key=lambda ids: ids.map(order)).reset_index(drop=True)


def _people(answer: CoreAnswer) -> ir.Table:
    """Say of every customer the two tenths and the kind of potential."""
    placed = with_tenths(answer.table).select("customer_id", *TENTH_COLUMNS)
    return answer.potential_kept.select("customer_id", "segment").left_join(placed, "customer_id")


def _draw_potential(answer: CoreAnswer, lang: str) -> Drawing:
    return segment_bars_drawing(answer.potential_sizes, lang, names=labels(answer.potential, lang), as_of=answer.as_of)


def _draw(answer: CoreAnswer, lang: str) -> Drawing:
    drawn = answer.rows["customer_count"].sum()
    unscored = answer.customer_count - int(drawn)
    shown = unscored if answer.tells(unscored) else 0
    return core_ranks_drawing(answer.rows, lang, as_of=answer.as_of, unscored=shown)


def _figures(answer: CoreAnswer, lang: str) -> Sequence[Figure]:
    scored, everyone = answer.known["growth"], answer.customer_count
    base = t("panels.core.base", lang, count=count_words(everyone, lang), as_of=date_words(answer.as_of, lang))
    if not answer.tells(scored):
        return (Figure(t("panels.core.scored", lang), "—", base),)
    return (
        Figure(t("panels.core.scored", lang), count_words(scored, lang), base),
        Figure(
            t("panels.core.unscored", lang),
            count_words(everyone - scored, lang),
            t("panels.core.unscored_note", lang, days=answer.days),
        ),
    )


def _criteria(answer: CoreAnswer, _lang: str) -> tuple[pd.DataFrame, Sequence[Field]]:
    """Say of every criterion its measure, its weight, and of how many it is known."""
    known, shares = answer.known, answer.weights.shares
    everyone = max(answer.customer_count, 1)
    rows = pd.DataFrame(
        {
            "criterion": list(CRITERIA),
            "measure": list(CRITERIA),
            "weight": [shares[name] for name in CRITERIA],
            "known": [known[name] / everyone if answer.tells(known[name]) else float("nan") for name in CRITERIA],
        }
    )
    return rows, (
        Field("criterion", label="panels.core.criterion", words="panels.core.criteria"),
        Field("measure", label="panels.core.measured_by", words="panels.core.measures"),
        Field("weight", "share", label="panels.core.weight"),
        Field("known", "share", label="panels.core.known"),
    )


def _notes(answer: CoreAnswer, lang: str) -> str:
    """Say which criteria are known of nobody, and that the others carry the weight where one is unknown."""
    known, shares = answer.known, answer.weights.shares
    everyone = max(answer.customer_count, 1)
    missing = [t(f"panels.core.criteria.{name}", lang) for name in CRITERIA if not known[name] and shares[name]]
    said = [t("panels.core.missing", lang, criteria=missing)] if missing else []
    partly = min((known[name] for name in CRITERIA if shares[name] and known[name]), default=everyone)
    if partly < everyone and answer.tells(partly):
        said.append(t("panels.core.redistributed", lang, share=share_words(partly / everyone, lang)))
    return "".join(text("p", sentence, "wb-note") for sentence in said)


def _members(session: Session, answer: CoreAnswer, picked: Mapping[str, Any]) -> Detail:
    """List who is in the cell that was clicked, best core rank first, with the six measures that made it."""
    if "segment" in picked:
        return _of_potential(session, answer, picked["segment"])
    placed = with_tenths(answer.table)
    placed = placed.filter(*(placed[side] == picked[side] for side in TENTH_COLUMNS))
    return people_list(
        session,
        placed.mutate(score=placed.score / 100),
        (
            Field("core_rank", "count"),
            Field("profit_rank", "count"),
            Field("rank_difference", "count"),
            Field("score", "points", label="terms.core_score"),
            Field("known_weight", "share"),
            Field("revenue", "money"),
            Field("growth", "share", label="panels.core.criteria.growth"),
            Field("bad_times", "share", label="panels.core.criteria.bad_times"),
            Field("word_of_mouth", "points", label="panels.core.criteria.word_of_mouth"),
            Field("share", "count", label="panels.core.criteria.share"),
            Field("influence", "points", label="panels.core.criteria.influence"),
        ),
        people=("name", "region"),
        order=("core_rank", "profit_rank"),
        title="panels.core.members",
        facts={"profit": picked["profit_tenth"], "core": picked["core_tenth"]},
    )


def _of_potential(session: Session, answer: CoreAnswer, segment: str) -> Detail:
    """List the customers of a kind of potential, the steepest growth first, with the counts and the likeness."""
    kept = answer.potential_kept
    return people_list(
        session,
        kept.filter(kept.segment == segment),
        (
            Field("monetary", "money"),
            *(Field(f"purchases_{place}", "count") for place in range(1, TREND_PERIODS + 1)),
            Field("slope", "points"),
            Field("likeness", "points"),
        ),
        order=(ibis.desc("slope"), ibis.desc("likeness")),
        title="panels.core.members_potential",
        facts={"segment": labels(answer.potential, session.lang)[segment]},
    )


def _recipe(chosen: Mapping[str, Any]) -> Sequence[str]:
    weights = ", ".join(f"{name}={chosen[name]!r}" for name in CRITERIA)
    how = f"influence_by={chosen['influence_by']!r}, days={chosen['days']!r}"
    return (
        f"points = core_points(core_measures(session.ground, {how}))",
        f"rows = collect(core_tenths(core_scores(points, weights=CoreWeights({weights}))))",
    )
