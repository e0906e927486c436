"""The segment editor: painted and ordered tables, live sizes and audit, files, and holes that are said."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from tests.company import HOSTILE
from workbench.analyses.rules.table import SegmentTable, segment_table
from workbench.analyses.segmentation import OTHERS, segment_sizes
from workbench.errors import ChoiceError, NothingToShow
from workbench.panels import Filters, Session
from workbench.panels.segment_words import holes_sentence
from workbench.topics.segment_rules.panel_painting import segment_editor_panel
from workbench.topics.segment_rules.segmentation import TableSegmentation

REGIONS = """
name = {en = "Regions", zh = "按区域"}
[[segment]]
id = "east"
name = {en = "East, large", zh = "华东大客户"}
region = "华东"
monetary = {from = 1000}
[[segment]]
id = "rest"
name = {en = "The rest of the east", zh = "华东其他"}
region = "华东"
"""


@pytest.fixture
def session(store):
    return Session(store, lang="zh")


@pytest.fixture
def panel(session):
    return segment_editor_panel(session)


@pytest.fixture
def editor(panel):
    return panel.controls["table"]


def gesture(editor, **message) -> None:
    editor.grid._take_message(editor.grid, message, [])


def everything(bins: int = 5) -> list[list[int]]:
    scores = range(1, bins + 1)
    return [[r, f, m] for r in scores for f in scores for m in scores]


def load(editor, tmp_path: Path, words: str, name: str = "ours.toml") -> None:
    path = tmp_path / name
    path.write_text(words, encoding="utf-8")
    editor._received(path, name)


def test_the_editor_begins_with_a_table_that_leaves_nobody_out(panel, editor):
    assert panel.rows["customer_count"].sum() == 10
    assert panel.answer.audit.uncovered == ()
    assert "不符合任何规则" not in panel.widget.summary.value
    assert len(editor.grid.table["grid"]) == 5
    assert sum(n for r in editor.grid.sizes["counts"] for f in r for n in f) == 10


def test_a_stroke_changes_the_sizes_at_once_and_undo_takes_it_back(panel, editor):
    before = panel.rows
    gesture(editor, **{"is": "paint", "segment": "best", "cells": everything()})
    assert panel.rows[["segment", "customer_count"]].to_dict("records") == [{"segment": "best", "customer_count": 10}]
    assert editor.grid.sizes["segments"]["best"]["share"] == "100%"
    gesture(editor, **{"is": "undo"})
    pd.testing.assert_frame_equal(panel.rows, before)
    assert not editor.grid.table["can_undo"]


def test_customers_painted_out_are_said_with_their_share_and_hold_the_file_back_until_acknowledged(panel, editor):
    counts = editor.grid.sizes["counts"]
    taken = [[r, f, m] for r, f, m in everything() if counts[r - 1][f - 1][m - 1]]
    gesture(editor, **{"is": "paint", "segment": OTHERS, "cells": taken[:1]})
    left = int(panel.rows.set_index("segment").loc[OTHERS, "customer_count"])
    assert f"有 {left} 位客户（{left * 10}.0%）不符合任何规则" in panel.widget.summary.value
    with pytest.raises(ChoiceError) as refusal:
        editor.file()
    assert refusal.value.key == "segment_table_holes"
    editor.known.value = True
    name, content = editor.file()
    assert name == "rf_map.toml"
    assert tomllib.loads(content.decode())["holes_acknowledged"] is True
    assert f"有 {left} 位客户" in panel.widget.summary.value


def test_a_saved_table_loads_as_it_was(panel, editor, tmp_path):
    gesture(editor, **{"is": "paint", "segment": "dormant", "cells": [[5, 5, 1], [3, 3, 3]]})
    kept, rows = editor.value, panel.rows
    _, content = editor.file()
    gesture(editor, **{"is": "paint", "segment": "best", "cells": everything()})
    load(editor, tmp_path, content.decode(), "rf_map.toml")
    assert editor.value == kept
    pd.testing.assert_frame_equal(panel.rows, rows)


def test_a_table_kept_in_the_store_groups_the_same_customers_and_holes_are_asked_about_first(make_store):
    session = Session(make_store(), lang="zh")
    panel = segment_editor_panel(session)
    editor = panel.controls["table"]
    gesture(editor, **{"is": "paint", "segment": OTHERS, "cells": [[4, 5, m] for m in range(1, 6)]})
    editor.keeping.id.value = "our_map"
    editor.keeping.button.click()
    assert "有遗漏" in editor.keeping.message.value
    editor.known.value = True
    editor.keeping.button.click()
    assert (editor.keeping.message.value, "第 1 版" in editor.keeping.kept.value) == ("", True)
    saved = session.segmentation("our_map")
    assert saved.table.holes_acknowledged
    found = session.store.collect(segment_sizes(saved.assign(session.ground), session.facts))
    pd.testing.assert_frame_equal(found, panel.rows, check_dtype=False)


def test_an_id_that_cannot_be_is_said_and_nothing_is_kept(panel, editor):
    editor.keeping.id.value = "../our map"
    editor.keeping.button.click()
    assert editor.keeping.message.value
    assert editor.keeping.kept.value == ""


def test_a_new_segment_is_added_painted_named_moved_and_removed(panel, editor):
    gesture(editor, **{"is": "add"})
    added = editor.value.rules[-1]
    assert added.names == {"zh": "分群 11", "en": "Segment 11"}
    with pytest.raises(ChoiceError) as refusal:
        editor.file()
    assert refusal.value.key == "segment_unpainted"
    gesture(editor, **{"is": "paint", "segment": added.id, "cells": everything()})
    names = {"zh": "全体 <b>", "en": "All"}
    gesture(editor, **{"is": "rename", "segment": added.id, "names": names, "meanings": {"zh": "所有人", "en": ""}})
    assert "全体 &lt;b&gt;" in panel.widget.summary.value
    gesture(editor, **{"is": "move", "segment": added.id, "by": -1})
    assert editor.value.rules[-2].id == added.id
    gesture(editor, **{"is": "remove", "segment": added.id})
    assert panel.rows["segment"].tolist() == [OTHERS]


def test_a_gesture_that_cannot_be_is_said_on_the_grid_and_changes_nothing(panel, editor):
    before = editor.value
    gesture(editor, **{"is": "paint", "segment": "best", "cells": [[9, 9, 9]]})
    assert "分值为 1 至 5" in editor.grid.complaint
    gesture(editor, **{"is": "rename", "segment": "best", "names": {"zh": "沉睡客户"}, "meanings": {}})
    assert "同名" in editor.grid.complaint
    gesture(editor, **{"is": "remove", "segment": "nobody"})
    assert "没有分群 nobody" in editor.grid.complaint
    assert editor.value == before
    gesture(editor, **{"is": "move", "segment": "best", "by": 1})
    assert editor.grid.complaint == ""


def test_the_order_of_overlapping_rules_is_audited_and_decides(panel, editor):
    panel._presets[0].buttons["r_rfm_vignette"].click()
    summary = panel.widget.summary.value
    assert "10 种组合没有规则可用" in summary
    assert "58 种组合同时符合多条规则" in summary
    assert "若交换「" in summary
    assert editor.known.value is True
    swap = max(panel.answer.audit.swaps, key=lambda swap: swap.customers)
    before = panel.rows.set_index("segment")["customer_count"]
    gesture(editor, **{"is": "move", "segment": swap.first, "by": 1})
    after = panel.rows.set_index("segment")["customer_count"]
    assert after[swap.second] == before.get(swap.second, 0) + swap.customers


def test_the_eight_groups_are_cut_at_the_mean(panel):
    panel._presets[0].buttons["eight_groups_deepen"].click()
    assert panel.arguments["method"] == "mean"
    assert panel.answer.segmentation.cuts.monetary == (1000,)
    assert panel.controls["table"].value.name("important_deepen", "zh") == "重要深耕"


def test_scores_that_do_not_fit_the_table_are_explained_and_the_last_answer_stays(panel):
    before = panel.rows
    panel.controls["method"].value = "mean"
    assert "5 档" in panel.widget.message.value
    pd.testing.assert_frame_equal(panel.rows, before)


def test_a_table_on_other_columns_is_audited_and_ordered_but_not_painted(panel, editor, tmp_path):
    load(editor, tmp_path, REGIONS)
    assert panel.error is None
    sizes = panel.rows.set_index("segment")["customer_count"].to_dict()
    assert sizes == {"east": 2, "rest": 3, OTHERS: 5}
    assert "有 5 位客户（50.0%）不符合任何规则" in panel.widget.summary.value
    assert "其他取值" in panel.widget.summary.value
    assert editor.grid.table["grid"] is None
    assert "region、monetary" in editor.grid.table["why"]
    gesture(editor, **{"is": "paint", "segment": "east", "cells": [[1, 1, 1]]})
    assert "无法在 R、F、M 得分网格上涂色" in editor.grid.complaint
    gesture(editor, **{"is": "move", "segment": "rest", "by": -1})
    assert panel.rows.set_index("segment")["customer_count"].to_dict() == {"rest": 5, OTHERS: 5}


def test_a_column_that_vanished_is_explained_and_the_last_answer_stays(panel, editor, tmp_path):
    before = panel.rows
    load(editor, tmp_path, REGIONS.replace("region", "hobby"))
    assert "hobby 不存在" in panel.widget.message.value
    pd.testing.assert_frame_equal(panel.rows, before)


def test_a_file_that_is_no_table_is_refused_and_changes_nothing(editor, tmp_path):
    before = editor.value
    with pytest.raises(ChoiceError, match="is not valid TOML"):
        load(editor, tmp_path, "[[segment")
    with pytest.raises(ChoiceError, match="has no rule"):
        load(editor, tmp_path, "bins = 5")
    assert editor.value == before


def test_a_blank_table_of_three_scores_has_one_segment_for_all(panel, editor):
    editor.bins.value = 3
    editor.blank.click()
    assert panel.rows["customer_count"].tolist() == [10]
    assert len(editor.grid.table["grid"]) == 3
    assert editor.value.names["zh"] == "新分群表"


def test_the_table_itself_is_renamed_in_either_language(editor):
    editor.titles["zh"].value = "我们的 <表>"
    assert editor.value.names["zh"] == "我们的 <表>"
    editor.titles["en"].value = " "
    assert editor.message.value
    assert editor.value.names["en"] == segment_table("rf_map").names["en"]


@pytest.mark.parametrize("change", ["none", "painted", "unpainted", "columns"])
def test_the_code_shown_gives_the_rows_on_screen(panel, editor, change, run_code, tmp_path):
    if change == "painted":
        gesture(editor, **{"is": "paint", "segment": "best", "cells": everything()[:60]})
    elif change == "unpainted":
        gesture(editor, **{"is": "add"})
    elif change == "columns":
        load(editor, tmp_path, REGIONS)
    rows = run_code(panel)["rows"]
    pd.testing.assert_frame_equal(rows, panel.rows, check_dtype=False)
    assert "CASE" in panel.sql()


def test_a_click_on_a_segment_lists_its_customers_with_what_the_rule_looked_at(panel, editor, tmp_path):
    row = panel.rows.iloc[0]
    panel.views["sizes"].picked = [{"segment": row["segment"]}]
    assert panel.customers.table.length == row["customer_count"]
    shown = [field.name for field in panel.customers.detail.fields]
    assert shown[-4:] == ["r_score", "f_score", "recency_days", "frequency"]
    load(editor, tmp_path, REGIONS)
    panel.views["sizes"].picked = [{"segment": "rest"}]
    assert [field.name for field in panel.customers.detail.fields] == [
        "customer_id",
        "name",
        "customer_type",
        "region",
        "monetary",
    ]


def test_everything_is_said_in_the_other_language(session, panel, editor):
    session.lang = "en"
    assert editor.grid.table["segments"][0]["name"] == "Best customers"
    assert "Audit of the rules" in panel.widget.summary.value
    assert editor.save.label == "Save as a file (TOML)"
    assert panel.chart("map").to_dict()["usermeta"]["title"].startswith("Ten segments on the R-F map")


def test_a_filter_that_leaves_nobody_leaves_no_answer_of_others(session, panel):
    session.filters = Filters(regions=("月球",))
    assert panel.error is not None
    assert "wb-empty" in panel.widget._dom_classes
    with pytest.raises(NothingToShow):
        _ = panel.rows


def test_one_customer_is_a_company_too(make_store):
    one = make_store("DELETE FROM transactions WHERE customer_id <> 'C04'", "UPDATE customers SET name = name")
    panel = segment_editor_panel(Session(one))
    assert panel.rows["customer_count"].tolist() == [1]
    panel.views["sizes"].picked = [{"segment": panel.rows["segment"].iloc[0]}]
    assert HOSTILE not in panel.customers.table.heading.value


def test_nobody_edits_tables_on_a_managers_page(published_store):
    panel = segment_editor_panel(Session(published_store))
    assert "分析人员" in panel.widget.message.value
    with pytest.raises(NothingToShow):
        _ = panel.answer


def test_of_too_few_left_over_a_managers_page_says_only_that_there_are_some():
    rows = pd.DataFrame({"segment": ["best", OTHERS], "customer_count": [90, None], "customer_share": [0.9, None]})
    assert holes_sentence(rows, "en") == "Some customers fit no rule; to protect small groups, it is not said how many."
    assert holes_sentence(rows.head(1), "en") == ""


def test_the_table_given_is_the_one_that_is_edited(session):
    table = SegmentTable.from_dict({"id": "ours", "segment": [{"id": "all", "everyone": True}]})
    panel = segment_editor_panel(session, table=table)
    assert panel.rows["segment"].tolist() == ["all"]


def test_no_door_of_the_store_takes_a_table_with_holes_that_nobody_acknowledged(make_store):
    session = Session(make_store())
    table = SegmentTable.from_dict({"id": "ours", "segment": [{"id": "often", "frequency": {"from": 3}}]})
    with pytest.raises(ChoiceError) as refusal:
        session.save_segmentation("ours", TableSegmentation(table))
    assert refusal.value.key == "segment_table_holes"
    assert session.save_segmentation("ours", TableSegmentation(replace(table, holes_acknowledged=True))) == 1
