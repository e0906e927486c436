"""A drawing in two halves: equal keys mean equal layouts, and the rows are what JSON can hold."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd
import pytest

from tests.charts.drawn import drawing_only
from tests.topics.pareto.test_chart import CURVE, summary
from workbench.charts.drawing import Drawing
from workbench.charts.segment_bars import segment_bars_drawing
from workbench.topics.pareto.chart import pareto_drawing
from workbench.topics.pareto.chart_bars import abc_bars_drawing
from workbench.topics.pareto.chart_words import Top
from workbench.topics.rfm.chart import rfm_grid_drawing

CELLS = pd.DataFrame(
    {
        "r_score": [1, 2], "f_score": [1, 2], "customer_count": [3.0, None], "customer_share": [1.0, None],
        "monetary": [30.0, None], "average_monetary": [10.0, None],
    }
)  # fmt: skip
SEGMENTS = pd.DataFrame(
    {
        "segment": ["a", "b"], "customer_count": [3, 4], "customer_share": [0.4, 0.6], "monetary": [5.0, 6.0],
        "value_share": [0.45, 0.55], "average_order_value": [1.0, None],
    }
)  # fmt: skip


def curve(lang: str = "en", **choices: Any) -> Drawing:
    return pareto_drawing(CURVE, lang, **{"summary": summary()} | choices)


PAIRS = {
    "curve": (curve(top=Top(0.2, 0.7)), curve(a_share=0.5, summary=summary(customer_share=[0.1, 0.5, 0.3, 0.1]))),
    "classes": (abc_bars_drawing(summary(), "zh"), abc_bars_drawing(summary(value=[1.0, 2, 3, 4]), "zh")),
    "grid": (rfm_grid_drawing(CELLS, "en", bins=5), rfm_grid_drawing(CELLS.head(1), "en", bins=5, measure="monetary")),
    "segments": (
        segment_bars_drawing(SEGMENTS, "en", names={}),
        segment_bars_drawing(SEGMENTS[::-1], "en", names={"a": "Ä"}),
    ),
}


@pytest.mark.parametrize("pair", PAIRS.values(), ids=PAIRS)
def test_drawings_of_equal_keys_have_equal_layouts(pair: tuple[Drawing, Drawing]):
    assert pair[0].key == pair[1].key
    assert drawing_only(pair[0].chart()) == drawing_only(pair[1].chart())
    assert pair[0].rows().keys() == pair[1].rows().keys()


@pytest.mark.parametrize("other", [curve("zh"), curve(by="margin"), curve(unit="products")])
def test_other_words_on_the_axes_are_another_key(other: Drawing):
    assert other.key != curve().key


@pytest.mark.parametrize("pair", PAIRS.values(), ids=PAIRS)
def test_rows_are_json_without_nan(pair: tuple[Drawing, Drawing]):
    for drawing in pair:
        json.dumps(drawing.rows(), allow_nan=False)
