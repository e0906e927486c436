"""Gzip: unpack beside the file, with a limit for what packs a disk into a few bytes."""

from __future__ import annotations

import gzip
import zlib
from pathlib import Path

from workbench.errors import LoadError
from workbench.load.reading.byte_scan import PIECE_BYTES
from workbench.load.reading.read_job import ReadJob

GZIP_START = b"\x1f\x8b"

HIGHEST_GZIP_RATIO = 500
"""A file that unpacks to more than this many times its size repeats one thing; data files come to 5 to 50."""

HARMLESS_FILE_BYTES = 64 << 20
"""Up to this many bytes a file may unpack to whatever its ratio."""


def unpack_gzip(path: Path, job: ReadJob) -> Path:
    """Unpack into the job's folder and return the new file; LoadError for a broken file and for a bomb."""
    target = job.folder / f"unpacked-{path.name}.part"
    packed = path.stat().st_size
    meter, reported, written = job.meter("decode", packed), 0, 0
    try:
        with path.open("rb") as raw, gzip.GzipFile(fileobj=raw) as source, target.open("wb") as out:
            while piece := source.read(PIECE_BYTES):
                written += len(piece)
                if written > max(HARMLESS_FILE_BYTES, HIGHEST_GZIP_RATIO * packed):
                    raise LoadError("gzip_too_large", file=job.name)
                out.write(piece)
                meter.advance(raw.tell() - reported)
                reported = raw.tell()
    except (gzip.BadGzipFile, EOFError, zlib.error) as broken:
        raise LoadError("broken_gzip", file=job.name) from broken
    return target
