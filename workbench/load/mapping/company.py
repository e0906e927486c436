"""Whose data a mapping describes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Company:
    """Whose data it is, and the last day the data describes."""

    name: str | None = None
    as_of: date | None = None
