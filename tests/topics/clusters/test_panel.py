"""The panel of clusters: features and k chosen, names given, reasons listed, and the page alive while it computes."""

from __future__ import annotations

import asyncio
import threading

import pytest

from workbench.analyses.segmentation import labels
from workbench.errors import NothingToShow
from workbench.panels import Filters, Session
from workbench.topics.clusters.panel import clusters_panel
from workbench.topics.clusters.query import fit_clusters

TWO = ("recency_days", "monetary")


@pytest.fixture
def session(store):
    return Session(store, lang="zh")


@pytest.fixture
def panel(session):
    panel = clusters_panel(session)
    panel.set(features=TWO, k=3)
    return panel


def test_a_feature_that_is_the_same_for_all_is_said_and_the_page_lives(session):
    panel = clusters_panel(session)  # everybody in this company bought first on one day, and twice
    assert "tenure_days" in panel.widget.message.value
    panel.set(features=TWO)
    assert panel.widget.message.value == ""
    assert len(panel.rows) >= 2


def test_every_customer_is_in_one_cluster_and_the_money_is_the_whole(panel):
    assert len(panel.rows) == 3
    assert panel.rows["customer_count"].sum() == 10
    assert panel.rows["monetary"].sum() == 10_000


def test_the_best_number_is_taken_unless_another_is_chosen_and_of_ten_customers_none_is_recommended(panel):
    panel.set(k=0)
    assert panel.answer.k == panel.answer.candidates.best
    assert panel.answer.candidates.recommended is None
    panel.set(k=4)
    assert len(panel.rows) == 4
    assert "不推荐任何类数：没有聚类" in panel.widget.figures.value
    assert "均匀分布的客户（抽取 19 次）也分得同样清楚" in panel.widget.summary.value


def test_ticking_a_feature_changes_what_is_clustered(panel):
    ticks = panel.controls["features"].ticks
    ticks["average_order_value"].value = True
    assert [feature.name for feature in panel.answer.fit.segmentation.features] == [*TWO, "average_order_value"]
    ticks["average_order_value"].value = ticks["monetary"].value = False
    assert "2 至 8 个" in panel.widget.message.value
    assert len(panel.answer.fit.segmentation.features) == 2


def test_a_name_written_by_hand_is_shown_and_belongs_to_this_fit(panel):
    editor = panel.controls["names"]
    editor.lines[0].value = "  老板们  "
    editor.apply.click()
    assert "老板们" in panel.widget.summary.value
    assert labels(panel.answer.fit.segmentation, "zh")["cluster_1"] == "老板们"
    assert labels(panel.answer.fit.segmentation, "en")["cluster_1"] != "老板们"
    panel.set(k=2)
    assert "老板们" not in panel.widget.summary.value
    panel.set(k=3)
    assert "老板们" in panel.widget.summary.value


def test_a_click_lists_the_customers_with_the_reason(panel):
    row = panel.rows.iloc[0]
    panel.views["profile"].picked = [{"segment": row["segment"]}]
    listed = panel.customers.table.rows
    assert len(listed) == row["customer_count"]
    assert listed["cluster_distance"].is_monotonic_increasing
    assert "判别规则" in panel.customers.table.grid.value
    assert listed["cluster_rule"].dropna().str.contains("≤|>|所有客户").all()


def test_rules_and_how_often_they_are_right_are_on_the_page(panel):
    shown = panel.widget.summary.value
    assert "用规则描述各类" in shown
    assert "10 位客户中，规则与最近中心判定一致" in shown


@pytest.mark.parametrize("chosen", [{}, {"k": 0}, {"scale": "robust", "logged": ()}, {"missing": "median"}])
def test_the_code_shown_gives_the_rows_on_screen(panel, chosen, run_code):
    panel.set(**chosen)
    assert run_code(panel)["rows"].equals(panel.rows)


def test_the_code_shown_repeats_the_names(panel, run_code):
    panel.controls["names"].lines[0].value = "老板们"
    panel.controls["names"].apply.click()
    segmentation = run_code(panel)["fit"].segmentation
    assert segmentation == panel.answer.fit.segmentation


def test_another_language_says_everything_anew_and_computes_nothing(session, panel, monkeypatch):
    monkeypatch.setattr("workbench.topics.clusters.panel.fit_clusters", None)
    session.lang = "en"
    assert "Customers clustered" in panel.widget.figures.value
    assert "Recency (R)" in str(panel.controls["features"].ticks["recency_days"].description)


def test_other_filters_are_clustered_anew(session, panel):
    session.filters = Filters(regions=("华东",))
    assert panel.rows["customer_count"].sum() == 5


def test_one_customer_is_said(session, panel):
    session.filters = Filters(regions=("无人区",))
    assert "没有任何客户" in panel.widget.message.value
    with pytest.raises(NothingToShow):
        _ = panel.rows


def test_the_browser_cannot_tick_what_is_not_offered(panel):
    control = panel.controls["features"]
    before = control.value
    control.set_state({"value": ["name"]})
    control.ticks["monetary"].set_state({"value": "yes"})
    assert control.value == before


def test_stopping_keeps_the_last_answer_and_the_page_answers_meanwhile(session, monkeypatch):
    go_on, begun = threading.Event(), threading.Event()

    def slow(points, *, report, **how):
        begun.set()
        assert go_on.wait(20)
        report(0.5)
        return fit_clusters(points, report=report, **how)

    async def play() -> None:
        panel = clusters_panel(session)
        panel.set(features=TWO, k=3)
        await until(lambda: panel._answer is not None)
        before = panel.rows
        monkeypatch.setattr("workbench.topics.clusters.panel.fit_clusters", slow)
        panel.set(k=2)
        await until(begun.is_set)
        bar = next(part for part in panel.widget.children if hasattr(part, "cancel"))
        assert "正在计算" in panel.widget.message.value
        assert panel._answer.k == 3
        session.lang = "en"  # the page answers while the fit waits
        assert bar.cancel.description == "Stop"
        bar.cancel.click()
        go_on.set()
        await until(lambda: "stopped" in panel.widget.message.value)
        assert panel._answer.rows.equals(before)
        bar.again.click()
        await until(lambda: panel._answer.k == 2)
        assert panel.widget.message.value == ""
        session.lang = "zh"

    async def until(is_so) -> None:
        for _ in range(1000):
            if is_so():
                return
            await asyncio.sleep(0.01)
        raise AssertionError("it never happened")

    asyncio.run(play())


def test_a_managers_page_shows_no_cluster_of_fewer_than_five(published_store):
    panel = clusters_panel(Session(published_store))
    panel.set(features=TWO, k=3)
    answer = panel.answer
    for rows in (answer.rows, answer.profile):
        assert (rows["customer_count"].dropna() >= 5).all()
        assert rows["customer_count"].isna().any()
    hidden = answer.profile["customer_count"].isna()
    assert answer.profile.loc[hidden, ["mean", "difference"]].isna().all().all()
    assert "用规则描述各类" not in panel.widget.summary.value
