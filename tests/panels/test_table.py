"""Tables: readable in both languages, escaped, and page by page."""

from __future__ import annotations

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
