"""The sizes of every segmentation offered, which managers see first."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from ibis.expr import types as ir

from workbench.analyses.segmentation import Segmentation
from workbench.panels.segmentation_choice import assigned, offered, sizes_name
from workbench.panels.session import Session
from workbench.panels.standing import Standing
from workbench.topics.segments.panel import people_by_segment, shown_sizes

PLACE = 10


def standing(session: Session) -> Iterator[Standing]:
    """Give the sizes of one segmentation after the other, in the order of the list."""
    offer = offered(session)
    for name in offer.in_view(session):
        chosen = offer.measured(session, name)
        yield Standing(sizes_name(name), shown_sizes(name, chosen), partial(_people, session, name, chosen))


def _people(session: Session, name: str, chosen: Segmentation) -> ir.Table:
    return people_by_segment(name, assigned(session, chosen))
