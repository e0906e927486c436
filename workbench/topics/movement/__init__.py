"""Who moved between two dates by the same rules, and where it leads in the long run."""

from workbench.data_needs import OF_BUYERS, Need, Needs
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
    needs={
        "movement": Needs(
            must=(*OF_BUYERS, Need("months_of_sales", "no_earlier_sales")),
            at_first=(Need("months_of_sales", "no_earlier_date", least=12),),
        ),
    },
    lesson="09_profiles_movement",
    page="segments",
    topics=("rfm",),
)

__getattr__, __dir__ = TOPIC.door(__name__)
