"""Transactions: sales beside the period before and the year before, the change taken apart, and what sales are of."""

from workbench.data_needs import CUSTOMERS_TO_NAME, KNOWN_CATEGORIES, KNOWN_COSTS, OF_SALES, Needs, column_known
from workbench.discovery import Topic

TOPIC = Topic(
    step=2,
    public={
        "query": ("customer_changes", "sales_by_period"),
        "bridge": ("PeriodSales", "sales_bridge"),
        "structure": ("sales_structure",),
        "arpu": ("arpu_by_month",),
        "panel_periods": ("compared_periods", "sales_lines"),
        "panel_sums": ("period_sales",),
        "panel": ("transactions_panel",),
    },
    needs={
        "transactions": Needs(
            OF_SALES,
            better=(
                CUSTOMERS_TO_NAME,
                column_known("transactions.quantity", "lacks_quantities"),
                KNOWN_COSTS,
                KNOWN_CATEGORIES,
            ),
        ),
    },
    lesson="12_transactions",
    topics=("revenue",),
    without={
        "page": "sums of two periods share their customers, whom managers' pages do not weigh with all others yet",
    },
)

__getattr__, __dir__ = TOPIC.door(__name__)
