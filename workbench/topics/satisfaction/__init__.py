"""How satisfied customers are: NPS, CSAT, CES by group, with their base and interval."""

from workbench.data_needs import ANSWERS, Need, Needs
from workbench.discovery import Topic

TOPIC = Topic(
    step=5,
    public={
        "query": (
            "ces",
            "csat",
            "nps",
        ),
        "trend": ("satisfaction_trend",),
        "differences": ("trend_verdict", "with_standing"),
        "panel": ("satisfaction_panel",),
    },
    needs={
        "satisfaction": Needs(
            must=(ANSWERS, Need("measured_answers", "no_measure")),
            better=tuple(Need(f"{measure}_answers", "no_one_measure") for measure in ("nps", "csat", "ces")),
        ),
    },
    lesson="04_satisfaction",
    page="satisfaction",
)

__getattr__, __dir__ = TOPIC.door(__name__)
