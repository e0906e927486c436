"""One pass over a file's bytes: its size, its hash, its line ends, and whether it is valid UTF-8."""

from __future__ import annotations

import codecs
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from workbench.errors import LoadError
from workbench.limits import allowed, load_limits
from workbench.load.progress import ProgressMeter

PIECE_BYTES = 4 << 20
"""How many bytes are read at once; a file is never held whole."""

SAMPLE_BYTES = 256 << 10
"""How many bytes from the file's beginning are kept for guessing."""


@dataclass(frozen=True)
class ByteScan:
    """What one pass over the bytes tells, before anything is decoded."""

    size: int
    sha256: str
    start: bytes
    line_feeds: int
    carriage_returns: int
    pairs: int
    """CR immediately followed by LF."""
    nuls_even: int
    nuls_odd: int
    utf8: bool
    blank_end: int
    """How many blank lines stand at the very end."""
    ends_line: bool
    """True where the last line is closed by a line end."""

    @property
    def nuls(self) -> int:
        """How many NUL bytes there are."""
        return self.nuls_even + self.nuls_odd

    @property
    def lines(self) -> int:
        """How many lines there are, where they end with LF or CR LF."""
        return self.line_feeds + (not self.ends_line)

    @property
    def plain_line_ends(self) -> bool:
        """True where every line ends with LF, or every line with CR LF."""
        return self.carriage_returns in (0, self.line_feeds) and self.pairs == self.carriage_returns


def read_pieces(path: Path, meter: ProgressMeter | None = None) -> Iterator[bytes]:
    """Yield the file's bytes piece by piece and tell `meter` how many have been read."""
    with path.open("rb") as file:
        while piece := file.read(PIECE_BYTES):
            yield piece
            if meter:
                meter.advance(len(piece))


def scan_bytes(path: Path, file: str, meter: ProgressMeter | None = None) -> ByteScan:
    """Read the file once and count what later steps base their decisions on.

    LoadError `line_too_long` where a line is longer than allowed, as soon as it is: later steps hold whole lines.
    """
    line_lengths = _LineLengths(file, load_limits().line_bytes)
    digest = hashlib.sha256()
    decoder: codecs.IncrementalDecoder | None = codecs.getincrementaldecoder("utf-8")("strict")
    size = feeds = returns = pairs = even = odd = 0
    only_ascii = True
    start = end = b""
    for piece in read_pieces(path, meter):
        line_lengths.follow(piece, lines_before=feeds)
        digest.update(piece)
        feeds += piece.count(b"\n")
        if b"\r" in piece or end.endswith(b"\r"):
            returns += piece.count(b"\r")
            pairs += piece.count(b"\r\n") + (end.endswith(b"\r") and piece.startswith(b"\n"))
        if b"\0" in piece:
            first, second = piece[::2].count(0), piece[1::2].count(0)
            even, odd = (even + first, odd + second) if size % 2 == 0 else (even + second, odd + first)

        if only_ascii and not piece.isascii():
            only_ascii = False
        if decoder and not only_ascii:
            decoder = _still_valid(decoder, piece)
        if len(start) < SAMPLE_BYTES:
            start += piece[: SAMPLE_BYTES - len(start)]
        end = (end + piece)[-4096:]
        size += len(piece)
    valid = decoder is not None and _still_valid(decoder, b"", final=True) is not None
    return ByteScan(
        size=size, sha256=digest.hexdigest(), start=start, line_feeds=feeds, carriage_returns=returns, pairs=pairs,
        nuls_even=even, nuls_odd=odd, utf8=valid, blank_end=_blank_lines_at(end), ends_line=end.endswith(b"\n"),
    )  # fmt: skip


def source_sha256(path: Path, meter: ProgressMeter | None = None) -> str:
    """Return the file's SHA-256, by which the same file is recognised."""
    digest = hashlib.sha256()
    for piece in read_pieces(path, meter):
        digest.update(piece)
    return digest.hexdigest()


class _LineLengths:
    """Follows the bytes of a file by leaps from one line end to the last one within reach; no line is looked at."""

    def __init__(self, file: str, most: int) -> None:
        self._file, self._most = file, most
        self._open = 0
        """Bytes of the line that the pieces so far leave open."""

    def follow(self, piece: bytes, *, lines_before: int) -> None:
        """Take the next piece; LoadError names the line that is too long."""
        start = -self._open
        while start + self._most < len(piece):
            end = _last_line_end(piece, max(start, 0), start + self._most + 1)
            if end < 0:
                line = lines_before + piece.count(b"\n", 0, max(start, 0)) + 1
                raise LoadError("line_too_long", file=self._file, line=line, **allowed("line_bytes"))
            start = end + 1
        self._open = (
            len(piece) - 1 - end if (end := _last_line_end(piece, 0, len(piece))) >= 0 else self._open + len(piece)
        )


def _last_line_end(piece: bytes, start: int, stop: int) -> int:
    return max(piece.rfind(b"\n", start, stop), piece.rfind(b"\r", start, stop))


def _still_valid(
    decoder: codecs.IncrementalDecoder, piece: bytes, *, final: bool = False
) -> codecs.IncrementalDecoder | None:
    """Return the decoder while everything so far is valid, else None."""
    try:
        decoder.decode(piece, final)
    except UnicodeDecodeError:
        return None
    return decoder


def _blank_lines_at(end: bytes) -> int:
    """Count the line ends after the last line that holds something."""
    tail = end[len(end.rstrip(b"\r\n")) :].replace(b"\r\n", b"\n")
    return max(len(tail) - 1, 0)
