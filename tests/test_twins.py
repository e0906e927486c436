"""What is held in memory says what the query says, in every topic that holds customers, and every panel with either."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterator
from importlib import import_module
from types import SimpleNamespace
from typing import Any

import pytest

from tests.company import crowd
from tests.conftest import ROOT
from tests.moved_controls import moved
from tests.twin_cases import assert_same, cases, reply, twins
from workbench.charts.drawing import Drawing
from workbench.discovery import topics
from workbench.panels import Filters, Session
from workbench.panels.base import Panel
from workbench.store import open_store
from workbench.store.backend import SnapshotBackend

TWINS = twins()
PANELS = [(topic, name) for topic in TWINS for name in topics()[topic].panels]
ODD = {
    "nobody": ("DELETE FROM transactions",),
    "one customer": ("DELETE FROM transactions WHERE customer_id <> 'C01'",),
    "all equal": ("UPDATE transactions SET amount = 33.33, day = '2024-05-05'",),
    "ties and tiers": (
        "UPDATE transactions SET amount = 0.10 WHERE customer_id > 'C05'",
        "UPDATE customers SET tier = '金卡' WHERE customer_id < 'C03'",
        "UPDATE customers SET tier = '' WHERE customer_id = 'C04'",
        "UPDATE customers SET tier = '铜卡' WHERE customer_id = 'C07'",
    ),
    "unknown": (
        "UPDATE transactions SET cost = NULL WHERE customer_id IN ('C02', 'C05', 'C09')",
        "UPDATE customers SET region = NULL, customer_type = NULL",
    ),
    "more returned than bought": (
        "UPDATE transactions SET amount = -amount, is_purchase = false WHERE day < '2024-01-01' AND product_id <> 'P1'",
        "UPDATE transactions SET amount = -900, is_purchase = false WHERE order_id = 'C09-1'",
    ),
    "a crowd": crowd(seed=3),
}


def assert_twins(topic: str, session: Session, *, turn: int | None = None) -> None:
    """Ask every twin of a topic its cases, both ways: all of them, or by turns every other one."""
    asked = set()
    for place, case in enumerate(cases(topic, session)):
        if turn is not None and case.twin in asked and (place + turn) % 2:
            continue
        twin = TWINS[topic][case.twin]
        by_query = reply(lambda: twin.by_query(session.store.collect, case.source, case.question))  # noqa: B023
        in_memory = reply(lambda: twin.in_memory(case.held, case.question))  # noqa: B023
        try:
            assert_same(in_memory, by_query)
        except AssertionError as error:
            error.add_note(f"{topic}.{case.twin}, asked {case.question}")
            raise
        asked.add(case.twin)
    assert asked == set(TWINS[topic]), "write a case for each twin into twins.py, beside the tests of the topic"


@pytest.mark.one_in(2, per="topic")
@pytest.mark.parametrize("topic", TWINS)
@pytest.mark.parametrize("company", ODD)
def test_memory_and_query_are_equal_for_odd_companies(topic: str, company: str, make_store, request):
    """Every other case of each company, on the next one the others; all of them with --full."""
    turn = None if request.config.getoption("--full") else [*ODD].index(company)
    assert_twins(topic, Session(make_store(*ODD[company])), turn=turn)


@pytest.mark.parametrize("topic", TWINS)
@pytest.mark.parametrize("published", [False, True], ids=["analysts", "managers"])
def test_memory_and_query_are_equal_for_the_sample(topic: str, published: bool, sample_store):
    with open_store(sample_store, published=published) as store:
        assert_twins(topic, Session(store))


@pytest.mark.parametrize("topic", TWINS)
def test_memory_and_query_are_equal_under_filters(topic: str, make_store):
    store = make_store(*crowd(seed=3))
    since, until = Session(store).as_of.replace(month=3, day=1), Session(store).as_of.replace(month=11, day=15)
    assert_twins(topic, Session(store, filters=Filters(since=since, until=until, regions=("华东",))))


HELD_FOR_MANAGERS = {"pareto": {"AbcCurve"}}
"""Where classes may end on managers' pages is decided from the whole ranking, which is read for it on any store."""

# Panels ---------------------------------------------------------------------------------------------------------------


@pytest.fixture
def without_memory(monkeypatch):
    """Take a store's memory away: its backend says it has none, and whoever holds customers all the same fails."""

    def refuse(cls: type, *_: Any, **__: Any) -> None:
        raise AssertionError(f"{cls.__name__} holds customers of a store that has no memory")

    def take_away(*, but: Collection[str] = ()) -> None:
        monkeypatch.setattr(SnapshotBackend, "answers_in_memory", False)
        for declared in TWINS.values():
            for twin in declared.values():
                if hasattr(twin.holds, "read") and twin.holds.__name__ not in but:
                    monkeypatch.setattr(twin.holds, "read", classmethod(refuse))

    return SimpleNamespace(take_away=take_away, give_back=monkeypatch.undo)


def states(panel: Panel, topic: str, *, most: int | None = None) -> Iterator[str]:
    """Open a panel, then move its lists and sliders one after the other, to `most` places each; say what was moved."""
    yield "as it opens"
    for name, control in panel.controls.items():
        before = control.value
        for value in moved(control)[:most]:
            panel.set(**{name: value})
            yield f"{name}={value}"
        panel.set(**{name: before})
    for values in getattr(import_module(f"tests.topics.{topic}.twins"), "MOVES", ()):
        if values.keys() <= panel.controls.keys():
            panel.set(**values)
            yield str(values)


def screen(panel: Panel) -> dict[str, Any]:
    """Return all that a panel shows: rows, charts' rows and titles, figures, tables, complaints, who a click lists."""
    charts = {}
    for name, draw in panel._draw.items():
        drawn = draw(panel.answer, panel.session.lang) if panel._answer else None
        charts[name] = (drawn.rows(), drawn.title, list(drawn.subtitle)) if isinstance(drawn, Drawing) else drawn
    parts = panel.widget
    words = {name: getattr(parts, name).value for name in ("figures", "summary", "message")}
    rows = panel.rows.to_dict("list") if panel._answer else None
    return {"rows": rows, "charts": charts, "listed": listed(panel), **words}


def pick_columns(chart: Any) -> list[str]:
    """Return the columns of a row that a click on a chart sends."""
    picks = [one for one in chart.to_dict().get("params", []) if one["name"] == "pick"]
    return [name for one in picks for name in one["select"].get("fields", [])]


PICKS: dict[Hashable, list[str]] = {}
"""What a click sends, by the key of a drawing: drawings of equal keys have equal layouts, and one is laid out."""


def clickable(panel: Panel, drawn: str) -> list[str]:
    """Return the columns of a row that a click on a panel's chart sends."""
    drawing = panel._draw[drawn](panel.answer, panel.session.lang)
    if not isinstance(drawing, Drawing):
        return pick_columns(drawing)
    layout = (type(panel), panel.topic, drawn, drawing.key)
    if layout not in PICKS:
        PICKS[layout] = pick_columns(drawing.chart())
    return PICKS[layout]


def listed(panel: Panel) -> Any:
    """Return the customers of the first row that is drawn, for analysts."""
    if not panel._answer or panel.rows.empty or panel.session.store.snapshot.published:
        return None
    clicked = {name for drawn in panel._draw for name in clickable(panel, drawn)}
    row = panel.rows.iloc[0].to_dict()
    picked = {name: value for name, value in row.items() if name in clicked and isinstance(value, str)}
    detail = panel._parts.detail(panel.answer, picked)
    return panel.session.store.collect(detail.table).to_dict("list")


def seen(name: str, topic: str, session: Session, most: int | None) -> dict[str, dict[str, Any]]:
    panel = getattr(import_module(f"workbench.topics.{topic}"), name)(session)
    return {state: screen(panel) for state in states(panel, topic, most=most)}


@pytest.mark.one_in(2, per="name")
@pytest.mark.parametrize("published", [False, True], ids=["analysts", "managers"])
@pytest.mark.parametrize(("topic", "name"), PANELS)
def test_a_panel_shows_the_same_without_memory(
    topic: str, name: str, published: bool, make_store, without_memory, request
):
    """Analysts' panels in two more places of each list, managers' in one: their queries are the same; --full in all."""
    most = None if request.config.getoption("--full") else 1 if published else 2
    store = make_store(*crowd(seed=3), published=published)
    assert Session(store).store.answers_in_memory
    in_memory = seen(name, topic, Session(store), most)
    without_memory.take_away(but=HELD_FOR_MANAGERS.get(topic, ()) if published else ())
    assert not Session(store).store.answers_in_memory
    by_query = seen(name, topic, Session(store), most)
    assert any(state["rows"] for state in in_memory.values()) or published
    for state, shown in in_memory.items():
        assert repr(by_query[state]) == repr(shown), f"{name}, {state}"


def test_a_panel_that_holds_customers_without_memory_is_caught(make_store, without_memory, monkeypatch):
    store = make_store()
    without_memory.take_away()
    monkeypatch.setattr(SnapshotBackend, "answers_in_memory", True)
    panel = import_module("workbench.topics.pareto").pareto_panel(Session(store))
    assert isinstance(panel.error, AssertionError)


def test_the_look_up_is_not_asked_without_memory_and_the_query_not_with_it(store, without_memory):
    from workbench.topics.pareto.twins import SUMMARY

    def never() -> Any:
        raise AssertionError("nobody needs this")

    session = Session(store)
    case = next(case for case in cases("pareto", session) if case.twin == "summary")
    session.ask(SUMMARY, case.question, source=never, held=lambda: case.held)
    without_memory.take_away()
    session.ask(SUMMARY, case.question, source=lambda: case.source, held=never)


def test_a_difference_in_the_last_bit_is_found(store):
    from workbench.topics.pareto.twins import SUMMARY

    case = next(case for case in cases("pareto", Session(store)) if case.twin == "summary")
    rows = SUMMARY.in_memory(case.held, case.question)
    with pytest.raises(AssertionError):
        assert_same(rows, rows.assign(value=rows["value"] * (1 + 2**-52)))
    with pytest.raises(AssertionError):
        assert_same(rows, rows.iloc[:-1])


def test_every_topic_with_twins_has_cases():
    lacking = [topic for topic in TWINS if not (ROOT / "tests" / "topics" / topic / "twins.py").is_file()]
    assert lacking == [], "write tests/topics/<topic>/twins.py: cases(session) gives a Case for each twin"
