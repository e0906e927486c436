"""What a load tells the analyst, in keys and facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

ProblemLevel = Literal["error", "warning", "info"]


@dataclass(frozen=True)
class Problem:
    """Something the analyst should know: `load.problem.<key>` says it in words, `facts` fill the blanks."""

    level: ProblemLevel
    key: str
    facts: Mapping[str, object] = field(default_factory=dict)
