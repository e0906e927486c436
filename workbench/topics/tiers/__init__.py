"""A designer of membership tiers: thresholds, budget, and who moves."""

from workbench.data_needs import OF_BUYERS, Needs
from workbench.discovery import Topic

TOPIC = Topic(
    step=3,
    public={
        "segmentation": (
            "Tier",
            "TierSegmentation",
        ),
        "query": ("tier_columns",),
        "field": (
            "TierField",
            "measured_tiers",
        ),
        "panel": ("tier_designer_panel",),
    },
    needs={
        "tiers": Needs(OF_BUYERS),
    },
    lesson="10_core_customers",
    without={
        "page": "tiers are designed by an analyst; managers choose the result among the segmentations",
        "exercises": "a design has no one right answer; the lesson compares designs",
    },
)

__getattr__, __dir__ = TOPIC.door(__name__)
