"""Core customers by six weighted criteria, beside the rank by profit; potential high value."""

from workbench.discovery import Topic

TOPIC = Topic(
    step=2,
    public={
        "potential": (
            "PotentialSegmentation",
            "high_value_from",
        ),
        "query": (
            "CoreWeights",
            "core_measures",
            "core_points",
            "core_scores",
            "core_tenths",
        ),
        "segmentation": ("CoreSegmentation",),
        "panel": ("core_customers_panel",),
    },
    lesson="10_core_customers",
    without={
        "page": "the weights are set by an analyst; managers choose the result among the segmentations",
    },
)

__getattr__, __dir__ = TOPIC.door(__name__)
