"""Small pieces of DuckDB SQL about text: quoting, blanks, full-width characters, whole matches.

Every cleaning rule is an SQL expression built from these, so that ten million rows are cleaned where they lie.
A rule first asks a cheap regular expression for the canonical form; only what fails it pays for the slow forms.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from workbench.store.sql_quoting import quoted_text, quoted_texts

ZERO_WIDTH = "\u200b\u200c\u200d\u2060\ufeff"
WIDE_BLANKS = "\u00a0\u2002\u2003\u2007\u2009\u202f\u3000"
"""Blanks that Excel, Word and Chinese keyboards leave: no-break, en, em, figure, thin, narrow, full-width."""

BLANKS = " \t\r\n\v\f" + WIDE_BLANKS + ZERO_WIDTH

NO_FIGURE = BLANKS + "0.,-—–/¥￥$"
"""What is left of a cell without figure is nothing, when these are taken off."""
ANY_BLANKS = f"[{BLANKS}]*"
"""Any number of blanks, none included, in a regular expression."""

FULL_WIDTH = "".join(chr(0xFF01 + offset) for offset in range(94))
HALF_WIDTH = "".join(chr(0x21 + offset) for offset in range(94))


@dataclass(frozen=True)
class CastSql:
    """How one column of text becomes typed values, as three SQL expressions over the text column.

    `value` is the typed value, or NULL. `missing` and `cause` only matter where `value` is NULL:
    `missing` is 'blank', 'sentinel' or NULL; `cause` is the key of what is wrong with a text that is not missing.
    """

    value: str
    missing: str
    cause: str

    @property
    def reason(self) -> str:
        """NULL for a good or missing value, else the reason key."""
        return self.reason_of(self.value)

    def reason_of(self, value_sql: str) -> str:
        """The same `reason`, given the name of a column that already holds `value`, so as not to compute it twice."""
        return case_when(
            (f"{value_sql} IS NOT NULL", "NULL"), (f"({self.missing}) IS NOT NULL", "NULL"), otherwise=self.cause
        )

    def missing_of(self, value_sql: str) -> str:
        """NULL where there is a value, else 'blank' or 'sentinel', else NULL (then there is a reason)."""
        return f"CASE WHEN {value_sql} IS NULL THEN {self.missing} END"


def matches(text_sql: str, pattern: str) -> str:
    """Whether the whole text matches a regular expression (RE2)."""
    return f"regexp_full_match({text_sql}, {quoted_text(pattern)})"


def trimmed(text_sql: str) -> str:
    """Take every kind of blank off both ends."""
    clean = matches(text_sql, f"(?s)[^{BLANKS}](?:.*[^{BLANKS}])?")
    return case_when((clean, text_sql), otherwise=f"trim({text_sql}, {quoted_text(BLANKS)})")


def half_width(text_sql: str, also: tuple[str, str] = ("", "")) -> str:
    """Trim, and write full-width letters, digits and signs as ASCII; every inner blank becomes a plain one.

    `also` names further characters and what becomes of them, one for one. `translate` is slow, so it sees only
    texts that hold such a character.
    """
    blanks = WIDE_BLANKS + "\t\r\n"
    written = FULL_WIDTH + blanks + also[0] + ZERO_WIDTH
    wanted = HALF_WIDTH + " " * len(blanks) + also[1]
    narrowed = f"trim(translate({text_sql}, {quoted_text(written)}, {quoted_text(wanted)}))"
    return case_when(
        (f"regexp_matches({text_sql}, {quoted_text(f'[！-～{blanks}{also[0]}{ZERO_WIDTH}]')})", narrowed),
        otherwise=trimmed(text_sql),
    )


def is_one_of(text_sql: str, words: Iterable[str]) -> str:
    """Whether a text, in any case, is one of these lower-case words; without words it is not."""
    listed = quoted_texts(words)
    return f"lower({text_sql}) IN ({listed})" if listed else "false"


def case_when(*branches: tuple[str, str], otherwise: str = "NULL") -> str:
    """Write `CASE WHEN condition THEN result …`: DuckDB evaluates a branch only for rows that reach it."""
    return "CASE " + " ".join(f"WHEN {when} THEN {then}" for when, then in branches) + f" ELSE {otherwise} END"


def named(sql: str, name: str, body: str) -> str:
    """Compute an expression once and use it under a name in another: for the rare texts that need several steps."""
    return f"list_transform([{sql}], lambda {name}: {body})[1]"


def quoted_list(texts: Iterable[str]) -> str:
    """Write texts as an SQL list."""
    return f"[{quoted_texts(texts)}]"
