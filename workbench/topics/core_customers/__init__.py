"""Core customers by six weighted criteria, beside the rank by profit; potential high value."""

from workbench.data_needs import KNOWN_CATEGORIES, KNOWN_REGIONS, OF_BUYERS, Need, Needs
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
    needs={
        "core": Needs(
            must=(*OF_BUYERS, Need("growth_of_a_quarter", "core_no_history")),
            at_first=(Need("growth_of_a_year", "core_no_growth"),),
            better=(
                KNOWN_REGIONS,
                KNOWN_CATEGORIES,
                Need("recommendations", "core_no_recommendation", columns=("surveys.customer_id",)),
            ),
        ),
    },
    lesson="10_core_customers",
    without={
        "page": "the weights are set by an analyst; managers choose the result among the segmentations",
    },
)

__getattr__, __dir__ = TOPIC.door(__name__)
