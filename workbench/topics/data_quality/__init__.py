"""How good the data are: what is filled, old, doubled, contradictory or rejected, and which analyses they allow."""

from workbench.data_needs import Needs
from workbench.discovery import Topic

TOPIC = Topic(
    step=1,
    public={
        "query": (
            "age_of_customers",
            "changed_orders",
            "changed_values",
            "column_fill",
            "column_fill_by",
            "duplicate_members",
            "duplicate_sets",
            "rejected_rows",
            "value_history",
        ),
        "panel": ("data_quality_panel",),
        "panel_measured": ("entered_columns",),
        "panel_possible": ("possible_analyses_panel",),
    },
    needs={"data_quality": Needs(()), "possible_analyses": Needs(())},
    lesson="01_load_your_data",
    page="quality",
    without={
        "exercises": "the lesson on loading asks about one's own files, whose answers nobody can know",
    },
)

__getattr__, __dir__ = TOPIC.door(__name__)
