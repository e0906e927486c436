"""The few widgets of our own; they work without a network, in JupyterLab and Voila alike."""

from __future__ import annotations

from workbench.widgets.chart_view import ChartView
from workbench.widgets.download import Download
from workbench.widgets.upload import Upload, safe_name

__all__ = ["ChartView", "Download", "Upload", "safe_name"]
