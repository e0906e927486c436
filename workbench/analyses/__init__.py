"""The analyses: one question per function, one topic per file; Ibis tables in, Ibis tables or small results out."""

from workbench.analyses.cluster_choice import Candidates, cluster_candidates
from workbench.analyses.cluster_points import cluster_rows, standardised
from workbench.analyses.cluster_segmentation import ClusterSegmentation
from workbench.analyses.clusters import ClusterFit, fit_clusters
from workbench.analyses.computed_abc import computed_shares
from workbench.analyses.concentration import Concentration, Interval, concentration
from workbench.analyses.core_score import CoreSegmentation, CoreWeights, core_measures, core_points, core_scores
from workbench.analyses.facts import customer_facts
from workbench.analyses.key_figures import compare_periods, key_figures, revenue_by_month
from workbench.analyses.lifecycle import LifecycleSegmentation
from workbench.analyses.loyalty import LoyaltySegmentation
from workbench.analyses.pareto import MEASURES, PRESETS, abc_classes, abc_cut, abc_ranking, abc_summary, lorenz
from workbench.analyses.potential import PotentialSegmentation, high_value_from
from workbench.analyses.relationship_levels import RelationshipSegmentation
from workbench.analyses.rfm import rfm_cells, rfm_scores, rfm_segments
from workbench.analyses.rfm_cuts import Cuts, NestedCuts, rfm_cuts
from workbench.analyses.rule_counts import RuleCounts, rule_rows, rule_sets, rule_sizes
from workbench.analyses.rule_examples import RULE_EXAMPLES, rule_example
from workbench.analyses.satisfaction import ces, csat, nps
from workbench.analyses.satisfaction_trend import satisfaction_trend
from workbench.analyses.segment_audit import Audit, audit_segments, check_holes
from workbench.analyses.segment_rules import RuleSegmentation
from workbench.analyses.segment_table import SEGMENT_TABLES, SegmentTable, segment_table
from workbench.analyses.segmentation import segment_sizes
from workbench.analyses.table_segmentation import TableSegmentation
from workbench.analyses.tiers import Tier, TierSegmentation
from workbench.analyses.totals import DIMENSIONS, totals_by
from workbench.analyses.two_criteria_abc import GridCuts, TwoCriteriaAbc, two_criteria_cells
from workbench.analyses.two_criteria_grid import two_criteria_cuts
from workbench.analyses.value_battery import batteries, battery_points, battery_rows
from workbench.analyses.value_segments import ValueFit, ValueSegmentation, fit_value_segments
from workbench.analyses.visit_rhythm import visit_days, visit_rhythm

__all__ = [
    "DIMENSIONS",
    "MEASURES",
    "PRESETS",
    "RULE_EXAMPLES",
    "SEGMENT_TABLES",
    "Audit",
    "Candidates",
    "ClusterFit",
    "ClusterSegmentation",
    "Concentration",
    "CoreSegmentation",
    "CoreWeights",
    "Cuts",
    "GridCuts",
    "Interval",
    "LifecycleSegmentation",
    "LoyaltySegmentation",
    "NestedCuts",
    "PotentialSegmentation",
    "RelationshipSegmentation",
    "RuleCounts",
    "RuleSegmentation",
    "SegmentTable",
    "TableSegmentation",
    "Tier",
    "TierSegmentation",
    "TwoCriteriaAbc",
    "ValueFit",
    "ValueSegmentation",
    "abc_classes",
    "abc_cut",
    "abc_ranking",
    "abc_summary",
    "audit_segments",
    "batteries",
    "battery_points",
    "battery_rows",
    "ces",
    "check_holes",
    "cluster_candidates",
    "cluster_rows",
    "compare_periods",
    "computed_shares",
    "concentration",
    "core_measures",
    "core_points",
    "core_scores",
    "csat",
    "customer_facts",
    "fit_clusters",
    "fit_value_segments",
    "high_value_from",
    "key_figures",
    "lorenz",
    "nps",
    "revenue_by_month",
    "rfm_cells",
    "rfm_cuts",
    "rfm_scores",
    "rfm_segments",
    "rule_example",
    "rule_rows",
    "rule_sets",
    "rule_sizes",
    "satisfaction_trend",
    "segment_sizes",
    "segment_table",
    "standardised",
    "totals_by",
    "two_criteria_cells",
    "two_criteria_cuts",
    "visit_days",
    "visit_rhythm",
]
