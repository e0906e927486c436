"""A page made ahead is given to its visitor as it is, in their language, unless the data moved on meanwhile."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from workbench.errors import StoreError
from workbench.pages import visited_page
from workbench.panels import Panel, Session
from workbench.store import publish
from workbench.topics.pareto import pareto_panel
from workbench.widgets import visit


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[Session]:
    for name in ("QUERY_STRING", "WORKBENCH_LANG", "VOILA_PREHEAT"):
        monkeypatch.delenv(name, raising=False)
    return []


@pytest.fixture
def panels(made: list[Session]) -> list[Callable[[Session], Panel]]:
    def make(session: Session) -> Panel:
        made.append(session)
        return pareto_panel(session)

    return [make]


def heated(monkeypatch: pytest.MonkeyPatch, comes: Callable[[], object]) -> None:
    """Be a preheated kernel; `comes` is what happens until a visitor takes it."""

    def wait() -> None:
        comes()
        monkeypatch.setenv("VOILA_PREHEAT", "False")

    monkeypatch.setenv("VOILA_PREHEAT", "True")
    monkeypatch.setattr(visit, "wait_for_visitor", wait)


def test_a_visitor_finds_the_page_made_in_the_language_of_the_address(published_store, monkeypatch, made, panels):
    monkeypatch.setenv("WORKBENCH_STORE", str(published_store.address))
    monkeypatch.setenv("WORKBENCH_LANG", "zh")
    heated(monkeypatch, lambda: made and monkeypatch.setenv("QUERY_STRING", "lang=en"))
    page = visited_page("pareto", panels)
    assert made == [page.session]
    assert page.session.lang == "en"
    assert page.panels[0].views["curve"].title.startswith("The top ")


def test_a_page_made_on_older_data_is_made_anew(make_store, monkeypatch, made, panels):
    address = make_store(published=True).address
    monkeypatch.setenv("WORKBENCH_STORE", str(address))
    heated(monkeypatch, lambda: made and publish(address, minimum_group=2))
    page = visited_page("pareto", panels)
    assert len(made) == 2
    assert page.session is made[1]
    assert page.session.minimum_group == 2


def test_without_preheating_the_page_is_made_once(published_store, monkeypatch, made, panels):
    monkeypatch.setenv("WORKBENCH_STORE", str(published_store.address))
    assert visited_page("pareto", panels, period="last_12_months").session is made[0]
    assert made[0].filters.since is not None


def test_where_nothing_is_published_yet_the_visitor_is_told_and_not_the_empty_room(
    make_store, monkeypatch, made, panels
):
    store = make_store()
    monkeypatch.setenv("WORKBENCH_STORE", str(store.address))
    heated(monkeypatch, lambda: publish(store.address))
    assert visited_page("pareto", panels).session.store.snapshot.published

    other = make_store()
    monkeypatch.setenv("WORKBENCH_STORE", str(other.address))
    heated(monkeypatch, lambda: None)
    with pytest.raises(StoreError):
        visited_page("pareto", panels)
