"""Sales of no known customer change revenue and orders, and no figure of customers, on any panel."""

from __future__ import annotations

from importlib import import_module

import pandas as pd
import pytest

from tests.company import crowd
from tests.test_taken_along import OF_A_THOUSAND
from workbench.discovery import topics
from workbench.panels import Session
from workbench.topics.revenue.panel_figures import KeyFigures

PANELS = {name: topic for topic, declared in topics().items() for name in declared.panels}
NAMELESS = (
    "INSERT INTO transactions (order_id, day, product_id, category, amount, cost, is_cancelled, is_purchase) "
    "SELECT 'N' || i, DATE '2023-11-20' + (i * 37)::INT, 'P1', '保养', 10 + i, 5, false, true FROM range(10) t(i)"
)
OF_SALES = {"revenue", "order_count", "average_order_value", "row_count"}
"""Columns that count sales, or the rows of a table, in panels that show these."""
COUNT_SALES = {"revenue_panel", "data_quality_panel"}
OF_ALL_SALES = {"transactions_panel": {"structure", "drawn", "figures", "bridge.parts"}}
"""Tables of all sales, known or not, beside those that keep the two apart (`is_known`)."""


@pytest.fixture(scope="module")
def companies(make_store) -> tuple[Session, Session]:
    """The same customers without such sales and with them."""
    return Session(make_store(*crowd(seed=3))), Session(make_store(*crowd(seed=3), NAMELESS))


def test_key_figures_count_known_customers(companies):
    before, after = (KeyFigures(one).rows.set_index("figure")["value"] for one in companies)
    assert after["revenue"] == before["revenue"] + 145
    assert after["order_count"] == before["order_count"] + 10
    of_customers = ["active_customers", "new_customers", "nps", "csat"]
    assert after[of_customers].tolist() == before[of_customers].tolist()


@pytest.mark.parametrize("name", PANELS)
def test_panels_say_the_same_of_customers(name: str, companies, request):
    """Every third panel, retention and transactions, all of them with --full."""
    if not (
        request.config.getoption("--full")
        or name in ("retention_panel", "transactions_panel")
        or [*PANELS].index(name) % 3 == 0
    ):
        pytest.skip("with --full")
    make = getattr(import_module(f"workbench.topics.{PANELS[name]}"), name)
    panels = [make(one) for one in companies]
    if name in OF_A_THOUSAND:
        assert panels[0].complaint == panels[1].complaint != ""
        return
    assert [panel.error for panel in panels] == [None, None]
    before, after = ({"rows": panel.rows, **_tables(panel.answer)} for panel in panels)
    assert len(before["rows"])
    for what, rows in before.items():
        if what in OF_ALL_SALES.get(name, ()):
            continue
        left_out = OF_SALES & {*rows.columns} if name in COUNT_SALES else set()
        found = [known(one).drop(columns=left_out) for one in (after[what], rows)]
        pd.testing.assert_frame_equal(*found, obj=what)


def known(rows: pd.DataFrame) -> pd.DataFrame:
    """Keep the rows of known customers, where a table keeps them apart."""
    return rows[rows["is_known"]].reset_index(drop=True) if "is_known" in rows else rows


def _tables(answer: object) -> dict[str, pd.DataFrame]:
    """Return all tables of an answer, those in its parts too."""
    found: dict[str, pd.DataFrame] = {}
    for name, value in vars(answer).items():
        if isinstance(value, pd.DataFrame):
            found[name] = value
        elif type(value).__module__.startswith("workbench.topics") and hasattr(value, "__dict__"):
            found |= {f"{name}.{part}": table for part, table in _tables(value).items()}
    return found
