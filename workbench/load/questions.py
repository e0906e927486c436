"""What a load asks the analyst, in keys and facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Question:
    """Something only the analyst can decide: which encoding, which sheet, which column.

    `choices` maps each possible answer to a few lines of how the data reads under it; `follow_ups` what is asked after
    an answer in place of what is asked about the suggested one.
    """

    key: str
    file: str
    facts: Mapping[str, object] = field(default_factory=dict)
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    follow_ups: Mapping[str, tuple[Question, ...]] = field(default_factory=dict)
