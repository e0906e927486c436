"""What a published company hides under a setting, decided once: that took a sixth of the tests that open its pages."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass

from workbench.analyses import joint_ranges, open_sums
from workbench.errors import NothingToShow
from workbench.panels import showing, standing
from workbench.panels.privacy import Marks
from workbench.panels.standing import Ledger

DECIDED_ANEW = (
    "tests/analyses",
    "tests/panels/test_privacy.py",
    "tests/test_small_groups_law.py",
    "tests/test_numbers_on_pages.py",
    "tests/test_remembered_decisions.py",
    "tests/topics/profile/test_panel.py",
    "tests/topics/satisfaction/test_small_groups.py",
)
"""Tests of the decisions themselves."""
MOST = 300
"""How many settings are remembered."""


@dataclass
class Remembering:
    """Whether what was decided before counts."""

    is_on: bool = False


def remember_decisions() -> Remembering:
    """Let pages of a snapshot that was open before, under the same setting, hide what was decided then.

    A decision hangs on the snapshot, which never changes, on the setting, and on the bounds that a test may move.
    """
    decide, known, remembering = Ledger.hidden, OrderedDict[Hashable, dict[str, Marks | NothingToShow]](), Remembering()

    def hidden(self: Ledger, name: str) -> Marks:
        if not remembering.is_on:
            return decide(self, name)
        question = _question(self)
        decided = known.setdefault(question, {})
        known.move_to_end(question)
        if name not in decided:
            try:
                decided[name] = decide(self, name)
            except NothingToShow as refusal:
                decided[name] = refusal
            decided |= {one: marks for one, marks in self._decided.items() if marks is not None}
        if len(known) > MOST:
            known.popitem(last=False)
        answer = decided[name]
        if isinstance(answer, NothingToShow):
            raise answer.with_traceback(None)
        return answer

    Ledger.hidden = hidden
    return remembering


def _question(ledger: Ledger) -> Hashable:
    session = ledger._session
    bounds = (showing.MOST_GROUPS, standing.MOST_RETRIES, standing.MOST_RETRIES_OF_MANY, standing.FEW_TIMES)
    sizes = (joint_ranges.CLOSE_AT_ONCE, joint_ranges.MOST_UNKNOWNS, open_sums.SUMS_AT_ONCE, session.minimum_group)
    return (session.store.snapshot.id, session.filters, session.lang, session.compares_years, bounds, sizes)
