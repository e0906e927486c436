"""Loading into the store: what a row becomes, what a second load changes, and what stops a load."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date

import pandas as pd
import pytest
from openpyxl import load_workbook

from workbench.errors import ChoiceError, LoadError
from workbench.load import Attribute, Cancelled, Company, Item, Mapping, SourceMapping, check, load
from workbench.load.reporting.report import no_rejects
from workbench.store import current_id, open_store, publish

TWO = ("000123,D1,2024-03-05,50.00", "000124,D2,2024-03-06 08:41,7.5")


def load_one(path, store, mapping, **more):
    report = load(path, store=store, mapping=mapping, today=date(2026, 1, 1), **more)
    return report, report.files[-1]


def test_rows_arrive_typed_with_their_place(write, store, orders, column_of):
    report, file = load_one(write(*TWO), store, orders)
    assert (file.rows_read, file.rows_loaded, file.rows_rejected, file.rows_ignored) == (2, 2, 0, 0)
    assert column_of("transactions", "customer_id") == ["000123", "000124"]
    assert column_of("transactions", "amount") == [50.0, 7.5]
    assert column_of("transactions", "source_line") == [2, 3]
    assert column_of("transactions", "occurred_at") == [pd.NaT, pd.Timestamp("2024-03-06 08:41")]
    assert report.snapshot.tables["transactions"] == 2


def test_the_mapping_says_the_currency_and_it_stays(write, store, orders):
    path = write(*TWO)
    assert load_one(path, store, orders)[0].snapshot.currency == "CNY"
    dollars = replace(orders, company=Company(currency="USD"))
    assert load_one(path, store, dollars)[0].snapshot.currency == "USD"
    assert publish(store).currency == "USD"
    assert load_one(path, store, orders)[0].snapshot.currency == "USD", "a mapping that says nothing changes nothing"
    assert load_one(path, store, orders, currency="EUR")[0].snapshot.currency == "EUR"


def test_an_unknown_currency_is_refused_in_words_and_nothing_is_loaded(write, store, orders):
    with pytest.raises(ChoiceError, match="GOLD is not a currency"):
        load_one(write(*TWO), store, orders, currency="GOLD")
    assert not store.exists()


def test_gbk_loads_like_utf8(write, tmp_path, orders):
    for encoding in ("utf-8", "gb18030", "utf-16"):
        load_one(write(*TWO, encoding=encoding), tmp_path / encoding, orders)
    loaded = []
    for encoding in ("utf-8", "gb18030", "utf-16"):
        with open_store(tmp_path / encoding) as opened:
            loaded.append(opened.collect(opened.transactions))
    pd.testing.assert_frame_equal(loaded[0], loaded[1])
    pd.testing.assert_frame_equal(loaded[0], loaded[2])


def test_quantity_times_price_is_rounded_once_half_up(write, store, column_of):
    lines = ("A,2024-01-05,3,0.335", "A,2024-01-06,1,0.125", "A,2024-01-07,-1,0.125", "A,2024-01-08,1,0.001")
    mapping = SourceMapping(
        files=("*",),
        table="transactions",
        columns={"客户": "customer_id", "日期": "day", "数量": "quantity", "单价": "unit_price"},
    )
    load_one(write(*lines, header="客户,日期,数量,单价"), store, Mapping((mapping,)))
    assert column_of("transactions", "amount") == [1.01, 0.13, -0.13, 0.0]
    assert column_of("transactions", "is_purchase") == [True, True, False, True]


def test_a_written_amount_goes_before_quantity_times_price(write, store, column_of):
    mapping = SourceMapping(
        files=("*",),
        table="transactions",
        columns={"客户": "customer_id", "日期": "day", "数量": "quantity", "单价": "unit_price", "实收": "amount"},
    )
    path = write("A,2024-01-05,2,10,18", "A,2024-01-06,2,10,", header="客户,日期,数量,单价,实收")
    load_one(path, store, Mapping((mapping,)))
    assert column_of("transactions", "amount") == [18.0, 20.0]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (Cancelled("订单号", prefix="C"), [True, False, False]),
        (Cancelled("订单号", values=("d3",)), [False, False, True]),
        (None, [False, False, False]),
    ],
)
def test_cancelled_lines_are_marked_by_the_mappings_rule(write, store, orders_with, column_of, rule, expected):
    path = write("1,C1,2024-01-05,5", "1,D2,2024-01-05,5", "1,D3,2024-01-05,5")
    load_one(path, store, orders_with(cancelled=rule))
    assert column_of("transactions", "is_cancelled") == expected
    assert column_of("transactions", "is_purchase") == [not marked for marked in expected]


def test_purchases_need_a_known_customer_and_money(write, store, orders, column_of):
    load_one(write("1,D1,2024-01-05,5", ",D2,2024-01-05,5", "1,D3,2024-01-05,-5", "1,D4,2024-01-05,0"), store, orders)
    assert column_of("transactions", "is_purchase") == [True, False, False, False]


def test_extra_columns_are_kept_as_attributes(write, store, orders_with, column_of):
    path = write("1,D1,2024-01-05,5,轿车,加急", header="客户编号,订单号,下单日期,金额,车型,备注")
    mapping = orders_with(attributes={"车型": Attribute("car_model", publish=True)})
    report, _ = load_one(path, store, mapping)
    assert column_of("transactions", "car_model") == ["轿车"]
    assert column_of("transactions", "备注") == ["加急"]
    assert [problem.facts["columns"] for problem in report.problems if problem.key == "columns_kept"] == [["备注"]]


def test_an_attribute_never_takes_the_place_of_a_canonical_column(write, store, orders, column_of):
    path = write("1,D1,2024-01-05,5,华东", header="客户编号,订单号,下单日期,金额,Region")
    load_one(path, store, orders)
    assert column_of("transactions", "Region_") == ["华东"]


def test_the_same_file_again_changes_nothing(write, store, orders):
    path = write(*TWO)
    load_one(path, store, orders)
    before = current_id(store)
    report, file = load_one(path, store, orders)
    assert file.unchanged
    assert not report.changed
    assert (file.rows_read, file.rows_loaded) == (2, 2)
    assert current_id(store) == before == report.snapshot.id


def test_the_rows_that_are_counted_as_rejected_are_those_that_are_listed(write, store, orders, tmp_path):
    """Those of files that were there already, too, whether or not another file brings something new."""
    first = write(*TWO, "3,D3,2024-13-45,7", name="一月.csv")
    second = write("8,D8,2024-02-01,9", "9,D9,2024-02-02,many", "9,D10,soon,1", name="二月.csv")
    for sources, rejected in (([first], 1), ([first, second], 3), ([first, second], 3), ([second], 2)):
        report = load(sources, store=store, mapping=orders)
        assert report.rows_rejected == len(report.rejects) == len(report.rejected_rows()) == rejected
        assert [*report.rejects.columns] == [*no_rejects().columns]
        book = load_workbook(report.export_rejects(tmp_path / "rejects.xlsx"))
        assert sum(sheet.max_row for sheet in book if "line" in [cell.value for cell in sheet[1]]) == rejected + 1


def test_the_same_table_in_memory_again_changes_nothing(store, orders):
    frame = pd.DataFrame({"客户编号": ["1"], "订单号": ["D1"], "下单日期": ["2024-01-05"], "金额": [5]})
    load({"订单": frame}, store=store, mapping=orders)
    report = load({"订单": frame.copy()}, store=store, mapping=orders)
    assert not report.changed


def test_a_newer_file_of_the_same_name_replaces_its_rows(write, store, orders, column_of):
    load_one(write(*TWO, name="一月.csv"), store, orders)
    load_one(write("9,D9,2024-02-01,9", name="二月.csv"), store, orders)
    corrected = Mapping((replace(orders.sources[0], same_name="replace"),))
    load_one(write("000123,D1,2024-03-05,51.00", name="一月.csv"), store, corrected)
    assert sorted(column_of("transactions", "amount")) == [9.0, 51.0]
    with open_store(store) as opened:
        assert sorted((source.file, source.rows_loaded) for source in opened.snapshot.sources) == [
            ("一月.csv", 1),
            ("二月.csv", 1),
        ]


def test_another_mapping_loads_the_same_file_anew(write, store, orders_with, column_of):
    path = write("1,C1,2024-01-05,5")
    load_one(path, store, orders_with())
    _, file = load_one(path, store, orders_with(cancelled=Cancelled("订单号", prefix="C")))
    assert not file.unchanged
    assert column_of("transactions", "is_cancelled") == [True]


def test_the_same_bytes_under_another_name_are_left_out(write, store, orders, tmp_path, column_of):
    path = write(*TWO)
    copy = tmp_path / "订单 (1).csv"
    shutil.copy(path, copy)
    report = load([path, copy], store=store, mapping=orders)
    assert [(problem.key, problem.facts["file"]) for problem in report.problems] == [("same_content", "订单 (1).csv")]
    later = load(copy, store=store, mapping=orders)
    assert len(column_of("transactions", "amount")) == 2
    assert "same_content" in {problem.key for problem in later.problems}


def test_content_that_moved_to_another_name_is_not_lost(write, store, orders, column_of, tmp_path):
    load_one(write(*TWO, name="乙.csv"), store, orders)
    write(*TWO, name="甲.csv")
    write("9,D9,2024-02-01,9", name="乙.csv")
    load([tmp_path / "甲.csv", tmp_path / "乙.csv"], store=store, mapping=orders)
    assert sorted(column_of("transactions", "amount")) == [7.5, 9.0, 50.0]


def test_headers_that_differ_in_case_only_stay_apart(write, store, orders, column_of):
    path = write("1,D1,2024-01-05,5,a,b", header="客户编号,订单号,下单日期,金额,Tag,TAG")
    load_one(path, store, orders)
    assert (column_of("transactions", "Tag"), column_of("transactions", "TAG_")) == (["a"], ["b"])


def test_a_folder_loads_file_by_file(write, store, customers_and_orders, tmp_path):
    folder = tmp_path / "导出" / "三月"
    folder.mkdir(parents=True)
    write("000123,王芳,城南", name="导出/三月/客户.csv", header="客户编号,姓名,地区")
    write(*TWO, name="导出/三月/订单.csv")
    write("x", name="导出/说明.txt", header="随便")
    (folder / "~$订单.xlsx").write_bytes(b"lock")
    report = load(tmp_path / "导出", store=store, mapping=customers_and_orders)
    assert [(file.file, file.rows_loaded) for file in report.files] == [("三月/客户.csv", 1), ("三月/订单.csv", 2)]
    assert ("not_in_mapping", "说明.txt") in {(problem.key, problem.facts.get("file")) for problem in report.problems}


def test_a_changed_header_stops_with_what_is_new_missing_and_renamed(write, store, orders):
    load_one(write(*TWO), store, orders)
    before = current_id(store)
    changed = write("1,D1,2024-01-05,5,网店", name="新.csv", header="客户编号,订单号,下单日期,订单金额,渠道来源")
    with pytest.raises(LoadError) as stopped:
        load_one(changed, store, orders)
    assert stopped.value.key == "header_changed"
    assert stopped.value.facts["renamed"] == ["金额 → 订单金额"]
    assert stopped.value.facts["new"] == ["渠道来源"]
    assert current_id(store) == before


def test_a_new_column_stops_until_the_mapping_has_been_edited(write, store, orders_with):
    load_one(write(*TWO), store, orders_with())
    wider = write("1,D9,2024-01-05,5,门店", name="新.csv", header="客户编号,订单号,下单日期,金额,渠道来源")
    with pytest.raises(LoadError, match="New: 渠道来源"):
        load_one(wider, store, orders_with())
    _, file = load_one(wider, store, orders_with(ignore=("渠道来源",)))
    assert file.rows_loaded == 1


def test_columns_in_another_order_are_no_change(write, store, orders, column_of):
    load_one(write(*TWO), store, orders)
    load_one(write("5,2024-01-05,D9,1", name="新.csv", header="金额,下单日期,订单号,客户编号"), store, orders)
    assert 5.0 in column_of("transactions", "amount")


def test_wide_surveys_become_one_row_per_answer(write, store, column_of):
    mapping = SourceMapping(
        files=("*",),
        table="surveys",
        columns={"回访编号": "response_id", "日期": "day", "客户": "customer_id"},
        items={"NETPRO": Item("nps", 0, 10), "接待": Item("csat", 1, 5, "接待")},
        missing={"NETPRO": ("11",)},
    )
    lines = ("R1,2024-01-05,1,9,5", "R2,2024-01-06,2,11,", "R3,2024-01-07,3,0,6", "R4,2024-01-08,4,十,3")
    report, file = load_one(write(*lines, header="回访编号,日期,客户,NETPRO  ,接待"), store, Mapping((mapping,)))
    assert (file.rows_read, file.rows_loaded, report.snapshot.tables["surveys"]) == (4, 4, 8)
    with open_store(store) as opened:
        rows = opened.collect(opened.surveys.order_by(["item", "response_id"]))
    assert rows["score"].fillna(-1).tolist() == [9.0, -1.0, 0.0, -1.0, 5.0, -1.0, -1.0, 3.0]
    assert rows["missing"].fillna("").tolist() == ["", "sentinel", "", "out_of_range", "", "blank", "out_of_range", ""]
    assert set(rows["touchpoint"].dropna()) == {"接待"}


def test_a_wide_survey_without_ids_counts_each_line_as_a_response(write, store, column_of):
    mapping = SourceMapping(files=("*",), table="surveys", items={"q1": Item("csat", 1, 5), "q2": Item("csat", 1, 5)})
    load_one(write("5,4", "3,2", header="q1,q2"), store, Mapping((mapping,)))
    assert sorted(set(column_of("surveys", "response_id"))) == ["订单.csv#2", "订单.csv#3"]


def test_long_surveys_take_the_scale_of_their_item(write, store, column_of):
    mapping = SourceMapping(
        files=("*",),
        table="surveys",
        columns={"编号": "response_id", "题目": "item", "评分": "score"},
        items={"推荐": Item("nps", 0, 10), "满意": Item("csat", 1, 5)},
        missing={"评分": ("99",)},
    )
    path = write("R1,推荐,9", "R1,满意,9", "R2,满意,99", "R2,推荐,", header="编号,题目,评分")
    load_one(path, store, Mapping((mapping,)))
    assert column_of("surveys", "kind") == ["nps", "csat", "csat", "nps"]
    assert column_of("surveys", "missing")[1:] == ["out_of_range", "sentinel", "blank"]
    assert column_of("surveys", "score")[0] == 9.0


def test_check_does_everything_but_the_load(write, store, orders):
    path = write(*TWO, "1,D3,明天,5")
    report = check(path, mapping=orders, today=date(2026, 1, 1))
    assert (report.rows_read, report.rows_loaded, report.rows_rejected) == (3, 2, 1)
    assert report.snapshot is None
    assert not store.exists()


def test_check_shows_the_rejects_of_a_file_that_would_not_load(write, orders):
    report = check(write("1,D1,昨天,5", "2,D2,明天,6"), mapping=orders)
    assert [problem.key for problem in report.problems if problem.level == "error"] == ["all_rejected"]
    assert len(report.rejects) == 2


def test_an_open_question_loads_nothing(tmp_path, store, orders):
    path = tmp_path / "kunden.csv"
    path.write_bytes("客户编号;name\n".encode() + "1;Müller\n2;Söhne\n".encode("cp1252"))
    report = load(path, store=store, mapping=orders)
    assert [question.key for question in report.questions] == ["which_encoding"]
    assert report.snapshot is None
    assert not store.exists()


@pytest.mark.parametrize(
    ("lines", "changes", "key"),
    [
        ((), {}, "no_rows"),
        (("1,D1,昨天,5",), {}, "all_rejected"),
        (TWO, {"columns": {"客户编号": "customer_id", "金额": "amount"}}, "required_not_mapped"),
        (TWO, {"columns": {"客户编号": "customer_id", "下单日期": "day"}}, "one_of_not_mapped"),
        (TWO, {"files": ("客户*.csv",)}, "nothing_mapped"),
        (TWO, {"encoding": "utf-32"}, "wrong_encoding"),
        (TWO, {"cancelled": Cancelled("状态", prefix="C")}, "header_changed"),
    ],
)
def test_what_cannot_be_loaded_says_so_in_both_languages_and_leaves_the_store(
    write, store, orders, orders_with, lines, changes, key
):
    load_one(write("9,D9,2024-02-01,9", name="先.csv"), store, orders)
    before = current_id(store)
    with pytest.raises(LoadError) as stopped:
        load_one(write(*lines), store, orders_with(**changes))
    assert stopped.value.key == key
    assert all(stopped.value.words(lang) for lang in ("zh", "en"))
    assert current_id(store) == before


def test_two_loads_at_once_do_not_mix(write, store, orders):
    first, second = write(*TWO, name="先.csv"), write("9,D9,2024-02-01,9", name="后.csv")
    load_one(first, store, orders)

    def meanwhile(step):
        if step.stage == "look" and step.done == 0 and not done:
            done.append(step)
            load_one(write("7,D7,2024-02-01,7", name="中.csv"), store, orders)

    done: list[object] = []
    with pytest.raises(LoadError, match="Someone else loaded"):
        load_one(second, store, orders, progress=meanwhile)
    with open_store(store) as opened:
        assert {source.file for source in opened.snapshot.sources} == {"先.csv", "中.csv"}


def test_progress_names_its_stages_and_reaches_the_end(write, store, orders):
    told = []
    load_one(write(*TWO), store, orders, progress=told.append)
    assert {step.stage for step in told} >= {"look", "read", "store"}
    assert all(0 <= step.done <= step.total for step in told)
    assert told[-1].done == told[-1].total
