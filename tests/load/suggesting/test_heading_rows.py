"""Reports whose customers stand on rows of their own, above their sales and with a total below."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from workbench.i18n import LANGUAGES
from workbench.load import Mapping, answered, load, suggest_mapping
from workbench.load.reporting.sentences import choice_words, question_words
from workbench.store import open_store

TODAY = date(2026, 1, 1)

BY_CUSTOMER = """My Company
Sales by Customer Detail
January 2024

,Date,Transaction Type,Num,Product/Service,Qty,Sales Price,Amount,Balance
Acme Ltd,,,,,,,,
,01/15/2024,Invoice,1001,Widget,2,10.00,20.00,20.00
,01/17/2024,Invoice,1004,Widget,1,10.00,10.00,30.00
Total for Acme Ltd,,,,,,,$30.00,
Total Forwarding,,,,,,,,
,01/16/2024,Invoice,1002,Gadget,1,50.00,50.00,50.00
,01/20/2024,Credit Memo,1005,Gadget,-1,50.00,-50.00,0.00
,01/21/2024,Invoice,1006,Gadget,1,50.00,50.00,50.00
Total for Total Forwarding,,,,,,,$50.00,
TOTAL,,,,,,,$80.00,
"""
LEDGER = """客户,日期,单据号,存货名称,数量,单价,金额
红星公司,,,,,,
,2024-01-05,XS001,螺丝,10,1.50,15.00
,2024-01-07,XS003,螺母,5,2.00,10.00
红星公司小计,,,,15,,25.00
光明公司,,,,,,
,2024-01-06,XS002,螺丝,20,1.50,30.00
光明公司小计,,,,20,,30.00
合计,,,,35,,55.00
"""


def settled(path: Path, **said: str) -> tuple[Mapping, list[str]]:
    """The suggestion with every question answered as is said, or as suggested; and the questions' keys."""
    mapping, keys = suggest_mapping(path), []
    while mapping.questions:
        question = mapping.questions[0]
        for lang in LANGUAGES:
            assert "{" not in question_words(question, lang)
            assert all(choice_words(question, choice, lang) for choice in question.choices)
        keys.append(question.key)
        place = str(question.facts.get("value", question.key))
        mapping = answered(mapping, question, said.get(place, str(question.facts["suggested"])))
    return mapping, keys


@pytest.mark.parametrize(
    ("text", "said", "headings", "paid"),
    [
        (
            BY_CUSTOMER,
            {"which_customer": "column_1", "Invoice": "sale", "Credit Memo": "refund"},
            2,
            {"Acme Ltd": "30", "Total Forwarding": "50"},
        ),
        (LEDGER, {}, 2, {"红星公司": "25", "光明公司": "30"}),
    ],
)
def test_names_above_their_sales_are_the_customers_of_these(text, said, headings, paid, tmp_path, store):
    """Before, all sales were nobody's, and the names were rejected for a missing day."""
    (tmp_path / "report.csv").write_text(text, encoding="utf-8")
    mapping, keys = settled(tmp_path / "report.csv", **said)
    assert "heading_rows" in keys
    mapping.save(tmp_path / "m.toml")
    report = load(tmp_path / "report.csv", store=store, mapping=tmp_path / "m.toml", today=TODAY)
    assert (report.rows_rejected, report.files[0].ignored["heading"]) == (0, headings)
    with open_store(store) as opened:
        sales = opened.transactions
        sums = opened.collect(sales.group_by("customer_id").aggregate(cents=(sales.amount * 100).cast("int64").sum()))
    assert {who: Decimal(cents) / 100 for who, cents in sums.itertuples(index=False)} == {
        who: Decimal(money) for who, money in paid.items()
    }


def test_a_name_in_each_row_and_a_lone_name_below_are_no_headings(tmp_path):
    lines = ["客户,日期,单据号,金额", "红星,2024-01-05,X1,15.00", ",2024-01-06,X2,10.00", "光明,,,"]
    (tmp_path / "x.csv").write_text("\n".join(lines), encoding="utf-8")
    assert "heading_rows" not in [one.key for one in suggest_mapping(tmp_path / "x.csv").questions]


def test_who_says_that_they_are_no_headings_has_them_rejected(tmp_path, store):
    (tmp_path / "report.csv").write_text(LEDGER, encoding="utf-8")
    mapping, _ = settled(tmp_path / "report.csv", heading_rows="no")
    assert mapping.sources[0].heading_column is None
    report = load(tmp_path / "report.csv", store=store, mapping=mapping, today=TODAY)
    assert report.rows_rejected == 2
