"""Charts as plain numbers: bars, lines, curves and matrices, in the order drawn, unknown as a gap."""

from __future__ import annotations

from importlib import import_module

import altair as alt
import pandas as pd
import pytest

from tests.company import crowd
from workbench.charts.native import native_chart
from workbench.charts.paired_bars import Bar, paired_bars, paired_rows
from workbench.discovery import topics
from workbench.export.report import CategoryChart, CurveChart, GridChart
from workbench.panels import Session

SALES = pd.DataFrame({"region": ["华南", "华东", None], "place": [2, 1, 3], "amount": [50.0, None, 20.0]})
DRAWN_AS_PICTURES = {("movement", "flow")}
"""Streams have no plain form in other programs."""
MANAGERS = [(topic, name) for topic, one in topics().items() for name in one.panels if not one.without.get("page")]


def bars(**y) -> alt.Chart:
    return (
        alt.Chart(SALES).transform_filter("isValid(datum.amount)").mark_bar(color="#123456")
        .encode(alt.X("amount:Q", title="Amount"), alt.Y("region:N", **y), tooltip=["region:N", "amount:Q"])
    )  # fmt: skip


def test_bars_keep_the_order_drawn_and_their_gaps():
    native = native_chart(bars(sort=alt.EncodingSortField("place")).to_dict(), "zh")
    assert isinstance(native, CategoryChart)
    assert (native.kind, native.categories) == ("bar", ["华东", "华南", "未知"])
    (series,) = native.series
    assert (series.name, series.values, series.colour) == ("Amount", [None, 50.0, 20.0], "#123456")


def test_the_order_of_a_scale_counts_and_else_that_of_the_alphabet():
    scaled = native_chart(bars(scale=alt.Scale(domain=["华南", None, "华东"])).to_dict(), "en")
    assert scaled.categories == ["华南", "unknown", "华东"]
    assert native_chart(bars().to_dict(), "en").categories == ["华东", "华南", "unknown"]


def test_a_share_that_is_hidden_is_a_gap_and_one_of_nothing_a_nought():
    rows = pd.DataFrame({"segment": ["A", "B"]})
    shares = [pd.Series([0.5, None]), pd.Series([0.0, None])]
    drawn = paired_rows(rows, *(Bar(name, share, ["x", "—"]) for name, share in zip(("n", "m"), shares, strict=True)))
    spec = paired_bars(drawn, parts=("n", "m"), y=alt.Y("segment:N"), pick="segment", tooltip=["segment:N"]).to_dict()
    native = native_chart(spec, "en")
    assert [(one.name, one.values) for one in native.series] == [("n", [0.5, None]), ("m", [0.0, None])]
    assert native.number_format == "0.0%"


def test_stacked_bars_are_series_by_colour():
    rows = pd.DataFrame({"month": ["1", "1", "2"], "part": ["A", "B", "A"], "n": [1, 2, 3]})
    native = native_chart(alt.Chart(rows).mark_bar().encode(x="month:O", y="n:Q", color="part:N").to_dict(), "en")
    assert (native.kind, native.is_stacked) == ("column", True)
    assert [(one.name, one.values) for one in native.series] == [("A", [1, 3]), ("B", [2, None])]


def test_a_line_over_numbers_is_a_curve():
    rows = pd.DataFrame({"x": [1.0, 0.0], "y": [1.0, 0.4]})
    native = native_chart(alt.Chart(rows).mark_line().encode(x="x:Q", y="y:Q").to_dict(), "en")
    assert isinstance(native, CurveChart)
    assert (native.places, native.series[0].values) == ([[0.0, 1.0]], [0.4, 1.0])


@pytest.mark.parametrize("mark", ["bar", "line", "rect"])
def test_a_chart_of_nothing_has_no_plain_numbers(mark):
    nothing = pd.DataFrame({"x": pd.Series(dtype=str), "y": pd.Series(dtype=float)})
    y = "y:O" if mark == "rect" else "y:Q"
    chart = getattr(alt.Chart(nothing), f"mark_{mark}")().encode(x="x:N", y=y, tooltip=["x:N"])
    assert native_chart(chart.to_dict(), "en") is None


def test_what_would_have_to_be_computed_has_no_plain_numbers():
    chart = alt.Chart(SALES).transform_calculate(double="datum.amount * 2").mark_bar()
    assert native_chart(chart.encode(x="double:Q", y="region:N").to_dict(), "en") is None
    assert native_chart(alt.Chart(SALES).mark_arc().encode(theta="amount:Q").to_dict(), "en") is None


@pytest.mark.one_in(2, per="name")
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(("topic", "name"), MANAGERS, ids=[name for _, name in MANAGERS])
def test_every_chart_of_managers_pages_has_plain_numbers(topic, name, lang, make_store):
    store = make_store(*crowd(seed=1, customers=400), published=True)
    panel = getattr(import_module(f"workbench.topics.{topic}"), name)(Session(store, lang=lang))
    for chart in panel.views:
        native = native_chart(panel.chart(chart).to_dict(), lang)
        if (topic, chart) in DRAWN_AS_PICTURES:
            assert native is None
            continue
        assert native is not None
        if isinstance(native, GridChart):
            assert any(words for line in native.words for words in line)
            assert {len(line) for line in native.words} == {len(native.columns)}
            continue
        assert any(value is not None for one in native.series for value in one.values)
        assert all(one.name for one in native.series)
        if isinstance(native, CategoryChart):
            assert len(set(native.categories)) == len(native.categories)
            assert all(len(one.values) == len(native.categories) for one in native.series)
