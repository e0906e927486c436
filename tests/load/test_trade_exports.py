"""Traps of the trade in combinations: what is loaded without a question, or after honest answers, is the truth."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import get_args

from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st

from tests.load.trade_exports import TRAPS, Amounts, Days, FileForm, Language, TradeExport, drawn_trade
from workbench.load import LoadReport, Mapping, answered, load, suggest_mapping
from workbench.store import open_store

TODAY = date(2026, 1, 1)


def load_honestly(export: TradeExport, path: Path, store: Path) -> LoadReport:
    """Load by suggestion, with every question answered by who knows the shop."""
    mapping = suggest_mapping(path)
    while True:
        while mapping.questions:
            mapping = answered(mapping, mapping.questions[0], export.answer(mapping.questions[0]))
        report = load(path, store=store, mapping=mapping, today=TODAY)
        if not report.questions:
            return report
        mapping = Mapping(mapping.sources, mapping.company, report.questions)


def unexplained(export: TradeExport, report: LoadReport) -> list[str]:
    """What was rejected though it was sold: a row that nobody paid has no day where the day is that of payment."""
    unpaid = {line.order for line in export.sheet.lines if not line.is_sold}
    rejects = report.rejects.to_dict("records")
    return [
        str(one["facts"])
        for one in rejects
        if (one["reason"], one["column_name"]) != ("missing_value", "day")
        or not any(order in str(one["facts"]) for order in unpaid)
    ]


@settings(max_examples=8, phases=(Phase.explicit, Phase.generate))  # a load is too slow to shrink
@example(
    seed=120, lang="en", form="tabs", amounts="total", days="moment", traps=["parts_of_sets", "status_in_other_words"]
)
@example(
    seed=147,
    lang="zh",
    form="gbk",
    amounts="total",
    days="parts",
    traps=["reasons", "parts_of_sets", "status_in_other_words"],
)
@example(seed=155, lang="es", form="xlsx", amounts="total", days="month parts", traps=["parts_of_sets", "red_slips"])
@given(
    seed=st.integers(0, 10**6),
    lang=st.sampled_from(get_args(Language)),
    form=st.sampled_from(get_args(FileForm)),
    amounts=st.sampled_from(get_args(Amounts)),
    days=st.sampled_from(get_args(Days)),
    traps=st.lists(st.sampled_from(sorted(TRAPS)), min_size=1, max_size=4, unique=True),
)
def test_whatever_the_trade_adds_to_its_lists_what_customers_truly_paid_is_loaded(
    seed: int, lang: Language, form: FileForm, amounts: Amounts, days: Days, traps: Sequence[str]
):
    export = drawn_trade(Random(seed), lang=lang, form=form, amounts=amounts, days=days, traps=traps)
    with TemporaryDirectory() as folder:
        store = Path(folder) / "crm.store"
        report = load_honestly(export, export.write(Path(folder)), store)
        assert report.rows_read == report.rows_loaded + report.rows_rejected + report.rows_ignored
        assert unexplained(export, report) == []
        with open_store(store) as opened:
            lines = opened.transactions.filter(~opened.transactions.is_cancelled)
            sums = opened.collect(
                lines.group_by("customer_id").aggregate(cents=(lines.amount * 100).cast("int64").sum())
            )
            order_days = opened.collect(lines.select("order_id", "day").distinct())
            own = lines.filter(lines.order_id.startswith("D"))
            costs = opened.collect(own.aggregate(cents=(own.cost * 100).cast("int64").sum()))["cents"]
        paid = {None if who != who else who: Decimal(int(cents)) / 100 for who, cents in sums.itertuples(index=False)}
        assert {who: money for who, money in paid.items() if money} == {
            who: money for who, money in export.paid.items() if money
        }
        assert [
            (order, day.date()) for order, day in order_days.itertuples(index=False) if day.date() != export.days[order]
        ] == []
        if export.cost is not None:
            assert Decimal(int(costs.iloc[0])) / 100 == export.cost
