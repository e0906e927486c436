"""The segment filter: customers of a saved segmentation in every table; on managers' pages only where it is safe."""

from __future__ import annotations

from datetime import date

import pytest

from workbench.analyses.rules.conditions import Span, Test
from workbench.analyses.rules.rule import Rule
from workbench.analyses.rules.segmentation import RuleSegmentation
from workbench.errors import ChoiceError, NothingToShow, StoreError, WorkbenchError
from workbench.pages.filter_bar import FilterBar
from workbench.panels import Filters, Session
from workbench.panels.segmentation_choice import offered
from workbench.store import open_store, publish, read_definition, save_definition
from workbench.topics.loyalty.segmentation import LoyaltySegmentation
from workbench.topics.revenue.panel_figures import KeyFigures


def by_money(*cuts: float, names=("大", "中", "小")) -> RuleSegmentation:
    """Segments s1, s2 … of customers who brought at least so much."""
    rules = [
        Rule(f"s{place}", {"en": f"Band {place}", "zh": names[place - 1]}, Test("monetary", "at_least", cut))
        for place, cut in enumerate(cuts, start=1)
    ]
    return RuleSegmentation({"en": "By money", "zh": "按金额"}, tuple(rules), {"en": "Others", "zh": "其他"})


@pytest.fixture
def session(make_store):
    found = Session(make_store())
    found.save_segmentation("bands", by_money(3000, 400))
    return found


def customers(session: Session, table) -> set[str]:
    return set(session.store.collect(table.select("customer_id").distinct())["customer_id"])


LARGE = Filters(segmentation="bands", segments=("s1",))


def test_every_table_speaks_of_the_customers_of_the_segments(session):
    session.filters = LARGE
    for table in (session.facts, session.transactions, session.surveys):
        assert customers(session, table) == {"C01", "C02"}
    for name in ("interactions", "complaints"):
        assert customers(session, session.ground.table(name)) <= {"C01", "C02"}


def test_several_segments_and_the_others_add_up_to_everybody(session):
    session.filters = Filters(segmentation="bands", segments=("s1", "others"))
    some = customers(session, session.facts)
    session.filters = Filters(segmentation="bands", segments=("s2",))
    rest = customers(session, session.facts)
    session.filters = Filters()
    assert some | rest == customers(session, session.facts)
    assert not some & rest


def test_a_segmentation_without_segments_filters_nothing(session):
    session.filters = Filters(segmentation="bands")
    assert len(customers(session, session.facts)) == 10


def test_customers_are_grouped_as_of_the_session_s_day_and_under_its_other_filters(session):
    session.filters = Filters(until=date(2023, 12, 31), segmentation="bands", segments=("s1",))
    assert customers(session, session.facts) == set()  # half of their money came later
    session.filters = Filters(until=date(2023, 12, 31), segmentation="bands", segments=("s2",))
    assert customers(session, session.facts) == {"C01", "C02", "C03"}
    session.filters = Filters(regions=("华东",), segmentation="bands", segments=("s1",))
    assert customers(session, session.facts) == {"C01"}


def test_a_comparison_speaks_of_the_same_customers(session):
    session.filters = Filters(since=date(2024, 1, 1), until=date(2024, 12, 31), segmentation="bands", segments=("s2",))
    now = customers(session, session.facts)
    before = session.at(Filters(date(2023, 1, 1), date(2023, 12, 31), segmentation="bands", segments=("s2",)))
    assert customers(before, before.facts) == now == {"C01", "C02", "C03"}


def test_an_older_version_can_be_asked_for(session):
    session.save_segmentation("bands", by_money(100))
    session.filters = LARGE
    assert len(customers(session, session.facts)) == 8
    session.filters = Filters(segmentation="bands@1", segments=("s1",))
    assert customers(session, session.facts) == {"C01", "C02"}


def test_the_filter_is_said_and_written_as_code(session):
    session.filters = LARGE
    assert session.filter_words().endswith("按金额：大")
    assert session.filters.code() == "Filters(segmentation='bands', segments=('s1',))"
    session.lang = "en"
    assert "By money: Band 1" in session.filter_words()


@pytest.mark.parametrize(
    ("filters", "key"),
    [
        (Filters(segmentation="nobody", segments=("s1",)), "definition_unknown"),
        (Filters(segmentation="bands@9", segments=("s1",)), "definition_version_unknown"),
        (Filters(segmentation="../bands", segments=("s1",)), "definition_id"),
        (Filters(segmentation="bands", segments=("s1", "s9")), "unknown_choice"),
    ],
)
def test_a_filter_that_cannot_be_is_said(session, filters, key):
    session.filters = filters
    with pytest.raises(ChoiceError) as refusal:
        _ = session.facts
    assert refusal.value.key == key
    assert refusal.value.words("zh")


def test_segments_need_their_segmentation():
    with pytest.raises(ChoiceError, match="s1"):
        Filters(segments=("s1",))


def test_a_column_that_vanished_is_said_and_the_filter_can_be_taken_off(session):
    rules = RuleSegmentation({"en": "a", "zh": "b"}, (Rule("r", {"en": "r", "zh": "规"}, Test("爱好", "missing")),))
    session.save_segmentation("hobby", rules)
    session.filters = Filters(segmentation="hobby", segments=("r",))
    with pytest.raises(ChoiceError, match="爱好"):
        _ = session.facts
    session.filters = Filters()
    assert len(customers(session, session.facts)) == 10


# What a session lists -----------------------------------------------------------------------------------------------


def test_saved_ones_are_listed_before_the_examples_and_an_example_names_what_it_needs(session):
    listed = session.segmentations()
    assert (listed[0].id, listed[0].version, listed[0].is_example) == ("bands", 1, False)
    needs = {one.id: one.needs for one in listed if one.is_example}
    assert needs["region"] == ()
    assert needs["warranty"] == ("car_bought_on",)
    assert needs["generations"] == ("birthday",)  # the column is there and empty
    with pytest.raises(ChoiceError, match="birthday"):
        session.segmentation("generations")


def test_an_example_can_be_had_by_its_id_until_somebody_saves_one_under_it(session):
    assert [rule.id for rule in session.segmentation("region").rules] == ["华东", "华南"]
    session.save_segmentation("region", by_money(100))
    assert [rule.id for rule in session.segmentation("region").rules] == ["s1"]
    assert [rule.id for rule in session.segmentation("region@0").rules] == ["华东", "华南"]
    assert [one.id for one in session.segmentations()].count("region") == 1


@pytest.mark.parametrize("kind", ["rfm", "tea_leaves", "rules"])
def test_a_definition_that_cannot_be_read_is_said(session, kind):
    save_definition(session.store.address, "broken", {"kind": kind, "names": {"en": "a", "zh": "b"}, "rules": 3})
    with pytest.raises(WorkbenchError) as refusal:
        session.segmentation("broken")
    assert refusal.value.words("zh")


def test_other_kinds_are_read_back_too(session):
    session.save_segmentation("loyalty", LoyaltySegmentation())
    assert session.segmentation("loyalty").as_dict() == LoyaltySegmentation().as_dict()
    session.filters = Filters(segmentation="loyalty", segments=("lapsed",))
    assert customers(session, session.facts) <= {f"C{number:02}" for number in range(1, 11)}


# The bar ------------------------------------------------------------------------------------------------------------


def test_the_bar_hides_what_nobody_saved(make_store):
    bar = FilterBar(Session(make_store()))
    assert bar.segmentation.layout.display == "none"
    assert bar.segments.layout.display == "none"


def test_segments_are_chosen_by_name_and_reach_the_session(session):
    bar = FilterBar(session)
    assert bar.segments.layout.display == "none"
    bar.segmentation.value = "bands"
    assert [words for words, _ in bar.segments.options] == ["大", "中", "其他"]
    assert session.filters == Filters()
    bar.segments.value = ("s1", "s2")
    assert session.filters == Filters(segmentation="bands", segments=("s1", "s2"))
    session.lang = "en"
    bar.say()
    assert [words for words, _ in bar.segments.options][:2] == ["Band 1", "Band 2"]
    assert session.filters == Filters(segmentation="bands", segments=("s1", "s2"))
    bar.segmentation.value = ""
    assert session.filters == Filters()


def test_the_bar_begins_with_the_session_s_segments(session):
    session.filters = LARGE
    bar = FilterBar(session)
    assert (bar.segmentation.value, bar.segments.value) == ("bands", ("s1",))


def test_a_definition_that_broke_is_said_and_filters_nothing(session):
    bar = FilterBar(session)
    path = session.store.address / "definitions" / "bands" / "0001.json"
    path.write_bytes(b"{")
    bar.segmentation.value = "bands"
    assert "0001.json" in bar.message.value
    assert session.filters == Filters()
    assert bar.segmentation.value == ""


def test_a_crafted_choice_of_segments_changes_nothing(session):
    bar = FilterBar(session)
    bar.segmentation.value = "bands"
    bar.segments.set_state({"index": [0, 99]})
    bar.segments.set_state({"value": ["s1"]})
    bar.segments.set_state({"index": "0"})
    assert session.filters == Filters()


# Managers' pages ----------------------------------------------------------------------------------------------------


def pages(make_store, **saved: RuleSegmentation) -> Session:
    """A published session; those named `private…` are not shared."""
    store = make_store()
    for name, rules in saved.items():
        Session(store).save_segmentation(name, rules, shared=not name.startswith("private"))
    publish(store.address, minimum_group=5)
    return Session(open_store(store.address, published=True))


def test_a_managers_page_filters_by_what_is_shared_and_large_enough(make_store):
    session = pages(make_store, halves=by_money(200), private=by_money(100))
    assert [one.id for one in session.segmentations()] == ["halves"]
    assert session.offers_segmentation("halves")
    session.filters = Filters(segmentation="halves", segments=("s1",))
    assert len(customers(session, session.facts)) == 5
    with pytest.raises(ChoiceError):
        session.segmentation("private")
    with pytest.raises(ChoiceError):
        session.segmentation("region")  # examples are for analysts
    with pytest.raises(StoreError):
        session.save_segmentation("mine", by_money(1))


def test_a_managers_page_refuses_segments_of_too_few(make_store):
    session = pages(make_store, bands=by_money(3000, 400))
    assert not session.offers_segmentation("bands")
    session.filters = Filters(segmentation="bands", segments=("s2", "others"))  # eight: but two are left over
    with pytest.raises(NothingToShow) as refusal:
        _ = session.facts
    assert refusal.value.key == "segments_too_narrow"
    assert FilterBar(session).segmentation.value == "bands"


def test_a_managers_page_refuses_a_segment_beside_other_filters(make_store):
    session = pages(make_store, halves=by_money(200))
    session.filters = Filters(regions=("华东",), segmentation="halves", segments=("s1",))
    with pytest.raises(NothingToShow):
        _ = session.facts


def test_a_managers_page_lays_no_fixed_rules_across_the_segments_it_is_filtered_by(make_store):
    session = pages(make_store, halves=by_money(200))
    assert offered(session).measured(session, "halves").names["en"] == "By money"
    session.filters = Filters(segmentation="halves", segments=("s1",))
    with pytest.raises(NothingToShow) as refusal:
        offered(session).measured(session, "halves")
    assert refusal.value.key == "fixed_rules_unfiltered"


def test_two_groupings_that_differ_by_too_few_are_not_both_offered(make_store):
    session = pages(make_store, halves=by_money(200), nearly=by_money(100))
    assert [one.id for one in session.segmentations() if session.offers_segmentation(one.id)] == ["halves"]
    session.filters = Filters(segmentation="nearly", segments=("s1",))
    with pytest.raises(NothingToShow):  # eight less five would be three
        _ = session.facts


def test_a_shared_segmentation_that_cannot_be_computed_is_not_offered(make_store):
    age = RuleSegmentation(
        {"en": "a", "zh": "b"}, (Rule("r", {"en": "r", "zh": "规"}, Test("birthday", "age_years", Span(0))),)
    )
    session = pages(make_store, age=age, halves=by_money(200))
    assert [one.id for one in session.segmentations() if session.offers_segmentation(one.id)] == ["halves"]


def test_what_is_saved_later_reaches_the_page_with_the_next_publication(make_store):
    session = pages(make_store, halves=by_money(200))
    save_definition(session.store.address, "halves", by_money(100).as_dict(), shared=True)
    assert read_definition(session.store.address, "halves")["rules"][0]["when"]["value"] == 100
    session.filters = Filters(segmentation="halves", segments=("s1",))
    assert len(customers(session, session.facts)) == 5


def test_the_key_figures_follow_the_segment(session):
    everybody = KeyFigures(session)
    assert everybody.rows.set_index("figure").loc["revenue", "value"] == 10_000
    session.filters = LARGE
    assert everybody.rows.set_index("figure").loc["revenue", "value"] == 8_000
