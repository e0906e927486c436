"""Segment tables: named rules on the R, F and M scores, kept as data so that a trainer can read and change them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import Any

from workbench.analyses.choices import check_choice
from workbench.analyses.segmentation import OTHERS
from workbench.errors import ChoiceError

__all__ = ["OTHERS", "SEGMENT_TABLES", "Range", "Rule", "SegmentTable", "segment_table"]

SEGMENT_TABLES = ("eight_groups", "r_rfm_vignette")

Range = tuple[int, int]


@dataclass(frozen=True)
class Rule:
    """One segment: its id, its names by language, and the scores it takes in (lowest and highest, both included)."""

    id: str
    names: Mapping[str, str]
    r: Range
    f: Range
    m: Range


@dataclass(frozen=True)
class SegmentTable:
    """An ordered list of rules, the first match wins; `bins` is the highest score they reckon with."""

    id: str
    bins: int
    names: Mapping[str, str]
    source: str
    rules: tuple[Rule, ...]
    others: Mapping[str, str]

    def name(self, segment: str, lang: str) -> str:
        """Return what people call a segment.

        >>> segment_table("eight_groups").name("important_value", "zh")
        '重要价值'
        """
        return self.labels(lang)[segment]

    def labels(self, lang: str) -> dict[str, str]:
        """Return the name of every segment by its id, in the order of the rules, "others" last."""
        return {**{rule.id: rule.names[lang] for rule in self.rules}, OTHERS: self.others[lang]}


def segment_table(name: str | Path) -> SegmentTable:
    """Read a table that comes with the workbench by its name, or any other by the path of its TOML file."""
    if isinstance(name, Path):
        return _parsed(tomllib.loads(name.read_text(encoding="utf-8")), name.stem)
    check_choice("table", name, SEGMENT_TABLES)
    source = files("workbench.analyses").joinpath("segment_tables", f"{name}.toml")
    return _parsed(tomllib.loads(source.read_text(encoding="utf-8")), name)


def _parsed(given: Mapping[str, Any], name: str) -> SegmentTable:
    bins = given["bins"]
    rules = tuple(
        Rule(rule["id"], MappingProxyType(rule["name"]), *(_range(rule, axis, bins) for axis in ("r", "f", "m")))
        for rule in given["segment"]
    )
    ids = [rule.id for rule in rules]
    twice = sorted({rule_id for rule_id in ids if ids.count(rule_id) > 1 or rule_id == OTHERS})
    if twice:
        raise ChoiceError("segment_twice", table=name, segments=twice)
    return SegmentTable(
        id=name,
        bins=bins,
        names=MappingProxyType(given["name"]),
        source=given["source"],
        rules=rules,
        others=MappingProxyType(given["others"]),
    )


def _range(rule: Mapping[str, Any], axis: str, bins: int) -> Range:
    low, high = rule[axis]
    if not 1 <= low <= high <= bins:
        raise ChoiceError("segment_range", segment=rule["id"], axis=axis.upper(), value=[low, high], bins=bins)
    return low, high
