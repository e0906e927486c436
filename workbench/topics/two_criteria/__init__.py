"""ABC by two criteria, visits by spend, with a policy for the cells that no class names."""

from workbench.data_needs import OF_BUYERS, Needs
from workbench.discovery import Topic

TOPIC = Topic(
    step=2,
    public={
        "query": ("two_criteria_cuts",),
        "segmentation": (
            "GridCuts",
            "TwoCriteriaAbc",
            "two_criteria_cells",
        ),
        "panel": ("two_criteria_panel",),
    },
    needs={
        "two_criteria": Needs(OF_BUYERS),
    },
    lesson="06_two_criteria",
    topics=("pareto",),
    without={
        "page": "the cells are decided by an analyst; managers choose the result among the segmentations",
        "twins": "where levels begin is measured from the pairs that a query gives; everything else is asked by query",
    },
)

__getattr__, __dir__ = TOPIC.door(__name__)
