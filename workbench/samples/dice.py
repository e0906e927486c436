"""Chance that falls the same way on every machine: one stream of numbers per seed and topic."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import TypeVar

Thing = TypeVar("Thing")


class Dice:
    """Draw numbers and choices from a seed.

    Only `random.Random.random()` is asked, the one method whose sequence Python promises to keep for a seed,
    and only sums, products and comparisons follow, which every machine rounds alike. Each topic has a stream
    of its own, so that one more draw for the surveys leaves the visits as they were.
    """

    def __init__(self, seed: int, topic: str) -> None:
        self._random = random.Random(f"{seed}/{topic}")  # noqa: S311  an invented company, no secret

    def share(self) -> float:
        """Return a number from 0 up to, not including, 1."""
        return self._random.random()

    def chance(self, probability: float) -> bool:
        """Say yes with this probability."""
        return self.share() < probability

    def between(self, low: int, high: int) -> int:
        """Return a whole number from low to high, both included."""
        return low + int(self.share() * (high - low + 1))

    def middling(self, low: int, high: int) -> int:
        """Return a whole number from low to high that is more often near the middle than at the ends."""
        return low + int((self.share() + self.share() + self.share()) / 3 * (high - low + 1))

    def pick(self, things: Sequence[Thing]) -> Thing:
        """Return one of the things, each as likely as the others."""
        return things[self.between(0, len(things) - 1)]

    def weighted(self, weights: Sequence[tuple[Thing, float]]) -> Thing:
        """Return one of the things, as often as its weight says."""
        mark = self.share() * sum(weight for _, weight in weights)
        for thing, weight in weights:
            mark -= weight
            if mark < 0:
                return thing
        return weights[-1][0]

    def some(self, things: Sequence[Thing], count: int) -> list[Thing]:
        """Return `count` different things in their given order; all of them where there are fewer."""
        places = list(range(len(things)))
        chosen = sorted(places.pop(self.between(0, len(places) - 1)) for _ in range(min(count, len(things))))
        return [things[place] for place in chosen]
