"""Queries filled into a known form read as Ibis would write them, whatever stands in the blanks."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import product

import ibis
import pytest
from ibis import _

from workbench.store import collect, open_store, written_queries


@pytest.fixture
def store(unwritten_store):
    return unwritten_store


@pytest.fixture
def forms_made(monkeypatch):
    """How many queries were written and not filled in."""
    made = []
    pieces = written_queries._pieces
    monkeypatch.setattr(written_queries, "_pieces", lambda *asked: made.append(asked) or pieces(*asked))
    return made


def plainly(store, expr) -> str:
    """The SQL as Ibis writes it."""
    options = {"merged": True, "is_kept": None, "limit": None}
    return written_queries.query_text(expr, **options, write=super(type(store._backend), store._backend).compile)


def between(store, first: date, last: date, *regions: str):
    t, c = store.transactions, store.customers
    sales = t.filter(t.day >= first, t.day <= last)
    people = c.filter(c.region.isin(regions))
    return sales.join(people, "customer_id").group_by("region").agg(orders=sales.order_id.nunique())


def test_another_setting_of_the_filters_is_filled_in(store, forms_made):
    days, names = [date(2024, 1, 1), date(2024, 3, 1), date(1999, 12, 31)], ["华东", 'O\'Hara "x" \\', "", "%s {0} $1"]
    for first, last, region in product(days, days, names):
        asked = between(store, first, last, region)
        assert store._backend.compile(asked) == plainly(store, asked)
    # one day for both ends is another form than two
    assert len(forms_made) == 2
    assert collect(between(store, date(2024, 3, 1), date(2024, 3, 9), "华东"))["orders"].tolist() == [2]
    assert collect(between(store, date(2024, 2, 1), date(2024, 2, 29), "华北"))["orders"].tolist() == [1]


def test_amounts_are_filled_in_with_their_sign_and_digits(store, forms_made):
    amounts = [Decimal("0.10"), Decimal("-3.50"), Decimal("99999.99"), 0.5, -2.25, 1e300, -0.0, 0.0]
    for amount in amounts:
        literal = ibis.literal(amount, "decimal(24, 2)") if isinstance(amount, Decimal) else ibis.literal(amount)
        asked = store.transactions.filter(store.transactions.amount < literal).count().as_table()
        assert store._backend.compile(asked) == plainly(store, asked)
    assert len(forms_made) == 2


@pytest.mark.parametrize("value", [None, float("inf"), float("nan")])
def test_what_is_written_differently_for_some_values_is_not_filled_in(store, forms_made, value):
    t = store.transactions
    asked = [t.filter(t.amount < ibis.literal(other, "float64")).count().as_table() for other in (3, value)]
    for one in asked:
        assert store._backend.compile(one) == plainly(store, one)
    assert len(forms_made) == 2


def test_a_constant_that_is_also_no_comparison_keeps_its_value(store):
    t = store.transactions
    for day, word in product((date(2024, 3, 5), date(2024, 3, 8)), ("华东", "x")):
        same = ibis.literal(day)
        asked = t.mutate(day_meant=same, word=ibis.literal(word)).filter(
            t.day == same, ibis.literal(word) == t.order_id
        )
        assert store._backend.compile(asked) == plainly(store, asked)


def test_kept_tables_and_two_of_one_table_are_told_apart(store, forms_made):
    t = store.transactions
    for day in (date(2024, 3, 5), date(2024, 3, 8), date(2024, 2, 29)):
        kept = store.keep(t.filter(t.day == day).group_by("customer_id").agg(spent=t.amount.sum()))
        other = kept.view()
        pairs = kept.join(other, kept.spent <= other.spent).select(kept.customer_id, more=other.spent)
        for asked in (kept, pairs, kept.filter(kept.spent > kept.spent.mean()), kept.union(kept)):
            assert store._backend.compile(asked) == plainly(store, asked)
    # the kept question and the four of it: written for the first day only
    assert len(forms_made) == 5


def test_a_value_that_looks_like_a_blank_is_a_value(store):
    mark = written_queries.MARK
    t = store.transactions
    for word in (f"{mark}0{mark}", mark, f"a{mark}b"):
        asked = t.filter(t.order_id == word).mutate(word=ibis.literal(word))
        assert store._backend.compile(asked) == plainly(store, asked)
        assert collect(asked).empty


def test_many_forms_are_forgotten_and_written_again(store, forms_made, monkeypatch):
    monkeypatch.setattr(written_queries, "ENTRIES_KNOWN", 10)
    t = store.transactions
    for place in range(8):
        asked = t.group_by("customer_id").agg(**{f"spent_{place}": t.amount.sum()})
        assert store._backend.compile(asked) == plainly(store, asked)
    assert len(written_queries._entries) < 30
    assert len(forms_made) == 8


def test_two_stores_share_forms_and_keep_their_own_rows(store, orders_store, forms_made):
    asked = between(store, date(2024, 1, 1), date(2024, 12, 31), "华东")
    with open_store(orders_store) as other:
        again = between(other, date(2024, 1, 1), date(2024, 12, 31), "华北")
        assert collect(asked)["orders"].tolist() == [2]
        assert collect(again)["orders"].tolist() == [1]
    assert len(forms_made) == 1


def test_days_are_filled_in_wherever_they_stand(store, forms_made):
    t = store.transactions
    for first, last in ((date(2024, 1, 1), date(2024, 3, 1)), (date(1999, 12, 31), date(2024, 2, 29))):
        since, until = ibis.date(first), ibis.date(last)
        told = t.mutate(
            since=since,
            age=until.delta(t.day, unit="day"),
            latest=ibis.greatest(t.day, since),
            known=t.day.fill_null(until),
            when=(t.day < since).ifelse(since, until),
            month=until.truncate("M"),
            after=(until + ibis.interval(days=1)).cast("date"),
            place=ibis.cases((t.day == since, 1), else_=2),
            rank=ibis.row_number().over(order_by=[t.day < until, since]),
        )
        totals = told.group_by("since").agg(last=until, days=(t.day <= until).sum(), first=_.day.min())
        for asked in (told, totals, told.filter(told.since < until).order_by(until, "order_id"), told.union(told)):
            assert store._backend.compile(asked) == plainly(store, asked)
        assert {day.date() for day in collect(told)["since"]} == {first}
        assert {day.date() for day in collect(totals)["last"]} == {last}
    assert len(forms_made) == 6, "four are asked, two of them are run, which is written another way"


@pytest.mark.parametrize("numbers", [(10, 12), (100, 120), (-5, 7)])
def test_whole_numbers_and_lists_of_them_are_filled_in(store, forms_made, numbers):
    t = store.transactions
    low, high = numbers
    for more in (0, 3):
        limits = ibis.literal([low + more, high, high + more], "array<int64>")
        asked = t.filter(t.day.day() > ibis.literal(low + more, "int8"), t.day.day() != ibis.literal(high, "int8"))
        asked = asked.mutate(limit=limits[t.day.month() % 3], size=limits.length(), one=(t.day.day() >= limits[1]))
        assert store._backend.compile(asked) == plainly(store, asked)
    assert len(forms_made) == 1
