"""Processes that write and read one store at once, for the tests of kills and races; a fork server starts them quickly.

A batch's rows are all numbered with the batch, so a mixture of two batches cannot look right.
"""

from __future__ import annotations

import itertools
import multiprocessing
import os
import random
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import duckdb

from workbench.store import Store, build, collect, open_store, publish

ROWS = 500


def fork_server() -> multiprocessing.context.ForkServerContext:
    """Processes that start with the store already imported, and no database open."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["workbench.store"])
    return context


def write_batch(con: duckdb.DuckDBPyConnection, number: int) -> None:
    """Every row has the batch's number as its quantity, and the rows' amounts sum up to it."""
    con.execute(
        "INSERT INTO transactions (customer_id, order_id, day, quantity, amount)"
        " SELECT 'C' || i, md5(i::VARCHAR), DATE '2024-01-01', $number,"
        " CASE WHEN i = 0 THEN $number ELSE 0 END FROM range($rows) orders(i)",
        {"number": number, "rows": ROWS},
    )


def batch_of(store: Store) -> int:
    """Return the batch an open snapshot holds, after holding every sum of it to the batch and to its manifest."""
    t = store.transactions
    found = collect(t.aggregate(rows=t.count(), low=t.quantity.min(), high=t.quantity.max(), amount=t.amount.sum()))
    number = int(found["low"][0])
    assert found.iloc[0].tolist() == [ROWS, number, number, number]
    assert store.snapshot.tables["transactions"] == ROWS
    return number


def say(path: Path, *words: object) -> None:
    """Append a line in one piece, so that a kill cannot cut it."""
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.write(handle, (" ".join(str(word) for word in words) + "\n").encode())
    os.close(handle)


def heard(path: Path) -> list[list[str]]:
    return [line.split() for line in path.read_text().splitlines()] if path.exists() else []


def load_and_publish_forever(address: Path, log: Path, first: int) -> None:
    """Load and publish batch after batch, and say what is done only once it is done."""
    for number in itertools.count(first):
        say(log, "loaded", number, build(address, partial(write_batch, number=number)).id)
        say(log, "published", number, publish(address).id)


def read_until(address: Path, log: Path, stopped: Callable[[], bool]) -> None:
    """Open what is published again and again; say what was seen, or the error."""
    seen, count, chance = "", 0, random.Random(os.getpid())
    try:
        while not stopped():
            with open_store(address, published=True) as store:
                batch_of(store)
                assert store.snapshot.id >= seen, f"went back from {seen} to {store.snapshot.id}"
                seen = store.snapshot.id
                count += 1
            time.sleep(chance.uniform(0, 0.3))  # else readers keep the writer from publishing at all on few processors
    except BaseException as fault:
        say(log, "fault", repr(fault))
        raise
    say(log, "read", count, seen)
