"""How far a long load is, told to whoever wants to show it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

ProgressStage = Literal["fetch", "look", "decode", "read", "check", "store"]


@dataclass(frozen=True)
class Progress:
    """How far a long load is: `done` of `total` bytes in this stage, of this file.

    Where rows are fetched from a database, `done` counts rows, and `total` is 0: nobody knows it.
    """

    stage: ProgressStage
    file: str
    done: int
    total: int


ProgressCallback = Callable[[Progress], None]


class ProgressMeter:
    """Tells a callback how far one stage of one file is."""

    def __init__(self, callback: ProgressCallback | None, stage: ProgressStage, file: str, total: int) -> None:
        self._callback = callback
        self._stage: ProgressStage = stage
        self._file = file
        self._total = total
        self._done = 0
        self.advance(0)

    def advance(self, amount: int) -> None:
        """Count `amount` more bytes as done and tell the callback."""
        self._done = min(self._done + amount, self._total)
        if self._callback:
            self._callback(Progress(self._stage, self._file, self._done, self._total))
