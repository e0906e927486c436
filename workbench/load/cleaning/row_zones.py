"""The time zone that a column of its own names for each row's moment: PST, UTC+8, America/New_York, 北京时间."""

from __future__ import annotations

import re
from zoneinfo import available_timezones

from workbench.load.cleaning.dates import says_zone
from workbench.load.cleaning.header_zones import ZONE_PLACES
from workbench.load.cleaning.sql_expressions import CastSql, case_when, matches, named, trimmed
from workbench.load.cleaning.time_zones import known_hours
from workbench.store.sql_quoting import quoted_text, quoted_texts

ROW_OFFSET = r"(?i)(?:UTC|GMT)? ?[-+−]?[0-9]{1,2}(?::?[0-5][0-9])?"
CLOCK_ONLY = re.compile(r"[0-9]{1,2}[:：][0-9]{2}(?:[:：][0-9]{2}(?:\.[0-9]+)?)?(?: ?[AaPp][Mm])?")
"""A time of day that stands apart from its day."""

MIDNIGHT_AT_END = "[ T]0?0:00(?::00(?:\\.0+)?)?$"


def with_time_of_day(day_sql: str, time_sql: str) -> str:
    """Return the text of a moment whose day and time of day stand in two cells."""
    day = f"regexp_replace({trimmed(day_sql)}, {quoted_text(MIDNIGHT_AT_END)}, '')"
    return f"concat_ws(' ', {day}, nullif({trimmed(time_sql)}, ''))"


def in_zones_of_rows(cast: CastSql, text_sql: str, zone_sql: str, time_zone: str | None) -> CastSql:
    """Bring cast moments from the zone their row names to the company's; a day without a time of day stays.

    So does a moment that has a zone of its own behind it: it has been brought there. Without the company's zone a
    moment has no day (`time_zone_open`); nor has one whose row names no zone that is known (`time_zone_unknown`).
    """
    has_clock = named(cast.value, "m", f"m <> CAST(m AS DATE) OR regexp_matches({text_sql}, '[0-9] ?[:：时点]|T[0-9]')")
    is_meant = f"({has_clock}) AND NOT ({says_zone(text_sql)})"
    brought = named(cast.value, "m", named(trimmed(zone_sql), "z", _brought(time_zone))) if time_zone else "NULL"
    at_fault = "'time_zone_unknown'" if time_zone else "'time_zone_open'"
    return CastSql(
        case_when((is_meant, brought), otherwise=cast.value),
        cast.missing,
        case_when((f"({cast.value}) IS NOT NULL", at_fault), otherwise=cast.cause),
    )


def _brought(time_zone: str) -> str:
    """The moment `m` of the zone `z` in the company's zone; NULL for a zone that is not known."""
    own = quoted_text(time_zone)
    digits = "regexp_extract(z, '([-+−]?) ?([0-9]{1,2}):?([0-9]{2})?$', ['sign', 'hours', 'minutes'])"
    east = named(
        digits,
        "d",
        "(CASE WHEN d.sign IN ('', '+') THEN 1 ELSE -1 END)"
        " * (3600 * CAST(d.hours AS INTEGER) + 60 * coalesce(TRY_CAST(d.minutes AS INTEGER), 0))",
    )
    places = [
        (matches("z", rf"(?i)(?:{words})(?: ?\(.*\))?"), f"timezone({own}, timezone({quoted_text(place)}, m))")
        for words, place in ZONE_PLACES.items()
    ]
    names = [
        (f"upper(z) = {quoted_text(name)}", f"timezone({own}, timezone('UTC', m - to_seconds({round(hours * 3600)})))")
        for name, hours in known_hours(time_zone).items()
    ]
    iana = sorted(name for name in available_timezones() if "/" in name)
    return case_when(
        (matches("z", ROW_OFFSET), f"timezone({own}, timezone('UTC', m - to_seconds({east})))"),
        *names,
        (f"z IN ({quoted_texts(iana)})", f"timezone({own}, timezone(z, m))"),
        *places,
    )
