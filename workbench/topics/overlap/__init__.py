"""How two segmentations overlap."""

from workbench.data_needs import OF_BUYERS, Needs
from workbench.discovery import Topic

TOPIC = Topic(
    step=2,
    public={
        "query": (
            "segment_overlap",
            "segment_pairs",
        ),
        "panel": ("segment_overlap_panel",),
    },
    needs={
        "segment_overlap": Needs(OF_BUYERS),
    },
    lesson="09_profiles_movement",
    page="segments",
    without={
        "exercises": "the lesson's exercise is about movement; overlap is shown there",
    },
)

__getattr__, __dir__ = TOPIC.door(__name__)
