"""The look of every chart: colours that mean, titles that break, numbers in the reader's language."""

from __future__ import annotations

import itertools

import altair as alt
import numpy as np
import pandas as pd
import pytest
import vl_convert

from workbench.charts import theme
from workbench.currency import Language

GROUPS = {
    "abc": tuple(theme.ABC.values()),
    "judgement": tuple(theme.JUDGEMENT.values()),
    "focus": tuple(theme.FOCUS.values()),
    "categories": theme.CATEGORIES,
    "sequence": theme.SEQUENCE,
}
SIGHT = {  # Machado, Oliveira & Fernandes (2009), severity 1, on linear RGB
    "usual": np.eye(3),
    "deuteranope": np.array([[0.367, 0.861, -0.228], [0.280, 0.673, 0.047], [-0.012, 0.043, 0.969]]),
    "protanope": np.array([[0.152, 1.053, -0.205], [0.115, 0.786, 0.099], [-0.004, -0.048, 1.052]]),
}


def linear(colour: str) -> np.ndarray:
    part = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    return np.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4)


def lab(rgb: np.ndarray) -> np.ndarray:
    matrix = np.array([[0.4125, 0.3576, 0.1804], [0.2127, 0.7152, 0.0722], [0.0193, 0.1192, 0.9503]])
    xyz = matrix @ np.clip(rgb, 0, 1) / np.array([0.9505, 1, 1.0888])
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def bars(**values: float) -> alt.Chart:
    rows = pd.DataFrame({"class": list(values), "value": list(values.values())})
    return alt.Chart(rows).mark_bar().encode(alt.X("class:N"), alt.Y("value:Q"))


def svg(chart: alt.TopLevelMixin, width: int = 600) -> str:
    return vl_convert.vegalite_to_svg(chart.to_dict() | {"width": width}, vl_version="6.4")


@pytest.mark.parametrize("group", GROUPS)
def test_colours_of_one_group_differ_in_a_grey_print(group):
    light = sorted(lab(linear(colour))[0] for colour in GROUPS[group])
    assert min(np.diff(light)) >= 7


@pytest.mark.parametrize("sight", SIGHT)
@pytest.mark.parametrize("group", GROUPS)
def test_colours_of_one_group_differ_for_colour_blind_readers(group, sight):
    seen = [lab(SIGHT[sight] @ linear(colour)) for colour in GROUPS[group]]
    assert min(np.linalg.norm(a - b) for a, b in itertools.combinations(seen, 2)) >= 8


def test_a_class_keeps_its_colour_whatever_classes_are_present():
    chart = bars(A=3).encode(color=alt.Color("class:N", scale=theme.meaning_scale(theme.ABC)))
    assert theme.ABC["A"] in svg(chart)


def test_text_survives_where_the_first_font_is_missing():
    assert theme.FONT.endswith("sans-serif")
    assert theme.FONT.count(",") >= 3


def test_a_long_title_breaks_by_the_width_and_is_whole_in_the_description():
    title = "结算环节拖累满意度：CSAT 61%，比整体低 18 个百分点，其他环节没有明显差别"
    chart = theme.finish(bars(A=1, B=2), "zh", title=title, subtitle="有效回答 100 份")
    narrow, wide = svg(chart, 300), svg(chart, 1200)
    assert f">{title}<" in wide
    assert f">{title}<" not in narrow
    assert ">18 个百分点，其他环节没有明显差别<" in narrow
    assert chart.to_dict()["description"].startswith(title)


@pytest.mark.parametrize("hostile", ["'); alert(1); ('", '"] + [\\', "</script><script>", "a\u2028b", "{{x}} ${y}"])
def test_a_name_in_a_title_is_text_and_never_an_expression(hostile):
    title = f"{hostile} 拖累满意度，比整体低很多很多很多很多个百分点，需要改进"
    chart = theme.finish(bars(A=1), "zh", title=title)
    shown = svg(chart, 1200).replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"').replace("&amp;", "&")
    assert hostile.replace("\u2028", " ") in shown.replace("\u2028", " ")


def test_the_chart_takes_the_width_of_its_container():
    spec = theme.finish(bars(A=1), "en", title="One class").to_dict()
    assert spec["width"] == "container"
    assert spec["autosize"]["type"] == "fit-x"


def test_finishing_leaves_the_chart_given_unchanged():
    chart = bars(A=1, B=2)
    before = chart.to_dict()
    theme.finish(chart, "zh", title="A 与 B")
    assert chart.to_dict() == before


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("zh", "¥12亿"),
        ("en", "¥1.2B"),
        (Language("zh", "USD"), "12 亿美元"),
        (Language("en", "USD"), "$1.2B"),
        (Language("en", "CHF"), "CHF 1.2B"),
    ],
)
def test_a_money_axis_counts_in_the_units_of_the_language(lang, words):
    axis = alt.Axis(labelExpr=theme.money_axis(lang), values=[1.2e9])
    chart = theme.finish(bars(A=1.2e9).encode(alt.Y("value:Q", axis=axis)), lang, title="x")
    assert words in svg(chart)


def test_a_negative_axis_label_has_a_real_minus_before_the_sign():
    axis = alt.Axis(labelExpr=theme.money_axis("zh"), values=[-50000])
    assert "−¥5万" in svg(bars(A=-50000.0).encode(alt.Y("value:Q", axis=axis)))


@pytest.mark.parametrize(("lang", "words"), [("zh", ["2025年", "2月"]), ("en", ["2025", "Feb"])])
def test_a_month_axis_names_the_year_in_january(lang, words):
    rows = pd.DataFrame({"month": pd.to_datetime(["2025-01-01", "2025-02-01"]), "value": [1, 2]})
    axis = alt.Axis(labelExpr=theme.month_axis(lang), tickCount="month")
    chart = alt.Chart(rows).mark_line().encode(alt.X("month:T", axis=axis), alt.Y("value:Q"))
    shown = svg(theme.finish(chart, lang, title="x"))
    assert all(f">{word}<" in shown for word in words)


@pytest.mark.parametrize("months", [8, 13, 27, 60])
@pytest.mark.parametrize("width", [300, 900])
def test_an_axis_of_months_always_names_the_years(months, width):
    rows = pd.DataFrame({"month": pd.date_range("2020-10-01", periods=months, freq="MS"), "value": range(months)})
    axis = alt.Axis(labelExpr=theme.month_axis("zh"), tickCount=theme.month_ticks(months), labelOverlap=True)
    chart = alt.Chart(rows).mark_line().encode(alt.X("month:T", axis=axis), alt.Y("value:Q"))
    assert ">2021年<" in svg(theme.finish(chart, "zh", title="收入"), width)


def test_concatenated_charts_are_finished_without_a_container():
    spec = theme.finish(alt.hconcat(bars(A=1), bars(B=2)), "en", title="Two classes").to_dict()
    assert "width" not in spec
    assert spec["title"]["text"] == ["Two classes"]
