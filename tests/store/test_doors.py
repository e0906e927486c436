"""Whatever lies in a store's folder or at its address: every public function answers, or says what is wrong."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from tests.doors import fault_without_words
from tests.store.test_damage import BLOCK, HEADERS, orders
from workbench.errors import WorkbenchError
from workbench.store import build, collect, definitions, erase, open_store, publish, restore, save_definition, snapshots

Door = Callable[[Path], object]
Spoil = Callable[[Path], object]

NAMES = {"en": "Best customers", "zh": "重点客户"}
DEEP = b'{"snapshot": ' + b"[" * 100_000


def ask(address: Path) -> None:
    with open_store(address) as store:
        collect(store.transactions.aggregate(amount=store.transactions.amount.sum()))
        collect(store.transactions.limit(100))
        store.arrays(store.transactions.select("amount"))


# Those that read come first: one that writes may put in order what it finds.
DOORS: dict[str, Door] = {
    "open": lambda address: open_store(address).close(),
    "open what is published": lambda address: open_store(address, published=True).close(),
    "collect": ask,
    "snapshots": snapshots,
    "definitions": definitions,
    "build": lambda address: build(address, orders(10), start_from_current=True),
    "publish": publish,
    "save a definition": lambda address: save_definition(address, "vip", {"kind": "rules"}, names=NAMES),
    "erase": lambda address: erase(address, ["C1"]),
    "restore": lambda address: restore(address, snapshot=oldest(address)),
}


def oldest(address: Path) -> str:
    ids = (
        sorted(path.stem for path in (address / "snapshots").glob("*.duckdb"))
        if (address / "snapshots").is_dir()
        else []
    )
    return ids[0] if ids else "20240101T000000000Z-0123456789ab"


def a_folder(name: str) -> Spoil:
    def spoil(address: Path) -> None:
        for path in address.glob(name):
            path.unlink()
            path.mkdir()

    return spoil


def content(name: str, content: bytes) -> Spoil:
    def spoil(address: Path) -> None:
        for path in address.glob(name):
            path.write_bytes(content)

    return spoil


def a_link_to_itself(address: Path) -> None:
    (address / "CURRENT").unlink()
    (address / "CURRENT").symlink_to("CURRENT")


def a_file_for_a_folder(address: Path) -> None:
    shutil.rmtree(address / "snapshots")
    (address / "snapshots").write_text("snapshots", encoding="utf-8")


def swapped_blocks(address: Path) -> None:
    """Write blocks in each other's places under an unchanged time, so that the file still passes as verified."""
    for path in address.glob("snapshots/*.duckdb"):
        before, blocks = path.stat(), bytearray(path.read_bytes())
        last = (len(blocks) - HEADERS) // BLOCK - 1
        one, other = HEADERS, HEADERS + last * BLOCK
        blocks[one : one + BLOCK], blocks[other : other + BLOCK] = (
            blocks[other : other + BLOCK],
            blocks[one : one + BLOCK],
        )
        path.write_bytes(blocks)
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def odd_definitions(address: Path) -> None:
    (address / "definitions" / "vip" / "0001.json").mkdir(parents=True)
    (address / "definitions" / "other").write_bytes(b"\xff")


SPOILT: dict[str, Spoil] = {
    "CURRENT is a folder": a_folder("CURRENT"),
    "PUBLISHED is a folder": a_folder("PUBLISHED"),
    "manifests are folders": a_folder("*/*.json"),
    "snapshots are folders": a_folder("*/*.duckdb"),
    "stamps are folders": a_folder("*/*.verified"),
    "the lock is a folder": a_folder("writer.lock"),
    "its holder is a folder": a_folder("writer.pid"),
    "the key is a folder": a_folder("publish.key"),
    "the log is a folder": lambda address: (address / "audit.log").mkdir(),
    "all is empty": content("**/*.*", b""),
    "manifests are deep": content("*/*.json", DEEP),
    "manifests are lists": content("*/*.json", b"[]"),
    "manifests hold a huge number": content("*/*.json", b'{"checksum": ' + b"9" * 10_000 + b"}"),
    "CURRENT is long": content("CURRENT", b"a" * 100_000),
    "CURRENT is bytes": content("CURRENT", b"\xff\x00\x01"),
    "CURRENT names another place": content("CURRENT", b"../../secrets.duckdb"),
    "CURRENT is a link to itself": a_link_to_itself,
    "snapshots is a file": a_file_for_a_folder,
    "blocks are swapped": swapped_blocks,
    "definitions are odd": odd_definitions,
}


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> Path:
    """A published store with two snapshots, the newest of some blocks."""
    address = tmp_path_factory.mktemp("doors") / "crm.store"
    build(address, orders(100))
    build(address, orders(3_000))
    publish(address)
    return address


@pytest.mark.parametrize("spoilt", SPOILT)
def test_every_door_of_a_spoilt_store_says_what_is_wrong(spoilt: str, whole: Path, tmp_path: Path):
    address = tmp_path / "crm.store"
    shutil.copytree(whole, address)
    open_store(address).close()  # stamps the copy as verified
    SPOILT[spoilt](address)
    faults = {name: fault_without_words(partial(door, address)) for name, door in DOORS.items()}
    assert faults == dict.fromkeys(DOORS, "")


def test_random_damage_anywhere_in_a_store_is_said_in_words(whole: Path, tmp_path: Path, trials):
    dice, faults = random.Random(14), []
    for trial in range(trials(150)):
        address = tmp_path / f"{trial}.store"
        shutil.copytree(whole, address)
        open_store(address).close()
        path = dice.choice([path for path in sorted(address.rglob("*")) if path.is_file()])
        damaged = bytearray(path.read_bytes())
        place = dice.randrange(len(damaged) + 1)
        damaged[place : place + dice.choice([0, 1, 64, 4096])] = dice.randbytes(dice.choice([0, 1, 64]))
        before = path.stat()
        path.write_bytes(damaged)
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
        name = dice.choice([*DOORS])
        if fault := fault_without_words(partial(DOORS[name], address)):
            faults.append((trial, name, path.name, fault))
        shutil.rmtree(address)
    assert faults == []


IMPOSSIBLE = {
    "too long": Path("x" * 5_000),
    "too long in all": Path(*["x" * 200] * 30),
    "with a NUL": Path("a\0b"),
    "not text": Path(os.fsdecode(b"\xff\xfe.store")),
}


@pytest.mark.parametrize("address", IMPOSSIBLE.values(), ids=IMPOSSIBLE)
@pytest.mark.parametrize("door", ["open", "build", "publish", "snapshots", "definitions"])
def test_an_address_that_cannot_be_is_refused(address: Path, door: str, tmp_path: Path):
    with pytest.raises(WorkbenchError) as refusal:
        DOORS[door](tmp_path / address)
    assert refusal.value.key == "impossible_path"
    assert len(refusal.value.words("en")) < 400
    assert refusal.value.words("en").isprintable()


def test_a_file_where_a_store_should_be_is_refused(tmp_path: Path):
    file = tmp_path / "orders.csv"
    file.write_text("a,b\n", encoding="utf-8")
    said = {
        name: fault_without_words(partial(door, place))
        for name, door in DOORS.items()
        for place in (file, file / "crm.store")
    }
    assert said == dict.fromkeys(DOORS, "")
