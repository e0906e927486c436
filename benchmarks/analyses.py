"""Facts, RFM, 80/20, cohorts, periods beside pandas and Polars: `python -m benchmarks.analyses [--rows 1000000 …]`.

Each engine starts from its own file on disk (the workbench from a store, the others from a Parquet file of the same
rows), in a process of its own, and must come to the same money. The engines take turns, so that a slow minute hits all.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
from pathlib import Path

from benchmarks.data import make
from benchmarks.report import Figure, table

ENGINES = ("workbench", "pandas", "polars")
TASKS = ("facts", "rfm", "pareto", "cohorts", "periods")
CENT = 0.01


def main() -> None:
    """Run all, print the table of medians and ratios."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, nargs="+", default=[1_000_000, 10_000_000])
    options.add_argument("--tasks", nargs="+", choices=TASKS, default=TASKS)
    options.add_argument("--repeats", type=int, default=3)
    options.add_argument("--folder", type=Path, default=Path(__file__).parent / "data")
    chosen = options.parse_args()
    figures = []
    for rows in chosen.rows:
        store, parquet = make(chosen.folder, rows)
        for task in chosen.tasks:
            runs = {engine: [] for engine in ENGINES}
            for _ in range(chosen.repeats):
                for engine in ENGINES:
                    runs[engine].append(measure(engine, task, store if engine == "workbench" else parquet))
            check_equal(task, runs)
            figures += [summary(engine, task, rows, found) for engine, found in runs.items()]
    print(table(figures))


def measure(engine: str, task: str, source: Path) -> dict[str, float]:
    """Run one task in a process of its own."""
    command = [sys.executable, "-W", "ignore", "-m", "benchmarks.one", engine, task, str(source)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def check_equal(task: str, runs: dict[str, list[dict[str, float]]]) -> None:
    """Stop when the engines did not do the same work: same rows, same money to the cent."""
    answers = {engine: (found[0]["rows"], found[0]["monetary"]) for engine, found in runs.items()}
    rows = {answer[0] for answer in answers.values()}
    money = [answer[1] for answer in answers.values()]
    if len(rows) > 1 or max(money) - min(money) > CENT * len(money):
        raise SystemExit(f"{task}: the engines do not agree: {answers}")


def summary(engine: str, task: str, rows: int, found: list[dict[str, float]]) -> Figure:
    """Condense the repeats to a median and the highest peak."""
    seconds = statistics.median(run["seconds"] for run in found)
    return Figure(task, rows, engine, seconds, max(run["peak_bytes"] for run in found))


if __name__ == "__main__":
    main()
