"""Session: filters reach every table, and facts are computed once per filter."""

from __future__ import annotations

from datetime import date

import pytest
from traitlets import TraitError

import workbench.panels.session
from tests.company import AS_OF
from workbench.errors import ChoiceError
from workbench.panels import Filters, Session


def spent(session: Session) -> dict[str, float]:
    rows = session.store.collect(session.facts.select("customer_id", "monetary"))
    return dict(zip(rows["customer_id"], rows["monetary"], strict=True))


def test_without_filters_everybody_counts_until_the_last_day_of_the_data(store):
    session = Session(store)
    assert session.as_of == AS_OF
    assert sum(spent(session).values()) == 10_000


def test_both_days_of_a_period_are_included(store):
    session = Session(store, filters=Filters(since=date(2024, 1, 15), until=date(2024, 2, 15)))
    assert spent(session) == {"C01": 2500, "C02": 1500}
    assert session.as_of == date(2024, 2, 15)


def test_a_region_keeps_the_customers_who_live_there_where_the_sale_names_none(store):
    assert set(spent(Session(store, filters=Filters(regions=("华南",))))) == {"C02", "C04", "C06", "C08", "C10"}


def test_customer_types_and_regions_narrow_together(store):
    filters = Filters(regions=("华南",), customer_types=("企业",))
    assert set(spent(Session(store, filters=filters))) == {"C02", "C04"}


def test_the_region_of_the_sale_goes_before_the_region_of_the_customer(make_store):
    store = make_store("UPDATE transactions SET region = '华北' WHERE customer_id = 'C01' AND day < '2024-01-01'")
    assert spent(Session(store, filters=Filters(regions=("华北",)))) == {"C01": 2500}
    assert Session(store).choices()["regions"] == ["华东", "华北", "华南"]


def test_survey_answers_follow_the_filters(store):
    session = Session(store, filters=Filters(since=date(2024, 10, 1), customer_types=("个人",)))
    assert set(store.collect(session.surveys)["customer_id"]) == {"C10"}


def test_facts_are_kept_until_the_filters_change(store):
    session = Session(store)
    first = session.facts
    assert session.facts.equals(first)
    session.filters = Filters(regions=("华东",))
    assert not session.facts.equals(first)


def test_choices_of_a_managers_page_leave_out_small_groups(make_store):
    move = "UPDATE customers SET region = '西藏' WHERE customer_id IN ('C01', 'C03')"
    assert "西藏" in Session(make_store(move)).choices()["regions"]
    assert Session(make_store(move, published=True)).choices()["regions"] == ["华南"]


def test_a_period_that_ends_before_it_begins_is_refused_in_words():
    with pytest.raises(ChoiceError) as refusal:
        Filters(since=date(2024, 2, 1), until=date(2024, 1, 1))
    assert "2024-02-01" in refusal.value.words("zh")


def test_a_language_that_does_not_exist_is_refused(store):
    with pytest.raises(TraitError):
        Session(store, lang="fr")


@pytest.mark.parametrize(("has_many", "last"), [(False, 4), (True, 5)], ids=["few customers", "many customers"])
def test_what_was_computed_for_the_last_settings_is_kept_until_something_is_saved(store, monkeypatch, has_many, last):
    if has_many:
        monkeypatch.setattr(workbench.panels.session, "MANY", 0)
    session, computed = Session(store), []

    def at(*regions: str) -> int:
        session.filters = Filters(regions=regions)
        session.remember("question", lambda: computed.append(regions))
        return len(computed)

    assert [at("华东"), at("华南"), at("华东")] == [1, 2, 2]
    assert [at(), at("华东", "华南"), at("华东"), at("华南")] == [3, 4, 4, last]
    session.saved += 1
    assert at("华南") == last + 1
