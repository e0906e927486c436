"""Damaged files of every kind, and names no file should have: a report or a sentence, never another exception."""

from __future__ import annotations

import gzip
import os
import random
import sqlite3
from collections.abc import Callable
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
import pytest
import xlsxwriter
import xlwt

from tests.doors import fault_without_words
from workbench.errors import WorkbenchError
from workbench.load import check, load, suggest_mapping
from workbench.visible_text import visible

HEADER = ("customer_id", "order_id", "day", "amount")
ROWS = [(f"C{row % 9}", f"O{row}", f"2024-01-{row % 28 + 1:02}", row + 0.5) for row in range(60)]


def text(path: Path) -> None:
    lines = [",".join(map(str, row)) for row in (HEADER, *ROWS)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def packed(path: Path) -> None:
    text(path)
    path.write_bytes(gzip.compress(path.read_bytes()))


def workbook(path: Path) -> None:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for place, row in enumerate((HEADER, *ROWS)):
            sheet.write_row(place, 0, row)


def old_workbook(path: Path) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("orders")
    for place, row in enumerate((HEADER, *ROWS)):
        for column, value in enumerate(row):
            sheet.write(place, column, value)
    book.save(str(path))


def parquet(path: Path) -> None:
    columns = zip(*ROWS, strict=True)
    pa.parquet.write_table(pa.table(dict(zip(HEADER, map(list, columns), strict=True))), path)


def sqlite_file(path: Path) -> None:
    con = sqlite3.connect(path)
    con.execute(f"CREATE TABLE orders ({', '.join(HEADER)})")
    con.executemany("INSERT INTO orders VALUES (?, ?, ?, ?)", ROWS)
    con.commit()
    con.close()


def duckdb_file(path: Path) -> None:
    with duckdb.connect(path) as con:
        con.execute("CREATE TABLE orders (customer_id VARCHAR, order_id VARCHAR, day DATE, amount DOUBLE)")
        con.executemany("INSERT INTO orders VALUES (?, ?, ?, ?)", ROWS)


KINDS: dict[str, Callable[[Path], None]] = {
    ".csv": text,
    ".csv.gz": packed,
    ".xlsx": workbook,
    ".xls": old_workbook,
    ".parquet": parquet,
    ".sqlite": sqlite_file,
    ".duckdb": duckdb_file,
}


@pytest.fixture(scope="module")
def originals(tmp_path_factory) -> dict[str, bytes]:
    """A whole file of each kind."""
    folder = tmp_path_factory.mktemp("originals")
    for suffix, write in KINDS.items():
        write(folder / f"orders{suffix}")
    return {suffix: (folder / f"orders{suffix}").read_bytes() for suffix in KINDS}


def damaged(whole: bytes, dice: random.Random) -> bytes:
    content = bytearray(whole)
    place, length = dice.randrange(len(content)), dice.choice([1, 4, 64, 512])
    match dice.choice(["bits", "zeros", "cut", "more", "twice", "other", "end"]):
        case "bits":
            for _ in range(dice.choice([1, 3, 20])):
                content[dice.randrange(len(content))] ^= 1 << dice.randrange(8)
        case "zeros":
            content[place : place + length] = bytes(min(length, len(content) - place))
        case "cut":
            del content[place:]
        case "more":
            content[place:place] = dice.randbytes(length)
        case "twice":
            content[place:place] = content[place : place + length]
        case "other":
            content[place : place + length] = dice.randbytes(min(length, len(content) - place))
        case "end":
            content[-40:] = dice.randbytes(40)
    return bytes(content)


def fault_of(path: Path, store: Path) -> str:
    """Suggest, load and check a file; say which exception without words that raises."""

    def work() -> None:
        load(path, store=store, mapping=suggest_mapping(path))
        check(path)

    return fault_without_words(work)


@pytest.mark.parametrize("suffix", KINDS)
def test_a_damaged_file_gives_a_report_or_a_sentence(suffix: str, originals, tmp_path, trials):
    dice, faults = random.Random(f"damaged{suffix}"), []
    for trial in range(trials(20)):
        path = tmp_path / f"{trial}{suffix}"
        path.write_bytes(damaged(originals[suffix], dice))
        if fault := fault_of(path, tmp_path / f"{trial}.store"):
            faults.append((trial, fault))
    assert faults == []


def packed_again_and_again(csv: bytes) -> bytes:
    for _ in range(200):
        csv = gzip.compress(csv)
    return csv


SPECIAL: dict[str, Callable[[dict[str, bytes]], bytes]] = {
    "nested.csv.gz": lambda whole: packed_again_and_again(whole[".csv"]),
    "footer.parquet": lambda whole: whole[".parquet"][:-60] + bytes(range(52)) + whole[".parquet"][-8:],
    "long footer.parquet": lambda whole: whole[".parquet"][:-8] + b"\xff\xff\xff\x7fPAR1",
    "text.parquet": lambda whole: whole[".csv"],
    "text.xlsx": lambda whole: whole[".csv"],
    "text.sqlite": lambda whole: whole[".csv"],
    "table.csv": lambda whole: whole[".parquet"],
    "half a mark.csv": lambda _: b"\xff\xfea",
    "only quotes.csv": lambda _: b'"' * 5_001,
    "only NUL.csv": lambda _: bytes(5_000),
    "nothing inside.xlsx": lambda _: b"PK\x05\x06" + bytes(18),
}


@pytest.mark.parametrize("name", SPECIAL)
def test_a_file_that_is_none_is_refused_in_words(name: str, originals, tmp_path):
    path = tmp_path / name
    path.write_bytes(SPECIAL[name](originals))
    assert fault_of(path, tmp_path / "crm.store") == ""


ODD_NAMES = ["new\nline.csv", "red\x1b[31m.csv", "over\u202eride.csv", "*.csv", "a{b,c}.csv", "[x].csv", "%s'\".csv"]


@pytest.mark.parametrize("name", ODD_NAMES)
def test_a_file_of_an_odd_name_is_loaded_as_itself(name: str, originals, tmp_path):
    (tmp_path / name).write_bytes(originals[".csv"])
    (tmp_path / "b.csv").write_bytes(originals[".csv"].replace(b"O", b"P"))  # what a pattern would match as well
    report = load(tmp_path / name, store=tmp_path / "crm.store")
    assert [(file.file, file.rows_loaded) for file in report.files] == [(visible(name), len(ROWS))]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such names")
@pytest.mark.parametrize("alone", [True, False], ids=["the file", "its folder"])
def test_a_name_that_is_no_text_is_refused_and_shown(alone: bool, originals, tmp_path):
    path = tmp_path / os.fsdecode("订单.csv".encode("gbk"))
    path.write_bytes(originals[".csv"])
    with pytest.raises(WorkbenchError) as refusal:
        load(path if alone else tmp_path, store=tmp_path / "crm.store")
    assert refusal.value.key == "impossible_path"
    assert refusal.value.words("zh").isprintable()
