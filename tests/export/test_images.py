"""Charts as pictures, drawn in a process of their own."""

from __future__ import annotations

import tempfile
from pathlib import Path

import altair as alt
import pandas as pd
import pytest

from workbench.charts.theme import finish
from workbench.charts.words import wrapped
from workbench.errors import ChoiceError, ExportError
from workbench.export import chart_image


def spec(title: str = "结算环节拖累满意度", name: str = "结算", lang: str = "zh") -> dict:
    rows = pd.DataFrame({"touchpoint": [name, "4S"], "csat": [0.61, 0.79]})
    chart = alt.Chart(rows).mark_bar().encode(alt.X("csat:Q"), alt.Y("touchpoint:N"))
    return finish(chart, lang, title=title).to_dict()


@pytest.mark.parametrize(("kind", "start"), [("png", b"\x89PNG"), ("svg", b"<svg"), ("pdf", b"%PDF")])
def test_a_chart_becomes_a_picture_of_each_kind(kind, start):
    assert chart_image(spec(), format=kind, lang="zh").startswith(start)


def test_a_chart_of_its_containers_width_takes_the_width_asked_for():
    svg = chart_image(spec(), format="svg", lang="zh", width=640).decode()
    assert 'width="640"' in svg
    assert "结算环节拖累满意度" in svg


@pytest.mark.parametrize("width", [380, 900])
def test_a_long_title_has_all_its_lines_inside_the_picture(width):
    title = (
        "Between 4.2% and 17.8% of a cohort came again in quarter 1 after the first, and so on in all that followed it"
    )
    drawn = spec(title, lang="en")
    lines = wrapped(title, 100 if width == 900 else 40)
    plain = drawn | {"title": drawn["title"] | {"text": lines}}
    picture = chart_image(drawn, format="svg", lang="en", width=width)
    assert picture == chart_image(plain, format="svg", lang="en", width=width)
    assert all(line.encode() in picture for line in lines)
    assert len(lines) > 1


def test_the_spec_given_is_not_changed():
    given = spec()
    chart_image(given, format="svg", lang="zh")
    assert given["width"] == "container"


@pytest.mark.parametrize("hostile", ["</script><script>alert(1)</script>", "<img src=x onerror=alert(1)>", "{{7*7}}"])
def test_a_hostile_name_is_text_in_the_picture(hostile):
    svg = chart_image(spec(name=hostile, title=f"{hostile} 拖累满意度"), format="svg", lang="zh").decode()
    assert "<script" not in svg
    assert "<img" not in svg
    assert hostile.split("<")[-1].rstrip(">") in svg.replace("&gt;", ">")


def test_drawing_leaves_nothing_on_disk():
    before = set(Path(tempfile.gettempdir()).glob("*.png"))
    chart_image(spec(), lang="zh")
    assert set(Path(tempfile.gettempdir()).glob("*.png")) == before


def test_an_unknown_kind_says_what_there_is():
    with pytest.raises(ChoiceError, match="png, svg, pdf"):
        chart_image(spec(), format="gif", lang="en")


def test_a_picture_that_takes_too_long_is_given_up_in_words():
    with pytest.raises(ExportError) as caught:
        chart_image(spec(), lang="zh", timeout=0.001)
    assert "0.001 秒" in caught.value.words("zh")


def test_a_spec_that_is_none_says_so_without_a_traceback():
    with pytest.raises(ExportError) as caught:
        chart_image({"mark": "no such mark"}, lang="en")
    assert "Traceback" not in str(caught.value)
    assert "could not be drawn" in str(caught.value)


def test_a_spec_reaches_no_file_and_no_network():
    reaching = {"data": {"url": "/etc/hostname", "format": {"type": "csv"}}, "mark": "point", "encoding": {}}
    with pytest.raises(ExportError, match="not allowed"):
        chart_image(reaching, format="svg", lang="en")


def test_a_machine_without_chinese_letters_says_so_and_draws_what_needs_none(tmp_path, monkeypatch):
    fonts = tmp_path / "fonts.conf"
    fonts.write_text(f'<?xml version="1.0"?><fontconfig><dir>{tmp_path / "none"}</dir></fontconfig>')
    monkeypatch.setenv("FONTCONFIG_FILE", str(fonts))
    with pytest.raises(ExportError) as caught:
        chart_image(spec(), lang="zh")
    assert "Noto Sans CJK" in caught.value.words("zh")
    assert chart_image(spec(), format="svg", lang="zh").startswith(b"<svg")
    assert chart_image(spec("Checkout drags satisfaction", "Checkout", "en"), lang="en")


@pytest.mark.parametrize("title", [None, "结算", {"text": "结算"}, {"text": "结算", "subtitle": "n = 40"}])
def test_what_a_picture_says_of_itself_stands_below_its_title_whatever_that_is(title):
    drawn = spec()
    drawn.pop("title")
    if title:
        drawn["title"] = title
    svg = chart_image(drawn, format="svg", lang="zh", lines=["公司：示例汽车", "筛选条件：华东"]).decode()
    assert svg.index("公司：示例汽车") < svg.index("筛选条件：华东")
    assert ("n = 40" in svg) == (isinstance(title, dict) and "subtitle" in title)
    assert "title" not in drawn or drawn["title"] == title
