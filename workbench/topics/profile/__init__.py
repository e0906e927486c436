"""What makes a segment different from the others, column by column."""

from workbench.data_needs import KNOWN_CUSTOMER_TYPES, KNOWN_REGIONS, OF_BUYERS, Need, Needs
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
        "panel_standing": ("withheld_in_profile",),
    },
    needs={
        "segment_profile": Needs(
            must=(*OF_BUYERS, Need("telling_columns", "profile_all_equal")),
            better=(KNOWN_REGIONS, KNOWN_CUSTOMER_TYPES),
        ),
    },
    lesson="09_profiles_movement",
    page="segments",
    without={
        "exercises": "the lesson's exercise follows the movement that the profile explains",
    },
)

__getattr__, __dir__ = TOPIC.door(__name__)
