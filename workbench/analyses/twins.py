"""Twins: one question answered by a query, the definition, and by a look-up in what is held of the customers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import ibis.expr.types as ir
import pandas as pd

Collect = Callable[[ir.Table], pd.DataFrame]
"""Fetches the rows of a query, as `store.collect` does."""

TwinSource = TypeVar("TwinSource")
TwinHeld = TypeVar("TwinHeld")
TwinQuestion = TypeVar("TwinQuestion")
TwinReply = TypeVar("TwinReply")


@dataclass(frozen=True)
class Twin(Generic[TwinSource, TwinHeld, TwinQuestion, TwinReply]):
    """Two ways to one reply, equal to the last figure. `Session.ask` takes one of them (docs/decisions/0018).

    A topic names its twins in `TWINS` of its `twins.py`, and gives cases of each in `tests/topics/<topic>/twins.py`.

    Attributes
    ----------
    holds
        The class of what is held in memory.
    by_query
        Called with what fetches rows, the tables that the query reads, and the question; it runs on every backend.
    in_memory
        Called with what is held, and the question.
    """

    holds: type[Any]
    by_query: Callable[[Collect, TwinSource, TwinQuestion], TwinReply]
    in_memory: Callable[[TwinHeld, TwinQuestion], TwinReply]
