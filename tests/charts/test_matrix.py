"""The matrix that topics declare: what is equal is laid out equally, what is missing stays blank, labels are cut."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from tests.charts.drawn import drawing_only, picked_fields, svg, tooltip_fields, words
from workbench.charts.drawing import Drawing
from workbench.charts.matrix import CellFrame, CellWords, Colours, Matrix, MatrixSide, classed, shaded

MATRIX = Matrix(
    rows=MatrixSide("region", ("华东", "华南"), "区域"),
    columns=MatrixSide("level", (1, 2, 3), "等级", {1: "一级", 2: "二级", 3: "三级"}),
    colours=shaded(),
    tooltip={"words": "客户数"},
    pick=("region", "level"),
)
CELLS = pd.DataFrame({"region": ["华东", "华南"], "level": [1, 3], "strength": [1.0, 0.1], "words": ["40", "7"]})


def drawn(matrix: Matrix = MATRIX, cells: pd.DataFrame = CELLS) -> Drawing:
    return matrix.drawing(cells, "zh", title="客户", height=120)


def test_combinations_that_do_not_occur_keep_their_place_and_are_blank():
    said = words(svg(drawn().chart()))
    assert sorted(said) == sorted(["40", "7", "一级", "二级", "三级", "等级", "华东", "华南", "区域", "客户"])


def test_other_cells_keep_the_layout_and_another_declaration_does_not():
    fewer, wider = drawn(cells=CELLS.head(1)), drawn(replace(MATRIX, gap=3))
    assert fewer.key == drawn().key != wider.key
    assert drawing_only(fewer.chart()) == drawing_only(drawn().chart()) != drawing_only(wider.chart())


def test_a_click_picks_the_declared_fields_and_the_tooltip_has_its_own():
    chart = drawn().chart()
    assert picked_fields(chart) == ["region", "level"]
    assert tooltip_fields(chart.to_dict()) == {"words"}


def test_where_nothing_can_be_picked_the_drawing_listens_to_nobody():
    assert "params" not in drawn(replace(MATRIX, pick=())).chart().to_dict()


@pytest.mark.parametrize(("width", "size"), [(900, "12px"), (150, "9px")])
def test_a_narrow_cell_has_its_words_in_smaller_letters_down_to_where_the_matrix_scrolls(width: int, size: str):
    matrix = replace(MATRIX, words=(CellWords(room=60),))
    drawing = svg(drawn(matrix).chart(), width)
    letters = [mark for text, mark in _letters(drawing) if text == "40"]
    assert len(letters) == 1
    assert f'font-size="{size}"' in letters[0]
    assert drawn(matrix).chart().to_dict()["usermeta"]["least_width"] == 3 * 60 * 0.75 + 190
    assert "least_width" not in drawn().chart().to_dict()["usermeta"]


def test_letters_are_white_on_dark_cells_alone():
    by_class = replace(MATRIX, colours=classed("region", {"华东": "#12436D", "华南": "#EDF4FA"}, dark=("华东",)))
    for matrix in (MATRIX, by_class):
        assert {text: 'fill="#FFFFFF"' in mark for text, mark in _letters(svg(drawn(matrix).chart()))} == {
            "40": True,
            "7": False,
        }


def test_a_frame_is_drawn_around_the_cells_it_is_for():
    framed = replace(MATRIX, frame=CellFrame("datum.level == 3", "#A61E4D", 2))
    assert svg(drawn(framed).chart()).count('stroke="#A61E4D"') == 1


def test_many_labels_share_the_width():
    axis = MatrixSide("region", order="place", sharing=2)
    long = CELLS.assign(region=["华东地区全部门店客户", "华南地区全部门店客户"], place=[1, 0])
    drawing = drawn(replace(MATRIX, columns=axis, rows=MATRIX.columns), long)
    assert any(text.endswith("…") for text in words(svg(drawing.chart(), 200)))
    said = words(svg(drawing.chart(), 900))
    assert said.index("华南地区全部门店客户") < said.index("华东地区全部门店客户")


def test_cells_with_places_of_their_own_are_drawn_there():
    placed = pd.DataFrame(
        {"x": [0, 1.5], "x2": [1, 2.5], "y": [0, 0], "y2": [1, 1], "kind": ["甲", "乙"], "words": ["40", "7"]}
    )
    matrix = Matrix(
        rows=MatrixSide("y", (0, 1), until="y2"),
        columns=MatrixSide("x", (0, 2.5), until="x2"),
        colours=Colours("kind", ("甲", "乙"), ("#12436D", "#EDF4FA")),
        tooltip={"words": "编号"},
    )
    drawing = svg(drawn(matrix, placed).chart(), 520)
    places = dict(_letters(drawing))
    assert words(drawing)[:2] == ["40", "7"]
    assert _across(places["7"]) / _across(places["40"]) == pytest.approx(4)


def _letters(drawing: str) -> list[tuple[str, str]]:
    marks = [line for line in drawing.replace("<text", "\n<text").splitlines() if line.startswith("<text")]
    return [(words(mark)[0], mark) for mark in marks if words(mark)[:1] in (["40"], ["7"])]


def _across(mark: str) -> float:
    return float(mark.split("translate(")[1].split(",")[0])
