"""How two segmentations overlap."""

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
    lesson="09_profiles_movement",
    page="segments",
    without={
        "exercises": "the lesson's exercise is about movement; overlap is shown there",
    },
)

__getattr__, __dir__ = TOPIC.door(__name__)
