"""Segments by rules: on any column of a customer, or painted on scores of R, F and M."""

from workbench.data_needs import OF_BUYERS, Needs
from workbench.discovery import Topic

TOPIC = Topic(
    step=2,
    public={
        "query": (
            "RuleCounts",
            "rule_rows",
            "rule_sets",
            "rule_sizes",
        ),
        "segmentation": ("TableSegmentation",),
        "panel": ("rule_builder_panel",),
        "panel_painting": ("segment_editor_panel",),
    },
    needs={
        "rule_builder": Needs(OF_BUYERS),
        "segment_editor": Needs(OF_BUYERS),
    },
    lesson="05_segment_rules",
    topics=("rfm",),
    without={
        "page": "rules are written by an analyst; managers choose the result among the segmentations",
    },
)

__getattr__, __dir__ = TOPIC.door(__name__)
