"""Segments of a company whose data have no amounts: customers alone are drawn, and the title claims no money."""

from __future__ import annotations

import pandas as pd
import pytest

from workbench.charts.segment_bars import segment_bars_drawing

NAMES = {"loyal": "Loyal", "lapsed": "Lapsed", "flexible": "Flexible"}
UNKNOWN = dict.fromkeys(("monetary", "value_share", "average_order_value"), float("nan"))


def rows(*counts: float) -> pd.DataFrame:
    count = pd.Series(counts, dtype=float)
    share = count / count.sum()
    return pd.DataFrame({"segment": [*NAMES][: len(counts)], "customer_count": count, "customer_share": share}).assign(
        **UNKNOWN
    )


@pytest.mark.parametrize(
    ("counts", "title"),
    [
        ((6, 2, 2), "Loyal has the most customers: 60.0%"),
        ((4, 4, 2), "No segment has the most customers: 2 are equal"),
        ((6, 3, float("nan")), "Loyal has the most customers of those shown: 66.7%"),
        ((5,), "All customers are in one segment: Loyal"),
    ],
)
def test_the_title_speaks_of_customers_alone(counts: tuple[float, ...], title: str):
    drawing = segment_bars_drawing(rows(*counts), "en", names=NAMES)
    assert drawing.title == title
    assert "¥" not in "".join(drawing.subtitle)
    assert len(drawing.frames["bars"]) == len(counts)
    assert drawing.frames["heading"].empty
    assert drawing.chart().to_dict()["layer"]
