"""What customers will bring: how often they buy, whether they are still there, what they spend, how sure it is."""

from workbench.data_needs import OF_BUYERS, Need, Needs
from workbench.discovery import Topic

TOPIC = Topic(
    step=2,
    public={
        "histories": ("Histories",),
        "bg_nbd": ("BgNbd", "fit_bg_nbd"),
        "pareto_nbd": ("ParetoNbd", "fit_pareto_nbd"),
        "gamma_gamma": ("GammaGamma", "fit_gamma_gamma"),
        "shifted_beta_geometric": ("ShiftedBetaGeometric", "fit_shifted_beta_geometric"),
        "query": (
            "distinct_histories",
            "held_out",
            "held_out_by_frequency",
            "interval_split",
            "purchase_histories",
            "repeat_purchases_by_day",
            "spend_histories",
        ),
        "naive": ("naive_values", "period_spend", "revenue_by_age"),
        "value": ("customer_values", "revenue_ahead"),
        "hold_out": ("fit_purchases", "held_out_result", "purchases_by_frequency", "split_day", "tracked"),
        "regularity": ("Regularity",),
        "panel": ("lifetime_value_panel",),
    },
    needs={
        "lifetime_value": Needs(
            (
                *OF_BUYERS,
                Need("buyers", "value_few_customers", least=1_000, filtered="value_filtered"),
                Need("repeat_buyers", "value_few_again", least=100, filtered="value_filtered"),
                Need("months_in_view", "value_short", least=12, filtered="value_filtered"),
            ),
        ),
    },
    lesson="13_lifetime_value",
    without={
        "page": "the values of single customers, and a model that may not be used, are for analysts to judge first",
    },
)

__getattr__, __dir__ = TOPIC.door(__name__)
