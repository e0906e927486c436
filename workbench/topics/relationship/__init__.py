"""Kotler's relationship levels: margin by number of customers, beside how often they are contacted."""

from workbench.data_needs import KNOWN_COSTS, OF_BUYERS, Needs
from workbench.discovery import Topic

TOPIC = Topic(
    step=2,
    public={
        "segmentation": ("RelationshipSegmentation",),
        "panel": ("relationship_panel",),
    },
    needs={
        "relationship_levels": Needs(OF_BUYERS, better=(KNOWN_COSTS,)),
    },
    lesson="07_loyalty_lifecycle",
    without={
        "page": "the matrix is set by an analyst; managers choose the result among the segmentations",
        "exercises": "the matrix is a policy of the company, so no answer is the right one",
        "twins": "what is held are the few sums that a query gives anew for every move",
    },
)

__getattr__, __dir__ = TOPIC.door(__name__)
