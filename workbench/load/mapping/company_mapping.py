"""A company's mapping: its sources, whose data they are, and what a suggestion could not decide.

`Mapping.read(path)` and `mapping.save(path)` keep it as a small TOML file (`mapping_file.py`); `load.suggesting`
proposes one.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

from workbench.load.mapping.company import Company
from workbench.load.mapping.mapping_file import mapping_text, read_mapping
from workbench.load.mapping.source_mapping import SourceMapping
from workbench.load.questions import Question


@dataclass(frozen=True)
class Mapping:
    """The sources of one company. `questions` are what a suggestion could not decide; a mapping read back has none."""

    sources: tuple[SourceMapping, ...] = ()
    company: Company = field(default_factory=Company)
    questions: tuple[Question, ...] = field(default=(), compare=False)

    @classmethod
    def read(cls, path: str | Path) -> Mapping:
        """Read a mapping from TOML; LoadError says which line is wrong, and what was expected."""
        return cls(*read_mapping(Path(path)))

    def text(self) -> str:
        """Write the mapping as TOML: read again, it is equal."""
        return mapping_text(self.sources, self.company)

    def save(self, path: str | Path) -> None:
        """Write the mapping into a TOML file, for `Mapping.read`."""
        Path(path).write_text(self.text(), encoding="utf-8")

    def sources_for(self, file: str, sheet: str | None = None) -> tuple[SourceMapping, ...]:
        """The entries that apply to a file, in their order; of two for the same sheet and table the first counts."""
        sources: dict[tuple[str | None, str], SourceMapping] = {}
        for source in self.sources:
            if source.applies_to(file, sheet):
                sources.setdefault((source.sheet, source.table), source)
        return tuple(sources.values())


def in_time_zone(mapping: Mapping, time_zone: str) -> Mapping:
    """The mapping of a company that counts its days in this zone, which then need not be asked for."""
    sources = tuple(replace(source, time_zone=None) for source in mapping.sources)
    questions = tuple(question for question in mapping.questions if question.key != "time_zone")
    return Mapping(sources, replace(mapping.company, time_zone=time_zone), questions)
