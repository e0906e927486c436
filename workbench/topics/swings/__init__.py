"""Swings in behaviour: who buys more or less than they used to by more than chance, and since when."""

from workbench.data_needs import KNOWN_AMOUNTS, OF_VISITORS, Need, Needs
from workbench.discovery import Topic

TOPIC = Topic(
    step=2,
    public={
        "query": ("period_values", "own_scores", "lasting_scores", "score_counts", "swing_list", "swing_sizes"),
        "beyond_own_past": ("swing_cuts",),
        "panel": ("swings_panel",),
    },
    needs={
        "swings": Needs(
            (
                *OF_VISITORS,
                Need("swing_periods", "swings_periods", least=6),
                Need("followed_customers", "swings_nobody"),
            ),
            better=(KNOWN_AMOUNTS,),
        ),
    },
    lesson="12_transactions",
    without={
        "page": "it names single customers, for an analyst to hand on with the reason",
        "exercises": "the lesson asks about the change of revenue; swings are shown there",
    },
)

__getattr__, __dir__ = TOPIC.door(__name__)
