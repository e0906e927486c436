"""Lines below the rows (totals, who made the report, how many rows) count nowhere and are called what they are."""

from __future__ import annotations

from datetime import date

import pytest

from workbench.load import Mapping, SourceMapping, load, suggest_mapping
from workbench.load.reading.lines_below import is_below_rows
from workbench.store import open_store

TODAY = date(2026, 1, 1)
SALES = ["2024-01-05,C1,A1,100", "2024-01-06,C2,A2,50", "2024-01-07,C2,A3,20"]
SALES_HEADER = "日期,客户编号,订单号,金额"


@pytest.mark.parametrize(
    ("below", "totals", "footers"),
    [
        (["合计,,,170", "制表人：张三,,,审核：李四", "导出时间：2024-02-01 10:00,,,", "共 3 条记录,,,"], 1, 3),
        (["本页合计,,,170", "总计（元）,,,170", "合计：3 笔,,,170", "以下空白,,,"], 3, 1),
        (["Total,,,170", "Total rows: 3,,,", "Generated on 2024-02-01,,,", "*** End of report ***,,,"], 1, 3),
        (["Grand Total (CNY),,,170", "3 rows exported,,,", "Page 1 of 1,,,", "Printed by: Ann,,,"], 1, 3),
        (["Gesamtsumme,,,170", "Erstellt am 01.02.2024,,,", "----------,,,", "Source: till,,,"], 1, 3),
        (["总计,,,170", "制表人,张三,,", "注：含税,,,", "#导出时间：[2024年02月01日 10:00:00],,,"], 1, 3),
    ],
)
def test_totals_and_footers_are_ignored_and_named(below: list[str], totals: int, footers: int, write, store):
    path = write(*SALES, *below, header=SALES_HEADER)
    mapping = suggest_mapping(path)
    assert mapping.questions == (), "what stands below says nothing of a column"
    report = load(path, store=store, mapping=mapping, today=TODAY)
    (file,) = report.files
    assert (report.rows_read, report.rows_loaded, report.rows_rejected) == (7, 3, 0)
    assert file.ignored == {"total": totals, "footer": footers}
    for lang, words in {"en": f"how many rows) {footers}", "zh": f"条数等） {footers}"}.items():
        assert words in report.text(lang)
    with open_store(store) as opened:
        assert opened.collect(opened.transactions)["amount"].tolist() == [100, 50, 20]


def test_who_made_a_list_of_customers_is_no_customer(write, store):
    below = ["合计：3 人,,,", "制表人：张三,,,", "导出时间：2024-02-01 10:00,,,", "备注：仅供内部使用,,,"]
    path = write(
        "C1,张三,上海,", "C2,李四,北京,老客户", "C3,王五,,", *below, header="客户编号,姓名,地区,备注", name="客户.csv"
    )
    report = load(path, store=store, today=TODAY)
    assert (report.rows_loaded, report.rows_rejected, report.rows_ignored) == (3, 0, 4)
    with open_store(store) as opened:
        assert sorted(opened.collect(opened.customers)["customer_id"]) == ["C1", "C2", "C3"]


@pytest.mark.parametrize(
    ("ids", "below", "kept"),
    [
        (["C1", "C2"], ["会员资料一览表,,", "某某商贸有限公司,,"], []),
        (["1001", "1002"], ["Customer Master List,,", "1003,,"], ["1003"]),
        (["红星", "光明"], ["客户一览表,,", "东风,,", "Customer list,,"], ["东风"]),
    ],
)
def test_a_report_s_own_name_below_a_list_is_no_customer(ids, below, kept, write, store):
    rows = [f"{one},张三,上海" for one in ids]
    path = write(*rows, *below, header="客户编号,姓名,地区", name="客户.csv")
    report = load(path, store=store, mapping=suggest_mapping(path), today=TODAY)
    assert (report.rows_rejected, report.files[0].ignored) == (0, {"footer": len(below) - len(kept)})
    with open_store(store) as opened:
        assert sorted(opened.collect(opened.customers)["customer_id"]) == sorted([*ids, *kept])


@pytest.mark.parametrize(
    "row",
    [
        ["C1", "2024-01-05", None, "5"],
        ["合计", "2024-01-05", "A1", "5"],  # no cell is blank: a customer may be called so
        ["备注：送到楼下", "C1", None, "5"],
        ["打印纸", None, "5"],
        ["审核员甲", None, "5"],
        ["Total Energies", None, "5"],
        ["End Systems", None, "5"],
        ["Page & Sons", None, "5"],
        ["Printed Matter Ltd", None, "5"],
        ["#1001", None, None],
        ["共享单车", None, "5"],
        ["3M", None, "5"],
        ["3 items deal", None, "5"],
        ["汇总商贸", None, "5"],
        [None, None, "5"],
    ],
)
def test_customers_and_goods_are_no_lines_below(row: list[str | None]):
    assert not is_below_rows(row)


def test_python_and_the_database_read_the_patterns_alike(write, store):
    names = ["打印纸", "审核员甲", "Total Energies", "End Systems", "Printed Matter Ltd", "共享单车", "3 items deal"]
    path = write(
        *(f"{name},2024-01-05,A{place},5," for place, name in enumerate(names)), header="客户名称,日期,订单号,金额,门店"
    )
    report = load(path, store=store, today=TODAY)
    assert (report.rows_loaded, report.rows_ignored) == (len(names), 0)


def test_blank_cells_and_headers_written_again_are_still_known(write, store):
    lines = ["2024-01-05,C1,A1,100", " \u00a0,　, ,", " 日期 ,客户编号,订单号,金额", ",,,", "2024-01-06,C2,A2,50"]
    report = load(write(*lines, header=SALES_HEADER), store=store, today=TODAY)
    (file,) = report.files
    assert (report.rows_read, report.rows_loaded, file.ignored) == (5, 2, {"blank": 2, "repeated_header": 1})


ANSWERS = ["1,2024-03-01,5,4", "2,2024-03-02,3,5", "3,2024-03-03,4,1"]


@pytest.mark.parametrize(
    "below",
    [
        ["平均分,,4.0,3.0"],
        ["平均值：,4,3", "样本量,,3,3"],
        ["有效样本,3,3,3", "标准差,1,1.0,1.73"],
        ["Average,,4.0,3.0", "Std. Dev.,,1.0,1.73", "Sample size,,3,3"],
        ["Mean,,80%,60%", "Median,,4.0,4"],
    ],
)
def test_averages_below_the_answers_are_no_answer(below: list[str], write, store):
    path = write(*ANSWERS, *below, header="答卷编号,提交时间,服务满意度,价格满意度", name="满意度.csv")
    mapping = suggest_mapping(path)
    assert [question.key for question in mapping.questions] == []
    report = load(path, store=store, mapping=mapping, today=TODAY)
    assert report.files[0].ignored == {"total": len(below)}
    with open_store(store) as opened:
        assert sorted(opened.collect(opened.surveys)["score"]) == [1, 3, 4, 4, 5, 5]


@pytest.mark.parametrize("first", ["Average", "Mean", "平均", "Respondents"])
def test_an_answer_that_is_called_like_an_average_stays(first: str, write, store):
    rows = [f"{first},2024-03-01,1001,", "Good,2024-03-02,1002,fast", "Poor,2024-03-03,1003,"]
    report = load(
        write(*rows, header="grade,date,order_id,note", name="a.csv"),
        store=store,
        mapping=Mapping(
            (
                SourceMapping(
                    files=("a.csv",), table="interactions", columns={"date": "day", "order_id": "interaction_id"}
                ),
            )
        ),
        today=TODAY,
    )
    assert report.rows_ignored == 0
