"""Puts off what takes long to import and is hardly ever used, so that servers, kernels and commands start sooner."""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any

GRAMMAR = "rfc3987_syntax"
"""Checks addresses in other scripts (IRIs) for jsonschema, which Altair and Jupyter import. It builds its grammar at
once, which took each kernel and each server more than a second, and no schema here asks for it."""


def put_off_grammar() -> None:
    """Let a stand-in be imported in place of the grammar, which is built when an address is first checked by it."""
    if GRAMMAR in sys.modules or find_spec(GRAMMAR) is None:
        return
    stand_in = ModuleType(GRAMMAR)

    def is_valid_syntax(term: str, value: str) -> Any:
        if sys.modules.get(GRAMMAR) is stand_in:
            del sys.modules[GRAMMAR]
        return import_module(GRAMMAR).is_valid_syntax(term, value)

    stand_in.is_valid_syntax = is_valid_syntax  # type: ignore[attr-defined]
    sys.modules[GRAMMAR] = stand_in
