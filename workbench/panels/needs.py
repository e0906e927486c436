"""The gate: whether the data hold what a panel needs, and the sentence that says what is missing and what to do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from workbench.data_needs import Need
from workbench.discovery import needs_of, topic_of, topics
from workbench.errors import NothingToShow
from workbench.panels.data_measures import measured
from workbench.panels.session import Session

Possible = Literal["possible", "limited", "impossible"]


@dataclass(frozen=True)
class Lack:
    """A need that the data do not meet, how many there are, and the sentence that says so."""

    need: Need
    count: int
    sentence: NothingToShow


@dataclass(frozen=True)
class GateVerdict:
    """Whether a panel is possible with the data, and what is missing: what keeps it from figures first."""

    topic: str
    panel: str
    possible: Possible
    opens_with_figures: bool
    lacks: tuple[Lack, ...] = ()


def check_needs(session: Session, panel: str) -> None:
    """Raise NothingToShow where the store lacks what a panel must have, or where the filters leave none of it."""
    for need in needs_of(panel).must:
        check_need(session, panel, need)


def check_need(session: Session, panel: str, need: Need) -> None:
    """Raise NothingToShow where the store lacks one thing, or where the filters leave none of it.

    What is not loaded cannot be filtered back: the sentence then says what to load, not to widen the filters.
    """
    lack = _lack(session, topic_of(panel), need)
    if lack is None:
        return
    if need.filtered and _lack(session.unfiltered(), topic_of(panel), need) is None:
        raise NothingToShow(need.filtered)
    raise lack.sentence


def verdict(session: Session, panel: str) -> GateVerdict:
    """Judge one panel by what it declares; what a published page hides to protect small groups is not judged here."""
    topic, needs = topic_of(panel), needs_of(panel)
    stops = next(_lacking(session, topic, needs.must), None)
    if stops is not None:
        return GateVerdict(topic, panel, "impossible", opens_with_figures=False, lacks=(stops,))
    first = tuple(_lacking(session, topic, needs.at_first))
    lacks = (*first, *_lacking(session, topic, needs.better))
    return GateVerdict(topic, panel, "limited" if lacks else "possible", opens_with_figures=not first, lacks=lacks)


def verdicts(session: Session) -> list[GateVerdict]:
    """Judge every panel that asks for anything, in the order of the method's steps."""
    ordered = sorted(topics().items(), key=lambda one: (one[1].step, one[0]))
    return [
        verdict(session, panel) for _name, declared in ordered for panel, needs in declared.needs.items() if [*needs]
    ]


def _lacking(session: Session, topic: str, needs: Iterable[Need]) -> Iterator[Lack]:
    for need in needs:
        lack = _lack(session, topic, need)
        if lack is not None:
            yield lack


def _lack(session: Session, topic: str, need: Need) -> Lack | None:
    there = measured(session, topic, need)
    if there.count >= need.least:
        return None
    facts: dict[str, Any] = {"count": there.count, "least": need.least, **there.facts}
    return Lack(need, there.count, NothingToShow(there.lacks or need.lacks, **facts))
