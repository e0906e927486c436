"""Serve the dashboards to managers (stand-alone Voila) and open JupyterLab for analysts; both without a network."""

from __future__ import annotations

from workbench.serving.dashboards import dashboard_config, serve_dashboards
from workbench.serving.lab import lessons, serve_lab
from workbench.serving.lesson_copies import own_lessons

__all__ = ["dashboard_config", "lessons", "own_lessons", "serve_dashboards", "serve_lab"]
