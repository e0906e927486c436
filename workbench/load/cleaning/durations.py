"""How long something took, as survey tools write it: 1分31秒, 2m 5s, 00:01:05, 95."""

from __future__ import annotations

from collections.abc import Sequence

from workbench.load.cleaning.calculator import answers
from workbench.load.cleaning.sql_expressions import case_when, trimmed
from workbench.store.sql_quoting import quoted_text

IN_WORDS = (
    r"^(?:(\d+)\s*(?:h|hours?|小时|时))?\s*(?:(\d+)\s*(?:m|min|minutes?|分钟?))?"
    r"\s*(?:(\d+(?:\.\d+)?)\s*(?:s|secs?|seconds?|秒)?)?$"
)
MINUTES_AND_SECONDS = r"^(?:(\d+):)?(\d{1,2}):(\d{2}(?:\.\d+)?)$"
SECONDS_IN_PARTS = (3600, 60, 1)


def seconds_sql(text_sql: str) -> str:
    """Return the SQL of the seconds a text says, NULL where it says none; a number alone is seconds."""
    lower = f"lower({trimmed(text_sql)})"

    def total(pattern: str) -> str:
        parts = (f"regexp_extract({lower}, {quoted_text(pattern)}, {place})" for place in (1, 2, 3))
        numbers = (f"coalesce(TRY_CAST(nullif({part}, '') AS DOUBLE), 0)" for part in parts)
        return " + ".join(f"{number} * {each}" for number, each in zip(numbers, SECONDS_IN_PARTS, strict=True))

    return case_when(
        (f"coalesce({lower}, '') = ''", "NULL"),
        (f"regexp_matches({lower}, {quoted_text(MINUTES_AND_SECONDS)})", total(MINUTES_AND_SECONDS)),
        (f"regexp_matches({lower}, {quoted_text(IN_WORDS)})", total(IN_WORDS)),
    )


def seconds_of(texts: Sequence[str | None]) -> list[float | None]:
    """Read a few texts.

    Examples
    --------
    >>> seconds_of(["1分31秒", "2m 5s", "00:01:05", "95", "微信", None])
    [91.0, 125.0, 65.0, 95.0, None, None]
    """
    query = f"SELECT {seconds_sql('written')} FROM (SELECT unnest($texts::VARCHAR[]) AS written)"
    return [seconds for (seconds,) in answers(query, tuple(texts))]
