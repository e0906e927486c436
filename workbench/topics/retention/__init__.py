"""Who stays: cohorts and how many come again, the second purchase, the rule of months, and who came and left."""

from workbench.data_needs import KNOWN_AMOUNTS, OF_VISITORS, Need, Needs
from workbench.discovery import Topic

TOPIC = Topic(
    step=6,
    public={
        "query": ("cohort_members", "cohort_retention", "customer_ages"),
        "returning": ("churn_by_months", "customer_balance", "repeat_rates", "waits_for_return"),
        "returns": ("return_curves",),
        "survival": ("kaplan_meier", "log_rank", "median_wait"),
        "curve": ("retention_curve",),
        "panel": ("retention_panel",),
    },
    needs={
        "retention": Needs(OF_VISITORS, better=(Need("months_of_sales", "retention_short", least=7), KNOWN_AMOUNTS)),
    },
    lesson="11_retention",
    without={
        "page": "cells of a triangle share their customers, whom managers' pages do not weigh with all others yet",
    },
)

__getattr__, __dir__ = TOPIC.door(__name__)
