"""The quality of a store's data as small tables of counts: measured where the data are, read where they are masked."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

import pandas as pd
from ibis import _

from workbench.errors import StoreError
from workbench.schema import TABLES
from workbench.store import Snapshot, Store, open_store, snapshots
from workbench.topics.data_quality.query import (
    AGES,
    DUPLICATE_KINDS,
    STALE_MONTHS,
    age_of_customers,
    changed_orders,
    changed_values,
    column_fill,
    column_fill_by,
    duplicate_members,
    duplicate_sets,
    rejected_rows,
)

log = logging.getLogger("workbench.topics")

EVENTS = ("transactions", "interactions", "complaints", "surveys")
"""What counts as a sign of life, beside an update of the record."""
DEPARTMENTS = ("entered_department", "entered_by", "verified_by")
ORIGINS = ("source_id", "source_line", "is_purchase", "is_cancelled", "missing")
"""Columns that the loader makes: nobody enters them."""

FILL = ("row_count", "filled_count", "blank_count", "filled_share")

QUALITY_FRAMES: Mapping[str, tuple[str, ...]] = {
    "columns": ("table_name", "place", "column_name", *FILL, "filled_before"),
    "departments": ("by", "group_name", "place", "column_name", *FILL),
    "ages": ("age", "customer_count"),
    "issues": ("kind", "set_count", "customer_count"),
    "rejected": ("file", "table_name", "column_name", "reason", "row_count"),
    "changes": ("table_name", "row_count", "row_count_before"),
}


@dataclass(frozen=True)
class Quality:
    """Counts of the analysts' data, and of when the snapshot before is that they are compared with ("": none)."""

    frames: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    before_on: str = ""
    sources: int = 0

    def text(self) -> str:
        """Write it as JSON."""
        frames = {
            name: json.loads(rows.to_json(orient="split", index=False, double_precision=15))
            for name, rows in self.frames.items()
        }
        return json.dumps(asdict(self) | {"frames": frames}, ensure_ascii=False)

    @classmethod
    def of(cls, text: str) -> Quality | None:
        """Read back what `text` wrote; None where another version wrote other columns."""
        plain = json.loads(text)
        written = {name: tuple(frame["columns"]) for name, frame in plain["frames"].items()}
        if written != {name: tuple(columns) for name, columns in QUALITY_FRAMES.items()}:
            return None
        frames = {
            name: pd.DataFrame(plain["frames"][name]["data"], columns=[*columns])
            for name, columns in QUALITY_FRAMES.items()
        }
        return cls(frames, plain["before_on"], plain["sources"])


def measured_quality(store: Store) -> Quality:
    """Measure an analysts' store, beside the snapshot before it where there is one and it can be read."""
    before, fill_before = _before(store)
    columns = _column_fills(store)

    keys = zip(columns["table_name"], columns["column_name"], strict=True)
    columns["filled_before"] = [fill_before.get(key, 0) if before else None for key in keys]
    frames = {
        "columns": columns,
        "departments": _departments(store),
        "ages": ages_of(store),
        "issues": _issues(store),
        "rejected": store.collect(rejected_rows(store.rejects)),
        "changes": _changes(store.snapshot, before),
    }
    shown = {name: frames[name].reindex(columns=list(names)) for name, names in QUALITY_FRAMES.items()}
    return Quality(shown, before.created_at.date().isoformat() if before else "", len(store.snapshot.sources))


def entered_columns(store: Store, table: str) -> list[str]:
    """Return the columns of a table that somebody enters: the canonical ones, then the company's own."""
    there = store.table(table).columns
    canonical = [name for name in TABLES[table].names if name in there]
    return [name for name in (*canonical, *(one for one in there if one not in canonical)) if name not in ORIGINS]


def _column_fills(store: Store) -> pd.DataFrame:
    parts = []
    for table, rows in store.snapshot.tables.items():
        if rows and table in TABLES:
            fill = column_fill(store.table(table), columns=entered_columns(store, table))
            parts.append(store.collect(fill).assign(table_name=table))
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=[*QUALITY_FRAMES["columns"][:-1]])


def _before(store: Store) -> tuple[Snapshot | None, Mapping[tuple[str, str], int]]:
    """Return the snapshot before and how far each of its columns was filled; none where it cannot be read."""
    older = [one for one in snapshots(store.address) if one.id < store.snapshot.id]
    if not older:
        return None, {}
    try:
        with open_store(store.address, snapshot=older[0].id) as earlier:
            rows = _column_fills(earlier)
    except StoreError:
        log.warning("The snapshot %s cannot be read; nothing is compared with it.", older[0].id, exc_info=True)
        return None, {}
    keys = zip(rows["table_name"], rows["column_name"], strict=True)
    return older[0], dict(zip(keys, rows["filled_count"].astype(int), strict=True))


def _departments(store: Store) -> pd.DataFrame:
    """Count what is filled of customers by who entered and who verified, where the data say so."""
    customers = store.customers
    columns = [name for name in entered_columns(store, "customers") if name not in ("customer_id", *DEPARTMENTS[:2])]
    parts = []
    for by in DEPARTMENTS:
        if by in customers.columns and store.collect(customers.aggregate(n=customers[by].count()))["n"].iloc[0]:
            fill = column_fill_by(customers, by=by, columns=[name for name in columns if name != by])
            parts.append(store.collect(fill).assign(by=by))
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=[*QUALITY_FRAMES["departments"]])


def ages_of(store: Store, *, stale_months: int = STALE_MONTHS) -> pd.DataFrame:
    """Count the customers by how long ago they last gave a sign of life: age, customer_count; nothing where none can.

    `stale_months` is where the oldest of the ages begins; see `age_of_customers`.
    """
    events = [store.table(name) for name in EVENTS]
    ages = age_of_customers(store.customers, events, as_of=store.snapshot.as_of, stale_months=stale_months)
    if not store.snapshot.tables.get("customers") or not _has_signs(store):
        return pd.DataFrame(columns=[*QUALITY_FRAMES["ages"]])
    counted = store.collect(ages.group_by("age").aggregate(customer_count=_.count())).set_index("age")
    return counted.reindex(list(AGES), fill_value=0).rename_axis("age").reset_index()


def _has_signs(store: Store) -> bool:
    """Whether anything tells when any customer was last active; else "never" would be said of everybody."""
    known = [rows.filter(rows.customer_id.notnull(), rows.day.notnull()).count() for rows in map(store.table, EVENTS)]
    if "updated_on" in store.customers.columns:
        known.append(store.customers.updated_on.count())
    return any(store.collect(count.name("n").as_table())["n"].iloc[0] for count in known)


def _issues(store: Store) -> pd.DataFrame:
    """Count near duplicates, values that several lists of customers contradict, orders that two sources differ in.

    What the data cannot tell has no row: 0 doubles by phone means that phones were compared.
    """
    doubles = store.collect(duplicate_sets(duplicate_members(store.customers))).set_index("kind")
    none = {"set_count": 0, "customer_count": 0}
    rows = [
        {"kind": kind, **(doubles.loc[kind].to_dict() if kind in doubles.index else none)}
        for kind in _comparable(store)
    ]
    lists = store.customer_lists
    if lists is not None:
        columns = [name for name in lists.columns if name not in ("customer_id", *ORIGINS)]
        changed = store.collect(changed_values(lists, columns=columns))
        rows += [
            {"kind": f"list:{row['column_name']}", "set_count": row["customer_count"]} | row
            for row in changed.to_dict("records")
        ]
    sales = store.transactions
    sources = sales.filter(sales.order_id.notnull()).source_id.nunique()
    if store.collect(sources.name("n").as_table())["n"].iloc[0] > 1:
        rows.append({"kind": "orders", **store.collect(changed_orders(sales)).iloc[0].to_dict()})
    return pd.DataFrame(rows, columns=["kind", "set_count", "customer_count"])


def _comparable(store: Store) -> list[str]:
    """Name the kinds of near duplicates that the columns filled allow to look for."""
    customers = store.customers
    filled = store.collect(
        customers.aggregate(
            phone=customers.phone.count(),
            email=customers.email.count(),
            name_phone=(customers.name.notnull() & customers.phone.notnull()).sum(),
            id_spelling=customers.customer_id.count(),
        )
    ).iloc[0]
    return [kind for kind in DUPLICATE_KINDS if filled[kind] > 1]


def _changes(now: Snapshot, before: Snapshot | None) -> pd.DataFrame:
    tables = [name for name in TABLES if now.tables.get(name) or (before and before.tables.get(name))]
    return pd.DataFrame(
        {
            "table_name": tables,
            "row_count": [now.tables.get(name, 0) for name in tables],
            "row_count_before": [before.tables.get(name, 0) if before else None for name in tables],
        }
    )
