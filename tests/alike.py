"""Sessions that share what was found out, and nothing else."""

from __future__ import annotations

from workbench.panels import Session


def alike(session: Session) -> Session:
    """Return a session for one panel, with what the first has found out: those opened before need not speak again."""
    other = session.at(session.filters)
    other._remembered = session._remembered
    return other
