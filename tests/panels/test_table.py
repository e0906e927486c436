"""Tables: readable in both languages, escaped, and page by page."""

from __future__ import annotations

import ibis
import pandas as pd
import pytest

from workbench.panels.table import PAGE, Detail, Field, LongTable, table_html


def test_values_are_written_as_people_read_them():
    rows = pd.DataFrame({
        "name": ["王芳"], "monetary": [1234.5], "share": [0.256], "last_on": [pd.Timestamp("2024-03-05")],
        "margin": [float("nan")],
    })  # fmt: skip
    fields = (
        Field("name", label="panels.columns.name"),
        Field("monetary", "money"),
        Field("share", "share", label="panels.columns.share"),
        Field("last_on", "day", label="panels.columns.last_on"),
        Field("margin", "money"),
    )
    html = table_html(rows, fields, "zh")
    for words in ("姓名", "王芳", "¥1,235", "25.6%", "2024-03-05", "—"):
        assert words in html


@pytest.mark.parametrize("name", ["</script><script>alert(1)</script>", '<img src=x onerror="alert(1)">', "{{7*7}}"])
def test_a_hostile_name_is_text(name: str):
    html = table_html(pd.DataFrame({"name": [name]}), (Field("name", "badge", label="panels.columns.name"),), "en")
    assert "<script" not in html
    assert "<img" not in html
    assert 'onerror="' not in html


@pytest.fixture
def table(store):
    shown = LongTable(store.collect, on_error=lambda error: pytest.fail(str(error)))
    rows = store.transactions.select("order_id", "amount").order_by("order_id")
    fields = (Field("order_id", label="terms.order"), Field("amount", "money"))
    shown.show(Detail(rows, fields, "panels.how"), length=20, title="<b>订单</b>", lang="zh")
    return shown


def test_a_long_table_shows_one_page_and_turns(table):
    assert len(table.rows) == PAGE
    assert table.position.value == "第 1–12 条，共 20 条"
    table.onward.click()
    assert table.rows["order_id"].iloc[0] == "C07-1"
    assert table.onward.disabled
    table.back.click()
    assert table.rows["order_id"].iloc[0] == "C01-1"


def test_pressing_a_disabled_button_from_a_crafted_client_stays_on_the_page(table):
    table.turn(5)
    table.onward.click()
    assert table.position.value == "第 13–20 条，共 20 条"


def test_a_title_is_text(table):
    assert table.heading.value == "&lt;b&gt;订单&lt;/b&gt;"


def test_the_language_changes_and_the_page_stays(table):
    table.onward.click()
    table.say("en", title="Orders")
    assert table.position.value == "13–20 of 20"
    assert ">Order<" in table.grid.value


def test_a_heading_sorts_the_whole_list_from_its_first_page_and_once_more_turns_it_round(table):
    table.onward.click()
    table.sort("amount")
    assert table.number.value == "1 / 2"
    amounts = table.rows["amount"].tolist()
    assert amounts == sorted(amounts, reverse=True)
    table.onward.click()
    assert table.rows["amount"].max() <= min(amounts)
    assert 'aria-sort="descending"><button type="button" class="wb-sort" data-sort="amount"' in table.grid.value
    table.sort("amount")
    assert table.rows["amount"].is_monotonic_increasing
    assert table.grid.value.count('aria-sort="ascending"') == 1
    assert table.grid.value.count('aria-sort="none"') == 1


def test_a_column_that_is_not_shown_sorts_nothing(table):
    before = table.rows
    for column in ("customer_id", "amount; DROP TABLE customers", ""):
        table.sorting.receive({"sort": column}, [])
    assert table.rows.equals(before)
    assert table.sorted_by is None


def test_text_sorts_from_a_and_what_is_unknown_comes_last_either_way():
    shown = LongTable(lambda table: table.to_pandas(), on_error=lambda error: pytest.fail(str(error)))
    rows = ibis.memtable({"name": ["王芳", None, "Anna", "bob"], "spent": [None, 3.0, 1.0, 2.0]}).order_by("spent")
    fields = (Field("name", label="panels.columns.name"), Field("spent", "money", label="terms.monetary"))
    shown.show(Detail(rows, fields, "panels.how"), lang="zh")
    orders = {"name": (["Anna", "bob", "王芳"], ["王芳", "bob", "Anna"]), "spent": ([3.0, 2.0, 1.0], [1.0, 2.0, 3.0])}
    for column, ways in orders.items():
        for way in ways:
            shown.sort(column)
            assert shown.rows[column].tolist()[:3] == way
            assert pd.isna(shown.rows[column].iloc[-1])


def test_a_search_finds_part_of_a_text_counts_what_it_finds_and_empty_finds_all(table):
    table.search.value = "c01"
    assert table.rows["order_id"].str.startswith("C01").all()
    assert 0 < table.length == len(table.rows)
    table.search.value = "%"
    assert table.position.value == "没有找到"
    table.search.value = ""
    assert table.position.value == "第 1–12 条，共 20 条"


def test_a_list_is_computed_once_and_its_pages_read_what_is_kept(store):
    asked = []

    def collect(table):
        asked.append(store.sql(table))
        return store.collect(table)

    kept = []

    def keep(table):
        kept.append(table)
        return store.keep(table)

    shown = LongTable(collect, keep=keep, on_error=lambda error: pytest.fail(str(error)))
    rows = store.transactions.select("order_id", "amount").order_by("order_id")
    shown.show(
        Detail(rows, (Field("order_id", label="terms.order"), Field("amount", "money")), "panels.how"), lang="zh"
    )
    shown.onward.click()
    shown.sort("amount")
    shown.search.value = "C0"
    assert len(kept) == 1
    assert len(asked) == 6, "how many, the first page, the second, sorted, how many are found, their first page"


def test_short_results_sort_by_the_rank_that_cells_carry_and_not_by_their_amounts():
    rows = pd.DataFrame({"name": ["b", "a", "c"], "monetary": [12_345_678.9, None, 12_345_678.1]})
    html = table_html(rows, (Field("name", label="panels.columns.name"), Field("monetary", "money")), "en")
    assert html.count('aria-sort="none"') == 2
    assert ['data-rank="2"' in html, 'data-rank="1"' in html, html.count("data-rank")] == [True, True, 2]
    assert "678.9" not in html
    assert "wb-sort" not in table_html(rows.head(2), (Field("name", label="panels.columns.name"),), "en")
