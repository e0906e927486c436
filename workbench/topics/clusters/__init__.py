"""Clusters: customers grouped by what they are alike in, with rules in words."""

from workbench.data_needs import OF_BUYERS, Need, Needs
from workbench.discovery import Topic

TOPIC = Topic(
    step=2,
    public={
        "choice": (
            "Candidates",
            "cluster_candidates",
        ),
        "points": (
            "cluster_rows",
            "standardised",
        ),
        "query": (
            "ClusterFit",
            "fit_clusters",
        ),
        "segmentation": ("ClusterSegmentation",),
        "panel": ("clusters_panel",),
    },
    needs={
        "clusters": Needs(
            must=(
                *OF_BUYERS,
                Need("different_customers", "cluster_all_equal", least=2),
                Need("different_customers", "cluster_too_few", least=3),
            ),
            at_first=(Need("varied_features", "cluster_constant_feature", least=4),),
        ),
    },
    lesson="08_clusters",
    without={
        "page": "clusters are fitted and named by an analyst; managers choose the result among the segmentations",
    },
)

__getattr__, __dir__ = TOPIC.door(__name__)
