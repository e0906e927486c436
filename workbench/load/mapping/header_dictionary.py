"""What headers mean: the dictionary `headers.toml`, looked up without case, blanks, width and punctuation."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache, lru_cache
from importlib.resources import files
from types import MappingProxyType
from typing import Literal

from workbench.load.cleaning.header_zones import without_zone
from workbench.load.mapping.header_currencies import without_currency
from workbench.schema import TABLES

RecognisedBy = Literal["header", "header_without_brackets", "header_ends_with", "header_similar", "values"]

CERTAINTY: dict[RecognisedBy, float] = {
    "header": 0.95,
    "header_without_brackets": 0.9,
    "values": 0.8,
    "header_ends_with": 0.6,
    "header_similar": 0.55,
}
BRACKETS = re.compile(r"[(（\[【<《].*?[)）\]】>》]\s*$")
UNIT_BEHIND = re.compile(
    r"[_ -](?:in[_ ])?(cents|pence|fen|分|角|k|thousands?|millions?|minor[_ ]?units?)$", re.IGNORECASE
)
"""A unit of money at the end of a header, behind a blank or a line."""

GROUP_ABOVE = re.compile(
    r"^\s*(?:(?:基本|基础|会员|客户|顾客|车主|个人|消费|交易|订单|销售|其他|其它|联系|账户|统计)?(?:信息|情况|资料|数据|明细|概况|方式|指标)"
    r"|(?:(?:basic|general|customer|member|personal|contact|order|sales|other) )?"
    r"(?:info|information|data|details|summary))\s*—"
)
"""The upper row of a header of two where it only says what the columns below it are about."""

ACCENTS = re.compile("[\u0300-\u036f]")
"""The marks above and below Latin letters, which exports often lack."""

SHORTEST_ENDING = {"chinese": 2, "latin": 6}
NEARLY = 0.88
"""How alike two spellings must be (0..1) to be taken for the same word."""


@dataclass(frozen=True)
class Meaning:
    """One thing a header may mean: a column of a table (`items` for survey questions), and how it was recognised."""

    table: str
    column: str
    how: RecognisedBy
    rank: int
    """The place in the dictionary's list: of two headers for one column the earlier is preferred."""
    known_as: str
    """The dictionary's own spelling."""

    @property
    def certainty(self) -> float:
        """How far the header alone is to be trusted, 0..1."""
        return CERTAINTY[self.how]


def comparison_key(header: str) -> str:
    """Write a header for comparison: one width, no case, no accents, only letters and digits.

    Of a header of two rows the upper one does not count where it only says what the columns below it are about.

    >>> comparison_key("*客户 ID："), comparison_key("Customer_ID "), comparison_key("省/自治区")
    ('客户id', 'customerid', '省自治区')
    >>> comparison_key("会员信息—手机"), comparison_key("退款—金额")
    ('手机', '退款金额')
    >>> comparison_key("Numéro de commande"), comparison_key("Stück")
    ('numerodecommande', 'stuck')
    """
    plain = GROUP_ABOVE.sub("", unicodedata.normalize("NFKC", header).casefold())
    if not plain.isascii():
        plain = unicodedata.normalize("NFC", ACCENTS.sub("", unicodedata.normalize("NFD", plain)))
    return "".join(c for c in plain if c.isalnum())


@lru_cache(maxsize=4096)
def meanings(header: str) -> tuple[Meaning, ...]:
    """Return what a header may mean, in every table; the surest way of recognising it that finds anything decides.

    >>> [(meaning.column, meaning.how) for meaning in meanings("实付金额（元）") if meaning.table == "transactions"]
    [('amount', 'header_without_brackets')]
    """
    ways: tuple[tuple[RecognisedBy, tuple[str, ...]], ...] = (
        ("header", (comparison_key(header),)),
        (
            "header_without_brackets",
            tuple(map(comparison_key, _without_what_stands_beside(header))),
        ),
        ("header_ends_with", _endings(comparison_key(BRACKETS.sub("", header)))),
        ("header_similar", _similar(comparison_key(header))),
    )
    for how, keys in ways:
        for known in keys:
            if entries := known_headers().get(known):
                return tuple(Meaning(table, column, how, rank, spelt) for table, column, rank, spelt in entries)
    return ()


def _without_what_stands_beside(header: str) -> tuple[str, ...]:
    """A header without its brackets, its zone, its currency, its unit: whichever it has."""
    return BRACKETS.sub("", header), without_zone(header), without_currency(header), UNIT_BEHIND.sub("", header)


def likeness(one: str, other: str) -> float:
    """Say how likely two headers name the same thing, 0..1: by the dictionary, else by their spelling."""
    same = {(m.table, m.column) for m in meanings(one) if m.certainty > SURE} & {
        (m.table, m.column) for m in meanings(other) if m.certainty > SURE
    }
    spelling = SequenceMatcher(None, comparison_key(one), comparison_key(other), autojunk=False).ratio()
    return max(CERTAINTY["header_without_brackets"], spelling) if same else spelling


SURE = 0.7


@cache
def known_headers() -> Mapping[str, tuple[tuple[str, str, int, str], ...]]:
    """Return every known header by its key: the tables and columns it may be, its rank there and its spelling.

    A canonical column's own name comes last among its headers.
    """
    text = files("workbench.load.mapping").joinpath("headers.toml").read_text(encoding="utf-8")
    entries_by_key: dict[str, list[tuple[str, str, int, str]]] = {}
    for table, columns in tomllib.loads(text).items():
        own = [column.name for column in TABLES[table].columns if not column.derived] if table in TABLES else []
        for column in dict.fromkeys([*columns, *own]):
            for rank, header in enumerate([*columns.get(column, []), *(name for name in own if name == column)]):
                entries = entries_by_key.setdefault(comparison_key(header), [])
                if not any(entry[:2] == (table, column) for entry in entries):
                    entries.append((table, column, rank, header))
    return MappingProxyType({name: tuple(entries) for name, entries in entries_by_key.items()})


def _endings(name: str) -> tuple[str, ...]:
    """The shorter and shorter ends of a header: in 本次消费金额 the thing itself comes last."""
    shortest = SHORTEST_ENDING["latin" if name.isascii() else "chinese"]
    return tuple(name[start:] for start in range(1, len(name) - shortest + 1))


def _similar(name: str) -> tuple[str, ...]:
    """The known header that is spelt nearly the same, if any."""
    if len(name) < SHORTEST_ENDING["latin"] or not name.isascii():
        return ()
    near = [known for known in known_headers() if known[0] == name[0] and abs(len(known) - len(name)) <= 2]
    alike = [(SequenceMatcher(None, name, known, autojunk=False).ratio(), known) for known in near]
    best = max(alike, default=(0.0, ""))
    return (best[1],) if best[0] >= NEARLY else ()
