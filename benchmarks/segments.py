"""Gestures on a segmentation of a million customers, and clustering them: `python -m benchmarks.segments`.

A gesture is what a mouse does to a panel: move a cut point, repaint a cell, change a weight. Timed is the kernel's
part, from the control's new value to the rows and words that leave for the browser, with the panel already open; what
the browser adds is measured by `benchmarks.gestures`. Clustering is timed from the panel's opening to its first answer,
with every number of clusters tried.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import time
from collections.abc import Callable, Iterator
from itertools import cycle
from pathlib import Path
from typing import Any

from benchmarks.data import make
from benchmarks.report import MEBIBYTE, machine
from workbench.panels import Panel, Session
from workbench.store import open_store
from workbench.topics.clusters import clusters_panel
from workbench.topics.core_customers import core_customers_panel
from workbench.topics.lifecycle import lifecycle_panel
from workbench.topics.loyalty import loyalty_panel
from workbench.topics.rfm import rfm_panel
from workbench.topics.rfm.composite import Weights
from workbench.topics.rfm.cuts import Cuts
from workbench.topics.rfm.cuts_file import KeptCuts
from workbench.topics.segment_rules import segment_editor_panel
from workbench.topics.segment_rules.painting import paint
from workbench.topics.tiers import tier_designer_panel
from workbench.topics.two_criteria import two_criteria_panel
from workbench.topics.two_criteria.segmentation import GridCuts

Values = Iterator[dict[str, Any]]
SIX = ("recency_days", "tenure_days", "frequency", "purchase_days", "monetary", "average_order_value")


def rfm_cut(panel: Panel) -> Values:
    """Move the highest cut of frequency up and back."""
    cuts = panel.answer.rules.cuts.as_dict()
    moved = {**cuts, "frequency": [*cuts["frequency"][:-1], cuts["frequency"][-1] + 1]}
    return cycle([{"cuts": KeptCuts(Cuts.from_dict(moved))}, {"cuts": KeptCuts(Cuts.from_dict(cuts))}])


def rfm_weight(_: Panel) -> Values:
    """Give money half of the weight, and take it back."""
    return cycle([{"weights": Weights(0.25, 0.25, 0.5)}, {"weights": Weights(1 / 3, 1 / 3, 1 / 3)}])


def painted_cell(panel: Panel) -> Values:
    """Paint one row of cells with one segment and then with another."""
    table = panel.controls["table"].value
    cells = [(5, 5, money) for money in range(1, table.bins + 1)]
    return cycle([{"table": paint(table, cells, rule.id)} for rule in table.rules[:2]])


def two_criteria_cut(_: Panel) -> Values:
    """Move the cut of spend."""
    return cycle([{"cuts": GridCuts((2, 5), (100, 500))}, {"cuts": GridCuts((2, 5), (120, 500))}])


def open_cell(_: Panel) -> Values:
    """Paint an open cell A and then B."""
    return cycle([{"painted": {"high_low": name}} for name in "AB"])


def core_weight(_: Panel) -> Values:
    """Change the weight of growth."""
    return cycle([{"growth": 30}, {"growth": 20}])


def patience(_: Panel) -> Values:
    """Change after how many own intervals a customer counts as lapsed."""
    return cycle([{"patience": 2.5}, {"patience": 3.0}])


def new_days(_: Panel) -> Values:
    """Change how long a customer is new."""
    return cycle([{"new_days": 120}, {"new_days": 90}])


def tier_threshold(panel: Panel) -> Values:
    """Raise the threshold of the highest tier."""
    tiers = panel.answer.design.tiers
    raised = (type(tiers[0])(tiers[0].name_en, tiers[0].name_zh, tiers[0].begins + 10, tiers[0].budget), *tiers[1:])
    return cycle([{"tiers": raised}, {"tiers": tiers}])


GESTURES: dict[str, tuple[Callable[[Session], Panel], Callable[[Panel], Values]]] = {
    "RFM: move a cut point": (rfm_panel, rfm_cut),
    "RFM: change a weight": (rfm_panel, rfm_weight),
    "segment table: repaint cells": (segment_editor_panel, painted_cell),
    "two criteria: move a cut point": (two_criteria_panel, two_criteria_cut),
    "two criteria: paint an open cell": (two_criteria_panel, open_cell),
    "core customers: change a weight": (core_customers_panel, core_weight),
    "tiers: move a threshold": (tier_designer_panel, tier_threshold),
    "loyalty: change the patience": (loyalty_panel, patience),
    "lifecycle: change a window": (lifecycle_panel, new_days),
}


def main() -> None:
    """Time every gesture and the clustering, print two Markdown tables."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=10_000_000, help="order lines; a tenth of it are customers")
    options.add_argument("--moves", type=int, default=12)
    options.add_argument("--folder", type=Path, default=Path(__file__).parent / "data")
    chosen = options.parse_args()
    store, _ = make(chosen.folder, chosen.rows)
    session = Session(open_store(store), lang="en")
    customers = len(session.store.arrays(session.facts.select("frequency"))["frequency"])
    print(f"{machine()} {customers:,} customers.\n")
    print("| gesture | median | slowest | panel opened in |\n| --- | ---: | ---: | ---: |")
    opened: dict[Callable[[Session], Panel], tuple[Panel, float]] = {}
    for name, (make_panel, moves) in GESTURES.items():
        if make_panel not in opened:
            begun = time.perf_counter()
            opened[make_panel] = (make_panel(session), time.perf_counter() - begun)
        panel, seconds = opened[make_panel]
        times = [timed(panel, values) for values, _ in zip(moves(panel), range(chosen.moves + 2), strict=False)][2:]
        figures = f"{statistics.median(times) * 1000:.0f} ms | {max(times) * 1000:.0f} ms | {seconds:.1f} s"
        print(f"| {name} | {figures} |", flush=True)
    begun = time.perf_counter()
    panel = clusters_panel(session)
    panel.set(features=SIX)
    answer = panel.answer
    seconds = time.perf_counter() - begun
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / MEBIBYTE
    done = f"{seconds:.1f} s, {len(answer.rows)} clusters found; peak memory of the whole run {peak:,.0f} MiB"
    print(f"\nClustering by {len(SIX)} features, 2 to 10 clusters tried: {done}.")


def timed(panel: Panel, values: dict[str, Any]) -> float:
    """Give a panel new values; return the seconds until it has answered."""
    begun = time.perf_counter()
    panel.set(**values)
    seconds = time.perf_counter() - begun
    if panel.error:
        raise SystemExit(f"{panel.topic}: {panel.error}")
    return seconds


if __name__ == "__main__":
    main()
