"""Every pair of segmentations that managers can lay across each other."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations_with_replacement

from workbench.panels.segmentation_choice import offered
from workbench.panels.session import Session
from workbench.panels.standing import Standing
from workbench.topics.overlap.panel import pair_name, shown_pairs

PLACE = 40


def standing(session: Session) -> Iterator[Standing]:
    """Give the cells of one pair after the other; who is in which segment was said with the sizes."""
    offer = offered(session)
    for pair in combinations_with_replacement(offer.in_view(session), 2):
        yield Standing(pair_name(pair), shown_pairs(pair), with_others="overlap")
