"""How a file's header differs from the one its mapping was made for: what is new, what is missing, what was renamed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from workbench.load.mapping.header_dictionary import likeness
from workbench.load.reading.header import clean_header

HEADERS_ALIKE = 0.75
"""Two headers at least so alike (0..1) are taken for one that was renamed."""


@dataclass(frozen=True)
class HeaderDifference:
    """How a file's header differs from what the mapping expects."""

    new: tuple[str, ...]
    missing: tuple[str, ...]
    renamed: Mapping[str, str]
    """Expected header → the actual one that looks like it."""

    def __bool__(self) -> bool:
        return bool(self.new or self.missing or self.renamed)


def header_difference(expected: Sequence[str], actual: Sequence[str]) -> HeaderDifference:
    """Compare headers: blanks and width do not matter, order neither.

    A missing and a new header are taken for one that was renamed where the dictionary knows both as the same
    canonical column, or where they are spelt nearly alike.

    Examples
    --------
    >>> header_difference(["客户编号", "销售额"], ["客户编号 ", "销售金额", "备注"])
    HeaderDifference(new=('备注',), missing=(), renamed={'销售额': '销售金额'})
    """
    expected, actual = [clean_header(text) for text in expected], [clean_header(text) for text in actual]
    missing = [text for text in expected if text not in actual]
    new = [text for text in actual if text not in expected]
    renamed: dict[str, str] = {}
    pairs = sorted(((likeness(old, fresh), old, fresh) for old in missing for fresh in new), reverse=True)
    for alike, old, fresh in pairs:
        if alike >= HEADERS_ALIKE and old not in renamed and fresh not in renamed.values():
            renamed[old] = fresh
    return HeaderDifference(
        tuple(text for text in new if text not in renamed.values()),
        tuple(text for text in missing if text not in renamed),
        renamed,
    )
