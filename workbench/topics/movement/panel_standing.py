"""The movement between the segments of every segmentation offered, from a year ago to now."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from ibis.expr import types as ir

from workbench.panels.segmentation_choice import Offer, offered
from workbench.panels.session import Session
from workbench.panels.standing import Standing
from workbench.topics.movement.panel import moved_between, moves_name, people_by_move, shown_moves

PLACE = 50


def standing(session: Session) -> Iterator[Standing]:
    """Give the movement of one segmentation after the other, in the order of the list."""
    offer = offered(session)
    for name in offer.measures:
        yield Standing(moves_name(name), shown_moves(name), partial(_people, session, offer, name))


def _people(session: Session, offer: Offer, name: str) -> ir.Table:
    return people_by_move(name, moved_between(session, offer, segmentation=name).kept)
