"""Moments with a time zone: the company's is asked for once, kept in the mapping, and everything brought to it."""

from __future__ import annotations

from datetime import date

import pytest

from workbench import cli
from workbench.errors import LoadError
from workbench.load import Company, Mapping, SourceMapping, answered, check, load, suggest_mapping
from workbench.load.reporting.sentences import choice_words, question_words
from workbench.store import open_store

HEADER = "客户编号,订单号,下单时间,金额"
NIGHT = {
    "all of one zone": ["2024-01-05T23:30:00+08:00"] * 3,
    "Greenwich": ["2024-01-05T23:30:00Z"] * 3,
    "zones mixed": ["2024-01-05T23:30:00Z", "2024-01-05T23:30:00+08:00", "2024-01-05T23:30:00-05:00"],
    "US Pacific in winter and summer": ["Jan 5, 2024 11:30:00 PM PST", "Jul 5, 2024 11:30:00 PM PDT"],
    "as forms export it": ["2024/1/5 下午 11:30:00 [GMT+8]", "2024/1/5 上午 12:10:00 [GMT+8]"],
    "as web shops write it": ["2024-01-05 23:30:00 +0800", "2024-01-05 23:30:00 -05:00", "2024-01-05 23:30:00 Z"],
    "as Java writes it": ["Fri Jan 05 23:30:00 CST 2024", "Sat Jan 06 10:00:00 CST 2024"],
}


def file_of(write, moments, name="订单.csv"):
    rows = [f'A{number},D{number},"{moment}",5' for number, moment in enumerate(moments)]
    return write(*rows, header=HEADER, name=name)


def days(store):
    with open_store(store) as opened:
        rows = opened.collect(opened.table("transactions").order_by("order_id")[["day"]])
    return [str(day)[:10] for day in rows["day"]]


@pytest.mark.parametrize(
    ("moments", "zone", "expected"),
    [
        (NIGHT["all of one zone"], "Asia/Shanghai", ["2024-01-05"] * 3),
        (NIGHT["Greenwich"], "Asia/Shanghai", ["2024-01-06"] * 3),
        (NIGHT["Greenwich"], "UTC", ["2024-01-05"] * 3),
        (NIGHT["zones mixed"], "Asia/Shanghai", ["2024-01-06", "2024-01-05", "2024-01-06"]),
        (NIGHT["US Pacific in winter and summer"], "America/Los_Angeles", ["2024-01-05", "2024-07-05"]),
        (NIGHT["US Pacific in winter and summer"], "Asia/Shanghai", ["2024-01-06", "2024-07-06"]),
        (NIGHT["as forms export it"], "Asia/Shanghai", ["2024-01-05", "2024-01-05"]),
        (NIGHT["as web shops write it"], "Asia/Shanghai", ["2024-01-05", "2024-01-06", "2024-01-06"]),
        (NIGHT["as Java writes it"], "Asia/Shanghai", ["2024-01-05", "2024-01-06"]),
        (NIGHT["as Java writes it"], "America/Chicago", ["2024-01-05", "2024-01-06"]),
    ],
)
def test_the_answer_decides_the_day(write, store, moments, zone, expected):
    path = file_of(write, moments)
    mapping = suggest_mapping(path)
    (question,) = mapping.questions
    assert (question.key, question.facts["header"]) == ("time_zone", "下单时间")
    assert zone in question.choices
    load(path, store=store, mapping=answered(mapping, question, zone), today=date(2026, 1, 1))
    assert days(store) == expected


@pytest.mark.parametrize(
    ("moments", "zones", "suggested"),
    [
        (NIGHT["all of one zone"], ["+08:00"], "Asia/Shanghai"),
        (NIGHT["Greenwich"], ["Z"], ""),
        (NIGHT["zones mixed"], ["Z", "+08:00", "-05:00"], ""),
        (NIGHT["US Pacific in winter and summer"], ["PST", "PDT"], "America/Los_Angeles"),
        (NIGHT["as forms export it"], ["GMT+8"], "Asia/Shanghai"),
        (NIGHT["as Java writes it"], ["CST"], ""),
    ],
)
def test_one_zone_is_suggested_and_several_are_not_chosen_from(write, moments, zones, suggested):
    (question,) = suggest_mapping(file_of(write, moments)).questions
    assert (question.facts["zones"], question.facts["suggested"]) == (zones, suggested)


def test_the_question_shows_how_each_zone_reads(write):
    (question,) = suggest_mapping(file_of(write, NIGHT["zones mixed"])).questions
    assert question.choices["Asia/Shanghai"] == (
        "2024-01-05T23:30:00Z → 2024-01-06 07:30:00",
        "2024-01-05T23:30:00+08:00 → 2024-01-05 23:30:00",
        "2024-01-05T23:30:00-05:00 → 2024-01-06 12:30:00",
    )
    assert "公司按哪个时区划分日期" in question_words(question, "zh")
    assert "In which time zone does the company count its days?" in question_words(question, "en")
    assert choice_words(question, "Asia/Shanghai", "zh") == "中国（Asia/Shanghai）"


@pytest.mark.parametrize("date_format", [None, "%b %d, %Y", "%b %d, %Y %I:%M:%S %p PDT"])
def test_a_mixture_is_converted_whatever_format_is_declared(write, store, orders_with, date_format):
    columns = {"客户编号": "customer_id", "订单号": "order_id", "下单时间": "day", "金额": "amount"}
    mapping = orders_with(columns=columns, date_format=date_format, time_zone="Asia/Shanghai")
    path = file_of(write, NIGHT["US Pacific in winter and summer"])
    load(path, store=store, mapping=mapping, today=date(2026, 1, 1))
    assert days(store) == ["2024-01-06", "2024-07-06"]


def test_one_answer_holds_for_all_files_of_a_company(write, store):
    january = file_of(write, NIGHT["Greenwich"], name="一月订单.csv")
    other = write("7,2024-01-05T23:30:00Z,5", header="会员号,消费时间,实付金额", name="门店.csv")
    mapping = suggest_mapping([january, other])
    assert [question.key for question in mapping.questions] == ["time_zone", "time_zone"]
    mapping = answered(mapping, mapping.questions[0], "Asia/Shanghai")
    assert not mapping.questions
    assert {source.time_zone for source in mapping.sources} == {"Asia/Shanghai"}


def test_a_mapping_without_a_zone_asks_and_loads_nothing(write, store, orders_with):
    columns = {"客户编号": "customer_id", "订单号": "order_id", "下单时间": "day", "金额": "amount"}
    mapping = orders_with(columns=columns)
    path = file_of(write, ["2024-01-05 10:00", *NIGHT["zones mixed"]])
    for report in (load(path, store=store, mapping=mapping), check(path, mapping=mapping)):
        (question,) = report.questions
        assert (question.key, report.snapshot) == ("time_zone", None)
        assert set(question.facts["zones"]) == {"Z", "+08:00", "-05:00"}
    load(path, store=store, mapping=answered(mapping, question, "UTC"), today=date(2026, 1, 1))
    assert days(store) == ["2024-01-05", "2024-01-05", "2024-01-05", "2024-01-06"]


def test_the_zone_stands_in_the_mapping_for_one_file_or_for_the_company(tmp_path):
    source = SourceMapping(("a.csv",), "transactions", time_zone="UTC", columns={"d": "day", "m": "amount"})
    mapping = Mapping((source,), Company(time_zone="Asia/Shanghai"))
    mapping.save(tmp_path / "mapping.toml")
    assert Mapping.read(tmp_path / "mapping.toml") == mapping
    (tmp_path / "mapping.toml").write_text('[company]\ntime_zone = "Peking"\n', encoding="utf-8")
    with pytest.raises(LoadError, match="There is no time zone Peking"):
        Mapping.read(tmp_path / "mapping.toml")


def test_the_company_s_zone_holds_where_a_file_names_none(write, store, orders_with):
    columns = {"客户编号": "customer_id", "订单号": "order_id", "下单时间": "day", "金额": "amount"}
    mapping = Mapping(orders_with(columns=columns).sources, Company(time_zone="Asia/Shanghai"))
    load(file_of(write, NIGHT["zones mixed"]), store=store, mapping=mapping, today=date(2026, 1, 1))
    assert days(store) == ["2024-01-06", "2024-01-05", "2024-01-06"]


def test_days_without_a_zone_are_asked_nothing(write):
    assert not suggest_mapping(file_of(write, ["2024-01-05 23:30:00", "2024-01-06 10:00", "2024-01-07"])).questions


def test_a_zone_that_is_said_is_not_asked_for(write, store):
    path = write("C1,A1,2024-01-05T23:30:00Z,10", header=HEADER)
    report = load(path, store=store, time_zone="Asia/Shanghai", today=date(2026, 1, 1))
    assert not report.questions
    assert report.mapping.company.time_zone == "Asia/Shanghai"
    with open_store(store) as opened:
        assert str(opened.collect(opened.transactions)["day"][0])[:10] == "2024-01-06"
    with pytest.raises(LoadError) as raised:
        check(path, time_zone="Shanghai")
    assert raised.value.key == "unknown_time_zone"


def test_the_command_takes_a_time_zone(write, store, capsys):
    path = write("C1,A1,2024-01-05T23:30:00Z,10", header=HEADER)
    words = ["load", str(path), "--time-zone", "Asia/Shanghai", "--store", str(store), "--lang", "en"]
    assert cli.main(words) == 0


@pytest.mark.parametrize(
    ("header", "zone", "expected"),
    [
        ("Created (UTC)", "Asia/Shanghai", ["2024-01-06", "2024-07-06", "2024-07-05"]),
        ("created_at_utc", "UTC", ["2024-01-05", "2024-07-05", "2024-07-05"]),
        ("下单时间（北京时间）", "Asia/Shanghai", ["2024-01-05", "2024-07-05", "2024-07-05"]),
        ("下单时间（北京时间）", "UTC", ["2024-01-05", "2024-07-04", "2024-07-05"]),
        ("Date (PST)", "America/Los_Angeles", ["2024-01-05", "2024-07-05", "2024-07-05"]),
        ("Date (CST)", "Asia/Shanghai", ["2024-01-05", "2024-07-05", "2024-07-05"]),
    ],
)
def test_a_zone_in_the_header_is_one_of_the_values_and_a_day_alone_stays(header, zone, expected, write, store):
    """In July the Pacific's clock is PDT's, whatever the header says; 00:30 in Shanghai is the day before in UTC."""
    moments = ["2024-01-05 23:30:00", "2024/7/5 0:30" if "北京" in header else "2024/7/5 23:30", "2024-07-05"]
    rows = [f"A{number},D{number},{moment},5" for number, moment in enumerate(moments)]
    path = write(*rows, header=f"客户编号,订单号,{header},金额", name="订单.csv")
    mapping = suggest_mapping(path)
    (question,) = mapping.questions
    assert question.key == "time_zone"
    assert "{" not in question_words(question, "zh")
    load(path, store=store, mapping=answered(mapping, question, zone), today=date(2026, 1, 1))
    assert days(store) == expected


def test_a_zone_in_the_header_is_asked_for_under_a_mapping_that_names_none(write, store):
    path = write("A1,D1,2024-01-05 23:30:00,5", header="客户编号,订单号,Paid at (UTC),金额")
    columns = {"客户编号": "customer_id", "订单号": "order_id", "Paid at (UTC)": "day", "金额": "amount"}
    source = SourceMapping(files=("*",), table="transactions", columns=columns)
    (question,) = load(path, store=store, mapping=Mapping((source,)), today=date(2026, 1, 1)).questions
    assert question.choices["Asia/Shanghai"] == ("2024-01-05 23:30:00 → 2024-01-06 07:30:00",)
