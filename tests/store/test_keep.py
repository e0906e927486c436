"""Kept results and the SQL of what is on screen: computed once, found again, and runnable on the file alone."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import duckdb
import pytest

from workbench.errors import StoreError
from workbench.store import build, collect, open_store
from workbench.store.kept_tables import LIMIT


@pytest.fixture
def store(orders_store):
    with open_store(orders_store) as store:
        yield store


def spent(store):
    t = store.transactions
    return t.group_by("customer_id").agg(monetary=t.amount.sum(), orders=t.order_id.nunique())


def temporary_tables(store) -> list[str]:
    sql = "SELECT table_name FROM duckdb_tables() WHERE temporary"
    return [name for (name,) in store._backend.con.execute(sql).fetchall()]


def test_the_same_question_finds_the_same_kept_table(store):
    first, again = store.keep(spent(store)), store.keep(spent(store))
    assert first.equals(again)
    assert len(temporary_tables(store)) == 1
    assert sorted(collect(first)["monetary"]) == [49.5, 150.5]


def test_the_table_unused_longest_goes_and_comes_back_when_asked_for(store):
    first = store.keep(spent(store))
    derived = store.keep(first.filter(first.monetary > 100))
    for threshold in range(LIMIT + 5):
        store.keep(store.transactions.filter(store.transactions.amount > threshold))
    assert len(temporary_tables(store)) == LIMIT
    assert first.get_name() not in temporary_tables(store)
    assert collect(derived.mutate(double=derived.monetary * 2))["double"].tolist() == [301.0]
    assert collect(first)["orders"].sum() == 3


def test_a_table_made_from_more_tables_than_are_kept_comes_back(store):
    """Each is made from the one before and from one of its own, as the decisions of a page's setting are."""
    last = store.keep(store.transactions)
    for number in range(LIMIT):
        own = store.keep(store.transactions.filter(store.transactions.amount > -number))
        last = store.keep(last.semi_join(own, "order_id"))
    for number in range(LIMIT):
        store.keep(store.customers.limit(number))
    assert len(collect(last)) == 3
    assert len(temporary_tables(store)) == LIMIT


def test_threads_may_keep_and_collect_at_once(store):
    def ask(threshold: int) -> int:
        return len(collect(store.keep(store.transactions.filter(store.transactions.amount > threshold % 7))))

    with ThreadPoolExecutor(max_workers=8) as threads:
        assert list(threads.map(ask, range(40))) == [3] * 40


def run_on_the_file(store, sql: str) -> list[tuple]:
    path = store.address / "snapshots" / f"{store.snapshot.id}.duckdb"
    with duckdb.connect(str(path), read_only=True) as con:
        return con.execute(sql).fetchall()


def test_the_sql_shown_gives_the_same_rows_on_the_file_alone(store):
    facts = store.keep(spent(store), name="customer_facts")
    big = store.keep(facts.filter(facts.monetary > 100))
    shown = big.join(store.customers, "customer_id").select("name", "monetary", "orders").order_by("name")
    sql = store.sql(shown)
    assert sql.startswith("WITH")
    assert "customer_facts" in sql
    rows = [(name, float(monetary), orders) for name, monetary, orders in run_on_the_file(store, sql)]
    assert rows == [tuple(row) for row in collect(shown).itertuples(index=False)] == [("张三", 150.5, 2)]


def test_the_sql_of_one_table_names_it_as_the_snapshot_does(store):
    sql = store.sql(store.transactions.filter(store.transactions.amount > 100).select("order_id"))
    assert 'FROM "transactions"' in sql
    assert "snapshot" not in sql
    assert run_on_the_file(store, sql) == [("A1",)]


def test_the_sql_of_a_value_runs_too(store):
    facts = store.keep(spent(store))
    assert run_on_the_file(store, store.sql(facts.monetary.max())) == [(collect(facts.monetary.max()).iloc[0, 0],)]


def test_kept_tables_and_queries_keep_apart_when_an_expression_has_queries_of_its_own(store):
    facts = store.keep(spent(store))
    twice = facts.filter(facts.monetary > 100).union(facts.filter(facts.monetary <= 100)).order_by("customer_id")
    ranked = twice.mutate(share=twice.monetary / twice.monetary.sum())
    rows = [(row[0], float(row[3])) for row in run_on_the_file(store, store.sql(ranked.order_by("customer_id")))]
    assert rows == [("C1", pytest.approx(0.7525)), ("C2", pytest.approx(0.2475))]


def test_a_hostile_name_in_a_filter_stays_text_in_the_sql(store, orders_store):
    name = "'; DROP TABLE customers; --"
    sql = store.sql(store.customers.filter(store.customers.name == name))
    assert run_on_the_file(store, sql) == []
    assert len(collect(store.customers)) == 2


def test_a_new_snapshot_has_its_own_kept_tables(store, orders_store, three_orders):
    kept = store.keep(spent(store))
    build(orders_store, lambda con: [three_orders(con), three_orders(con)])
    with open_store(orders_store) as newer:
        assert collect(newer.keep(spent(newer)))["monetary"].sum() == 400.0
        assert collect(kept)["monetary"].sum() == 200.0


@pytest.mark.parametrize("run", ["to_pyarrow", "execute", "to_pandas"])
def test_an_expression_that_runs_by_itself_finds_its_kept_table_although_it_was_dropped(store, run):
    kept = store.keep(store.customers.select("customer_id"), name="first")
    question = kept.order_by("customer_id")
    before = store.collect(question)["customer_id"].tolist()
    for number in range(LIMIT + 1):
        store.keep(store.customers.limit(number))
    rows = getattr(question, run)()
    assert [*map(str, rows["customer_id"])] == before


def test_an_expression_of_a_closed_store_says_so_when_it_runs_by_itself(store):
    question = store.customers.select("customer_id")
    store.close()
    with pytest.raises(StoreError, match="has been closed"):
        question.to_pyarrow()
