"""What a snapshot hides under a setting is decided once for the tests of pages, and anew under other conditions."""

from __future__ import annotations

from datetime import date
from itertools import islice

import pytest

from tests.company import crowd
from tests.conftest import decisions
from workbench.errors import NothingToShow
from workbench.panels import Filters, Session, showing, standing
from workbench.panels.standing import Ledger, ledger

SETTING = Filters(date(2024, 1, 1), date(2024, 12, 31))


@pytest.fixture(scope="module")
def public(make_store):
    return make_store(*crowd(seed=1, customers=60), published=True)


@pytest.fixture
def decided(monkeypatch) -> list[str]:
    """What is decided from now on, remembered as it is for other tests."""
    return note_decisions(monkeypatch, are_remembered=True)


def note_decisions(monkeypatch, *, are_remembered: bool) -> list[str]:
    """Return the standing tables that are decided from now on, by whichever page."""
    monkeypatch.setattr(decisions, "is_on", are_remembered)
    made, decide = list[str](), Ledger._decide

    def noted(self, some):
        made.extend(one.name for one in some)
        return decide(self, some)

    monkeypatch.setattr(Ledger, "_decide", noted)
    return made


def names_of(public) -> list[str]:
    """What stands first on pages of the company."""
    return [one.name for some in islice(standing._in_order(Session(public)), 3) for one in some]


def hidden(public, *names: str, filters: Filters = SETTING) -> list[object]:
    """What a page that is opened now hides of each."""
    decisions_of_page = ledger(Session(public, filters=filters))

    def answer(name: str) -> object:
        try:
            return decisions_of_page.hidden(name)
        except NothingToShow as refusal:
            return refusal.key

    return [answer(name) for name in names]


def test_an_equal_setting_is_decided_once_and_another_one_anew(public, decided, monkeypatch):
    names = names_of(public)
    first = hidden(public, *names)
    assert {*names} == {*decided}
    decided.clear()
    assert hidden(public, *names) == first
    assert decided == []
    hidden(public, names[0], filters=Filters())
    assert decided != []
    decided.clear()
    monkeypatch.setattr(showing, "MOST_GROUPS", showing.MOST_GROUPS + 1)
    hidden(public, names[0])
    assert decided != []


def test_what_is_remembered_is_what_is_decided(public, decided, monkeypatch):
    names = names_of(public)
    remembered = hidden(public, *names)
    monkeypatch.setattr(decisions, "is_on", False)
    decided.clear()
    assert hidden(public, *names) == remembered
    assert {*names} == {*decided}
