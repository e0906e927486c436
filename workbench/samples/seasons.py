"""When people come to the shop: holidays, weekends, the rush before the Spring Festival."""

from __future__ import annotations

from datetime import date, timedelta

from workbench.samples.dice import Dice

SPRING_FESTIVALS = (date(2022, 2, 1), date(2023, 1, 22), date(2024, 2, 10), date(2025, 1, 29))
_CLOSED = frozenset(
    [first + timedelta(days=shift) for first in SPRING_FESTIVALS for shift in range(-1, 7)]
    + [date(year, 10, day) for year in range(2022, 2026) for day in (1, 2, 3)]
)


def is_open(day: date) -> bool:
    """Whether the shops are open: always, but for the Spring Festival week and the first days of October."""
    return day not in _CLOSED


def opening_day(day: date) -> date:
    """Return the day itself or the next one on which the shops are open."""
    while not is_open(day):
        day += timedelta(days=1)
    return day


def visiting_day(dice: Dice, day: date) -> date:
    """Move a day on which a service is due to one on which people really come."""
    for festival in SPRING_FESTIVALS:
        if timedelta(0) <= day - festival < timedelta(days=35) and dice.chance(0.4):
            day = festival - timedelta(days=dice.between(2, 24))  # before the journey home
    holiday = date(day.year, 10, 1)
    if timedelta(0) <= day - holiday < timedelta(days=20) and dice.chance(0.35):
        day = holiday - timedelta(days=dice.between(1, 14))
    if day.weekday() < 5 and dice.chance(0.25):
        day += timedelta(days=5 - day.weekday() + dice.between(0, 1))
    return opening_day(day)
