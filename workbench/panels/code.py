"""A panel's answer as Python: imports, the session, and the lines that give the rows on screen."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from workbench.panels.controls import Control
from workbench.panels.filters import Filters
from workbench.store import Store


def code_text(
    store: Store, filters: Filters, *, imports: Iterable[tuple[str, Sequence[str]]], lines: Sequence[str]
) -> str:
    """Write the Python that repeats a panel; `imports` names the functions it may use, by module."""

    def home(module: str) -> str:
        return module if module.startswith(("topics.", "analyses")) else f"analyses.{module}"

    used = [(module, [name for name in names if any(name in line for line in lines)]) for module, names in imports]
    named = [f"from workbench.{home(module)} import {', '.join(names)}" for module, names in used if names]
    shown = ["from workbench.panels import Session"]
    if filters != Filters():
        shown = ["from workbench.panels import Filters, Session"]
        named.insert(0, "from datetime import date")
    opened = f"open_store({str(store.address)!r}{', published=True' if store.snapshot.published else ''})"
    filtered = "" if filters == Filters() else f", filters={filters.code()}"
    session = f"session = Session({opened}{filtered})"
    return "\n".join(["from workbench import collect, open_store", *named, *shown, "", session, *lines])


def check_names(controls: Mapping[str, Control], analyses: Sequence[Callable[..., Any]]) -> None:
    """Raise TypeError where a control's name is not a keyword argument of the analyses it steers."""
    known = {
        parameter.name
        for analysis in analyses
        for parameter in inspect.signature(analysis).parameters.values()
        if parameter.kind is parameter.KEYWORD_ONLY
    }
    strange = sorted(set(controls) - known)
    if strange:
        raise TypeError(f"The controls {strange} are no keyword arguments of the analyses, which take {sorted(known)}.")
