"""Key figures: a period, the one before, and when no comparison is possible."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import ibis.expr.types as ir
import pandas as pd
import pytest

from tests.analyses.rows import bought, records, transactions
from tests.analyses.surveys import scores, surveys
from workbench.errors import ChoiceError
from workbench.topics.revenue.query import beside_year_before, compare_periods, key_figures, revenue_by_month

MARCH = {"since": date(2025, 3, 1), "until": date(2025, 3, 31), "as_of": date(2025, 12, 31)}
FEBRUARY = (date(2025, 2, 1), date(2025, 2, 28))


def trade() -> ir.Table:
    """January 100; February 200 of one customer; March 150 + 90 of two, a refund of 40, and 60 nobody's."""
    return transactions(
        bought("王", "2025-01-05", 100, order_id="o1"),
        bought("王", "2025-02-05", 200, order_id="o2"),
        bought("王", "2025-03-05", 100, order_id="o3"),
        bought("王", "2025-03-05", 50, order_id="o3"),
        bought("李", "2025-03-31", 90, order_id="o4"),
        bought("李", "2025-03-31", -40, order_id="o5"),
        bought(None, "2025-03-10", 60, order_id="o6"),
        bought("张", "2025-03-11", 999, order_id="o7", is_cancelled=True),
    )


def figures(trade: ir.Table, asked: ir.Table | None = None, **period) -> dict[str, dict]:
    answers = surveys([]) if asked is None else asked
    return records(key_figures(trade, answers, **(MARCH | period)), "period")


def changes(trade: ir.Table, asked: ir.Table | None = None, **period) -> dict[str, dict]:
    rows = pd.DataFrame(list(figures(trade, asked, **period).values()))
    return compare_periods(rows).set_index("figure").to_dict("index")


def test_the_figures_of_march_are_summed_by_hand():
    this = figures(trade(), before=FEBRUARY)["this"]
    assert this["revenue"] == Decimal(260)
    assert this["nameless_revenue"] == Decimal(60)
    assert (this["order_count"], this["average_order_value"]) == (3, pytest.approx(260 / 3))
    assert (this["active_customers"], this["new_customers"]) == (2, 1)


def test_growth_is_a_share_of_the_period_before():
    found = changes(trade(), before=FEBRUARY)
    assert found["revenue"]["change"] == pytest.approx(260 / 200 - 1)
    assert found["active_customers"]["change"] == pytest.approx(1)


def test_a_period_before_of_nothing_gives_no_growth():
    found = changes(trade(), before=FEBRUARY)
    assert found["new_customers"]["value"] == 1
    assert found["new_customers"]["before"] == 0
    assert pd.isna(found["new_customers"]["change"])


def test_a_period_before_the_first_line_gives_no_growth_though_some_of_it_has_lines():
    january = {"since": date(2025, 2, 1), "until": date(2025, 2, 28)}
    found = changes(trade(), **january, before=(date(2025, 1, 4), date(2025, 1, 31)))
    assert found["revenue"]["before"] == 100
    assert pd.isna(found["revenue"]["change"])


def test_the_period_before_has_as_many_days_unless_it_is_given():
    rows = figures(trade())
    assert (rows["before"]["since"], rows["before"]["until"]) == (date(2025, 1, 29), date(2025, 2, 28))
    rows = figures(trade(), since=date(2024, 2, 29), until=date(2024, 2, 29))
    assert (rows["before"]["since"], rows["before"]["until"]) == (date(2024, 2, 28), date(2024, 2, 28))


def test_a_period_that_has_not_ended_is_marked_and_compared_with_as_many_days():
    rows = figures(trade(), as_of=date(2025, 3, 10))
    assert rows["this"]["is_incomplete"]
    assert rows["this"]["revenue"] == Decimal(210)
    assert (rows["before"]["since"], rows["before"]["until"]) == (date(2025, 2, 19), date(2025, 2, 28))
    assert not figures(trade(), as_of=date(2025, 3, 31))["this"]["is_incomplete"]


def test_nps_and_csat_are_compared_in_points():
    asked = surveys(
        [
            *scores(*[9] * 5, *[0] * 5, day="2025-01-31"),
            *scores(*[9] * 8, *[0] * 2, day="2025-03-03"),
            *scores(*[5] * 4, 1, kind="csat", day="2025-03-03"),
        ]
    )
    found = changes(trade(), asked, before=(date(2025, 1, 31), date(2025, 2, 28)))
    assert (found["nps"]["value"], found["nps"]["before"], found["nps"]["change"]) == pytest.approx((60, 0, 60))
    assert found["csat"]["value"] == pytest.approx(0.8)
    assert pd.isna(found["csat"]["change"])


def test_four_answers_give_no_score():
    asked = surveys(scores(9, 9, 9, 9, day="2025-03-03"))
    assert figures(trade(), asked)["this"]["nps"] is None


def test_sales_to_fewer_customers_than_may_be_shown_are_unknown():
    this = figures(trade(), fewest_customers=3)["this"]
    assert {this[name] for name in ("revenue", "order_count", "average_order_value", "active_customers")} == {None}
    assert figures(trade(), fewest_customers=2)["this"]["revenue"] == Decimal(260)


def test_a_company_without_a_line_has_no_revenue_no_average_and_no_growth():
    found = changes(transactions())
    assert found["revenue"]["value"] == 0
    assert pd.isna(found["average_order_value"]["value"])
    assert pd.isna(found["revenue"]["change"])


def test_a_period_that_ends_before_it_begins_is_refused():
    with pytest.raises(ChoiceError):
        key_figures(trade(), surveys([]), since=date(2025, 2, 1), until=date(2025, 1, 1), as_of=date(2025, 2, 1))


def test_orders_without_a_number_count_one_a_line():
    lines = transactions(bought("王", "2025-03-05", 10), bought("王", "2025-03-05", 20))
    assert figures(lines)["this"]["order_count"] == 2


def test_months_add_up_and_a_month_without_lines_has_none():
    lines = transactions(bought("王", "2025-01-05", 100), bought("王", "2025-03-05", 50))
    rows = records(revenue_by_month(lines, as_of=date(2025, 4, 10)))
    assert [(row["month"].month, row["revenue"]) for row in rows] == [(1, 100), (2, 0), (3, 50), (4, 0)]
    assert [row["average_order_value"] for row in rows] == [100, None, 50, None]
    assert [row["is_incomplete"] for row in rows] == [False, False, False, True]


def test_a_month_cut_by_the_first_day_asked_for_is_incomplete():
    rows = records(revenue_by_month(trade(), as_of=date(2025, 3, 31), since=date(2025, 1, 2)))
    assert [row["is_incomplete"] for row in rows] == [True, False, False]


def test_the_month_in_which_the_data_begin_late_is_incomplete_and_no_base():
    lines = [bought("王", f"2025-0{month}-{day}", 100) for month, day in ((1, 22), (2, 10), (3, 10))]
    rows = records(revenue_by_month(transactions(*lines), as_of=date(2025, 3, 31)))
    assert [row["is_incomplete"] for row in rows] == [True, False, False]
    whole = records(revenue_by_month(transactions(*lines), as_of=date(2025, 3, 31), data_from=date(2024, 1, 1)))
    assert [row["is_incomplete"] for row in whole] == [False, False, False], "a region that sold late was there before"
    assert [row["revenue"] for row in whole] == [100, 100, 100]
    early = bought("王", "2025-01-05", 1)
    begun = records(revenue_by_month(transactions(*lines, early), as_of=date(2025, 3, 31)))
    assert not begun[0]["is_incomplete"]


def test_no_lines_give_no_months():
    assert records(revenue_by_month(transactions(), as_of=date(2025, 4, 10))) == []


def test_only_whole_months_stand_beside_the_same_month_a_year_before():
    """January 100 then 80; February 50, then nothing; March 60 then −20, and the last March is not whole."""
    sales = transactions(
        bought("王", "2023-12-02", 1, order_id="o0"),
        bought("王", "2024-01-05", 80, order_id="o1"),
        bought("王", "2024-03-05", -20, order_id="o2"),
        bought("王", "2025-01-05", 100, order_id="o3"),
        bought("王", "2025-02-05", 50, order_id="o4"),
        bought("王", "2025-03-05", 60, order_id="o5"),
    )
    earlier = revenue_by_month(sales, as_of=date(2024, 12, 31))
    months = revenue_by_month(sales, as_of=date(2025, 3, 31), since=date(2025, 1, 1))
    rows = beside_year_before(months, earlier).to_pandas()
    assert rows["month"].dt.month.tolist() == [1, 2, 3]
    assert rows["revenue_year_before"].astype(float).tolist() == [80, 0, -20]
    assert rows["revenue_change"].iloc[0] == pytest.approx(0.25)
    assert rows["revenue_change"].iloc[1:].isna().all(), "from nothing, and from refunds, nothing grows"
    unfinished = revenue_by_month(sales, as_of=date(2025, 1, 20), since=date(2025, 1, 1))
    assert beside_year_before(unfinished, earlier).to_pandas()["revenue_year_before"].isna().all()
    begun = revenue_by_month(sales, as_of=date(2024, 12, 31), since=date(2024, 1, 3))
    assert beside_year_before(months, begun).to_pandas()["revenue_year_before"].isna().tolist() == [True, False, False]
