"""A writer killed at any moment leaves all-old or all-new data, and loses nothing it had reported as done."""

from __future__ import annotations

import os
import random
import signal
import time

import pytest

from tests.store.writer import batch_of, fork_server, heard, load_and_publish_forever
from workbench.errors import StoreError
from workbench.store import build, current_id, open_store
from workbench.store.folder import Shelf
from workbench.store.manifest import Manifest

pytestmark = pytest.mark.skipif(os.name == "nt", reason="needs SIGKILL and a fork server")


def last(log, what: str) -> tuple[int, str]:
    """The batch and snapshot last reported as loaded or published; batch 0 where nothing was."""
    lines = [line for line in heard(log) if line[0] == what]
    return (int(lines[-1][1]), lines[-1][2]) if lines else (0, "")


def state(address, log, *, published: bool, newest: int) -> int:
    """Check what is in force after a kill; return its batch, 0 where nothing is in force yet.

    `newest` is the last batch that can be there, reported or not.
    """
    reported, snapshot_id = last(log, "published" if published else "loaded")
    try:
        store = open_store(address, published=published)
    except StoreError as error:
        assert (error.key in {"no_store", "no_snapshot", "not_published"}, reported) == (True, 0)  # noqa: PT017
        return 0
    with store:
        batch = batch_of(store)
        assert reported <= batch <= newest
        assert store.snapshot.id >= snapshot_id
        sums = Manifest.of(Shelf(address, published=published).path(store.snapshot.id)).sums
        assert sums["transactions"]["amount"] == f"{batch}.00"
    return batch


def test_a_killed_load_or_publication_leaves_all_old_or_all_new(tmp_path, trials):
    address, log = tmp_path / "crm.store", tmp_path / "done.log"
    context, chance = fork_server(), random.Random(20_240_305)
    batch, killed_between, cycle = 0, set(), 0.5
    for _ in range(trials(200)):
        lines = len(heard(log))
        writer = context.Process(target=load_and_publish_forever, args=(address, log, batch + 1))
        writer.start()
        started = time.monotonic()
        writer.join(chance.uniform(0, 2 * cycle))
        os.kill(writer.pid, signal.SIGKILL)
        writer.join()
        assert writer.exitcode == -signal.SIGKILL, "the writer failed by itself"
        done = len(heard(log)) - lines
        cycle = max(0.1, 2 * (time.monotonic() - started) / done) if done else cycle * 1.1
        killed_between.add(last(log, "loaded")[0] > last(log, "published")[0])
        batch = state(address, log, published=False, newest=max(last(log, "loaded")[0], batch) + 1)
        state(address, log, published=True, newest=batch)
    assert killed_between == {True, False}, "the kills should hit loads and publications"
    assert batch > 0


def test_what_killed_writers_left_is_cleared_by_the_next_load(tmp_path, three_orders):
    address = tmp_path / "crm.store"
    build(address, three_orders)
    (address / "snapshots" / "draft.part").write_bytes(b"half a file")
    (address / "snapshots" / "draft.part.wal").write_bytes(b"half a log")
    (address / "snapshots" / "spill.part").mkdir()
    (address / "snapshots" / "spill.part" / "duckdb_temp").write_bytes(b"names")
    (address / "CURRENT.part").write_text("2024", encoding="utf-8")
    (address / "writer.pid").write_text("1\n", encoding="utf-8")
    build(address, three_orders)
    assert [path for path in address.rglob("*") if ".part" in path.name] == []
    assert current_id(address)
