"""A company's mapping: its sources, whose data they are, and what a suggestion could not decide.

`Mapping.read(path)` and `mapping.save(path)` keep it as a small TOML file (`mapping_file.py`); `load.suggesting`
proposes one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from workbench.load.mapping.company import Company
from workbench.load.mapping.mapping_file import mapping_text, read_mapping
from workbench.load.mapping.source_mapping import SourceMapping
from workbench.load.questions import Question


@dataclass(frozen=True)
class Mapping:
    """The sources of one company. `questions` are what a suggestion could not decide; one that was read has none."""

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
        found: dict[tuple[str | None, str], SourceMapping] = {}
        for source in self.sources:
            if source.applies_to(file, sheet):
                found.setdefault((source.sheet, source.table), source)
        return tuple(found.values())


def match(mapping: Mapping, files: Iterable[str]) -> dict[str, tuple[SourceMapping, ...]]:
    """Say which sources of the mapping apply to which file; a file nobody speaks for has none.

    Examples
    --------
    >>> orders = SourceMapping(files=("订单*.csv",), table="transactions")
    >>> {file: len(found) for file, found in match(Mapping((orders,)), ["订单2024.csv", "客户.csv"]).items()}
    {'订单2024.csv': 1, '客户.csv': 0}
    """
    return {file: mapping.sources_for(file) for file in files}
