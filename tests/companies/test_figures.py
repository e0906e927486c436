"""Figures of odd companies that a reader can add up, divide and compare: one figure, one value, in its own money."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest

from tests.companies.reading import texts
from workbench.pages import page, segments_board
from workbench.panels import Filters, Session
from workbench.panels.downloads import about
from workbench.topics.pareto import pareto_panel
from workbench.topics.revenue import revenue_panel
from workbench.topics.revenue.panel_figures import KeyFigures
from workbench.topics.segments import segments_panel

RETURNS = "returns and unknown customers"
DIMENSIONS = ("product_id", "category", "region", "channel")


def figures_of(session: Session) -> dict[str, float]:
    return KeyFigures(session).rows.set_index("figure")["value"].to_dict()


@pytest.mark.parametrize("dimension", DIMENSIONS)
def test_products_regions_and_channels_add_up_to_the_revenue_of_the_company(opened, dimension):
    session = Session(opened(RETURNS, "analyst"))
    totals = session.store.collect(session.totals(dimension))
    assert totals["monetary"].sum() == figures_of(session)["revenue"]
    sold = session.store.collect(session.transactions)["amount"] > 0
    assert totals["line_count"].sum() == sold.sum()


def test_the_page_says_what_known_customers_do_not_add_up_to(opened):
    session = Session(opened(RETURNS, "analyst"), lang="en")
    panel = pareto_panel(session)
    revenue = figures_of(session)["revenue"]
    assert panel.answer.beside == {"nameless": 2400.0, "returned": -180.0}
    assert panel.rows["value"].sum() + 2400 - 180 == revenue
    assert "sales of ¥2,400 without one" in panel.widget.summary.value
    assert "change the revenue by −¥180" in panel.widget.summary.value
    panel.set(dimension="product_id")
    assert panel.rows["value"].sum() == revenue
    assert "also ¥2,400 without" in panel.widget.summary.value
    manager = pareto_panel(Session(opened(RETURNS, "manager"), lang="en"))
    assert "only returned" not in manager.widget.summary.value, "it may be the money of one customer"


@pytest.mark.parametrize("company", [RETURNS, "order numbers reused", "sales without customers", "dollars"])
def test_the_average_order_value_is_what_a_reader_divides(opened, company):
    session = Session(opened(company, "analyst"))
    figures = figures_of(session)
    assert figures["average_order_value"] == pytest.approx(figures["revenue"] / figures["order_count"])
    months = revenue_panel(session).rows
    sold = months[months["order_count"] > 0]
    assert (sold["average_order_value"] * sold["order_count"]).to_numpy() == pytest.approx(sold["revenue"].to_numpy())
    assert months["order_count"].sum() == figures["order_count"]
    assert months["revenue"].sum() == figures["revenue"]


def test_segments_and_profile_have_the_average_order_value_of_the_key_figures(opened):
    from workbench.topics.profile import segment_profile_panel

    session = Session(opened("no surveys", "analyst"))
    figures, segments = figures_of(session), segments_panel(session).rows
    assert segments["order_count"].sum() == figures["order_count"]
    orders = segments["average_order_value"] * segments["order_count"]
    assert orders.sum() / segments["order_count"].sum() == pytest.approx(figures["average_order_value"])
    profile = segment_profile_panel(session, segmentation="abc")
    profile.set(this="A")
    row = profile.rows.set_index("column").loc["average_order_value"]
    by_class = segments_panel(session, segmentation="abc").rows.set_index("segment")
    assert row["this_mean"] == pytest.approx(by_class.loc["A", "average_order_value"])


def test_an_order_number_used_by_several_customers_is_several_orders(opened):
    session = Session(opened("order numbers reused", "analyst"))
    counted = session.store.collect(session.facts)["order_count"].sum()
    assert counted > session.store.collect(session.transactions)["order_id"].nunique()
    assert figures_of(session)["order_count"] == counted
    assert session.store.collect(session.totals("channel"))["order_count"].sum() == counted


@pytest.mark.parametrize(("lang", "sign"), [("zh", "美元"), ("en", "$")])
@pytest.mark.parametrize("role", ["analyst", "manager"])
def test_a_company_that_counts_in_dollars_is_told_dollars_and_no_yuan(opened, role, lang, sign):
    session = Session(opened("dollars", role), lang=lang)
    shown = page(session, "overview", [revenue_panel, pareto_panel, segments_board])
    said = [*texts(shown)]
    assert [text for text in said if "¥" in text or "￥" in text] == []
    assert sum(sign in text for text in said) > 5
    assert sign in shown.key_figures.figures.value
    assert about(session, "pareto")["currency"] == f"{sign} (USD)"


def test_a_stub_day_hides_no_full_month(opened):
    for role in ("analyst", "manager"):
        panel = revenue_panel(Session(opened("a stub day", role), lang="en"))
        assert panel.views["chart"].title.startswith("Revenue in November 2024")
        november = panel.rows.set_index("month").loc["2024-11-01"]
        assert (november["active_customers"], november["is_incomplete"]) == (24, False)
        assert panel.rows["is_incomplete"].iloc[-1]


def test_a_period_that_goes_on_after_the_data_ends_with_them(opened):
    session = Session(opened("no surveys", "analyst"), filters=Filters(until=date(2026, 6, 30)))
    assert session.as_of == date(2024, 12, 31)
    months = revenue_panel(session).rows
    assert str(months["month"].iloc[-1])[:10] == "2024-12-01"
    assert Decimal(str(months["revenue"].iloc[-1])) > 0


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_where_nothing_says_what_was_paid_no_money_is_shown_as_nothing(opened, lang):
    from workbench.topics.lifecycle import lifecycle_panel
    from workbench.topics.rfm import rfm_panel

    session = Session(opened("visits without money", "analyst"), lang=lang)
    shown = page(session, "overview", [revenue_panel, rfm_panel, lifecycle_panel])
    assert re.findall(r"¥.?\d", " ".join(texts(shown))) == []
    assert {row["figure"] for row in shown.key_figures._shown()} == {"order_count", "active_customers"}
    assert session.t("errors.lacks_amounts") in shown.key_figures.sentences
    for panel in shown.panels[1:]:
        assert panel.rows["customer_count"].sum() == 24
        assert panel.rows["monetary"].isna().all()
        assert session.t("errors.lacks_amounts") in panel.summary
    scored = session.store.collect(shown.panels[1].table)
    assert not {"m_score", "monetary"} & {*scored.columns}
