"""Choosing a segmentation on a panel: the built-in ones, measured on the data in view, and those saved in the store."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial

import pandas as pd
from ibis.expr import types as ir

from workbench.analyses.segmentation import OPEN, OTHERS, BuiltIn, Ground, Segment, Segmentation, segment_sizes
from workbench.discovery import topic_modules
from workbench.errors import ChoiceError, NothingToShow, WorkbenchError
from workbench.panels.controls import Choice
from workbench.panels.privacy import Shown
from workbench.panels.session import Session
from workbench.panels.showing import shown_alone
from workbench.panels.standing import ledger

SegmentationMaker = Callable[[Ground], Segmentation]


@cache
def _offers() -> Mapping[str, BuiltIn]:
    offers: dict[str, BuiltIn] = {}
    for module in topic_modules("built_in").values():
        offers |= module.BUILT_IN
    return dict(sorted(offers.items(), key=lambda item: item[1].place))


def built_in() -> Mapping[str, SegmentationMaker]:
    """Return what every topic offers without anybody saving it, in the order in which it is offered."""
    return {name: offer.measure for name, offer in _offers().items()}


KIND_WORDS = "panels.segments.kinds"


@dataclass(frozen=True)
class Offer:
    """The segmentations a panel can use, by name: how each is measured, and what it is called."""

    measures: Mapping[str, SegmentationMaker]
    names: Mapping[str, Mapping[str, str]]
    saved: Collection[str] = ()
    """Those that somebody saved in the store."""
    standing: Collection[str] = ()
    """Those that every reader of the page is offered: built in or saved, and not given by code."""

    @property
    def labels(self) -> dict[str, str | None]:
        """The key of the words of each; None where `names` says them."""
        return {name: None if name in self.names else f"{KIND_WORDS}.{name}" for name in self.measures}

    def said(self, name: str, lang: str) -> str:
        """Return what people call one of those that have no words in the catalogs."""
        return self.names[name][lang]

    def measured(self, session: Session, name: str, *, ground: Ground | None = None) -> Segmentation:
        """Return a segmentation with its cut points measured on the ground, by default the session's."""
        if name not in self.measures:
            raise ChoiceError("unknown_choice", name="segmentation", value=name, allowed=tuple(self.measures))
        if name not in built_in():
            self._check_shown(session, name)
        elif session.lacks_money and _offers()[name].needs_money:
            raise NothingToShow("needs_amounts")
        if ground is not None:
            return self.measures[name](ground)
        if name in self.saved:  # a newer version may have been saved since
            return self.measures[name](session.ground)
        segmentation: Segmentation = session.remember(("measured", name), lambda: self.measures[name](session.ground))
        return segmentation

    def in_view(self, session: Session) -> list[str]:
        """Name those that can be had under the session's filters; the panel of any other says why it cannot."""
        return [name for name in self.measures if self._is_had(session, name)]

    def _is_had(self, session: Session, name: str) -> bool:
        try:
            self.measured(session, name)
        except WorkbenchError:
            return False
        return True

    def _check_shown(self, session: Session, name: str) -> None:
        """Fixed rules under two filters, or two of them, could be subtracted from each other, segment by segment."""
        filters = session.filters
        if session.minimum_group == 1:
            return
        if filters.since or filters.until or filters.regions or filters.customer_types or filters.segments:
            raise NothingToShow("fixed_rules_unfiltered")
        if name in self.saved and not session.offers_segmentation(name):
            raise NothingToShow("fixed_rules_too_narrow", minimum=session.minimum_group)


def offered(session: Session, more: Mapping[str, Segmentation] | None = None) -> Offer:
    """Return the built-in segmentations, those saved in the store (shared ones on a managers' page), and `more`."""
    extra = dict(more or {})
    saved = [one for one in session.store.definitions() if not one.damaged and one.id not in {*built_in(), *extra}]
    measures: dict[str, SegmentationMaker] = {
        **built_in(),
        **{one.id: partial(_saved, session, one.id) for one in saved},
        **{name: partial(_fixed, segmentation) for name, segmentation in extra.items()},
    }
    names = {one.id: one.names for one in saved} | {name: one.names for name, one in extra.items()}
    standing = frozenset(name for name in measures if name not in extra)
    return Offer(measures, names, frozenset(one.id for one in saved), standing)


def _saved(session: Session, name: str, _ground: Ground) -> Segmentation:
    return session.segmentation(name)


def _fixed(segmentation: Segmentation, _ground: Ground) -> Segmentation:
    return segmentation


def segmentation_control(
    offer: Offer, *, value: str | None = None, label: str = "panels.segments.segmentation"
) -> Choice:
    """Return the list to choose one from."""
    return Choice(label, offer.labels, value=value, words=offer.said)


class SegmentChoice(Choice):
    """One segment of the segmentation chosen; its list follows the segmentation. "" is what `first` says, if given."""

    def __init__(self, label: str, *, first: str | None = None) -> None:
        self._names: dict[str, Mapping[str, str]] = {}
        self._first = {} if first is None else {"": first}
        super().__init__(
            label, {"": first or "panels.segments.first"}, words=lambda name, lang: self._names[name][lang]
        )

    def offer(self, segments: Sequence[Segment], *, value: str, lang: str) -> None:
        """Show these segments, and that one is chosen."""
        names = {segment.id: segment.names for segment in segments}
        if self._names != names:
            self._names = names
            self._words = {**self._first, **dict.fromkeys(names)}
            with self.hold_sync():
                self.options = [(name, name) for name in self._words]
                self.value = value
                self.say(lang)
        elif self.value != value:
            self.value = value


def key_of(segmentation: Segmentation) -> str:
    """Return what tells a segmentation from others, to remember results by."""
    return json.dumps(segmentation.as_dict(), sort_keys=True, default=str, ensure_ascii=False)


def assigned(session: Session, segmentation: Segmentation) -> ir.Table:
    """Return every customer's segment and evidence inside the session's filters; kept by the store."""
    table: ir.Table = session.remember(
        ("assigned", key_of(segmentation)), lambda: session.store.keep(segmentation.assign(session.ground))
    )
    return table


def sizes_of(session: Session, segmentation: Segmentation) -> pd.DataFrame:
    """Return the rows of `segment_sizes`, those of small groups too: the panel that shows them hides these."""
    sizes = segment_sizes(assigned(session, segmentation), session.facts)
    rows: pd.DataFrame = session.remember(("sizes", key_of(segmentation)), lambda: session.store.collect(sizes))
    return rows


def hidden_segments(session: Session, offer: Offer, name: str) -> set[str]:
    """Return the segments whose sizes managers' pages hide, so that nothing else is told of them either."""
    if session.minimum_group <= 1:
        return set()
    if name in offer.standing:
        hidden = set(ledger(session).hidden(sizes_name(name)))
    else:
        chosen = offer.measured(session, name)
        sizes = sizes_of(session, chosen).rename(columns={"segment": label_of(name)})
        hidden = shown_alone(Shown((label_of(name),), first=best(chosen)), sizes, smallest=session.minimum_group)
    return {str(value) for key in hidden for column, value in key if column == label_of(name)}


def sizes_name(name: str) -> str:
    """Return by which name the sizes of a segmentation stand among all that a page shows."""
    return f"sizes.{name}"


def label_of(name: str) -> str:
    """Return what the tables of all panels call the column that holds everybody's segment of a segmentation."""
    return f"in_{name}"


def best(segmentation: Segmentation) -> tuple[str, ...]:
    """Return the segments that an analysis is about: those the kind says, else the best one where any is."""
    about: tuple[str, ...] = getattr(segmentation, "about", ranked(segmentation)[:1])
    return about


def ranked(segmentation: Segmentation) -> tuple[str, ...]:
    """Return the segments from best to worst; nothing where the kind says that it has no better and worse."""
    if not getattr(segmentation, "is_ranked", True):
        return ()
    return tuple(segment.id for segment in segmentation.segments if segment.id not in (OTHERS, OPEN))
