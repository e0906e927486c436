"""The container of the old Office formats: a file system in a file, of which the stream of the workbook is taken out.

Stands alone, like all that the process which reads a sheet (`sheet_child.py`) runs.
"""

from __future__ import annotations

import struct

END_OF_CHAIN = 0xFFFFFFFA
"""Sector numbers from here on end a chain or mark a sector as free."""

SMALL_STREAM = 4096
"""Shorter streams lie in a pool of small sectors."""

UNUSUAL = (struct.error, IndexError, ValueError, OverflowError)
"""What a container raises that is not built as this reader expects."""


def workbook_stream(data: bytes) -> bytes:
    """Take the stream of the workbook out of its container; empty where there is none."""
    size = 1 << struct.unpack_from("<H", data, 30)[0]
    small = 1 << struct.unpack_from("<H", data, 32)[0]
    first_directory, first_small = struct.unpack_from("<I", data, 48)[0], struct.unpack_from("<I", data, 60)[0]
    tables = [sector for sector in struct.unpack_from("<109I", data, 76) if sector < END_OF_CHAIN]
    further = struct.unpack_from("<I", data, 68)[0]
    for _ in range(len(data) // size):
        if further >= END_OF_CHAIN:
            break
        *sectors, further = struct.unpack_from(f"<{size // 4}I", data, (further + 1) * size)
        tables += [sector for sector in sectors if sector < END_OF_CHAIN]
    following = [number for sector in tables for number in _numbers(data, sector, size)]

    def chain(first: int) -> bytes:
        parts: list[bytes] = []
        sector = first
        while sector < min(len(following), END_OF_CHAIN) and len(parts) <= len(following):
            parts.append(data[(sector + 1) * size : (sector + 2) * size])
            sector = following[sector]
        return b"".join(parts)

    directory = chain(first_directory)
    entries = [directory[place : place + 128] for place in range(0, len(directory) - 127, 128)]
    root = entries[0] if entries else b""
    for entry in entries:
        name = entry[: max(struct.unpack_from("<H", entry, 64)[0] - 2, 0)].decode("utf-16-le", "replace")
        if name in ("Workbook", "Book"):
            first, length = struct.unpack_from("<II", entry, 116)
            if length >= SMALL_STREAM:
                return chain(first)[:length]
            pool, smalls = chain(struct.unpack_from("<I", root, 116)[0]), chain(first_small)
            links = struct.unpack(f"<{len(smalls) // 4}I", smalls)
            parts: list[bytes] = []
            while first < len(links) and len(parts) <= len(links):
                parts.append(pool[first * small : (first + 1) * small])
                first = links[first]
            return b"".join(parts)[:length]
    return b""


def _numbers(data: bytes, sector: int, size: int) -> tuple[int, ...]:
    table = data[(sector + 1) * size : (sector + 2) * size]
    return struct.unpack(f"<{len(table) // 4}I", table[: len(table) // 4 * 4])
