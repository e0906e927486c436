"""Check what the user chose, before a query is built on it."""

from __future__ import annotations

from collections.abc import Iterable

from workbench.errors import ChoiceError


def check_choice(name: str, value: object, allowed: Iterable[object]) -> None:
    """Raise ChoiceError unless `value` is one of `allowed`.

    >>> check_choice("boundary", "crossing", ["inclusive", "crossing"])
    """
    allowed = tuple(allowed)
    if value not in allowed:
        raise ChoiceError("unknown_choice", name=name, value=value, allowed=allowed)
