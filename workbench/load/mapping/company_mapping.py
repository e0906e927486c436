"""A company's mapping: its sources, whose data they are, and what a suggestion could not decide.

`Mapping.read(path)` and `mapping.save(path)` keep it as a small TOML file (`mapping_file.py`); `load.suggesting`
proposes one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from workbench.load.mapping.analyst_answers import LEAVE_OUT, answered, is_said_by_hand
from workbench.load.mapping.mapping_file import mapping_text, read_mapping
from workbench.load.mapping.mapping_parts import LeftOut, MappingParts
from workbench.load.mapping.source_mapping import SourceMapping


@dataclass(frozen=True)
class Mapping(MappingParts):
    """The sources of one company. `questions` are what a suggestion could not decide, and nobody has answered yet."""

    @classmethod
    def read(cls, path: str | Path) -> Mapping:
        """Read a mapping from TOML, with the answers written below its questions; those without one stay open.

        An answer that is the suggested one adds nothing to what the source says, corrected by hand or not; nor is
        asked what the source says itself, such as its `date_format`.
        LoadError says which line is wrong, and what was expected.
        """
        parts, answers = read_mapping(Path(path))
        mapping = cls(parts.sources, parts.company, parts.questions, parts.left_out)
        for question, answer in zip(parts.questions, answers, strict=True):
            if question not in mapping.questions:  # what an earlier answer settled is not asked
                continue
            if answer is None and not is_said_by_hand(mapping, question):
                continue
            if answer is None or (answer == question.facts.get("suggested") and answer != LEAVE_OUT):
                mapping = replace(mapping, questions=tuple(one for one in mapping.questions if one != question))
            else:
                mapping = answered(mapping, question, answer)
        return mapping

    def text(self) -> str:
        """Write the mapping as TOML: read again, it is equal. What is open stands in it, answered as suggested."""
        agreed = self
        for question in self.questions:
            suggested = question.facts.get("suggested")
            if suggested in question.choices and suggested != LEAVE_OUT:
                agreed = answered(agreed, question, str(suggested))
        return mapping_text(agreed.sources, self.company, self.questions, self.left_out)

    def save(self, path: str | Path) -> None:
        """Write the mapping into a TOML file, for `Mapping.read`."""
        Path(path).write_text(self.text(), encoding="utf-8")

    def leaving_out(self, file: str) -> tuple[LeftOut, ...]:
        """The entries that leave a file, or a sheet of it, out."""
        return tuple(entry for entry in self.left_out if entry.applies_to(file))

    def sources_for(self, file: str, sheet: str | None = None) -> tuple[SourceMapping, ...]:
        """The entries that apply to a file, in their order; of two for the same sheet and table the first counts."""
        sources: dict[tuple[str | None, str], SourceMapping] = {}
        left_out = {entry.sheet for entry in self.leaving_out(file)}
        for source in self.sources:
            if source.applies_to(file, sheet) and not left_out & {None, source.sheet}:
                sources.setdefault((source.sheet, source.table), source)
        return tuple(sources.values())


def in_time_zone(mapping: Mapping, time_zone: str) -> Mapping:
    """The mapping of a company that counts its days in this zone, which then need not be asked for."""
    sources = tuple(replace(source, time_zone=None) for source in mapping.sources)
    questions = tuple(question for question in mapping.questions if question.key != "time_zone")
    company = replace(mapping.company, time_zone=time_zone)
    return replace(mapping, sources=sources, company=company, questions=questions)
