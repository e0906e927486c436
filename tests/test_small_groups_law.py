"""The law of small groups: no panel of any topic shows fewer people than the page may, nor lets them be found out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from functools import cache
from importlib import import_module
from itertools import islice, product

import altair as alt
import ibis
import pandas as pd
import pytest

from tests.alike import alike
from tests.company import crowd
from tests.joint_ranges import counted_wrong, excluded, reaches
from tests.small_groups import Known, contradictions, found_out, known_of, pinned_down
from workbench.analyses.joint_ranges import JointTables
from workbench.discovery import topics
from workbench.errors import NothingToShow, WorkbenchError
from workbench.i18n import catalog
from workbench.panels import Filters, Session
from workbench.panels.base import Answer, Panel
from workbench.panels.controls import Choice
from workbench.panels.periods import PERIODS
from workbench.panels.privacy import Privacy, Shown
from workbench.panels.segmentation_choice import assigned, hidden_segments, label_of, offered
from workbench.topics.overlap import segment_overlap_panel
from workbench.topics.profile.cells import EVERYBODY
from workbench.topics.profile.panel_standing import values_of_all, withheld_in_profile
from workbench.topics.revenue.panel_figures import KeyFigures
from workbench.topics.segments import segments_panel

pytestmark = pytest.mark.timeout(7200)  # every setting of both companies, with --full
LEAST = 5
PANELS = {name: topic for topic, declared in topics().items() for name in declared.panels}
SEEDS = (1, 5)


@pytest.fixture(scope="module", params=SEEDS, ids=lambda seed: f"company {seed}")
def seed(request) -> int:
    return request.param


@pytest.fixture(scope="module")
def public(make_store, seed):
    return make_store(*crowd(seed=seed), published=True)


@pytest.fixture(scope="module")
def most_options(request, seed) -> int:
    """How many settings, and options of each list of a panel, are tried: two on the first company, all with --full."""
    return 99 if request.config.getoption("--full") else 2 if seed == SEEDS[0] else 1


@pytest.fixture(scope="module")
def whole(public) -> Session:
    """The page as it opens; what may be filtered is counted for it once."""
    return Session(public)


def settings(session: Session) -> Iterator[Filters]:
    """Every setting that the pages offer and allow, one after the other, the most different ones first."""
    offered = session.choices()
    regions, types = ([(), *((value,) for value in offered[name])] for name in ("regions", "customer_types"))
    spans = [(None, None), *(days(session.as_of) for name, days in PERIODS.items() if name != "all")]
    every = [
        Filters(since=since, until=until, regions=region, customer_types=kind)
        for (since, until), kind, region in product(spans, types, regions)
    ]
    every.sort(key=lambda one: sum(map(bool, (one.since, one.regions, one.customer_types))))  # stable: regions first
    return (one for one in every if one == Filters() or session.at(one).allows("transactions"))


@pytest.fixture(scope="module")
def some_settings(whole, request, seed) -> list[Filters]:
    """The page unfiltered, and by months of one's own or by region and type; with --full all settings."""
    if request.config.getoption("--full"):
        return [*settings(whole), own_months(whole)]
    both = (one for one in settings(whole) if one.regions and one.customer_types)
    return [Filters(), own_months(whole) if seed == SEEDS[0] else next(both)]


def own_months(session: Session) -> Filters:
    """A period of somebody's own: most of the months that the filter bar offers."""
    starts = session.month_starts
    return Filters(starts[1], starts[-1] - timedelta(days=1))


@pytest.fixture(scope="module")
def at(whole) -> Callable[[Filters], Session]:
    """Return a session at a setting, for one panel, with what the panels opened there before have found out."""
    first = cache(lambda filters: whole.at(filters))
    return lambda filters: alike(first(filters))


def made(name: str, session: Session) -> Panel:
    """Open a panel that draws its first state alone and analyses each once: what is hidden is hidden before."""
    panel: Panel = getattr(import_module(f"workbench.topics.{PANELS[name]}"), name)(session)
    analyse, answers = panel._analyse, {}

    def remembered(**arguments):
        key = repr(sorted(arguments.items()))
        if key not in answers:
            answers[key] = analyse(**arguments)
        return answers[key]

    panel._analyse = remembered
    panel._draw, panel._show_chart = dict.fromkeys(panel._draw, lambda *_: None), lambda *_: None
    return panel


def states(panel: Panel, most_options: int) -> Iterator[str]:
    """Put a panel into its states, one list after the other, where the page is not filtered; say which."""
    yield "as it opens"
    if panel.session.filters != Filters():
        return
    for name, control in panel.controls.items():
        if isinstance(control, Choice):
            before = control.value
            for value in [value for _words, value in control.options][:most_options]:
                if value != before:
                    panel.set(**{name: value})
                    yield f"{name}={value}"
            panel.set(**{name: before})


@pytest.mark.one_in(2, per="name")
@pytest.mark.parametrize("name", PANELS)
def test_no_panel_gives_a_small_group_away(name, at, some_settings, most_options):
    seen = 0
    for filters in some_settings:
        panel = made(name, at(filters))
        topic = PANELS[name]
        assert panel.privacy is not None, f"{topic}: give the Panel of {name} a `privacy`; see CONTRIBUTING"
        if panel.privacy.refusal:
            assert isinstance(panel.error, NothingToShow)
            assert panel.error.key == panel.privacy.refusal
            continue
        for state in states(panel, most_options):
            if panel.error is not None:
                assert isinstance(panel.error, WorkbenchError), (name, state, panel.error)
                continue
            seen += 1
            assert found_out(known_of(panel, name=name, smallest=LEAST), smallest=LEAST) == [], (name, filters, state)
    says_so_instead = panel.privacy.refusal or panel.privacy.instead
    assert seen or says_so_instead, f"{name} shows nothing of this company: add to it what the panel needs"


PAGES = [name for name, topic in PANELS.items() if topics()[topic].page]
"""Managers read them side by side: one page after the other, under the same filters."""
COLOURS_ALONE = {"measure", "dimension"}
"""Lists of which no option changes who is counted together: what is drawn of them, or that products are counted."""
MOVED: Mapping[str, Sequence[Mapping[str, float]]] = {
    "pareto_panel": [{"a_share": one, "b_share": other} for one, other in ((0.5, 0.7), (0.63, 0.9), (0.72, 0.99))]
}
"""Where sliders are put, beside every option of every list."""


def opened(name: str, session: Session) -> Iterator[tuple[str, Panel]]:
    """Open a panel of which people are known one by one, in every combination of its lists."""
    panel = made(name, session)
    if panel.privacy.people is None:
        return
    lists = {
        one: [value for _words, value in control.options]
        for one, control in panel.controls.items()
        if isinstance(control, Choice) and one not in COLOURS_ALONE
    }
    for values in product(*lists.values()):
        for moved in ({}, *MOVED.get(name, ())):
            panel.set(**dict(zip(lists, values, strict=True)), **moved)
            if panel.error is None:
                yield f"{name} {' '.join(values)} {moved or ''}", panel
            else:
                assert isinstance(panel.error, WorkbenchError), (name, values, panel.error)


def key_figures(session: Session) -> Known:
    """Return what the figures above every page tell of people."""
    figures = KeyFigures(session).rows.set_index("figure")["value"]
    people = frozenset(session.store.collect(session.facts.select("customer_id"))["customer_id"])
    known = Known({}, {"active customers": people})
    if figures.notna()["active_customers"]:
        known.shown |= known.groups
        known.figures[people, "customer_count"] = {float(figures["active_customers"]): "key figures"}
        known.figures[people, "customer_count"].setdefault(float(len(people)), "the customers of the page")
    return known


def profiles(session: Session) -> Known:
    """Return all that the profiles of all segmentations may tell of people, whichever groups somebody compares."""
    known, collect, values = Known(), session.store.collect, values_of_all(session)
    offer = offered(session)
    for name in offer.in_view(session):
        kept = assigned(session, offer.measured(session, name)).select("customer_id", "segment")
        people = collect(values.inner_join(kept, "customer_id"))
        try:
            withheld = withheld_in_profile(session, name)
        except NothingToShow:
            continue
        closed = hidden_segments(session, offer, name)
        for column, cells in withheld.items():
            side, label = label_of(name), f"value_of_{column}"
            known.add_table((side, label), people.groupby(["segment", label])["customer_id"].agg(frozenset).to_dict())
            columns = people.groupby(label)["customer_id"].agg(frozenset)
            known.add_table((label,), {(value,): ids for value, ids in columns.items()})
            by_value = [((EVERYBODY, value), rows) for value, rows in people.groupby(f"value_of_{column}")]
            for (segment, value), rows in [*people.groupby(["segment", f"value_of_{column}"]), *by_value]:
                words, ids = f"profile of {name}: {column} {value} {segment}", frozenset(rows["customer_id"])
                known.groups[words] = ids
                if (segment, value) not in cells and segment not in closed:
                    known.shown[words] = ids
    assert len(known.groups) > MANY
    return known


@pytest.fixture(scope="module")
def all_pages(whole, at, most_options) -> list[tuple[Session, Known]]:
    """Every panel of every page in every state, under the same filters: one system of equations for each setting."""
    found = []
    narrow = (one for one in settings(whole) if one.regions and one.customer_types)  # a few customers are in view
    some = [*islice(settings(whole), most_options - 1), *([own_months(whole)] if most_options > 1 else [next(narrow)])]
    for filters in some:
        session = at(filters)
        every, tables = key_figures(session) | profiles(session), 0
        for name in PAGES:
            for state, panel in opened(name, session):
                every, tables = every | known_of(panel, name=state, smallest=LEAST)[0], tables + 1
        assert tables > MANY, "the pages show too little for the law to mean anything"
        found.append((session, every))
    return found


@pytest.mark.parametrize("name", PAGES)
def test_a_panel_of_a_page_stands_among_all_tables(name, at):
    privacy = made(name, at(Filters())).privacy
    assert privacy.people is None or privacy.standing, (
        f"{name}: give `standing`, and panel_standing.py; see CONTRIBUTING"
    )


def test_all_pages_together_give_no_small_group_away(all_pages):
    for session, every in all_pages:
        assert found_out([every], smallest=LEAST) == [], session.filters


SAYS_SMALL = ("too small", "too few", "过少", "太少")


def test_no_sentence_beside_hidden_groups_says_that_they_are_small():
    """What is hidden may stand for another; of a group that is named alone the sentence would tell how small it is."""
    of_hidden = {"hidden", "all_hidden", "few_in_d", "some_fit_none", "group_too_small"}
    told = {key: words for key, words in catalog().items() if key.rsplit(".", 1)[-1] in of_hidden}
    assert len({key.rsplit(".", 1)[-1] for key in told}) == len(of_hidden)
    said = [(key, text) for key, words in told.items() for text in words.values()]
    assert [key for key, text in said if any(small in text for small in SAYS_SMALL)] == []


def test_a_hidden_group_of_many_is_refused_in_the_same_words_as_one_of_few(make_store):
    """A click on either says that it or another is small: not which."""
    store = make_store(*crowd(seed=SEEDS[0]), published=True)
    panel = segments_panel(Session(store, lang="en"), segmentation="r_rfm_vignette")
    hidden = panel.rows.loc[panel.rows["customer_count"].isna(), "segment"].tolist()
    counts = panel._analyse(**panel.arguments).rows.set_index("segment")["customer_count"]
    said = {}
    for name in hidden:
        panel.views["chart"].picked = [{"segment": name}]
        said[int(counts[name])] = panel.widget.message.value
    assert {count < LEAST for count in said} == {True, False}
    assert len({*said.values()}) == 1
    assert "this group, or another that could be worked out from it" in next(iter(said.values()))


def test_one_figure_has_one_value_on_all_pages(all_pages):
    assert sum(len(ids) > LEAST for _session, every in all_pages for ids, _figure in every.figures) > MANY
    for session, every in all_pages:
        assert contradictions(every) == [], session.filters


def test_no_table_pins_a_small_cell_down(all_pages, request):
    """The tables with most cells may hold five more than they do; with --full, those of all pages at least five."""
    first = ("segments_panel", "rfm_panel")
    for session, every in all_pages:
        for name in PAGES if request.config.getoption("--full") else first:
            for state, panel in opened(name, session):
                more = LEAST if name in first else 0
                assert pinned_down(panel, every, smallest=LEAST, more=more) == [], (state, session.filters)


def test_all_pages_together_tell_of_no_hidden_group_that_it_is_small(all_pages, request):
    """For whoever bounds it by all that is shown it may be large; without --full a tenth of the groups are tried."""
    full = request.config.getoption("--full")
    for session, known in all_pages if full else all_pages[:1]:
        found = reaches(known, smallest=LEAST, every=1 if full else 10)
        assert len(found) > MANY
        assert [one for one in found if not one.may_be_large(LEAST) or one.room < LEAST - 1] == [], session.filters


def test_a_choice_that_tells_of_small_groups_says_why_it_is_not_shown(make_store, monkeypatch):
    """Of 20 customers equations alone do not see that some pairs of segmentations tell of few; ranges do."""
    narrow = Filters(regions=("华东",), customer_types=("企业",))
    choices = {"first": "abc_two", "second": "eight_groups"}
    whole = Session(make_store(*crowd(seed=SEEDS[1]), published=True))
    panel = segment_overlap_panel(whole.at(narrow), **choices)
    assert isinstance(panel.error, NothingToShow)
    assert panel.error.key == "too_near_small_groups"
    monkeypatch.setattr(JointTables, "not_open", lambda *_: [])
    assert segment_overlap_panel(whole.at(narrow), **choices).error is None


def test_a_group_that_two_lines_bound_is_found():
    """Of five in a row nobody knows how many are in which column, until the sum of a column is told."""
    people = {("a", "x"): 3, ("a", "y"): 2, ("b", "x"): 8, ("b", "y"): 9}
    cells = {key: frozenset(f"{key}{one}" for one in range(count)) for key, count in people.items()}
    columns = {(name,): cells["a", name] | cells["b", name] for name in ("x", "y")}
    known = Known(
        {"b x": cells["b", "x"], "b y": cells["b", "y"]},
        {"everybody": frozenset().union(*cells.values())},
        tables={("one", "other"): cells, ("other",): columns},
    )
    assert [(one.least, one.most) for one in reaches(known, smallest=LEAST)] == [(0, 5), (0, 5)]
    known.shown["x"] = columns["x",]
    assert [one.room for one in reaches(known, smallest=LEAST)] == [0, 0]


def test_a_group_that_a_ranking_and_its_classes_bound_is_found():
    """Classes stand across regions, a curve tells of places: who knows that the last places are in B knows of A."""
    parts = {("A", "1", "north"): 6, ("A", "1", "south"): 2, ("A", "2", "north"): 1, ("B", "2", "south"): 1}
    parts |= {("B", "3", "north"): 11, ("B", "3", "south"): 9}
    people = {key: frozenset(f"{key}{one}" for one in range(count)) for key, count in parts.items()}

    def cells(*places: int) -> dict[tuple[str, ...], frozenset[str]]:
        keys = dict.fromkeys(tuple(key[place] for place in places) for key in parts)
        every = {
            key: [ids for own, ids in people.items() if tuple(own[place] for place in places) == key] for key in keys
        }
        return {key: frozenset().union(*some) for key, some in every.items()}

    by_region, by_place = cells(0, 2), cells(1)
    known = Known(
        {"A north": by_region["A", "north"], "B north": by_region["B", "north"]}
        | {f"place {one}": by_place[one,] for one in "13"}
        | {key[0]: ids for key, ids in cells(2).items()},
        {"everybody": frozenset().union(*people.values())},
        tables={("class", "region"): by_region, ("region",): cells(2), ("class",): cells(0), ("place",): by_place},
        together={name: frozenset({name}) for name in ("class", "region", "place")},
        ranks={"place": {one: int(key[1]) for key, ids in people.items() for one in ids}},
    )
    found = {one.words: (one.least, one.most) for one in reaches(known, smallest=LEAST)}
    assert found["('class', 'region') ('A', 'south')"] == pytest.approx((1, 3))
    del known.shown["place 3"]
    found = {one.words: (one.least, one.most) for one in reaches(known, smallest=LEAST)}
    assert found["('class', 'region') ('A', 'south')"] == pytest.approx((1, 12))


def test_a_world_that_is_none_is_found():
    """Somebody too many, and somebody where nobody is: whatever the program says, it is counted."""
    people = {("a", "x"): 3, ("a", "y"): 7, ("b", "y"): 9}
    cells = {key: frozenset(f"{key}{one}" for one in range(count)) for key, count in people.items()}
    tables, known = {("one", "other"): cells}, Known({"a y": cells["a", "y"]})
    world = pd.DataFrame([(*key, count) for key, count in people.items()], columns=["one", "other", "people"])
    assert counted_wrong(known, tables, world) == []
    assert counted_wrong(known, tables, world.replace(7, 6)) == ["('one', 'other') ('a', 'y'): 6, not 7"]
    elsewhere = pd.concat([world, pd.DataFrame({"one": ["b"], "other": ["x"], "people": [1]})])
    assert counted_wrong(known, tables, elsewhere) == ["('one', 'other') ('b', 'x'): nobody is there"]
    fits = {("one", "other"): {*cells}}
    assert (excluded(fits, world), excluded(fits, elsewhere)) == ([], ["('one', 'other') ('b', 'x'): nobody is there"])


MANY = 20


def test_a_figure_with_two_values_is_found():
    people = frozenset("abcdefg")
    one, other = ({(people, "monetary"): {value: words}} for value, words in ((70.0, "board"), (71.0, "grid")))
    assert contradictions(Known(figures=one) | Known(figures=other)) == ["monetary of 7: 70.0 (board), 71.0 (grid)"]


# The law can fail ---------------------------------------------------------------------------------------------------


def toy(session: Session, table: Shown, **rows: int) -> Panel:
    """Make a panel of made-up groups: so many rows under each name."""
    frame = pd.DataFrame({"segment": list(rows), "customer_count": list(rows.values())})
    return Panel(
        session,
        topic="segments",
        controls={},
        analyse=lambda: Answer(session.facts, frame, session.as_of),
        draw=lambda answer, _lang: alt.Chart(answer.rows).mark_bar(),
        analyses=(),
        privacy=Privacy((table,)),
    )


def test_the_law_finds_a_panel_that_forgets_the_total(public):
    forgetful = toy(Session(public), Shown(totals=()), a=60, b=30, c=3)
    assert forgetful.rows["customer_count"].isna().sum() == 1
    forgetful.privacy = Privacy((Shown(),))  # what the page shows beside it after all
    assert "toy rows('c',)" in found_out(known_of(forgetful, name="toy", smallest=LEAST), smallest=LEAST)


def test_the_law_finds_a_small_group_that_is_shown(public):
    panel = toy(Session(public), Shown(), a=60, b=30)
    panel._answer = Answer(panel.table, panel.rows.replace(30, 3), panel.answer.as_of)
    panel._analyse = lambda: panel._answer
    assert found_out(known_of(panel, name="toy", smallest=LEAST), smallest=LEAST)


def test_a_difference_of_two_sums_is_found():
    people = [f"C{number}" for number in range(20)]
    cell, segment, rest = frozenset(people[:8]), frozenset(people[:7]), frozenset(people[8:])
    known = Known({"cell": cell, "segment": segment, "rest": rest}, {"cell": cell, "segment": segment, "rest": rest})
    assert found_out([known], smallest=LEAST) == ["cell without segment"]
    assert found_out([Known({"cell": cell, "rest": rest}, known.groups)], smallest=LEAST) == []


def test_people_that_do_not_match_what_a_panel_counts_are_found(public):
    session = Session(public)
    panel = toy(session, Shown(), a=60, b=30)
    wrong = session.facts.mutate(segment=ibis.literal("a"))
    panel.privacy = Privacy((Shown(),), people=lambda _: wrong)
    with pytest.raises(AssertionError, match="60 counted"):
        known_of(panel, name="toy", smallest=LEAST)
