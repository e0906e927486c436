"""What one page decided to hide is known to the others of its server, exactly, and only under the same setting."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.company import crowd
from tests.test_remembered_decisions import names_of, note_decisions
from workbench.errors import NothingToShow
from workbench.panels import Filters, Session, known_decisions, standing
from workbench.panels.known_decisions import DECISIONS_FOLDER, KnownDecisions
from workbench.panels.standing import decide_alike, ledger

LATER = Filters(date(2024, 1, 1), date(2024, 12, 31))
VALUES = ["重点客户", None, True, 3, 2.5, np.int64(7), date(2024, 2, 29), pd.Timestamp("2024-03-01"), ""]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch) -> Path:
    monkeypatch.setenv(DECISIONS_FOLDER, str(tmp_path))
    return tmp_path


@pytest.fixture(scope="module")
def public(make_store):
    return make_store(*crowd(seed=1, customers=60), published=True)


@pytest.fixture
def decided(monkeypatch) -> list[str]:
    """What is decided from now on, remembered by no test."""
    return note_decisions(monkeypatch, are_remembered=False)


def hidden(public, lang: str = "zh", filters: Filters = LATER) -> dict[str, object]:
    """What a page that is opened now hides of what stands first."""
    session = Session(public, lang=lang, filters=filters)
    answers: dict[str, object] = {}
    for name in names_of(public):
        try:
            answers[name] = ledger(session).hidden(name)
        except NothingToShow as refusal:
            answers[name] = (refusal.key, refusal.facts)
    return answers


def test_what_is_known_comes_back_as_it_was(folder: Path):
    marks = frozenset({(("day", value), ("segment", "A")) for value in VALUES} | {()})
    refusal = NothingToShow("group_too_small", minimum=5)
    KnownDecisions("a setting").add({"months": marks, "nothing": frozenset(), "shares": refusal})
    known = KnownDecisions("a setting").read()
    assert known["months"] == marks
    assert {type(value) for key in known["months"] for name, value in key if name == "day"} == {
        str, type(None), bool, int, float, date, pd.Timestamp
    }  # fmt: skip
    assert known["nothing"] == frozenset()
    assert (known["shares"].key, known["shares"].facts) == ("group_too_small", {"minimum": 5})
    assert KnownDecisions("another setting").read() == {}


def test_what_was_known_before_stays_and_what_cannot_be_written_is_left_out(folder: Path):
    known = KnownDecisions("a setting")
    known.add({"first": frozenset({(("segment", "A"),)})})
    known.add({"second": frozenset({(("share", float("nan")),)}), "third": frozenset({(("shape", object()),)})})
    assert {*known.read()} == {"first"}
    assert [path.suffix for path in folder.iterdir()] == [""]


def test_a_kind_of_refusal_that_means_more_is_not_handed_on(folder: Path):
    class TellsMore(NothingToShow):
        pass

    KnownDecisions("a setting").add({"first": TellsMore("too_many_groups", groups=3, limit=2)})
    assert KnownDecisions("a setting").read() == {}


@pytest.mark.parametrize("content", [b"", b'{"first": {"hid', b"\xff\xfe"])
def test_a_damaged_file_says_nothing_and_is_written_anew(folder: Path, content: bytes):
    known = KnownDecisions("a setting")
    known.add({"first": frozenset()})
    next(folder.iterdir()).write_bytes(content)
    assert known.read() == {}
    known.add({"second": frozenset()})
    assert known.read() == {"second": frozenset()}


def test_a_full_disk_or_an_ended_server_costs_no_page(tmp_path: Path, monkeypatch, caplog):
    monkeypatch.setenv(DECISIONS_FOLDER, str(tmp_path / "gone"))
    KnownDecisions("a setting").add({"first": frozenset()})
    assert KnownDecisions("a setting").read() == {}
    monkeypatch.setenv(DECISIONS_FOLDER, str(tmp_path))

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    KnownDecisions("a setting").add({"first": frozenset()})
    assert "No space left on device" in caplog.text


def test_the_folder_has_a_bound_and_the_oldest_go(folder: Path, monkeypatch):
    monkeypatch.setattr(known_decisions, "MOST_SETTINGS", 6)
    for place in range(8):
        KnownDecisions(place).add({"first": frozenset()})
        for file in folder.iterdir():
            os.utime(file, ns=(file.stat().st_atime_ns, file.stat().st_mtime_ns - 10**9))
    assert [bool(KnownDecisions(place).read()) for place in range(8)] == [False] * 3 + [True] * 5


def test_another_page_hides_the_same_in_either_language_and_decides_nothing(public, folder: Path, decided):
    first = hidden(public)
    assert decided
    assert any(first.values())
    decided.clear()
    assert hidden(public) == first
    assert hidden(public, lang="en") == first
    assert decided == []


def test_what_others_decided_is_what_a_page_alone_decides(public, folder: Path, monkeypatch, decided):
    shared = hidden(public, lang="zh")
    monkeypatch.delenv(DECISIONS_FOLDER)
    assert hidden(public, lang="en") == shared


def test_another_setting_or_comparison_is_decided_anew(public, folder: Path, decided):
    hidden(public)
    decided.clear()
    hidden(public, filters=Filters())
    assert decided
    decided.clear()
    ledger(Session(public, filters=LATER, compares_years=True)).hidden(names_of(public)[0])
    assert decided


def test_a_page_goes_on_where_the_others_stopped(public, folder: Path, decided, monkeypatch):
    names = names_of(public)
    with_all = hidden(public)
    for file in folder.iterdir():
        file.unlink()
    ledger(Session(public, filters=LATER)).hidden(names[0])
    known = {*KnownDecisions(standing._setting(Session(public, filters=LATER))).read()}
    assert names[0] in known
    assert names[-1] not in known
    assert hidden(public) == with_all


def test_a_setting_is_decided_ahead_as_far_as_pages_ask(public, folder: Path, decided):
    names = names_of(public)
    session = Session(public)
    ledger(session).hidden(names[1])
    decide_alike(session, LATER)
    decided.clear()
    other = ledger(Session(public, filters=LATER))
    other.hidden(names[0])
    other.hidden(names[1])
    assert decided == []
