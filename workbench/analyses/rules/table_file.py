"""Segment tables as TOML: read with the file, rule and field of every mistake, written so that they read back equal."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NoReturn

from workbench.analyses.rules.domain import SCORES, Bound, domain
from workbench.analyses.rules.table_rule import Box, Condition, Rule, Span
from workbench.analyses.segmentation import OTHERS
from workbench.analyses.toml_text import toml_key, toml_value
from workbench.errors import ChoiceError

if TYPE_CHECKING:
    from workbench.analyses.rules.table import SegmentTable

LANGUAGES = ("en", "zh")
TOP = {"bins", "name", "source", "others", "holes_acknowledged", "segment"}
NO_COLUMNS = {"id", "name", "meaning", "when", "everyone"}
BOUNDS = ("from", "above", "to", "below")
MOST_BINS, MOST_RULES, LONGEST, LARGEST = 9, 100, 200, 10**15

NAMES_OF_OTHERS = {"en": "Others", "zh": "其他"}


def read_table(given: Path | str | Mapping[str, Any], name: str) -> dict[str, Any]:
    """Return the fields of a `SegmentTable` from a file, its text, or parsed values; `name` is its id.

    Every ChoiceError says which file, rule and field cannot be, and what can.
    """
    file = given.name if isinstance(given, Path) else name
    if isinstance(given, Path):
        try:
            given = given.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError):
            raise ChoiceError("segment_file_unreadable", file=file) from None
    if isinstance(given, str):
        try:
            given = tomllib.loads(given)
        except tomllib.TOMLDecodeError as error:
            raise ChoiceError("segment_file_not_toml", file=file, problem=str(error)) from None
    return _Reader(file).table(given, name)


class _Reader:
    """Turns parsed values into a table; knows the file and the rule to blame."""

    def __init__(self, file: str) -> None:
        self._file, self._rule, self._bins = file, "—", 0

    def table(self, given: Mapping[str, Any], name: str) -> dict[str, Any]:
        for key in given:
            if key not in TOP:
                self._fail(key, given[key], "field", allowed=sorted(TOP))
        rules = given.get("segment")
        if not isinstance(rules, list) or not rules:
            raise ChoiceError("segment_table_empty", file=self._file)
        if len(rules) > MOST_RULES:
            raise ChoiceError("segment_table_long", file=self._file, rules=len(rules), most=MOST_RULES)
        self._bins = given.get("bins", 0)
        if "bins" in given and not (type(self._bins) is int and (self._bins == 0 or 2 <= self._bins <= MOST_BINS)):
            self._fail("bins", self._bins, "bins")
        read = {
            "id": name,
            "bins": self._bins,
            "names": self._words("name", given.get("name", name)),
            "source": self._text("source", given.get("source", "")),
            "others": self._words("others", given.get("others", NAMES_OF_OTHERS)),
            "holes_acknowledged": given.get("holes_acknowledged", False),
            "rules": tuple(self._one(place, rule) for place, rule in enumerate(rules, start=1)),
        }
        self._rule = "—"
        if not isinstance(read["holes_acknowledged"], bool):
            self._fail("holes_acknowledged", read["holes_acknowledged"], "yes_or_no")
        self._no_name_twice(read["rules"], read["others"], name)
        return read

    def _one(self, place: int, given: object) -> Rule:
        self._rule = f"{place}"
        if not isinstance(given, Mapping):
            self._fail("segment", given, "rule")
        if not isinstance(given.get("id"), str) or not given["id"].strip():
            self._fail("id", given.get("id"), "text")
        self._rule = given["id"]
        return Rule(
            id=self._text("id", given["id"]),
            names=self._words("name", given.get("name", given["id"])),
            when=self._when(given),
            meanings=self._words("meaning", given.get("meaning", ""), may_be_empty=True),
        )

    def _when(self, given: Mapping[str, Any]) -> tuple[Box, ...]:
        beside = {name: value for name, value in given.items() if name not in NO_COLUMNS}
        ways = [way for way in ("when", "everyone") if way in given] + (["columns"] if beside else [])
        if len(ways) != 1:
            raise ChoiceError("segment_rule_empty" if not ways else "segment_rule_two_ways", file=self._file,
                              rule=self._rule)  # fmt: skip
        if ways == ["everyone"]:
            return ((),) if given["everyone"] is True else self._fail("everyone", given["everyone"], "true")
        if ways == ["columns"]:
            return (self._box(beside),)
        boxes = given["when"]
        if not isinstance(boxes, list) or not boxes or not all(isinstance(box, Mapping) and box for box in boxes):
            self._fail("when", boxes, "boxes")
        return tuple(self._box(box) for box in boxes)

    def _box(self, given: Mapping[str, Any]) -> Box:
        return tuple(
            self._score(name, value) if name in SCORES else self._condition(name, value)
            for name, value in given.items()
        )

    def _score(self, name: str, given: Any) -> Condition:
        low, high = given if isinstance(given, list) and len(given) == 2 else (given, given)
        whole = type(low) is int and type(high) is int
        if not whole or not 1 <= low <= high <= self._bins:
            raise ChoiceError("segment_range", file=self._file, segment=self._rule, axis=name.upper(), value=given,
                              bins=self._bins)  # fmt: skip
        return Condition(name, Span(low, high))

    def _condition(self, name: str, given: Any) -> Condition:
        if isinstance(given, list) and any(_is_number(one) for one in given):
            self._fail(name, given, "list_of_numbers")
        if not isinstance(given, Mapping):
            return Condition(name, values=self._values(name, given if isinstance(given, list) else [given]))
        for key in given:
            if key not in (*BOUNDS, "in", "unknown", "known"):
                self._fail(f"{name}.{key}", given[key], "field", allowed=[*BOUNDS, "in", "unknown", "known"])
        for key in ("unknown", "known"):
            if not isinstance(given.get(key, False), bool):
                self._fail(f"{name}.{key}", given[key], "yes_or_no")
        unknown = given.get("unknown", False)
        if "in" in given:
            if any(key in given for key in (*BOUNDS, "known")):
                self._fail(name, given, "range_and_list")
            return Condition(name, values=self._values(name, given["in"]), unknown=unknown)
        bounded = any(key in given for key in BOUNDS)
        if not (bounded or unknown or given.get("known")):
            self._fail(name, given, "condition")
        return Condition(name, self._span(name, given) if bounded or given.get("known") else None, unknown=unknown)

    def _span(self, name: str, given: Mapping[str, Any]) -> Span:
        if {"from", "above"} <= set(given) or {"to", "below"} <= set(given):
            self._fail(name, given, "two_bounds")
        bound = {key: self._bound(f"{name}.{key}", given[key]) for key in BOUNDS if key in given}
        if len({isinstance(value, date) for value in bound.values()}) > 1:
            self._fail(name, given, "mixed")
        low, high = (bound.get(first, bound.get(second)) for first, second in (("from", "above"), ("to", "below")))
        span = Span(low, high, above="above" in bound, below="below" in bound)
        if span.is_empty(domain(name)):
            self._fail(name, given, "nothing_between")
        return span

    def _bound(self, name: str, given: Any) -> Bound:
        if isinstance(given, str):
            try:
                given = date.fromisoformat(given)
            except ValueError:
                self._fail(name, given, "bound")
        if isinstance(given, date) and not isinstance(given, datetime):
            return given
        if not _is_number(given) or not math.isfinite(given) or abs(given) > LARGEST:
            self._fail(name, given, "bound")
        return given  # type: ignore[no-any-return]  # a number, as was asked

    def _values(self, name: str, given: Any) -> tuple[str | bool | int | float, ...]:
        values = given if isinstance(given, list) else [given]
        kinds = {"number" if _is_number(value) else type(value).__name__ for value in values}
        if not values or len(kinds) > 1 or not kinds <= {"str", "bool", "number"}:
            self._fail(name, given, "values")
        if kinds == {"number"}:
            values = [self._bound(name, value) for value in values]
        return tuple(dict.fromkeys(values))

    def _words(self, name: str, given: Any, *, may_be_empty: bool = False) -> Mapping[str, str]:
        both = given if isinstance(given, Mapping) else dict.fromkeys(LANGUAGES, given)
        if set(both) != set(LANGUAGES):
            self._fail(name, given, "both_languages")
        return MappingProxyType(
            {lang: self._text(f"{name}.{lang}", both[lang], may_be_empty=may_be_empty) for lang in LANGUAGES}
        )

    def _text(self, name: str, given: Any, *, may_be_empty: bool = True) -> str:
        longest = LONGEST if name.partition(".")[0] != "meaning" else 5 * LONGEST
        if not isinstance(given, str) or not (may_be_empty or given.strip()) or len(given) > longest:
            self._fail(name, given, "text")
        if not all(character.isprintable() for character in given):
            self._fail(name, given, "text")
        return given.strip()

    def _no_name_twice(self, rules: Sequence[Rule], others: Mapping[str, str], table: str) -> None:
        ids = [rule.id for rule in rules]
        twice = sorted({one for one in ids if ids.count(one) > 1 or one == OTHERS})
        if twice:
            raise ChoiceError("segment_twice", table=table, segments=twice)
        for lang in LANGUAGES:
            names = [rule.names[lang] for rule in rules] + [others[lang]]
            twice = sorted({name for name in names if names.count(name) > 1})
            if twice:
                raise ChoiceError("segment_name_twice", table=table, names=twice)

    def _fail(self, field: str, value: object, expects: str, **facts: object) -> NoReturn:
        """Name file, rule and field, and say what can stand there (`errors.segment_field_<expects>`)."""
        place = {"file": self._file, "rule": self._rule, "field": field}
        raise ChoiceError(f"segment_field_{expects}", **place, value=_shown(value), **facts)


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _shown(value: object) -> str:
    """Say a value in an error, shortly."""
    return str(value) if len(str(value)) <= 60 else f"{str(value)[:60]}…"


# Writing ----------------------------------------------------------------------------------------------------------


def plain(table: SegmentTable) -> dict[str, Any]:
    """Return the table as plain values, in the order of the file; what is as usual is left out."""
    return {
        **({"bins": table.bins} if table.bins else {}),
        "name": dict(table.names),
        "source": table.source,
        "others": dict(table.others),
        **({"holes_acknowledged": True} if table.holes_acknowledged else {}),
        "segment": [_plain_rule(rule) for rule in table.rules],
    }


def _plain_rule(rule: Rule) -> dict[str, Any]:
    boxes = [{condition.column: _plain_condition(condition) for condition in box} for box in rule.when]
    named: dict[str, Any] = {"id": rule.id, "name": dict(rule.names)}
    if any(rule.meanings.values()):
        named["meaning"] = dict(rule.meanings)
    if boxes == [{}]:
        return {**named, "everyone": True}
    return {**named, **boxes[0]} if len(boxes) == 1 and not set(boxes[0]) & NO_COLUMNS else {**named, "when": boxes}


def _plain_condition(condition: Condition) -> Any:
    span, unknown = condition.span, {"unknown": True} if condition.unknown else {}
    if condition.column in SCORES and span is not None:
        return [span.low, span.high]
    if condition.values:
        names = not _is_number(condition.values[0])
        return list(condition.values) if names and not unknown else {"in": list(condition.values), **unknown}
    if span is None:
        return unknown
    bounds = {"above" if span.above else "from": span.low, "below" if span.below else "to": span.high}
    given = {key: value.isoformat() if isinstance(value, date) else value for key, value in bounds.items()}
    return {**({key: value for key, value in given.items() if value is not None} or {"known": True}), **unknown}


def table_text(table: SegmentTable) -> str:
    """Write a table as TOML that reads back equal.

    >>> from workbench.analyses.rules.table import segment_table
    >>> print(table_text(segment_table("eight_groups"))[:21])
    bins = 2
    name = {en =
    """
    top = plain(table)
    rules = top.pop("segment")
    lines = [f"{key} = {toml_value(value)}" for key, value in top.items()]
    for rule in rules:
        lines += ["", "[[segment]]", *(f"{toml_key(key)} = {toml_value(value)}" for key, value in rule.items())]
    return "\n".join(lines) + "\n"
