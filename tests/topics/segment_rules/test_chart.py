"""The map of a segment table: numbered cells, M layers only where they differ, holes in the title."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from workbench.topics.segment_rules.chart import no_map_drawing, segment_map_drawing

NAMES = ["最佳", "一般", "其他"]
COLOURS = {"最佳": "#12436D", "一般": "#1E8A7A", "其他": "#FFFFFF"}


def drawn(grid: np.ndarray, lang: str = "zh"):
    counts = np.arange(grid.size).reshape(grid.shape)
    return segment_map_drawing(
        grid, lang, names=NAMES, colours=COLOURS, counts=counts, table="自定", as_of=date(2024, 12, 31)
    )


def test_a_table_without_m_is_one_block_and_sums_over_m():
    drawing = drawn(np.zeros((3, 3, 3), dtype=int))
    cells = drawing.frames["cells"]
    assert (len(cells), set(cells["mark"]), set(cells["segment"])) == (9, {"1"}, {"1  最佳"})
    assert cells.set_index("cell").loc["R3 F3", "customers"] == str(24 + 25 + 26)
    assert drawing.title == "自定：27 种得分组合全部有对应分群"


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_table_that_looks_at_m_has_a_block_for_each_and_says_who_is_left_out(lang: str):
    grid = np.zeros((3, 3, 3), dtype=int)
    grid[0, 0, 2] = 2
    drawing = drawn(grid, lang)
    cells = drawing.frames["cells"]
    assert len(cells) == 27
    assert cells.set_index("cell").loc["R1 F1 M3", ["mark", "customers"]].tolist() == ["–", "2"]
    assert list(drawing.frames["blocks"]["words"]) == ["M 1", "M 2", "M 3"]
    assert "27" in drawing.title
    assert ("2 customers" if lang == "en" else "2 位客户") in drawing.title
    drawing.chart().to_dict()


def test_the_highest_recency_stands_at_the_top():
    cells = drawn(np.zeros((3, 3, 3), dtype=int)).frames["cells"].set_index("cell")
    assert cells.loc["R3 F1", "y"] < cells.loc["R1 F1", "y"]


def test_a_stroke_of_the_brush_keeps_the_layout():
    grid = np.zeros((3, 3, 3), dtype=int)
    grid[:, :, 0] = 1
    painted = grid.copy()
    painted[0, 0, 0] = 2
    assert drawn(grid).key == drawn(painted).key


def test_a_table_on_other_columns_says_that_it_has_no_map():
    drawing = no_map_drawing("en", table="Regions")
    assert drawing.title.startswith("Regions has rules on columns other than")
    drawing.chart().to_dict()
