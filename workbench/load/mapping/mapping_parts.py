"""What a mapping is made of: its sources, whose they are, what is left out, and the questions that are open."""

from __future__ import annotations

from dataclasses import dataclass, field

from workbench.load.mapping.company import Company
from workbench.load.mapping.source_mapping import SourceMapping, is_named
from workbench.load.questions import Question


@dataclass(frozen=True)
class LeftOut:
    """Files, or one sheet of them, that are known and not loaded."""

    files: tuple[str, ...]
    sheet: str | None = None

    def applies_to(self, file: str) -> bool:
        """Whether a file's name is one of these."""
        return is_named(self.files, file)


@dataclass(frozen=True)
class MappingParts:
    """The sources of one company, and what else a mapping file says."""

    sources: tuple[SourceMapping, ...] = ()
    company: Company = field(default_factory=Company)
    questions: tuple[Question, ...] = field(default=(), compare=False)
    """What nobody has answered yet."""
    left_out: tuple[LeftOut, ...] = ()
