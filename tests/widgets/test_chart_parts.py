"""A specification taken apart: its words, its rows under steady names, and what a reader may touch."""

from __future__ import annotations

import altair as alt
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.widgets.chart_parts import Brush, Parameter, take_apart

ORDERS = pd.DataFrame(
    {"客户": ["张伟", "李娜"], "金额": [52.0, 30.5], "月份": pd.to_datetime(["2024-01-01", "2024-02-01"])}
)


def bars(orders: pd.DataFrame = ORDERS, **properties: object) -> alt.Chart:
    pick = alt.selection_point(name="pick", fields=["客户"])
    return alt.Chart(orders, **properties).mark_bar().encode(x="金额", y="客户").add_params(pick)


def parts(chart: alt.TopLevelMixin):
    return take_apart(chart.to_dict())


def test_title_and_subtitle_are_taken_out_as_text():
    found = parts(bars(title=alt.TitleParams("前 20%", subtitle=["n = 2", "2024"])))
    assert (found.title, found.subtitle) == ("前 20%", ("n = 2", "2024"))
    assert "title" not in found.spec


def test_the_words_of_usermeta_count_before_a_title_broken_for_print():
    chart = bars(
        title=["前 20% 的客户", "贡献八成"], usermeta={"title": "前 20% 的客户贡献八成", "subtitle": ["n = 2"]}
    )
    found = parts(chart)
    assert (found.title, found.subtitle) == ("前 20% 的客户贡献八成", ("n = 2",))
    assert "usermeta" not in found.spec


def test_a_title_computed_in_the_browser_stays_in_the_drawing():
    found = parts(bars(title=alt.TitleParams(alt.ExprRef("width < 400 ? 'a' : 'b'"))))
    assert found.title == ""
    assert "title" in found.spec


def test_the_specification_stays_equal_when_only_words_and_rows_change():
    one, other = parts(bars(title="one")), parts(bars(ORDERS.assign(金额=[1.0, 2.0]), title="other"))
    assert one.spec == other.spec
    assert one.rows != other.rows
    assert list(one.rows) == ["rows_0"]


def test_each_data_set_keeps_its_own_rows():
    rule = alt.Chart(pd.DataFrame({"limit": [40]})).mark_rule().encode(x="limit")
    found = parts(bars() + rule)
    assert [len(rows) for rows in found.rows.values()] == [2, 1]
    assert found.spec["layer"][0]["data"] == {"name": "rows_0"}
    assert found.spec["layer"][1]["data"] == {"name": "rows_1"}


def test_a_pick_of_drawn_rows_is_accepted():
    assert parts(bars()).accepts_pick([{"客户": "张伟"}, {"客户": "李娜"}])
    assert parts(bars()).accepts_pick([])


@pytest.mark.parametrize(
    "sent",
    [
        [{"客户": "nobody"}],
        [{"金额": 52.0}],
        [{"客户": "张伟", "金额": 52.0}],
        [{}],
        ["张伟"],
        {"客户": "张伟"},
        None,
        [{"客户": ["张伟"]}],
        [{"客户": {"$": 1}}],
    ],
)
def test_a_pick_of_anything_else_is_refused(sent: object):
    assert not parts(bars()).accepts_pick(sent)


def test_a_chart_without_the_selection_accepts_only_nothing_picked():
    plain = parts(alt.Chart(ORDERS).mark_bar().encode(x="金额"))
    assert plain.accepts_pick([])
    assert not plain.accepts_pick([{}])
    assert not plain.accepts_pick([{"客户": "张伟"}])


def test_the_selection_is_found_in_a_layered_chart():
    text = alt.Chart(ORDERS).mark_text().encode(x="金额", y="客户", text="客户")
    assert parts(bars() + text).pick == ("客户",)


def test_value_parameters_have_the_bounds_of_their_slider_or_of_usermeta():
    slider = alt.param(name="a_share", value=0.8, bind=alt.binding_range(min=0, max=1))
    free = alt.param(name="b_share", value=0.95)
    found = parts(alt.Chart(ORDERS, usermeta={"bounds": {"b_share": [0.5, 1]}}).mark_bar().add_params(slider, free))
    assert found.signals == {"a_share": Parameter(float, 0, 1), "b_share": Parameter(float, 0.5, 1)}


@pytest.mark.parametrize(
    ("value", "accepted"),
    [(0, True), (1, True), (0.5, True), (1.01, False), (True, False), ("1", False), (float("nan"), False)],
)
def test_a_number_within_the_bounds_is_accepted(value: object, accepted: bool):
    assert Parameter(float, 0, 1).accepts(value) is accepted


def test_a_choice_accepts_its_options_only():
    chosen = alt.param(name="by", value="金额", bind=alt.binding_select(options=["金额", "次数"]))
    by = parts(alt.Chart(ORDERS).mark_bar().add_params(chosen)).signals["by"]
    assert by.accepts("次数")
    assert not by.accepts("毛利")


def test_an_interval_runs_over_the_fields_of_its_channels():
    brush = alt.selection_interval(name="brush", encodings=["x"])
    found = parts(alt.Chart(ORDERS).mark_point().encode(x="金额", y="客户").add_params(brush))
    assert found.signals == {"brush": Brush(("金额",))}
    assert found.signals["brush"].accepts({"金额": [1, 40.5]})
    assert found.signals["brush"].accepts({})
    for wrong in ({"客户": [1, 2]}, {"金额": [1]}, {"金额": "12"}, {"金额": [1, None]}, [1, 2], None):
        assert not found.signals["brush"].accepts(wrong)


@given(
    sent=st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(),
        lambda node: st.lists(node) | st.dictionaries(st.text(), node),
    )
)
def test_whatever_a_browser_sends_is_answered_with_yes_or_no(sent: object):
    found = parts(bars())
    assert found.accepts_pick(sent) is (sent == [])
    assert Brush(("金额",)).accepts(sent) is (sent == {})
