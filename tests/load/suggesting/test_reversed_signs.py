"""Sales that are written with a minus are asked about: a ledger of stored value, an account of revenue."""

from __future__ import annotations

from datetime import date

import pytest

from workbench.load import Mapping, answered, load, suggest_mapping

TODAY = date(2026, 1, 1)
STORED_VALUE = [
    "L1,13800000001,充值,500.00,2024-03-01",
    "L2,13800000001,消费,-120.50,2024-03-02",
    "L3,13800000002,充值,1000.00,2024-03-02",
    "L4,13800000002,消费,-88.00,2024-03-05",
    "L5,13800000002,消费,-45.00,2024-03-07",
    "L6,13800000002,退款,45.00,2024-03-08",
]
ACCOUNT = ["A1,2024-01-05,C1,-100", "A2,2024-01-06,C1,-30", "A3,2024-01-07,C2,-55.5", "A4,2024-01-08,C2,20"]


def settled(path, store, **answers: str) -> Mapping:
    """Answer all questions of a file: those given, the others as suggested."""
    mapping = suggest_mapping(path)
    while mapping.questions:
        question = mapping.questions[0]
        value = str(question.facts.get("value"))
        choice = answers.get(value) or answers.get(question.key) or str(question.facts.get("suggested") or "")
        assert choice in question.choices, f"{question.key} {question.facts} {list(question.choices)}"
        mapping = answered(mapping, question, choice)
    mapping.save(store.with_suffix(".toml"))
    load(path, store=store, mapping=store.with_suffix(".toml"), today=TODAY)
    return mapping


def test_what_leaves_an_account_of_stored_value_is_what_the_customer_paid(write, store, column_of):
    path = write(*STORED_VALUE, header="流水号,会员手机号,交易类型,变动金额,交易时间")
    words = {"which_column": "会员手机号", "充值": "no_sale", "退款": "refund", "negative_sales": "paid"}
    mapping = settled(path, store, **words)
    assert mapping.sources[0].units == {"变动金额": -1}
    kept = dict(zip(column_of("transactions", "order_id"), column_of("transactions", "amount"), strict=True))
    counted = dict(zip(column_of("transactions", "order_id"), column_of("transactions", "is_purchase"), strict=True))
    assert {name: float(kept[name]) for name in ("L2", "L4", "L5", "L6")} == {
        "L2": 120.5, "L4": 88, "L5": 45, "L6": -45,
    }  # fmt: skip
    assert [name for name, is_purchase in counted.items() if is_purchase] == ["L2", "L4", "L5"]


@pytest.mark.parametrize(("choice", "amounts"), [("paid", [100, 30, 55.5, -20]), ("back", [-100, -30, -55.5, 20])])
def test_an_account_of_revenue_is_never_taken_for_refunds_in_silence(write, store, column_of, choice, amounts):
    path = write(*ACCOUNT, header="订单号,日期,客户编号,金额")
    question = next(one for one in suggest_mapping(path).questions if one.key == "negative_sales")
    assert question.choices == {
        "paid": ("-100 → 100", "-30 → 30", "-55.5 → 55.5"), "back": ("-100", "-30", "-55.5"),
    }  # fmt: skip
    assert (question.facts["count"], question.facts["suggested"]) == (3, "")
    settled(path, store, negative_sales=choice)
    assert [float(one) for one in column_of("transactions", "amount")] == amounts


def test_thousands_with_a_minus_keep_their_unit_whichever_is_answered_first(write):
    path = write(*ACCOUNT, header="订单号,日期,客户编号,金额（万元）")
    mapping = suggest_mapping(path)
    by_key = {one.key: one for one in mapping.questions}
    one = answered(answered(mapping, by_key["negative_sales"], "paid"), by_key["amount_unit"], "10000")
    other = answered(answered(mapping, by_key["amount_unit"], "10000"), by_key["negative_sales"], "paid")
    assert one.sources[0].units == other.sources[0].units == {"金额(万元)": -10000}
    plain = answered(one, by_key["amount_unit"], "1")
    assert plain.sources[0].units == {"金额(万元)": -1}


def test_pieces_that_leave_the_stock_are_sold(write, store, column_of):
    rows = ["A1,2024-01-05,C1,-2,50", "A2,2024-01-06,C1,-1,30", "A3,2024-01-07,C2,1,50"]
    settled(write(*rows, header="单号,日期,客户编号,数量,单价"), store, negative_sales="paid")
    assert [float(one) for one in column_of("transactions", "amount")] == [100, 30, -50]
    assert [float(one) for one in column_of("transactions", "quantity")] == [2, 1, -1]
    assert column_of("transactions", "is_purchase") == [True, True, False]


def test_a_ledger_of_stock_with_amounts_above_zero_sells_its_pieces(write, store, column_of):
    rows = ["A1,2024-01-05,C1,-2,100", "A2,2024-01-06,C1,-1,30", "A3,2024-01-07,C2,-1,50"]
    settled(write(*rows, header="单号,日期,客户编号,数量,金额"), store, negative_pieces="sale")
    assert [float(one) for one in column_of("transactions", "quantity")] == [2, 1, 1]
    assert column_of("transactions", "is_purchase") == [True, True, True]


@pytest.mark.parametrize(
    ("rows", "name"),
    [
        (["A1,2024-01-05,C1,100", "A2,2024-01-06,C1,-30", "A3,2024-01-07,C2,55"], "销售.csv"),  # a few came back
        (["A1,2024-01-05,C1,-100", "A2,2024-01-06,C1,-30"], "退货单.csv"),
    ],
)
def test_refunds_among_sales_and_sheets_of_returns_are_no_question(tmp_path, rows, name):
    path = tmp_path / name
    path.write_text("\n".join(["订单号,日期,客户编号,金额", *rows]), encoding="utf-8")
    assert "negative_sales" not in [one.key for one in suggest_mapping(path).questions]
