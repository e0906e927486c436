"""A move of the panels that hold customers in memory, and the query in its place: `python -m benchmarks.twins`.

Both give the rows that the panel draws after the move, without its chart and words: the twins of the topics, which the
panels ask, by the query on what `store.keep` holds, and by look-up. Timed are the kernel's wall clock and its processor
time; the least of several moves is given, because the machine is shared.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from typing import Any, cast

from benchmarks.data import make
from benchmarks.report import machine
from workbench.analyses.calendar import month_ends
from workbench.panels import Session
from workbench.store import open_store
from workbench.topics.lifecycle import twins as lifecycle_twins
from workbench.topics.lifecycle.query import LifecycleCounts, lifecycle_steps
from workbench.topics.lifecycle.segmentation import (
    LifecycleSegmentation,
    lifecycle_evidence,
    lifecycle_state,
    purchase_steps,
)
from workbench.topics.pareto import twins as pareto_twins
from workbench.topics.pareto.curve import AbcCurve, abc_steps
from workbench.topics.pareto.query import abc_ranking
from workbench.topics.rfm import twins as rfm_twins
from workbench.topics.rfm.counts import RfmCounts, rfm_condensed
from workbench.topics.rfm.cuts import Cuts, rfm_cuts
from workbench.topics.rfm.cuts_file import KeptCuts
from workbench.topics.rfm.moves import RfmMoves
from workbench.topics.rfm.segmentation import RfmSegmentation
from workbench.topics.tiers import twins as tiers_twins
from workbench.topics.tiers.field import TierField
from workbench.topics.tiers.query import tier_columns
from workbench.topics.tiers.segmentation import Tier, TierSegmentation


@dataclass(frozen=True)
class Gesture:
    """What changes from move to move, and the two ways to answer it."""

    values: tuple[Any, Any]
    query: Callable[[Any], object]
    in_memory: Callable[[Any], object]


def lifecycle(session: Session) -> Gesture:
    """Change how long a customer is new: today's sizes, and the stages at the last month-ends."""
    store, ground, usual = session.store, session.ground, LifecycleSegmentation()
    steps = purchase_steps(ground, usual)
    days = month_ends(session.as_of)
    judged = (store.keep(lifecycle_evidence(ground, usual)), session.facts)
    states = {day: store.keep(lifecycle_state(steps, usual, as_of=day)) for day in days}
    counts = {day: LifecycleCounts.read(store.arrays(lifecycle_steps(ground, usual, as_of=day))) for day in days}
    sizes, history = lifecycle_twins.STAGE_SIZES, lifecycle_twins.STAGE_HISTORY
    return Gesture(
        (LifecycleSegmentation(new_days=120), usual),
        lambda rules: (sizes.by_query(store.collect, judged, rules), history.by_query(store.collect, states, rules)),
        lambda rules: (sizes.in_memory(counts[session.as_of], rules), history.in_memory(counts, rules)),
    )


def pareto(session: Session) -> Gesture:
    """Move the A cut-off: the classes and the curve."""
    store = session.store
    ranking = store.keep(abc_ranking(session.facts))
    curve = AbcCurve.read(store.arrays(abc_steps(ranking)))
    both = (pareto_twins.SUMMARY, pareto_twins.LORENZ)
    return Gesture(
        (0.80, 0.79),
        lambda share: [twin.by_query(store.collect, ranking, {"a_share": share}) for twin in both],
        lambda share: [twin.in_memory(curve, {"a_share": share}) for twin in both],
    )


def rfm(session: Session) -> Gesture:
    """Move the highest cut of money: what every combination of scores holds."""
    facts, counts, values = _rfm(session)
    return Gesture(
        values,
        lambda cuts: rfm_twins.CELLS.by_query(session.store.collect, facts, KeptCuts(cuts)),
        lambda cuts: rfm_twins.CELLS.in_memory(counts, KeptCuts(cuts)),
    )


def sensitivity(session: Session) -> Gesture:
    """Move the highest cut of money: who changes segment when a cut moves by a tenth."""
    facts, counts, values = _rfm(session)
    twin = rfm_twins.SENSITIVITY
    return Gesture(
        values,
        lambda cuts: twin.by_query(session.store.collect, facts, RfmSegmentation(cuts)),
        lambda cuts: twin.in_memory(RfmMoves.of(counts, cuts), RfmSegmentation(cuts)),
    )


def _rfm(session: Session) -> tuple[Any, RfmCounts, tuple[Cuts, Cuts]]:
    facts = session.facts
    measured = cast("Cuts", rfm_cuts(facts))
    moved = Cuts(measured.recency_days, measured.frequency, (*measured.monetary[:-1], measured.monetary[-1] + 1))
    return facts, RfmCounts.read(session.store.arrays(rfm_condensed(facts))), (moved, measured)


def tiers(session: Session) -> Gesture:
    """Move the highest threshold: who moves, and the sizes."""
    store, ground = session.store, session.ground
    field = TierField.read(store.arrays(tier_columns(session.facts)))
    usual = tiers_twins.USUAL_TIERS.in_memory(field, "monetary")
    plans = [
        tiers_twins.TierPlan(TierSegmentation(tiers=(Tier("Top", "顶级", usual[0].begins + more), *usual[1:])))
        for more in (1, 0)
    ]
    return Gesture(
        (plans[0], plans[1]),
        lambda plan: tiers_twins.OUTCOME.by_query(store.collect, ground, plan),
        lambda plan: tiers_twins.OUTCOME.in_memory(field, plan),
    )


GESTURES: Mapping[str, Callable[[Session], Gesture]] = {
    "pareto: a cut-off": pareto,
    "RFM: a cut, the cells": rfm,
    "RFM: a cut, the sensitivity": sensitivity,
    "lifecycle: a window": lifecycle,
    "tiers: a threshold": tiers,
}


def main() -> None:
    """Time every gesture in both ways, print a Markdown table."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=10_000_000, help="order lines; a tenth of it are customers")
    options.add_argument("--moves", type=int, default=12)
    options.add_argument("--only", default="", help="gestures whose name has this in it")
    options.add_argument("--folder", type=Path, default=Path(__file__).parent / "data")
    chosen = options.parse_args()
    store, _parquet = make(chosen.folder, chosen.rows)
    session = Session(open_store(store), lang="en")
    customers = session.store.collect(session.facts.count().as_table()).iloc[0, 0]
    print(f"{machine()} {customers:,} customers.\n")
    print("| move | query | query, CPU | in memory | in memory, CPU |\n| --- | ---: | ---: | ---: | ---: |")
    for name, prepare in GESTURES.items():
        if chosen.only in name:
            gesture = prepare(session)
            query, in_memory = (
                least(answer, gesture.values, chosen.moves) for answer in (gesture.query, gesture.in_memory)
            )
            figures = " | ".join(f"{1000 * one:.0f} ms" for one in (*query, *in_memory))
            print(f"| {name} | {figures} |", flush=True)


def least(answer: Callable[[Any], object], values: tuple[Any, Any], moves: int) -> tuple[float, float]:
    """Return the least seconds of some moves, by the clock and by the processor."""
    times = []
    for value in islice(cycle(values), moves + 2):
        begun, worked = time.perf_counter(), time.process_time()
        answer(value)
        times.append((time.perf_counter() - begun, time.process_time() - worked))
    clocks, processors = zip(*times[2:], strict=True)
    return min(clocks), min(processors)


if __name__ == "__main__":
    main()
