"""What is proposed for one question of a survey: the item, what is in doubt about it, and what stands for no answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from workbench.load.mapping.source_mapping import Item
from workbench.load.suggesting.answer_words import WordScale
from workbench.load.suggesting.column_shapes import ColumnShape

ItemDoubt = Literal["", "family", "kind", "scale", "words", "choices"]
"""What the analyst is asked about an item: whether it is one, what it asks, its scale, its words, its choices."""


@dataclass(frozen=True)
class ItemProposal:
    """A column taken for a survey item; `no_answers` are its values outside the scale, `skipped` the tool's words."""

    header: str
    item: Item
    no_answers: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()
    known_as: str | None = None
    """How the dictionary spells the question; None where its values or a likeness alone speak for it."""
    doubt: ItemDoubt = ""
    kinds: tuple[str, ...] = ("nps", "csat", "ces", "other")
    """The kinds it may be, where that is in doubt."""
    word_scales: tuple[WordScale, ...] = ()
    """The scales its words may be of, the likeliest first."""
    rival_scale: tuple[int, int] | None = None
    """The longer scale of the questions beside it, where nobody gave its upper marks."""
    shape: ColumnShape = field(default_factory=ColumnShape)
    """What its answers look like."""
