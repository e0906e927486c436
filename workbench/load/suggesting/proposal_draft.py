"""The draft of a proposal: the file's sample, what its columns look like, and the questions collected so far."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from workbench.load.cleaning.clean import clean_values
from workbench.load.mapping.source_mapping import SourceMapping, Suggestion
from workbench.load.questions import Question
from workbench.load.suggesting.column_shapes import ColumnShape, RowSample
from workbench.schema import TABLES, Type

EXAMPLE_LINES = 3


@dataclass
class ProposalDraft:
    """What is known of one file while a proposal for it is made."""

    sample: RowSample
    shapes: Mapping[str, ColumnShape]
    suggestions: list[Suggestion] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)

    def ask(self, key: str, choices: Mapping[str, tuple[str, ...]], **facts: object) -> None:
        """Add a question about this file; `choices` shows for each answer how the data reads under it."""
        self.questions.append(Question(key, self.sample.file, {"sheet": self.sample.sheet, **facts}, choices))

    def examples(self, headers: Iterable[str]) -> dict[str, tuple[str, ...]]:
        """Headers to choose from, each with a few of its values."""
        return {header: self.shapes[header].examples(EXAMPLE_LINES) for header in headers}

    def question_text(self, header: str) -> str:
        """A survey's question in full, with its code where that is another text."""
        label = self.sample.labels.get(header)
        is_named = header.startswith("column_") or (label or "").startswith(header)
        return header if not label else label if is_named else f"{header}: {label}"

    def unsure(self, header: str) -> None:
        """Mark that a header's suggestion waits for an answer."""
        self.suggestions = [
            Suggestion(one.header, one.target, one.reason, one.confidence, False, one.facts)
            if one.header == header
            else one
            for one in self.suggestions
        ]


def headers_of_type(source: SourceMapping, *types: Type) -> dict[str, Type]:
    """The mapped headers whose columns are of these types."""
    table = TABLES[source.table]
    columns = {header: table.column(name) for header, name in source.columns.items()}
    return {header: column.type for header, column in columns.items() if column.type in types}


def readable_texts(texts: list[str], type: Type, **options: object) -> list[tuple[str, object]]:  # noqa: A002
    """The texts that a rule can read, each with the value it reads."""
    cleaned = clean_values(texts, type, **options)  # type: ignore[arg-type]
    return [(text, value) for text, (value, _) in zip(texts, cleaned, strict=True) if value is not None]
