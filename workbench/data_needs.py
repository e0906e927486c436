"""What a topic needs of a company's data: declared in its `__init__.py`, judged by `panels/needs.py`, there alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Need:
    """One thing that the data must hold so many times.

    Attributes
    ----------
    measure
        What is counted: one of the kit's (`panels/data_measures.py`) or of the topic's own (`panel_measures.py`).
    lacks
        The key, under `errors.`, of the sentence that says what is missing and what to do.
    least
        How many there must be.
    columns
        The columns, as in "transactions.cost", that are to be mapped where it is missing; what is "known" is counted
        in them.
    filtered
        The key of the sentence where the data hold enough of it and the filters alone leave too little.
    """

    measure: str
    lacks: str
    least: int = 1
    columns: tuple[str, ...] = ()
    filtered: str = ""


@dataclass(frozen=True)
class Needs:
    """What a panel needs: without one of `must` no choice gives figures.

    `at_first` is what the choices that the panel opens with need beside: without it the panel opens with a sentence,
    and other choices give figures. Without one of `better` figures are shown, and something is missing from them.
    """

    must: tuple[Need, ...]
    at_first: tuple[Need, ...] = ()
    better: tuple[Need, ...] = ()

    def __iter__(self) -> Iterator[Need]:
        """Give all of them, those that must be first."""
        return iter((*self.must, *self.at_first, *self.better))


def column_known(column: str, lacks: str) -> Need:
    """Return the need for a column, as in "transactions.cost", that at least one row fills."""
    return Need("known", lacks, columns=(column,))


SALES = Need("sales", "needs_transactions", columns=("transactions.day", "transactions.amount"))
AMOUNTS = Need("amounts", "needs_amounts", columns=("transactions.amount",))
BUYERS = Need("buyers", "needs_buyers", columns=("transactions.customer_id",), filtered="no_customers")
ANSWERS = Need("answers", "needs_surveys", columns=("surveys.response_id",))
OF_SALES = (SALES, AMOUNTS)
OF_BUYERS = (SALES, AMOUNTS, BUYERS)
"""Customers known by a number who bought: what most topics speak of."""
OF_VISITORS = (SALES, BUYERS)
"""The same where days suffice, and what was spent may be unknown."""
SALES_OR_FACTS = Need("sales_or_facts", "needs_transactions", columns=SALES.columns)
OF_CUSTOMER_FACTS = (SALES_OR_FACTS, BUYERS)
"""The same where a customer's ready figures do, and no single purchase is needed."""
KNOWN_AMOUNTS = Need("amounts", "lacks_amounts", columns=AMOUNTS.columns)

CUSTOMERS_TO_NAME = Need("buyers", "lacks_buyers", columns=BUYERS.columns)
"""The same where a topic shows figures without them."""
KNOWN_COSTS = column_known("transactions.cost", "lacks_costs")
KNOWN_REGIONS = column_known("customers.region", "lacks_regions")
KNOWN_CUSTOMER_TYPES = column_known("customers.customer_type", "lacks_customer_types")
KNOWN_CATEGORIES = column_known("transactions.category", "lacks_categories")
