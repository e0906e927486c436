"""Mapping files: read back as written, mistakes found with their line."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.errors import LoadError
from workbench.load.mapping.company import Company
from workbench.load.mapping.company_mapping import Mapping
from workbench.load.mapping.mapping_file import parse_mapping
from workbench.load.mapping.mapping_parts import MappingParts
from workbench.load.mapping.source_mapping import Attribute, Cancelled, Item, SourceMapping

ORDERS = SourceMapping(
    files=("订单*.csv",),
    table="transactions",
    sheet="一月",
    header_row=3,
    encoding="gb18030",
    delimiter="\t",
    date_format="%d/%m/%Y",
    decimal=",",
    cancelled=Cancelled("单号", "C", ("作废",)),
    key=("order_id",),
    ignore=("序号",),
    columns={"单号": "order_id", '金额 "元"': "amount", "日期\n(付款)": "day", "会员 \\ 号": "customer_id"},
    attributes={"车型": Attribute("car_model", publish=True), "备注": Attribute("备注")},
    missing={'金额 "元"': ("-99", "None"), "会员 \\ 号": ("",)},
)
SURVEY = SourceMapping(
    files=("survey[[]1].xlsx", "b.csv"),
    table="surveys",
    layout="wide",
    columns={"RESPNUM": "response_id"},
    missing={"NETPRO": ("11",)},
    items={
        "NETPRO": Item("nps", 0, 10, "航站楼"),
        "Q7.ALL": Item("csat", 1, 5, words={'很 "好"': 5, "☹️": 1.5}, reversed=True),
        "Q9": Item(),
        "Q10": Item(low=0.5),
        "Q11": Item(text="从哪里知道我们", choices=("抖音", "朋友"), separator="┋"),
    },
    extra_header_rows=2,
    leave_out={"Status": ("Survey Preview",)},
    least_seconds={"所用时间": 20.5},
)
WHOLE = Mapping((ORDERS, SURVEY), Company("某某 4S 店", date(2024, 12, 31), "USD"))
GOOD = """\
[[source]]
files = ["orders.csv"]
table = "transactions"
[source.columns]
"客户" = "customer_id"
"日期" = "day"
"金额" = "amount"
"""


def failure(text: str) -> LoadError:
    with pytest.raises(LoadError) as caught:
        parse_mapping(text, "m.toml")
    return caught.value


def test_a_mapping_reads_back_as_it_was_saved(tmp_path: Path):
    WHOLE.save(tmp_path / "m.toml")
    assert Mapping.read(tmp_path / "m.toml") == WHOLE


def test_a_currency_is_read_in_any_case_and_an_unknown_one_is_refused_in_words():
    assert parse_mapping(f'[company]\ncurrency = "usd"\n{GOOD}')[0].company.currency == "USD"
    error = failure(f'[company]\ncurrency = "RMB"\n{GOOD}')
    assert (error.key, error.facts["value"], error.facts["line"]) == ("mapping_unknown_choice", "RMB", 2)
    assert "CNY" in error.words("en")


def test_an_empty_mapping_reads_back(tmp_path: Path):
    Mapping().save(tmp_path / "m.toml")
    assert Mapping.read(tmp_path / "m.toml") == Mapping()


HEADERS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)


@settings(max_examples=200)
@given(header=HEADERS, word=HEADERS, name=HEADERS)
def test_any_text_may_be_a_header_a_sentinel_or_a_name(header: str, word: str, name: str):
    items = {header: Item("nps", 0, 10, name)}
    mapping = Mapping((SourceMapping((name,), "surveys", items=items, missing={header: (word,)}),), Company(name))
    assert parse_mapping(mapping.text())[0] == MappingParts(mapping.sources, mapping.company)


def test_a_mapping_with_a_byte_order_mark_is_read(tmp_path: Path):
    (tmp_path / "m.toml").write_text(GOOD, encoding="utf-8-sig")
    assert Mapping.read(tmp_path / "m.toml").sources[0].header_of("amount") == "金额"


@pytest.mark.parametrize(
    ("old", "new", "error", "line", "fact"),
    [
        ('"客户" =', "客户 =", "mapping_not_toml", 5, None),
        ('"transactions"', '"transaction"', "mapping_unknown_choice_near", 3, ("near", "transactions")),
        ('"transactions"', '"仓库"', "mapping_unknown_choice", 3, ("value", "仓库")),
        ('"customer_id"', '"custmer_id"', "mapping_unknown_column_near", 5, ("near", "customer_id")),
        ('"customer_id"', '"zzz"', "mapping_unknown_column", 5, ("value", "zzz")),
        ('"customer_id"', '"is_purchase"', "mapping_unknown_column", 5, ("value", "is_purchase")),
        ('"customer_id"', '"day"', "mapping_column_twice", 6, ("name", "day")),
        ('"日期" = "day"', "", "mapping_lacks_columns", 3, ("columns", ("day",))),
        ('"金额" = "amount"', "", "mapping_lacks_columns", 3, ("columns", ("amount / quantity + unit_price",))),
        ("files =", "file =", "mapping_unknown_entry_near", 2, ("near", "files")),
        ('files = ["orders.csv"]', "", "mapping_lacks_entry", 1, ("entry", "files")),
        ('files = ["orders.csv"]', "files = 3", "mapping_wrong_type", 2, ("entry", "files")),
        ('"day"', "5", "mapping_wrong_type", 6, ("entry", "日期")),
        ('table = "transactions"', "", "mapping_lacks_entry", 1, ("entry", "table")),
        ("[source.columns]", 'decimal = ";"\n[source.columns]', "mapping_unknown_choice", 4, ("value", ";")),
        ("[source.columns]", "header_row = true\n[source.columns]", "mapping_wrong_type", 4, ("entry", "header_row")),
        ("[source.columns]", 'key = ["nr"]\n[source.columns]', "mapping_unknown_choice", 4, ("value", "nr")),
        (
            "[source.columns]",
            '[source.attributes]\n"品牌" = "status"\n[source.columns]',
            "mapping_attribute_is_column",
            5,
            ("attribute", "status"),
        ),
        ('"金额" = "amount"', '"金额" = "amount"\n"日期 " = "region"', "mapping_header_twice", 8, ("name", "日期")),
    ],
)
def test_a_mistake_is_found_with_its_line(old: str, new: str, error: str, line: int, fact: tuple[str, object] | None):
    caught = failure(GOOD.replace(old, new, 1))
    assert (caught.key, caught.facts["line"]) == (error, line)
    assert fact is None or caught.facts[fact[0]] == fact[1]
    assert all("m.toml" in caught.words(lang) for lang in ("zh", "en"))


def test_the_line_is_looked_for_in_the_right_source():
    second = GOOD.replace("orders.csv", "二月.csv").replace('"customer_id"', '"custmer_id"')
    assert failure(GOOD + second).facts["line"] == GOOD.count("\n") + 5


def test_an_empty_range_of_a_survey_item_is_a_mistake():
    text = '[[source]]\nfiles = ["q.csv"]\ntable = "surveys"\n[source.items."推荐"]\nkind = "nps"\nlow = 10\nhigh = 0\n'
    assert (failure(text).key, failure(text).facts["line"]) == ("mapping_empty_range", 4)


@pytest.mark.parametrize(
    ("entries", "key"),
    [
        ('kind = "nps"\nlow = 1\nhigh = 5', "mapping_nps_scale"),
        ('low = 1\nhigh = 5\nwords = {"好" = 6}', "mapping_words_off_scale"),
        ("reversed = true", "mapping_reversed_without_scale"),
        ('choices = ["甲", "乙"]', "mapping_choices_without_separator"),
        ('words = {"好" = "5"}', "mapping_wrong_type"),
        ('word = {"好" = 5}', "mapping_unknown_entry_near"),
    ],
)
def test_a_survey_item_that_cannot_be_is_a_mistake_with_its_line(entries: str, key: str):
    text = f'[[source]]\nfiles = ["q.csv"]\ntable = "surveys"\n[source.items."推荐"]\n{entries}\n'
    caught = failure(text)
    assert caught.key == key
    assert caught.facts["line"] in (4, 5, 6, 7)
    assert all("m.toml" in caught.words(lang) for lang in ("zh", "en"))


def test_a_bad_date_format_is_a_mistake():
    assert (
        failure(GOOD.replace("[source.columns]", 'date_format = "%d/%m"\n[source.columns]')).key
        == "unknown_date_format"
    )


def test_a_missing_mapping_file_is_told(tmp_path: Path):
    with pytest.raises(LoadError) as caught:
        Mapping.read(tmp_path / "none.toml")
    assert caught.value.key == "mapping_not_found"


def test_a_mapping_file_in_another_encoding_is_told(tmp_path: Path):
    (tmp_path / "m.toml").write_bytes(GOOD.encode("gb18030"))
    with pytest.raises(LoadError) as caught:
        Mapping.read(tmp_path / "m.toml")
    assert caught.value.key == "mapping_not_readable"


def test_a_source_is_found_by_the_file_name_and_the_sheet():
    february = replace(ORDERS, sheet="二月")
    mapping = Mapping((ORDERS, february, replace(ORDERS, decimal=".")))
    assert mapping.sources_for("2024/订单.CSV") == (ORDERS, february)
    assert mapping.sources_for("客户.csv") == ()
    assert mapping.sources_for("订单.csv", "二月") == (february,)


def test_a_moment_is_enough_where_a_day_is_needed():
    source = SourceMapping(("a",), "transactions", columns={"t": "occurred_at", "v": "amount"})
    assert source.lacking() == ()
    assert replace(source, columns={}).lacking() == ("day", "amount / quantity + unit_price")
