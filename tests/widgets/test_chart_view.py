"""The chart widget on Python's side: what it sends, what it takes, what it keeps."""

from __future__ import annotations

import logging

import altair as alt
import pandas as pd
import pytest

from workbench.errors import ChoiceError
from workbench.i18n import t
from workbench.widgets import ChartView
from workbench.widgets.assets import VEGA

CLASSES = pd.DataFrame({"class": ["A", "B", "C"], "customers": [3, 4, 5]})


def chart(
    rows: pd.DataFrame = CLASSES, *, fields: tuple[str, ...] = ("class",), title: str = "A 级 3 位客户"
) -> alt.Chart:
    pick = alt.selection_point(name="pick", fields=list(fields))
    cut = alt.param(name="cut", value=3, bind=alt.binding_range(min=0, max=5))
    return alt.Chart(rows, title=title).mark_bar().encode(x="class", y="customers").add_params(pick, cut)


@pytest.fixture
def view() -> ChartView:
    return ChartView(chart(), lang="zh")


def sent_by(view: ChartView) -> list[tuple[dict, list]]:
    """Catch what the widget sends to the browser."""
    caught: list[tuple[dict, list]] = []
    view.send = lambda content, buffers=None: caught.append((content, buffers or []))
    return caught


def test_a_chart_sends_its_words_its_drawing_and_its_rows_apart(view: ChartView):
    assert view.title == "A 级 3 位客户"
    assert view.rows == {"rows_0": CLASSES.to_dict("records")}
    assert view.spec["data"] == {"name": "rows_0"}
    assert view.listens == ["cut"]


def test_new_rows_leave_the_drawing_as_it_is(view: ChartView):
    told = []
    view.observe(lambda change: told.append(change["name"]))
    view.show(chart(CLASSES.assign(customers=[1, 1, 1]), title="A 级 1 位客户"))
    assert sorted(told) == ["rows", "title"]


def test_a_click_is_taken_and_seen_by_observers(view: ChartView):
    seen = []
    view.observe(lambda change: seen.append(change["new"]), "picked")
    view.set_state({"picked": [{"class": "A"}]})
    assert seen == [[{"class": "A"}]]


@pytest.mark.parametrize(
    "sent",
    [
        {"picked": [{"class": "Z"}]},
        {"signals": {"cut": 6}},
        {"signals": {"x": 1}},
        {"spec": {}},
        {"title": "x"},
        {"_esm": "x"},
    ],
)
def test_what_the_chart_did_not_offer_changes_nothing_and_is_sent_back(view: ChartView, sent: dict):
    before, told = view.get_state(), []
    view.send_state = told.append
    view.set_state(sent)
    assert view.get_state() == before
    assert told == [list(sent)]


def test_what_is_wrong_in_a_message_does_not_spoil_what_is_right(view: ChartView):
    view.set_state({"picked": [{"class": "Z"}], "signals": {"cut": 4}})
    assert view.picked == []
    assert view.signals == {"cut": 4}


def test_what_is_picked_stays_while_it_is_drawn(view: ChartView):
    view.set_state({"picked": [{"class": "A"}, {"class": "C"}]})
    view.show(chart(CLASSES.head(2)))
    assert view.picked == [{"class": "A"}]


def test_a_click_that_would_pick_an_absent_column_is_the_authors_mistake():
    with pytest.raises(ChoiceError) as error:
        ChartView(chart(fields=("class", "region")))
    assert "region" in error.value.words("zh")


def test_an_empty_chart_may_offer_a_click(view: ChartView):
    view.show(chart(CLASSES.head(0)))
    assert view.rows == {"rows_0": []}


def test_a_failure_in_the_browser_reaches_the_log(view: ChartView, caplog: pytest.LogCaptureFixture):
    with caplog.at_level(logging.WARNING):
        view.set_state({"failed": "no such mark"})
    assert view.failed == "no such mark"
    assert "no such mark" in caplog.text


def test_a_new_chart_clears_the_failure_of_the_old(view: ChartView):
    view.set_state({"failed": "no such mark"})
    view.show(chart())
    assert view.failed == ""


def test_vega_is_sent_to_a_page_that_asks_and_is_no_part_of_the_state(view: ChartView):
    sent = sent_by(view)
    view._take_message(view, {"want": "vega"}, [])
    assert sent == [({"is": "vega"}, [VEGA.read_bytes()])]
    assert sum(len(str(value)) for value in view.get_state().values()) < 40_000


def test_the_words_follow_the_language(view: ChartView):
    assert view.words["failed"] == t("widgets.chart.failed", "zh")
    view.lang = "en"
    assert view.words["failed"] == t("widgets.chart.failed", "en")


def test_rows_and_words_can_come_without_the_chart(view: ChartView):
    told = []
    view.observe(lambda change: told.append(change["name"]))
    view.update({"rows_0": [{"class": "A", "customers": 9}]}, title="A 级 9 位客户", subtitle=["截至今天", "共 9 位"])
    assert sorted(told) == ["rows", "subtitle", "title"]
    assert view.subtitle == "截至今天\n共 9 位"
    assert view.accepts("picked", [{"class": "A"}])
    assert not view.accepts("picked", [{"class": "B"}])


def test_rows_for_another_chart_are_refused_and_the_drawing_stands(view: ChartView):
    with pytest.raises(ChoiceError) as refused:
        view.update({"other": []}, title="", subtitle=())
    assert "rows_0" in refused.value.words("zh")
    assert view.rows == {"rows_0": CLASSES.to_dict("records")}


def test_a_view_is_as_wide_as_its_chart_needs_at_least(view: ChartView):
    assert view.least_width == 0
    wide = chart()
    wide.usermeta = {"title": "A", "least_width": 340}
    view.show(wide)
    assert view.least_width == 340
