"""The day that a file's name speaks of: customers_20241231.csv, 客户_2024-12.xlsx."""

from __future__ import annotations

import re
from datetime import date, timedelta

DAY_IN_NAME = re.compile(r"(?<!\d)(20\d\d)[-_.年]?(0[1-9]|1[0-2])[-_.月]?(0[1-9]|[12]\d|3[01])(?!\d)")
MONTH_IN_NAME = re.compile(r"(?<!\d)(20\d\d)[-_.年]?(0[1-9]|1[0-2])(?!\d)")


def day_in_name(file: str) -> date | None:
    """Return the day a name ends with, or the last day of its month; None where it names neither.

    >>> day_in_name("客户_20241231.csv"), day_in_name("rfm 2024-02.xlsx"), day_in_name("orders_v20.csv")
    (datetime.date(2024, 12, 31), datetime.date(2024, 2, 29), None)
    """
    for written in reversed(DAY_IN_NAME.findall(file)):
        try:
            return date(*map(int, written))
        except ValueError:  # 30 February
            continue
    months = MONTH_IN_NAME.findall(file)
    return month_end(date(int(months[-1][0]), int(months[-1][1]), 1)) if months else None


def month_end(day: date) -> date:
    """Return the last day of a day's month.

    >>> month_end(date(2024, 2, 3))
    datetime.date(2024, 2, 29)
    """
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
