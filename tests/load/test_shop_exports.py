"""Files as shops, platforms and ledgers write them: right by suggestion alone, or asked about with the right answer."""

# ruff: noqa: E501 - headers as the systems write them
from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from workbench.load import Mapping, answered, load, suggest_mapping
from workbench.load.reporting.sentences import choice_words, question_words
from workbench.store import open_store

TODAY = date(2026, 1, 1)

YOUZAN = """订单号,订单状态,买家昵称,商品名称,商品数量,商品单价,商品实付金额,订单实付金额,下单时间,商品退款状态,商品已退款金额
E1,交易完成,小红,面霜,1,100.00,90.00,150.00,2024-01-05 10:00:00,,0.00
E1,交易完成,小红,口红,1,70.00,60.00,150.00,2024-01-05 10:00:00,退款成功,60.00
E2,已关闭,小明,面霜,2,100.00,180.00,180.00,2024-01-06 10:00:00,,0.00
E3,待发货,小明,眉笔,2,30.00,60.00,70.00,2024-01-07 10:00:00,,0.00
E3,待发货,小明,粉底,1,10.00,10.00,70.00,2024-01-07 10:00:00,,0.00
"""
PREPAID = """会员卡号,交易时间,交易类型,交易金额,余额
V1,2024-01-05 10:00:00,充值,1000,1000
V1,2024-01-06 10:00:00,消费,100,900
V2,2024-01-08 10:00:00,消费,80,420
V2,2024-01-09 10:00:00,退款,30,450
"""
SUBTOTALS = """日期,客户编号,订单号,金额
2024-01-05,C1,A1,100
2024-01-06,C1,A3,30
2024-01-06,C1 汇总,,130
2024-01-05,C2,A2,50
2024-01-05,C2 Total,,50
2024-01-31,总计,,180
"""
STRIPE = """id,Description,Created (UTC),Amount,Amount Refunded,Currency,Converted Amount,Converted Amount Refunded,Status,Customer ID
ch_1,Order 1,2024-01-05 23:30,100.00,0.00,cny,100.00,0.00,Paid,cus_A
ch_2,Order 2,2024-01-06 10:00,60.00,20.00,cny,60.00,20.00,Paid,cus_B
ch_3,Order 3,2024-01-07 10:00,80.00,0.00,cny,80.00,0.00,Failed,cus_A
ch_4,Order 4,2024-01-08 10:00,50.00,50.00,cny,50.00,50.00,Refunded,cus_C
"""
WOOCOMMERCE = """Order Number,Order Status,Order Date,Customer ID,Cart Discount Amount,Order Refund Amount,Order Total Amount,SKU,Quantity,Item Cost
501,Completed,2024-01-05 10:00,ann,0,0,35,MUG,2,10
501,Completed,2024-01-05 10:00,ann,0,0,35,CUP,1,10
502,Refunded,2024-01-06 10:00,bob,0,20,20,POT,1,20
504,Processing,2024-01-08 10:00,cat,0,0,35,POT,1,20
504,Processing,2024-01-08 10:00,cat,0,0,35,CUP,1,10
"""
CONTRACTS = """日期,客户编号,合同编号,合同金额（万元）
2024-01-05,C1,H1,12.3456
2024-01-06,C2,H2,3.2
2024-01-07,C1,H3,7
"""
THOUSANDS = """Order ID,Customer ID,Order Date,Amount (in thousands)
1,C1,2024-01-05,12.5
2,C2,2024-01-06,3.2
"""
TAXES = """订单号,客户编号,日期,不含税金额,税额,含税金额
A1,C1,2024-01-05,100,13,113
A2,C2,2024-01-06,50,6.5,56.5
"""
FIRST_LINES = """Name,Email,Financial Status,Currency,Total,Refunded Amount,Created at,Lineitem quantity,Lineitem name,Lineitem price
#1001,ann@x.com,paid,CNY,105.00,0.00,2024-01-05 10:00:00 +0800,1,Mug,60.00
#1001,,,,,,,2,Cup,20.00
#1002,bob@x.com,paid,CNY,50.00,0.00,2024-01-06 10:00:00 +0800,1,Pot,50.00
#1003,ann@x.com,partially_refunded,CNY,80.00,30.00,2024-01-07 10:00:00 +0800,1,Pot,50.00
#1003,,,,,,,1,Lid,30.00
#1004,cat@x.com,voided,CNY,45.00,0.00,2024-01-08 10:00:00 +0800,1,Pot,20.00
#1004,,,,,,,1,Cup,25.00
"""
MERGED = """日期,单据编号,购货单位,产品代码,数量,单价,金额
2024-01-05,X1,红星,P1,10,10,100
,,,P2,5,20,100
2024-01-06,X2,光明,P1,5,10,50
2024-01-07,X3,,P1,1,10,10
合计,,,,21,,260
"""
BLOCKS = """客户名称,日期,金额
红星,2024-01-05,100
,2024-01-06,50
光明,2024-01-05,30
,2024-01-09,20
"""

FLAGS = """订单号,客户编号,日期,金额,是否退款,是否有效,取消时间
A1,C1,2024-01-05,100,否,是,
A2,C1,2024-01-06,50,是,是,
A3,C1,2024-01-07,20,否,否,
A4,C1,2024-01-08,10,否,是,2024-01-09 10:00
"""
DOCUMENTS = """单据日期,单据编号,单据类型,客户编号,金额
2024-01-05,A1,销售出库单,C1,100
2024-01-06,A2,销售退货单,C1,30
2024-01-07,A3,销售出库单,C2,50
"""
TWICE = """订单号,客户编号,日期,金额,金额
A1,C1,2024-01-05,100,90
A2,C2,2024-01-06,50,45
A3,C2,2024-01-06,30,30
"""
THOUSANDS_BY_POINT = """订单号,客户编号,日期,金额
A1,C1,2024-01-05,1.234
A2,C2,2024-01-06,12.500
A3,C2,2024-01-06,980
"""

BACKTICKS = """交易时间,公众账号ID,商户订单号,用户标识,交易状态,货币种类,应结订单金额,退款金额,退款状态,商品名称
`2024-01-05 10:00:00,`wx1,`T1,`oA,`SUCCESS,`CNY,`100.00,`0.00,`,`口红
`2024-01-06 10:00:00,`wx1,`T2,`oB,`SUCCESS,`CNY,`50.00,`0.00,`,`面霜
`2024-01-07 10:00:00,`wx1,`T1,`oA,`REFUND,`CNY,`0.00,`20.00,`SUCCESS,`口红
"""
UNIT_ABOVE = """销售日报,,,
单位：万元,,,
订单号,客户编号,日期,销售额
A1,C1,2024-01-05,1.2
A2,C2,2024-01-06,0.5
A3,C2,2024-01-06,0.55
"""
PRICE_OF_LINE = """订单号,客户编号,日期,商品编号,数量,价格,退货数量
A1,C1,2024-01-05,P1,2,20,0
A2,C2,2024-01-06,P1,1,10,0
A3,C2,2024-01-06,P1,3,30,1
A4,C2,2024-01-06,P2,2,50,0
A5,C2,2024-01-06,P2,4,100,0
"""
ITEM_PRICE = """amazon-order-id,purchase-date,buyer-id,order-status,sku,quantity,item-price
111-1,2024-01-01,B1,Shipped,SKU1,1,20.00
111-2,2024-01-02,B2,Shipped,SKU2,2,40.00
111-3,2024-01-03,B2,Shipped,SKU3,2,10.00
"""
PAYPAL = """Date,Name,Type,Status,Gross,Fee,Net,From Email Address,Transaction ID
2024-01-05,Ann,Website Payment,Completed,100.00,-3.20,96.80,a@x.com,TX1
2024-01-15,Bob,Website Payment,Completed,60.00,-2.20,57.80,b@x.com,TX2
2024-01-16,Bob,Payment Refund,Completed,-20.00,0.70,-19.30,b@x.com,TX3
2024-01-17,,General Withdrawal,Completed,-100.00,0.00,-100.00,me@x.com,TX4
2024-01-19,Cat,Website Payment,Pending,70.00,-2.20,67.80,c@x.com,TX5
"""


@pytest.mark.parametrize(
    ("text", "said", "asked_about", "paid"),
    [
        pytest.param(
            YOUZAN, {}, {"two_candidates", "amount_of", "status_value", "refund_column"},
            {"小红": "90.00", "小明": "70.00"}, id="the refund of one line of an order",
        ),
        pytest.param(
            PREPAID, {"充值": "no_sale", "退款": "refund"}, {"status_value"},
            {"V1": "100.00", "V2": "50.00"}, id="money put on a card is no sale",
        ),
        pytest.param(SUBTOTALS, {}, set(), {"C1": "130.00", "C2": "50.00"}, id="subtotals of groups"),
        pytest.param(
            STRIPE, {"time_zone": "Asia/Shanghai"}, {"time_zone", "two_candidates", "status_value", "refund_column"},
            {"cus_A": "100.00", "cus_B": "40.00", "cus_C": "0.00"}, id="money paid back once, in columns of two currencies",
        ),
        pytest.param(
            WOOCOMMERCE, {}, {"amount_of", "status_value", "refund_column"},
            {"ann": "35.00", "bob": "0.00", "cat": "35.00"}, id="a discount is not the amount",
        ),
        pytest.param(
            CONTRACTS, {}, {"is_this_it", "amount_unit"},
            {"C1": "193456.00", "C2": "32000.00"}, id="ten thousands, to the cent",
        ),
        pytest.param(THOUSANDS, {}, {"amount_unit"}, {"C1": "12500.00", "C2": "3200.00"}, id="thousands"),
        pytest.param(
            FIRST_LINES, {"which_customer": "Email", "partially_refunded": "sale"},
            {"blank_order_columns", "which_customer", "amount_of", "refund_column"},
            {"ann@x.com": "155.00", "bob@x.com": "50.00"}, id="orders whose columns stand on their first line",
        ),
        pytest.param(MERGED, {}, {"blank_order_columns"}, {"红星": "200.00", "光明": "50.00", None: "10.00"}, id="merged cells"),
        pytest.param(BLOCKS, {}, {"blank_order_columns"}, {"红星": "150.00", "光明": "50.00"}, id="a block a customer"),
        pytest.param(FLAGS, {}, {"status_value", "filled_mark"}, {"C1": "100.00"}, id="yes and no, and the day of the end"),
        pytest.param(
            DOCUMENTS, {"销售出库单": "sale", "销售退货单": "refund"}, {"status_value"},
            {"C1": "70.00", "C2": "50.00"}, id="kinds of documents",
        ),
        pytest.param(TWICE, {}, {"two_candidates"}, {"C1": "100.00", "C2": "80.00"}, id="two columns of one name"),
        pytest.param(
            THOUSANDS_BY_POINT, {"decimal_comma": ","}, {"decimal_comma"},
            {"C1": "1234.00", "C2": "13480.00"}, id="points between thousands",
        ),
        pytest.param(BACKTICKS, {}, {"refund_column"}, {"oA": "80.00", "oB": "50.00"}, id="a backtick before every cell"),
        pytest.param(UNIT_ABOVE, {}, {"amount_unit"}, {"C1": "12000.00", "C2": "10500.00"}, id="the unit above the table"),
        pytest.param(
            PRICE_OF_LINE, {}, {"price_of", "price_change"}, {"C1": "20.00", "C2": "180.00"},
            id="prices of whole lines, and pieces that came back",
        ),
        pytest.param(
            ITEM_PRICE, {"price_of": "line"}, {"price_of"}, {"B1": "20.00", "B2": "50.00"}, id="a price of either kind",
        ),
        pytest.param(
            PAYPAL, {"which_customer": "From Email Address", "Website Payment": "sale", "Payment Refund": "refund"},
            {"which_customer", "status_value"}, {"a@x.com": "100.00", "b@x.com": "40.00"}, id="gross, fee and net",
        ),
        pytest.param(TAXES, {}, {"two_candidates"}, {"C1": "113.00", "C2": "56.50"}, id="with tax or without"),
    ],
)  # fmt: skip
def test_what_customers_paid_is_loaded_by_suggestion(text, said, asked_about, paid, write, store):
    """`said` answers what has no suggestion."""
    path = write(*text.splitlines(), name="export.csv", header="")
    mapping, keys = suggest_mapping(path), set()
    while mapping.questions:
        question = mapping.questions[0]
        keys.add(question.key)
        for lang in ("zh", "en"):
            assert "{" not in question_words(question, lang)
            assert all(choice_words(question, choice, lang) for choice in question.choices)
        answer = said.get(str(question.facts.get("value", question.key)), str(question.facts.get("suggested", "")))
        mapping = answered(mapping, question, answer)
    assert asked_about <= keys
    mapping.save(store.with_suffix(".toml"))
    assert Mapping.read(store.with_suffix(".toml")) == mapping
    mapping = Mapping.read(store.with_suffix(".toml"))
    report = load(path, store=store, mapping=mapping, today=TODAY)
    assert report.questions == ()
    assert report.rows_read == report.rows_loaded + report.rows_rejected + report.rows_ignored
    with open_store(store) as opened:
        lines = opened.transactions.filter(~opened.transactions.is_cancelled)
        sums = opened.collect(lines.group_by("customer_id").aggregate(cents=(lines.amount * 100).cast("int64").sum()))
    buyers = [who if isinstance(who, str) else None for who in sums["customer_id"]]
    loaded = {who: Decimal(cents) / 100 for who, cents in zip(buyers, sums["cents"].tolist(), strict=True)}
    assert loaded == {who: Decimal(money) for who, money in paid.items()}


def test_tickets_that_are_no_complaints_are_asked_about_and_left_out(write, store):
    lines = ["W1,2024-01-05,投诉,送错", "W2,2024-01-06,咨询,问价", "W3,2024-01-07,投诉,坏了", "W4,2024-01-08,报修,漏水"]
    header = "工单编号,来电时间,工单类型,问题描述"
    path = write(*lines, name="工单.csv", header=header)
    mapping = suggest_mapping(path)
    (question,) = mapping.questions
    assert (question.key, question.facts["values"], question.facts["count"]) == ("other_tickets", ["咨询", "报修"], 2)
    report = load(path, store=store, mapping=answered(mapping, question, "yes"), today=TODAY)
    assert (report.rows_loaded, report.rows_ignored) == (2, 2)
    kept = answered(mapping, question, "no").sources[0]
    assert (kept.leave_out, {*kept.complaint_kinds["工单类型"]}) == ({}, {"投诉", "咨询", "报修"})
    answered(mapping, question, "yes").save(store.with_suffix(".toml"))
    later = ["W5,2024-02-05,服务投诉,慢", "W6,2024-02-06,Outage,没网", "W7,2024-02-07,保养,问", "W8,2024-02-08,,空"]
    write(*later, name="工单.csv", header=header)
    rules = Mapping.read(store.with_suffix(".toml"))
    report = load(path, store=store, mapping=rules, today=TODAY)
    asked_about = {one.facts["value"]: (one.key, one.facts["suggested"]) for one in report.questions}
    assert asked_about == {
        "": ("blank_tickets", ""), "Outage": ("ticket_value", ""), "保养": ("ticket_value", "other"),
    }  # fmt: skip
    said = {"": "other", "Outage": "complaint", "保养": "other"}
    for new in report.questions:
        rules = answered(Mapping(rules.sources, rules.company, (new,)), new, said[str(new.facts["value"])])
    report = load(path, store=store, mapping=rules, today=TODAY)
    assert (report.questions, report.rows_loaded, report.rows_ignored) == ((), 2, 2)
