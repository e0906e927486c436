"""Segment tables: rules whose every combination can be tried, so that those on scores can be painted on a grid."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.types as ir

from workbench.analyses.choices import check_choice
from workbench.analyses.rules.asking import fits_kind, met
from workbench.analyses.rules.conditions import each_test
from workbench.analyses.rules.domain import SCORES
from workbench.analyses.rules.rule import Rule
from workbench.analyses.rules.table_form import read_table
from workbench.analyses.segmentation import OTHERS, Segment
from workbench.errors import ChoiceError
from workbench.schema import NAME_LANGUAGES

SEGMENT_TABLES = ("r_rfm_vignette", "rf_map", "spss_cells", "eight_groups", "eight_groups_deepen")
"""The tables that come with the workbench."""


@dataclass(frozen=True)
class SegmentTable:
    """An ordered list of rules, the first match wins; who fits none is one of the others.

    Attributes
    ----------
    bins
        The highest score the rules reckon with; 0 where none speaks of scores.
    others
        What the others are called, by language.
    holes_acknowledged
        Whether somebody said that customers may fit no rule, knowing of it.
    """

    id: str
    bins: int
    names: Mapping[str, str]
    source: str
    rules: tuple[Rule, ...]
    others: Mapping[str, str]
    holes_acknowledged: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns its rules ask for, scores first, each once."""
        used = dict.fromkeys(column for rule in self.rules for column in rule.columns)
        return tuple(sorted(used, key=lambda column: SCORES.index(column) if column in SCORES else len(SCORES)))

    @property
    def is_scores_only(self) -> bool:
        """Whether R, F and M scores decide alone, as on a grid."""
        return set(self.columns) <= set(SCORES)

    @property
    def has_scores(self) -> bool:
        """Whether customers must be scored before the rules can tell them apart."""
        return bool(self.bins) and (self.is_scores_only or bool(set(self.columns) & set(SCORES)))

    @property
    def segments(self) -> tuple[Segment, ...]:
        """Every segment of the rules in their order, then the others."""
        silent = dict.fromkeys(NAME_LANGUAGES, "")
        named = tuple(Segment(rule.id, rule.names, {**silent, **rule.meanings}) for rule in self.rules)
        return (*named, Segment(OTHERS, self.others, silent))

    def name(self, segment: str, lang: str) -> str:
        """Return what people call a segment.

        >>> segment_table("eight_groups").name("important_value", "zh")
        '重要价值'
        """
        return self.labels(lang)[segment]

    def labels(self, lang: str) -> dict[str, str]:
        """Return the name of every segment by its id, in the order of the rules, "others" last."""
        return {segment.id: segment.names[lang] for segment in self.segments}

    def segment_of(self, rows: ir.Table) -> ir.StringValue:
        """Return the first segment that fits each row, or "others".

        Raises ChoiceError where a rule asks for a column that the rows do not have.
        """
        self.check(rows)
        return ibis.cases(*[(met(rule.when, rows), rule.id) for rule in self.rules], else_=OTHERS)

    def check(self, rows: ir.Table) -> None:
        """Raise ChoiceError where a rule asks for a column that is not there, or compares numbers with names."""
        for rule in self.rules:
            for test in each_test(rule.when):
                place = {"table": self.id, "rule": rule.id, "field": test.column}
                if test.column not in rows.columns:
                    raise ChoiceError("segment_column_missing", **place, columns=list(rows.columns))
                kind = rows[test.column].type()
                if not fits_kind(test, kind):
                    raise ChoiceError("segment_column_kind", **place, kind=str(kind))

    def as_dict(self) -> dict[str, Any]:
        """Return plain values, as rules of every kind are saved; what is as usual is left out."""
        return {
            "id": self.id,
            **({"bins": self.bins} if self.bins else {}),
            "names": dict(self.names),
            "source": self.source,
            "others": dict(self.others),
            **({"holes_acknowledged": True} if self.holes_acknowledged else {}),
            "rules": [rule.as_dict() for rule in self.rules],
        }

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> SegmentTable:
        """Read back what `as_dict` gave, or the short form; a ChoiceError says which rule and field cannot be."""
        return cls(**read_table(plain, str(plain.get("id", "table"))))


def segment_table(name: str | Path) -> SegmentTable:
    """Read a table that comes with the workbench by its name, or any other by the path of its TOML file.

    A ChoiceError names the file, the rule and the field that cannot be.
    """
    if isinstance(name, Path):
        return SegmentTable(**read_table(name, name.stem))
    check_choice("table", name, SEGMENT_TABLES)
    source = files("workbench.analyses.rules").joinpath("shipped_tables", f"{name}.toml")
    return SegmentTable(**read_table(source.read_text(encoding="utf-8"), name))
