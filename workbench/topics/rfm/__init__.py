"""RFM: how recently, how often and how much customers bought."""

from workbench.data_needs import KNOWN_AMOUNTS, OF_CUSTOMER_FACTS, Need, Needs
from workbench.discovery import Topic

TOPIC = Topic(
    step=2,
    public={
        "composite": ("Weights",),
        "cuts": (
            "Cuts",
            "NestedCuts",
            "rfm_cuts",
        ),
        "nested": ("NestedCuts",),
        "query": (
            "rfm_cells",
            "rfm_scores",
            "rfm_segments",
        ),
        "segmentation": ("RfmSegmentation",),
        "sensitivity": ("moved_cuts",),
        "panel": ("rfm_panel",),
    },
    needs={
        "rfm": Needs((*OF_CUSTOMER_FACTS, Need("scored_customers", "rfm_needs_r_and_f")), better=(KNOWN_AMOUNTS,)),
    },
    lesson="02_rfm",
    page="segments",
)

__getattr__, __dir__ = TOPIC.door(__name__)
