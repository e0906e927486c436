"""What makes a segment different from the others, column by column."""

from workbench.discovery import Topic

TOPIC = Topic(
    step=2,
    public={
        "query": (
            "compare_segments",
            "profile_counts",
            "profile_table",
        ),
        "panel": ("segment_profile_panel",),
    },
    lesson="09_profiles_movement",
    page="segments",
    without={
        "exercises": "the lesson's exercise follows the movement that the profile explains",
    },
)

__getattr__, __dir__ = TOPIC.door(__name__)
