"""Lifecycle stages: new, growing, stable, reactivated, at risk, lapsed, by windows of days."""

from workbench.data_needs import KNOWN_AMOUNTS, OF_VISITORS, Needs
from workbench.discovery import Topic

TOPIC = Topic(
    step=2,
    public={
        "segmentation": ("LifecycleSegmentation",),
        "panel": ("lifecycle_panel",),
    },
    needs={
        "lifecycle": Needs(OF_VISITORS, better=(KNOWN_AMOUNTS,)),
    },
    lesson="07_loyalty_lifecycle",
    without={
        "page": "the windows are set by an analyst; managers choose the result among the segmentations",
    },
)

__getattr__, __dir__ = TOPIC.door(__name__)
