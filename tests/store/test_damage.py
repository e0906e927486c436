"""A damaged snapshot gives a clear error or the right answer, never a wrong one; the one before stays usable."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Callable

import duckdb
import pytest

from workbench.errors import StoreError
from workbench.store import build, collect, current_id, open_store, restore

PAGE, BLOCK, HEADERS = 4096, 262_144, 3 * 4096
CLEAR = {"snapshot_damaged", "block_damaged", "pointer_damaged", "snapshot_missing"}


def orders(number: int) -> Callable[[duckdb.DuckDBPyConnection], object]:
    return lambda con: con.execute(
        "INSERT INTO transactions (customer_id, order_id, day, amount) SELECT 'C' || i % 500, md5(i::VARCHAR),"
        " DATE '2024-01-01' + (i % 600)::INTEGER, (i * 7919 % 100000)::DECIMAL(18, 2) / 100 FROM range(?) orders(i)",
        [number],
    )


@pytest.fixture(scope="module")
def two_snapshots(tmp_path_factory):
    """A store of some two megabytes, with an older snapshot to go back to."""
    address = tmp_path_factory.mktemp("company") / "crm.store"
    build(address, orders(100))
    build(address, orders(30_000))
    return address


def answer(address, **which) -> list:
    """What a reader asks: counts, sums, days and every text of the table."""
    with open_store(address, **which) as store:
        t = store.transactions
        totals = t.aggregate(
            lines=t.count(),
            amount=t.amount.sum(),
            days=t.day.nunique(),
            orders=t.order_id.nunique(),
            letters=t.order_id.length().sum(),
            first=t.order_id.min(),
            last=t.order_id.max(),
            customers=t.customer_id.nunique(),
        )
        busiest = t.group_by("customer_id").agg(spent=t.amount.sum()).order_by("customer_id").limit(50)
        return [*collect(totals).iloc[0].tolist(), *collect(busiest)["spent"].tolist()]


def answer_or_error(address, **which) -> list | StoreError:
    try:
        return answer(address, **which)
    except StoreError as error:
        return error


def flip_a_bit(content: bytearray, chance: random.Random) -> None:
    content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)


def flip_a_header_bit(content: bytearray, chance: random.Random) -> None:
    content[chance.randrange(HEADERS)] ^= 1 << chance.randrange(8)


def zero_a_page(content: bytearray, chance: random.Random) -> None:
    used = [start for start in range(0, len(content), PAGE) if any(content[start : start + PAGE])]
    start = chance.choice(used)
    content[start : start + PAGE] = bytes(PAGE)


def zero_a_block(content: bytearray, chance: random.Random) -> None:
    start = HEADERS + chance.randrange((len(content) - HEADERS) // BLOCK) * BLOCK
    content[start : start + BLOCK] = bytes(BLOCK)


def cut_the_end(content: bytearray, chance: random.Random) -> None:
    del content[chance.randrange(len(content)) :]


def write_a_block_in_anothers_place(content: bytearray, chance: random.Random) -> None:
    one, other = (HEADERS + block * BLOCK for block in chance.sample(range((len(content) - HEADERS) // BLOCK), 2))
    content[one : one + BLOCK] = content[other : other + BLOCK]


NOTICED = [flip_a_bit, flip_a_header_bit, zero_a_page, zero_a_block, cut_the_end, write_a_block_in_anothers_place]
UNNOTICED = [flip_a_bit, flip_a_header_bit, zero_a_page, zero_a_block, cut_the_end]


def damage(path, how, chance: random.Random, *, keep_time: bool) -> None:
    """Change the file in place; a disk that loses bits does not set the file's time."""
    before = path.stat()
    content = bytearray(path.read_bytes())
    how(content, chance)
    path.write_bytes(content)
    if keep_time:
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def test_a_damaged_file_is_never_answered_wrongly(two_snapshots, tmp_path, trials):
    chance = random.Random(20_240_305)
    right, newest = answer(two_snapshots), current_id(two_snapshots)
    older = next(path.stem for path in (two_snapshots / "snapshots").glob("*.duckdb") if path.stem != newest)
    kinds = [(how, False) for how in NOTICED] + [(how, True) for how in UNNOTICED]
    errors = 0
    for trial in range(trials(200)):
        how, keep_time = kinds[trial % len(kinds)]
        address = tmp_path / f"{trial}.store"
        shutil.copytree(two_snapshots, address)
        path = address / "snapshots" / f"{newest}.duckdb"
        open_store(address).close()  # stamps the copy as verified
        damage(path, how, chance, keep_time=keep_time)
        found = answer_or_error(address)
        if isinstance(found, StoreError):
            errors += 1
            assert found.key in CLEAR
            assert newest in found.words("zh")
        else:
            assert found == right, f"{how.__name__} in trial {trial} gave a wrong answer"
        assert answer(address, snapshot=older)[0] == 100
        shutil.rmtree(address)
    assert errors >= trials(200) // 2


@pytest.mark.parametrize("how", NOTICED, ids=lambda how: how.__name__)
def test_damage_of_a_file_whose_time_changed_is_found_when_it_is_opened(two_snapshots, tmp_path, how):
    address = tmp_path / "crm.store"
    shutil.copytree(two_snapshots, address)
    newest = current_id(address)
    damage(address / "snapshots" / f"{newest}.duckdb", how, random.Random(1), keep_time=False)
    with pytest.raises(StoreError) as caught:
        open_store(address)
    assert caught.value.key == "snapshot_damaged"
    restored = restore(address, snapshot=caught.value.facts["available"][0])
    assert restored.tables["transactions"] == 100
    assert answer(address)[0] == 100


@pytest.mark.parametrize("content", [b"", b"\xb2\xff", b"0" * 64])
def test_a_damaged_stamp_only_means_that_the_file_is_hashed_again(two_snapshots, tmp_path, content: bytes):
    address = tmp_path / "crm.store"
    shutil.copytree(two_snapshots, address)
    stamp = address / "snapshots" / f"{current_id(address)}.verified"
    stamp.write_bytes(content)
    assert answer(address) == answer(two_snapshots)
    assert len(stamp.read_bytes()) > 64


def test_damaged_small_files_are_never_answered_wrongly(two_snapshots, tmp_path, trials):
    chance = random.Random(7)
    right, newest = answer(two_snapshots), current_id(two_snapshots)
    for trial in range(trials(100)):
        address = tmp_path / f"{trial}.store"
        shutil.copytree(two_snapshots, address)
        small = [address / "CURRENT", *(address / "snapshots" / f"{newest}{end}" for end in (".json", ".verified"))]
        damage(small[trial % 3], chance.choice([flip_a_bit, cut_the_end]), chance, keep_time=True)
        found = answer_or_error(address)
        if isinstance(found, StoreError):
            assert found.key in CLEAR
        else:
            assert found == right
            with open_store(address) as store:
                assert (store.snapshot.id, store.snapshot.tables["transactions"]) == (newest, 30_000)
        shutil.rmtree(address)
