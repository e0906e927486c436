"""Discounts and taxes beside a price: asked with the choices the values allow, silent where the amount holds them."""

from __future__ import annotations

from datetime import date

import pytest

from workbench.load import answered, load, suggest_mapping
from workbench.load.suggesting.column_shapes import RowSample
from workbench.load.suggesting.suggest import suggest
from workbench.store import open_store

LINES = [("A1", "C1", "2024-01-05", 2, 100), ("A2", "C2", "2024-01-06", 1, 100), ("A3", "C1", "2024-01-07", 3, 10)]


def asked(write, header: str, *columns: tuple[object, ...], name: str = "销售.csv"):
    path = write(
        *(",".join(map(str, (*line, *further))) for line, *further in zip(LINES, *columns, strict=True)),
        name=name, header=f"订单号,客户编号,日期,数量,{header}",
    )  # fmt: skip
    mapping = suggest_mapping(path)
    return path, mapping, [one for one in mapping.questions if one.key == "price_change"]


@pytest.mark.parametrize(
    ("header", "values", "choices", "suggested"),
    [
        ("折扣率", ("0.8", "0.9", "1"), ["times", "less_share"], ""),
        ("折扣", ("8折", "九五折", "无"), ["times"], "times"),
        ("折扣", ("20%", "10%", "0%"), ["times", "less_share"], ""),
        ("Discount %", ("20", "10", "0"), ["times_percent", "less_percent"], ""),
        ("折扣", ("8", "9.5", "10"), ["times_tenths", "less_percent", "less"], ""),
        ("折扣", ("20% off", "10% OFF", ""), ["less_share"], "less_share"),
        ("优惠金额", ("40", "10", "0"), ["less"], "less"),
        ("coupon", ("-40", "-10.5", "0"), ["less"], "less"),
        ("税率", ("13%", "13%", "6%"), ["plus_share"], ""),
        ("税额", ("26", "13", "3.9"), ["plus"], ""),
    ],
)
def test_the_values_decide_what_is_offered(header, values, choices, suggested, write):
    _, mapping, (question,) = asked(write, f"单价,{header}", values)
    offered = [choice for choice in question.choices if choice != "plus_percent"]
    assert offered == [*choices, "included"]
    assert question.facts["suggested"] == suggested
    assert dict(mapping.sources[0].price_changes) == ({header: suggested} if suggested else {})


def test_each_choice_shows_what_lines_come_to_and_the_answer_is_loaded(write, store):
    path, mapping, (question,) = asked(write, "单价,折扣率", ("0.8", "0.9", "1"))
    assert question.choices["times"][0] == "200.00, 0.8 → 160.00"
    assert question.choices["included"][0] == "200.00"
    assert answered(mapping, question, "included").sources[0].price_changes == {}
    report = load(path, store=store, mapping=answered(mapping, question, "times"))
    assert report.text("zh").count("变动 -50.00") == 1


@pytest.mark.parametrize(
    ("header", "columns"),
    [
        ("单价,金额,优惠金额", [(160, 90, 30), (40, 10, 0)]),
        ("单价,实付金额,优惠金额", [(200, 100, 30), (40, 10, 0)]),
        ("折后单价,折扣率", [("0.8", "0.9", "1")]),
        ("含税单价,税率", [("13%", "13%", "13%")]),
        ("售价,原价,折扣", [(125, 200, 10), ("8折", "5折", "10折")]),
        ("单价,折扣率", [("1", "1", "1")]),
    ],
)
def test_an_amount_that_holds_the_discount_is_not_asked_about(header, columns, write):
    *_, questions = asked(write, header, *columns)
    assert questions == []


def test_an_amount_that_is_quantity_times_price_is_before_the_discount(write):
    _, mapping, (question,) = asked(write, "单价,金额,优惠金额", (200, 100, 30), (40, 10, 0))
    assert (question.facts["base"], question.facts["suggested"]) == ("金额", "less")
    assert mapping.sources[0].price_changes == {"优惠金额": "less"}


def test_another_amount_ends_the_question_about_the_first(write):
    _, mapping, questions = asked(write, "单价,金额,税额,价税合计", (200, 100, 30), (26, 13, 3.9), (226, 113, 33.9))
    assert [one.facts["base"] for one in questions] == ["金额"]
    (rivals,) = [one for one in mapping.questions if one.key == "two_candidates"]
    after = answered(mapping, rivals, "价税合计")
    assert [(one.key, one.facts["suggested"]) for one in after.questions] == [("amount_of", "line")]
    assert [one.key for one in answered(mapping, rivals, "金额").questions] == ["price_change"]


def test_another_amount_is_asked_about_like_the_suggested_one(write, store):
    """Two totals that repeat within orders, and a discount that neither of them says to hold."""
    lines = [
        "A,C1,2024-01-05,100,90,10",
        "A,C1,2024-01-05,100,90,10",
        "B,C2,2024-01-05,50,45,5",
        "B,C2,2024-01-05,50,45,5",
    ]
    path = write(*lines, name="销售.csv", header="订单号,客户编号,日期,订单金额,应收金额,优惠金额")
    mapping = suggest_mapping(path)
    (rivals,) = [one for one in mapping.questions if one.key == "two_candidates"]
    for choice in rivals.choices:
        after = answered(mapping, rivals, choice)
        (total,) = [one for one in after.questions if one.key == "amount_of"]
        assert (total.facts["header"], total.facts["suggested"]) == (choice, "order")
    for question in after.questions:
        after = answered(after, question, {"amount_of": "order", "price_change": "included"}[question.key])
    load(path, store=store, mapping=after)
    with open_store(store) as opened:
        revenue = opened.collect(opened.transactions.aggregate(sum=opened.transactions.amount.sum()))["sum"][0]
    assert float(revenue) in (150, 135)


@pytest.mark.parametrize("header", ["amount_cents", "支付金额_分", "pay_sum_fen"])
def test_a_unit_behind_a_line_is_asked_about_also_where_the_amount_is_chosen(header, write):
    path = write(
        "A,C1,2024-01-05,1050", "B,C2,2024-01-06,2000", name="订单.csv", header=f"订单号,客户编号,日期,{header}"
    )
    mapping = suggest_mapping(path)
    for question in mapping.questions:
        if question.key == "which_amount":
            mapping = answered(mapping, question, header)
    (unit,) = mapping.questions
    assert (unit.key, unit.facts["suggested"]) == ("amount_unit", "0.01")


def test_a_coupon_on_every_line_of_an_order_is_offered_once_an_order(write):
    lines = ["A,C1,2024-01-05,1,60,10", "A,C1,2024-01-05,1,40,10", "B,C2,2024-01-05,1,60,5", "B,C2,2024-01-05,2,20,5"]
    path = write(*lines, name="销售.csv", header="订单号,客户编号,日期,数量,单价,优惠券金额")
    (question,) = suggest_mapping(path).questions
    assert list(question.choices) == ["less", "less_per_order", "included"]
    assert question.facts["suggested"] == "less_per_order"


@pytest.mark.parametrize(("answer", "revenue"), [("by_row", "16500.00"), ("as_written", "4501.65")])
def test_a_unit_in_each_row_is_asked_about_kept_and_heeded(answer, revenue, write, store, tmp_path):
    lines = ["A,C1,2024-01-05,1.2,万元", "B,C2,2024-01-06,4500,元", "C,C2,2024-01-07,0.45,"]
    path = write(*lines, name="合同.csv", header="订单号,客户编号,日期,金额,单位")
    mapping = suggest_mapping(path)
    (question,) = mapping.questions
    assert (question.key, question.facts["suggested"]) == ("unit_column", "by_row")
    assert question.choices["by_row"][0] == "1.2 万元 → 1.2 × 10,000"
    saved = tmp_path / "mapping.toml"
    saved.write_text(answered(mapping, question, answer).text(), encoding="utf-8")
    report = load(path, store=store, mapping=saved)
    assert report.rows_rejected == (1 if answer == "by_row" else 0), "a row without a unit is not guessed"
    with open_store(store) as opened:
        sums = opened.collect(opened.transactions.aggregate(sum=opened.transactions.amount.sum().cast("string")))
    assert sums["sum"][0] == revenue


def test_units_of_goods_are_no_units_of_money(write):
    path = write("A,C1,2024-01-05,2,60,箱", "B,C2,2024-01-06,1,40,瓶", header="订单号,客户编号,日期,数量,单价,单位")
    assert [one.key for one in suggest_mapping(path).questions] == []


def test_boxes_are_not_multiplied_by_the_price_of_a_bottle_without_a_question(write, store):
    path = write("A,C1,2024-01-05,2,5", "B,C2,2024-01-06,3,5", header="订单号,客户编号,日期,数量（箱）,单价（元/瓶）")
    mapping = suggest_mapping(path)
    (question,) = mapping.questions
    assert (question.key, question.facts["counted"], question.facts["priced"]) == ("units_of_goods", "箱", "瓶")
    load(path, store=store, mapping=answered(mapping, question, "unknown"))
    with open_store(store) as opened:
        rows = opened.collect(opened.transactions.select("amount", "is_purchase"))
    assert rows["amount"].isna().all()
    assert rows["is_purchase"].all()


@pytest.mark.parametrize(
    ("count", "price"), [("数量（瓶）", "单价（元/瓶）"), ("数量", "单价（元/瓶）"), ("数量（箱）", "单价")]
)
def test_units_that_agree_or_are_not_named_are_no_question(count, price, write):
    path = write("A,C1,2024-01-05,2,5", "B,C2,2024-01-06,3,5", header=f"订单号,客户编号,日期,{count},{price}")
    assert suggest_mapping(path).questions == ()


ADJUSTED = {
    "Order ID": ["1", "2", "3", "4"],
    "Buyer User ID": ["anna", "bob", "cat", "anna"],
    "Sale Date": ["2024-01-05", "2024-01-06", "2024-01-17", "2024-01-18"],
    "Order Total": ["35.00", "50.00", "25.00", "40.00"],
}


@pytest.mark.parametrize(
    ("header", "values", "suggested"),
    [
        ("Adjusted Order Total", ["", "20.00", "0.00", ""], "instead"),
        ("Order Total (adjusted)", ["", "", "", ""], None),
        ("Adjusted Order Total", ["0.00", "20.00", "0.00", "0.00"], ""),
        ("Adjusted Order Total", ["35.00", "50.00", "25.00", "40.00"], None),
        ("Adjusted Net Amount", ["", "20.00", "0.00", ""], ""),
    ],
)
def test_an_order_s_total_that_was_changed_later_is_asked_about(header, values, suggested):
    """Before, the first total was loaded in silence, though half of the money had gone back."""
    mapping = suggest([RowSample("x.csv", None, (*ADJUSTED, header), {**ADJUSTED, header: values})])
    questions = [one for one in mapping.questions if one.key == "price_change"]
    assert [one.facts["suggested"] for one in questions] == ([] if suggested is None else [suggested])
    assert all([*one.choices] == ["instead", "included"] for one in questions)


def test_a_total_that_was_changed_later_counts_where_there_is_one(write, store, column_of):
    lines = ["1,anna,2024-01-05,35.00,", "2,bob,2024-01-06,50.00,20.00", "3,cat,2024-01-17,25.00,0.00"]
    path = write(*lines, header="Order ID,Customer ID,Sale Date,Order Total,Adjusted Order Total")
    mapping = suggest_mapping(path)
    while mapping.questions:
        mapping = answered(mapping, mapping.questions[0], str(mapping.questions[0].facts["suggested"]))
    mapping.save(store.with_suffix(".toml"))
    load(path, store=store, mapping=store.with_suffix(".toml"), today=date(2026, 1, 1))
    assert column_of("transactions", "amount") == [35, 20, 0]


def test_what_is_without_tax_is_no_tax():
    columns = {**ADJUSTED, "Untaxed Total": ["30.00", "45.00", "20.00", "35.00"]}
    mapping = suggest([RowSample("x.csv", None, tuple(columns), columns)])
    assert "price_change" not in [one.key for one in mapping.questions]
    assert [one.key for one in mapping.questions if one.facts.get("column") == "amount"] == ["two_candidates"]
