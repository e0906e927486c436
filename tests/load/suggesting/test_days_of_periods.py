"""Rows of weeks, months, quarters, years are dated at their end; a name or title may say what no column does."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from workbench.errors import LoadError
from workbench.i18n import LANGUAGES
from workbench.load import Mapping, answered, load, suggest_mapping
from workbench.load.questions import Question
from workbench.load.reporting.sentences import choice_words, question_words
from workbench.load.suggesting.column_shapes import RowSample
from workbench.load.suggesting.suggest import suggest
from workbench.store import open_store

BUYERS = ["K1", "K2", "K1", "K2"]
AMOUNTS = ["10.50", "20.25", "30.00", "40.00"]


def looked(file: str, header: str, values: list[str], titles: tuple[str, ...] = ()) -> Mapping:
    columns = {"会员号": BUYERS, header: values, "销售额": AMOUNTS}
    return suggest([RowSample(file, None, tuple(columns), columns, titles=titles)])


def only_question(mapping: Mapping) -> Question:
    (question,) = mapping.questions
    for lang in LANGUAGES:
        assert "{" not in question_words(question, lang)
        assert all(choice_words(question, choice, lang) for choice in question.choices)
    return question


@pytest.mark.parametrize(
    ("header", "values", "form", "days"),
    [
        (
            "周次",
            ["2024年第5周", "2024年第5周", "2024年第6周", "2024年第52周"],
            "week_end",
            ["02-04", "02-11", "12-29"],
        ),
        ("Week", ["2024-W05", "2024-W05", "2024-W06", "2024-W52"], "week_end", ["02-04", "02-11", "12-29"]),
        ("季度", ["2024Q1", "2024年第二季度", "2024-Q3", "Q4 2024"], "quarter_end", ["03-31", "06-30", "09-30"]),
        ("期间", ["2024H1", "2024年下半年", "2024上半年", "H2 2024"], "half_end", ["06-30", "12-31", "06-30"]),
        ("结算期", ["202401", "2024-02", "2024年3月", "2024/12"], "month_end", ["01-31", "02-29", "03-31"]),
        ("Year", ["2024", "2024年", "2024", "2024"], "year_end", ["12-31", "12-31"]),
    ],
)
def test_periods_with_their_year_are_asked_about_and_dated_at_their_end(header, values, form, days):
    question = only_question(looked("x.csv", header, values))
    assert (question.key, question.facts["suggested"], [*question.choices]) == ("month_days", form, [form, "leave"])
    assert [line.split(" → ")[1] for line in question.choices[form]] == [f"2024-{day}" for day in days]


@pytest.mark.parametrize(
    ("header", "values"),
    [
        ("月份", ["1月", "2月", "3月", "十二月"]),
        ("Month", ["January", "Feb", "mar", "December"]),
        ("Month", ["1", "2", "3", "12"]),
        ("季度", ["一季度", "2", "Q3", "第四季度"]),
    ],
)
def test_months_without_a_year_take_it_from_the_file_s_name_or_are_refused(header, values):
    question = only_question(looked("销售_2023.csv", header, values))
    assert (question.key, question.facts["suggested"]) == ("day_parts", "join")
    assert question.choices["join"][0].startswith("2023 · ")
    mapping = looked("销售.csv", header, values)
    refused = only_question(mapping)
    assert (refused.key, refused.facts["because"], mapping.sources) == ("which_table", "no_year", ())
    assert "transactions" not in refused.choices
    assert answered(mapping, refused, "leave").left_out


@pytest.mark.parametrize(
    ("header", "values"),
    [
        ("日期", ["1月5日", "1月6日", "2月7日", "12月31日"]),
        ("Date", ["1/5", "1/16", "2/27", "12/31"]),
        ("Date", ["Jan 5", "Jan 16", "Feb 27", "Dec 31"]),
        ("Week", ["5", "5", "6", "52"]),
        ("周", ["第5周", "第5周", "第6周", "第52周"]),
    ],
)
def test_days_and_weeks_of_no_year_are_refused_for_that_reason(header, values):
    assert only_question(looked("销售_2024.csv", header, values)).facts["because"] == "no_year"


def days(store: Path) -> list[tuple[str, str]]:
    with open_store(store) as opened:
        rows = opened.collect(opened.transactions.order_by(["source_id", "source_line"])[["customer_id", "day"]])
    return [(who, str(day.date())) for who, day in rows.itertuples(index=False)]


def test_the_month_of_a_file_is_what_its_name_says_and_next_month_s_its_own(tmp_path, store):
    def written(name: str, *above: str) -> Path:
        lines = [*above, "会员号,单号,销售额", f"K1,{name}1,10.50", f"K2,{name}2,20.25", f"K1,{name}3,5.00"]
        (tmp_path / name).write_text("\n".join(lines), encoding="utf-8")
        return tmp_path / name

    mapping = suggest_mapping(written("销售_2024-02.csv"))
    question = only_question(mapping)
    assert (question.key, question.facts["suggested"], question.choices["month"]) == (
        "said_day",
        "month",
        ("2024-02-29",),
    )
    assert answered(mapping, question, "leave").sources == ()
    answered(mapping, question, "month").save(tmp_path / "m.toml")
    text = (tmp_path / "m.toml").read_text(encoding="utf-8")
    (tmp_path / "m.toml").write_text(text.replace("销售_2024-02.csv", "*.csv"), encoding="utf-8")
    rules = Mapping.read(tmp_path / "m.toml")
    files = [written("销售_2024-02.csv"), written("x.csv", "统计月份：2024年3月"), written("April 2024.csv")]
    report = load(files, store=store, mapping=rules, today=date(2024, 4, 10))
    assert (report.rows_loaded, report.rows_rejected) == (9, 0)
    assert {day for _, day in days(store)} == {"2024-02-29", "2024-03-31", "2024-04-10"}, "April is still running"
    for name in ("new.csv", "2024-01 to 2024-03.csv"):
        with pytest.raises(LoadError) as caught:
            load(written(name), store=store, mapping=rules, today=date(2024, 4, 10))
        assert caught.value.key == "month_not_said"


def test_months_of_the_year_that_the_name_says_are_loaded_at_their_end(tmp_path, store):
    lines = ["会员号,月份,销售额", "K1,1月,10.50", "K2,二月,20.25", "K1,9月,5.00", "K1,,1.00", "K1,10月,1.00"]
    (tmp_path / "销售_2024.csv").write_text("\n".join(lines), encoding="utf-8")
    mapping = suggest_mapping(tmp_path / "销售_2024.csv")
    answered(mapping, only_question(mapping), "join").save(tmp_path / "m.toml")
    report = load(tmp_path / "销售_2024.csv", store=store, mapping=tmp_path / "m.toml", today=date(2024, 9, 15))
    assert report.rows_read == 5 == report.rows_loaded + report.rows_rejected
    assert days(store) == [("K1", "2024-01-31"), ("K2", "2024-02-29"), ("K1", "2024-09-15")]
    rejects = report.rejects[["line", "reason"]].to_numpy().tolist()
    assert rejects == [[5, "incomplete_date"], [6, "future_date"]]


def test_a_column_of_days_goes_before_what_the_name_says(tmp_path):
    lines = ["会员号,到期,销售额", "K1,2024-03-05,10.50", "K2,2024-03-06,20.25"]
    (tmp_path / "销售_2024-03.csv").write_text("\n".join(lines), encoding="utf-8")
    keys = [one.key for one in suggest_mapping(tmp_path / "销售_2024-03.csv").questions]
    assert "said_day" not in keys
    assert "which_column" in keys


def test_an_october_whose_zero_was_cut_off_is_not_taken_for_january_unasked():
    question = only_question(looked("x.csv", "月份", ["2024.1", "2024.9", "2024.1", "2024.11"]))
    assert (question.key, question.facts["values"], question.facts["suggested"]) == ("months_cut", ["2024.1"], "")
    assert question.choices["month_end"] == ("2024.1 → 2024-01-31",)
    assert only_question(looked("x.csv", "月份", ["2024.1", "2024.9", "2024.10", "2024.11"])).key == "month_days"
