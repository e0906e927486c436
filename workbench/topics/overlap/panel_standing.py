"""Every pair of segmentations that managers can lay across each other."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations_with_replacement

from workbench.errors import WorkbenchError
from workbench.panels.segmentation_choice import Offer, offered
from workbench.panels.session import Session
from workbench.panels.standing import Standing
from workbench.topics.overlap.panel import pair_name, shown_pairs

PLACE = 40


def standing(session: Session) -> Iterator[Standing]:
    """Give the cells of one pair after the other; who is in which segment was said with the sizes."""
    offer = offered(session)
    names = [name for name in offer.measures if _is_had(session, offer, name)]
    for pair in combinations_with_replacement(names, 2):
        yield Standing(pair_name(pair), shown_pairs(pair))


def _is_had(session: Session, offer: Offer, name: str) -> bool:
    try:
        offer.measured(session, name)
    except WorkbenchError:  # not to be had under these filters: its panel says why
        return False
    return True
