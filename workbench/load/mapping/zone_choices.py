"""The question in which time zone a company counts its days, where its files write moments of one zone or several."""

from __future__ import annotations

import re
from collections.abc import Sequence

from workbench.load.cleaning.clean import clean_values
from workbench.load.cleaning.header_zones import header_zone
from workbench.load.cleaning.time_zones import hours_of, zone_of
from workbench.load.questions import Question

ALWAYS_OFFERED = ("Asia/Shanghai", "UTC")
"""Offered whatever the file says."""

ZONES_OF_NAMES = {
    "America/Los_Angeles": ("PST", "PDT"), "America/Denver": ("MST", "MDT"), "America/Chicago": ("CST", "CDT"),
    "America/New_York": ("EST", "EDT"), "Europe/London": ("BST", "WEST"), "Europe/Berlin": ("CET", "CEST"),
    "Europe/Athens": ("EET", "EEST"), "Europe/Moscow": ("MSK",), "Asia/Kolkata": ("IST",), "Asia/Tokyo": ("JST",),
    "Asia/Seoul": ("KST",), "Asia/Hong_Kong": ("HKT",), "Asia/Singapore": ("SGT",),
    "Australia/Sydney": ("AEST", "AEDT"),
}  # fmt: skip
ZONES_OF_HOURS = {
    8: "Asia/Shanghai", 9: "Asia/Tokyo", 7: "Asia/Bangkok", 5.5: "Asia/Kolkata", 4: "Asia/Dubai", 3: "Europe/Moscow",
    2: "Europe/Berlin", 1: "Europe/Berlin", 0: "UTC", -3: "America/Sao_Paulo", -4: "America/New_York",
    -5: "America/New_York", -6: "America/Chicago", -7: "America/Los_Angeles", -8: "America/Los_Angeles",
    10: "Australia/Sydney", 11: "Australia/Sydney",
}  # fmt: skip
"""A place that keeps such hours, of several the one most files come from."""

READINGS = 3
HAS_CLOCK = re.compile(r"[0-9]\s*[:：时点]|T[0-9]|^[0-9]{12,14}$|^[0-9]{5}\.[0-9]+$")
"""What a moment has and a day alone has not."""


def time_zone_question(file: str, texts: Sequence[str], **facts: object) -> Question | None:
    """Ask for the company's zone where some texts, or the header, carry one; each choice shows how they read there.

    A zone is suggested where all texts carry the same one other than Greenwich, in which systems keep time for others.
    """
    of_header = header_zone(str(facts.get("header", "")))
    zoned = [
        (text, zone) for text in texts if (zone := zone_of(text) or (of_header if HAS_CLOCK.search(text) else None))
    ]
    if not zoned:
        return None
    zones = list(dict.fromkeys(zone for _, zone in zoned))
    places = list(dict.fromkeys(place for zone in zones for place in _places(zone)))
    one_each = list({zone: text for text, zone in reversed(zoned)}.values())[::-1]
    examples = [*one_each, *(text for text, _ in zoned if text not in one_each)][:READINGS]
    choices = {}
    for place in dict.fromkeys([*places, *ALWAYS_OFFERED]):
        moments = clean_values(examples, "timestamp", time_zone=place, zone=of_header)
        choices[place] = tuple(
            f"{text} → {moment}" for text, (moment, _) in zip(examples, moments, strict=True) if moment is not None
        )
    suggested = places[0] if len(places) == 1 and places != ["UTC"] else ""
    return Question("time_zone", file, {**facts, "zones": zones, "suggested": suggested}, choices)


def time_zone_question_of_rows(file: str, moments: Sequence[tuple[str, str]], **facts: object) -> Question | None:
    """Ask for the company's zone where a column names the zone of each moment: pairs of a moment and its zone."""
    one_each = list({zone: (text, zone) for text, zone in reversed(moments)}.values())[::-1]
    zones = [zone for _, zone in one_each]
    if not zones:
        return None
    places = [place for zone in zones for place in _places(_as_written_behind(zone))]
    choices = {}
    for place in dict.fromkeys([*places, *ALWAYS_OFFERED]):
        readings = []
        for text, zone in one_each[:READINGS]:
            behind = _as_written_behind(zone)
            written, of_place = (text, behind) if "/" in behind else (f"{text} {behind}", None)
            ((moment, _),) = clean_values([written], "timestamp", time_zone=place, zone=of_place)
            readings += [f"{text} {zone} → {moment}"] if moment is not None else []
        choices[place] = tuple(readings)
    return Question("time_zone", file, {**facts, "zones": zones, "suggested": ""}, choices)


def _as_written_behind(zone: str) -> str:
    """A zone in a cell as it would stand behind a moment or in a header: 8 and utc+8 are UTC+8."""
    named = header_zone(f"({zone})")
    number = re.fullmatch(r"([-+−]?)([0-9]{1,2}(?::?[0-5][0-9])?)", zone.strip())
    return f"UTC{number[1] or '+'}{number[2]}" if number else named or zone.strip().upper()


def _places(zone: str) -> list[str]:
    """The places that a written zone may stand for."""
    if "/" in zone:
        return [zone]
    named = [place for place, names in ZONES_OF_NAMES.items() if zone in names]
    if named:
        return ["Asia/Shanghai", *named] if zone == "CST" else named
    hours = hours_of(zone)
    return [ZONES_OF_HOURS[hours]] if hours in ZONES_OF_HOURS else []
