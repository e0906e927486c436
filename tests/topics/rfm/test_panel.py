"""The RFM panel: scores, segments, cut points that can be kept, and customers behind a click."""

from __future__ import annotations

import io
from datetime import date

import numpy as np
import pandas as pd
import pytest
from ipywidgets.widgets.widget import _instances

from tests.company import crowd
from workbench.panels import Filters, Session
from workbench.topics.rfm.composite import Weights
from workbench.topics.rfm.cuts import Cuts, NestedCuts
from workbench.topics.rfm.cuts_file import KeptCuts
from workbench.topics.rfm.panel import rfm_panel
from workbench.topics.rfm.panel_cuts import CutsEditor
from workbench.widgets import Upload


@pytest.fixture
def session(store):
    return Session(store, lang="zh")


@pytest.fixture
def panel(session):
    return rfm_panel(session)


def test_every_customer_is_in_one_segment(panel):
    assert panel.rows["customer_count"].sum() == 10
    assert panel.rows["monetary"].sum() == 10_000


def test_the_eight_groups_compare_with_the_mean(panel):
    panel._presets[0].buttons["eight_groups"].click()
    assert panel.arguments["bins"] == 2
    assert panel.answer.rules.cuts.monetary == (1000,)
    assert "重要" in panel.widget.summary.value


def test_a_table_for_other_scores_is_explained_and_the_last_answer_stays(panel):
    before = panel.rows
    panel.controls["bins"].value = 4
    assert "5 档" in panel.widget.message.value
    assert panel.rows.equals(before)


def test_the_cut_points_in_force_are_shown(panel):
    lines = panel.controls["cuts"].lines
    assert lines["frequency"].value == "3, 3, 3, 3"  # the least is 2, which most have: it scores low
    assert len(lines["monetary"].value.split(",")) == 4


def test_kept_cut_points_stay_when_the_filters_change(session, panel):
    kept = panel.answer.rules.cuts
    panel.controls["cuts"].kept.value = True
    session.filters = Filters(until=date(2024, 6, 30))
    assert panel.answer.rules.cuts == kept
    panel.controls["cuts"].kept.value = False
    assert panel.answer.rules.cuts != kept


def test_cut_points_can_be_written_by_hand(panel):
    editor = panel.controls["cuts"]
    editor.lines["monetary"].value = "100，500, 1000、3000"
    editor.apply.click()
    assert panel.answer.rules.cuts.monetary == (100, 500, 1000, 3000)
    assert isinstance(panel.arguments["cuts"], KeptCuts)


@pytest.mark.parametrize("written", ["a, b", "5, 4, 3, 2", "1, 2"])
def test_cut_points_that_cannot_be_are_explained_and_change_nothing(panel, written: str):
    before = panel.answer.rules.cuts
    editor = panel.controls["cuts"]
    editor.lines["monetary"].value = written
    editor.apply.click()
    assert editor.message.value
    assert panel.answer.rules.cuts == before


def test_a_click_on_a_cell_lists_its_customers(panel):
    cell = panel.answer.cells.sort_values("monetary").iloc[-1]
    panel.views["grid"].picked = [{"r_score": int(cell["r_score"]), "f_score": int(cell["f_score"])}]
    assert len(panel.customers.table.rows) == cell["customer_count"]
    assert panel.customers.table.heading.value.startswith("R ")


def test_a_click_on_a_segment_lists_its_customers(panel):
    row = panel.rows.iloc[0]
    panel.views["segments"].picked = [{"segment": row["segment"]}]
    assert panel.customers.table.length == row["customer_count"]


@pytest.mark.parametrize(
    "chosen",
    [
        {},
        {"table": "eight_groups", "bins": 2, "method": "mean"},
        {"preset": "r_rfm"},
        {"method": "natural", "count_by": "day", "money": "average"},
        {"method": "nested", "table": "levels", "bins": 3, "weights": Weights(0.5, 0.3, 0.2)},
    ],
)
def test_the_code_shown_gives_the_rows_on_screen(panel, chosen, run_code):
    panel.set(**chosen)
    assert panel.error is None
    pd.testing.assert_frame_equal(run_code(panel)["rows"], panel.rows)


def test_the_code_shown_repeats_kept_cut_points(panel, run_code):
    panel.controls["cuts"].kept.value = True
    assert "Cuts(" in panel.code()
    assert run_code(panel)["rows"].equals(panel.rows)


def test_the_audit_says_what_the_table_leaves_open(panel):
    assert "10 种组合没有规则可用" in panel.widget.summary.value
    assert "58 种组合同时符合多条规则" in panel.widget.summary.value


def test_a_managers_page_shows_no_cell_and_no_segment_of_fewer_than_five(published_store):
    answer = rfm_panel(Session(published_store)).answer
    for rows in (answer.rows, answer.cells):
        assert (rows["customer_count"].dropna() >= 5).all()
        assert rows["customer_count"].isna().any()


def test_what_f_and_m_are_is_stated(panel):
    assert "F：订单数；M：消费金额合计" in panel.widget.summary.value
    panel.set(count_by="day", money="average")
    assert "F：有消费的天数；M：平均每次金额" in panel.widget.summary.value
    assert panel.chart("grid").to_dict()["layer"][0]["encoding"]["x"]["axis"]["title"] == "F：有消费的天数"


def test_nested_cut_points_are_shown_by_group_and_not_written_in_a_line(panel):
    panel.set(method="nested", bins=2, table="eight_groups")
    assert isinstance(panel.answer.rules.cuts, NestedCuts)
    assert "各组分界点" in panel.widget.summary.value
    editor = panel.controls["cuts"]
    assert editor.apply.disabled
    editor.take()
    assert editor.value is None


def nested_cuts_told(panel):
    """Return the cells of R and F whose cut points of money the list tells, and the R scores whose of frequency."""
    (listed,) = [one for one in pd.read_html(io.StringIO(panel.widget.summary.value)) if "天数分界点" in one.columns]
    told = listed[listed["该 R、F 档内的金额分界点"].astype(str) != "—"]
    by_r = listed.dropna(subset=["该 R 档内的次数分界点"])
    return {*zip(told["R"], told["F"], strict=True)}, {*by_r.loc[by_r["该 R 档内的次数分界点"] != "—", "R"]}


def test_a_managers_page_tells_no_cut_point_within_a_group_of_few(make_store):
    """Of one customer in a cell all four are what they spent: five for each part that a group is cut into."""
    panel = rfm_panel(Session(make_store(*crowd(seed=1), published=True)))
    panel.set(table="levels")
    assert nested_cuts_told(panel) == (set(), set())
    assert nested_cuts_told(levels_of(make_store(*crowd(seed=1))))[0], "an analyst sees all"

    panel = rfm_panel(Session(make_store(*crowd(seed=1, customers=700), published=True)))
    panel.set(table="levels")
    cells, by_r = nested_cuts_told(panel)
    counts = panel.answer.cells.set_index(["r_score", "f_score"])["customer_count"]
    assert cells == {*counts[counts >= 25].index} != {*counts.index}
    assert by_r == {5, 4, 3, 2, 1}


def levels_of(store):
    panel = rfm_panel(Session(store))
    panel.set(table="levels", method="nested", bins=5)
    return panel


def test_no_editor_of_cut_points_is_made_for_a_managers_page(published_store):
    """What a widget holds travels to the browser, shown or not; and cuts of one's own choice part customers."""
    before = {*_instances.values()}
    rfm_panel(Session(published_store))
    assert not [one for one in {*_instances.values()} - before if isinstance(one, CutsEditor | Upload)]


@pytest.mark.parametrize("bins", [2, 4, 9])
def test_the_composite_score_makes_segments_for_any_number_of_scores(panel, bins: int):
    panel.set(table="levels", bins=bins)
    assert panel.rows["customer_count"].sum() == 10
    assert panel.rows["segment"].str.startswith("level_").all()


def test_the_eight_groups_compare_with_values_set_by_hand(panel):
    """From 500 yuan on is much: C01 to C03."""
    panel._presets[0].buttons["eight_groups"].click()
    editor = panel.controls["cuts"]
    for name, value in {"recency_days": "180", "frequency": "2", "monetary": "500"}.items():
        editor.lines[name].value = value
    editor.apply.click()
    assert panel.error is None
    important = panel.rows[panel.rows["segment"].str.startswith("important")]
    assert important["customer_count"].sum() == 3
    assert "自行保留" in panel.widget.summary.value


def test_weights_move_customers_between_levels_and_are_checked(panel):
    panel.set(table="levels", bins=5)
    before, line = panel.rows, panel.controls["weights"]
    line.line.value = "100，0, 0"
    assert panel.arguments["weights"] == Weights(1, 0, 0)
    assert not panel.rows.equals(before)
    line.line.value = "100, 10, 0"
    assert "110" in line.message.value
    line.line.value = "all"
    assert "50, 30, 20" in line.message.value
    assert panel.arguments["weights"] == Weights(1, 0, 0)


def test_cut_points_are_downloaded_and_applied_to_another_period(session, panel, tmp_path):
    panel.set(method="nested", table="levels", count_by="day")
    name, content = panel.controls["cuts"].download._produce()
    assert name == "rfm_cuts_2024-12-31.toml"
    (tmp_path / name).write_bytes(content)

    later = rfm_panel(Session(session.store, filters=Filters(until=date(2024, 6, 30))))
    editor = later.controls["cuts"]
    editor._received(tmp_path / name, name)
    assert later.answer.rules.cuts == panel.answer.rules.cuts
    assert (later.arguments["count_by"], later.arguments["bins"], later.arguments["table"]) == (
        "day",
        5,
        "r_rfm_vignette",
    )
    assert editor.kept.value
    assert later.rows["customer_count"].sum() == 10


def test_cut_points_for_other_scores_than_the_tables_make_levels(panel, tmp_path):
    path = tmp_path / "cuts.toml"
    path.write_text(KeptCuts(Cuts((30, 60), (1, 2), (10, 500))).text())
    panel.controls["cuts"]._received(path, path.name)
    assert (panel.arguments["table"], panel.arguments["bins"], panel.error) == ("levels", 3, None)


def test_a_file_without_cut_points_is_told_and_changes_nothing(panel, tmp_path):
    before, path = panel.answer, tmp_path / "cuts.toml"
    path.write_bytes(b"\xff\xfe")
    editor = panel.controls["cuts"]
    _made, complaint = editor.upload.guarded(lambda: editor._received(path, path.name))
    assert "分界点" in complaint
    assert panel.answer is before


def test_kept_cut_points_are_not_applied_to_other_measures(panel):
    panel.controls["cuts"].kept.value = True
    before = panel.rows
    panel.set(money="average")
    assert "另一种口径" in panel.widget.message.value
    assert panel.rows.equals(before)
    panel.controls["cuts"].kept.value = False
    assert panel.error is None
    assert panel.answer.rules.money == "average"


def test_a_click_on_a_cut_lists_who_hangs_on_it_and_where_they_would_go(panel):
    found = panel.answer.sensitivity.rows
    row = found[(found["lower_count"] > 0) | (found["higher_count"] > 0)].iloc[0]
    panel.views["sensitivity"].picked = [{"cut": f"{row['measure']}/{row['place']}"}]
    listed = panel.customers.table.rows
    assert max(row["lower_count"], row["higher_count"]) <= len(listed) <= row["lower_count"] + row["higher_count"]
    assert ((listed["segment"] != listed["segment_lower"]) | (listed["segment"] != listed["segment_higher"])).all()


def test_the_list_says_why_each_is_on_it_and_in_which_place(panel):
    panel.views["segments"].picked = [{"segment": panel.rows["segment"].iloc[0]}]
    listed = panel.customers.table.rows
    assert {"recency_days", "frequency", "monetary", "r_score", "f_score", "m_score", "composite_rank"} <= {*listed}
    assert np.array_equal(listed["composite_rank"], listed["composite_rank"].sort_values())


def test_a_managers_page_has_no_cut_points_of_ones_own_and_no_rank(published_store):
    panel = rfm_panel(Session(published_store))
    assert not {"cuts", "weights"} & {*panel.controls}
    assert "sensitivity" not in panel.views
    panel._presets[0].buttons["eight_groups"].click()
    assert panel.error is None
    listed = panel._parts.detail(panel.answer, {"segment": panel.rows["segment"].iloc[0]})
    assert "composite_score" in listed.table.columns
    assert "composite_rank" not in listed.table.columns


CUSTOMERS_GONE = "DELETE FROM transactions"
ONE_LEFT = "DELETE FROM transactions WHERE customer_id <> 'C01'"
ALL_EQUAL = "UPDATE transactions SET amount = 10, day = DATE '2024-05-05'"
REFUNDED = "INSERT INTO transactions SELECT * REPLACE (-5000 AS amount, false AS is_purchase) FROM transactions"


@pytest.mark.parametrize("change", [ONE_LEFT, ALL_EQUAL, REFUNDED])
@pytest.mark.parametrize("chosen", [{}, {"method": "nested"}, {"method": "natural", "money": "average"}])
def test_one_customer_equals_and_refunds_are_cut_and_shown(make_store, change: str, chosen):
    panel = rfm_panel(Session(make_store(change)))
    panel.set(**chosen)
    assert panel.error is None
    assert panel.rows["customer_count"].sum() == panel.answer.customer_count > 0


def test_where_nobody_bought_a_sentence_says_so(make_store):
    panel = rfm_panel(Session(make_store(CUSTOMERS_GONE)))
    assert "尚未载入任何销售数据" in panel.widget.message.value
