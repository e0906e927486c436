"""The names of sources: of a file its path below the folder, of a database `postgresql://host/shop public.orders`."""

from __future__ import annotations

from pathlib import PurePath


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
