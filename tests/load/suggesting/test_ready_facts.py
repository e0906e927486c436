"""Files of ready recency, frequency and money load as customers' figures, of a day that is said, named or asked."""

from __future__ import annotations

from datetime import date

import pytest

from workbench.errors import LoadError
from workbench.i18n import LANGUAGES
from workbench.load import Mapping, answered, load, suggest_mapping
from workbench.load.mapping.mapping_file import parse_mapping
from workbench.load.reporting.sentences import choice_words, question_words
from workbench.store import open_store, publish

ROWS = ("K1,3,5,100.50", "K2,30,1,20", "K3,,0,0")
HEADER = "会员号,最近一次消费距今天数,消费次数,消费金额（元）"


def rows_of(store) -> list[tuple[object, ...]]:
    with open_store(store) as opened:
        ready = opened.table("customer_facts").order_by("customer_id")
        cents = (ready.monetary * 100).round().cast("int64")
        rows = opened.collect(
            ready.select(
                "customer_id", "last_on", recency=ready.recency_days.cast("int64"),
                frequency=ready.frequency.cast("int64"), cents=cents,
            )
        )  # fmt: skip
        return [tuple(None if one != one else one for one in row) for row in rows.itertuples(index=False, name=None)]


def loaded(path, store, **answers: str):
    mapping = suggest_mapping(path)
    while mapping.questions:
        question = mapping.questions[0]
        chosen = answers.get(question.key) or str(question.facts["suggested"])
        mapping = answered(mapping, question, chosen)
    return load(path, store=store, mapping=mapping)


@pytest.mark.parametrize(
    ("header", "row"),
    [
        (HEADER, "K1,3,5,100.50"),
        ("Id,R,F,M", "K1,3,5,100.50"),
        ("customer_id,recency,frequency,monetary_value", "K1,3,5,100.50"),
        ("cust_id,total spend,orders count,days since last purchase", "K1,100.50,5,3"),
        ("客户编号,R值,F值,M值", "K1,3,5,100.50"),
        ("customer_id,recency_days,frequency,monetary", "K1,3,5,100.50"),
        ("customer_id,last_on,frequency,monetary,as_of", "K1,2024-12-28,5,100.50,2024-12-31"),
    ],
)
def test_ready_figures_are_known_by_their_headers_and_counted_from_the_day_in_the_name(header, row, write, store):
    report = loaded(write(row, row.replace("K1", "K2"), header=header, name="rfm_20241231.csv"), store)
    assert report.rows_loaded == 2
    assert rows_of(store)[0][2:] == (3, 5, 10050)
    assert str(rows_of(store)[0][1])[:10] == "2024-12-28"
    assert ("截至 2024-12-31 处理" in report.text("zh")) == ("as_of" not in header)
    with open_store(store) as opened:
        assert opened.snapshot.as_of == date(2024, 12, 31)


def test_without_a_day_in_the_name_the_day_is_asked_and_nothing_is_suggested(write, store):
    path = write(*ROWS, header=HEADER, name="客户.csv")
    mapping = suggest_mapping(path)
    (question,) = [one for one in mapping.questions if one.key == "which_as_of"]
    assert question.facts["suggested"] == ""
    for lang in LANGUAGES:
        assert "{" not in question_words(question, lang)
        assert all(choice_words(question, choice, lang) != choice for choice in question.choices)
    loaded(path, store, which_as_of="load_day")
    assert rows_of(store)[2] == ("K3", None, None, 0, 0), "who never bought has no last purchase, and is no fault"


def test_the_day_of_the_last_purchase_needs_no_other_day(write, store):
    header = "Customer ID,Total Spent,Last Order Date"
    report = loaded(write("A,100,2024-05-06", "B,50,2024-01-06", header=header, name="c.csv"), store)
    assert report.rows_loaded == 2
    with open_store(store) as opened:
        assert opened.snapshot.as_of == date(2024, 5, 6)


def test_who_bought_and_lacks_a_figure_is_rejected_with_the_line(write, store):
    path = write(*ROWS, "K4,400,,33", "K5,-1,2,9", header=HEADER, name="客户_20241231.csv")
    report = loaded(path, store)
    rejects = report.rejects[["line", "column_name", "reason"]].to_records(index=False).tolist()
    assert rejects == [(5, "frequency", "missing_value"), (6, "recency_days", "too_low")]


def test_scores_from_one_to_five_are_no_days_purchases_and_money(write):
    mapping = suggest_mapping(write("1,5,4,5", "2,1,1,2", "3,3,3,3", header="id,R,F,M", name="x.csv"))
    assert mapping.questions[0].facts["because"] == "ready_scores"
    assert mapping.questions[0].facts["suggested"] == "customers"


@pytest.mark.parametrize(
    "header",
    ["product_id,orders,total sales", "order_id,order_date,quantity,amount,customer_id", "客户编号,下单日期,消费金额"],
)
def test_sales_and_goods_are_no_ready_figures(header: str, write):
    row = ",".join("2024-05-01" if "date" in one or "日期" in one else "7" for one in header.split(","))
    mapping = suggest_mapping(write(row, row.replace("7", "8"), header=header, name="x.csv"))
    assert all(one.facts.get("because") != "ready_facts" for one in mapping.questions)


def test_sales_win_where_a_store_has_both_and_it_is_said(write, store):
    loaded(write(*ROWS, header=HEADER, name="rfm_20241231.csv"), store)
    sales = write("A,K1,2024-05-01,10", header="订单号,会员号,下单日期,金额", name="订单.csv")
    report = load(sales, store=store)
    assert "3 条客户指标仅保留，不使用" in report.text("zh")


def test_a_newer_file_counts_from_its_day_on_and_the_older_figures_stay(write, store):
    from workbench.panels import Session

    text = (
        '[[source]]\nfiles = ["rfm*"]\ntable = "customer_facts"\nas_of = "file_name"\n[source.columns]\n'
        '"id" = "customer_id"\n"R" = "recency_days"\n"F" = "frequency"\n"M" = "monetary"\n'
    )
    mapping = Mapping(parse_mapping(text)[0].sources)
    load(write("K1,3,5,100", "K2,9,1,7", header="id,R,F,M", name="rfm_2024-11.csv"), store=store, mapping=mapping)
    load(write("K1,1,6,130", header="id,R,F,M", name="rfm_2024-12.csv"), store=store, mapping=mapping)
    publish(store)
    for published in (False, True):
        with open_store(store, published=published) as opened:
            assert opened.snapshot.tables["customer_facts"] == 3
            facts = Session(opened).facts
            known = opened.collect(facts.order_by("frequency"))[["frequency", "recency_days", "monetary"]]
            assert known.to_numpy().tolist() == [[1, 40, 7], [6, 1, 130]]


@pytest.mark.parametrize(
    ("said", "key"),
    [("", "as_of_not_said"), ('as_of = "file_name"', "no_day_in_name"), ('as_of = "month"', "mapping_unknown_choice")],
)
def test_a_mapping_that_does_not_say_the_day_is_refused(said: str, key: str, write, store):
    text = f'[[source]]\nfiles = ["*"]\ntable = "customer_facts"\n{said}\n[source.columns]\n'
    text += '"id" = "customer_id"\n"R" = "recency_days"\n'
    path = write("K1,3", header="id,R", name="x.csv")
    with pytest.raises(LoadError) as refused:
        load(path, store=store, mapping=Mapping(parse_mapping(text)[0].sources))
    assert refused.value.key.startswith(key)


def test_a_day_written_in_the_mapping_reads_back(tmp_path):
    text = '[[source]]\nfiles = ["*"]\ntable = "customer_facts"\nas_of = 2024-12-31\n[source.columns]\n'
    mapping = Mapping(parse_mapping(text + '"id" = "customer_id"\n"R" = "recency_days"\n')[0].sources)
    assert mapping.sources[0].as_of == "2024-12-31"
    mapping.save(tmp_path / "m.toml")
    assert Mapping.read(tmp_path / "m.toml") == mapping


def test_times_and_money_alone_serve_80_20_and_rfm_says_what_it_lacks(write, store):
    from workbench.panels import Session
    from workbench.topics.pareto import pareto_panel
    from workbench.topics.rfm import rfm_panel

    path = write("K1,5,100", "K2,1,7", "K3,2,3", header="客户编号,购买次数,累计金额", name="汇总_2024-12.csv")
    report = loaded(path, store)
    assert "截至 2024-12-31" in report.text("zh")
    with open_store(store) as opened:
        session = Session(opened)
        assert pareto_panel(session).rows["value"].sum() == 110
        panel = rfm_panel(session)
        assert (panel.error.key, "最近一次消费" in panel.widget.message.value) == ("rfm_needs_r_and_f", True)
