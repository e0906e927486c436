"""A proposal in the making: the file's sample, how its columns look, and the questions collected so far."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from workbench.load.cleaning.clean import clean_values
from workbench.load.mapping.source_mapping import SourceMapping, Suggestion
from workbench.load.questions import Question
from workbench.load.suggesting.column_shapes import Sample, Shape
from workbench.schema import TABLES, Type

LINES = 3


@dataclass
class Draft:
    """What is known of one file while a proposal for it is made."""

    sample: Sample
    judged: Mapping[str, Shape]
    suggestions: list[Suggestion] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)

    def ask(self, key: str, choices: Mapping[str, tuple[str, ...]], **facts: object) -> None:
        """Add a question about this file; `choices` shows for each answer how the data reads under it."""
        self.questions.append(Question(key, self.sample.file, {"sheet": self.sample.sheet, **facts}, choices))

    def examples(self, headers: Iterable[str]) -> dict[str, tuple[str, ...]]:
        """Headers to choose from, each with a few of its values."""
        return {header: self.judged[header].examples(LINES) for header in headers}

    def unsure(self, header: str) -> None:
        """Mark that a header's suggestion waits for an answer."""
        self.suggestions = [
            Suggestion(one.header, one.target, one.reason, one.confidence, False, one.facts)
            if one.header == header
            else one
            for one in self.suggestions
        ]


def typed_headers(source: SourceMapping, *types: Type) -> dict[str, Type]:
    """The mapped headers whose columns are of these types."""
    table = TABLES[source.table]
    found = {header: table.column(column).type for header, column in source.columns.items()}
    return {header: kind for header, kind in found.items() if kind in types}


def readings(texts: list[str], kind: Type, **options: object) -> list[tuple[str, object]]:
    """The texts that a rule can read, each with what it reads."""
    cleaned = clean_values(texts, kind, **options)  # type: ignore[arg-type]
    return [(text, value) for text, (value, _) in zip(texts, cleaned, strict=True) if value is not None]
