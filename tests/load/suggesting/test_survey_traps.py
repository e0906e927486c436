"""Traps in exports of surveys: a direction said elsewhere, ratings nobody gave, marks and words in other forms."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.load.suggesting.test_survey_proposal import again, answer_all, asked, check_words, only_source, survey
from workbench.load import Item, answered, load, suggest_mapping
from workbench.load.suggesting.suggest import suggest
from workbench.store import open_store

FIVE = tuple("12345")
LEGEND = "1=非常满意，2=满意，3=一般，4=不满意，5=非常不满意"


@pytest.mark.parametrize("line", [f"评分说明：{LEGEND}", LEGEND, "Scale: 1 = excellent, 5 = poor"])
@pytest.mark.parametrize("is_above", [True, False])
def test_a_legend_outside_the_table_says_that_1_is_the_best(line: str, is_above: bool, write, store):
    rows = [f"{place},2024-03-{place % 28 + 1:02},{place % 5 + 1}" for place in range(20)]
    header, alone = "答卷编号,提交时间,总体满意度", f'"{line}",,'
    lines = [header, *rows] if is_above else [*rows, alone]
    path = write(*lines, header=alone if is_above else header, name="满意度.csv")
    mapping = suggest_mapping(path)
    (question,) = mapping.questions
    assert (question.key, question.facts["suggested"]) == ("legend_direction", "lowest")
    check_words(mapping)
    assert not only_source(answered(mapping, question, "highest")).items["总体满意度"].reversed
    load(path, store=store, mapping=answer_all(mapping))
    with open_store(store) as opened:
        answers = opened.collect(opened.surveys).set_index("response_id")["score"]
    assert answers["0"] == 5, "a 1 is the best answer"


def test_where_a_file_holds_the_numbers_of_options_the_direction_is_asked():
    values = {"1、服务满意度": again(*FIVE), "2、环境满意度（1=非常满意）": again(*FIVE)}
    (question,) = asked(suggest([survey("123_按序号_满意度.csv", **values)]), "option_direction")
    assert (question.facts["items"], question.facts["suggested"]) == (["1、服务满意度"], "")
    assert asked(suggest([survey("123_按文本_满意度.csv", **values)]), "option_direction") == []


def test_a_column_of_words_tells_what_the_numbers_beside_it_mean():
    words = {"1": "非常满意", "2": "满意", "3": "一般", "4": "不满意", "5": "非常不满意"}
    marks = again("1", "2", "5", "3", "4")
    mapping = suggest([survey(服务满意度=marks, 满意度说明=[words[mark] for mark in marks])])
    (question,) = asked(mapping, "paired_direction")
    assert (question.facts["items"], question.facts["suggested"]) == (["服务满意度"], "lowest")
    assert str(question.facts["legend"]).startswith("1 = 非常满意, 2 = 满意")
    assert only_source(mapping).items["服务满意度"].reversed
    assert not only_source(answered(mapping, question, "highest")).items["服务满意度"].reversed
    check_words(mapping)
    rising = dict(zip(reversed(words), words.values(), strict=True))
    plain = suggest([survey(服务满意度=marks, 满意度说明=[rising[mark] for mark in marks])])
    assert not only_source(plain).items["服务满意度"].reversed
    assert asked(plain, "paired_direction") == []


def test_keys_that_callers_pressed_have_their_direction_asked():
    mapping = suggest([survey(满意度按键=again("1", "2", "3", "1", "5", "4"))])
    (question,) = asked(mapping, "key_direction")
    assert question.facts["suggested"] == ""
    assert only_source(answered(mapping, question, "lowest")).items["满意度按键"].reversed
    check_words(mapping)


@pytest.mark.parametrize(("file", "suggested"), [("1_按序号_调查.csv", "positions"), ("1_调查.csv", "")])
def test_answers_from_1_to_11_may_be_the_places_of_0_to_10(file: str, suggested: str, tmp_path: Path, store: Path):
    header, positions = "您有多大可能推荐我们", [str(place % 11 + 1) for place in range(22)]
    path = tmp_path / file
    rows = [f"{place},2024-03-{place + 1:02},{one}" for place, one in enumerate(positions)]
    path.write_text("\n".join([f"答卷编号,提交时间,{header}", *rows]), encoding="utf-8")
    mapping = suggest_mapping(path)
    (question,) = asked(mapping, "option_positions")
    assert (question.facts["suggested"], asked(mapping, "no_answers")) == (suggested, [])
    check_words(mapping)
    assert only_source(answered(mapping, question, "marks")).missing == {header: ("11",)}
    load(path, store=store, mapping=answer_all(mapping, option_positions="positions", item_kind="nps"))
    with open_store(store) as opened:
        answers = opened.collect(opened.surveys)
    assert sorted(answers["score"]) == sorted([*range(11), *range(11)])
    assert set(answers["kind"]) == {"nps"}


def test_a_statement_that_denies_is_asked_about_by_itself():
    words = again("非常同意", "同意", "中立", "不同意", "非常不同意")
    mapping = suggest([survey(服务满意度=again(*FIVE), 服务人员态度好=words, 我不会再来=words, 会不会推荐=words)])
    of_items = {tuple(one.facts["items"]): one.facts["suggested"] for one in asked(mapping, "answer_words")}
    assert of_items[("我不会再来",)] == ""
    assert of_items[("服务人员态度好", "会不会推荐")] == "1-5"


def test_places_among_others_are_no_marks():
    columns = {"服务满意度": again(*FIVE), "请排序：价格": again(*FIVE), "请排序：质量": again(*FIVE)}
    assert set(only_source(suggest([survey(**columns)])).items) == {"服务满意度"}


@pytest.mark.parametrize(
    "header",
    ["Zufriedenheit (1 = sehr zufrieden, 5 = sehr unzufrieden)", "Note 1 = très satisfait, 5 = très insatisfait"],
)
def test_a_header_in_another_language_says_that_1_is_the_best(header: str):
    mapping = suggest([survey(满意度=again(*FIVE), **{header: again(*FIVE)})])
    assert {name: item.reversed for name, item in only_source(mapping).items.items()}[header]


@pytest.mark.parametrize("header", ["服务满意度_R", "服务满意度（反向题）", "service rating (reversed)"])
def test_a_question_marked_as_reversed_has_its_direction_asked(header: str):
    mapping = suggest([survey(满意度=again(*FIVE), **{header: again(*FIVE)})], tables={"q.csv": "surveys"})
    assert asked(mapping, "turned_question")[0].facts["items"] == [header]
    mapping = answer_all(mapping, item_kind="other", turned_question="lowest")
    assert only_source(mapping).items[header].reversed


def test_the_number_of_a_question_is_no_mark():
    mapping = suggest([survey(**{"1 优秀的服务满意度": again(*FIVE), "满意度(1=excellent, 5=poor)": again(*FIVE)})])
    assert [item.reversed for item in only_source(mapping).items.values()] == [False, True]


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


@pytest.mark.parametrize(
    ("values", "scale"),
    [
        (tuple("１２３４５"), (1, 5)),
        (("4.5", "3.5", "2.5", "1", "5"), (1, 5)),
        (("100%", "80%", "60%", "0%"), (0, 100)),
    ],
)
def test_marks_are_known_however_they_are_written(values: tuple[str, ...], scale: tuple[int, int], write, store):
    rows = [f"{place},2024-03-{place % 28 + 1:02},{values[place % len(values)]}" for place in range(20)]
    path = write(*rows, header="答卷编号,提交时间,总体满意度", name="满意度.csv")
    mapping = suggest_mapping(path)
    assert [question.key for question in mapping.questions] == (["item_kind"] if scale == (0, 100) else [])
    assert only_source(mapping).items["总体满意度"].scale == scale
    load(path, store=store, mapping=answer_all(mapping))
    with open_store(store) as opened:
        answers = opened.collect(opened.surveys)
    assert len(answers) == answers["score"].notna().sum() == 20
    assert answers["score"].max() == scale[1]


@pytest.mark.parametrize(
    ("counted", "rated"),
    [
        ("样本量", ("92%", "88%")),
        ("Responses", ("92%", "75%")),
        ("评价人数", ("4", "5", "3")),
        ("人数", ("满意", "不满意")),
    ],
)
def test_results_of_many_people_are_not_taken_for_answers(counted: str, rated: tuple[str, ...]):
    columns = {"门店": [f"店{place}" for place in range(24)], counted: [str(place + 30) for place in range(24)]}
    sample = survey("满意度汇总.csv", **columns, 满意度=again(*rated))
    values = {header: sample.values[header] for header in (*columns, "满意度")}
    mapping = suggest([type(sample)("满意度汇总.csv", None, tuple(values), values)])
    (question,) = asked(mapping, "which_table")
    assert (question.facts["because"], question.facts["suggested"]) == ("survey_results", "leave")
    assert answered(mapping, question, "leave").sources == ()
    check_words(mapping)


def test_a_slip_of_the_keyboard_makes_no_scale_of_a_hundred():
    mapping = suggest([survey(满意度=[*again(*FIVE)[:-1], "55"])])
    assert only_source(mapping).items["满意度"] == Item("csat", 1, 5)
    assert asked(mapping, "no_answers")[0].facts["values"] == ["55"]


def test_a_code_for_no_answer_makes_no_scale_of_a_hundred():
    mapping = suggest([survey(物流满意度=[*again(*map(str, range(1, 11)))[:-4], *["99"] * 4])])
    assert only_source(mapping).items["物流满意度"] == Item("csat", 1, 10)
    assert [question.key for question in mapping.questions] == ["no_answers"]


def test_questions_of_one_matrix_on_two_scales_keep_their_own():
    ten = again(*map(str, range(1, 11)))
    columns = {"Q3_1": again(*FIVE), "Q3_2": again(*FIVE), "Q3_3": ten, "Q3_4": ten}
    mapping = suggest([survey(**columns)], tables={"q.csv": "surveys"})
    assert [(one.facts["low"], one.facts["high"]) for one in asked(mapping, "survey_items")] == [(1, 5), (1, 10)]
    first, second = asked(mapping, "item_scale")
    assert list(first.choices) == ["1-5", "1-10"]
    source = only_source(answered(answered(mapping, first, "1-5"), second, "1-10"))
    assert [source.items[name].high for name in columns] == [5, 10, 10, 10]
    check_words(mapping)


def test_a_0_that_may_mean_no_answer_is_asked_about():
    marks = again(*map(str, range(11)))
    mapping = suggest([survey(**{"总体满意度": marks, "服务满意度（0-10）": marks, "推荐意愿": marks})])
    (question,) = asked(mapping, "zero_answers")
    assert (question.facts["items"], question.facts["suggested"]) == (["总体满意度"], "")
    assert only_source(answered(mapping, question, "answer")).items["总体满意度"].low == 0
    source = only_source(answered(mapping, question, "missing"))
    assert (source.items["总体满意度"].low, source.missing) == (1, {"总体满意度": ("0",)})
    check_words(mapping)


def test_an_unknown_word_beside_those_of_a_scale_gets_its_score():
    mapping = suggest([survey(满意度=again("非常满意", "满意", "马马虎虎", "不满意", "非常不满意", "不适用"))])
    (question,) = asked(mapping, "word_score")
    assert (question.facts["value"], list(question.choices)) == ("马马虎虎", ["missing", "5", "4", "3", "2", "1"])
    assert asked(mapping, "no_answers")[0].facts["values"] == ["不适用"]
    source = only_source(answered(mapping, question, "3"))
    assert (source.items["满意度"].words["马马虎虎"], source.missing) == (3, {"满意度": ("不适用",)})
    turned = answered(answered(mapping, asked(mapping, "answer_words")[0], "5-1"), question, "2")
    assert only_source(turned).items["满意度"].words["马马虎虎"] == 2
    assert "马马虎虎" in only_source(answered(mapping, question, "missing")).missing["满意度"]
    check_words(mapping)


def test_many_unknown_words_are_asked_about_at_once():
    words = ("满意", "非常满意", "不满意", "满意", "不满意", "满意", "不满意", "满意")
    unknown = ("甲", "乙", "丙", "丁")
    mapping = suggest([survey(满意度=[*again(*words)[:20], *unknown])])
    (question,) = asked(mapping, "no_answers")
    assert (sorted(question.facts["values"]), list(question.choices)) == (sorted(unknown), ["missing", "no"])
    assert only_source(answered(mapping, question, "no")).items == {}
    assert asked(mapping, "word_score") == []
    check_words(mapping)


@pytest.mark.parametrize(
    ("values", "key", "best"),
    [
        (
            ("非常满意 Very satisfied", "满意 Satisfied", "不满意 Dissatisfied", "非常不满意 Very dissatisfied"),
            "1-4",
            0,
        ),
        (("Good, I'm satisfied", "Bad, I'm unsatisfied", "Offered", "Offered"), "1-2", 0),
        (("Excellent", "Good", "Fair", "Poor"), "1-4", 0),
        (("Amazing", "Great", "OK", "Bad", "Terrible"), "1-5", 0),
        (("是", "否", "未答"), "1-2", 0),
        (("A1", "A2", "A3", "A4", "A5"), "", 4),
        (("5/5", "4/5", "2/5", "1/5"), "1-5", 0),
    ],
)
def test_words_in_two_languages_yes_and_no_and_codes_are_answers(values: tuple[str, ...], key: str, best: int):
    mapping = suggest([survey(是否满意=again(*values))], tables={"q.csv": "surveys"})
    (question,) = asked(mapping, "answer_words")
    assert question.facts["suggested"] == key
    item = only_source(answered(mapping, question, key or "1-5")).items["是否满意"]
    assert max(item.words, key=lambda word: item.words[word]) == values[best]
    assert asked(suggest([survey(满意度=again(*FIVE), 是否会员=again("是", "否"))]), "answer_words") == []


def test_what_is_computed_of_a_persons_marks_is_no_question():
    columns = {"服务满意度": again(*FIVE), "平均分": again("3.0", "4.0", "5.0"), "总分": again("12", "25", "15")}
    assert set(only_source(suggest([survey(**columns)])).items) == {"服务满意度"}


def test_expectations_and_perceptions_can_be_said():
    seven = again(*"1234567")
    mapping = suggest([survey("SERVQUAL.csv", E1=seven, P1=seven)], tables={"SERVQUAL.csv": "surveys"})
    first, second = asked(mapping, "item_kind")
    mapping = answered(answered(mapping, first, "servqual_expectation"), second, "servqual_perception")
    assert [item.kind for item in only_source(mapping).items.values()] == [
        "servqual_expectation",
        "servqual_perception",
    ]
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
