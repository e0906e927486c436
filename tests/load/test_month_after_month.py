"""Month after month: nothing is replaced, counted twice or left out without a word."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.load.conftest import ORDERS
from workbench.i18n import LANGUAGES
from workbench.load import Mapping, SourceMapping, answered, load
from workbench.load.reporting.report import LoadReport
from workbench.load.reporting.sentences import choice_words, question_words
from workbench.store import open_store

JANUARY = ["C1,A1,2024-01-05,100", "C2,A2,2024-01-20,200"]
FEBRUARY = ["C1,B1,2024-02-05,300", "C2,B2,2024-02-20,400"]
OVERLAP = ["C2,A2,2024-01-20,200", "C1,B1,2024-02-05,300"]


def total(store: Path) -> int:
    with open_store(store) as opened:
        lines = opened.table("transactions")
        return int(opened.collect(lines.aggregate(total=lines.amount.cast("float64").sum()))["total"].iloc[0])


def counts_hold(store: Path) -> bool:
    """Tell whether every source's rows are those it counts, and all rows read are accounted for."""
    with open_store(store) as opened:
        lines = opened.collect(opened.table("transactions").group_by("source_id").aggregate(n=lambda t: t.count()))
        held = dict(zip(lines["source_id"], lines["n"], strict=True))
        return all(
            source.rows_loaded == held.get(source.source_id, 0)
            and source.rows_read == source.rows_loaded + source.rows_rejected + source.rows_ignored
            for source in opened.snapshot.sources
        )


def answer(report: LoadReport, rules: SourceMapping, choice: str) -> SourceMapping:
    (question,) = report.questions
    for lang in LANGUAGES:
        assert "{" not in question_words(question, lang)
        assert all("_" not in choice_words(question, one, lang) for one in question.choices)
    return answered(Mapping((rules,), questions=(question,)), question, choice).sources[0]


@pytest.mark.parametrize(("choice", "expected"), [("add", 1000), ("replace", 700)])
def test_another_month_under_the_same_name_is_asked_before_anything_is_replaced(choice, expected, write, store):
    load(write(*JANUARY), store=store, mapping=Mapping((ORDERS,)))
    path = write(*FEBRUARY)
    report = load(path, store=store, mapping=Mapping((ORDERS,)))
    assert report.questions[0].key == "same_name"
    assert report.questions[0].facts["suggested"] == "add"
    assert total(store) == 300
    rules = answer(report, ORDERS, choice)
    assert load(path, store=store, mapping=Mapping((rules,))).questions == ()
    assert total(store) == expected
    assert counts_hold(store)
    again = load(path, store=store, mapping=Mapping((rules,)))
    assert (total(store), again.questions) == (expected, ())


def test_what_a_file_that_is_added_shares_with_the_one_of_its_name_counts_once(write, store):
    load(write(*JANUARY), store=store, mapping=Mapping((ORDERS,)))
    path = write(*OVERLAP)
    report = load(path, store=store, mapping=Mapping((ORDERS,)))
    assert report.questions[0].key == "same_name"
    rules = answer(report, ORDERS, "add")
    report = load(path, store=store, mapping=Mapping((rules,)))
    assert [one.key for one in report.questions] == ["overlap"]
    load(path, store=store, mapping=Mapping((answer(report, rules, "once"),)))
    assert total(store) == 600
    assert counts_hold(store)


def test_a_corrected_month_replaces_its_rows_and_says_what_changed(write, store):
    rows = [f"C{n},A{n},2024-01-{n:02},100" for n in range(1, 21)]
    load(write(*rows), store=store, mapping=Mapping((ORDERS,)))
    report = load(write(*rows[1:], "C30,A30,2024-01-30,5"), store=store, mapping=Mapping((ORDERS,)))
    assert report.questions == ()
    assert "原有 20 单（份），其中 19 单两次都有，移除 1 单，新增 1 单" in report.text("zh")
    assert "of 20 orders or answers 19 are in both, 1 went, 1 came" in report.text("en")
    assert total(store) == 1905


def test_a_file_that_grows_replaces_itself_without_a_question(write, store):
    load(write(*JANUARY), store=store, mapping=Mapping((ORDERS,)))
    assert load(write(*JANUARY, *FEBRUARY), store=store, mapping=Mapping((ORDERS,))).questions == ()
    assert total(store) == 1000


@pytest.mark.parametrize("at_once", [True, False], ids=["in one load", "one after the other"])
@pytest.mark.parametrize(("choice", "expected"), [("once", 600), ("newer", 600), ("both", 800)])
def test_orders_that_two_files_share_are_asked_about_and_counted_once(at_once, choice, expected, write, store):
    first, second = write(*JANUARY, name="一月.csv"), write(*OVERLAP, name="一月半.csv")
    if not at_once:
        load(first, store=store, mapping=Mapping((ORDERS,)))
    sources = [first, second] if at_once else second
    report = load(sources, store=store, mapping=Mapping((ORDERS,)))
    assert [one.key for one in report.questions] == ["overlap"]
    assert report.questions[0].facts["count"] == 1
    rules = answer(report, ORDERS, choice)
    assert load(sources, store=store, mapping=Mapping((rules,))).questions == ()
    assert total(store) == expected
    assert counts_hold(store)


def test_numbers_that_start_again_for_each_customer_are_no_overlap(write, store):
    load(write("C1,1,2024-01-05,100", "C2,1,2024-01-05,50", name="一月.csv"), store=store, mapping=Mapping((ORDERS,)))
    report = load(
        write("C1,1,2024-02-05,100", "C3,1,2024-01-05,7", name="二月.csv"), store=store, mapping=Mapping((ORDERS,))
    )
    assert (report.questions, total(store)) == ((), 257)


def test_rows_without_order_numbers_are_asked_about_where_most_of_them_stand_elsewhere(write, store):
    nameless = replace(
        ORDERS, columns={name: column for name, column in ORDERS.columns.items() if column != "order_id"}
    )
    header = "客户编号,下单日期,金额"
    rows = [f"C{n % 5},2024-01-{n + 1:02},{100 + n}" for n in range(20)]
    load(write(*rows, header=header, name="一月.csv"), store=store, mapping=Mapping((nameless,)))
    some = load(
        write(*rows[:2], *(f"C9,2024-02-0{n},7" for n in range(1, 9)), header=header, name="二月.csv"),
        store=store,
        mapping=Mapping((nameless,)),
    )
    assert some.questions == ()
    most = load(write(*rows[:15], header=header, name="一月又.csv"), store=store, mapping=Mapping((nameless,)))
    assert [one.key for one in most.questions] == ["overlap"]


def test_two_files_of_one_name_are_told_apart_by_their_folders(tmp_path, store):
    for month, rows in {"jan": JANUARY, "feb": FEBRUARY}.items():
        (tmp_path / month).mkdir()
        (tmp_path / month / "orders.csv").write_text(
            "\n".join(["客户编号,订单号,下单日期,金额", *rows]), encoding="utf-8"
        )
    report = load(
        [tmp_path / "jan" / "orders.csv", tmp_path / "feb" / "orders.csv"], store=store, mapping=Mapping((ORDERS,))
    )
    assert [one.file for one in report.files] == ["jan/orders.csv", "feb/orders.csv"]
    assert total(store) == 1000


def test_a_correction_replaces_what_it_corrects_among_the_months_of_one_name(write, store):
    rules = replace(ORDERS, same_name="add")
    january, february = ([f"C{n},{m}{n},2024-0{m}-{n:02},100" for n in range(1, 21)] for m in (1, 2))
    for rows in (january, february):
        load(write(*rows), store=store, mapping=Mapping((rules,)))
    corrected = [*february[1:], "C30,230,2024-02-25,7"]
    report = load(write(*corrected), store=store, mapping=Mapping((rules,)))
    assert [one.key for one in report.problems if one.key.startswith("source_")] == ["source_replaced"]
    assert "of 20 orders or answers 19 are in both, 1 went, 1 came" in report.text("en")
    assert (total(store), counts_hold(store)) == (2000 + 1900 + 7, True)
    load(write(*january[:19], "C31,131,2024-01-31,9"), store=store, mapping=Mapping((rules,)))
    assert (total(store), counts_hold(store)) == (1900 + 9 + 1900 + 7, True)
    with open_store(store) as opened:
        assert sorted(source.file for source in opened.snapshot.sources) == [
            "订单 2024-02-02…2024-02-25.csv",
            "订单.csv",
        ]
