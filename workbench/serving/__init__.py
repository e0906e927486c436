"""Serve the dashboards to managers (stand-alone Voila) and open JupyterLab for analysts; both without a network."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from workbench.serving.dashboards import dashboard_config, serve_dashboards
    from workbench.serving.lab import lesson_title, lessons, serve_lab
    from workbench.serving.lesson_copies import own_lessons
    from workbench.serving.reports import wish_of, write_report

__all__ = [
    "dashboard_config",
    "lesson_title",
    "lessons",
    "own_lessons",
    "serve_dashboards",
    "serve_lab",
    "wish_of",
    "write_report",
]

MODULES = {
    "dashboard_config": "dashboards",
    "lesson_title": "lab",
    "lessons": "lab",
    "own_lessons": "lesson_copies",
    "serve_dashboards": "dashboards",
    "serve_lab": "lab",
    "wish_of": "reports",
    "write_report": "reports",
}


def __getattr__(name: str) -> Any:
    """Import a server when it is first asked for: a list of lessons should not wait for Voila and a database."""
    if name not in MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{MODULES[name]}"), name)
