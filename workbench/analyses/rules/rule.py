"""One rule: a segment's id, its names and meanings by language, and the condition that lets customers in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from workbench.analyses.rules.conditions import When, columns_of, when_dict
from workbench.errors import ChoiceError


@dataclass(frozen=True)
class Rule:
    """One segment: its id, its names and meanings by language, and the condition that lets customers in."""

    id: str
    names: Mapping[str, str]
    when: When
    meanings: Mapping[str, str] = field(default_factory=dict)

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns it looks at, each once, as they stand."""
        return columns_of(self.when)

    def called(self) -> str:
        """Return its names in all languages, for a sentence in any of them."""
        return " / ".join(dict.fromkeys(self.names.values()))

    @contextmanager
    def blamed(self) -> Iterator[None]:
        """Say in a ChoiceError of a condition which rule it stands in."""
        try:
            yield
        except ChoiceError as error:
            raise ChoiceError(error.key, **{"rule": self.called(), **error.facts}) from error

    def as_dict(self) -> dict[str, Any]:
        """Return plain values, the one form in which rules of every kind are saved."""
        written: dict[str, Any] = {"id": self.id, "names": dict(self.names), "when": when_dict(self.when)}
        return {**written, "meanings": dict(self.meanings)} if self.meanings else written
