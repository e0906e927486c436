"""Gzip: unpack beside the file, within limits for what packs a disk into a few bytes."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path

from workbench.errors import LoadError
from workbench.limits import allowed, load_limits
from workbench.load.reading.byte_scan import PIECE_BYTES
from workbench.load.reading.read_job import ReadJob

GZIP_START = b"\x1f\x8b"

HARMLESS_FILE_BYTES = 64 << 20
"""Up to this many bytes a file may unpack whatever its ratio."""

LOOKED_THROUGH_RATIO = 20
"""A file that unpacks to more than this many times its size is looked through before more of it is written: unpacking
takes a second for 2 GB, writing many."""


def unpack_gzip(path: Path, job: ReadJob) -> Path:
    """Unpack into the job's folder and return the new file; LoadError for a broken file and for a bomb."""
    target = job.folder / f"unpacked-{path.name}.part"
    meter, done, is_looked_through = job.meter("decode", path.stat().st_size), 0, False
    with target.open("wb") as out:
        for piece, read, unpacked in _pieces(path, job.name):
            if not is_looked_through and unpacked > max(HARMLESS_FILE_BYTES, LOOKED_THROUGH_RATIO * read):
                is_looked_through = all(True for _ in _pieces(path, job.name))
            out.write(piece)
            meter.advance(read - done)
            done = read
    return target


def _pieces(path: Path, file: str) -> Iterator[tuple[bytes, int, int]]:
    """Yield what a file unpacks to, with the bytes read and unpacked so far, as far as the limits allow."""
    limits, unpacked = load_limits(), 0
    try:
        with path.open("rb") as raw, gzip.GzipFile(fileobj=raw) as source:
            while piece := source.read(PIECE_BYTES):
                unpacked += len(piece)
                if unpacked > limits.unpacked_bytes:
                    raise LoadError("gzip_too_large", file=file, **allowed("unpacked_bytes"))
                if unpacked > max(HARMLESS_FILE_BYTES, limits.unpacked_ratio * raw.tell()):
                    raise LoadError("gzip_repeats", file=file, **allowed("unpacked_ratio"))
                yield piece, raw.tell(), unpacked
    except (gzip.BadGzipFile, EOFError, zlib.error) as broken:
        raise LoadError("broken_gzip", file=file) from broken
