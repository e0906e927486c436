"""Months hang together exactly where no few customers part them, and what managers see of them tells of no few."""

from __future__ import annotations

from itertools import combinations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.small_groups import Known, found_out
from workbench.panels import Session
from workbench.topics.revenue import revenue_panel
from workbench.topics.revenue.month_links import closely_linked, linked_months

LEAST = 3
MONTHS = [pd.Timestamp(2024, month, 1) for month in range(1, 6)]
CUSTOMERS = st.lists(st.sets(st.integers(0, 4), min_size=1, max_size=3), min_size=1, max_size=9)


def grouped(customers: list[set[int]]) -> list[set[pd.Timestamp]]:
    """Group months as a manager's page does, from which months each customer came in."""
    came = pd.DataFrame(
        [(who, MONTHS[place]) for who, places in enumerate(customers) for place in sorted(places)],
        columns=["who", "month"],
    )
    moves = came.assign(following=came.groupby("who")["month"].shift(-1)).dropna()
    moves = moves.groupby(["month", "following"]).size().rename("customer_count").reset_index()
    groups = linked_months(MONTHS, moves, smallest=LEAST)
    several = came.assign(group=came["month"].map(groups)).groupby("who")["group"].transform("nunique") > 1
    groups = closely_linked(groups, came[several], smallest=LEAST)
    return sorted([{m for m in MONTHS if groups[m] == group} for group in set(groups.values())], key=min)


def together(customers: list[set[int]]) -> dict[int, int]:
    """Say to which first month each is linked, through customers."""
    first = {place: place for place in range(len(MONTHS))}
    for places in customers:
        joined = {first[place] for place in places}
        first = {place: min(joined) if head in joined else head for place, head in first.items()}
    return first


@given(CUSTOMERS)
def test_months_belong_together_that_no_few_customers_part(customers):
    survivors = [
        together([places for who, places in enumerate(customers) if who not in gone])
        for size in range(LEAST)
        for gone in combinations(range(len(customers)), size)
    ]
    expected = {
        frozenset(b for b in range(len(MONTHS)) if all(one[a] == one[b] for one in survivors))
        for a in range(len(MONTHS))
    }
    assert {frozenset(MONTHS.index(month) for month in group) for group in grouped(customers)} == expected


def company(both: int) -> list[tuple[str, str]]:
    """Return who came in which month: sixty customers in spring, sixty in autumn, and some in both, all in two each."""
    visits = []
    for who in range(120 + both):
        seasons = ((1, 2, 3),) if who < 60 else ((10, 11, 12),) if who < 120 else ((1, 2, 3), (10, 11, 12))
        visits += [(f"C{who:03}", f"2024-{m:02}") for months in seasons for m in months if m != months[who % 3]]
    return visits


def written(visits: list[tuple[str, str]]) -> list[str]:
    lines = (f"('{who}', '{who}{month}', '{month}-15', 'P1', 'a', 100, false, true)" for who, month in visits)
    columns = "customer_id, order_id, day, product_id, category, amount, is_cancelled, is_purchase"
    emptied = [f"DELETE FROM {table}" for table in ("transactions", "surveys", "interactions", "customers")]  # noqa: S608
    return [*emptied, f"INSERT INTO transactions ({columns}) VALUES {', '.join(lines)}"]  # noqa: S608  our own names


@pytest.mark.parametrize(("both", "hidden"), [(0, 0), (3, 2), (9, 0)])
def test_where_a_few_customers_link_two_seasons_one_month_of_each_is_hidden(make_store, both, hidden):
    visits = company(both)
    panel = revenue_panel(Session(make_store(*written(visits), published=True), lang="en"))
    assert panel.error is None
    months = panel.rows[~(panel.rows["active_customers"] == 0)]
    assert months["active_customers"].isna().sum() == hidden
    cells = frozenset(visits)
    told = {f"{m:%Y-%m}": frozenset(cell for cell in cells if cell[1] == f"{m:%Y-%m}")
            for m in months.dropna(subset="active_customers")["month"]}  # fmt: skip
    late = {who for who, month in visits if month > "2024-06"}
    segments = {"everybody": cells, "last came in autumn": frozenset(cell for cell in cells if cell[0] in late)}
    known = Known(told | segments, told | segments)
    assert found_out([known], smallest=5) == [], "a segment of the last visit may be shown beside"
    if hidden:
        every = {month: frozenset(cell for cell in cells if cell[1] == month) for _who, month in visits}
        known = Known(every | segments, every | segments)
        assert found_out([known], smallest=2 * both + 1), "with all months it would tell what the few spent in spring"


def test_months_of_customers_who_came_once_are_their_customers(make_store):
    visits = [(f"C{who:03}", f"2024-{who % 4 + 1:02}") for who in range(80)]
    rows = revenue_panel(Session(make_store(*written(visits), published=True))).rows
    assert rows["active_customers"].tolist() == [20, 20, 20, 20] + [0] * (len(rows) - 4)
