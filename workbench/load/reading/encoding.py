"""Tell a text file's encoding by its bytes, never by its name, and bring it to UTF-8 piece by piece."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from pathlib import Path

from charset_normalizer import from_bytes

from workbench.errors import LoadError
from workbench.load.progress import ProgressMeter
from workbench.load.questions import Question
from workbench.load.reading.byte_scan import SAMPLE_BYTES, ByteScan, read_pieces

BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

COMMON_SHARE = 0.8
"""From this share of everyday Chinese characters on, valid GB18030 is taken for Chinese without a second opinion."""

DAMAGED_SHARE = 0.1
"""Up to this share of broken characters a file keeps its encoding, and the lines that hold them are rejected."""


@dataclass(frozen=True)
class Encoding:
    """The encoding of a file, and whether the bytes prove it."""

    name: str
    sure: bool = True
    damaged: bool = False
    """Some characters are broken: the lines that hold them become rejects."""
    bom: int = 0
    rivals: tuple[str, ...] = ()

    def question(self, file: str, start: bytes) -> Question:
        """Ask which of the possible readings is right, each with a preview of its first lines."""
        names = dict.fromkeys((self.name, *self.rivals))
        choices = {name: tuple(start.decode(name, "replace").splitlines()[:8]) for name in names}
        return Question("which_encoding", file, {"encodings": list(names)}, choices)


def detect_encoding(path: Path, scan: ByteScan) -> Encoding:
    """Tell the encoding of the file: BOM, UTF-8, NUL parity for UTF-16, GB18030, MacRoman; unsure where none is proved.

    Where two readings are possible the result has `sure=False` and names the rivals. Raises LoadError `not_text`
    for bytes that are not text at all.
    """
    for mark, name in BOMS:
        if scan.start.startswith(mark):
            return Encoding(name, bom=len(mark), damaged=name == "utf-8" and not scan.utf8)
    if scan.utf8 and scan.nuls < 0.2 * scan.size:
        return Encoding("utf-8")
    if scan.nuls:
        return _utf16_without_mark(path, scan)
    return _bytes_without_nul(path, scan)


def _utf16_without_mark(path: Path, scan: ByteScan) -> Encoding:
    """UTF-16 without a mark: the NUL bytes of its Latin characters all stand on one side."""
    name = "utf-16-le" if scan.nuls_odd > scan.nuls_even else "utf-16-be"
    one_sided = min(scan.nuls_even, scan.nuls_odd) <= 0.01 * scan.nuls
    if one_sided and scan.nuls > 0.01 * scan.size and _decodes(path, name):
        return Encoding(name)
    damaged = _damaged(scan, "utf-8") or _damaged(scan, "gb18030")
    if damaged and scan.nuls < 0.1 * scan.size:
        return damaged
    raise LoadError("not_text", file=path.name)


def _bytes_without_nul(path: Path, scan: ByteScan) -> Encoding:
    """One byte a character, or Chinese with two and four."""
    carriage_returns_only = scan.carriage_returns > 0 and scan.line_feeds == 0
    if damaged := _damaged(scan, "utf-8"):
        return damaged
    if _decodes(path, "gb18030"):
        common = _common_share(scan.start)
        if common >= COMMON_SHARE:
            return Encoding("gb18030")
        if carriage_returns_only and common < 0.5:
            return Encoding("mac_roman")
        second = _second_opinion(scan.start)
        return Encoding("gb18030", sure=second == "gb18030", rivals=(second, "cp1252"))
    if damaged := _damaged(scan, "gb18030"):
        return damaged
    if _control_share(scan.start) > 0.02:
        raise LoadError("not_text", file=path.name)
    if carriage_returns_only:
        return Encoding("mac_roman")
    candidates = [name for name in (_second_opinion(scan.start), "cp1252", "mac_roman") if _decodes(path, name)]
    return Encoding(candidates[0], sure=False, rivals=tuple(candidates[1:]))


def _decodes(path: Path, name: str) -> bool:
    """True where the whole file is valid in this encoding."""
    decoder = codecs.getincrementaldecoder(name)("strict")
    try:
        for piece in read_pieces(path):
            decoder.decode(piece)
        decoder.decode(b"", True)
    except UnicodeDecodeError:
        return False
    return True


def _common_share(start: bytes) -> float:
    """Share of the non-ASCII characters that are everyday Chinese: GB2312's punctuation and first-level characters.

    A four-byte GB18030 sequence does not come about by accident either and counts as well.
    """
    characters = [character for character in start.decode("gb18030", "ignore") if ord(character) > 127]
    codes = [character.encode("gb18030") for character in characters]
    common = sum(len(code) == 4 or (code[0] in _EVERYDAY and code[1] >= 0xA1) for code in codes)
    return common / len(codes) if codes else 0.0


_EVERYDAY = frozenset((0xA1, 0xA2, 0xA3, *range(0xB0, 0xD8)))


def _damaged(scan: ByteScan, name: str) -> Encoding | None:
    """UTF-8 or GB18030 with a few broken characters, as cutting fields at a byte width leaves them."""
    text = scan.start.decode(name, "replace")
    broken, foreign = text.count("\ufffd"), sum(character > "\x7f" for character in text)
    sound = name == "utf-8" or _common_share(scan.start) >= COMMON_SHARE
    return Encoding(name, damaged=True) if foreign >= 10 and broken <= DAMAGED_SHARE * foreign and sound else None


def _control_share(start: bytes) -> float:
    """Share of control characters, which text does not hold."""
    controls = sum(start.count(bytes([code])) for code in range(32) if code not in (9, 10, 12, 13))
    return controls / max(len(start), 1)


def _second_opinion(start: bytes) -> str:
    """What charset-normalizer thinks, in Python's name for it; cp1252 where it has no opinion."""
    best = from_bytes(start[: SAMPLE_BYTES // 4]).best()
    name = codecs.lookup(best.encoding).name if best else "cp1252"
    return "gb18030" if name in ("gb2312", "gbk", "gb18030") else name


def to_utf8(path: Path, target: Path, encoding: Encoding, meter: ProgressMeter | None = None) -> None:
    """Write the file as UTF-8 to `target`, without its mark and with LF line ends where it had only CR.

    Broken characters become U+FFFD where the encoding is known to be damaged; otherwise they raise LoadError.
    """
    decoder = codecs.getincrementaldecoder(encoding.name)("replace" if encoding.damaged else "strict")
    skip = encoding.bom
    with target.open("wb") as out:
        for piece in read_pieces(path, meter):
            out.write(_decode(decoder, piece[skip:], path, encoding.name))
            skip = 0
        out.write(_decode(decoder, b"", path, encoding.name, final=True))


def _decode(decoder: codecs.IncrementalDecoder, piece: bytes, path: Path, name: str, *, final: bool = False) -> bytes:
    try:
        return decoder.decode(piece, final).encode("utf-8")
    except UnicodeError as broken:
        raise LoadError("wrong_encoding", file=path.name, encoding=name) from broken
