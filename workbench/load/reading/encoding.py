"""Tell a text file's encoding by its bytes, never by its name, and bring it to UTF-8 piece by piece."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from pathlib import Path

from charset_normalizer import from_bytes

from workbench.errors import LoadError
from workbench.load.problems import Problem
from workbench.load.progress import ProgressMeter
from workbench.load.questions import Question
from workbench.load.reading.byte_scan import SAMPLE_BYTES, ByteScan, read_pieces
from workbench.load.reading.doubtful_lines import DoubtfulLine, doubtful_lines, previews
from workbench.load.reading.line_encodings import (
    LineEncodings,
    as_utf8,
    decoded_lines,
    holds_chinese_in_utf8,
    line_encodings,
)

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


BY_LINE = "utf-8+"
"""Begins the name of a reading in which each line is UTF-8, or else of the encoding named behind."""

EASTERN, WESTERN = ("gb18030", "big5"), ("cp1252", "mac_roman")


@dataclass(frozen=True)
class Encoding:
    """The encoding of a file, and whether the bytes prove it."""

    name: str
    sure: bool = True
    damaged: bool = False
    """Some characters are broken: the lines that hold them become rejects."""
    bom: int = 0
    rivals: tuple[str, ...] = ()
    doubtful: tuple[DoubtfulLine, ...] = ()
    """The first lines that read differently in the rivals."""
    parts: LineEncodings | None = None
    """Where the lines of each encoding stand, in a file of two."""

    @property
    def by_line(self) -> str | None:
        """The encoding of lines that are not UTF-8, where each line is read by its own."""
        return self.name.removeprefix(BY_LINE) if self.name.startswith(BY_LINE) else None

    def question(self, file: str) -> Question:
        """Ask which of the possible readings is right, each with a preview of the first lines in doubt."""
        lines = list(self.doubtful)
        choices = {name: previews(lines, (_read_line(line.content, name) for line in lines)) for name in self.possible}
        facts = {"encodings": list(choices), "lines": [line.number for line in lines[:6]]}
        return Question("which_encoding", file, facts, choices)

    @property
    def possible(self) -> list[str]:
        """The possible encodings; of two under which the lines in doubt read the same, the usual one."""
        readings: dict[tuple[str, ...], str] = {}
        for name in dict.fromkeys((self.name, *self.rivals)):
            reading = tuple(_read_line(line.content, name) for line in self.doubtful)
            if name in (*EASTERN, *WESTERN) or reading not in readings:
                readings[reading] = name
        return list(readings.values())

    def problems(self, file: str) -> tuple[Problem, ...]:
        """Say where the lines of each encoding stand, in a file of two."""
        if self.parts is None or not self.sure:
            return ()
        first, second = list(self.parts.utf8_lines), list(self.parts.other_lines)
        facts = {"file": file, "encodings": ["utf-8", self.by_line], "lines": first, "others": second}
        return (Problem("warning", "several_encodings", facts),)


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
    damaged = _damaged(scan.start, "utf-8") or _damaged(scan.start, "gb18030")
    if damaged and scan.nuls < 0.1 * scan.size:
        return damaged
    raise LoadError("not_text", file=path.name)


def _bytes_without_nul(path: Path, scan: ByteScan) -> Encoding:
    """One byte a character, or Chinese with two and four; only the lines beyond ASCII tell."""
    doubtful = doubtful_lines(path)
    content = b"\n".join(line.content for line in doubtful)
    carriage_returns_only = scan.carriage_returns > 0 and scan.line_feeds == 0
    parts = two_encodings(path)
    if by_line := utf8_and_gb18030(parts):
        return by_line
    if damaged := _damaged(content, "utf-8"):
        return damaged
    if parts:
        return _unsure(path, doubtful, content)
    valid_gb18030, common = _decodes(path, "gb18030"), _common_share(content)
    if valid_gb18030 and common >= COMMON_SHARE:
        return Encoding("gb18030")
    if not valid_gb18030 and (damaged := _damaged(content, "gb18030")):
        return damaged
    if _control_share(scan.start) > 0.02:
        raise LoadError("not_text", file=path.name)
    if carriage_returns_only and common < 0.5:
        return Encoding("mac_roman")
    return _unsure(path, doubtful, content)


def _unsure(path: Path, doubtful: list[DoubtfulLine], content: bytes) -> Encoding:
    """What the bytes do not prove: every reading that is valid is a rival, the likeliest first."""
    second = _second_opinion(content)
    likely = sorted((*EASTERN, second, *WESTERN), key=lambda name: name != second)
    candidates = [name for name in dict.fromkeys(likely) if _decodes(path, name)]
    parts = line_encodings(path, chinese=False)
    if parts.utf8 and parts.others:
        candidates = [BY_LINE + name for name in WESTERN] + candidates
    return Encoding(candidates[0], sure=False, rivals=tuple(candidates[1:]), doubtful=tuple(doubtful))


def two_encodings(path: Path) -> LineEncodings | None:
    """Return the lines of a file that holds Chinese in UTF-8 and lines that are no UTF-8; None for another one."""
    if not holds_chinese_in_utf8(path):
        return None
    parts = line_encodings(path, chinese=True)
    return parts if parts.utf8 and parts.others else None


def utf8_and_gb18030(parts: LineEncodings | None) -> Encoding | None:
    """Return the reading line by line where lines beside those in UTF-8 are GB18030."""
    is_sound = parts is not None and any(map(is_gb18030, parts.other_content.split(b"\n")))
    return Encoding(BY_LINE + "gb18030", damaged=True, parts=parts) if is_sound else None


def is_gb18030(line: bytes) -> bool:
    """Whether a line that is not UTF-8 is everyday Chinese in GB18030, and not a UTF-8 line that was cut."""
    try:
        line.decode("gb18030")
    except UnicodeDecodeError:
        return False
    return _common_share(line) >= COMMON_SHARE


def _read_line(line: bytes, name: str) -> str:
    """Read one line for a preview; what an encoding does not have shows as broken."""
    if name.startswith(BY_LINE):
        text = as_utf8(line)
        return text if text is not None else line.decode(name.removeprefix(BY_LINE), "replace")
    return line.decode(name, "replace")


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


def _damaged(content: bytes, name: str) -> Encoding | None:
    """UTF-8 or GB18030 with a few broken characters, as cutting fields at a byte width leaves them."""
    text = content.decode(name, "replace")
    broken, foreign = text.count("\ufffd"), sum(character > "\x7f" for character in text)
    sound = name == "utf-8" or _common_share(content) >= COMMON_SHARE
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
    if encoding.by_line:
        is_sound = is_gb18030 if encoding.by_line == "gb18030" else bool
        with target.open("w", encoding="utf-8", newline="") as text:
            text.writelines(f"{line}\n" for line in decoded_lines(path, encoding.by_line, is_sound))
        return
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
