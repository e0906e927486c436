"""The time zone that a header names for the moments below it: Created (UTC), 下单时间（北京时间）, Date (PST)."""

from __future__ import annotations

import re
import unicodedata

from workbench.errors import LoadError
from workbench.load.cleaning.time_zones import HOURS, SEVERAL_MEANINGS, check_time_zone

ZONE_PLACES = {
    "北京时间|东八区|中国(?:标准)?时间|beijing (?:standard )?time|china (?:standard )?time": "Asia/Shanghai",
    "香港时间|hong kong time": "Asia/Hong_Kong",
    "(?:东京|日本)时间|(?:tokyo|japan) (?:standard )?time": "Asia/Tokyo",
    "新加坡时间|singapore time": "Asia/Singapore",
    "伦敦时间|london time": "Europe/London",
    "(?:美国)?太平洋时间|美西时间|pacific (?:standard |daylight )?time": "America/Los_Angeles",
    "美国?东部时间|美东时间|eastern (?:standard |daylight )?time": "America/New_York",
    "美国?中部时间|central (?:standard |daylight )?time": "America/Chicago",
    "美国?山区时间|mountain (?:standard |daylight )?time": "America/Denver",
    "格林[威尼]治(?:标准)?时间|(?:世界)?协调(?:世界)?时间?|世界(?:标准)?时间?": "UTC",
    "universal time|greenwich mean time": "UTC",
}
"""Zones in words. The clock of a place is meant, with its summer time."""

HEADER_OFFSET = r"(?:UTC|GMT) ?[-+−] ?[0-9]{1,2}(?::?[0-5][0-9])?"
GREENWICH = r"(?<![A-Za-z])(?:UTC|GMT|Utc|Gmt|utc|gmt)(?![A-Za-z])|(?<=[a-z])(?:Utc|Gmt|UTC|GMT)(?![A-Za-z])"
ZONE_NAMES = "|".join(sorted({*HOURS, *SEVERAL_MEANINGS} - {"Z", "UTC", "GMT"}))
ZONE_IN_BRACKETS = (
    rf"[(\[] ?(?:({ZONE_NAMES})|([-+−][0-9]{{1,2}}(?::?[0-5][0-9])?)|([A-Z][a-z]+/[A-Z][A-Za-z_]+)) ?[)\]]"
)
NAME_AT_END = rf"(?<=[ _-])({ZONE_NAMES})$"
NAME_BEHIND_UNDERSCORE = r"_(pst|pdt|edt|cst|cdt|jst|kst|cet|cest)$"

ZONE_PATTERNS = (*ZONE_PLACES, HEADER_OFFSET, GREENWICH, ZONE_IN_BRACKETS, NAME_AT_END, NAME_BEHIND_UNDERSCORE)


def header_zone(header: str) -> str | None:
    """Return the zone a header names: an offset or abbreviation as files write it, or a name of the IANA list.

    >>> [header_zone(one) for one in ("Created (UTC)", "date_created_gmt", "下单时间（北京时间）", "Date (est.)")]
    ['UTC', 'UTC', 'Asia/Shanghai', None]
    >>> header_zone("Time (GMT+8)"), header_zone("时间 UTC+08:00"), header_zone("Date (PST)")
    ('GMT+8', 'UTC+08:00', 'PST')
    """
    written = unicodedata.normalize("NFKC", header).strip()
    for pattern, place in ZONE_PLACES.items():
        if re.search(pattern, written, re.IGNORECASE):
            return place
    if offset := re.search(HEADER_OFFSET, written, re.IGNORECASE):
        return offset[0].upper().replace(" ", "")
    if re.search(GREENWICH, written):
        return "UTC"
    if named := re.search(ZONE_IN_BRACKETS, written):
        return named[1] or named[2] or _known_place(named[3])
    named = re.search(NAME_AT_END, written) or re.search(NAME_BEHIND_UNDERSCORE, written)
    return named[1].upper() if named else None


def without_zone(header: str) -> str:
    """Return a header without the zone it names, to tell what it is.

    >>> without_zone("created_at_utc"), without_zone("UTC 时间"), without_zone("Created (UTC)"), without_zone("Date")
    ('created_at', '时间', 'Created', 'Date')
    """
    if header_zone(header) is None:
        return header
    written = unicodedata.normalize("NFKC", header)
    for pattern in ZONE_PATTERNS:
        written = re.sub(
            pattern, " ", written, flags=re.IGNORECASE if pattern in ZONE_PLACES or pattern == HEADER_OFFSET else 0
        )
    return re.sub(r"[(\[] *[)\]]", "", written).strip(" _-")


def _known_place(name: str) -> str | None:
    try:
        check_time_zone(name)
    except LoadError:
        return None
    return name
