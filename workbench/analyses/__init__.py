"""What all topics share of the analyses: customer facts, segments, rules, groups. Tables in, tables out."""

from workbench.discovery import door

__getattr__, __dir__ = door(
    __name__,
    {
        "answer_matrix": ("item_scales",),
        "facts": ("customer_facts",),
        "rules.examples": (
            "RULE_EXAMPLES",
            "rule_example",
        ),
        "rules.audit": (
            "Audit",
            "audit_segments",
            "check_holes",
        ),
        "rules.segmentation": ("RuleSegmentation",),
        "rules.table": (
            "SEGMENT_TABLES",
            "SegmentTable",
            "segment_table",
        ),
        "segmentation": (
            "segment_sizes",
            "segmentation_from",
        ),
        "totals": (
            "DIMENSIONS",
            "totals_by",
        ),
        "visit_rhythm": (
            "visit_days",
            "visit_rhythm",
        ),
    },
)
