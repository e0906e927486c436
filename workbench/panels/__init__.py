"""Panels: controls bound to an analysis and its charts; pages made of panels; the session they share."""

from workbench.panels.base import Panel
from workbench.panels.board import Board, segments_board
from workbench.panels.clusters import clusters_panel
from workbench.panels.core_customers import core_customers_panel
from workbench.panels.lifecycle import lifecycle_panel
from workbench.panels.load import load_panel
from workbench.panels.loyalty import loyalty_panel
from workbench.panels.movement import movement_panel
from workbench.panels.page import page
from workbench.panels.pareto import pareto_panel
from workbench.panels.relationship_levels import relationship_panel
from workbench.panels.revenue import revenue_panel
from workbench.panels.rfm import rfm_panel
from workbench.panels.rule_builder import rule_builder_panel
from workbench.panels.satisfaction import satisfaction_panel
from workbench.panels.segment_editor import segment_editor_panel
from workbench.panels.segment_overlap import segment_overlap_panel
from workbench.panels.segment_profile import segment_profile_panel
from workbench.panels.segments import segments_panel
from workbench.panels.session import Filters, Session
from workbench.panels.side_by_side import SideBySide, side_by_side
from workbench.panels.tier_designer import tier_designer_panel
from workbench.panels.two_criteria import two_criteria_panel
from workbench.panels.value_segments import value_segments_panel
from workbench.panels.visited import visited_page
from workbench.widgets import page_language

__all__ = [
    "Board",
    "Filters",
    "Panel",
    "Session",
    "SideBySide",
    "clusters_panel",
    "core_customers_panel",
    "lifecycle_panel",
    "load_panel",
    "loyalty_panel",
    "movement_panel",
    "page",
    "page_language",
    "pareto_panel",
    "relationship_panel",
    "revenue_panel",
    "rfm_panel",
    "rule_builder_panel",
    "satisfaction_panel",
    "segment_editor_panel",
    "segment_overlap_panel",
    "segment_profile_panel",
    "segments_board",
    "segments_panel",
    "side_by_side",
    "tier_designer_panel",
    "two_criteria_panel",
    "value_segments_panel",
    "visited_page",
]
