"""The panel of value segments: a battery of items, its respondents, and everybody else who was not asked."""

from __future__ import annotations

import pytest

from workbench.analyses.segmentation import OTHERS
from workbench.panels import Session
from workbench.topics.value_segments.panel import value_segments_panel

# Thirty more customers rate three items; each third puts another one first. C01 to C10 are not asked.
ASKED = """
INSERT INTO customers (customer_id, name, region) SELECT 'V' || i, '张' || i, '华东' FROM range(30) people(i);
INSERT INTO transactions (customer_id, order_id, day, amount, is_cancelled, is_purchase)
    SELECT 'V' || i, 'V' || i, DATE '2024-05-01', 10, false, true FROM range(30) people(i);
INSERT INTO surveys (response_id, customer_id, day, item, kind, score, scale_low, scale_high)
    SELECT 'V' || i || item, 'V' || i, DATE '2024-06-01', item, 'other',
        CASE WHEN (i % 3 = 0 AND item = '顾问关心我') OR (i % 3 = 1 AND item = '价格划算')
                OR (i % 3 = 2 AND item = '等待时间短') THEN 5 ELSE 2 + i % 2 END, 1, 5
    FROM range(30) people(i), (VALUES ('顾问关心我'), ('价格划算'), ('等待时间短')) items(item)
"""


@pytest.fixture(scope="module")
def asked_store(make_store):
    return make_store(*ASKED.split(";"))


@pytest.fixture
def panel(asked_store):
    return value_segments_panel(Session(asked_store, lang="zh"))


def test_three_kinds_of_people_are_found_and_the_others_were_not_asked(panel):
    counts = panel.rows.set_index("segment")["customer_count"]
    assert counts[OTHERS] == 10
    assert sorted(counts.drop(OTHERS)) == [10, 10, 10]
    assert panel.rows["monetary"].sum() == 10_300


def test_the_usual_names_and_the_base_are_on_the_page(panel):
    for words in ("情感关系型", "性价比型", "时间效率型", "未调查"):
        assert words in panel.widget.summary.value
    assert "3 道题目" in panel.widget.figures.value


def test_a_click_lists_who_it_is_and_what_they_put_first(panel):
    segment = next(row for row in panel.rows["segment"] if row != OTHERS)
    panel.views["sizes"].picked = [{"segment": segment}]
    assert panel.customers.table.length == 10
    assert panel.customers.table.rows["highest_item"].nunique() == 1
    panel.views["sizes"].picked = [{"segment": OTHERS}]
    assert (panel.customers.table.rows["answered_items"] == 0).all()


@pytest.mark.parametrize("chosen", [{}, {"k": 0, "centred": False}, {"k": 2, "min_answered": 1.0}])
def test_the_code_shown_gives_the_rows_on_screen(panel, chosen, run_code):
    panel.set(**chosen)
    assert run_code(panel)["rows"].equals(panel.rows)


def test_fewer_items_than_two_are_said_and_the_last_answer_stays(panel):
    for item in ("价格划算", "等待时间短"):
        panel.controls["items"].ticks[item].value = False
    assert "2 至 40 个" in panel.widget.message.value
    assert len(panel.rows) == 4


def test_data_without_a_battery_say_so(store):
    panel = value_segments_panel(Session(store, lang="zh"))  # one question each of two kinds
    assert "没有至少含两个评分题的问卷" in panel.widget.message.value
    assert "no survey with at least two rated items" in panel.error.words("en")
