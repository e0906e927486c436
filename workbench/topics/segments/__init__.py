"""The segments of any segmentation: how many customers each has and what they bring."""

from workbench.data_needs import OF_BUYERS, Needs
from workbench.discovery import Topic

TOPIC = Topic(
    step=2,
    public={
        "panel": ("segments_panel",),
    },
    needs={
        "segments": Needs(OF_BUYERS),
    },
    lesson="09_profiles_movement",
    page="segments",
    without={
        "chart": "draws with the kit's segment bars",
        "query": "asks the kit's segment_sizes",
        "exercises": "sizes are asked for in the lessons of each segmentation",
    },
)

__getattr__, __dir__ = TOPIC.door(__name__)
