"""A year, a wave, a month or a shop that only the file's name says becomes a column, by a question or the mapping."""

from __future__ import annotations

from pathlib import Path

import pytest

from workbench.errors import LoadError
from workbench.i18n import LANGUAGES
from workbench.load import Mapping, answered, load, suggest_mapping
from workbench.load.mapping.mapping_file import parse_mapping
from workbench.load.reporting.sentences import choice_words, question_words
from workbench.load.suggesting.name_parts import differing_parts
from workbench.store import open_store

ORDERS = "订单号,会员号,下单日期,金额\nA,K1,2024-01-01,5\nB,K2,2024-01-02,7\n"
SUMS = "会员号,金额\nK1,5\nK2,7\n"
ANSWERS = "答卷编号,您的总体满意度(1-5)\n1,5\n2,4\n3,1\n"


def written(folder: Path, text: str, *names: str) -> list[Path]:
    """Write files alike, each with other numbers of its own, so that none is the other's copy."""
    for number, name in enumerate(names):
        own = text.replace(",5\n", f",{5 - number}\n").replace(",K", f",M{number}")
        (folder / name).write_text(own, encoding="utf-8")
    return [folder / name for name in names]


def loaded(paths: list[Path], store: Path) -> list[str]:
    mapping, keys = suggest_mapping(paths), []
    while mapping.questions:
        question = mapping.questions[0]
        keys.append(question.key)
        mapping = answered(mapping, question, str(question.facts["suggested"]))
    assert not load(paths, store=store, mapping=mapping).questions
    return keys


@pytest.mark.parametrize(
    ("text", "names", "table", "column", "values"),
    [
        (ORDERS, ("订单_上海店.csv", "订单_北京店.csv"), "transactions", "region", ["上海店", "北京店"]),
        (ORDERS, ("华东订单.csv", "华南订单.csv"), "transactions", "region", ["华东", "华南"]),
        (ORDERS, ("orders-north.csv", "orders-south.csv"), "transactions", "region", ["north", "south"]),
        (ANSWERS, ("满意度_2023.csv", "满意度_2024.csv"), "surveys", "year", ["2023", "2024"]),
        (ANSWERS, ("survey_wave1.csv", "survey_wave2.csv"), "surveys", "wave", ["wave1", "wave2"]),
        (ANSWERS, ("问卷 第1波.csv", "问卷 第2波.csv"), "surveys", "wave", ["第1波", "第2波"]),
        (ANSWERS, ("satisfaction 2024-01.csv", "satisfaction 2024-02.csv"), "surveys", "day",
         ["2024-01-31", "2024-02-29"]),
    ],
)  # fmt: skip
def test_what_files_differ_in_is_proposed_as_a_column(text, names, table, column, values, tmp_path):
    store = tmp_path / "crm.store"
    assert "part_of_name" in loaded(written(tmp_path, text, *names), store)
    with open_store(store) as opened:
        rows = opened.collect(opened.table(table).select("source_id", value=opened.table(table)[column].cast("string")))
    assert rows.groupby("source_id")["value"].unique().map(list).tolist() == [[value] for value in values]
    assert len(rows) == 2 * (2 if table == "transactions" else 3), "two waves number their people alike"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (ORDERS, ("orders_2024_01.csv", "orders_2024_02.csv")),
        (ORDERS, ("orders_old.csv", "orders_new.csv")),
        (ORDERS, ("orders (1).csv", "orders (2).csv")),
        (ORDERS.replace("订单号", "区域"), ("订单_上海店.csv", "订单_北京店.csv")),
        (ANSWERS.replace("答卷编号", "年份"), ("满意度_2023.csv", "满意度_2024.csv")),
    ],
)
def test_what_a_column_holds_already_or_no_column_could_is_not_asked(text: str, names, tmp_path):
    mapping = suggest_mapping(written(tmp_path, text, *names))
    assert [one for one in mapping.questions if one.key == "part_of_name"] == []
    assert all(not source.fixed for source in mapping.sources)


def test_a_part_of_the_name_can_be_refused_and_reads_well(tmp_path):
    mapping = suggest_mapping(written(tmp_path, ORDERS, "订单_上海店.csv", "订单_北京店.csv"))
    (question,) = mapping.questions
    for lang in LANGUAGES:
        assert "上海店" in question_words(question, lang)
        assert all(choice_words(question, choice, lang) != choice for choice in question.choices)
    assert answered(mapping, question, "leave").sources[0].fixed == {}
    kept = answered(mapping, question, "region")
    kept.save(tmp_path / "m.toml")
    assert Mapping.read(tmp_path / "m.toml").sources == kept.sources


def test_a_constant_stands_in_every_row_and_next_months_file_has_its_own_part(tmp_path):
    text = """[[source]]
files = ["sums_*.csv"]
table = "transactions"
[source.columns]
"会员号" = "customer_id"
"金额" = "amount"
[source.fixed]
channel = {constant = "门店"}
day = {file_name = "[0-9-]+$"}
"批次" = {file_name = "^(sums)"}
"""
    store, mapping = tmp_path / "crm.store", Mapping(parse_mapping(text)[0].sources)
    for path in written(tmp_path, SUMS, "sums_2024-01.csv", "sums_2024-02.csv"):
        load(path, store=store, mapping=mapping)
    with open_store(store) as opened:
        rows = opened.collect(opened.transactions.order_by("day", "customer_id"))
    assert [str(day)[:10] for day in rows["day"]] == ["2024-01-31"] * 2 + ["2024-02-29"] * 2
    assert set(rows["channel"]) == {"门店"}
    assert set(rows["批次"]) == {"sums"}
    assert rows["is_purchase"].all()
    (tmp_path / "sums_x.csv").write_text(SUMS.replace("5", "8"), encoding="utf-8")
    with pytest.raises(LoadError) as refused:
        load(tmp_path / "sums_x.csv", store=store, mapping=mapping)
    assert refused.value.key == "name_does_not_fit"


@pytest.mark.parametrize(
    ("entry", "key"),
    [
        ('region = {constant = "a", file_name = "b"}', "mapping_fixed_column"),
        ("region = {}", "mapping_fixed_column"),
        ('region = {file_name = "("}', "mapping_wrong_pattern"),
        ('region = {pattern = "x"}', "mapping_unknown_entry"),
        ('amount = {constant = "1"}', "mapping_column_twice"),
        ('is_purchase = {constant = "1"}', "mapping_unknown_column"),
    ],
)
def test_a_wrong_entry_is_named_with_its_line(entry: str, key: str):
    text = '[[source]]\nfiles = ["x"]\ntable = "transactions"\n[source.columns]\n"D" = "day"\n"M" = "amount"\n'
    with pytest.raises(LoadError) as refused:
        parse_mapping(f"{text}[source.fixed]\n{entry}\n")
    assert refused.value.key.startswith(key)


def test_parts_are_whole_words_and_keep_their_units():
    assert differing_parts(["上海店订单", "北京店订单"]) == ("", ("上海店", "北京店"), "订单")
    assert differing_parts(["survey2023", "survey2024"]) == ("survey", ("2023", "2024"), "")
    assert differing_parts(["a_2023_b", "a_2024_b"]) == ("a_", ("2023", "2024"), "_b")
