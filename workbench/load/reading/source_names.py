"""The names of sources: of a file its path below the folder, of a database `postgresql://host/shop public.orders`."""

from __future__ import annotations

import re
from pathlib import PurePath

DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
ANY_DAY = "\ue000"
"""Stands where a day does; no name holds it."""


def of_database(name: str) -> bool:
    """True for the name of a table or query of a database."""
    return "://" in name


def last_part(name: str) -> str:
    """What the patterns of a mapping are about: a file's name, or database and table: `shop public.orders`.

    >>> last_part("jan/orders.csv"), last_part("postgresql://host/shop public.a/b")
    ('orders.csv', 'shop public.a/b')
    """
    return name.partition("://")[2].partition("/")[2] if of_database(name) else PurePath(name).name


def stem(name: str) -> str:
    """What tells what a source holds: a file's name without its ending, a table's without its database.

    >>> stem("jan/orders.csv"), stem("postgresql://host/shop public.orders"), stem("mysql://host/shop 月报.sql")
    ('orders', 'public.orders', '月报')
    """
    if not of_database(name):
        return PurePath(name).stem
    return last_part(name).partition(" ")[2].removesuffix(".sql")


def with_days(name: str, first: object, last: object) -> str:
    """The name of what stands beside an older source of this name: with the days it covers.

    >>> with_days("jan/orders.csv", "2024-01-01", "2024-01-31"), with_days("mysql://host/shop a.b", 1, 2)
    ('jan/orders 2024-01-01…2024-01-31.csv', 'mysql://host/shop a.b 1…2')
    """
    if of_database(name):
        return f"{name} {first}…{last}"
    path = PurePath(name)
    return str(path.with_name(f"{path.stem} {first}…{last}{path.suffix}"))


def is_with_days(name: str, base: str) -> bool:
    """True for the name of what stands beside a source of the other name.

    >>> is_with_days("orders 2024-02-01…2024-02-10.csv", "orders.csv"), is_with_days("orders.csv", "orders.csv")
    (True, False)
    """
    pattern = re.escape(with_days(base, ANY_DAY, ANY_DAY)).replace(ANY_DAY, DAY)
    return re.fullmatch(pattern, name) is not None
