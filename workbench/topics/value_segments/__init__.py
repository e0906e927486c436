"""Value segments: people grouped by what they value in a survey's items."""

from workbench.data_needs import ANSWERS, Need, Needs
from workbench.discovery import Topic

TOPIC = Topic(
    step=2,
    public={
        "query": (
            "batteries",
            "battery_points",
            "battery_rows",
        ),
        "segmentation": (
            "ValueFit",
            "ValueSegmentation",
            "fit_value_segments",
        ),
        "panel": ("value_segments_panel",),
    },
    needs={
        "value_segments": Needs(
            must=(
                ANSWERS,
                Need("battery_items", "battery_none", least=2),
                Need("battery_respondents", "battery_too_few", least=30),
            ),
            at_first=(Need("battery_respondents_at_first", "battery_too_few", least=30),),
        ),
    },
    lesson="08_clusters",
    topics=("clusters",),
    without={
        "page": "segments are fitted and named by an analyst; managers choose the result among the segmentations",
        "chart": "draws with the charts of clusters",
        "exercises": "the lesson's exercises count clusters; the same steps serve here",
    },
)

__getattr__, __dir__ = TOPIC.door(__name__)
