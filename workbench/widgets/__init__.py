"""The few widgets of our own; they work without a network, in JupyterLab and Voila alike."""

from __future__ import annotations

from workbench.widgets.address import Address
from workbench.widgets.banner import Banner
from workbench.widgets.chart_view import ChartView
from workbench.widgets.download import Download
from workbench.widgets.language_switch import LanguageSwitch
from workbench.widgets.segment_grid import SegmentGrid
from workbench.widgets.sorting import Sorting
from workbench.widgets.tick_menu import TickMenu
from workbench.widgets.upload import Upload, safe_name
from workbench.widgets.visit import page_language, page_query, server_language, who

__all__ = [
    "Address",
    "Banner",
    "ChartView",
    "Download",
    "LanguageSwitch",
    "SegmentGrid",
    "Sorting",
    "TickMenu",
    "Upload",
    "page_language",
    "page_query",
    "safe_name",
    "server_language",
    "who",
]
