"""What would cost hours or all memory is refused before the work, in words that say what is allowed and what to do."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import duckdb
import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from workbench.errors import LoadError
from workbench.load import Mapping, check, read_text_table
from workbench.load.progress import ProgressMeter
from workbench.load.reading import byte_scan, folder_walk, gzipped, sheets

HEAD = "客户编号,日期,金额\n"
ORDER = "K1,2024-01-01,5\n"
PLACES = [f"c{place}" for place in range(1, 22)]


@pytest.fixture
def at_most(monkeypatch):
    """Set limits: `at_most(columns=20)`."""

    def set_limits(**limits: object) -> None:
        for name, most in limits.items():
            monkeypatch.setenv(f"WORKBENCH_MAX_{name.upper()}", str(most))

    return set_limits


def refusal(source: object) -> LoadError:
    """What `check` refuses a source with; the words name the variable that allows more, in both languages."""
    with pytest.raises(LoadError) as refused:
        check(source)
    error = refused.value
    assert str(error.facts["variable"]) in error.words("zh")
    assert str(error.facts["variable"]) in error.words("en")
    assert str(error.facts["most"]) in error.words("zh")
    return error


def wide_csv(folder: Path) -> Path:
    (folder / "wide.csv").write_text(",".join(PLACES) + "\n" + ",".join("1" * 21) + "\n")
    return folder / "wide.csv"


def wide_parquet(folder: Path) -> Path:
    pq.write_table(pa.table({place: [1] for place in PLACES}), folder / "wide.parquet")
    return folder / "wide.parquet"


def nested_parquet(folder: Path) -> Path:
    pq.write_table(pa.table({"c": [dict.fromkeys(PLACES, 1)]}), folder / "nested.parquet")
    return folder / "nested.parquet"


def parquet_parts(folder: Path) -> Path:
    wide_parquet(folder).rename(folder / "part-00000.parquet")
    return folder


def wide_xlsx(folder: Path) -> Path:
    workbook = openpyxl.Workbook()
    workbook.active.append(PLACES)
    workbook.active.append([1] * len(PLACES))
    workbook.save(folder / "wide.xlsx")
    return folder / "wide.xlsx"


def wide_table(folder: Path) -> Path:
    with duckdb.connect(str(folder / "wide.duckdb")) as con:
        con.execute(f"CREATE TABLE orders ({', '.join(f'{place} INTEGER' for place in PLACES)})")
    return folder / "wide.duckdb"


def wide_frame(_: Path) -> pd.DataFrame:
    return pd.DataFrame([[1] * len(PLACES)], columns=PLACES)


def wide_arrow(_: Path) -> pa.Table:
    return pa.table({place: [1] for place in PLACES})


@pytest.mark.parametrize(
    "make",
    [wide_csv, wide_parquet, nested_parquet, parquet_parts, wide_xlsx, wide_table, wide_frame, wide_arrow],
    ids=lambda make: make.__name__,
)
def test_a_table_with_too_many_columns_is_refused_wherever_it_comes_from(tmp_path, at_most, make):
    source = make(tmp_path)
    at_most(columns=20)
    error = refusal(source)
    assert (error.key, error.facts["count"], error.facts["most"]) == ("too_many_columns", 21, "20")
    at_most(columns=21)
    check(source)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("piece_bytes", [7, 64, 1 << 20])
def test_a_line_is_too_long_from_the_first_byte_beyond_the_limit(tmp_path, at_most, monkeypatch, end, piece_bytes):
    monkeypatch.setattr(byte_scan, "PIECE_BYTES", piece_bytes)
    path = tmp_path / "orders.csv"
    lines = ["a,b", "1," + "x" * 998, "2,3"]
    at_most(line="1KB")
    path.write_bytes(end.join([*lines, ""]).encode())
    byte_scan.scan_bytes(path, path.name)
    lines[1] += "x"
    path.write_bytes(end.join([*lines, ""]).encode())
    with pytest.raises(LoadError) as refused:
        byte_scan.scan_bytes(path, path.name)
    line = 1 if end == "\r" else 2  # where no line feed ends a line, they are not counted
    assert (refused.value.key, refused.value.facts["line"]) == ("line_too_long", line)


def test_a_file_that_lost_its_line_ends_is_refused_when_the_limit_is_reached_and_not_at_its_end(tmp_path, at_most):
    path = tmp_path / "endless.csv"
    path.write_bytes(HEAD.encode() + b"1," * (8 << 20))
    at_most(line="1MB")
    seen = []
    with pytest.raises(LoadError) as refused:
        check(path, mapping=Mapping.read(_mapping(tmp_path)), progress=lambda progress: seen.append(progress.done))
    assert (refused.value.key, refused.value.facts["line"]) == ("line_too_long", 2)
    assert max(seen) <= 2 * byte_scan.PIECE_BYTES


def _mapping(folder: Path) -> Path:
    text = '[[source]]\nfiles = ["*"]\ntable = "transactions"\n[source.columns]\n'
    path = folder / "mapping.toml"
    path.write_text(text + '"客户编号" = "customer_id"\n"日期" = "day"\n"金额" = "amount"\n', encoding="utf-8")
    return path


def test_one_row_beyond_the_limit_is_rejected_and_the_others_load(tmp_path, at_most):
    at_most(row_characters=100)
    path = tmp_path / "orders.csv"
    path.write_text(HEAD + ORDER + f'K2,2024-01-02,"{"5" * 200}"\n' + ORDER.replace("K1", "K3"), encoding="utf-8")
    report = check(path)
    assert [(one.rows_loaded, one.rows_rejected) for one in report.files] == [(2, 1)]


def test_a_quote_that_is_never_closed_takes_no_more_lines_than_a_cell_may_have(tmp_path, at_most):
    at_most(cell_lines=3)
    path = tmp_path / "orders.csv"
    path.write_text(HEAD + ORDER + 'K2,2024-01-02,"5\n\n\n\n\n"\n' + ORDER.replace("K1", "K3"), encoding="utf-8")
    assert [one.rows_loaded for one in check(path).files] == [2]


def folder_of(folder: Path, files: int) -> Path:
    for number in range(files):
        (folder / f"{number}.csv").write_text(HEAD + ORDER.replace("K1", f"K{number}"), encoding="utf-8")
    return folder


def test_a_folder_of_too_many_files_is_refused_before_one_is_opened(tmp_path, at_most):
    at_most(files=3)
    for number in range(4):
        (tmp_path / f"{number}.csv").write_bytes(b"\0")  # no table at all
    error = refusal(tmp_path)
    assert (error.key, error.facts["count"]) == ("too_many_files", 4)
    assert refusal(sorted(tmp_path.iterdir())).key == "too_many_files"
    assert refusal({str(number): wide_frame(tmp_path) for number in range(4)}).key == "too_many_files"


def test_a_folder_full_of_other_things_is_not_searched_to_its_end(tmp_path, at_most):
    at_most(folder_entries=10)
    for number in range(11):
        (tmp_path / f"{number}.jpg").touch()
    assert refusal(tmp_path).key == "folder_too_large"


def test_folders_in_folders_are_entered_as_deep_as_allowed(tmp_path, at_most):
    at_most(folder_depth=3)
    deep = tmp_path / "a" / "b" / "c"
    deep.mkdir(parents=True)
    folder_of(deep, 1)
    assert [one.file for one in check(tmp_path).files] == ["a/b/c/0.csv"]
    (deep / "d").mkdir()
    assert refusal(tmp_path).key == "folder_too_deep"


def test_a_subfolder_that_cannot_be_looked_into_is_said_and_not_left_out(tmp_path, monkeypatch):
    (folder_of(tmp_path, 1) / "客户").mkdir()
    look = os.scandir

    def denied(place: Path) -> object:
        if Path(place).name == "客户":
            raise PermissionError(place)
        return look(place)

    monkeypatch.setattr(folder_walk.os, "scandir", denied)
    with pytest.raises(LoadError, match="客户"):
        check(tmp_path)


def test_links_are_read_where_they_are_files_and_never_entered(tmp_path):
    folder_of(tmp_path, 1)
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / "up").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "linked.csv").symlink_to(tmp_path / "0.csv")
    (tmp_path / "loop.csv").symlink_to(tmp_path / "loop.csv")
    assert [path.name for path in folder_walk.files_below(tmp_path)] == ["0.csv", "linked.csv"]


def test_a_workbook_of_too_many_sheets_is_refused_unless_one_is_named(tmp_path, at_most):
    workbook = openpyxl.Workbook()
    for name in ("一月", "二月", "三月"):
        workbook.create_sheet(name).append(["客户编号", "金额"])
    workbook.save(tmp_path / "2024.xlsx")
    at_most(sheets=3)
    error = refusal(tmp_path / "2024.xlsx")
    assert (error.key, error.facts["count"]) == ("too_many_sheets", 4)
    with read_text_table(tmp_path / "2024.xlsx", sheet="二月") as table:
        assert table.names == ("客户编号", "金额")


def test_a_stray_cell_far_off_is_refused_although_its_area_is_allowed(tmp_path, monkeypatch):
    monkeypatch.setattr(sheets, "HARMLESS_AREA", 5_000)
    workbook = openpyxl.Workbook()
    workbook.active.append(["客户编号", "金额"])
    workbook.active.cell(600, 10, "备注")
    workbook.save(tmp_path / "stray.xlsx")
    with pytest.raises(LoadError, match="600 rows by 10 columns, nearly all of them empty"):
        check(tmp_path / "stray.xlsx")


def test_what_unpacks_to_too_much_is_refused(tmp_path, at_most, monkeypatch):
    rows = "".join(f"K{number},2024-01-01,{number * 7919 % 1000}\n" for number in range(20_000))
    (tmp_path / "orders.csv.gz").write_bytes(gzip.compress((HEAD + rows).encode()))
    with zipfile.ZipFile(wide_xlsx(tmp_path), "a", zipfile.ZIP_STORED) as workbook:
        workbook.writestr("xl/media/photo.png", b"x" * 100_000)
    at_most(unpacked="100KB")
    monkeypatch.setattr(gzipped, "PIECE_BYTES", 1 << 12)
    assert refusal(tmp_path / "orders.csv.gz").key == "gzip_too_large"
    assert refusal(tmp_path / "wide.xlsx").key == "workbook_too_large"


def test_a_bomb_is_looked_through_before_more_of_it_is_written(tmp_path, at_most, monkeypatch):
    monkeypatch.setattr(gzipped, "HARMLESS_FILE_BYTES", 1 << 20)
    monkeypatch.setattr(gzipped, "PIECE_BYTES", 1 << 18)
    at_most(unpacked="8MB", unpacked_ratio=5_000)
    (tmp_path / "bomb.csv.gz").write_bytes(gzip.compress(b"0" * (9 << 20)))
    written = []
    monkeypatch.setattr(ProgressMeter, "advance", lambda _, amount: written.append(amount))
    assert refusal(tmp_path / "bomb.csv.gz").key == "gzip_too_large"
    assert len(written) <= 2 + (1 << 20) // (1 << 18)


def test_a_parquet_footer_too_large_to_read_is_refused_by_its_length_alone(tmp_path, at_most):
    (tmp_path / "orders.parquet").write_bytes(b"PAR1" + b"x" * 6_000 + (5_000).to_bytes(4, "little") + b"PAR1")
    at_most(footer="4KB")
    assert refusal(tmp_path / "orders.parquet").key == "footer_too_large"


@pytest.mark.parametrize("text", ["a = " + "[" * 5_000 + "]" * 5_000, ".".join("a" * 5_000) + " = 1"])
def test_a_mapping_nested_beyond_sense_is_refused_in_words(tmp_path, text):
    (tmp_path / "mapping.toml").write_text(text)
    with pytest.raises(LoadError) as refused:
        Mapping.read(tmp_path / "mapping.toml")
    assert refused.value.key == "settings_too_deep"


HUGE = ("a_million_columns", "one_line", "lines_of_a_gigabyte", "parquet", "frame", "gzip", "xlsx", "toml", "folder")
"""The true sizes; a part of a run tries the first, `--full` all."""

REFUSED = {
    *("line_too_long", "too_many_columns", "gzip_too_large", "gzip_repeats"),
    *("sheet_too_wide", "settings_too_large", "too_many_files"),
}

ONE = """
import json, resource, sys, time
from workbench.errors import WorkbenchError
from workbench import load
import pandas as pd
from pathlib import Path
path = Path(sys.argv[1])
frame = pd.DataFrame([[1] * 100_000], columns=[f"c{n}" for n in range(100_000)]) if path.suffix == ".frame" else None
started, key = time.process_time(), None
try:
    load.Mapping.read(path) if path.suffix == ".toml" else load.check(path if frame is None else frame)
except WorkbenchError as error:
    key = error.key
children = resource.getrusage(resource.RUSAGE_CHILDREN)
seconds = time.process_time() - started + children.ru_utime + children.ru_stime  # others may keep the processor busy
# The peak of this program alone: ru_maxrss would be that of the process that started it, where that was larger.
own = next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM"))
used = max(own, children.ru_maxrss)
print(json.dumps([key, seconds, used / 1024]))
"""


ENDINGS = {"parquet": "parquet", "frame": "frame", "gzip": "csv.gz", "toml": "toml"}


def make_huge(kind: str, folder: Path) -> Path:
    """Write one of the true sizes."""
    path = (
        folder
        / f"{kind}.{ {'parquet': 'parquet', 'frame': 'frame', 'gzip': 'csv.gz', 'toml': 'toml'}.get(kind, 'csv') }"
    )
    mega = 1 << 20
    if kind == "folder":
        path = folder / "many"
        path.mkdir()
        folder_of(path, 20_000)
    elif kind == "parquet":
        pq.write_table(pa.table({f"c{place}": [1] for place in range(20_000)}), path)
    elif kind == "xlsx":
        path = wide_xlsx(folder)
        cells = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="BV1048576"><v>1</v></c></row>'
        with zipfile.ZipFile(path) as old:
            parts = {name: old.read(name) for name in old.namelist()}
        start, _, end = parts["xl/worksheets/sheet1.xml"].partition(b"<sheetData>")
        parts["xl/worksheets/sheet1.xml"] = start + b"<sheetData>" + cells.encode() + end[end.index(b"</sheetData>") :]
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
            for name, content in parts.items():
                new.writestr(name, content)
    elif kind == "frame":
        path.touch()
    else:
        pieces = {
            "one_line": (HEAD.encode(), *[b"1," * (mega // 2)] * 300),
            "lines_of_a_gigabyte": (HEAD.encode(), *[b"x" * mega] * 1_024, b"\n", ORDER.encode()),
            "a_million_columns": (b",".join(b"c%d" % place for place in range(1_000_000)), b"\n", b"1," * 999_999),
            "gzip": [b"\0" * mega] * 4_096,
            "toml": [b'"x" = "customer_id"\n'] * 500_000,
        }[kind]
        with gzip.open(path, "wb", compresslevel=1) if kind == "gzip" else path.open("wb") as file:
            file.writelines(pieces)
    return path


def test_the_true_sizes_are_refused_within_ten_seconds_and_a_gigabyte(tmp_path, trials):
    for kind in HUGE[: trials(len(HUGE))]:
        path = make_huge(kind, tmp_path)
        done = subprocess.run([sys.executable, "-c", ONE, str(path)], capture_output=True, text=True, check=True)
        key, seconds, megabytes = json.loads(done.stdout.splitlines()[-1])
        if path.is_file():
            path.unlink()
        assert key in REFUSED, kind
        assert seconds < 10, kind
        assert megabytes < 1_000, kind
