"""Definitions in the store: versioned, never overwritten, whole or named as damaged, published only where shared."""

from __future__ import annotations

import json
import stat
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from workbench import audit
from workbench.errors import ChoiceError, StoreError
from workbench.store import (
    build,
    definition_versions,
    definitions,
    drop_definition,
    erase,
    open_store,
    publish,
    read_definition,
    save_definition,
)

WARRANTY = {"kind": "rules", "names": {"en": "Warranty", "zh": "在保/脱保"}, "rules": [{"id": "在保", "years": [0, 3]}]}


def changed(**values):
    return {**WARRANTY, **values}


def file(address, name, version):
    return address / "definitions" / name / f"{version:04}.json"


def log(address):
    return [json.loads(line) for line in (address / audit.FILE).read_text(encoding="utf-8").splitlines()]


def test_what_was_saved_is_read_back_and_listed_with_its_kind_and_names(orders_store):
    assert save_definition(orders_store, "warranty", WARRANTY) == 1
    assert read_definition(orders_store, "warranty") == WARRANTY
    (listed,) = definitions(orders_store)
    assert (listed.id, listed.version, listed.kind, listed.reference) == ("warranty", 1, "rules", "warranty@1")
    assert listed.names["zh"] == "在保/脱保"
    assert listed.saved_at is not None
    assert not listed.shared


def test_a_definition_without_names_is_kept_under_those_given(orders_store):
    save_definition(orders_store, "warranty", {"kind": "loyalty"}, names={"en": "Loyalty", "zh": "忠诚度"})
    assert read_definition(orders_store, "warranty") == {"kind": "loyalty"}
    assert definitions(orders_store)[0].names["zh"] == "忠诚度"


def test_a_new_save_is_a_new_version_and_the_old_one_stays_as_it_was(orders_store):
    save_definition(orders_store, "warranty", WARRANTY)
    before = file(orders_store, "warranty", 1).read_bytes()
    assert save_definition(orders_store, "warranty", changed(rules=[])) == 2
    assert file(orders_store, "warranty", 1).read_bytes() == before
    assert read_definition(orders_store, "warranty")["rules"] == []
    assert read_definition(orders_store, "warranty", 1) == WARRANTY
    assert [one.version for one in definition_versions(orders_store, "warranty")] == [2, 1]


def test_versions_saved_at_once_by_many_pages_are_all_kept(orders_store):
    with ThreadPoolExecutor(6) as pages:
        numbers = list(pages.map(lambda n: save_definition(orders_store, "w", changed(rules=[n])), range(18)))
    assert sorted(numbers) == list(range(1, 19))
    assert sorted(read_definition(orders_store, "w", n)["rules"][0] for n in numbers) == list(range(18))


def test_each_save_and_each_drop_leaves_a_line_that_says_who_and_which(orders_store):
    save_definition(orders_store, "warranty", WARRANTY, who="alice")
    drop_definition(orders_store, "warranty", who="bob")
    assert [(line["action"], line["who"], line["reason"]) for line in log(orders_store)] == [
        ("save", "alice", "warranty@1"),
        ("drop", "bob", "warranty@2"),
    ]


def test_what_cannot_be_noted_is_not_saved(orders_store):
    (orders_store / audit.FILE).mkdir()
    with pytest.raises(Exception, match="audit"):
        save_definition(orders_store, "warranty", WARRANTY)
    assert definitions(orders_store) == []


def test_a_dropped_definition_leaves_the_list_but_its_versions_can_be_read_and_are_never_numbered_again(orders_store):
    save_definition(orders_store, "warranty", WARRANTY)
    drop_definition(orders_store, "warranty")
    assert definitions(orders_store) == []
    with pytest.raises(ChoiceError):
        read_definition(orders_store, "warranty")
    with pytest.raises(ChoiceError):
        drop_definition(orders_store, "warranty")
    assert read_definition(orders_store, "warranty", 1) == WARRANTY
    assert save_definition(orders_store, "warranty", WARRANTY) == 3


@pytest.mark.parametrize("bad", ["", "..", "a/b", "a\\b", "Vip", "客户", "a b", "x" * 65, "a\n", "nul\0", None, "a.b"])
def test_an_id_that_could_be_a_path_is_refused_and_nothing_is_written(orders_store, bad):
    for ask in (
        lambda: save_definition(orders_store, bad, WARRANTY),
        lambda: read_definition(orders_store, bad),
        lambda: drop_definition(orders_store, bad),
    ):
        with pytest.raises(ChoiceError) as refusal:
            ask()
        assert refusal.value.key == "definition_id"
    assert not (orders_store / "definitions").exists()


@pytest.mark.parametrize(
    ("given", "key"),
    [
        ({}, "definition_incomplete"),
        ({"kind": "rules"}, "definition_incomplete"),
        ({"kind": "", "names": {"en": "a", "zh": "b"}}, "definition_incomplete"),
        ({"kind": "rules", "names": {"en": "a"}}, "definition_incomplete"),
        ({"kind": "rules", "names": {"en": "a", "zh": ""}}, "definition_incomplete"),
        (changed(rules=[object()]), "definition_not_plain"),
        (changed(rules=[float("nan")]), "definition_not_plain"),
        (changed(rules=["x" * 1_000_001]), "definition_too_long"),
    ],
)
def test_what_is_no_plain_definition_is_refused_in_words(orders_store, given, key):
    with pytest.raises(ChoiceError) as refusal:
        save_definition(orders_store, "warranty", given)
    assert refusal.value.key == key
    assert refusal.value.words("zh")
    assert definitions(orders_store) == []


@given(position=some.floats(0, 0.999), byte=some.integers(0, 255))
@settings(max_examples=25)
def test_a_changed_byte_is_noticed_or_changes_nothing(tmp_path_factory, position, byte):
    store = tmp_path_factory.mktemp("store")
    save_definition(store, "warranty", WARRANTY)
    path = file(store, "warranty", 1)
    written = bytearray(path.read_bytes())
    written[int(position * len(written))] = byte
    path.write_bytes(bytes(written))
    if definitions(store)[0].damaged:
        with pytest.raises(StoreError, match=r"0001\.json"):
            read_definition(store, "warranty")
    else:
        assert read_definition(store, "warranty") == WARRANTY


def test_a_damaged_file_is_named_and_the_others_are_still_listed(orders_store):
    save_definition(orders_store, "areas", changed(kind="rules"))
    save_definition(orders_store, "warranty", WARRANTY)
    save_definition(orders_store, "warranty", WARRANTY)
    file(orders_store, "warranty", 2).write_text('{"checksum": "no"', encoding="utf-8")
    assert [(one.id, one.version, one.damaged) for one in definitions(orders_store)] == [
        ("areas", 1, False),
        ("warranty", 2, True),
    ]
    with pytest.raises(StoreError) as error:
        read_definition(orders_store, "warranty")
    assert "0002.json" in error.value.words("en")
    assert read_definition(orders_store, "warranty", 1) == WARRANTY


def test_a_file_put_under_another_number_is_not_what_was_written(orders_store):
    save_definition(orders_store, "warranty", WARRANTY)
    file(orders_store, "warranty", 7).write_bytes(file(orders_store, "warranty", 1).read_bytes())
    with pytest.raises(StoreError):
        read_definition(orders_store, "warranty", 7)


def test_an_unknown_id_or_version_names_those_that_exist(orders_store):
    save_definition(orders_store, "warranty", WARRANTY)
    with pytest.raises(ChoiceError, match="warranty"):
        read_definition(orders_store, "areas")
    with pytest.raises(ChoiceError, match=r"no version 4.*1"):
        read_definition(orders_store, "warranty", 4)


def test_a_folder_that_is_no_store_gets_no_definitions(tmp_path):
    with pytest.raises(StoreError):
        save_definition(tmp_path / "nowhere", "warranty", WARRANTY)
    assert definitions(tmp_path / "nowhere") == []


def test_a_save_that_was_killed_leaves_no_version(orders_store):
    save_definition(orders_store, "warranty", WARRANTY)
    file(orders_store, "warranty", 2).with_suffix(".json.part").write_text("{", encoding="utf-8")
    assert definitions(orders_store)[0].version == 1
    assert save_definition(orders_store, "warranty", WARRANTY) == 2


def test_only_their_owner_can_read_the_files(orders_store):
    save_definition(orders_store, "warranty", WARRANTY)
    assert stat.S_IMODE(file(orders_store, "warranty", 1).stat().st_mode) == 0o600


def test_definitions_outlive_a_load_and_an_erasure(orders_store, three_orders):
    save_definition(orders_store, "warranty", WARRANTY)
    build(orders_store, three_orders)
    erase(orders_store, ["C1"])
    assert read_definition(orders_store, "warranty") == WARRANTY


# What managers' pages see ------------------------------------------------------------------------------------------


def published(address):
    publish(address)
    return open_store(address, published=True)


def test_a_published_session_sees_what_is_shared_and_nothing_else(orders_store):
    save_definition(orders_store, "warranty", WARRANTY, shared=True)
    save_definition(orders_store, "private", changed(rules=["only for analysts"]))
    with published(orders_store) as pages:
        assert [one.id for one in pages.definitions()] == ["warranty"]
        assert pages.definition("warranty") == WARRANTY
        assert pages.definition("warranty", 1) == WARRANTY
        with pytest.raises(ChoiceError):
            pages.definition("private")
    with open_store(orders_store) as analyst:
        assert [one.id for one in analyst.definitions()] == ["private", "warranty"]
        assert analyst.definition("private")["rules"] == ["only for analysts"]
    for path in (orders_store / "published").glob("*"):
        assert b"only for analysts" not in path.read_bytes()


def test_the_newest_version_decides_and_takes_back_at_the_next_publication(orders_store):
    save_definition(orders_store, "warranty", WARRANTY, shared=True)
    with published(orders_store) as pages:
        save_definition(orders_store, "warranty", changed(rules=[]))
        assert pages.definition("warranty") == WARRANTY
        with pytest.raises(ChoiceError):
            pages.definition("warranty", 2)
    with published(orders_store) as pages:
        assert pages.definitions() == []


def test_a_damaged_definition_does_not_stop_a_publication(orders_store):
    save_definition(orders_store, "areas", WARRANTY, shared=True)
    save_definition(orders_store, "warranty", WARRANTY, shared=True)
    file(orders_store, "warranty", 1).write_bytes(b"\0")
    with published(orders_store) as pages:
        assert [one.id for one in pages.definitions()] == ["areas"]
