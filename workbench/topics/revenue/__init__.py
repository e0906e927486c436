"""Revenue by month, and the key figures of a page beside the period before."""

from workbench.discovery import Topic

TOPIC = Topic(
    step=2,
    public={
        "query": (
            "compare_periods",
            "key_figures",
            "revenue_by_month",
        ),
        "panel": ("revenue_panel",),
    },
    lesson="00_start_here",
    page="overview",
    topics=("satisfaction",),
    without={
        "exercises": "the first lesson asks for customers, and looks at revenue",
    },
)

__getattr__, __dir__ = TOPIC.door(__name__)
