"""A condition as fields: column, operator and value that fit each other, and groups of them; read back as data."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from workbench.analyses.rules.asking import needed_reading
from workbench.analyses.rules.conditions import (
    DEEPEST,
    SPAN_OPERATORS,
    AllOf,
    AnyOf,
    Not,
    Operator,
    Scalar,
    Span,
    Test,
    When,
    day_of,
)
from workbench.charts.words import count_words
from workbench.errors import WorkbenchError
from workbench.i18n import LANGUAGES
from workbench.panels.controls import Choice, Day, Line, Press, Switch
from workbench.panels.guarded_widgets import guarded
from workbench.panels.headings import headed
from workbench.panels.layout import Column, Row
from workbench.panels.multiple_choice import Several
from workbench.topics.segment_rules.panel_lookup import Lookup, Profile, rule_column_words

BUILDER_WORDS = "panels.rule_builder"
UNREADABLE = object()
"""What a field gives while its text is no number yet."""


class Typed(Line):
    """A line that reports while it is being typed."""

    def __init__(self, label: str, *, value: str = "") -> None:
        super().__init__(label, value=value)
        self.continuous_update = True


class ConditionRow(Row):
    """One test: its column, its operator, and the fields of its value; `changed` is called with every change.

    While a value is not complete the test is one that nobody meets: the counts say so.
    """

    def __init__(
        self,
        test: Test,
        lookup: Lookup,
        lang: str,
        *,
        changed: Callable[[], None],
        drop: Callable[[Any], None],
        negated: bool = False,
    ) -> None:
        self._lookup, self._lang, self._changed = lookup, lang, changed
        self._names = list(dict.fromkeys([*lookup.columns(), test.column]))
        self.column = Choice(f"{BUILDER_WORDS}.column", dict.fromkeys(self._names), value=test.column, words=_heading)
        self.negated = Switch(f"{BUILDER_WORDS}.not", value=negated)
        self.remove = Press(f"{BUILDER_WORDS}.remove_condition", style="quiet")
        self.operator: Choice
        self.fields: list[Any] = []
        self._shown: Operator = test.operator
        self._speaking = False
        super().__init__([])
        self.add_class("wb-controls")
        self.add_class("wb-condition")
        self._fill(test)
        self.column.observe(guarded(lambda change: self._moved(self._other_column, change["new"])), names="value")
        self.negated.observe(guarded(lambda _: self._moved(self._changed)), names="value")
        self.remove.on_click(guarded(lambda _: drop(self)))

    def _moved(self, act: Callable[..., None], *arguments: Any) -> None:
        """Act on a change of somebody's; wording a list changes its value for a moment, and means nothing."""
        if not self._speaking:
            act(*arguments)

    @property
    def when(self) -> When:
        """The test as it stands in the fields."""
        test = self._test()
        return Not(test) if self.negated.value else test

    def _test(self) -> Test:
        column, operator = self.column.value, self.operator.value
        nobody = Test(column, "in", ())
        if operator == "missing":
            return Test(column, operator)
        if operator in ("in", "not_in"):
            return Test(column, operator, self._listed())
        if operator == "contains":
            written = str(self.fields[0].value)
            return Test(column, operator, written) if written else nobody
        values = [_value_of(field) for field in self.fields]
        if any(one is UNREADABLE for one in values):
            return nobody
        if operator in SPAN_OPERATORS:
            low, high = values
            whole = operator == "between" or all(one is None or type(one) is int for one in values)
            return Test(column, operator, Span(low, high)) if whole and (low, high) != (None, None) else nobody
        return nobody if values[0] is None else Test(column, operator, values[0])

    def _listed(self) -> tuple[Scalar, ...]:
        field = self.fields[0]
        if isinstance(field, Several):
            return tuple(field.value)
        words = [word.strip() for word in field.value.replace("，", ",").replace("、", ",").split(",") if word.strip()]
        return tuple(words) if self._is_text else tuple(n for n in map(_number, words) if isinstance(n, (int, float)))

    def _profile(self) -> Profile | None:
        """What the column holds; None for one that the data do not have."""
        try:
            return self._lookup.profile(self.column.value)
        except WorkbenchError:
            return None

    @property
    def _is_text(self) -> bool:
        profile = self._profile()
        return profile is None or profile.stored in ("text", "set", "date")

    def _fill(self, test: Test) -> None:
        """Show a test: the operators its column takes, and the fields its operator takes."""
        try:
            operators = list(self._lookup.operators(test.column))
        except WorkbenchError:
            operators = []
        offered = list(dict.fromkeys([*operators, test.operator]))
        self.operator = Choice(
            f"{BUILDER_WORDS}.operator",
            {one: f"{BUILDER_WORDS}.operators.{one}" for one in offered},
            value=test.operator,
        )
        self.operator.observe(guarded(lambda change: self._moved(self._other_operator, change["new"])), names="value")
        self._show_fields(test)

    def _show_fields(self, test: Test) -> None:
        self._shown, self.fields = test.operator, self._fields(test)
        for field in self.fields:
            field.observe(guarded(lambda _: self._moved(self._changed)), names="value")
        self.children = [self.column, self.operator, *self.fields, self.negated, self.remove]
        self._speaking = True
        try:
            for part in self.children:
                part.say(self._lang)
        finally:
            self._speaking = False

    def _fields(self, test: Test) -> list[Any]:
        operator, value = test.operator, test.value
        if operator == "missing":
            return []
        if operator in ("in", "not_in"):
            return [self._list_field(value if isinstance(value, tuple) else ())]
        if operator == "contains":
            return [Typed(f"{BUILDER_WORDS}.text", value=value if isinstance(value, str) else "")]
        profile = self._profile()
        is_day = operator not in ("age_years", "days_until") and (
            needed_reading(test) == "date" if _has_value(test) else profile is not None and profile.reading == "date"
        )
        ends = [value.low, value.high] if isinstance(value, Span) else [value if not isinstance(value, tuple) else None]
        if operator in SPAN_OPERATORS:
            ends = ends if len(ends) == 2 else [None, None]
            return [
                _end_field(f"{BUILDER_WORDS}.{name}", end, is_day=is_day)
                for name, end in zip(("from", "to"), ends, strict=True)
            ]
        return [_end_field(f"{BUILDER_WORDS}.value", ends[0] if len(ends) == 1 else None, is_day=is_day)]

    def _list_field(self, chosen: Sequence[Scalar]) -> Any:
        profile = self._profile()
        if profile is None or not profile.values:
            return Typed(f"{BUILDER_WORDS}.values", value=", ".join(str(one) for one in chosen))
        field = Several(f"{BUILDER_WORDS}.values")
        kept = {_as_stored(value, profile): count for value, count in profile.values.items()}
        words = {
            one: {lang: f"{one} · {count_words(count, lang)}" for lang in LANGUAGES} for one, count in kept.items()
        }
        field.offer(words, value=chosen)
        return field

    def _other_column(self, column: str) -> None:
        operator: Operator = self._lookup.operators(column)[0]
        self._fill(_blank(column, operator))
        self._changed()

    def _other_operator(self, operator: Operator) -> None:
        keeps = operator in ("in", "not_in") and self._shown in ("in", "not_in")
        self._show_fields(Test(self.column.value, operator, self._listed() if keeps else None))
        self._changed()


class GroupBox(Column):
    """Conditions of which all or any must be met, groups within groups; `when` is what they say together."""

    def __init__(
        self,
        when: When,
        lookup: Lookup,
        lang: str,
        *,
        changed: Callable[[], None],
        drop: Callable[[Any], None] | None = None,
        depth: int = 0,
    ) -> None:
        negated = isinstance(when, Not) and isinstance(when.part, (AllOf, AnyOf, Not))
        group = when.part if isinstance(when, Not) and negated else when
        if not isinstance(group, (AllOf, AnyOf)):
            group = AllOf((group,))
        self._lookup, self._lang, self._changed, self._depth = lookup, lang, changed, depth
        how = "any" if isinstance(group, AnyOf) else "all"
        self.how = Choice(f"{BUILDER_WORDS}.how", {one: f"{BUILDER_WORDS}.{one}" for one in ("all", "any")}, value=how)
        self.negated = Switch(f"{BUILDER_WORDS}.not_group", value=negated)
        self.add_condition, self.add_group = (
            Press(f"{BUILDER_WORDS}.add_condition"),
            Press(f"{BUILDER_WORDS}.add_group"),
        )
        self.remove = Press(f"{BUILDER_WORDS}.remove_group", style="quiet")
        head = [self.how, self.negated, *([self.remove] if drop else [])]
        foot = [self.add_condition, *([self.add_group] if depth + 2 < DEEPEST else [])]
        self._head, self._foot = Row(head), Row(foot)
        self._head.add_class("wb-controls")
        self._foot.add_class("wb-group-foot")
        self.parts: list[Any] = [self._part(part) for part in group.parts]
        super().__init__([])
        self.add_class("wb-group")
        spoken: list[Any] = [*head, *foot]
        for part in spoken:
            part.say(lang)
        self._show()
        for control in (self.how, self.negated):
            control.observe(guarded(lambda _: self._changed()), names="value")
        self.add_condition.on_click(guarded(lambda _: self._add(blank_test(lookup))))
        self.add_group.on_click(guarded(lambda _: self._add(AnyOf((blank_test(lookup),)))))
        self.remove.on_click(guarded(lambda _: drop(self) if drop else None))

    @property
    def when(self) -> When:
        """The condition as it stands in the fields."""
        parts = tuple(part.when for part in self.parts)
        group: When = AnyOf(parts) if self.how.value == "any" else AllOf(parts)
        return Not(group) if self.negated.value else group

    def _part(self, when: When) -> ConditionRow | GroupBox:
        if isinstance(when, Test):
            return ConditionRow(when, self._lookup, self._lang, changed=self._changed, drop=self._drop)
        if isinstance(when, Not) and isinstance(when.part, Test):
            return ConditionRow(
                when.part, self._lookup, self._lang, changed=self._changed, drop=self._drop, negated=True
            )
        return GroupBox(when, self._lookup, self._lang, changed=self._changed, drop=self._drop, depth=self._depth + 1)

    def _add(self, when: When) -> None:
        self.parts.append(self._part(when))
        self._show()
        self._changed()

    def _drop(self, part: Any) -> None:
        self.parts.remove(part)
        self._show()
        self._changed()

    def _show(self) -> None:
        self.children = [self._head, *self.parts, self._foot]


def blank_test(lookup: Lookup) -> Test:
    """Begin a condition that nobody meets yet, on the first column whose values can be listed."""
    names = lookup.columns()
    column = next((name for name in ("customer_type", "region", "tier") if name in names), names[0])
    return Test(column, "in", ())


def _heading(column: str, lang: str) -> str:
    return headed(rule_column_words(column, lang))


def _blank(column: str, operator: Operator) -> Test:
    return Test(column, operator, () if operator in ("in", "not_in") else None)


def _has_value(test: Test) -> bool:
    return test.value is not None and test.value != Span()


def _end_field(label: str, end: Scalar | None, *, is_day: bool) -> Day | Typed:
    """A field for one end of a range: a day, or a number."""
    if is_day:
        field = Day(label)
        field.value = day_of(end)
        return field
    return Typed(label, value="" if end is None else str(end))


def _value_of(field: Any) -> Any:
    """What a field says: a number, a day as ISO text, None where it is empty, UNREADABLE where it is neither."""
    if isinstance(field, Day):
        return field.value.isoformat() if isinstance(field.value, date) else None
    return _number(field.value) if field.value.strip() else None


def _number(words: str) -> Any:
    """Read a number as people type it; UNREADABLE where it is none."""
    plain = words.strip().replace(",", "").replace("，", "").replace("−", "-")
    try:
        number = float(plain)
    except ValueError:
        return UNREADABLE
    if number != number or number in (float("inf"), float("-inf")):
        return UNREADABLE
    return int(number) if number.is_integer() and "." not in plain and "e" not in plain.lower() else number


def _as_stored(value: str, profile: Profile) -> Scalar:
    return {"true": True, "false": False}.get(value.lower(), value) if profile.stored == "boolean" else value
