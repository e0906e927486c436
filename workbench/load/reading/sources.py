"""What is to be loaded: files, folders, databases and tables in memory, each under the name it is known by."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path, PurePath
from typing import Any

import narwhals as nw
import pyarrow as pa

from workbench.errors import LoadError
from workbench.limits import allowed, check_columns, load_limits
from workbench.load.reading.databases.address import address_in, address_of_file
from workbench.load.reading.databases.database import Database, WantedRows
from workbench.load.reading.databases.duckdb_file import ParquetFolder
from workbench.load.reading.folder_walk import files_below
from workbench.system_paths import check_path
from workbench.visible_text import visible

SUFFIXES = (".csv", ".tsv", ".txt", ".tab", ".dat", ".xlsx", ".xlsm", ".xls", ".parquet", ".gz")
"""The files a folder is searched for. What a file really is, its bytes say."""

PART_OF_TABLE = re.compile(
    r"(?:part|data|chunk)?[-_.]?[0-9][-_.0-9a-f]*(?:\.c[0-9]+)?(?:\.\w+)?\.parquet", re.IGNORECASE
)
PARTITION = re.compile(r"[^=/]+=[^/]*")
"""How writers name the files of one table, and its folders: part-00000-….snappy.parquet, 0.parquet, year=2024."""

Sources = Any
"""A path, a data frame, a database or its address, several of them, or frames by name."""


@dataclass(frozen=True)
class Origin:
    """One thing to load: its name in the store, and the file, the table in memory or the rows of a database."""

    name: str
    path: Path | None = None
    table: pa.Table | None = None
    rows: WantedRows | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", visible(self.name))


@contextmanager
def opened_origins(sources: Sources) -> Iterator[list[Origin]]:
    """List what the sources amount to; databases among them stay open, in one transaction each, within the `with`.

    A folder brings its data files, those of its subfolders too, in order of name. A file in a folder is named by its
    path below that folder, so that `2023/订单.csv` and `2024/订单.csv` stay apart. Files of Parquet that a writer made
    as parts of one table are one source under the name of their folder. LoadError `too_many_files` for more sources
    than allowed.
    """
    with ExitStack() as sessions:
        origins = _origins(sources, sessions)
        if len(origins) > load_limits().files:
            raise LoadError("too_many_files", count=len(origins), **allowed("files"))
        yield _named_differently(origins)


def _origins(sources: Sources, sessions: ExitStack) -> list[Origin]:
    if isinstance(sources, Mapping):
        return [Origin(str(name), table=_arrow(table, str(name))) for name, table in sources.items()]
    if isinstance(sources, Database):
        return _in_database(sources, sessions)
    if isinstance(sources, (str, Path)):
        if (address := address_in(sources)) is not None:
            return _in_database(Database(address), sessions)
        return _in_path(Path(sources), sessions)
    if _is_frame(sources):
        return [Origin("table", table=_arrow(sources, "table"))]
    if isinstance(sources, Iterable):
        return [origin for source in sources for origin in _origins(source, sessions)]
    raise LoadError("not_a_source", type=type(sources).__name__)


def _named_differently(origins: Sequence[Origin]) -> list[Origin]:
    """Tell sources apart by their folders; LoadError where two keep one name."""
    origins = _told_apart(origins)
    names = [origin.name for origin in origins]
    if repeated := sorted({name for name in names if names.count(name) > 1}):
        raise LoadError("same_name", files=repeated)
    return origins


def _told_apart(origins: Sequence[Origin]) -> list[Origin]:
    """Name files of one name in several folders by their folders too: jan/orders.csv, feb/orders.csv."""
    names = [origin.name for origin in origins]
    named = []
    for origin in origins:
        alike = [other.path for other in origins if other.name == origin.name and other.path is not None]
        if names.count(origin.name) == 1 or origin.path is None or len({path.resolve() for path in alike}) < len(alike):
            named.append(origin)
            continue
        depth = len(PurePath(origin.name).parts)
        paths = [path.resolve().parts for path in alike]
        while len({parts[-depth:] for parts in paths}) < len(paths):
            depth += 1
        named.append(replace(origin, name="/".join(origin.path.resolve().parts[-depth:])))
    return named


def _in_database(database: Database, sessions: ExitStack) -> list[Origin]:
    session = database.opened()
    sessions.callback(session.close)
    return [Origin(rows.name, rows=rows) for rows in database.wanted(session)]


def _in_path(path: Path, sessions: ExitStack) -> list[Origin]:
    check_path(path, LoadError)
    if path.is_dir():
        return _in_folder(path, sessions)
    if not path.is_file():
        raise LoadError("missing_file", file=str(path))
    address = address_of_file(path)
    return _in_database(Database(address), sessions) if address else [Origin(path.name, path)]


def _in_folder(folder: Path, sessions: ExitStack) -> list[Origin]:
    files = [
        file
        for file in files_below(folder)
        if file.suffix.lower() in SUFFIXES and not _hidden(file.relative_to(folder))
    ]
    tables: dict[Path, list[Path]] = {}
    for file in files:
        check_path(file, LoadError)
        if (home := _folder_of_table(file, folder)) is not None:
            tables.setdefault(home, []).append(file)
    parts = {file for together in tables.values() for file in together}
    origins = [Origin(file.relative_to(folder).as_posix(), file) for file in files if file not in parts]
    for home, together in tables.items():
        name = home.relative_to(folder).as_posix() if home != folder else folder.resolve().name
        session = ParquetFolder(together, name)
        sessions.callback(session.close)
        origins.append(Origin(name, rows=WantedRows(session, name, session.select_from(name))))
    if not origins:
        raise LoadError("empty_folder", folder=folder.name or str(folder), types=list(SUFFIXES))
    return sorted(origins, key=lambda origin: origin.name)


def _folder_of_table(file: Path, root: Path) -> Path | None:
    """The folder that is one table of Parquet files, of which this is a part; None for a file by itself.

    It is the folder above those called `year=2024`, else the one in which parts lie under the names that writers give.
    """
    if file.suffix.lower() != ".parquet":
        return None
    home, is_partitioned = file.parent, False
    while home != root and PARTITION.fullmatch(home.name):
        home, is_partitioned = home.parent, True
    return home if is_partitioned or PART_OF_TABLE.fullmatch(file.name) else None


def _hidden(below: Path) -> bool:
    """True for what an office program or a system keeps beside the data."""
    return any(part.startswith((".", "~$")) for part in below.parts)


def _is_frame(source: object) -> bool:
    return isinstance(nw.from_native(source, pass_through=True), (nw.DataFrame, nw.LazyFrame))


def _arrow(table: object, name: str) -> pa.Table:
    """Take a pandas, Polars or Arrow table as Arrow; the caller's own is never changed."""
    if not _is_frame(table):
        raise LoadError("not_a_source", type=type(table).__name__)
    frame: Any = nw.from_native(table, pass_through=True)
    check_columns(name, len(frame.collect_schema()) if isinstance(frame, nw.LazyFrame) else len(frame.columns))
    arrow: pa.Table = (frame.collect() if isinstance(frame, nw.LazyFrame) else frame).to_arrow()
    return arrow
