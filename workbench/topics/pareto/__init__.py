"""80/20: who carries the business, and how the customers part into classes A to D."""

from workbench.data_needs import (
    AMOUNTS,
    CUSTOMERS_TO_NAME,
    KNOWN_CATEGORIES,
    KNOWN_COSTS,
    KNOWN_REGIONS,
    SALES_OR_FACTS,
    Needs,
)
from workbench.discovery import Topic

TOPIC = Topic(
    step=2,
    public={
        "inequality": (
            "Concentration",
            "Interval",
            "concentration",
        ),
        "query": (
            "MEASURES",
            "PRESETS",
            "abc_classes",
            "abc_cut",
            "abc_ranking",
            "abc_summary",
            "lorenz",
        ),
        "shares": ("computed_shares",),
        "panel": ("pareto_panel",),
    },
    needs={
        "pareto": Needs(
            (SALES_OR_FACTS, AMOUNTS), better=(CUSTOMERS_TO_NAME, KNOWN_COSTS, KNOWN_CATEGORIES, KNOWN_REGIONS)
        ),
    },
    lesson="03_pareto",
    page="pareto",
)

__getattr__, __dir__ = TOPIC.door(__name__)
