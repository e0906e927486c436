"""Loading in the terminal: questions one after another, as suggested with --yes, and what undoes a load."""

from __future__ import annotations

import sqlite3
from functools import partial
from pathlib import Path

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

from workbench import cli, terminal
from workbench.load import Mapping
from workbench.load.questions import Question
from workbench.store import open_store

DOWN, ENTER = "\x1b[B", "\r"
ORDERS = "订单号,会员号,下单日期,单价,数量,实付金额,订单状态\n" + "".join(
    f"A{order},M{order % 2},2024-05-0{order},10.00,{piece},99.00,{'部分退款' if order == 1 else '已完成'}\n"
    for order in range(1, 5)
    for piece in (1, 2)
)


@pytest.fixture
def orders(tmp_path: Path) -> Path:
    path = tmp_path / "订单.csv"
    path.write_text(ORDERS, encoding="utf-8")
    return path


@pytest.fixture
def keys(monkeypatch):
    """Press keys in a terminal that a person watches."""
    monkeypatch.setattr(terminal, "is_watched", lambda: True)
    with create_pipe_input() as pipe, create_app_session(input=pipe, output=DummyOutput()):
        yield pipe.send_text


def total(store: Path) -> float:
    with open_store(store) as opened:
        lines = opened.table("transactions").filter(lambda line: ~line.is_cancelled)
        return float(opened.collect(lines.aggregate(total=lines.amount.cast("float64").sum()))["total"].iloc[0])


def run(*words: object) -> int:
    return cli.main([*map(str, words), "--lang", "zh"])


def test_questions_are_asked_one_after_another_with_the_suggestion_preselected(orders, tmp_path, keys, capsys):
    store = tmp_path / "crm.store"
    keys(ENTER)  # the total of the order, as suggested
    keys(DOWN + ENTER)  # 部分退款: not sold
    assert run("load", orders, "--store", store) == 0
    assert total(store) == 297
    said = capsys.readouterr().out
    assert "“订单状态”为“部分退款”（未成交，不计入）：2 行" in said
    assert "--save-mapping mapping.toml" in said


def test_an_answer_may_wait_and_nothing_is_loaded(orders, tmp_path, keys, capsys):
    keys(DOWN * 2 + ENTER)
    assert run("load", orders, "--store", tmp_path / "crm.store") == 1
    assert not (tmp_path / "crm.store").exists()
    assert "整单金额" in capsys.readouterr().out


def test_yes_takes_the_suggestions_and_leaves_open_what_has_none(orders, tmp_path, capsys):
    assert run("load", orders, "--store", tmp_path / "crm.store", "--yes") == 1
    said = capsys.readouterr().out
    assert "部分退款" in said
    assert "整单金额" not in said
    orders.write_text(ORDERS.replace("部分退款", "已完成"), encoding="utf-8")
    assert run("load", orders, "--store", tmp_path / "crm.store", "--yes") == 0
    assert total(tmp_path / "crm.store") == 396


def test_answers_that_were_saved_beside_the_files_serve_the_next_month(orders, tmp_path, keys, capsys):
    store, mapping = tmp_path / "crm.store", tmp_path / "mapping.toml"
    keys(ENTER + DOWN + ENTER)
    assert run("load", orders, "--store", store, "--save-mapping", mapping) == 0
    assert Mapping.read(mapping).sources[0].meanings["订单状态"]["部分退款"] == "no_sale"
    june = ORDERS.replace("2024-05", "2024-06").replace("\nA", "\nB")
    orders.with_name("订单.csv").unlink()
    (tmp_path / "订单.csv").write_text(june, encoding="utf-8")
    keys(ENTER)  # another month under the same name: beside the earlier one
    assert run("load", tmp_path / "订单.csv", "--store", store) == 0
    assert "使用文件旁边的映射" in capsys.readouterr().out
    assert total(store) == 594


def test_another_table_is_looked_at_again(tmp_path):
    path = tmp_path / "名单.csv"
    path.write_text("编号,备注\n1,甲\n2,乙\n", encoding="utf-8")
    interview = terminal.Interview([path], lambda question: "customers" if question.key == "which_table" else "编号")
    rules = interview.rules(Mapping(), [Question("which_table", "名单.csv", {"sheet": None}, {"customers": ()})])
    assert [source.table for source in rules.sources] == ["customers"]


def test_a_load_is_undone_and_a_source_taken_out(orders, tmp_path, capsys):
    store = tmp_path / "crm.store"
    orders.write_text(ORDERS.replace("部分退款", "已完成"), encoding="utf-8")
    assert run("load", orders, "--store", store, "--yes") == 0
    other = tmp_path / "补单.csv"
    other.write_text("订单号,会员号,下单日期,实付金额\nZ1,M9,2024-07-01,1000\n", encoding="utf-8")
    assert run("load", other, "--store", store, "--yes") == 0
    assert total(store) == 1396
    capsys.readouterr()
    assert run("restore", "--store", store) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 2
    assert "补单.csv" in lines[0]
    assert run("restore", lines[1].split()[0], "--store", store) == 0
    assert total(store) == 396
    assert run("restore", lines[0].split()[0], "--store", store) == 0
    assert run("remove", "--store", store) == 0
    assert run("remove", "补单.csv", "--store", store) == 0
    assert total(store) == 396
    assert run("remove", "补单.csv", "--store", store) == 1
    assert "数据仓中没有来源 补单.csv" in capsys.readouterr().err


def test_customers_are_erased_after_a_yes_only(orders, tmp_path, capsys):
    store = tmp_path / "crm.store"
    orders.write_text(ORDERS.replace("部分退款", "已完成"), encoding="utf-8")
    run("load", orders, "--store", store, "--yes")
    assert run("erase", "M1", "--store", store) == 1
    assert total(store) == 396
    assert run("erase", "M1", "--store", store, "--yes") == 0
    assert total(store) == 198


def test_every_question_can_be_asked_in_both_languages(keys):
    question = Question(
        "status_value",
        "a.csv",
        {"header": "状态", "value": "甲", "count": 3, "suggested": "sale"},
        {"sale": (), "refund": ("x",)},
    )
    for lang in ("zh", "en"):
        keys(DOWN + ENTER)
        assert partial(terminal.choose, lang=lang)(question) == "refund"


def test_the_tables_of_a_database_are_ticked_with_the_space_bar(keys, tmp_path):
    path, store = tmp_path / "shop.sqlite", tmp_path / "crm.store"
    with sqlite3.connect(path) as con:
        for table in ("archive", "customers"):
            con.execute(f"CREATE TABLE {table} (customer_id TEXT, name TEXT, region TEXT)")
            con.execute(f"INSERT INTO {table} VALUES ('C-{table}', 'Ann', 'North')")  # noqa: S608 - two names from here
    con.close()
    keys(DOWN + " " + "\t" + ENTER)
    assert run("load", path, "--store", store) == 0
    with open_store(store) as opened:
        assert opened.collect(opened.customers)["customer_id"].tolist() == ["C-customers"]


def test_who_ticks_no_table_is_told_how_to_name_one(keys, tmp_path, capsys):
    path = tmp_path / "shop.sqlite"
    with sqlite3.connect(path) as con:
        con.execute("CREATE TABLE one (x)")
        con.execute("CREATE TABLE two (x)")
    con.close()
    keys("\t" + ENTER)
    assert run("check", path) == 1
    assert "sqlite:///shop.sqlite 中有多张表：one、two。" in capsys.readouterr().err
