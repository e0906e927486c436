"""Whose data a mapping describes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Company:
    """Whose data it is, the last day the data describes, the currency of its amounts (an ISO 4217 code), and the time
    zone in which the company counts its days (an IANA name)."""

    name: str | None = None
    as_of: date | None = None
    currency: str | None = None
    time_zone: str | None = None
