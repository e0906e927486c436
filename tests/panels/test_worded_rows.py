"""What is taken along is in the reader's words, without the noise of floats, and says what it is."""

from __future__ import annotations

import io
import math

import pandas as pd
import pytest

from workbench.export import write_csv
from workbench.panels import Filters, Session
from workbench.panels.worded_rows import called, worded_rows
from workbench.topics.pareto import pareto_panel
from workbench.topics.segments import segments_panel


def test_values_are_called_as_the_panel_calls_them_and_what_nobody_named_stays():
    rows = pd.DataFrame({
        "segment": ["vip", "others"], "move": ["up", "sideways"], "is_small": [True, False], "region": ["华东", None],
        "customer_count": [3, 4],
    })  # fmt: skip
    said = worded_rows(rows, "zh", {"segment": {"vip": "贵宾"}, "move": called("charts.tiers.moves", "zh")})
    assert said["segment"].tolist() == ["贵宾", "others"]
    assert said["move"].tolist() == ["升级", "sideways"]
    assert said["is_small"].tolist() == ["是", "否"]
    assert said["region"].tolist()[0] == "华东"
    assert said["region"].isna().tolist() == [False, True]
    assert said["customer_count"].tolist() == [3, 4]
    assert rows["move"].tolist() == ["up", "sideways"]


def test_counts_stay_whole_beside_hidden_ones():
    said = worded_rows(pd.DataFrame({"customer_count": [60.0, math.nan]}), "en", {})
    content = io.BytesIO()
    write_csv(content, said)
    assert content.getvalue().decode("utf-8-sig").splitlines() == ['"customer_count"', "60", '""']


def test_numbers_have_no_noise_of_floats():
    rows = pd.DataFrame({"monetary": [0.1 + 0.2, 1e9 / 3], "share": [0.1 + 0.2, math.nan], "score": [1 / 3, 123456.5]})
    said = worded_rows(rows, "en", {})
    assert said["monetary"].tolist() == [0.3, 333333333.33]
    assert said["share"].tolist()[0] == 0.3
    assert math.isnan(said["share"].tolist()[1])
    assert said["score"].tolist() == [0.333333333333, 123456.5]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_csv_file_says_day_filters_and_company_before_its_table(make_store, lang):
    panel = segments_panel(Session(make_store(), lang=lang, filters=Filters(regions=("华东",))))
    content = panel.downloads.sheet("csv")[1]
    lines = content.decode("utf-8-sig").splitlines()
    about = [line for line in lines if line.startswith("# ")]
    assert lines[: len(about)] == about
    said = "\n".join(about)
    for fact in ("2024-12-31", "华东", panel.session.store.snapshot.id, panel.session.store.snapshot.company, "CNY"):
        assert fact in said
    table = pd.read_csv(io.BytesIO(content), comment="#", encoding="utf-8-sig")
    assert len(table) == len(panel.rows)


def test_nothing_in_the_lines_before_a_table_can_begin_a_cell():
    content = io.BytesIO()
    hostile = "四海,=HYPERLINK(1);+1\t-2\r\n@SUM(1)"
    write_csv(content, pd.DataFrame({"a": [1]}), notes={"company": hostile}, lang="zh")
    first, *table = content.getvalue().decode("utf-8-sig").splitlines()
    assert first == "# 公司：四海，=HYPERLINK(1)，+1，-2，@SUM(1)"
    assert table == ['"a"', "1"]


def test_a_list_of_customers_says_why_it_was_taken(make_store):
    panel = pareto_panel(Session(make_store(), lang="zh"))
    panel.views["curve"].picked = [{"abc_class": "C"}]
    panel.customers.export.reason.value = "care_call"
    said = panel.customers.export.sheet("csv")[1].decode("utf-8-sig")
    assert "# 导出原因：" in said
    assert "# 基数：5" in said
