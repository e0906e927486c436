"""How satisfied customers are: NPS, CSAT, CES by group, with their base and interval."""

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
    lesson="04_satisfaction",
    page="satisfaction",
)

__getattr__, __dir__ = TOPIC.door(__name__)
