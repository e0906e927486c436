"""Order lines from PostgreSQL into a checked store, beside pandas reading the same table through the same driver.

`python -m benchmarks.databases [--rows 1000000]` starts a server of its own, as the tests do, and runs each engine in a
process of its own. "pandas" only reads: no check, nothing stored. DuckDB's postgres extension cannot be had offline.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.load_one import COLUMNS, KIBIBYTE
from benchmarks.report import MEBIBYTE, machine

ENGINES = ("pandas", "workbench")
TABLE = """
    CREATE TABLE lines AS
    SELECT 'C' || lpad(((i * 7919) % 300000)::text, 7, '0') AS customer_id,
        'SO' || lpad((i / 3)::text, 9, '0') AS order_id,
        timestamp '2021-01-01' + make_interval(secs => (i * 13) % 126230400) AS order_time,
        '商品' || ((i * 31) % 5000) AS product,
        ((i * 17) % 9) + 1 AS quantity,
        (((i * 101) % 90000) / 100.0 + 0.5)::numeric(12, 2) AS unit_price
    FROM generate_series(0::bigint, {rows} - 1) AS lines(i)
"""
"""The lines of `benchmarks.load`, typed."""


def main() -> None:
    """Fill a server, run every engine, print a Markdown table."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=1_000_000)
    options.add_argument("--one", nargs=2, metavar=("ENGINE", "ADDRESS"))
    chosen = options.parse_args()
    if chosen.one:
        print(json.dumps(run(*chosen.one)))
        return
    from tests.load.databases.filling import run_postgresql
    from tests.load.databases.servers import PASSWORD, postgresql

    os.environ["PGPASSWORD"] = PASSWORD
    with postgresql() as server:
        run_postgresql(server, TABLE.format(rows=chosen.rows), "GRANT SELECT ON lines TO analyst")
        runs = {engine: in_a_process(engine, server.address) for engine in ENGINES}
    if len({(one["rows"], one["money"]) for one in runs.values()}) > 1:
        raise SystemExit(f"The engines disagree: {runs}")
    print(f"{machine()} {chosen.rows:,} lines in PostgreSQL; load average {os.getloadavg()[0]:.1f}.\n")
    print("| engine | seconds | × pandas | processor seconds | peak memory |\n| --- | ---: | ---: | ---: | ---: |")
    for engine, one in runs.items():
        ratio, memory = one["seconds"] / runs["pandas"]["seconds"], one["peak_bytes"] / MEBIBYTE
        print(f"| {engine} | {one['seconds']:.1f} | {ratio:.2f} | {one['processor']:.1f} | {memory:,.0f} MiB |")


def in_a_process(engine: str, address: str) -> dict[str, float]:
    """Run one engine by itself."""
    command = [sys.executable, "-W", "ignore", "-m", "benchmarks.databases", "--one", engine, address]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def run(engine: str, address: str) -> dict[str, float]:
    """Time one engine, from the address to the figures."""
    engines = {"pandas": with_pandas, "workbench": with_workbench}
    with TemporaryDirectory() as folder:
        started, used = time.perf_counter(), time.process_time()
        rows, money = engines[engine](address, Path(folder))
        seconds, processor = time.perf_counter() - started, time.process_time() - used
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * KIBIBYTE
    return {"seconds": seconds, "processor": processor, "peak_bytes": peak, "rows": rows, "money": money}


def with_pandas(address: str, folder: Path) -> tuple[int, float]:  # noqa: ARG001 - it keeps nothing
    """Read the whole table into a frame; numbers come as texts and are made floats."""
    import adbc_driver_postgresql.dbapi as driver
    import pandas as pd

    with driver.connect(address) as con:
        frame = pd.read_sql("SELECT * FROM lines", con)
    money = (frame["quantity"] * pd.to_numeric(frame["unit_price"]) + 1e-9).round(2).sum()
    return len(frame), round(float(money), 2)


def with_workbench(address: str, folder: Path) -> tuple[int, float]:
    """Load into a store: every cell by the cleaning rules, every row counted, rejects kept, the snapshot checked."""
    from benchmarks.load_one import _sum
    from workbench.load import Database, Mapping, SourceMapping, load

    mapping = Mapping((SourceMapping(files=("*",), table="transactions", columns=COLUMNS),))
    report = load(Database(address, tables=["lines"]), store=folder / "crm.store", mapping=mapping)
    return report.rows_loaded, round(_sum(folder / "crm.store"), 2)


if __name__ == "__main__":
    main()
