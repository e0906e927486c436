"""A move of the panels that hold customers in memory, and the query in its place: `python -m benchmarks.twins`.

Both give the rows that the panel draws after the move, without its chart and words: the query by the definition of the
analysis on what `store.keep` holds, the panel's own columns in memory by look-up. Timed are the kernel's wall clock and
its processor time; the least of several moves is given, because the machine is shared.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from typing import Any, cast

import ibis
from ibis import _

from benchmarks.data import make
from benchmarks.report import machine
from workbench.analyses.calendar import month_ends
from workbench.analyses.segmentation import segment_sizes
from workbench.panels import Session
from workbench.store import open_store
from workbench.topics.lifecycle.query import LifecycleCounts, lifecycle_steps, stage_history
from workbench.topics.lifecycle.segmentation import LifecycleSegmentation, lifecycle_state, purchase_steps
from workbench.topics.pareto.curve import AbcCurve, abc_steps
from workbench.topics.pareto.query import abc_cut, abc_ranking, abc_summary, lorenz
from workbench.topics.rfm.counts import RfmCounts, rfm_condensed
from workbench.topics.rfm.cuts import RFM, Cuts, rfm_cuts
from workbench.topics.rfm.moves import RfmMoves
from workbench.topics.rfm.query import rfm_cells, rfm_scores
from workbench.topics.rfm.segmentation import RfmSegmentation
from workbench.topics.rfm.sensitivity import moved_cuts


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
    kept = {day: store.keep(lifecycle_state(steps, usual, as_of=day)) for day in days}
    counts = {day: LifecycleCounts.read(store.arrays(lifecycle_steps(ground, usual, as_of=day))) for day in days}

    def query(rules: LifecycleSegmentation) -> object:
        judged = {day: rules.judge(state) for day, state in kept.items()}
        history = ibis.union(
            *(
                one.group_by("segment").aggregate(customer_count=_.count()).mutate(day=ibis.date(day))
                for day, one in judged.items()
            )
        )
        return store.collect(segment_sizes(judged[session.as_of], session.facts)), store.collect(history)

    def in_memory(rules: LifecycleSegmentation) -> object:
        return counts[session.as_of].sizes(rules), stage_history(counts, rules)

    return Gesture((LifecycleSegmentation(new_days=120), usual), query, in_memory)


def pareto(session: Session) -> Gesture:
    """Move the A cut-off: the classes and the curve."""
    store = session.store
    ranking = store.keep(abc_ranking(session.facts))
    curve = AbcCurve.read(store.arrays(abc_steps(ranking)))

    def query(a_share: float) -> object:
        classes = abc_cut(ranking, a_share=a_share)
        return store.collect(abc_summary(classes)), store.collect(lorenz(classes))

    def in_memory(a_share: float) -> object:
        ends = curve.ends(a_share=a_share)
        return curve.summary(ends), curve.lorenz(ends)

    return Gesture((0.80, 0.79), query, in_memory)


def rfm(session: Session, *, with_sensitivity: bool = False) -> Gesture:
    """Move the highest cut of money: cells, segments, and who changes segment when a cut moves by a tenth."""
    store, facts = session.store, session.facts
    counts = RfmCounts.read(store.arrays(rfm_condensed(facts)))
    measured = cast("Cuts", rfm_cuts(facts))
    moved = Cuts(measured.recency_days, measured.frequency, (*measured.monetary[:-1], measured.monetary[-1] + 1))

    def query(cuts: Cuts) -> object:
        rules = RfmSegmentation(cuts)
        scores = rfm_scores(facts, cuts=cuts)
        by = ("r_score", "f_score", "m_score")
        found = [rfm_cells(scores), rfm_cells(scores, by=by), segment_sizes(rules.assign_facts(facts), facts)]
        if with_sensitivity:
            found += [changed(rules, one) for one in every_move(cuts)]
        return [store.collect(one) for one in found]

    def changed(rules: RfmSegmentation, cuts: Any) -> Any:
        now, then = rules.assign_facts(facts), RfmSegmentation(cuts).assign_facts(facts)
        both = now.select("customer_id", "segment").inner_join(
            then.select("customer_id", after=then.segment), "customer_id"
        )
        return both.aggregate(changed=(both.segment != both.after).sum())

    def in_memory(cuts: Cuts) -> object:
        rules = RfmSegmentation(cuts)
        totals = counts.totals(counts.cells(cuts), cuts.bins)
        codes = rules.codes()
        found = [totals.grid(), totals.grid(by=("r_score", "f_score", "m_score"))]
        found.append(totals.sizes(codes, [segment.id for segment in rules.segments]))
        return [*found, RfmMoves.of(counts, cuts).sensitivity(codes)] if with_sensitivity else found

    return Gesture((moved, measured), query, in_memory)


def every_move(cuts: Cuts) -> Iterator[Any]:
    """Move all cuts, and each alone, down and up by a tenth."""
    for signed in (-0.1, 0.1):
        yield moved_cuts(cuts, by=signed)
        for name in RFM:
            for place in range(1, cuts.bins):
                yield moved_cuts(cuts, measure=name, place=place, by=signed)


GESTURES: Mapping[str, Callable[[Session], Gesture]] = {
    "pareto: a cut-off": pareto,
    "RFM: a cut, without sensitivity": rfm,
    "RFM: a cut": lambda session: rfm(session, with_sensitivity=True),
    "lifecycle: a window": lifecycle,
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
