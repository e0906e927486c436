"""Segment tables read: in the form in which rules are saved, and in the short form that people write by hand.

The short form has `[[segment]]` with columns beside each other, of which all must fit: R, F and M as ranges of scores
(`r = [4, 5]`), other columns as values or bounds; or `when`, a list of such conditions of which one must fit. It is
read into the same rules, whose `when` is a condition of `workbench.analyses.rules.conditions`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any, NoReturn

from workbench.analyses.rules.conditions import (
    EVERYONE,
    MOST_LISTED_VALUES,
    Not,
    Scalar,
    Span,
    Test,
    When,
    all_of,
    any_of,
    day_of,
    each_test,
    is_number,
    when_from,
)
from workbench.analyses.rules.domain import LARGEST_EXACT, SCORES, domain
from workbench.analyses.rules.rule import Rule
from workbench.analyses.rules.rule_file import parsed
from workbench.analyses.segmentation import OTHERS
from workbench.errors import ChoiceError
from workbench.schema import NAME_LANGUAGES

TOP = {"id", "bins", "names", "source", "others", "holes_acknowledged", "rules", "name", "segment"}
SHORT = dict(zip("rfm", SCORES, strict=True))
"""What the short form calls the columns of scores."""
NO_COLUMNS = {"id", "name", "names", "meaning", "meanings", "when", "everyone"}
BOUNDS = ("from", "above", "to", "below")
TABLE_OPERATORS = ("in", "not_in", "between", "at_least", "above", "below", "missing")
"""What a table may ask: the audit tries every combination of values that these can tell apart."""
MOST_BINS, MOST_TABLE_RULES, LONGEST_TABLE_TEXT = 9, 100, 200

NAMES_OF_OTHERS = {"en": "Others", "zh": "其他"}


def read_table(source: Path | str | Mapping[str, Any], name: str) -> dict[str, Any]:
    """Return the fields of a `SegmentTable` from a file, its text, or parsed values; `name` is its id if it has none.

    Every ChoiceError says which file, rule and field cannot be, and what can.
    """
    file = source.name if isinstance(source, Path) else name
    if isinstance(source, Path):
        try:
            source = source.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError):
            raise ChoiceError("segment_file_unreadable", file=file) from None
    return _Reader(file).table(parsed(source, file) if isinstance(source, str) else source, name)


class _Reader:
    """Turns parsed values into a table; knows the file and the rule to blame."""

    def __init__(self, file: str) -> None:
        self._file, self._rule, self._bins = file, "—", 0

    def table(self, plain: Mapping[str, Any], name: str) -> dict[str, Any]:
        for key in plain:
            if key not in TOP:
                self._fail(key, plain[key], "field", allowed=sorted(TOP))
        rules = plain.get("rules", plain.get("segment"))
        if not isinstance(rules, list) or not rules:
            raise ChoiceError("segment_table_empty", file=self._file)
        if len(rules) > MOST_TABLE_RULES:
            raise ChoiceError("segment_table_long", file=self._file, rules=len(rules), most=MOST_TABLE_RULES)
        self._bins = plain.get("bins", 0)
        if "bins" in plain and not (type(self._bins) is int and (self._bins == 0 or 2 <= self._bins <= MOST_BINS)):
            self._fail("bins", self._bins, "bins")
        name = self._text("id", plain.get("id", name))
        read = {
            "id": name,
            "bins": self._bins,
            "names": self._words("name", plain.get("names", plain.get("name", name))),
            "source": self._text("source", plain.get("source", "")),
            "others": self._words("others", plain.get("others", NAMES_OF_OTHERS)),
            "holes_acknowledged": plain.get("holes_acknowledged", False),
            "rules": tuple(self._one(place, rule) for place, rule in enumerate(rules, start=1)),
        }
        self._rule = "—"
        if not isinstance(read["holes_acknowledged"], bool):
            self._fail("holes_acknowledged", read["holes_acknowledged"], "yes_or_no")
        self._no_name_twice(read["rules"], read["others"], name)
        return read

    def _one(self, place: int, plain: object) -> Rule:
        self._rule = f"{place}"
        if not isinstance(plain, Mapping):
            self._fail("segment", plain, "rule")
        if not isinstance(plain.get("id"), str) or not plain["id"].strip():
            self._fail("id", plain.get("id"), "text")
        self._rule = plain["id"]
        meanings = plain.get("meanings", plain.get("meaning"))
        rule = Rule(
            id=self._text("id", plain["id"]),
            names=self._words("name", plain.get("names", plain.get("name", plain["id"]))),
            when=EVERYONE,
            meanings={} if meanings is None else self._words("meaning", meanings, may_be_empty=True),
        )
        with rule.blamed():
            when = self._when(plain)
        for test in each_test(when):
            self._check(test)
        return Rule(rule.id, rule.names, when, rule.meanings)

    def _check(self, test: Test) -> None:
        """Hold a test to what the audit can try, and one of a score to the scores there are."""
        if test.operator not in TABLE_OPERATORS:
            self._fail(test.column, test.operator, "operator", allowed=TABLE_OPERATORS)
        if test.column in SCORES:
            for score in (*test.values, *(end for end in test.ends if end is not None)):
                if type(score) is not int or not 1 <= score <= self._bins:
                    self._score_fails(test.column, score)

    def _when(self, plain: Mapping[str, Any]) -> When:
        beside = {name: value for name, value in plain.items() if name not in NO_COLUMNS}
        ways = [way for way in ("when", "everyone") if way in plain] + (["columns"] if beside else [])
        if len(ways) != 1:
            raise ChoiceError("segment_rule_empty" if not ways else "segment_rule_two_ways", file=self._file,
                              rule=self._rule)  # fmt: skip
        if ways == ["everyone"]:
            return EVERYONE if plain["everyone"] is True else self._fail("everyone", plain["everyone"], "true")
        if ways == ["columns"]:
            return self._beside(beside)
        when = plain["when"]
        if isinstance(when, Mapping):
            return when_from(when)
        if not isinstance(when, list) or not when or not all(isinstance(one, Mapping) and one for one in when):
            self._fail("when", when, "boxes")
        return any_of(*[self._beside(one) for one in when])

    # The short form of conditions -------------------------------------------------------------------------------

    def _beside(self, plain: Mapping[str, Any]) -> When:
        return all_of(
            *[
                self._score(name, value) if name in SHORT else self._condition(name, value)
                for name, value in plain.items()
            ]
        )

    def _score(self, name: str, written: Any) -> Test:
        low, high = written if isinstance(written, list) and len(written) == 2 else (written, written)
        whole = type(low) is int and type(high) is int
        if not whole or not 1 <= low <= high <= self._bins:
            self._score_fails(name, written)
        return Test(SHORT[name], "between", Span(low, high))

    def _score_fails(self, name: str, written: Any) -> NoReturn:
        raise ChoiceError("segment_range", file=self._file, segment=self._rule, axis=name[0].upper(), value=written,
                          bins=self._bins)  # fmt: skip

    def _condition(self, name: str, written: Any) -> When:
        if isinstance(written, list) and any(is_number(one) for one in written):
            self._fail(name, written, "list_of_numbers")
        if not isinstance(written, Mapping):
            return self._listed(name, written)
        self._known_keys(name, written)
        fits: list[When] = []
        if "in" in written:
            if any(key in written for key in (*BOUNDS, "known")):
                self._fail(name, written, "range_and_list")
            fits = [self._listed(name, written["in"])]
        elif any(key in written for key in BOUNDS):
            fits = [all_of(*self._range(name, written))]
        elif written.get("known"):
            fits = [Not(Test(name, "missing"))]
        if written.get("unknown"):
            fits.append(Test(name, "missing"))
        return any_of(*fits) if fits else self._fail(name, written, "condition")

    def _known_keys(self, name: str, written: Mapping[str, Any]) -> None:
        for key in written:
            if key not in (*BOUNDS, "in", "unknown", "known"):
                self._fail(f"{name}.{key}", written[key], "field", allowed=[*BOUNDS, "in", "unknown", "known"])
        for key in ("unknown", "known"):
            if not isinstance(written.get(key, False), bool):
                self._fail(f"{name}.{key}", written[key], "yes_or_no")

    def _range(self, name: str, written: Mapping[str, Any]) -> list[Test]:
        if {"from", "above"} <= set(written) or {"to", "below"} <= set(written):
            self._fail(name, written, "two_bounds")
        ends = {key: self._bound(f"{name}.{key}", written[key]) for key in BOUNDS if key in written}
        if len({isinstance(end, str) for end in ends.values()}) > 1:
            self._fail(name, written, "mixed")
        tests = [
            Test(name, "above" if key == "above" else "below", ends[key]) for key in ("above", "below") if key in ends
        ]
        if "to" in ends:
            tests.append(Test(name, "between", Span(ends.get("from"), ends["to"])))
        elif "from" in ends:
            tests.append(Test(name, "at_least", ends["from"]))
        of = domain(name)
        starts, stops = zip(*[test.cuts(of) for test in tests], strict=True)
        start, end = next(filter(None, starts), None), next(filter(None, stops), None)
        if end is not None and (of.starts_all(end) or (start is not None and start >= end)):
            self._fail(name, written, "nothing_between")
        return tests

    def _bound(self, name: str, written: Any) -> Scalar:
        """Return a number, or a day as text."""
        day = day_of(written) or written
        if isinstance(day, date) and not isinstance(day, datetime):
            return day.isoformat()
        if not is_number(written) or abs(written) > LARGEST_EXACT:
            self._fail(name, written, "bound")
        return written

    def _listed(self, name: str, written: Any) -> When:
        values = written if isinstance(written, list) else [written]
        kinds = {"number" if is_number(value) else type(value).__name__ for value in values}
        if not values or len(kinds) > 1 or not kinds <= {"str", "bool", "number"}:
            self._fail(name, written, "values")
        if kinds == {"number"}:
            values = [self._bound(name, value) for value in values]
        kept = tuple(dict.fromkeys(values))
        return any_of(
            *[Test(name, "in", kept[at : at + MOST_LISTED_VALUES]) for at in range(0, len(kept), MOST_LISTED_VALUES)]
        )

    # Names ------------------------------------------------------------------------------------------------------

    def _words(self, name: str, written: Any, *, may_be_empty: bool = False) -> Mapping[str, str]:
        both = written if isinstance(written, Mapping) else dict.fromkeys(NAME_LANGUAGES, written)
        if set(both) != set(NAME_LANGUAGES):
            self._fail(name, written, "both_languages")
        return MappingProxyType(
            {lang: self._text(f"{name}.{lang}", both[lang], may_be_empty=may_be_empty) for lang in NAME_LANGUAGES}
        )

    def _text(self, name: str, written: Any, *, may_be_empty: bool = True) -> str:
        longest = LONGEST_TABLE_TEXT if name.partition(".")[0] != "meaning" else 5 * LONGEST_TABLE_TEXT
        if not isinstance(written, str) or not (may_be_empty or written.strip()) or len(written) > longest:
            self._fail(name, written, "text")
        if not all(character.isprintable() for character in written):
            self._fail(name, written, "text")
        return written.strip()

    def _no_name_twice(self, rules: Sequence[Rule], others: Mapping[str, str], table: str) -> None:
        ids = [rule.id for rule in rules]
        twice = sorted({one for one in ids if ids.count(one) > 1 or one == OTHERS})
        if twice:
            raise ChoiceError("segment_twice", table=table, segments=twice)
        for lang in NAME_LANGUAGES:
            names = [rule.names[lang] for rule in rules] + [others[lang]]
            twice = sorted({name for name in names if names.count(name) > 1})
            if twice:
                raise ChoiceError("segment_name_twice", table=table, names=twice)

    def _fail(self, field: str, value: object, expects: str, **facts: object) -> NoReturn:
        """Name file, rule and field, and say what can stand there (`errors.segment_field_<expects>`)."""
        place = {"file": self._file, "rule": self._rule, "field": field}
        raise ChoiceError(f"segment_field_{expects}", **place, value=str(value)[:60], **facts)
