"""Time zones as files write them behind a clock time: Z, +08:00, GMT+8, [GMT+8], PST, GMT+0800 (China Standard Time).

A moment with a zone is brought to the one in which the company counts its days, never cut: 23:30 in UTC is the
next morning in Shanghai. Without that zone being declared such a moment has no day (`time_zone_open`). Abbreviations
that are used for several zones are read only where the company's own zone tells which is meant (CST in China).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from workbench.errors import LoadError
from workbench.load.cleaning.sql_expressions import case_when
from workbench.store.sql_quoting import quoted_text

OFFSET = "(?:UTC|GMT)? ?[-+−][0-9]{1,2}(?::?[0-5][0-9])?"
ZONE_NAME = "Z|[A-Z]{3,5}"
REMARK = r"(?: ?[\[(][^\])]*[\])])?"
CLOCK_TIME = r"[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?(?: ?[AP]M)?"
ZONE_AT_END = rf"({CLOCK_TIME}) ?[\[(]?({OFFSET}|{ZONE_NAME})[\])]?{REMARK}$"
"""A zone stands behind a clock time, so that the end of 2024-01-05 is none; the text is in capitals."""

YEAR_BEHIND_ZONE = rf"(:[0-9]{{2}} (?:{OFFSET}|{ZONE_NAME})) [0-9]{{4}}$"
"""Java writes the year last: Fri Jan 05 10:00:00 CST 2024."""

MAY_END_IN_ZONE = r"[A-Z+−\])]|[0-9] ?-[0-9:]*$"
"""A cheaper look that spares most texts the pattern above."""

TIME_SLOT = r"(?:^|[^:0-9])[0-9]{1,2}:[0-9]{2} ?-[0-9]{1,2}:[0-9]{2}$"
"""From ten to twelve, `10:00-12:00`, is no zone."""

HOURS: Mapping[str, float] = {
    "Z": 0, "UTC": 0, "GMT": 0, "WET": 0, "WEST": 1, "CET": 1, "CEST": 2, "EET": 2, "EEST": 3, "MSK": 3,
    "HKT": 8, "SGT": 8, "JST": 9, "KST": 9, "AEST": 10, "AEDT": 11, "NZST": 12, "NZDT": 13,
    "EST": -5, "EDT": -4, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7, "AKST": -9, "AKDT": -8, "HST": -10,
}  # fmt: skip
"""Abbreviations with one usual meaning, in hours east of Greenwich."""

SEVERAL_MEANINGS: Mapping[str, Mapping[str, float]] = {
    "CST": {"Asia/Shanghai": 8, "Asia/Taipei": 8, "Asia/Chongqing": 8, "Asia/Urumqi": 8, "America/": -6, "US/": -6},
    "IST": {"Asia/Kolkata": 5.5, "Asia/Calcutta": 5.5, "Asia/Jerusalem": 2, "Europe/Dublin": 1},
    "BST": {"Europe/London": 1, "Asia/Dhaka": 6},
}
"""Abbreviations that mean one thing here and another there: by the beginning of the company's zone."""


AMERICAN_PLACES = {"CST": "America/Chicago"}
"""What an abbreviation of several meanings is where the company is in America."""

PLACES_OF_NAMES: Mapping[str, str] = {
    **dict.fromkeys(("PST", "PDT"), "America/Los_Angeles"), **dict.fromkeys(("MST", "MDT"), "America/Denver"),
    **dict.fromkeys(("EST", "EDT"), "America/New_York"), "CDT": "America/Chicago",
    **dict.fromkeys(("CET", "CEST"), "Europe/Berlin"), **dict.fromkeys(("EET", "EEST"), "Europe/Athens"),
    **dict.fromkeys(("AEST", "AEDT"), "Australia/Sydney"), **dict.fromkeys(("NZST", "NZDT"), "Pacific/Auckland"),
}  # fmt: skip
"""Whose clock an abbreviation means that keeps summer time."""


def check_time_zone(time_zone: str) -> None:
    """Raise LoadError for a time zone that has no name of the IANA list, such as Asia/Shanghai or UTC."""
    try:
        ZoneInfo(time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as unknown:
        examples = ["Asia/Shanghai", "America/Los_Angeles", "Europe/London", "UTC"]
        raise LoadError("unknown_time_zone", zone=time_zone, examples=examples) from unknown


def zone_of(text: str) -> str | None:
    """Return the zone written behind a clock time, without its brackets; None where there is none.

    >>> zone_of("2024/1/5 下午 3:05:12 [GMT+8]"), zone_of("2024-01-05 10:00"), zone_of("2024-01-05 10:00 PM")
    ('GMT+8', None, None)
    """
    plain = re.sub(YEAR_BEHIND_ZONE, r"\1", " ".join(text.upper().split()))
    match = re.search(ZONE_AT_END, plain)
    return match[2] if match and not re.search(TIME_SLOT, plain) else None


def hours_of(zone: str, time_zone: str | None = None) -> float | None:
    """Return how many hours a written zone lies east of Greenwich; None where it is not known, or has several meanings.

    >>> hours_of("GMT+8"), hours_of("-0530"), hours_of("PST"), hours_of("CST"), hours_of("CST", "Asia/Shanghai")
    (8.0, -5.5, -8, None, 8)
    """
    offset = re.fullmatch(r"(?:UTC|GMT)? ?([-+−])([0-9]{1,2})(?::?([0-5][0-9]))?", zone)
    if offset:
        hours = int(offset[2]) + int(offset[3] or 0) / 60
        return hours if offset[1] == "+" else -hours
    return known_hours(time_zone).get(zone)


def known_hours(time_zone: str | None) -> dict[str, float]:
    """Return the abbreviations that can be read, where the company counts its days in this zone."""
    own = {
        name: hours
        for name, meanings in SEVERAL_MEANINGS.items()
        for beginning, hours in meanings.items()
        if time_zone and time_zone.startswith(beginning)
    }
    return {**HOURS, **own}


def from_zone_of_header(moment_sql: str, zone: str, time_zone: str) -> str | None:
    """Bring a moment from the zone its header names to the company's; None where the zone has several meanings.

    An abbreviation stands for the clock of its place, for the header cannot change with the summer.
    """
    meanings = SEVERAL_MEANINGS.get(zone, {})
    own = next((place for place in meanings if time_zone.startswith(place)), None)
    place = PLACES_OF_NAMES.get(zone, zone) if "/" in zone or zone in PLACES_OF_NAMES else own
    if place is not None and place.endswith("/"):
        place = AMERICAN_PLACES[zone]
    if place is not None:
        return f"timezone({quoted_text(time_zone)}, timezone({quoted_text(place)}, {moment_sql}))"
    east = hours_of(zone, time_zone)
    if east is None:
        return None
    return f"timezone({quoted_text(time_zone)}, timezone('UTC', {moment_sql} - to_seconds({round(east * 3600)})))"


def in_company_zone(moment_sql: str, zone_sql: str, time_zone: str) -> str:
    """Bring a moment written in a zone to the company's; NULL where the zone is not known."""
    numbers = f"regexp_extract({zone_sql}, '([-+−])([0-9]{{1,2}}):?([0-9]{{2}})?$', ['sign', 'hours', 'minutes'])"
    seconds = (
        f"(CASE {numbers}.sign WHEN '+' THEN 1 ELSE -1 END) * (3600 * CAST({numbers}.hours AS INTEGER)"
        f" + 60 * coalesce(TRY_CAST({numbers}.minutes AS INTEGER), 0))"
    )
    named = [
        (f"{zone_sql} = {quoted_text(name)}", str(round(hours * 3600)))
        for name, hours in known_hours(time_zone).items()
    ]
    east = case_when((f"regexp_matches({zone_sql}, '[-+−][0-9]')", seconds), *named)
    return f"timezone({quoted_text(time_zone)}, timezone('UTC', {moment_sql} - to_seconds({east})))"
