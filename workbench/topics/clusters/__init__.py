"""Clusters: customers grouped by what they are alike in, with rules in words."""

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
    lesson="08_clusters",
    without={
        "page": "clusters are fitted and named by an analyst; managers choose the result among the segmentations",
    },
)

__getattr__, __dir__ = TOPIC.door(__name__)
