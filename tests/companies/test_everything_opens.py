"""Every panel and every page opens on companies unlike the demo: figures, or a sentence that says what is missing."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from functools import partial
from importlib import import_module
from itertools import product
from pathlib import Path

import pytest

from tests.alike import alike
from tests.companies.expected import FOR_ANALYSTS, expected
from tests.companies.reading import CHINESE, DAY_IN_DIGITS, keys_in_file, texts, unworded
from tests.companies.stores import COMPANIES
from tests.dashboard_pages import DASHBOARDS, made
from workbench.discovery import topics
from workbench.errors import NothingToShow, WorkbenchError
from workbench.pages.board import Board
from workbench.pages.one_page import Page
from workbench.pages.stand_in import StandIn
from workbench.panels import Session
from workbench.panels.base import Panel
from workbench.panels.needs import verdict, verdicts
from workbench.store import Store

PANELS = {name: topic for topic, declared in topics().items() for name in declared.panels}
ROLES = ("analyst", "manager")
PAGES_OF_EVERY_RUN = ("surveys only", "sales without customers", "one customer")
"""The companies whose pages every run opens; those of all others with --full."""
EVERY_FOURTH = 4


@pytest.fixture
def failures() -> Iterator[list[str]]:
    """What the log holds of failures that nobody foresaw."""
    found: list[str] = []

    class Listener(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if record.exc_info:
                found.append(self.format(record))

    log, listener = logging.getLogger("workbench"), Listener(level=logging.WARNING)
    log.addHandler(listener)
    yield found
    log.removeHandler(listener)


def outcome(panel: Panel) -> str:
    """Say how a panel opened: "figures", or the key of the sentence it shows."""
    if panel.error is None:
        return "figures"
    return panel.error.key if isinstance(panel.error, WorkbenchError) else repr(panel.error)


def roles_of(company: str, panel: str, *, full: bool) -> tuple[str, ...]:
    """Return who opens a panel: both with --full; else one of them on every fourth company, each time on others."""
    if full:
        return ROLES
    turn, is_skipped = divmod(list(COMPANIES).index(company) + list(PANELS).index(panel), EVERY_FOURTH)
    return () if is_skipped else (ROLES[turn % 2],)


def check_said(panel: Panel, session: Session) -> None:
    """Hold what stands on screen to both languages, and to words for what is unknown."""
    said = {}
    for lang in ("zh", "en"):
        session.lang = lang
        assert unworded(panel.widget) == [], lang
        assert not DAY_IN_DIGITS.search(panel.widget.figures.value), "a day stands as beside the charts, in words"
        said[lang] = (panel.widget.heading.value, panel.widget.message.value)
    for chinese, english in zip(said["zh"], said["en"], strict=True):
        assert (chinese == english == "") or (chinese != english and CHINESE.search(chinese))
    if isinstance(panel.error, WorkbenchError) and not CHINESE.search(str(panel.error.facts)):
        assert not CHINESE.search(said["en"][1])
    session.lang = "zh"
    if panel.error is None:
        assert keys_in_file(panel.downloads.sheet("csv")[1]) == [], panel.topic


@pytest.mark.filterwarnings("ignore:Number of distinct clusters")
@pytest.mark.parametrize("company", COMPANIES)
def test_every_panel_opens(company: str, opened, failures: list[str], request: pytest.FixtureRequest):
    full = request.config.getoption("--full")
    sessions = {role: Session(opened(company, role)) for role in ROLES}
    found, wanted = {}, {}
    for name, topic in PANELS.items():
        for role in roles_of(company, name, full=full):
            session = alike(sessions[role])
            panel = getattr(import_module(f"workbench.topics.{topic}"), name)(session)
            found[name, role], wanted[name, role] = outcome(panel), expected(company, name, role)
            check_said(panel, session)
            if isinstance(panel.error, NothingToShow) and outcome(panel) not in (*ONLY_HIDDEN, *NOT_FORETOLD):
                assert verdict(session, panel.topic).lacks[0].sentence.words("zh") == panel.error.words("zh")
    assert failures == []
    assert found == wanted


def panel_words(name: str, topic: str) -> str:
    """The words that a panel is called by, under which its topic declares what it needs."""
    declared = [*topics()[topic].needs]
    return declared[topics()[topic].panels.index(name)] if len(declared) > 1 else declared[0]


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("company", COMPANIES)
def test_the_gate_says_possible_exactly_where_the_panel_shows_figures(company: str, role: str, opened):
    """How panels open is held to `expected` above: the verdict is the panel's; a published page may only hide more."""
    judged = {one.panel: one for one in verdicts(Session(opened(company, role)))}
    assert {*judged} == {panel for declared in topics().values() for panel, needs in declared.needs.items() if [*needs]}
    for name, topic in PANELS.items():
        if panel_words(name, topic) not in judged:
            continue  # the quality of the data is told of whatever data there are
        said, one = expected(company, name, role), judged[panel_words(name, topic)]
        if said in ONLY_HIDDEN:
            assert role == "manager"
            continue
        if said in NOT_FORETOLD:
            assert one.opens_with_figures
            continue
        assert one.opens_with_figures == (said == "figures"), (name, said, one)
        assert one.possible in (("impossible", "limited") if said != "figures" else ("limited", "possible"))
        if said != "figures":
            assert one.lacks[0].sentence.key == said, name


NOT_FORETOLD = ("value_runs_away",)
"""What a model says that gives no estimate of these purchases: no count of the data foretells it."""
ONLY_HIDDEN = ("group_too_small", "tier_too_few", *FOR_ANALYSTS.values())
"""What a published page says to protect small groups, or because it is no panel for managers: no matter of the data."""


def store_of(store: Store, *, published: bool) -> Store:
    """Be `open_store` for a page, whoever looks at it."""
    assert published
    return store


def shown_on(page: Page) -> Iterator[tuple[str, Panel | StandIn]]:
    """Return every panel of a page, those of a board section by section."""
    for part in page.panels:
        if isinstance(part, Board):
            for name in part._make:
                part.sections.value = name
                yield name, part.panels[name]
        else:
            yield part.topic if isinstance(part, Panel) else "", part


@pytest.mark.parametrize("dashboard", DASHBOARDS, ids=lambda path: path.stem)
def test_every_page_opens(dashboard: Path, opened, failures, monkeypatch, request):
    full = request.config.getoption("--full")
    for company, role in product(COMPANIES if full else PAGES_OF_EVERY_RUN, ROLES if full else ("manager",)):
        monkeypatch.setattr("workbench.pages.visited.open_store", partial(store_of, opened(company, role)))
        page = made(dashboard)
        for name, panel in shown_on(page):
            assert isinstance(panel, Panel), (company, role, name)
            assert panel.error is None or isinstance(panel.error, WorkbenchError), (company, role, name, panel.error)
        figures = page.key_figures
        assert figures is None or figures.error is None or isinstance(figures.error, WorkbenchError)
        for lang in ("zh", "en"):
            page.session.lang = lang
            assert unworded(page) == [], (company, role)
    assert failures == []


def test_the_reading_finds_what_nobody_worded():
    from ipywidgets import HTML, VBox

    shown = VBox([HTML("客户 12 位"), HTML("<td>nan</td>"), HTML("mean: None"), HTML("financial information")])
    assert unworded(shown) == ["<td>nan</td>", "mean: None"]
    assert "客户 12 位" in [*texts(shown)]


def failing(session: Session) -> Panel:
    raise StopIteration


def test_a_panel_that_cannot_be_made_leaves_the_page_standing_and_its_traceback_in_the_log(opened, failures):
    from workbench.pages import page
    from workbench.topics.revenue import revenue_panel

    session = Session(opened("dollars", "manager"))
    shown = page(session, "overview", [failing, revenue_panel])
    stand_in, revenue = shown.panels
    assert isinstance(stand_in, StandIn)
    assert "没能算出来" in stand_in.message.value
    session.lang = "en"
    assert "could not be computed" in stand_in.message.value
    assert revenue.error is None
    assert len(failures) == 1
    assert "StopIteration" in failures[0]


@pytest.mark.parametrize("part", ["figures", "summary", "shown"])
def test_a_panel_whose_words_fail_says_so_and_logs_it(part: str, opened, failures):
    from workbench.panels.base import Parts
    from workbench.topics.revenue import revenue_panel

    def fails(*_: object) -> Callable[..., object]:
        raise ZeroDivisionError

    panel = revenue_panel(Session(opened("dollars", "manager")))
    panel._parts = Parts(**{part: fails})
    panel.refresh()
    assert isinstance(panel.error, ZeroDivisionError)
    assert "没能算出来" in panel.widget.message.value
    assert "ZeroDivisionError" in failures[0]
