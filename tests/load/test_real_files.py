"""Real, public files load right: their rows, their sums, their oddities."""

from __future__ import annotations

from datetime import date

import pytest

from workbench.load import Attribute, Cancelled, Item, Mapping, SourceMapping, load, read_text_table
from workbench.store import open_store

TODAY = date(2026, 1, 1)


@pytest.fixture
def loaded(shared_data, store):
    """Load one file of the shared folder by a mapping; return the report."""

    def load_file(path, **mapping):
        entry = SourceMapping(files=("*",), **mapping)
        return load(shared_data / path, store=store, mapping=Mapping((entry,)), today=TODAY)

    return load_file


@pytest.fixture
def numbers(store):
    """Collect one row of figures from the store."""

    def collect(make):
        with open_store(store) as opened:
            return opened.collect(make(opened)).iloc[0].to_dict()

    return collect


def test_online_retail_comes_to_its_published_purchases(loaded, numbers):
    report = loaded(
        "online_retail/onlineretail.parquet",
        table="transactions",
        columns={
            "InvoiceNo": "order_id",
            "StockCode": "product_id",
            "Quantity": "quantity",
            "InvoiceDate": "day",
            "UnitPrice": "unit_price",
            "CustomerID": "customer_id",
            "Country": "region",
        },
        attributes={"Description": Attribute("description")},
        cancelled=Cancelled("InvoiceNo", prefix="C"),
    )
    assert (report.rows_read, report.rows_loaded) == (541_909, 541_909)
    counted = {problem.key: problem.facts["count"] for problem in report.problems}
    assert (counted["cancelled_lines"], counted["lines_without_customer"]) == (9_288, 135_080)

    def purchases(opened):
        bought = opened.transactions.filter(opened.transactions.is_purchase)
        return bought.aggregate(
            lines=bought.count(),
            invoices=bought.order_id.nunique(),
            customers=bought.customer_id.nunique(),
            money=bought.amount.sum(),
        )

    assert numbers(purchases) == {"lines": 397_884, "invoices": 18_532, "customers": 4_338, "money": 8_911_407.90}


@pytest.mark.parametrize(
    ("file", "columns", "rows", "customers", "header_line"),
    [
        ("CDNOW_master.txt", ("customer_id", "date", "number_of_cds", "dollar_value"), 69_659, 23_570, 1),
        ("CDNOW_sample.txt", ("column_1", "column_3", "column_4", "column_5"), 6_919, 2_357, 0),
    ],
)
def test_cdnow_is_split_at_its_blanks(loaded, numbers, file, columns, rows, customers, header_line):
    canonical = ("customer_id", "day", "quantity", "amount")
    report = loaded(f"cdnow/{file}", table="transactions", columns=dict(zip(columns, canonical, strict=True)))
    (counted,) = report.files
    assert (counted.rows_read, counted.rows_loaded, counted.header_line) == (rows, rows, header_line)
    found = numbers(lambda opened: opened.transactions.aggregate(n=opened.transactions.customer_id.nunique()))
    assert found["n"] == customers


def test_rfm_orders_and_customers_belong_together(loaded, shared_data, store):
    loaded(
        "rfm_orders/rfm_data_orders.csv",
        table="transactions",
        columns={"customer_id": "customer_id", "order_date": "day", "revenue": "amount"},
    )
    report = loaded("rfm_orders/rfm_data_customer.csv.gz", table="customers", columns={"customer_id": "customer_id"})
    assert report.snapshot.tables["transactions"] == 4_906
    assert report.snapshot.tables["customers"] == 39_999
    with open_store(store) as opened:
        assert opened.collect(opened.customers.customer_id.max().as_table()).iloc[0, 0].isdecimal()


def test_telco_keeps_its_customers_and_answers_as_text(loaded, store):
    report = loaded(
        "telco_churn/Telco-Customer-Churn_IBM.csv",
        table="customers",
        columns={"customerID": "customer_id", "gender": "gender"},
    )
    assert report.rows_loaded == 7_043
    with open_store(store) as opened:
        churned = opened.customers.filter(opened.customers["Churn"] == "Yes").count().as_table()
        assert opened.collect(churned).iloc[0, 0] == 1_869


def test_gbk_orders_are_exact(loaded, store):
    report = loaded(
        "cn_orders_gbk/order_1_gbk.csv",
        table="transactions",
        columns={"order_id": "order_id", "user_id": "customer_id", "order_time": "day", "amount": "amount"},
    )
    (file,) = report.files
    assert (file.encoding, file.rows_read, file.rows_loaded) == ("gb18030", 1_693, 1_693)
    with open_store(store) as opened:
        assert "天津市" in set(opened.collect(opened.transactions)["user_province_name"])


def test_an_impossible_day_is_rejected_and_a_refund_kept(loaded, store):
    report = loaded(
        "cn_orders_gbk/retail_sales_raw_gbk.csv",
        table="transactions",
        columns={"顾客编号": "customer_id", "销售日期": "day", "销售数量": "quantity", "销售金额": "amount"},
    )
    (file,) = report.files
    assert (file.encoding, file.rows_loaded) == ("utf-8", 5)
    assert report.rejects[["line", "value", "reason"]].values.tolist() == [[5, "20250229", "impossible_date"]]
    assert {problem.key for problem in report.problems} >= {"negative_lines"}


def test_complaints_keep_their_narratives(loaded, store):
    report = loaded(
        "cfpb_complaints/ccdb-pipeline_v2-public.csv",
        table="complaints",
        date_format="%m/%d/%y",
        columns={"Complaint ID": "complaint_id", "Date received": "day", "Consumer complaint narrative": "narrative"},
    )
    assert report.rows_loaded == 30
    with open_store(store) as opened:
        complaints = opened.collect(opened.complaints)
    assert complaints["complaint_id"].nunique() == 30
    assert complaints["narrative"].dropna().str.len().max() > 100


def test_sfo_counts_its_promoters_without_the_blank_answers(loaded, numbers):
    report = loaded(
        "sfo_survey_2017/2017_SFO_Customer_Survey_20250817.csv",
        table="surveys",
        columns={"RESPNUM": "response_id", "WEIGHT": "weight"},
        items={"NETPRO": Item("nps", 0, 10), "Q7ALL": Item("csat", 1, 5)},
        missing={"NETPRO": ("11",), "Q7ALL": ("0", "6", "Blank")},
    )
    assert (report.rows_loaded, report.snapshot.tables["surveys"]) == (2_831, 2 * 2_831)

    def answers(opened):
        nps = opened.surveys.filter(opened.surveys.item == "NETPRO")
        return nps.aggregate(
            base=nps.score.count(), promoters=(nps.score >= 9).sum(), detractors=(nps.score <= 6).sum()
        )

    assert numbers(answers) == {"base": 2_746, "promoters": 1_436, "detractors": 342}
    found = numbers(
        lambda opened: opened.surveys.filter(opened.surveys.item == "Q7ALL").aggregate(
            n=opened.surveys.score.count(), mean=opened.surveys.score.cast("float64").mean()
        )
    )
    assert (found["n"], round(found["mean"], 6)) == (2_688, 4.064360)


def test_mobi_becomes_250_responses_of_24_items(loaded, shared_data):
    with read_text_table(shared_data / "ecsi_mobi/mobi.csv") as table:
        items = {header: Item("other", 1, 10) for header in table.names}
    report = loaded("ecsi_mobi/mobi.csv", table="surveys", items=items)
    assert (report.rows_loaded, report.snapshot.tables["surveys"]) == (250, 250 * 24)


def test_reviews_keep_their_aspects_and_minus_two_is_no_answer(loaded, numbers):
    report = loaded(
        "cn_reviews/dev_sample.csv",
        table="surveys",
        columns={"index": "response_id", "reviewbody": "comment"},
        items={"star": Item("csat", 1, 5), "price_level": Item("other", -1, 1)},
        missing={"price_level": ("-2",)},
    )
    assert report.snapshot.tables["surveys"] == 200
    found = numbers(
        lambda opened: opened.surveys.filter(opened.surveys.item == "price_level").aggregate(
            low=opened.surveys.score.min(), missing=(opened.surveys.missing == "sentinel").sum()
        )
    )
    assert (found["low"], found["missing"]) == (-1, 52)
