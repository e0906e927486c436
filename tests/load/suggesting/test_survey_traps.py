"""Traps in exports of surveys: a direction said elsewhere, ratings nobody gave, marks and words in other forms."""

from __future__ import annotations

import pytest

from tests.load.suggesting.test_survey_proposal import again, asked, check_words, only_source, survey
from workbench.load import answered
from workbench.load.suggesting.suggest import suggest

FIVE = tuple("12345")


def test_ratings_that_a_system_gave_by_default_are_asked_about():
    by_whom = again("用户评价", "系统默认", "用户评价")
    mapping = suggest([survey(满意度=again(*FIVE), 评价方式=by_whom, 评价内容=again("好", "系统默认好评", "快"))])
    (question,) = asked(mapping, "default_ratings")
    assert (question.facts["header"], question.facts["count"], question.facts["suggested"]) == ("评价方式", 8, "yes")
    assert only_source(mapping).leave_out == {"评价方式": ("系统默认",)}
    assert only_source(answered(mapping, question, "no")).leave_out == {}
    check_words(mapping)
    plain = suggest([survey(满意度=again(*FIVE), 变速箱=again("自动", "手动"), 类型=again("默认", "高配"))])
    assert asked(plain, "default_ratings") == []


def test_a_state_that_no_tool_is_known_to_write_is_asked_about():
    states = again("已采纳", "已拒绝", "待复核", "已采纳")
    mapping = suggest([survey(满意度=again(*FIVE), 答题状态=states)])
    assert asked(mapping, "left_out_rows")[0].facts["values"] == ["已拒绝"]
    (unknown,) = asked(mapping, "state_value")
    assert (unknown.facts["value"], unknown.facts["count"], unknown.facts["suggested"]) == ("待复核", 6, "")
    left_out = answered(mapping, unknown, "other")
    assert only_source(left_out).leave_out == {"答题状态": ("已拒绝", "待复核")}
    kept = answered(left_out, asked(mapping, "left_out_rows")[0], "no")
    assert only_source(kept).leave_out == {"答题状态": ("待复核",)}
    assert only_source(answered(mapping, unknown, "answer")).leave_out == {"答题状态": ("已拒绝",)}
    check_words(mapping)


@pytest.mark.parametrize(("file", "table"), [("工单.csv", "complaints"), ("工单满意度.csv", "surveys")])
def test_tickets_that_customers_rated_are_asked_about(file: str, table: str):
    columns = {
        "工单编号": [f"G{place}" for place in range(24)],
        "客户编号": [f"C{place}" for place in range(24)],
        "受理时间": [f"2024-03-{place + 1:02}" for place in range(24)],
        "工单类型": again("投诉", "咨询"),
        "客户满意度": again(*FIVE),
    }
    sample = survey(file, **columns)
    mapping = suggest([type(sample)(file, None, tuple(columns), columns)])
    (question,) = asked(mapping, "which_table")
    assert (question.facts["because"], question.facts["suggested"]) == ("ratings", table)
    assert only_source(mapping).table == table
    check_words(mapping)


def test_days_that_can_be_read_in_two_orders_are_not_lost():
    columns = {"ID": [str(place) for place in range(24)], "Completion time": again("3/1/24 15:00", "3/2/24 9:00")}
    sample = survey("Survey.csv", **columns, **{"Overall satisfaction": again(*FIVE)})
    values = {header: sample.values[header] for header in (*columns, "Overall satisfaction")}
    mapping = suggest([type(sample)("Survey.csv", None, tuple(values), values)])
    assert asked(mapping, "is_this_it")[0].facts["suggested"] == "Completion time"
    assert asked(mapping, "date_order")
