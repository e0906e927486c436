"""Exports of shops: what customers truly paid is what is loaded, however totals, statuses and refunds are written."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import get_args

import pytest
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st

from tests.load.exports import (
    Amounts,
    Discounts,
    Refunds,
    Written,
    drawn_export,
    drawn_ready,
    drawn_visits,
    load_answering,
)
from workbench.panels import Session
from workbench.store import open_store


def paid(store: Path) -> dict[str, Decimal]:
    """Return what each customer paid, by the lines that count."""
    with open_store(store) as opened:
        lines = opened.table("transactions").filter(lambda line: ~line.is_cancelled)
        cents = (lines.amount * 100).cast("int64").sum()
        sums = opened.collect(lines.group_by("customer_id").aggregate(cents=cents))
    return {who: Decimal(cents) / 100 for who, cents in zip(sums["customer_id"], sums["cents"].tolist(), strict=True)}


def orders_sold(store: Path) -> int:
    with open_store(store) as opened:
        lines = opened.table("transactions").filter(lambda line: ~line.is_cancelled & (line.amount > 0))
        return int(opened.collect(lines.aggregate(count=lines.order_id.nunique()))["count"].iloc[0])


def order_days(store: Path) -> dict[str, set[str]]:
    with open_store(store) as opened:
        days = opened.collect(opened.table("transactions").select("order_id", "day").distinct())
    by_order: dict[str, set[str]] = {}
    for order, day in days.itertuples(index=False):
        by_order.setdefault(order, set()).add(str(day)[:10])
    return by_order


@settings(max_examples=16, phases=(Phase.explicit, Phase.generate))  # a load is too slow to shrink
@example(
    seed=61113, amounts="total on the first line", refunds="in a column and in rows", lang="zh",
    discounts="times a rate", written="merged cells", in_utc=False, in_thousands=True, with_totals=True,
)  # fmt: skip
@example(
    seed=167476, amounts="total on every line", refunds="in rows below zero", lang="zh", discounts="none",
    written="first line", in_utc=False, in_thousands=False, with_totals=False,
)  # fmt: skip
@example(
    seed=162, amounts="total on every line", refunds="in a column and in rows", lang="zh", discounts="none",
    written="merged cells", in_utc=True, in_thousands=True, with_totals=False,
)  # fmt: skip
@given(
    seed=st.integers(0, 10**6),
    amounts=st.sampled_from(get_args(Amounts)),
    refunds=st.sampled_from(get_args(Refunds)),
    lang=st.sampled_from(["zh", "en"]),
    discounts=st.just("none") | st.sampled_from(get_args(Discounts)),
    written=st.sampled_from(get_args(Written)),
    in_utc=st.booleans(),
    in_thousands=st.booleans(),
    with_totals=st.booleans(),
)
def test_what_customers_truly_paid_is_loaded(
    seed: int,
    amounts: Amounts,
    refunds: Refunds,
    lang: str,
    discounts: Discounts,
    written: Written,
    in_utc: bool,
    in_thousands: bool,
    with_totals: bool,
):
    with_totals = with_totals and written == "every line" and discounts == "none"
    export = drawn_export(
        Random(seed), amounts=amounts, refunds=refunds, lang=lang, discounts=discounts, written=written, in_utc=in_utc,
        in_thousands=in_thousands and discounts == "none", with_totals=with_totals,
    )  # fmt: skip
    with TemporaryDirectory() as folder:
        report, _ = load_answering(export, export.write(Path(folder)), Path(folder) / "crm.store")
        assert report.rows_read == report.rows_loaded + report.rows_rejected + report.rows_ignored
        assert report.rows_rejected == 0
        loaded = {who: money for who, money in paid(Path(folder) / "crm.store").items() if money}
        assert loaded == {who: money for who, money in export.paid.items() if money}
        assert orders_sold(Path(folder) / "crm.store") == export.sold
        days = order_days(Path(folder) / "crm.store")
        assert {order: days[order] for order in export.days} == {order: {day} for order, day in export.days.items()}


@settings(max_examples=8, phases=(Phase.explicit, Phase.generate))
@given(
    seed=st.integers(0, 10**6), draw=st.sampled_from([drawn_visits, drawn_ready]), lang=st.sampled_from(["zh", "en"])
)
def test_who_came_when_and_how_often_is_loaded_without_a_sale(seed: int, draw, lang: str):
    export = draw(Random(seed), lang=lang)
    with TemporaryDirectory() as folder:
        report, questions = load_answering(export, export.write(Path(folder)), Path(folder) / "crm.store")
        assert [one.key for one in questions][:1] == ["which_table"]
        assert report.rows_read == report.rows_loaded == len(export.rows) - 1
        with open_store(Path(folder) / "crm.store") as opened:
            facts = Session(opened).facts
            rows = opened.collect(facts.mutate(cents=(facts.monetary * 100).cast("int64"))).set_index("customer_id")
            recency = {who: (opened.snapshot.as_of - last).days for who, (last, _, _) in export.truth.items()}
        assert rows["recency_days"].to_dict() == recency
        assert rows["frequency"].to_dict() == {who: times for who, (_, times, _) in export.truth.items()}
        paid_cents = {who: cents for who, (_, _, cents) in export.truth.items() if cents is not None}
        assert rows["cents"].dropna().to_dict() == paid_cents


@pytest.mark.parametrize("amounts", ["total on every line", "total on the first line"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_total_is_never_taken_for_the_amount_of_a_line_without_a_question(amounts: Amounts, lang: str, tmp_path):
    export = drawn_export(Random(4), amounts=amounts, refunds="none", lang=lang)
    _, questions = load_answering(export, export.write(tmp_path), tmp_path / "crm.store")
    (question,) = [one for one in questions if one.key == "amount_of"]
    assert question.facts["suggested"] == "order"
    assert list(question.choices) == ["line", "order", "product"]


def test_a_line_of_its_own_amount_is_loaded_without_a_question(tmp_path):
    export = drawn_export(Random(4), amounts="of the line", refunds="none", lang="zh")
    _, questions = load_answering(export, export.write(tmp_path), tmp_path / "crm.store")
    assert [one.key for one in questions] == []
