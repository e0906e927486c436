"""Plain values written as TOML; Python reads TOML and does not write it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any


def toml_value(value: Any) -> str:
    """Write texts, numbers, true and false, lists and inline tables.

    >>> toml_value({"en": "Gold", "车型": [1, 2.5, True]})
    '{en = "Gold", "车型" = [1, 2.5, true]}'
    """
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{toml_key(key)} = {toml_value(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(toml_value(one) for one in value) + "]"
    return _json(value)


def toml_key(name: str) -> str:
    """Write a key, in quotes where TOML needs them."""
    bare = name.isascii() and name.replace("_", "").replace("-", "").isalnum()
    return name if bare else _json(name)


def _json(value: Any) -> str:
    """Write as JSON does, which TOML reads the same but for DEL."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
