"""Exercises on RFM: segments, equal scores for equals, and how much depends on a cut."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from workbench.analyses.rules.table import segment_table
from workbench.analyses.segmentation import segment_sizes
from workbench.i18n import LANGUAGES
from workbench.panels import Session
from workbench.panels.exercise import Exercise, count_rows
from workbench.topics.rfm.counts import RfmCounts, rfm_condensed
from workbench.topics.rfm.cuts import rfm_cuts
from workbench.topics.rfm.moves import RfmMoves
from workbench.topics.rfm.query import rfm_scores, rfm_segments
from workbench.topics.rfm.segmentation import RfmSegmentation
from workbench.topics.rfm.sensitivity import Sensitivity, moved_cuts
from workbench.topics.rfm.twins import SENSITIVITY


def _segments(session: Session) -> pd.DataFrame:
    scores = rfm_scores(session.facts, cuts=rfm_cuts(session.facts))
    segmented = rfm_segments(scores, table=segment_table("r_rfm_vignette"))
    return session.store.collect(segment_sizes(segmented, session.facts)).set_index("segment")


def _sensitivity(session: Session) -> Sensitivity:
    facts, rules = session.facts, RfmSegmentation(rfm_cuts(session.facts))

    def moves() -> RfmMoves:
        return RfmMoves.of(RfmCounts.read(session.store.arrays(rfm_condensed(facts))), rules.cuts)

    return session.ask(SENSITIVITY, rules, source=lambda: facts, held=moves)


def _second_f_cut(session: Session) -> pd.Series:
    rows = _sensitivity(session).rows
    return rows[(rows["measure"] == "frequency") & (rows["place"] == 2)].iloc[0]


def _scored_lower(session: Session) -> int:
    """Count those whose F score falls when the second cut of F moves up by a tenth, whatever their segment."""
    cuts = rfm_cuts(session.facts)
    higher = moved_cuts(cuts, measure="frequency", place=2)
    old, new = (int(one.steps[1][0, 1]) for one in (cuts, higher))
    return count_rows(session, session.facts.filter(session.facts.frequency >= old, session.facts.frequency < new))


def _bought_once(session: Session) -> int:
    return count_rows(session, session.facts.filter(session.facts.frequency == 1))


EXERCISES: Mapping[str, Exercise] = {
    "rfm-1": Exercise(
        lambda session: _segments(session).loc["champions", "customer_count"],
        {"orders": lambda session: _segments(session).loc["champions", "order_count"]},
    ),
    "rfm-2": Exercise(
        lambda session: _segments(session)["monetary"].idxmax(),
        {
            "most_customers": lambda session: _segments(session)["customer_count"].idxmax(),
            "most_each": lambda session: _segments(session)["average_monetary"].idxmax(),
        },
        names=lambda segment: [segment_table("r_rfm_vignette").name(segment, lang) for lang in LANGUAGES],
    ),
    "rfm-3": Exercise(_bought_once),
    "rfm-4": Exercise(
        lambda session: _second_f_cut(session)["higher_count"],
        {
            "scores": _scored_lower,
            "lower": lambda session: _second_f_cut(session)["lower_count"],
            "any": lambda session: _sensitivity(session).any_count,
        },
    ),
}
