"""What is to be loaded: files, folders of files and tables in memory, each under the name it is known by."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePath
from typing import Any

import narwhals as nw
import pyarrow as pa

from workbench.errors import LoadError

SUFFIXES = (".csv", ".tsv", ".txt", ".tab", ".dat", ".xlsx", ".xlsm", ".xls", ".parquet", ".gz")
"""The files a folder is searched for. What a file really is, its bytes say."""

Sources = Any
"""A path, a data frame, several of them, or frames by name."""


@dataclass(frozen=True)
class Origin:
    """One thing to load: its name in the store, and the file or the table in memory."""

    name: str
    path: Path | None = None
    table: pa.Table | None = None


def find_origins(sources: Sources) -> list[Origin]:
    """List what the sources amount to; a folder brings its data files, those of its subfolders too, in order of name.

    A file in a folder is named by its path below that folder, so that `2023/订单.csv` and `2024/订单.csv` stay apart.
    """
    if isinstance(sources, Mapping):
        origins = [Origin(str(name), table=_arrow(table)) for name, table in sources.items()]
    elif isinstance(sources, (str, Path)):
        origins = _in_path(Path(sources))
    elif _is_frame(sources):
        origins = [Origin("table", table=_arrow(sources))]
    elif isinstance(sources, Iterable):
        origins = [origin for source in sources for origin in find_origins(source)]
    else:
        raise LoadError("not_a_source", type=type(sources).__name__)
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


def _in_path(path: Path) -> list[Origin]:
    if path.is_dir():
        origins = [
            Origin(file.relative_to(path).as_posix(), file)
            for file in sorted(path.rglob("*"))
            if file.is_file() and file.suffix.lower() in SUFFIXES and not _hidden(file.relative_to(path))
        ]
        if not origins:
            raise LoadError("empty_folder", folder=path.name or str(path), types=list(SUFFIXES))
        return origins
    if not path.is_file():
        raise LoadError("missing_file", file=str(path))
    return [Origin(path.name, path)]


def _hidden(below: Path) -> bool:
    """True for what an office program or a system keeps beside the data."""
    return any(part.startswith((".", "~$")) for part in below.parts)


def _is_frame(source: object) -> bool:
    return isinstance(nw.from_native(source, pass_through=True), (nw.DataFrame, nw.LazyFrame))


def _arrow(table: object) -> pa.Table:
    """Take a pandas, Polars or Arrow table as Arrow; the caller's own is never changed."""
    if not _is_frame(table):
        raise LoadError("not_a_source", type=type(table).__name__)
    frame: Any = nw.from_native(table, pass_through=True)
    arrow: pa.Table = (frame.collect() if isinstance(frame, nw.LazyFrame) else frame).to_arrow()
    return arrow
