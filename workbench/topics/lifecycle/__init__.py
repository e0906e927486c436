"""Lifecycle stages: new, growing, stable, reactivated, at risk, lapsed, by windows of days."""

from workbench.data_needs import OF_BUYERS, Needs
from workbench.discovery import Topic

TOPIC = Topic(
    step=2,
    public={
        "segmentation": ("LifecycleSegmentation",),
        "panel": ("lifecycle_panel",),
    },
    needs={
        "lifecycle": Needs(OF_BUYERS),
    },
    lesson="07_loyalty_lifecycle",
    without={
        "page": "the windows are set by an analyst; managers choose the result among the segmentations",
    },
)

__getattr__, __dir__ = TOPIC.door(__name__)
