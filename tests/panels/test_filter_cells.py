"""The filters of managers' pages: comparing two settings never leaves fewer than five customers over."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest

from tests.company import crowd
from workbench.errors import NothingToShow
from workbench.pages.filter_bar import FilterBar
from workbench.panels import Filters, Session
from workbench.panels.periods import PERIODS
from workbench.store import open_store
from workbench.topics.pareto import pareto_panel
from workbench.topics.revenue.panel_figures import KeyFigures

TWENTY_MORE = (
    "INSERT INTO customers BY NAME SELECT 'D' || lpad(range::VARCHAR, 2, '0') AS customer_id,"
    " CASE WHEN range % 2 = 0 THEN '华东' ELSE '华南' END AS region,"
    " CASE WHEN range % 4 < 2 THEN '企业' ELSE '个人' END AS customer_type FROM range(20)",
    "INSERT INTO transactions BY NAME SELECT customer_id, customer_id || day AS order_id, day, 100 AS amount,"
    " false AS is_cancelled, true AS is_purchase FROM customers,"
    " (VALUES (DATE '2023-06-01'), (DATE '2024-06-01'), (DATE '2024-11-01')) AS days(day) WHERE customer_id LIKE 'D%'",
)
"""Customers D00 to D19: five of each type in each region, who buy in both years."""
THE_FIRST_TEN_GO = ("DELETE FROM transactions WHERE customer_id LIKE 'C%'", "DELETE FROM surveys")


@pytest.fixture(scope="module")
def twenty(make_store):
    """A published company of four times five customers."""
    return make_store(*TWENTY_MORE, *THE_FIRST_TEN_GO, published=True)


def refusal(session: Session, table: str = "transactions") -> str:
    with pytest.raises(NothingToShow) as refused:
        getattr(session, table)
    return refused.value.key


def buyers(session: Session) -> int:
    sales = session.transactions
    return int(session.store.collect(sales.aggregate(n=sales.customer_id.nunique()))["n"].iloc[0])


def test_all_filters_go_together_where_every_cell_is_large(twenty):
    session = Session(twenty, period="last_12_months")
    since, until = session.filters.since, session.filters.until
    for region in ("华东", "华南"):
        for kind in ("企业", "个人"):
            session.filters = Filters(since, until, (region,), (kind,))
            assert buyers(session) == 5


def test_all_regions_minus_all_but_one_do_not_give_the_few_of_a_type_in_it(make_store):
    move = "UPDATE customers SET region = '华东' WHERE customer_id = 'D01'"
    store = make_store(*TWENTY_MORE, *THE_FIRST_TEN_GO, move, published=True)
    both = Filters(regions=("华东",), customer_types=("企业",))
    assert refusal(Session(store, filters=both)) == "filters_too_narrow", "华南 would have four companies left"
    assert buyers(Session(store, filters=Filters(customer_types=("企业",)))) == 10
    assert buyers(Session(store, filters=Filters(regions=("华南",)))) == 9


def test_all_minus_each_type_do_not_give_the_few_of_unknown_type(make_store):
    unknown = "UPDATE customers SET customer_type = NULL WHERE customer_id IN ('D00', 'D01', 'D04')"
    store = make_store(*TWENTY_MORE, *THE_FIRST_TEN_GO, unknown, published=True)
    kinds = [buyers(Session(store, filters=Filters(customer_types=(kind,)))) for kind in ("企业", "个人")]
    assert sum(kinds) == 20
    assert kinds == [10, 10]


def test_the_last_twelve_months_minus_this_year_do_not_give_the_few_of_some_days(make_store):
    as_of = date(2024, 12, 20)
    late = "UPDATE transactions SET day = DATE '2023-12-25' WHERE customer_id = 'D00' AND day < DATE '2024-01-01'"
    store = make_store(*TWENTY_MORE, *THE_FIRST_TEN_GO, late, published=True, as_of=as_of)
    assert buyers(Session(store, period="last_12_months")) == 20
    assert refusal(Session(store, period="this_year")) == "filters_too_narrow"
    assert not Session(store, period="this_year").allows("transactions")


def test_the_period_before_counts_as_a_setting_too(make_store):
    within = "UPDATE transactions SET day = DATE '2024-09-20' WHERE customer_id = 'D00' AND day = '2024-06-01'"
    store = make_store(*TWENTY_MORE, *THE_FIRST_TEN_GO, published=True)
    assert Session(store, period="last_90_days").allows("transactions")
    store = make_store(*TWENTY_MORE, *THE_FIRST_TEN_GO, within, published=True)
    assert not Session(store, period="last_90_days").allows("transactions"), "one customer in the 90 days before"


def test_own_days_and_values_not_offered_are_refused_to_managers(twenty):
    assert refusal(Session(twenty, filters=Filters(since=date(2024, 5, 3)))) == "filter_not_offered"
    assert refusal(Session(twenty, filters=Filters(regions=("西藏",)))) == "filter_not_offered"
    assert refusal(Session(twenty, filters=Filters(date(2024, 6, 1), date(2024, 6, 29)))) == "filter_not_offered"


def test_whole_months_may_be_chosen_where_enough_people_bought_between_them(twenty, make_store):
    june = Filters(date(2024, 6, 1), date(2024, 6, 30))
    assert buyers(Session(twenty, filters=june)) == 20
    assert buyers(Session(twenty, filters=replace(june, regions=("华东",), customer_types=("企业",)))) == 5
    one_in_july = "UPDATE transactions SET day = DATE '2024-07-02' WHERE customer_id = 'D00' AND day = '2024-06-01'"
    store = make_store(*TWENTY_MORE, *THE_FIRST_TEN_GO, one_in_july, published=True)
    session = Session(store)
    assert date(2024, 8, 1) in session.month_starts
    assert date(2024, 7, 1) not in session.month_starts, "July would be one customer's"
    assert refusal(Session(store, filters=Filters(date(2024, 7, 1), date(2024, 7, 31)))) == "filters_too_narrow"
    assert buyers(Session(store, filters=Filters(date(2024, 6, 1), date(2024, 7, 31)))) == 20


def test_all_periods_of_offered_months_leave_nobody_or_enough_over(make_store):
    store = make_store(*crowd(seed=1), published=True)
    session = Session(store)
    sales = store.transactions
    for first, after in pairwise(session.month_starts):
        lines = sales.filter((sales.day >= first) & (sales.day < after))
        people = store.collect(lines.aggregate(n=lines.customer_id.nunique()))["n"].iloc[0]
        assert people == 0 or people >= 5, first
        session.filters = Filters(first, after - timedelta(days=1))
        assert session.allows("transactions")
    assert len(session.month_starts) > 4


def test_several_regions_go_together_and_leave_no_few_over(make_store):
    store = make_store(*crowd(seed=1), published=True)
    session = Session(store)
    regions = session.choices()["regions"]
    session.filters = Filters(regions=tuple(regions))
    together = buyers(session)
    assert together == sum(buyers(session.at(Filters(regions=(one,)))) for one in regions)
    assert buyers(session.unfiltered()) - together not in range(1, 5)


def test_a_page_that_begins_with_own_days_still_offers_its_lists(twenty):
    bar = FilterBar(Session(twenty, filters=Filters(since=date(2024, 5, 3))))
    assert bar.period.value == "all"


def test_an_analyst_may_filter_as_finely_as_she_likes(store):
    session = Session(store, filters=Filters(date(2024, 1, 15), date(2024, 1, 15), ("华东",), ("企业",)))
    assert buyers(session) == 1
    assert session.value_words("customer_type", "企业") == "企业"


def test_each_table_has_cells_of_its_own(make_store):
    few = "INSERT INTO surveys BY NAME SELECT 'R' || customer_id AS response_id, customer_id, DATE '2024-06-01' AS day,"
    few += (
        " '推荐' AS item, 'nps' AS kind, 9 AS score FROM customers WHERE customer_id IN ('D00','D02','D04','D06','D01')"
    )
    session = Session(make_store(*TWENTY_MORE, *THE_FIRST_TEN_GO, few, published=True))
    session.filters = Filters(regions=("华东",))
    assert buyers(session) == 10
    assert refusal(session, "surveys") == "filters_too_narrow"


def test_complaints_of_too_few_are_refused_too(make_store):
    filed = "INSERT INTO complaints BY NAME SELECT 'T1' AS complaint_id, 'D00' AS customer_id, DATE '2024-06-01' AS day"
    session = Session(make_store(*TWENTY_MORE, *THE_FIRST_TEN_GO, filed, published=True))
    session.filters = Filters(regions=("华东",))
    assert session.allows("transactions")
    assert not session.allows("complaints")


def test_visits_of_too_few_are_unknown_and_purchases_stay(make_store):
    visit = "INSERT INTO interactions BY NAME SELECT 'V1' AS interaction_id, 'D00' AS customer_id, 'visit' AS kind,"
    visit += " DATE '2024-07-01' AS day"
    session = Session(make_store(*TWENTY_MORE, *THE_FIRST_TEN_GO, visit, published=True))
    session.filters = Filters(regions=("华南",))
    facts = session.store.collect(session.facts)
    assert (facts["order_count"] == 3).all()
    assert facts["visit_count"].isna().all()


@pytest.mark.parametrize(("lang", "words"), [("zh", "请去掉其中一个筛选条件"), ("en", "Drop one of the filters")])
def test_a_panel_says_why_and_shows_no_figures_of_other_filters(published_store, lang, words):
    panel = pareto_panel(Session(published_store, lang=lang))
    before, figures = panel.rows, panel.widget.summary.value
    panel.session.filters = Filters(regions=("华东",), customer_types=("企业",))
    assert words in panel.widget.message.value
    assert "wb-empty" in panel.widget._dom_classes
    assert panel.widget.figures.value == panel.widget.summary.value == ""
    for ask in (lambda: panel.rows, panel.sql, panel.code, panel.chart, lambda: panel.downloads.sheet("csv")):
        with pytest.raises(NothingToShow) as refused:
            ask()
        assert refused.value is panel.error
    panel.session.lang = "en" if lang == "zh" else "zh"  # said again, and still empty
    assert panel.widget.summary.value == ""
    panel.session.lang = lang
    panel.session.filters = Filters()
    assert (panel.widget.message.value, panel.error) == ("", None)
    assert "wb-empty" not in panel.widget._dom_classes
    assert panel.rows.equals(before)
    assert panel.widget.summary.value == figures


def test_the_key_figures_of_other_filters_do_not_stay_beside_the_sentence(published_store):
    session = Session(published_store, lang="en")
    figures = KeyFigures(session)
    assert "Revenue" in figures.figures.value
    session.filters = Filters(regions=("华东",), customer_types=("企业",))
    assert "Drop one of the filters" in figures.message.value
    assert figures.figures.value == ""
    assert figures.rows.empty
    session.filters = Filters()
    assert "Revenue" in figures.figures.value


def test_the_list_behind_a_click_goes_with_the_answer(make_store):
    panel = pareto_panel(Session(make_store()))
    panel.views["curve"].picked = [{"abc_class": "C"}]
    assert panel.customers.detail is not None
    panel.session.filters = Filters(regions=("无人区",))
    assert panel.customers.detail is None


def test_the_answer_to_another_setting_of_a_control_stands_back(make_store, monkeypatch):
    panel = pareto_panel(Session(make_store(), lang="en"))
    monkeypatch.setattr(panel, "_analyse", lambda **_: (_ for _ in ()).throw(NothingToShow("no_customers")))
    panel.set(a_share=0.5)
    assert "The previous result is still shown" in panel.widget.message.value
    assert "wb-outdated" in panel.widget._dom_classes
    assert len(panel.rows)
    monkeypatch.undo()
    panel.set(a_share=0.6)
    assert "wb-outdated" not in panel.widget._dom_classes
    assert panel.widget.message.value == ""


@pytest.mark.parametrize(("lang", "label"), [("zh", "企业（含其他）"), ("en", "企业 (incl. others)")])
def test_a_value_that_takes_others_along_says_so(make_store, lang, label):
    unknown = "UPDATE customers SET customer_type = NULL WHERE customer_id IN ('D00', 'D01', 'D04')"
    session = Session(make_store(*TWENTY_MORE, *THE_FIRST_TEN_GO, unknown, published=True), lang=lang)
    bar = FilterBar(session)
    assert bar.customer_type.texts == ["个人", label]
    bar.customer_type.value = ("企业",)
    assert label in session.filter_words()
    assert buyers(session) == 10


def test_the_sample_company_may_be_filtered_by_all_three_together(sample_store):
    with open_store(sample_store, published=True) as store:
        session = Session(store)
        offered = session.choices()
        assert session.value_words("customer_type", "企业") == "企业（含其他）"
        for name, period in PERIODS.items():
            for region in offered["regions"]:
                for kind in offered["customer_types"]:
                    session.filters = Filters(*period(store.snapshot.as_of), (region,), (kind,))
                    assert session.allows("transactions"), name
