"""Visits without money are purchases that count: who came when is known, what was paid is unknown and never 0."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from tests.load.conftest import ORDERS
from workbench.analyses import customer_facts
from workbench.errors import LoadError
from workbench.i18n import LANGUAGES
from workbench.load import Mapping, answered, load, suggest_mapping
from workbench.load.mapping.mapping_file import parse_mapping
from workbench.load.reporting.sentences import choice_words, question_words
from workbench.store import open_store

LOG = ("1,2024-01-01", "2,2024-01-01", "2,2024-12-19", "3,2024-01-01", "3,2024-01-10")


def parsed(text: str) -> Mapping:
    return Mapping(parse_mapping(text)[0].sources)


def facts_of(store) -> pd.DataFrame:
    with open_store(store) as opened:
        facts = customer_facts(opened.transactions, as_of=date(2024, 12, 31))
        return opened.collect(facts.order_by("customer_id")).set_index("customer_id")


@pytest.mark.parametrize("name", ["event_log.csv", "visits.csv", "到店记录.csv"])
def test_visits_are_suggested_as_purchases_that_count(name: str, write, store):
    path = write(*LOG, header="cust,date", name=name)
    mapping = suggest_mapping(path)
    (question,) = mapping.questions
    assert (question.key, question.facts["because"], question.facts["suggested"]) == (
        "which_table", "no_money", "transactions",
    )  # fmt: skip
    report = load(path, store=store, mapping=answered(mapping, question, "transactions"))
    assert report.rows_loaded == 5
    facts = facts_of(store)
    assert facts["frequency"].tolist() == [1, 2, 2]
    assert facts["recency_days"].tolist() == [365, 12, 356]
    assert facts["monetary"].isna().all(), "unknown is not 0"
    assert [one.key for one in report.problems] == ["money_unknown"]


def test_calls_and_visits_beside_sales_are_suggested_as_contacts(write):
    calls = suggest_mapping(write(*LOG, header="cust,date", name="回访.csv"))
    assert calls.questions[0].facts["suggested"] == "interactions"
    sales = write("A,1,2024-05-01,10", "B,2,2024-05-02,20", header="order_id,cust,date,amount", name="sales.csv")
    beside = suggest_mapping([sales, write(*LOG, header="cust,date", name="log.csv")])
    (question,) = beside.questions
    assert question.facts["suggested"] == "interactions"
    assert [source.table for source in beside.sources] == ["transactions", "interactions"]


def test_sales_of_goods_without_prices_ask_for_the_amount_and_can_do_without(write, store):
    path = write(
        "A,K1,2024-05-01,P1,2", "B,K1,2024-06-01,P2,0", header="订单号,会员号,下单日期,商品编码,数量", name="订单.csv"
    )
    mapping = suggest_mapping(path)
    (question,) = [one for one in mapping.questions if one.key == "which_amount"]
    assert list(question.choices)[-2:] == ["no_amount", "leave"]
    for lang in LANGUAGES:
        assert "{" not in question_words(question, lang)
        assert choice_words(question, "no_amount", lang) != "no_amount"
    assert answered(mapping, question, "数量").sources[0].columns["数量"] == "amount"
    free = answered(mapping, question, "no_amount")
    load(path, store=store, mapping=free)
    assert facts_of(store)["frequency"].tolist() == [1], "nothing was bought where the quantity is 0"


def test_a_visit_that_was_cancelled_or_paid_back_does_not_count(write, store):
    path = write(
        "K1,2024-05-01,已完成", "K1,2024-06-01,已取消", "K1,2024-07-01,退款成功", header="会员号,日期,订单状态"
    )
    source = parsed(
        '[[source]]\nfiles = ["*"]\ntable = "transactions"\nmoney = "unknown"\n[source.columns]\n'
        '"会员号" = "customer_id"\n"日期" = "day"\n"订单状态" = "status"\n'
        '[source.meanings."订单状态"]\n"已完成" = "sale"\n"退款成功" = "refund"\n'
    )
    report = load(path, store=store, mapping=source)
    assert facts_of(store)["frequency"].tolist() == [1]
    words = report.text("zh")
    assert "不计为购买" in words
    assert "0.00" not in words


def test_visits_without_money_never_stand_beside_sales_with_it(write, store):
    load(write("A,K1,2024-05-01,10", header="订单号,客户编号,下单日期,金额"), store=store, mapping=Mapping((ORDERS,)))
    visits = write(*LOG, header="cust,date", name="log.csv")
    mapping = suggest_mapping(visits)
    with pytest.raises(LoadError) as refused:
        load(visits, store=store, mapping=answered(mapping, mapping.questions[0], "transactions"))
    assert refused.value.key == "money_mixed"
    assert refused.value.facts["files"] == ["log.csv"]
    with open_store(store) as opened:
        assert opened.snapshot.tables["transactions"] == 1


@pytest.mark.parametrize(
    ("more", "key"),
    [('"M" = "amount"', "mapping_money_known"), ('"M" = "unit_price"', "mapping_money_known"), ("", "")],
)
def test_a_mapping_says_that_money_is_unknown_or_where_it_is_and_not_both(more: str, key: str, tmp_path):
    text = (
        f'[[source]]\nfiles = ["x"]\ntable = "transactions"\nmoney = "unknown"\n[source.columns]\n"D" = "day"\n{more}\n'
    )
    if key:
        with pytest.raises(LoadError) as refused:
            parsed(text)
        assert (refused.value.key, refused.value.facts["line"]) == (key, 4)
    else:
        mapping = parsed(text)
        assert mapping.sources[0].money == "unknown"
        mapping.save(tmp_path / "m.toml")
        assert Mapping.read(tmp_path / "m.toml") == mapping


def test_the_next_months_visits_come_beside_and_repeated_ones_are_asked_about(write, store):
    january = write(*LOG, header="cust,date", name="visits_01.csv")
    mapping = suggest_mapping(january)
    rules = answered(mapping, mapping.questions[0], "transactions")
    wide = Mapping(tuple(replace(one, files=("visits*.csv",)) for one in rules.sources))
    load(january, store=store, mapping=wide)
    both = write(*LOG, "4,2024-12-20", header="cust,date", name="visits_02.csv")
    report = load(both, store=store, mapping=wide)
    assert [one.key for one in report.questions] == ["overlap"]
    assert "—" in question_words(report.questions[0], "en")
