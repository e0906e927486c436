"""CRM Workbench: load customer data, ask who carries the business and how satisfied they are, and show it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workbench.quick_start import put_off_grammar

if TYPE_CHECKING:
    from workbench.store import collect, open_store

__all__ = ["collect", "open_store"]

put_off_grammar()


def __getattr__(name: str) -> Any:
    """Import the store when it is first asked for: `workbench --help` should not wait for a database."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from workbench import store

    return getattr(store, name)
