"""From the database to the screen: counted rows, floats for money, timestamps for days, unknown stays unknown."""

from __future__ import annotations

import sys
from datetime import date
from decimal import Decimal

import ibis
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from ibis.backends.sql import SQLBackend

from workbench.errors import ChoiceError, StoreError
from workbench.store import build, collect, open_store
from workbench.store.rows import frame
from workbench.store.store import QUESTIONS_REMEMBERED


@pytest.fixture
def store(orders_store):
    with open_store(orders_store) as store:
        yield store


def test_money_becomes_floats_and_days_become_timestamps(store):
    rows = collect(store.transactions.order_by("day").select("day", "amount"))
    assert rows["amount"].tolist() == [49.50, 120.50, 30.00]
    assert rows["amount"].dtype == np.float64
    assert rows["day"].tolist() == [pd.Timestamp("2024-02-29"), pd.Timestamp("2024-03-05"), pd.Timestamp("2024-03-08")]


def test_arrow_and_polars_hand_out_what_the_store_holds_exact_to_the_digit(store):
    query = store.transactions.order_by("day").select("day", "amount", "order_id")
    arrow, frame = collect(query, as_="arrow"), collect(query, as_="polars")
    amounts, days = (
        [Decimal("49.50"), Decimal("120.50"), Decimal("30.00")],
        [date(2024, 2, 29), date(2024, 3, 5), date(2024, 3, 8)],
    )
    assert isinstance(arrow, pa.Table)
    assert isinstance(frame, pl.DataFrame)
    assert (arrow["amount"].to_pylist(), arrow["day"].to_pylist()) == (amounts, days)
    assert (frame["amount"].to_list(), frame["day"].to_list()) == (amounts, days)
    assert frame["order_id"].to_list() == arrow["order_id"].to_pylist() == collect(query)["order_id"].tolist()
    assert collect(store.transactions.amount.sum(), as_="polars").item() == Decimal("200.00")


@pytest.mark.parametrize("as_", ["polars", "arrow"])
def test_no_form_is_cut_silently(as_: str, store):
    with pytest.raises(StoreError, match="3 rows"):
        collect(store.transactions, limit=2, as_=as_)


def test_other_backends_hand_out_every_form():
    sales = ibis.memtable(
        {"day": [date(2024, 3, 1)], "amount": [Decimal("1.10")]}, schema={"day": "date", "amount": "decimal(18, 2)"}
    )
    assert collect(sales, as_="polars").rows() == [(date(2024, 3, 1), Decimal("1.10"))]
    assert collect(sales, as_="arrow").to_pylist() == [{"day": date(2024, 3, 1), "amount": Decimal("1.10")}]


def test_another_form_and_a_missing_polars_are_said(store, monkeypatch):
    with pytest.raises(ChoiceError, match=r"as_ cannot be spark\. Allowed: pandas, polars, arrow"):
        collect(store.transactions, as_="spark")
    monkeypatch.setitem(sys.modules, "polars", None)
    with pytest.raises(StoreError, match="pip install polars"):
        collect(store.transactions, as_="polars")
    assert len(collect(store.transactions, as_="arrow")) == 3


def test_unknown_is_missing_in_every_type(store):
    t = store.transactions
    empty = t.limit(1).select(
        money=t.amount.nullif(t.amount),
        whole=t.source_id,
        word=t.channel,
        day=t.day.nullif(t.day),
        yes=t.is_cancelled,
        moment=t.occurred_at,
    )
    assert collect(empty).isna().to_numpy().all()
    arrays = store.arrays(empty)
    assert np.isnan(arrays["money"][0])
    assert np.isnan(arrays["whole"][0])
    assert np.isnat(arrays["day"][0])
    assert np.isnat(arrays["moment"][0])
    assert arrays["word"][0] is None
    assert arrays["yes"][0] is None


def test_steps_are_merged_to_be_read_and_kept_but_not_to_be_run(store, monkeypatch):
    written: list[bool] = []
    write = SQLBackend.compile

    def compile_and_tell(self, expr, /, **options):
        written.append(ibis.options.sql.fuse_selects)
        return write(self, expr, **options)

    monkeypatch.setattr(SQLBackend, "compile", compile_and_tell)
    orders = store.transactions
    doubled = orders.mutate(twice=orders.amount * 2)
    dear = doubled.filter(doubled.twice > 90).select("order_id", "twice")
    assert store.sql(dear).count("SELECT") == 1
    kept = store.keep(dear)
    assert written == [True]  # what is read and what is kept is one text
    assert sorted(collect(dear)["order_id"]) == sorted(collect(kept)["order_id"]) == ["A1", "A3"]
    assert dear.to_pyarrow().num_rows == dear.execute().shape[0] == 2
    assert written[1:] == [False] * 4
    assert ibis.options.sql.fuse_selects


def test_whole_numbers_stay_whole(store):
    counts = collect(store.transactions.group_by("customer_id").agg(lines=lambda t: t.count()))
    assert counts["lines"].dtype == np.int64


def test_a_sum_of_money_is_exact_before_it_is_a_float(orders_store):
    build(
        orders_store,
        lambda con: con.execute(
            "INSERT INTO transactions (day, amount) SELECT DATE '2024-01-01', 0.10 FROM range(100000)"
        ),
    )
    with open_store(orders_store) as store:
        assert collect(store.transactions.amount.sum()).iloc[0, 0] == 10_000.0


def test_too_many_rows_are_refused_with_their_number_and_never_cut(store):
    with pytest.raises(StoreError) as caught:
        collect(store.transactions, limit=2)
    assert caught.value.facts == {"rows": 3, "limit": 2}
    assert "3" in caught.value.words("zh")
    assert len(collect(store.transactions, limit=3)) == 3


def test_the_order_asked_for_is_kept(store):
    rows = collect(store.transactions.order_by(ibis.desc("amount")))
    assert rows["amount"].tolist() == [120.5, 49.5, 30.0]


def test_a_single_value_and_a_column_are_tables_of_one_column(store):
    assert collect(store.transactions.count()).shape == (1, 1)
    assert collect(store.transactions.amount).shape == (3, 1)


def test_arrays_have_no_limit_and_one_entry_per_column(store):
    arrays = store.arrays(store.transactions.order_by("day").select("customer_id", "amount", "day"))
    assert list(arrays) == ["customer_id", "amount", "day"]
    assert arrays["customer_id"].tolist() == ["C2", "C1", "C1"]
    assert arrays["amount"].tolist() == [49.5, 120.5, 30.0]
    assert arrays["day"].astype("datetime64[D]").astype(str).tolist() == ["2024-02-29", "2024-03-05", "2024-03-08"]


def test_another_store_of_the_same_shape_is_not_read_by_mistake(store, tmp_path, three_orders):
    other = tmp_path / "other.store"
    build(other, lambda con: [three_orders(con), three_orders(con)])
    with open_store(other) as second:
        with pytest.raises(StoreError) as caught:
            store.collect(second.transactions)
        assert caught.value.key == "other_store"
        with pytest.raises(StoreError):
            collect(store.customers.join(second.transactions, "customer_id"))
        assert len(collect(second.transactions)) == 6
        assert len(collect(store.transactions)) == 3


def test_rows_held_in_memory_can_be_joined(store):
    names = ibis.memtable({"region": ["华东", "华北"], "manager": ["王经理", "赵经理"]})
    rows = collect(store.customers.join(names, "region").select("name", "manager"))
    assert dict(zip(rows["name"], rows["manager"], strict=True)) == {"张三": "王经理", "李四": "赵经理"}


def test_an_expression_on_another_backend_is_collected_too():
    weeks = ibis.memtable({"amount": [1, 2]})
    assert collect(weeks.amount.sum()).iloc[0, 0] == 3
    with pytest.raises(StoreError):
        collect(weeks, limit=1)


def test_an_amount_is_the_float_nearest_to_it():
    cents = [*range(-6000, 6000, 7), -4980, 3333, 2**53 - 1]
    amounts = pa.chunked_array([pa.array([Decimal(one).scaleb(-2) for one in (0, *cents)], pa.decimal128(24, 2))])
    rows = frame(pa.table({"amount": amounts.slice(1)}))
    assert rows["amount"].tolist() == [float(f"{Decimal(one).scaleb(-2)}") for one in cents]


def test_the_same_few_rows_are_asked_of_the_database_once(make_store, monkeypatch):
    store = make_store()
    asked, run = [], type(store._backend).to_pyarrow
    monkeypatch.setattr(
        type(store._backend), "to_pyarrow", lambda self, expr, **how: asked.append(expr) or run(self, expr, **how)
    )

    def people():
        return store.customers.group_by("region").aggregate(n=store.customers.customer_id.nunique()).order_by("region")

    first = store.collect(people())
    first["n"] = 0
    again = store.collect(people())
    assert again["n"].tolist() == [5, 5], "what somebody did with the rows does not change them"
    assert len(asked) == 1
    assert len(store.collect(people().filter(people().region == "华东"))) == 1
    assert len(asked) == 2
    with pytest.raises(StoreError, match="2"):
        store.collect(people(), limit=1)


def test_of_many_questions_those_asked_last_are_remembered(make_store):
    store = make_store()
    sales = store.transactions
    for least in range(QUESTIONS_REMEMBERED + 5):
        store.collect(sales.filter(sales.amount > least).count().as_table())
    assert len(store._answers) == QUESTIONS_REMEMBERED


def test_a_closed_store_answers_nothing_it_remembers(make_store):
    store = make_store()
    count = store.customers.aggregate(n=store.customers.count())
    store.collect(count)
    store.close()
    with pytest.raises(StoreError):
        store.collect(count)
