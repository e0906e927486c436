"""Surveys as tools export them: proposed with what they show, asked about where they do not, loaded as answered."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import cycle, islice
from pathlib import Path

import pytest

from workbench.errors import ChoiceError
from workbench.i18n import LANGUAGES
from workbench.load import Item, Mapping, SourceMapping, answered, load, suggest_mapping
from workbench.load.questions import Question
from workbench.load.reporting.sentences import choice_words, question_words, reason_words
from workbench.load.suggesting.column_shapes import RowSample
from workbench.load.suggesting.suggest import suggest
from workbench.store import open_store

NUMBER = 24
LIKERT = ("非常满意", "满意", "一般", "不满意", "非常不满意")


def days(number: int = NUMBER) -> list[str]:
    return [f"2024-03-{place % 28 + 1:02}" for place in range(number)]


def again(*values: str, number: int = NUMBER) -> list[str]:
    return list(islice(cycle(values), number))


def survey(file: str = "q.csv", /, **columns: Sequence[str]) -> RowSample:
    rows = len(next(iter(columns.values())))
    numbered = {"答卷编号": [str(place) for place in range(rows)], "提交时间": days(rows), **columns}
    return RowSample(file, None, tuple(numbered), numbered)


def only_source(mapping: Mapping) -> SourceMapping:
    (source,) = mapping.sources
    return source


def asked(mapping: Mapping, key: str) -> list[Question]:
    return [question for question in mapping.questions if question.key == key]


def answer_all(mapping: Mapping, **choices: str) -> Mapping:
    """Answer every question as suggested, or as `choices` says for its key."""
    for question in mapping.questions:
        mapping = answered(mapping, question, choices.get(question.key) or str(question.facts["suggested"]))
    return mapping


def check_words(mapping: Mapping) -> None:
    """Every question and reason has words in both languages, and every question choices: KeyError where not."""
    for question in mapping.questions:
        assert question.choices, question
        for lang in LANGUAGES:
            assert "{" not in question_words(question, lang)
            assert all(choice_words(question, choice, lang) for choice in question.choices)
    assert all(reason_words(one, lang) for one in only_source(mapping).suggestions for lang in LANGUAGES)


def test_answers_in_words_are_proposed_with_every_score_shown():
    mapping = suggest([survey(服务=again(*LIKERT), 环境=again("满意", "一般", "(跳过)"))])
    (question,) = mapping.questions
    assert (question.key, question.facts["items"], question.facts["suggested"]) == (
        "answer_words",
        ["服务", "环境"],
        "1-5",
    )
    assert question.choices["1-5"] == ("非常满意 = 5", "满意 = 4", "一般 = 3", "不满意 = 2", "非常不满意 = 1")
    assert question.choices["5-1"][0] == "非常不满意 = 5"
    scores = {"非常满意": 5, "满意": 4, "一般": 3, "不满意": 2, "非常不满意": 1}
    source = only_source(answered(mapping, question, "1-5"))
    assert source.items["服务"] == Item("csat", 1, 5, words=scores)
    assert source.missing == {"环境": ("(跳过)",)}, "the tool's own word needs no question"
    turned = only_source(answered(mapping, question, "5-1")).items["服务"]
    assert (turned.words["非常满意"], turned.low, turned.high) == (1, 1, 5)
    refused = only_source(answered(mapping, question, "no"))
    assert (refused.items, set(refused.attributes)) == ({}, {"服务", "环境"})
    check_words(mapping)


@pytest.mark.parametrize(
    ("values", "key", "best", "kind"),
    [
        (("★★★★★", "★★★☆☆", "★☆☆☆☆"), "1-5", "★★★★★", "csat"),
        (("5星", "4星", "2星"), "1-5", "5星", "other"),
        (("😍", "😐", "😡"), "1-5", "😍", "csat"),
        (("Strongly agree", "Agree", "Neutral", "Disagree"), "1-5", "Strongly agree", "other"),
        (("非常同意", "同意", "不确定", "不同意"), "1-5", "非常同意", "other"),
        (("Excellent", "Very good", "Good", "Fair", "Poor"), "1-5", "Excellent", "other"),
        (("总是", "经常", "有时", "从不"), "1-5", "总是", "other"),
        (("很好", "好", "一般", "差", "很差"), "1-5", "很好", "other"),
        (("5 非常满意", "4 满意", "1 非常不满意"), "1-5", "5 非常满意", "csat"),
        (("非常满意", "满意", "不满意", "非常不满意"), "1-4", "非常满意", "csat"),
    ],
)
def test_words_stars_and_faces_have_their_usual_scale(values: tuple[str, ...], key: str, best: str, kind: str):
    mapping = suggest([survey(体验=again(*values))])
    (question,) = asked(mapping, "answer_words")
    assert question.facts["suggested"] == key
    item = only_source(answered(mapping, question, key)).items["体验"]
    assert max(item.words, key=lambda word: item.words[word]) == best
    assert (item.kind, f"{item.low}-{item.high}") == (kind, key)
    check_words(mapping)


def test_a_statement_of_something_bad_has_its_direction_asked():
    words = again("Strongly agree", "Agree", "Neutral", "Disagree", "Strongly disagree")
    mapping = suggest([survey(**{"Friendly staff": words, "Waiting took too long": words})])
    friendly, slow = asked(mapping, "answer_words")
    assert (friendly.facts["items"], friendly.facts["suggested"]) == (["Friendly staff"], "1-5")
    assert (slow.facts["items"], slow.facts["suggested"]) == (["Waiting took too long"], "")
    mapping = suggest([survey(**{"等候时间太长（1-5）": again("1", "2", "3", "4", "5")})])
    (question,) = asked(mapping, "answer_direction")
    assert only_source(answered(mapping, question, "lowest")).items["等候时间太长（1-5）"].reversed
    assert not only_source(answered(mapping, question, "highest")).items["等候时间太长（1-5）"].reversed
    check_words(mapping)


def test_the_header_says_that_1_is_the_best():
    mapping = suggest([survey(**{"总体满意度（1=非常满意，5=非常不满意）": again("1", "2", "5")})])
    (item,) = only_source(mapping).items.values()
    assert (item.kind, item.low, item.high, item.reversed) == ("csat", 1, 5, True)


def test_questions_from_0_to_10_are_asked_one_by_one_with_their_text():
    tens = again(*map(str, range(11)))
    mapping = suggest([survey(**{"等候时间（0-10分）": tens, "推荐意愿": tens})])
    waiting, recommending = asked(mapping, "item_kind")
    assert (waiting.facts["question"], waiting.facts["suggested"]) == ("等候时间（0-10分）", "")
    assert (recommending.facts["question"], recommending.facts["suggested"]) == ("推荐意愿", "nps")
    assert list(waiting.choices) == ["nps", "csat", "ces", "other", "no"]
    assert "等候时间（0-10分）" in question_words(waiting, "zh")
    mapping = answered(answered(mapping, waiting, "csat"), recommending, "nps")
    assert [item.kind for item in only_source(mapping).items.values()] == ["csat", "nps"]


def test_a_recommendation_from_1_to_5_is_no_nps_and_asked():
    mapping = suggest([survey(NPS=again("1", "2", "3", "4", "5"))])
    (question,) = asked(mapping, "item_kind")
    assert list(question.choices) == ["csat", "ces", "other", "no"]
    with pytest.raises(ChoiceError):
        answered(mapping, question, "nps")
    assert only_source(answered(mapping, question, "other")).items["NPS"] == Item("other", 1, 5)
    check_words(mapping)


@pytest.mark.parametrize(
    ("header", "values", "low", "high"),
    [
        ("整体满意度", (*tuple("123456789"), "10"), 1, 10),
        ("整体满意度（满分100）", ("60", "80", "100", "75"), 0, 100),
        ("How easy was it? (1-7)", tuple("1234567"), 1, 7),
        ("服务满意吗，1到5分", tuple("1234"), 1, 5),
    ],
)
def test_the_scale_is_read_from_the_question_or_the_answers(header: str, values: tuple[str, ...], low: int, high: int):
    (item,) = only_source(suggest([survey(**{header: again(*values)})])).items.values()
    assert (item.low, item.high) == (low, high)


def test_where_nobody_gave_the_highest_mark_the_scale_is_asked():
    mapping = suggest([survey(满意度=again("1", "2", "3", "4"))])
    (question,) = asked(mapping, "item_scale")
    assert list(question.choices) == ["1-4", "1-5"]
    assert only_source(answered(mapping, question, "1-4")).items["满意度"] == Item("csat", 1, 4)
    mapping = suggest([survey(满意度=again("60", "85", "90", "72"))])
    (question,) = asked(mapping, "item_scale")
    assert only_source(answered(mapping, question, "0-100")).items["满意度"] == Item("csat", 0, 100)
    check_words(mapping)


def test_a_value_that_is_an_answer_after_all_widens_the_scale():
    mapping = suggest([survey(满意度=again("1", "3", "5", "6"))])
    (question,) = asked(mapping, "no_answers")
    assert only_source(answered(mapping, question, "valid")).items["满意度"].high == 6


@pytest.mark.parametrize("separator", ["┋", ";", "|"])
def test_cells_with_several_choices_become_an_item_for_each(separator: str):
    cells = again(*(separator.join(pair) for pair in (("抖音", "朋友"), ("路过",), ("朋友", "路过"), ("抖音",))))
    mapping = suggest([survey(渠道=cells, 满意度=again("1", "3", "5"))])
    (question,) = asked(mapping, "multiple_choice")
    assert question.choices["yes"] == ("抖音", "朋友", "路过")
    assert only_source(mapping).items["渠道"] == Item("other", choices=("抖音", "朋友", "路过"), separator=separator)
    assert only_source(answered(mapping, question, "no")).attributes["渠道"].name == "渠道"
    check_words(mapping)


def test_what_people_write_is_no_list_of_choices():
    comments = [f"第{place}条；服务不错；谢谢{place}" for place in range(NUMBER)]
    mapping = suggest([survey(说明=comments, 满意度=again("1", "3", "5"))])
    assert set(only_source(mapping).items) == {"满意度"}


def test_label_rows_previews_and_unfinished_answers_are_recognised(write, store):
    lines = (
        "Start Date,Status,Finished,Response ID,How likely are you to recommend us?,Rate us - Staff,Rate us - Price",
        *('"{""ImportId"":""a""}"' + ',"{""ImportId"":""b""}"' * 6,),
        "2024-06-01,Survey Preview,False,R_0,10,1,1",
        *(
            f"2024-06-02,IP Address,True,R_{place + 1},{place % 11},{place % 5 + 1},{place % 4 + 2}"
            for place in range(22)
        ),
    )
    path = write(*lines, header="StartDate,Status,Finished,ResponseId,Q1,Q2_1,Q2_2", name="export.csv")
    mapping = suggest_mapping(path)
    source = only_source(mapping)
    assert source.extra_header_rows == 2
    assert source.leave_out == {"Status": ("Survey Preview",), "Finished": ("False",)}
    assert source.items["Q1"].text == "How likely are you to recommend us?"
    assert "Rate us - Staff" in question_words(asked(mapping, "survey_items")[0], "en")
    assert asked(mapping, "item_kind")[0].facts["suggested"] == "nps"
    check_words(mapping)
    report = load(path, store=store, mapping=answer_all(mapping))
    assert dict(report.files[0].ignored) == {"extra_header": 2, "left_out": 1}
    with open_store(store) as opened:
        answers = opened.collect(opened.surveys)
    assert len(answers) == 3 * 22
    assert set(answers["item"]) == {"How likely are you to recommend us?", "Rate us - Staff", "Rate us - Price"}
    kept = only_source(answered(mapping, asked(mapping, "left_out_rows")[0], "no"))
    assert kept.leave_out == {"Finished": ("False",)}


RATED = "How likely are you to recommend us?"


def left_out(write, header: str, *columns: list[str]) -> tuple[dict[str, tuple[str, ...]], list[str]]:
    """What of a survey with these first columns is proposed to be left out, and what is suggested of each question."""
    rows = [",".join(row) for row in zip(*columns, [str(place % 11) for place in range(22)], strict=True)]
    mapping = suggest_mapping(write(*rows, header=f"{header},{RATED}", name="答卷.csv"))
    asked_about = [one for one in mapping.questions if one.key in ("left_out_rows", "unsubmitted_rows")]
    check_words(mapping)
    return dict(only_source(mapping).leave_out), [one.facts["suggested"] for one in asked_about]


NUMBERED = [f"R_{place}" for place in range(22)]


@pytest.mark.parametrize(
    ("header", "values", "expected"),
    [
        ("是否测试", ["否"] * 20 + ["是"] * 2, {"是否测试": ("是",)}),
        ("is_test", ["0"] * 20 + ["1"] * 2, {"is_test": ("1",)}),
        ("是否有效", ["是"] * 20 + ["否"] * 2, {"是否有效": ("否",)}),
        ("Completed", ["TRUE"] * 20 + ["FALSE"] * 2, {"Completed": ("FALSE",)}),
    ],
)
def test_a_flag_leaves_out_what_it_speaks_against(write, header: str, values: list[str], expected: dict):
    assert left_out(write, f"{header},ResponseId", values, NUMBERED) == (expected, ["yes"])


def test_states_in_numbers_are_known_of_one_tool_and_asked_of_others(write):
    status = ["0"] * 19 + ["1", "2", "8"]
    finished = ["1"] * 21 + ["0"]
    proposed, suggested = left_out(write, "Status,Finished,ResponseId", status, finished, NUMBERED)
    assert {header: set(values) for header, values in proposed.items()} == {
        "Status": {"1", "2", "8"},
        "Finished": {"0"},
    }
    assert suggested == ["yes", "yes"]
    assert left_out(write, "状态,答卷编号", ["1"] * 20 + ["0"] * 2, NUMBERED) == ({"状态": ("0",)}, [""])


def test_answers_that_were_never_sent_off_are_asked_about_and_left_out(write, store):
    sent = ["2024-03-01 10:00:00"] * 20 + [""] * 2
    rows = [f"{number},{when},{place % 11}" for place, (number, when) in enumerate(zip(NUMBERED, sent, strict=True))]
    path = write(*rows, header=f"Response ID,submitdate,{RATED}", name="lime.csv")
    mapping = suggest_mapping(path)
    assert asked(mapping, "unsubmitted_rows")[0].facts["count"] == 2
    report = load(path, store=store, mapping=answer_all(mapping))
    assert dict(report.files[0].ignored) == {"left_out": 2}
    assert "答卷编号" not in only_source(answered(mapping, asked(mapping, "unsubmitted_rows")[0], "no")).leave_out


MATRIX = ("", "", "态度", "速度", "价格", "")


@pytest.mark.parametrize(
    "stems", [("编号", "提交时间", "请评价", "", "", "建议"), ("编号", "日期", "请评价", "", "", "")]
)
def test_the_parts_of_a_matrix_keep_its_question(write, store, stems: tuple[str, ...]):
    rows = [
        f"{place},2024-03-{place % 28 + 1:02},{place % 5 + 1},{place % 4 + 2},{place % 5 + 1},好" for place in range(20)
    ]
    path = write(",".join(MATRIX), *rows, header=",".join(stems), name="matrix.csv")
    report = load(path, store=store, mapping=answer_all(suggest_mapping(path)))
    assert not report.questions
    with open_store(store) as opened:
        items = set(opened.collect(opened.surveys)["item"])
    assert items == {"请评价—态度", "请评价—速度", "请评价—价格"}


def test_hasty_answers_are_asked_about():
    times = [f"{100 + place}秒" for place in range(NUMBER - 2)] + ["5秒", "8秒"]
    mapping = suggest([survey(所用时间=times, 满意度=again("1", "3", "5"))])
    (question,) = asked(mapping, "too_fast_rows")
    assert (question.facts["count"], question.facts["seconds"]) == (2, 36.0)
    assert only_source(mapping).least_seconds == {"所用时间": 36.0}
    assert only_source(answered(mapping, question, "no")).least_seconds == {}
    check_words(mapping)


def long_survey(items: Sequence[str], scores: Sequence[str]) -> RowSample:
    rows = len(items)
    columns = {"回访编号": [str(place) for place in range(rows)], "题目": items, "评分": scores, "回访日期": days(rows)}
    return RowSample("long.csv", None, tuple(columns), columns)


def test_each_question_of_a_long_survey_has_its_kind_scale_and_words():
    items = again("满意度", "推荐意愿", "态度", number=60)
    given = {"满意度": cycle("1234995"), "推荐意愿": cycle(map(str, range(11))), "态度": cycle(LIKERT)}
    scores = [next(given[item]) for item in items]
    mapping = suggest([long_survey(items, scores)])
    source = only_source(mapping)
    assert source.layout == "long"
    assert {name: item.scale for name, item in source.items.items()} == {
        "满意度": (1, 5),
        "推荐意愿": (0, 10),
        "态度": (1, 5),
    }
    assert [source.items[name].kind for name in ("满意度", "推荐意愿", "态度")] == ["csat", "nps", "csat"]
    (no_answers,) = asked(mapping, "no_answers")
    assert (no_answers.facts["items"], no_answers.facts["values"]) == (["满意度"], ["9"])
    assert source.missing == {}, "9 is an answer to another question: outside of 1 to 5 it has no score by itself"
    assert asked(mapping, "answer_words")[0].facts["items"] == ["态度"]
    check_words(mapping)


def test_the_sample_companys_survey_has_its_csat_by_suggestion_alone(tmp_path: Path):
    path = Path(__file__).parents[3] / "sample_data" / "满意度回访.csv"
    mapping = suggest_mapping(path)
    (question,) = mapping.questions
    assert (question.key, question.facts["items"], question.facts["values"]) == ("no_answers", ["满意度"], ["9"])
    assert only_source(mapping).missing == {"评分": ("9",)}
    load(path, store=tmp_path / "s", mapping=answer_all(mapping))
    with open_store(tmp_path / "s") as opened:
        answers = opened.collect(opened.surveys)
    assert set(answers["kind"]) == {"csat"}
    assert set(answers["scale_high"]) == {5.0}
    assert (answers["missing"] == "sentinel").sum() == 156
    assert answers["score"].max() == 5


def test_three_answers_are_a_survey_and_no_list_of_customers():
    columns = {
        "时间戳记": days(3),
        "客户编号": ["A1", "A2", "A3"],
        "您愿意向朋友推荐我们吗（0-10 分）": ["9", "10", "3"],
    }
    mapping = suggest([RowSample("form.csv", None, tuple(columns), columns)])
    source = only_source(mapping)
    assert (source.table, source.columns) == ("surveys", {"时间戳记": "day", "客户编号": "customer_id"})
    assert [question.key for question in mapping.questions] == ["item_kind"]


def test_a_day_under_another_header_is_asked_about_and_one_that_cannot_be_read_too():
    columns = {"答卷编号": list("123456"), "填写于": days(6), "满意度": list("123455")}
    mapping = suggest([RowSample("a.csv", None, tuple(columns), columns)])
    (question,) = mapping.questions
    assert (question.key, question.facts["suggested"]) == ("is_this_it", "填写于")
    assert only_source(answered(mapping, question, "")).columns == {"答卷编号": "response_id"}
    columns = {"答卷编号": list("123456"), "提交时间": ["上周"] * 6, "满意度": list("123455")}
    mapping = suggest([RowSample("a.csv", None, tuple(columns), columns)])
    (question,) = mapping.questions
    assert (question.key, question.facts["header"]) == ("unread_day", "提交时间")
    assert answered(mapping, question, "without").questions == ()
    check_words(mapping)


def test_a_grade_of_credit_makes_no_survey_of_a_list_of_customers():
    columns = {"客户编号": list("123456"), "客户名称": list("甲乙丙丁戊己"), "信用": list("优良中差优良")}
    mapping = suggest([RowSample("c.csv", None, tuple(columns), columns)])
    assert (only_source(mapping).table, mapping.questions) == ("customers", ())
