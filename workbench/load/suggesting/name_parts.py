"""Files of one kind that differ only in a part of their names: a year, a wave, a month or a shop no column holds."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from workbench.load.cleaning.file_days import day_in_name
from workbench.load.mapping.fixed_columns import FixedColumn
from workbench.load.mapping.source_mapping import SourceMapping
from workbench.load.questions import Question
from workbench.load.reading.source_names import stem
from workbench.schema import TABLES

NamePart = Literal["day", "year", "wave", "region"]
WORD_SIGNS = " _-－—–.()（）[]【】"
A_YEAR = re.compile(r"(?:19|20)\d\d年?")
A_WAVE = re.compile(
    r"第?\s*[0-9一二三四五六七八九十]+\s*[波期轮次]|(?:wave|round|w|q|t)\s*[-_ ]?\d+|\d{4}\s*[-_ ]?[QH]\d", re.I
)
A_PLACE = re.compile(
    r".*(?:店|区|省|市|县|部|公司|仓)|.*\b(?:store|shop|branch|region)\b.*|(?:store|shop|branch|门店|分店)\s*\w+"
    r"|[东南西北中]|华[东南西北中]|东北|西北|西南|(?:north|south|east|west)\w*",
    re.I,
)
PART_UNITS = "年月期波轮次店区省市县部仓"
"""Signs that belong to what stands before them: 2023 年, 上海 店."""
BEGUN = re.compile(r"(?:19|20)\d\d\s*[-_.年]\s*(?:\d\d\s*[-_.月]\s*)?$|华$")
"""What a name begins with that belongs to the part: the year of its months, 华 of 华东."""
WAVE_HEADERS = {"波次", "期次", "轮次", "wave", "round", "quarter", "季度"}
MOST_PARTS_SHOWN = 4


def ask_part_of_name(files: Sequence[str], source: SourceMapping) -> tuple[SourceMapping, Question | None]:
    """Propose what files of one kind differ in as a column, where no column holds it; a person agrees.

    Days and months where rows have no day of their own, years and waves of surveys, shops and regions. What differs
    in another way (a part 1 and 2, old and new) is no column.
    """
    names = list(dict.fromkeys(map(stem, files)))
    if len(names) < 2:
        return source, None
    before, parts, after = differing_parts(names)
    kind = _kind_of(parts, source)
    if kind is None:
        return source, None
    pattern = f"^{re.escape(before)}(.+?){re.escape(after)}$"
    facts = {"sheet": source.sheet, "parts": parts[:MOST_PARTS_SHOWN], "pattern": pattern, "suggested": kind}
    question = Question("part_of_name", files[0], facts, {kind: tuple(parts[:MOST_PARTS_SHOWN]), "leave": ()})
    return replace(source, fixed={**source.fixed, kind: FixedColumn(file_name=pattern)}), question


def differing_parts(names: Sequence[str]) -> tuple[str, tuple[str, ...], str]:
    """Return what names begin with, what each has of its own, and what they end with; parts are whole words.

    >>> differing_parts(["survey_2023", "survey_2024"]), differing_parts(["订单-上海店", "订单-北京店"])
    (('survey_', ('2023', '2024'), ''), ('订单-', ('上海店', '北京店'), ''))
    """
    before = _whole_words(_common([*names]), [*names])
    backwards = [name[::-1] for name in names]
    after = _whole_words(_common(backwards), backwards)[::-1]
    after = after[1:] if after[:1] in PART_UNITS else after
    while any(len(name) <= len(before) + len(after) for name in names) and after:
        after = after[1:]
    begun = BEGUN.search(before)
    before = before[: begun.start()] if begun else before
    parts = tuple(name[len(before) : len(name) - len(after)] for name in names)
    return before, parts, after


def _kind_of(parts: Sequence[str], source: SourceMapping) -> NamePart | None:
    """Say what the parts are, where the table can use it and has it not."""
    table, filled = TABLES[source.table], {*source.columns.values(), *source.fixed}
    headers = {header.casefold() for header in source.headers}
    if not all(parts):
        return None
    if all(A_YEAR.fullmatch(part) for part in parts):
        is_new = source.table == "surveys" and "day" not in filled and not headers & {"年", "年份", "年度", "year"}
        return "year" if is_new else None
    if all(A_WAVE.fullmatch(part.strip()) for part in parts):
        is_new = source.table == "surveys" and not headers & {
            "波次",
            "期次",
            "轮次",
            "wave",
            "round",
            "quarter",
            "季度",
        }
        return "wave" if is_new else None
    if all(day_in_name(part) for part in parts):
        return "day" if "day" in table.names and not {"day", "occurred_at"} & filled else None
    if all(A_PLACE.fullmatch(part.strip()) for part in parts):
        return "region" if "region" in table.names and "region" not in filled else None
    return None


def _common(names: Sequence[str]) -> str:
    """The letters that all names begin with."""
    shortest = min(names, key=len)
    end = next((at for at, letter in enumerate(shortest) if any(name[at] != letter for name in names)), len(shortest))
    return shortest[:end]


def _whole_words(common: str, names: Sequence[str]) -> str:
    """Go back to behind the last sign that parts words; without one never into a number or a word of letters."""
    cut = max((common.rfind(sign) for sign in WORD_SIGNS), default=-1) + 1
    if cut:
        return common[:cut]
    common = common.rstrip("0123456789")
    follows = {name[len(common) : len(common) + 1] for name in names}
    goes_on = any(sign.isascii() and sign.isalpha() for sign in follows)
    return re.sub("[A-Za-z]+$", "", common) if goes_on else common
