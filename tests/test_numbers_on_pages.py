"""No number of a hidden group travels with a managers' page: not in a text, a chart's data, a list, a file, a report.

The law of small groups counts people by what panels declare. Here nothing is declared: every customer spends an amount
that nobody else could, to the cent, so that the sum of any group is known wherever it turns up. All that a page sends
to the browser and all files that it gives are searched for what small groups spend, and for two numbers that differ by
that.
"""

from __future__ import annotations

import io
import zipfile
from collections import defaultdict
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import partial
from itertools import islice

import numpy as np
import pandas as pd
import pytest
from ipywidgets import Widget

from tests.companies.test_everything_opens import shown_on, store_of
from tests.company import crowd
from tests.dashboard_pages import DASHBOARDS, made
from tests.everything_shown import numbers_in, numbers_in_file, numbers_sent, taken_down, widgets_alive
from tests.small_groups import known_of
from tests.test_small_groups_law import LEAST, SEEDS, settings
from workbench.export import write_xlsx
from workbench.pages import page
from workbench.pages.one_page import Page
from workbench.pages.report import report_file
from workbench.panels import Filters, Session
from workbench.panels.base import Panel
from workbench.panels.controls import Choice
from workbench.store import Store
from workbench.topics.rfm import rfm_panel

pytestmark = pytest.mark.timeout(7200)  # every state of the page, with --full
UNMISTAKABLE = (
    "UPDATE transactions SET amount = amount * 100000000 + (hash(order_id, day) % 100000000000) / 100, "
    "cost = cost * 100000000 + (hash(day, order_id) % 100000000000) / 100"
)
"""Ten digits more for each sale, as good as random: two groups of customers never make the same sum."""
SUMS_FROM = 1e7
"""Sums of money here are larger than this, and all else that pages count is smaller."""
EXACT = 1e-9
"""By which part of a number two may differ that are one."""
REPORTS = ("xlsx", "pptx")
SETTINGS = 4
"""So many settings of the filters with --full, the first of them being none."""

Places = Mapping[float, set[str]]
Groups = Mapping[frozenset[str], str]


def states(panel: Panel, *, full: bool) -> Iterator[str]:
    """Put a panel into its states: as it opens, the last option of each list; with --full each option."""
    yield "as it opens"
    for name, control in panel.controls.items():
        if isinstance(control, Choice):
            before = control.value
            others = [value for _words, value in control.options if value != before]
            for value in others if full else others[-1:]:
                panel.set(**{name: value})
                yield f"{name}={value}"
            panel.set(**{name: before})


def carried_by(
    whole: Page, name: str, *, before: set[Widget], full: bool
) -> tuple[Places, Groups, set[frozenset[str]]]:
    """Return every number that a page carries in its states, with where it stands, all groups, and those shown.

    All widgets are looked at that were not there `before`, on the page or not.
    """
    carried: defaultdict[float, set[str]] = defaultdict(set)
    groups: dict[frozenset[str], str] = {}
    shown: set[frozenset[str]] = set()

    def note(place: str, numbers: Iterator[float]) -> None:
        for one in numbers:
            carried[one].add(place)

    pictures: set[Widget] = set()
    with taken_down() as said:
        whole.say()
        for section, panel in shown_on(whole):
            if not isinstance(panel, Panel):
                continue
            pictures |= {*panel.downloads.pictures.values()}
            for state in states(panel, full=full):
                place = f"{name} {section} {state}"
                if panel.error is None and panel.privacy.people:
                    known, *_ = known_of(panel, name=place, smallest=LEAST)
                    groups |= {ids: words for words, ids in known.groups.items()}
                    shown |= {*known.shown.values()}
                note(f"{place}: sent", numbers_sent(widgets_alive() - before, pictures=pictures))
                note(f"{place}: put into words", iter(said))
                said.clear()
        for kind in REPORTS:
            note(f"{name}: report as {kind}", numbers_in_file(report_file(whole, kind)[1]))
    return carried, groups, shown


def figures_of(groups: Groups, session: Session) -> dict[float, str]:
    """Return what could be said of groups in money, in words: sums, averages and shares."""
    facts = session.store.collect(session.facts).set_index("customer_id")
    money = facts[["monetary", "margin"]].astype(float)
    told: dict[float, str] = {}
    for ids, words in groups.items():
        own = facts.index.isin([*ids])
        for measure in money:
            total = float(money.loc[own, measure].sum())
            figures = {"sum": total, "average": total / max(own.sum(), 1), "share": total / money[measure].sum()}
            figures["of an order"] = total / max(float(facts.loc[own, "frequency"].sum()), 1)
            told |= {value: f"{words}: {measure}, {figure}" for figure, value in figures.items() if value}
    return told


def leaks(carried: Places, figures: Mapping[float, str]) -> list[str]:
    """Name the figures that stand somewhere, or are the difference of two numbers that do."""
    wanted = np.array(sorted(figures))
    numbers = np.array(sorted(carried))
    alone = [
        f"{figures[float(wanted[place])]} in {sorted(carried[number])}"
        for number, place in _found(numbers, wanted, EXACT * np.abs(numbers))
    ]
    sums = numbers[np.abs(numbers) > SUMS_FROM]
    first, second = np.triu_indices(len(sums), 1)
    apart = sums[second] - sums[first]
    within = 2 * np.spacing(np.maximum(np.abs(sums[first]), np.abs(sums[second])))
    large = wanted[np.abs(wanted) > SUMS_FROM]
    return alone + [
        f"{figures[float(large[place])]} lies between two numbers" for _number, place in _found(apart, large, within)
    ]


def _found(numbers: np.ndarray, wanted: np.ndarray, within: np.ndarray) -> set[tuple[float, int]]:
    """Return which numbers are as good as one of those wanted, with its place."""
    if not len(wanted):
        return set()
    after = np.searchsorted(wanted, numbers)
    near = [np.clip(after + step, 0, len(wanted) - 1) for step in (-1, 0)]
    return {
        (float(numbers[one]), int(places[one]))
        for places in near
        for one in np.flatnonzero(np.abs(wanted[places] - numbers) <= within)
    }


@pytest.fixture(scope="module", params=SEEDS, ids=lambda seed: f"company {seed}")
def unmistakable(request, make_store) -> Store:
    """A published company of which every sum is told from every other."""
    return make_store(*crowd(seed=request.param), UNMISTAKABLE, published=True)


@pytest.fixture
def opened(unmistakable, monkeypatch):
    """Return a function that opens a dashboard's page on it, at a setting."""

    def open_page(stem: str, filters: Filters) -> Page:
        monkeypatch.setattr("workbench.pages.visited.open_store", partial(store_of, unmistakable))
        whole = made(next(one for one in DASHBOARDS if one.stem == stem))
        whole.session.filters = filters
        return whole

    return open_page


def small(groups: Groups) -> Groups:
    return {ids: words for ids, words in groups.items() if 0 < len(ids) < LEAST}


@pytest.mark.one_in(5)
@pytest.mark.parametrize("stem", [one.stem for one in DASHBOARDS])
def test_no_number_of_a_small_group_travels_with_a_page(stem, unmistakable, opened, request):
    full = request.config.getoption("--full")
    for filters in islice(settings(Session(unmistakable)), SETTINGS if full else 1):
        before = widgets_alive()
        whole = opened(stem, filters)
        carried, groups, shown = carried_by(whole, stem, before=before, full=full)
        people = unmistakable.collect(whole.session.facts.select("customer_id"))["customer_id"]
        every = small(groups) | {frozenset([one]): f"customer {one}" for one in people}
        assert not {*every} & shown
        assert leaks(carried, figures_of(every, whole.session)) == [], filters


@pytest.mark.one_in(2)
def test_what_is_not_hidden_is_found_wherever_it_stands(unmistakable, monkeypatch):
    """The search can find: where nothing is hidden, sums of few stand in what is sent, in words, in all files."""
    monkeypatch.setattr("workbench.panels.base.without_small_groups", lambda answer, *_, **__: answer)
    session = Session(unmistakable)
    before = widgets_alive()
    open_page = page(session, "pareto", [rfm_panel])
    carried, groups, _shown = carried_by(open_page, "pareto", before=before, full=False)
    found = leaks(carried, figures_of(small(groups), session))
    ways = ("sent", "put into words", *(f"report as {kind}" for kind in REPORTS))
    assert [way for way in ways if not any(f": {way}" in one for one in found)] == []


def test_a_difference_of_two_numbers_is_found():
    carried = {2e9 + 0.25: {"a page"}, 9e9: {"a file"}, 12.0: {"a count"}}
    assert leaks(carried, {7e9 - 0.25: "three customers"}) == ["three customers lies between two numbers"]
    assert leaks(carried, {7e9 - 0.26: "three customers"}) == []


def test_a_number_is_found_in_whatever_it_stands():
    book, sheet = io.BytesIO(), io.BytesIO()
    write_xlsx(book, {"a": pd.DataFrame({"sum": [7_777_777.77]})}, notes={}, lang="en", headers={})
    with zipfile.ZipFile(sheet, "w") as outer:
        outer.writestr("inner.xlsx", book.getvalue())
    values = ["<td>7,777,777.77</td>", {"rows": [{"x": 7_777_777.77}]}, Decimal("7777777.77"), sheet.getvalue()]
    assert [7_777_777.77 in [*numbers_in(one)] for one in values] == [True] * len(values)
