"""The panels of the data's quality: counts as the data have them, names for analysts alone, what is possible."""

from __future__ import annotations

import json
import re
from datetime import date

import pandas as pd
import pytest

from tests.companies.reading import texts
from workbench.load import load
from workbench.pages import page
from workbench.panels import Session
from workbench.store import build, open_store, publish, published_regions, regional_copy
from workbench.topics.data_quality import data_quality_panel, possible_analyses_panel
from workbench.topics.pareto import pareto_panel

PEOPLE = """
INSERT INTO customers (customer_id, name, phone, email, region, entered_department, entered_by, verified_by)
SELECT 'K' || i, '王小' || i, '1380000' || (1000 + CASE i WHEN 39 THEN 0 ELSE i END),
    CASE WHEN i >= 3 THEN 'k' || i || '@x.cn' END, CASE WHEN i < 20 THEN '华东' ELSE '华南' END,
    CASE WHEN i < 37 THEN '销售部' ELSE '客服部' END, '录入员甲', CASE WHEN i % 2 = 0 THEN '审核员乙' END
FROM range(40) t(i)
"""
SALES = """
INSERT INTO transactions (customer_id, order_id, day, amount, is_cancelled, is_purchase, source_id)
SELECT 'K' || i, 'O' || i, DATE '2025-06-01' - CAST(i * 30 AS INTEGER), 100, false, true, 1 FROM range(30) t(i)
"""
REJECTS = """
INSERT INTO rejects SELECT 1, '客户_张三.csv', NULL, i, 'customers', 'birthday', '张三的生日', 'not_date', '{}'
FROM range(7) t(i)
"""
ANSWERS = """
INSERT INTO surveys (response_id, customer_id, day, item, kind, score)
SELECT 'R' || i, NULL, DATE '2025-05-01', '满意度', 'other', 1 + i % 5 FROM range(40) t(i)
"""


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    place = tmp_path_factory.mktemp("quality") / "crm.store"

    def write(*statements):
        return lambda connection: [connection.execute(one) for one in statements]

    build(place, write(PEOPLE.replace("CASE WHEN i >= 3 THEN 'k' || i || '@x.cn' END", "NULL"), SALES))
    build(place, write(PEOPLE, SALES, REJECTS, ANSWERS))
    publish(place)
    return place


@pytest.fixture
def analyst(address):
    with open_store(address) as store:
        yield Session(store, lang="zh")


@pytest.fixture
def manager(address):
    with open_store(address, published=True) as store:
        yield Session(store, lang="zh")


def fill(panel) -> dict[str, tuple[object, object]]:
    rows = panel.rows.set_index("column_name")
    return {name: (rows.loc[name, "filled_count"], rows.loc[name, "blank_count"]) for name in rows.index}


def test_columns_are_counted_and_the_code_shown_repeats_them(analyst, run_code):
    panel = data_quality_panel(analyst)
    assert fill(panel)["email"] == (37, 3)
    assert fill(panel)["verified_by"] == (20, 20)
    rows = run_code(panel)["rows"].set_index("column_name")
    assert rows.loc["email", "filled_count"] == 37
    panel.set(table="transactions")
    assert fill(panel)["customer_id"] == (30, 0)


def test_an_analyst_sees_doubles_old_customers_rejected_rows_and_what_is_new(analyst):
    panel = data_quality_panel(analyst)
    said = panel.summary
    assert "电话相同" in said
    counts = dict(zip(panel.answer.issues["kind"], panel.answer.issues["customer_count"], strict=True))
    assert counts == {"phone": 2, "email": 0, "name_phone": 0, "id_spelling": 0}
    assert "未检查：同一订单在两个文件中金额不同、多份客户名单之间的差异。" in said
    assert panel.answer.ages["customer_count"].tolist() == [13, 12, 5, 10]
    panel.set(stale_months=12)
    assert panel.answer.ages["customer_count"].tolist() == [7, 6, 17, 10]
    assert panel.figures[0].value == "27"
    assert "12 个月内没有任何活动的客户" in panel.figures[0].label
    assert "6 至 12 个月前" in panel.summary
    panel.set(stale_months=24)
    assert "客户_张三.csv" in said
    assert "录入员甲" in said
    assert "新填写的列：客户：" in said
    assert "张三的生日" not in said
    panel.views["chart"].picked = [{"column_name": "email"}]
    assert panel.customers.table.length == 3
    panel.set(listed="doubles")
    panel.views["chart"].picked = [{"column_name": "phone"}]
    assert panel.customers.table.length == 2


def test_labels_and_cells_begin_with_a_capital(analyst):
    analyst.lang = "en"
    panel = data_quality_panel(analyst)
    labels = [*panel.names["column_name"].values()]
    cells = re.findall(r'<td class="wb-text[^>]*>([^<]+)</td>', panel.summary)
    assert {"Customer id", "E-mail", "Entered by"} <= {*labels}
    assert {"Within 12 months", "The same phone", "Customers", "Is not a date"} <= {*cells}
    assert [said for said in (*labels, *cells) if said[:1].islower()] == []


def test_a_managers_page_names_nobody_and_shows_no_count_of_few(manager):
    panel = data_quality_panel(manager)
    assert panel.error is None
    assert set(panel.controls) == {"table"}
    assert panel.rows.set_index("column_name").loc["email", ["filled_count", "blank_count"]].isna().all()
    assert fill(panel)["verified_by"] == (20, 20)
    shown = "".join(texts(panel.widget))
    assert [name for name in ("张三", "录入员甲", "审核员乙", "王小", "@x.cn") if name in shown] == []
    issues = panel.answer.issues.set_index("kind")
    assert pd.isna(issues.loc["phone", "customer_count"])
    assert panel.answer.rejected["row_count"].tolist() == [7]
    small = panel.answer.departments.set_index(["group_name", "column_name"])
    assert small.loc[("客服部", "name"), ["row_count", "filled_count", "filled_share"]].isna().all()
    assert "客户_张三" not in panel.downloads.sheet("csv")[1].decode("utf-8-sig")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_another_version_measured_is_said_and_not_read(address, monkeypatch, lang):
    with open_store(address, published=True) as store:
        noted = json.loads(store.noted("data_quality"))
        columns = noted["frames"]["ages"]["columns"]
        noted["frames"]["ages"] |= {"columns": [*columns, "share"], "data": []}
        monkeypatch.setattr(store, "noted", lambda _: json.dumps(noted))
        panel = data_quality_panel(Session(store, lang=lang))
        assert (
            panel.complaint
            == {
                "en": "These data were published before their quality was measured. Publish again: workbench publish.",
                "zh": "这些数据发布时尚未衡量数据质量。请重新发布：workbench publish。",
            }[lang]
        )


def test_managers_of_some_regions_are_told_why_there_is_nothing(address):
    copy = regional_copy(address, published_regions(address)[:1])
    with open_store(copy, published=True) as store:
        panel = data_quality_panel(Session(store, lang="en"))
        assert panel.error.key == "quality_for_some_regions"
        assert possible_analyses_panel(Session(store, lang="en")).error is None


def test_what_is_missing_is_said_with_the_question_and_the_line_to_add(analyst):
    panel = possible_analyses_panel(analyst)
    rows = panel.rows.set_index("panel")["possible"]
    assert rows["satisfaction"] == "impossible"
    assert rows["pareto"] == "limited"
    assert rows["rfm"] == "possible"
    said = panel.widget.summary.value
    assert "有评分但未标明类型的题目为 满意度" in said
    assert "[source.items.&quot;满意度&quot;]" in said
    assert "&quot;成本&quot; = &quot;cost&quot;" in said
    words = panel.downloads.sheet("csv")[1].decode("utf-8-sig")
    assert "不能做" in words
    panel.session.lang = "en"
    assert "Not possible" in panel.widget.summary.value


def test_what_nothing_was_compared_for_is_not_said_to_be_without_doubles(tmp_path):
    build(tmp_path / "crm.store", lambda connection: connection.execute(SALES))
    with open_store(tmp_path / "crm.store") as store:
        panel = data_quality_panel(Session(store, lang="en"))
        assert [figure.value for figure in panel.figures] == ["—", "—", "0"]
        assert "There is nothing to compare" in panel.summary
        assert "No customer list is loaded" in panel.summary


def test_nobody_is_said_to_have_never_come_where_nothing_has_a_day(tmp_path):
    build(tmp_path / "crm.store", lambda connection: connection.execute(PEOPLE))
    with open_store(tmp_path / "crm.store") as store:
        panel = data_quality_panel(Session(store, lang="en"))
        assert panel.figures[0].value == "—"
        assert "nothing with a date" in panel.summary
        possible = possible_analyses_panel(Session(store, lang="en"))
        assert possible.widget.summary.value.count("No sales are loaded yet") == 1


def test_lists_and_files_that_contradict_each_other_are_counted_by_column(tmp_path):
    for name, region, amount in (("2024_01", "华东", 100), ("2024_02", "华南", 120)):
        rows = "".join(f"K{place},{region if place < 6 else '华东'}\n" for place in range(8))
        (tmp_path / f"customers_{name}.csv").write_text(f"customer_id,region\n{rows}", encoding="utf-8")
        sales = "".join(f"O{place},K{place},2024-03-0{place + 1},{amount if place < 5 else 80}\n" for place in range(8))
        (tmp_path / f"sales_{name}.csv").write_text(
            f"order_id,customer_id,order_date,amount\n{sales}", encoding="utf-8"
        )
    (tmp_path / "mapping.toml").write_text(MAPPING, encoding="utf-8")
    load(sorted(tmp_path.glob("*.csv")), store=tmp_path / "crm.store", mapping=tmp_path / "mapping.toml")
    with open_store(tmp_path / "crm.store") as store:
        issues = data_quality_panel(Session(store, lang="en")).answer.issues.set_index("kind")["customer_count"]
        assert issues["list:region"] == 6
        assert issues["orders"] == 5
        panel = data_quality_panel(Session(store, lang="en"))
        panel.set(listed="differing")
        panel.views["chart"].picked = [{"column_name": "region"}]
        rows = panel.customers.table.rows.head(4)
        assert list(zip(rows["customer_id"], rows["value"], rows["file"], strict=True)) == [
            ("K0", "华东", "customers_2024_01.csv"),
            ("K0", "华南", "customers_2024_02.csv"),
            ("K1", "华东", "customers_2024_01.csv"),
            ("K1", "华南", "customers_2024_02.csv"),
        ]
        assert panel.customers.table.length == 12


def test_what_a_newer_file_of_the_same_name_changed_is_listed_with_the_day(tmp_path):
    for name, region in (("jan", "华东"), ("feb", "华南")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "customers_all.csv").write_text(
            f"customer_id,region\nK1,{region}\nK2,华北\n", encoding="utf-8"
        )
        (tmp_path / "mapping.toml").write_text(MAPPING, encoding="utf-8")
        load(tmp_path / name, store=tmp_path / "crm.store", mapping=tmp_path / "mapping.toml", today=date(2024, 3, 1))
    with open_store(tmp_path / "crm.store") as store:
        panel = data_quality_panel(Session(store, lang="en"))
        panel.set(listed="differing")
        panel.views["chart"].picked = [{"column_name": "region"}]
        rows = panel.customers.table.rows
        assert list(zip(rows["customer_id"], rows["value"], rows["file"], strict=True)) == [
            ("K1", "华东", "customers_all.csv"),
            ("K1", "华南", "customers_all.csv"),
        ]
        assert [str(day)[:10] for day in rows["from_on"]][1] == "2024-03-01"


MAPPING = """
[[source]]
files = ["customers_*.csv"]
table = "customers"
[source.columns]
"customer_id" = "customer_id"
"region" = "region"

[[source]]
files = ["sales_*.csv"]
table = "transactions"
overlap = "both"
[source.columns]
"order_id" = "order_id"
"customer_id" = "customer_id"
"order_date" = "day"
"amount" = "amount"
"""


def test_filters_change_nothing_of_the_quality_of_all_data(analyst):
    from workbench.panels import Filters

    panel = data_quality_panel(analyst)
    before = panel.rows
    analyst.filters = Filters(regions=("华东",))
    assert panel.rows.equals(before)


def test_managers_are_told_how_many_rows_were_rejected_and_why_however_few(tmp_path):
    few = REJECTS.replace("range(7)", "range(2)")
    build(tmp_path / "few.store", lambda connection: [connection.execute(one) for one in (PEOPLE, SALES, few)])
    publish(tmp_path / "few.store")
    with open_store(tmp_path / "few.store", published=True) as store:
        panel = data_quality_panel(Session(store, lang="zh"))
        assert panel.answer.rejected["row_count"].tolist() == [2]
        assert "客户_张三" not in " ".join(texts(panel.widget))


def test_a_page_that_speaks_of_all_data_has_no_filters(manager, monkeypatch):
    monkeypatch.setenv("WORKBENCH_PUBLISHED", "yes")
    shown = page(manager, "quality", [possible_analyses_panel, data_quality_panel])
    assert shown.filters not in shown.children
    assert re.findall(r"data-page href=\"(\w+)\?", shown.head.value)[-1] == "quality"
    ranking = page(manager, "pareto", [pareto_panel])
    assert ranking.filters in ranking.children
