"""One measured load in a process of its own: `python -m benchmarks.load_one ENGINE FILE` prints JSON."""

from __future__ import annotations

import hashlib
import json
import resource
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import pandas as pd

from workbench.load import Mapping, SourceMapping, check, load

KIBIBYTE = 1024
LEAST_PROGRESS = 5
COLUMNS = {
    "customer_id": "customer_id",
    "order_id": "order_id",
    "order_time": "day",
    "product": "product_id",
    "quantity": "quantity",
    "unit_price": "unit_price",
}
TYPES = {
    "customer_id": "VARCHAR",
    "order_id": "VARCHAR",
    "order_time": "TIMESTAMP",
    "product": "VARCHAR",
    "quantity": "BIGINT",
    "unit_price": "DECIMAL(18,6)",
}
TOTALS = ("合计", "总计", "小计", "total")
MONEY = "select count(*), sum(cast(quantity * unit_price as decimal(18, 2))) from lines"

Answer = tuple[int, float]


def duckdb_engine(source: Path, folder: Path) -> Answer:
    """Type and store the lines with DuckDB's own reader; lines it cannot type are dropped."""
    with duckdb.connect(str(folder / "lines.duckdb")) as connection:
        connection.execute(
            f"create table lines as from read_csv('{source}', header = true, delim = ',', columns = {TYPES},"
            " ignore_errors = true)"
        )
    with duckdb.connect(str(folder / "lines.duckdb")) as connection:
        rows, money = connection.execute(MONEY).fetchall()[0]
    return rows, float(money)


def workbench(source: Path, folder: Path) -> Answer:
    """Load into a store: every cell by the cleaning rules, every row counted, rejects kept, the snapshot checked."""
    mapping = Mapping((SourceMapping(files=("*",), table="transactions", columns=COLUMNS),))
    report = load(source, store=folder / "crm.store", mapping=mapping)
    return report.rows_loaded, float(_sum(folder / "crm.store"))


def workbench_check(source: Path, _: Path) -> Answer:
    """Check the file as `workbench check` does, progress included; nothing is stored, so no money is compared."""
    mapping = Mapping((SourceMapping(files=("*",), table="transactions", columns=COLUMNS),))
    said: list[object] = []
    report = check(source, mapping=mapping, progress=said.append)
    if len(said) < LEAST_PROGRESS:
        raise SystemExit(f"The check said {len(said)} times how far it was.")
    return report.rows_loaded, float("nan")


def _sum(store: Path) -> float:
    """The money the store's manifest says it holds."""
    (manifest,) = (store / "snapshots").glob("*.json")
    return float(json.loads(manifest.read_text(encoding="utf-8"))["sums"]["transactions"]["amount"])


def pandas_engine(source: Path, folder: Path) -> Answer:
    """Do the same checks with pandas: hash, text first, rows without data, types, future days, rejects with line.

    Only canonical forms are read here: signs of currency, 万, Chinese dates and full-width digits are left to the
    workbench. Amounts are floats. Malformed lines would stop it.
    """
    with source.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    text = pd.read_csv(source, dtype=str, keep_default_na=False, skip_blank_lines=False)
    first = text["customer_id"].str.strip()
    blank, header = text.eq("").all(axis=1), text.eq(text.columns).all(axis=1)
    without_data = blank | header | first.isin(TOTALS)
    ids = text[["customer_id", "order_id", "product"]].apply(lambda column: column.str.strip())
    lines = ids.apply(lambda column: column.str.replace(r"\.0$", "", regex=True))
    lines["occurred_at"] = pd.to_datetime(text["order_time"], format="%Y-%m-%d %H:%M:%S", errors="coerce")
    lines["day"] = lines["occurred_at"].dt.normalize()
    lines["quantity"] = pd.to_numeric(text["quantity"], errors="coerce")
    lines["unit_price"] = pd.to_numeric(text["unit_price"], errors="coerce")
    lines["amount"] = (lines["quantity"] * lines["unit_price"] + 1e-9).round(2)
    lines["source_line"] = range(2, len(lines) + 2)
    lines["is_purchase"] = (lines["amount"] > 0) & (lines["quantity"] > 0) & lines["customer_id"].ne("")
    wrong = lines[["occurred_at", "quantity", "unit_price"]].isna().any(axis=1) | (lines["day"] > pd.Timestamp.now())
    text[wrong & ~without_data].assign(source_line=lines["source_line"]).to_parquet(folder / "rejects.parquet")
    good = lines[~wrong & ~without_data]
    good.to_parquet(folder / f"lines-{digest[:12]}.parquet")
    return len(good), float(good["amount"].sum())


ENGINES = {
    "duckdb": duckdb_engine,
    "workbench": workbench,
    "workbench_check": workbench_check,
    "workbench_gbk": workbench,
    "pandas": pandas_engine,
}


def main(engine: str, source: str) -> None:
    """Time one load from the file to the closed store."""
    with TemporaryDirectory() as folder:
        started, used = time.perf_counter(), time.process_time()
        rows, money = ENGINES[engine](Path(source), Path(folder))
        seconds, processor = time.perf_counter() - started, time.process_time() - used
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * KIBIBYTE
    print(json.dumps({"seconds": seconds, "processor": processor, "peak_bytes": peak, "rows": rows, "money": money}))


if __name__ == "__main__":
    main(*sys.argv[1:])
