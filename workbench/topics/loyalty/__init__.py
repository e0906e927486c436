"""Loyal, flexible, lapsed: each customer judged by their own rhythm of visits."""

from workbench.data_needs import KNOWN_AMOUNTS, OF_VISITORS, Need, Needs
from workbench.discovery import Topic

TOPIC = Topic(
    step=2,
    public={
        "segmentation": ("LoyaltySegmentation",),
        "panel": ("loyalty_panel",),
    },
    needs={
        "loyalty": Needs((*OF_VISITORS, Need("returning_customers", "no_rhythm")), better=(KNOWN_AMOUNTS,)),
    },
    lesson="07_loyalty_lifecycle",
    without={
        "page": "the rules are set by an analyst; managers choose the result among the segmentations",
    },
)

__getattr__, __dir__ = TOPIC.door(__name__)
