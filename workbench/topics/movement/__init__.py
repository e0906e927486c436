"""Who moved between two dates by the same rules, and where it leads in the long run."""

from workbench.discovery import Topic

TOPIC = Topic(
    step=6,
    public={
        "query": (
            "directions",
            "ground_at",
            "movement_between",
            "movement_matrix",
        ),
        "steady_state": ("long_run",),
        "panel": ("movement_panel",),
    },
    lesson="09_profiles_movement",
    page="segments",
    topics=("rfm",),
)

__getattr__, __dir__ = TOPIC.door(__name__)
