"""Survey answers in the store: words, scales turned round, several answers in a cell, rows that are no answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from workbench.errors import LoadError
from workbench.load import Item, LoadReport, Mapping, SourceMapping, load
from workbench.store import open_store

WIDE = SourceMapping(files=("*",), table="surveys", layout="wide", columns={"编号": "response_id"})
LONG = SourceMapping(
    files=("*",), table="surveys", layout="long", columns={"编号": "response_id", "题目": "item", "得分": "score"}
)
LIKERT = {"很差": 1, "差": 2, "一般": 3, "好": 4, "很好": 5}


@pytest.fixture
def loaded(write, store) -> Callable[..., LoadReport]:
    """Load a questionnaire of these lines under a mapping with these entries."""

    def load_lines(source: SourceMapping, header: str, *lines: str, **entries) -> LoadReport:
        return load(write(*lines, header=header), store=store, mapping=Mapping((replace(source, **entries),)))

    return load_lines


@pytest.fixture
def answers(store: Path) -> Callable[[], list[tuple[object, ...]]]:
    """Every answer of the store: response, item, score, why there is none."""

    def rows() -> list[tuple[object, ...]]:
        with open_store(store) as opened:
            table = opened.surveys.order_by(["source_line", "item"])
            frame = opened.collect(table.select("response_id", "item", "score", "missing"))
        return list(frame.astype(object).where(frame.notna(), None).itertuples(index=False, name=None))

    return rows


def test_words_stand_for_the_scores_the_mapping_gives_them_and_numbers_for_themselves(loaded, answers):
    lines = ("1,很好", "2, 差 ", "3,4", "4,（空）", "5,还行")
    report = loaded(
        WIDE, "编号,服务", *lines, items={"服务": Item("csat", words=LIKERT)}, missing={"服务": ("（空）",)}
    )
    assert answers() == [
        ("1", "服务", 5, None),
        ("2", "服务", 2, None),
        ("3", "服务", 4, None),
        ("4", "服务", None, "sentinel"),
        ("5", "服务", None, "out_of_range"),
    ]
    (off,) = [problem for problem in report.problems if problem.key == "answers_off_scale"]
    assert (off.level, off.facts["count"], off.facts["values"]) == ("warning", 1, ["还行"])
    assert "还行" in report.text("zh")


def test_a_reversed_item_is_turned_round_within_its_scale(loaded, answers):
    loaded(WIDE, "编号,等候", "1,1", "2,5", "3,2", "4,", items={"等候": Item("csat", 1, 5, reversed=True)})
    assert [score for _, _, score, _ in answers()] == [5, 1, 4, None]


def test_in_a_long_survey_each_item_has_its_own_words_scale_and_direction(loaded, answers):
    items = {"服务": Item("csat", words=LIKERT), "难易": Item("ces", 1, 7, reversed=True), "推荐": Item("nps")}
    lines = ("1,服务,好", "1,难易,7", "1,推荐,9", "1,别的,3")
    loaded(LONG, "编号,题目,得分", *lines, items=items)
    assert answers() == [("1", "服务", 4, None), ("1", "难易", 1, None), ("1", "推荐", 9, None), ("1", "别的", 3, None)]


def test_several_answers_in_a_cell_are_an_item_each(loaded, answers):
    channels = Item(choices=("抖音", "朋友"), separator="┋", text="从哪里知道我们")
    loaded(WIDE, "编号,Q2", "1,抖音┋朋友", "2,路过", "3,(跳过)", items={"Q2": channels}, missing={"Q2": ("(跳过)",)})
    assert answers() == [
        ("1", "从哪里知道我们—抖音", 1, None),
        ("1", "从哪里知道我们—朋友", 1, None),
        ("2", "从哪里知道我们—抖音", 0, None),
        ("2", "从哪里知道我们—朋友", 0, None),
        ("3", "从哪里知道我们—抖音", None, "sentinel"),
        ("3", "从哪里知道我们—朋友", None, "sentinel"),
    ]


@pytest.mark.parametrize("source", [WIDE, LONG])
def test_what_a_tool_writes_for_no_answer_needs_no_declaration(loaded, answers, source):
    written = ("(空)", "（跳过）", "(Skipped)", "4")
    middle = "Q," if source is LONG else ""
    header = "编号,题目,得分" if source is LONG else "编号,Q"
    lines = [f"{number},{middle}{text}" for number, text in enumerate(written)]
    report = loaded(source, header, *lines, items={"Q": Item("csat", 1, 5)})
    assert [(score, missing) for _, _, score, missing in answers()] == [(None, "sentinel")] * 3 + [(4, None)]
    assert not [problem for problem in report.problems if problem.level == "warning"]


def test_further_header_rows_previews_and_hasty_answers_are_counted_as_no_data(loaded, answers):
    header, lines = (
        "编号,状态,用时,Q1",
        ("Id,Status,Time,How was it?", "1,正式,1分5秒,4", "2,预览,80,5", "3,正式,9秒,1", "4,正式,,2"),
    )
    entries = {"extra_header_rows": 1, "leave_out": {"状态": ("预览",)}, "least_seconds": {"用时": 20}}
    report = loaded(WIDE, header, *lines, items={"Q1": Item("csat", 1, 5)}, **entries)
    assert dict(report.files[0].ignored) == {"extra_header": 1, "left_out": 1, "too_fast": 1}
    assert [(response, score) for response, _, score, _ in answers()] == [("1", 4), ("4", 2)]
    assert report.text("en")
    assert report.text("zh")


@pytest.mark.parametrize(
    ("item", "scores", "key"),
    [
        (Item("nps", 1, 5), "1234512345", "item_nps_scale"),
        (Item("nps"), "1234512345", "nps_scale_unlikely"),
        (Item("csat", 1, 5), "66789678967896", "answers_off_scale"),
        (Item("csat", 1, 5), "甲乙丙", "answers_unreadable"),
        (Item("csat", words={"甲": 9}, low=1, high=5), "甲", "item_words_off_scale"),
        (Item("csat", reversed=True), "12345", "item_reversed_without_scale"),
        (Item(choices=("甲",)), "甲", "item_choices_without_separator"),
        (Item("csat", 5, 1), "12345", "item_empty_range"),
        (Item("csat"), "1234567", "scale_undeclared"),
        (Item("ces"), "0123", "scale_undeclared"),
    ],
)
@pytest.mark.parametrize("source", [WIDE, LONG])
def test_a_kind_that_does_not_agree_with_its_scale_is_refused_for_the_true_reason(
    loaded, store, item, scores, key, source
):
    if source is WIDE:
        header, lines = "编号,Q", [f"{number},{score}" for number, score in enumerate(scores)]
    else:
        header, lines = "编号,题目,得分", [f"{number},Q,{score}" for number, score in enumerate(scores)]
    with pytest.raises(LoadError) as caught:
        loaded(source, header, *lines, items={"Q": item})
    assert caught.value.key == key
    assert all("Q" in caught.value.words(lang) for lang in ("zh", "en"))
    assert not store.exists()


def test_a_declared_nps_scale_with_low_answers_only_is_loaded_with_a_warning(loaded):
    lines = [f"{number},{number % 5 + 1}" for number in range(10)]
    report = loaded(WIDE, "编号,Q", *lines, items={"Q": Item("nps", 0, 10)})
    assert [problem.key for problem in report.problems if problem.level == "warning"] == ["nps_scale_unlikely"]
    assert "5" in report.text("zh")


def test_a_long_scale_without_an_answer_in_its_upper_half_is_warned_about(loaded):
    lines = [f"{number},{number % 5 + 1}" for number in range(10)]
    report = loaded(WIDE, "编号,Q", *lines, items={"Q": Item("csat", 1, 10)})
    assert [problem.key for problem in report.problems if problem.level == "warning"] == ["scale_unlikely"]
    assert "最高为 10" in report.text("zh")


def test_a_long_file_that_says_nps_from_1_to_5_is_refused(loaded):
    columns = {**LONG.columns, "类型": "kind", "低": "scale_low", "高": "scale_high"}
    with pytest.raises(LoadError, match="0 to 10"):
        loaded(LONG, "编号,题目,得分,类型,低,高", "1,推荐,5,nps,1,5", columns=columns)


def test_answers_without_a_day_have_none_and_it_is_said(loaded, column_of):
    report = loaded(WIDE, "编号,Q", "1,4", "2,5", items={"Q": Item("csat", 1, 5)})
    assert column_of("surveys", "day") == [None, None] or all(day != day for day in column_of("surveys", "day"))
    assert [problem.key for problem in report.problems] == ["answers_without_days"]


def test_a_question_of_a_long_survey_that_is_no_item_may_be_answered_in_words(loaded, answers):
    lines = ("1,满意度,4", "1,您的性别,女", "1,建议,无")
    report = loaded(LONG, "编号,题目,得分", *lines, items={"满意度": Item("csat", 1, 5)})
    assert [(item, score) for _, item, score, _ in answers()] == [("满意度", 4), ("您的性别", None), ("建议", None)]
    (unread,) = [problem for problem in report.problems if problem.key == "answers_without_scores"]
    assert (unread.level, unread.facts["item"], unread.facts["values"]) == ("warning", "您的性别", ["女"])
    assert "女" in report.text("zh")
