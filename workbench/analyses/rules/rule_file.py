"""Rules as a TOML file that a person can read and change; what is written reads back equal."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from typing import Any, Protocol

from workbench.analyses.toml_text import toml_key, toml_value
from workbench.errors import ChoiceError


class Written(Protocol):
    """Whatever is made of rules: a segment table, or a segmentation by rules."""

    def as_dict(self) -> dict[str, Any]:
        """Return plain values; the rules under `rules`."""


def rules_text(of: Written) -> str:
    """Write rules as TOML: the names first, then each rule in its order.

    >>> from workbench.analyses.rules.examples import rule_example
    >>> print(rules_text(rule_example("commercial").rules())[:14])
    kind = "rules"
    """
    top = of.as_dict()
    rules = top.pop("rules")
    lines = [f"{key} = {toml_value(value)}" for key, value in top.items()]
    for rule in rules:
        lines += ["", "[[rules]]", *(f"{toml_key(key)} = {toml_value(value)}" for key, value in rule.items())]
    return "\n".join(lines) + "\n"


def parsed(text: str, file: str) -> Mapping[str, Any]:
    """Read TOML into plain values; ChoiceError names the file and the place that is none."""
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as fault:
        raise ChoiceError("segment_file_not_toml", file=file, problem=str(fault)[:200]) from None
