"""Revenue by month, and the key figures of a page beside the period before."""

from workbench.data_needs import CUSTOMERS_TO_NAME, OF_SALES, Needs
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
    needs={
        "revenue": Needs(OF_SALES, better=(CUSTOMERS_TO_NAME,)),
    },
    lesson="00_start_here",
    page="overview",
    topics=("satisfaction",),
    without={
        "exercises": "the first lesson asks for customers, and looks at revenue",
    },
)

__getattr__, __dir__ = TOPIC.door(__name__)
