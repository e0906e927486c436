"""Loading order lines into a checked store, beside DuckDB's own typed read_csv and pandas doing the same checks.

`python -m benchmarks.load [--rows 1000000]` writes a UTF-8 and a GBK file of the same lines once, then runs each engine
in a process of its own, in turns. "duckdb" is the floor: typed, into a table, with no check and no record of rejects.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
from pathlib import Path

from benchmarks.report import MEBIBYTE, machine

ENGINES = ("duckdb", "workbench", "workbench_check", "workbench_gbk", "pandas")

LINES = """
select 'C' || lpad(((i * 7919) % 300000)::varchar, 7, '0') as customer_id,
    'SO' || lpad((i // 3)::varchar, 9, '0') as order_id,
    strftime(timestamp '2021-01-01' + to_seconds((i * 13) % 126230400), '%Y-%m-%d %H:%M:%S') as order_time,
    '商品' || ((i * 31) % 5000) as product,
    ((i * 17) % 9) + 1 as quantity,
    case when i % 100000 = 99999 then '待定' else printf('%.2f', ((i * 101) % 90000) / 100.0 + 0.5) end as unit_price
from range({rows}) lines(i)
"""
"""One line in a hundred thousand has words for a price: it must be found and kept as a reject."""


def main() -> None:
    """Run every engine, print a Markdown table with the ratio to DuckDB's own reader."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=1_000_000)
    options.add_argument("--repeats", type=int, default=1)
    options.add_argument("--engines", nargs="+", choices=ENGINES, default=list(ENGINES))
    options.add_argument("--folder", type=Path, default=Path(__file__).parent / "data")
    chosen = options.parse_args()
    utf8, gbk = write_files(chosen.folder, chosen.rows)
    runs: dict[str, list[dict[str, float]]] = {engine: [] for engine in chosen.engines}
    for _ in range(chosen.repeats):
        for engine in chosen.engines:
            runs[engine].append(measure(engine, gbk if engine.endswith("gbk") else utf8))
    check_equal(runs)
    print(f"{machine()} File: {chosen.rows:,} lines, {utf8.stat().st_size / MEBIBYTE:,.0f} MiB.\n")
    print("| engine | seconds | × duckdb | processor seconds | peak memory |\n| --- | ---: | ---: | ---: | ---: |")
    best = {engine: min(found, key=lambda run: run["seconds"]) for engine, found in runs.items()}
    floor = best["duckdb"]["seconds"] if "duckdb" in best else float("nan")
    for engine, run in best.items():
        memory = f"{run['peak_bytes'] / MEBIBYTE:,.0f} MiB"
        print(f"| {engine} | {run['seconds']:.1f} | {run['seconds'] / floor:.2f} | {run['processor']:.1f} | {memory} |")


def write_files(folder: Path, rows: int) -> tuple[Path, Path]:
    """Write the lines as UTF-8 and as GBK, once."""
    import duckdb

    folder.mkdir(parents=True, exist_ok=True)
    utf8, gbk = folder / f"lines_{rows}.csv", folder / f"lines_{rows}_gbk.csv"
    if not utf8.is_file():
        with duckdb.connect() as connection:
            connection.execute(f"copy ({LINES.format(rows=rows)}) to '{utf8}' (header)")
    if not gbk.is_file():
        with utf8.open(encoding="utf-8", newline="") as source, gbk.open("w", encoding="gbk", newline="") as target:
            shutil.copyfileobj(source, target, 1 << 24)
    return utf8, gbk


def measure(engine: str, source: Path) -> dict[str, float]:
    """Run one engine in a process of its own."""
    command = [sys.executable, "-W", "ignore", "-m", "benchmarks.load_one", engine, str(source)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def check_equal(runs: dict[str, list[dict[str, float]]]) -> None:
    """Stop when the engines did not come to the same rows and the same money."""
    answers = {engine: (found[0]["rows"], round(found[0]["money"], 2)) for engine, found in runs.items()}
    moneys = {money for _, money in answers.values() if money == money}  # a check stores none
    if len({rows for rows, _ in answers.values()}) > 1 or len(moneys) > 1:
        raise SystemExit(f"The engines do not agree: {answers}")


if __name__ == "__main__":
    main()
