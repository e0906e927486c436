"""Publishing never disturbs a reader: no torn read, no error, and versions never go back."""

from __future__ import annotations

import os
from functools import partial

import pytest

from tests.store.writer import fork_server, heard, read_until, write_batch
from workbench.store import build, current_id, open_store, publish

pytestmark = pytest.mark.skipif(os.name == "nt", reason="needs a fork server")

READERS = 3


def test_three_readers_see_every_publication_whole_and_in_order(tmp_path, trials):
    address, log = tmp_path / "crm.store", tmp_path / "readers.log"
    context = fork_server()
    build(address, partial(write_batch, number=1))
    ids = [publish(address).id]
    stop = context.Event()
    readers = [context.Process(target=read_until, args=(address, log, stop.is_set)) for _ in range(READERS)]
    for reader in readers:
        reader.start()
    for number in range(trials(200)):
        if number % 4 == 0:
            build(address, partial(write_batch, number=number + 2))
        ids.append(publish(address).id)
    stop.set()
    for reader in readers:
        reader.join()
    lines = heard(log)
    assert [line for line in lines if line[0] != "read"] == []
    assert len(lines) == READERS
    assert all(int(count) > 1 for _, count, _ in lines)
    assert ids == sorted(ids)


def test_a_reader_that_comes_between_the_switch_and_the_prune_opens_the_new_one(tmp_path, monkeypatch):
    """It read the old name; before it opens the file, a publication removes it."""
    address = tmp_path / "crm.store"
    build(address, partial(write_batch, number=1))
    publish(address)
    published_meanwhile = []

    def verified_manifest(shelf, snapshot_id):
        if not published_meanwhile:
            published_meanwhile.append(publish(address).id)
        return original(shelf, snapshot_id)

    from workbench.store import opening

    original = opening.verified_manifest
    monkeypatch.setattr(opening, "verified_manifest", verified_manifest)
    with open_store(address, published=True) as store:
        assert store.snapshot.id == published_meanwhile[0] == current_id(address, published=True)


def test_a_page_can_tell_that_newer_data_were_published(tmp_path):
    address = tmp_path / "crm.store"
    build(address, partial(write_batch, number=1))
    publish(address)
    with open_store(address, published=True) as store:
        assert store.snapshot.id == current_id(address, published=True)
        publish(address)
        assert store.snapshot.id != current_id(address, published=True)
