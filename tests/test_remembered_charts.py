"""A chart that the tests have seen to be allowed is not looked at again; another one is, whatever it shares with it."""

from __future__ import annotations

import altair as alt
import pandas as pd
import pytest
from altair.utils import schemapi

from tests.remembered_charts import outline


def bars(rows: pd.DataFrame, **channels: object) -> alt.Chart:
    return alt.Chart(rows).mark_bar().encode(x="n:Q", y="region:N", **channels)


ROWS = pd.DataFrame({"region": ["华东", "华南"], "n": [1, 2]})


def test_rows_and_their_names_are_left_out_and_all_else_counts():
    one, more, titled = (
        outline(chart.to_dict()) for chart in (bars(ROWS), bars(ROWS.head(1)), bars(ROWS).properties(title="人数"))
    )
    assert one == more != titled
    assert "华东" not in one


def test_a_chart_is_looked_at_once(monkeypatch: pytest.MonkeyPatch):
    looked: list[None] = []
    validate = schemapi.validate_jsonschema
    monkeypatch.setattr(schemapi, "validate_jsonschema", lambda *args, **how: looked.append(validate(*args, **how)))
    color = alt.Color("n:Q", title="a title that no other test draws")
    looked.clear()
    bars(ROWS, color=color).to_dict()
    assert looked
    looked.clear()
    for rows in (ROWS, ROWS.head(1)):
        bars(rows, color=color).to_dict()
    assert not looked


def test_what_is_not_allowed_is_refused_each_time():
    for _ in range(2):
        with pytest.raises(schemapi.SchemaValidationError):
            bars(ROWS, color=alt.Color("n:Q", scale=alt.Scale(type="no scale")))
