"""Questions asked of one table after another answer as the expressions do, and are made once."""

from __future__ import annotations

from datetime import date

import ibis
import pytest
from ibis import _
from ibis.expr import types as ir

from workbench.analyses.filter_cells import bits_of_all
from workbench.errors import StoreError
from workbench.store import asking, build, collect, open_store, written_queries
from workbench.store.kept_tables import LIMIT


@pytest.fixture
def store(unwritten_store):
    return unwritten_store


@pytest.fixture
def made() -> list[ir.Table]:
    """The tables that `spent` was called with."""
    return []


@pytest.fixture
def spent(made):
    """Return how much the customers of some sales spent, and their regions: a question of two tables."""

    def spent(sales, customers, *, since=date(2000, 1, 1), least=0):
        made.append(sales)
        sums = sales.filter(sales.day >= since).group_by("customer_id").agg(spent=sales.amount.sum())
        named = sums.filter(sums.spent >= least).left_join(customers, "customer_id")
        return named.select("customer_id", "region", "spent").order_by("customer_id")

    return spent


def days(store):
    """Return the sales of each day as kept tables."""
    sales = store.transactions
    return [
        store.keep(sales.filter(sales.day == day))
        for day in collect(sales.select("day").distinct().order_by("day"))["day"]
    ]


def test_another_table_is_answered_by_what_was_written_for_the_first(store, spent, made):
    tables = [*days(store), store.named(store.transactions, name="sales")]
    for table in tables:
        assert store.collect(asking(spent, table, store.customers)).equals(collect(spent(table, store.customers)))
    assert len(tables) == 4
    assert len(made) == 1 + len(tables), "the store has called it with the first table alone, the test with all"


def test_a_function_of_the_databases_own_is_written_once_too(store, made):
    def days_in_bits(sales):
        made.append(sales)
        return (
            sales.group_by("customer_id").agg(bits=bits_of_all(sales.day.day().cast("int64"))).order_by("customer_id")
        )

    tables = [*days(store), store.named(store.transactions, name="sales")]
    for table in tables:
        assert store.collect(asking(days_in_bits, table)).equals(collect(days_in_bits(table)))
    assert len(made) == 1 + len(tables)


def test_other_arguments_are_another_question(store, spent, made):
    (table, *_more), customers = days(store), store.customers
    for how in ({}, {"least": 100}, {"least": 0}, {"since": date(2024, 3, 2)}, {"least": 100}):
        assert store.collect(asking(spent, table, customers, **how)).equals(collect(spent(table, customers, **how)))


def test_a_table_that_is_asked_twice_is_another_question_than_two(store):
    def both(first, second):
        return first.union(second).aggregate(rows=_.count())

    first, second, *_more = days(store)
    sizes = [len(collect(one)) for one in (first, second)]
    for pair, rows in (((first, second), sum(sizes)), ((first, first), 2 * sizes[0]), ((second, second), 2 * sizes[1])):
        assert store.collect(asking(both, *pair))["rows"].tolist() == [rows]


def test_a_table_of_the_snapshot_and_one_that_is_no_table_are_asked_by_themselves(store, spent):
    sales = store.transactions
    assert store.collect(asking(spent, sales, store.customers))["spent"].sum() == 200.0
    some = sales.filter(sales.amount > 100)
    assert store.collect(asking(spent, some, store.customers))["spent"].tolist() == [120.5]
    assert store.collect(asking(spent, days(store)[0], store.customers)).equals(
        collect(spent(days(store)[0], store.customers))
    )


def test_what_reads_another_table_is_made_each_time(store):
    first, *others = days(store)
    hidden = [*others]

    def beside(table):
        other = hidden.pop(0)
        return table.count().name("rows").as_table().cross_join(other.aggregate(last=_.amount.max()))

    for other in others:
        highest = collect(other.amount.max())["Max(amount)"].iloc[0]
        assert store.collect(asking(beside, first))["last"].tolist() == [highest]
        store._answers.clear()


def test_many_questions_are_forgotten_and_made_again(store, spent, monkeypatch):
    monkeypatch.setattr(written_queries, "QUESTIONS_KNOWN", 3)
    for least in range(8):
        assert store.collect(asking(spent, days(store)[0], store.customers, least=least))["spent"].tolist() == [49.5]
    assert len(written_queries._texts) <= 3


def test_rows_beyond_the_limit_are_told_for_a_table_asked_later_too(store, spent):
    sales = store.named(store.transactions, name="sales")
    assert len(store.collect(asking(spent, days(store)[0], store.customers), limit=1)) == 1
    with pytest.raises(StoreError, match="2"):
        store.collect(asking(spent, sales, store.customers), limit=1)


def test_decimals_days_and_texts_come_as_they_do_from_the_expression(store):
    def typed(sales):
        return sales.mutate(
            whole=_.amount.cast("int64"), twice=_.amount * 2, later=_.day + ibis.interval(days=1), no=ibis.null("date")
        ).order_by("order_id")

    for table in days(store):
        rows, plain = store._fetched(asking(typed, table), None), store._backend.to_pyarrow(typed(table))
        assert rows.schema == plain.schema
        assert rows.equals(plain)


def test_two_stores_share_what_was_written_and_keep_their_own_rows(store, orders_store, three_orders, spent, made):
    first = store.collect(asking(spent, store.named(store.transactions, name="sales"), store.customers))
    build(orders_store, lambda con: [three_orders(con), three_orders(con)])
    with open_store(orders_store) as newer:
        again = newer.collect(asking(spent, newer.named(newer.transactions, name="sales"), newer.customers))
    assert len(made) == 1
    assert first["spent"].tolist() == [150.5, 49.5]
    assert again["spent"].tolist() == [301.0, 301.0, 99.0, 99.0], "each customer stands there twice"


def test_a_kept_question_is_found_again_and_holds_its_own_rows(store, spent, made):
    tables = days(store)
    kept = [store.keep(asking(spent, table, store.customers)) for table in tables]
    assert store.keep(asking(spent, tables[0], store.customers)).equals(kept[0])
    assert len(made) == 1
    for table, one in zip(tables, kept, strict=True):
        assert collect(one.order_by("customer_id")).equals(collect(spent(table, store.customers)))


def test_a_named_expression_holds_nothing_and_reads_what_it_is_made_of(store):
    _first, high, low = days(store)
    named = store.named(high.filter(high.amount > 100), name="high")
    assert store.named(high.filter(high.amount > 100), name="high").equals(named)
    for number in range(LIMIT + 1):
        store.keep(store.customers.limit(number))  # what it is made of is dropped
    assert collect(named)["amount"].tolist() == [120.5]
    derived = store.keep(named.union(low))
    for number in range(LIMIT + 1):
        store.keep(store.customers.limit(number))
    assert len(collect(derived)) == 2
    assert store.sql(named).startswith("WITH")
    views = store._backend.con.execute("SELECT view_name FROM duckdb_views() WHERE temporary").fetchall()
    assert [name for (name,) in views if name.startswith("high")] == [named.op().name]


def test_other_days_are_filled_in_and_give_their_own_rows(store, made):
    def seen(sales, *, since, until=None):
        made.append(sales)
        some = sales.filter(sales.day >= since)
        some = some if until is None else some.filter(some.day <= ibis.date(until))
        return some.select(
            "order_id", age=since.delta(sales.day, unit="day"), since=ibis.date(since), first=date(2024, 3, 5)
        ).order_by("order_id")

    first, last = date(2024, 2, 28), date(2024, 3, 31)
    settings = [{"since": first}, {"since": last}, {"since": first, "until": last}, {"since": first, "until": first}]
    settings += [{"since": last, "until": first}, {"since": first, "until": None}]
    sales = store.transactions
    for days in settings:
        question = asking(seen, sales, **days)
        written = store._backend.answer(question, limit=None)
        plain = seen(sales, **{name: day and ibis.literal(day) for name, day in days.items()})
        assert written.equals(store._backend.to_pyarrow(plain))
        assert store._backend.written(question) == store._backend.compile(plain)
        assert store.collect(question).equals(collect(plain))
        assert set(store.collect(question)["first"].dt.date) <= {date(2024, 3, 5)}
    likenesses, ways = 3, 3
    assert len(made) == len(settings) + likenesses * ways, "an end, none, or None; all rows, some, or kept ones"


def test_what_python_would_make_of_a_day_is_refused(store):
    def with_length(sales, *, since):
        return sales.filter(sales.day >= since) if since < date(2024, 6, 1) else sales

    with pytest.raises(ValueError, match="truth value"):
        store.collect(asking(with_length, store.transactions, since=date(2024, 3, 5)))


def test_a_column_called_by_its_day_is_called_so_each_time(store):
    def unnamed(sales, *, since):
        return sales.select(ibis.date(since)).limit(1)

    for day in (date(2024, 3, 5), date(2024, 3, 8)):
        rows = store.collect(asking(unnamed, store.transactions, since=day))
        assert rows.columns.tolist() == [repr(day)]
