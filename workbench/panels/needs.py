"""What a panel cannot do without, and the sentence that says what is missing and what to load."""

from __future__ import annotations

from typing import Literal

from workbench.errors import NothingToShow
from workbench.panels.session import Session

Need = Literal["sales", "buyers", "answers"]
"""Any line of sales; customers known by a number who bought; any answer of a survey."""

NEEDED_TABLES: dict[Need, str] = {"sales": "transactions", "buyers": "transactions", "answers": "surveys"}


def check_need(session: Session, need: Need) -> None:
    """Raise NothingToShow where the store lacks what a panel is about, or where the filters leave none of it.

    What is not loaded cannot be filtered back: the sentence then says what to load, not to widen the filters.
    """
    if not session.store.snapshot.tables.get(NEEDED_TABLES[need]):
        raise NothingToShow(f"needs_{NEEDED_TABLES[need]}")
    if need == "buyers" and not session.remember("has_buyers", lambda: _counts(session)):
        raise NothingToShow("no_customers" if _counts(session.unfiltered()) else "needs_buyers")


def _counts(session: Session) -> int:
    """Count the customers who bought inside the filters."""
    facts = session.facts
    return int(session.store.arrays(facts.aggregate(customers=facts.count()))["customers"][0])
