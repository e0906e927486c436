"""What the rule builder offers: the columns of the data, and of one column what it holds and its values with counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from workbench.analyses.rules.asking import is_missing, needed_reading, read_as, reading_of
from workbench.analyses.rules.columns import BOUGHT, PERSONAL, SPENT, rule_columns, rule_table
from workbench.analyses.rules.conditions import OPERATORS, Operator, Reading, Test
from workbench.analyses.rules.examples import column_values
from workbench.i18n import t
from workbench.panels.columns import column_words
from workbench.panels.session import Session

MOST_OFFERED_VALUES = 60
MOST_SPENT = 12
SPLIT = ("category", "channel")
"""Of these, the builder offers the money of each value as a column; files may name any."""

HALF = 0.5

OFFERED_OPERATORS: Mapping[Reading, tuple[Operator, ...]] = {
    "text": ("in", "not_in", "contains", "missing"),
    "number": ("at_least", "below", "between", "missing"),
    "date": ("age_years", "days_until", "between", "at_least", "below", "missing"),
    "boolean": ("in", "missing"),
    "set": ("in", "not_in", "contains", "missing"),
}


@dataclass(frozen=True)
class Profile:
    """One column: how it is stored, how most known values can be read, how many are known, and the most frequent."""

    stored: Reading
    reading: Reading
    known: int
    values: Mapping[str, int]
    readable: Mapping[str, int]
    """How many known values of a text can be read as a number, and as a date."""

    @property
    def operators(self) -> tuple[Operator, ...]:
        """The operators it can be tested with, the most likely first."""
        if self.reading == self.stored:
            return OFFERED_OPERATORS[self.stored]
        operators = (*OFFERED_OPERATORS[self.reading], *OFFERED_OPERATORS[self.stored])
        return tuple(dict.fromkeys(one for one in operators if one in OPERATORS))


class Lookup:
    """Asks the session's data; every answer is remembered as long as the filters stay."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def columns(self) -> list[str]:
        """The names of the columns offered; those that name customers come last."""
        names: list[str] = self._session.remember("rule_column_names", self._columns)
        return names

    def profile(self, column: str) -> Profile:
        """What a column holds; ChoiceError where it is not there."""
        profile: Profile = self._session.remember(("rule_profile", column), lambda: self._profile(column))
        return profile

    def operators(self, column: str) -> tuple[Operator, ...]:
        """What can be asked of a column."""
        if column in PERSONAL:
            return ("contains", "missing")
        return self.profile(column).operators

    def unreadable(self, test: Test) -> int:
        """How many customers have a value that the test needs as a number or day, and that is neither."""
        if test.operator in ("missing", "contains") or test.column in PERSONAL:
            return 0
        profile, reading = self.profile(test.column), needed_reading(test)
        return profile.known - profile.readable[reading] if reading in profile.readable else 0

    def _columns(self) -> list[str]:
        ground, names = self._session.ground, []
        for column in rule_columns(ground):
            if not column.name.startswith(SPENT):
                names.append(column.name)
                continue
            dimension = column.name.split(".")[1]
            if dimension in SPLIT:
                values = list(self.profile(f"{BOUGHT}.{dimension}").values)[:MOST_SPENT]
                names += [f"{SPENT}.{dimension}.{value}" for value in values]
        return sorted(names, key=lambda name: name in PERSONAL)

    def _profile(self, column: str) -> Profile:
        session = self._session
        rows = session.store.keep(rule_table(session.ground, [column]))
        values = rows[column] if column != "customer_id" else rows.customer_id
        stored = reading_of(values.type())
        counts = {"known": rows.count(where=~is_missing(values))}
        readings: tuple[Reading, ...] = ("date", "number") if stored == "text" and column not in PERSONAL else ()
        counts |= {one: rows.count(where=read_as(values, one, Test(column, "missing")).notnull()) for one in readings}
        (row,) = session.store.collect(rows.aggregate(**counts)).to_dict("records")
        known = int(row["known"])
        readable: dict[str, int] = {one: int(row[one]) for one in readings}
        reading: Reading = next((one for one in readings if known and readable[one] / known > HALF), stored)
        listed = {}
        if column not in PERSONAL and stored in ("text", "set", "boolean"):
            top = session.store.collect(column_values(rows, column).limit(MOST_OFFERED_VALUES))
            listed = dict(zip(top["value"], top["customer_count"].astype(int), strict=True))
        return Profile(stored, reading, known, listed, readable)


def rule_column_words(name: str, lang: str) -> str:
    """Say a column of the rules: one made of what was bought names it, any other as on every panel."""
    how, _dot, rest = name.partition(".")
    dimension, _dot, value = rest.partition(".")
    if how in (BOUGHT, SPENT) and dimension:
        return t(f"panels.rule_builder.{how}", lang, name=column_words(dimension, lang), value=value)
    return column_words(name, lang)
