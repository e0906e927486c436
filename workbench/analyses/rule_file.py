"""Rules as a TOML file that a person can read and change; `rules_from_toml` reads it back equal."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from workbench.analyses.segment_rules import RuleSegmentation


def rules_text(segmentation: RuleSegmentation) -> str:
    """Write rules as TOML: the names first, then each rule in its order.

    >>> from workbench.analyses.rule_examples import rule_example
    >>> print(rules_text(rule_example("commercial").rules())[:14])
    kind = "rules"
    """
    top = segmentation.as_dict()
    rules = top.pop("rules")
    lines = [f"{name} = {_written(value)}" for name, value in top.items()]
    for rule in rules:
        lines += ["", "[[rules]]", *(f"{name} = {_written(value)}" for name, value in rule.items())]
    return "\n".join(lines) + "\n"


def _written(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_quoted(key)} = {_written(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_written(one) for one in value) + "]"
    return _text(value) if isinstance(value, str) else json.dumps(value)


def _quoted(key: str) -> str:
    return key if key.isascii() and key.isidentifier() else _text(key)


def _text(words: str) -> str:
    """Write a text as JSON does, which TOML reads the same but for DEL."""
    return json.dumps(words, ensure_ascii=False).replace("\x7f", "\\u007f")
