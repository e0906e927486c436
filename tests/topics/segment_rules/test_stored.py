"""Definitions and files of earlier versions: both old forms open, give the same segments, and are saved in one form."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from workbench.analyses import segment_table
from workbench.analyses.rules.rule_file import rules_text
from workbench.analyses.rules.segmentation import rules_from_toml
from workbench.analyses.rules.table import SegmentTable
from workbench.errors import WorkbenchError
from workbench.panels import Session
from workbench.store import save_definition

STORED = Path(__file__).parent / "stored"
"""What earlier versions saved; beside each definition the segments that they gave."""

CARS = (
    "ALTER TABLE customers ADD COLUMN car_bought_on VARCHAR",
    "UPDATE customers SET birthday = DATE '1985-01-01' WHERE customer_id < 'C06'",
    "UPDATE customers SET car_bought_on = (2015 + substr(customer_id, 2)::INT) || '-06-30'",
    "UPDATE customers SET car_bought_on = '不详' WHERE customer_id = 'C10'",
)
NAMES = {"en": "Ours", "zh": "自定"}


@pytest.fixture(scope="module")
def session(make_store):
    return Session(make_store(*CARS), lang="zh")


def stored(name: str) -> tuple[dict, dict[str, str]]:
    content = json.loads((STORED / f"{name}.json").read_text(encoding="utf-8"))
    return content["definition"], content["segments"]


def groups(session: Session, reference: str) -> dict[str, str]:
    rows = session.store.collect(session.segmentation(reference).assign(session.ground))
    return dict(zip(rows["customer_id"], rows["segment"], strict=True))


def saved_rules(definition: dict) -> list[dict]:
    """The rules of a saved definition, wherever its kind keeps them."""
    return definition["rules"] if "rules" in definition else definition["table"]["rules"]


@pytest.mark.parametrize("name", sorted(path.stem for path in STORED.glob("*.json")))
def test_a_stored_definition_opens_gives_its_segments_and_is_saved_again_in_the_one_form(name: str, session: Session):
    definition, segments = stored(name)
    save_definition(session.store.address, name, definition, names=definition.get("names", NAMES))
    assert groups(session, f"{name}@1") == segments
    session.save_segmentation(name, session.segmentation(f"{name}@1"))
    assert groups(session, f"{name}@2") == segments
    for rule in saved_rules(session.store.definition(name, 2)):
        assert {"id", "names", "when"} <= set(rule) <= {"id", "names", "when", "meanings"}
        assert set(rule["when"]) in ({"all"}, {"any"}, {"not"}, {"column", "is"}, {"column", "is", "value"})


@pytest.mark.parametrize("name", ["painted_table", "table_on_columns"])
def test_a_table_file_of_an_earlier_version_is_the_table_that_was_stored(name: str):
    table = segment_table(STORED / f"{name}.toml")
    assert table.rules == SegmentTable.from_dict(stored(name)[0]["table"]).rules
    assert SegmentTable.from_dict(table.as_dict()) == table


def test_a_rules_file_of_an_earlier_version_is_written_as_it_was():
    text = (STORED / "rules.toml").read_text(encoding="utf-8")
    assert rules_text(rules_from_toml(text)) == text
    assert rules_from_toml(text).as_dict() == stored("rules")[0]


BROKEN = [
    {"kind": "scorecard"},
    {"kind": "table"},
    {"kind": "table", "table": {"rules": 3}},
    {"kind": "table", "table": {"rules": ["everyone"]}},
    {"kind": "table", "table": {"segment": [{"id": "a", "r": [1, 2]}]}},
    {"kind": "table", "table": {"rules": [{"id": "a", "names": NAMES, "when": {"column": "r_score", "is": "in"}}]}},
    {"kind": "table", "table": {"bins": 5, "rules": [{"id": "a", "when": {"some": []}}]}},
    {"kind": "table", "table": {"rules": [{"id": "a", "when": {"column": "r_score", "is": "in", "value": [1]}}]}},
    {"kind": "table", "table": {"rules": [{"id": "a", "when": {"column": "name", "is": "contains", "value": "王"}}]}},
    {"kind": "rules", "names": NAMES, "rules": {"a": 1}},
    {"kind": "rules", "names": NAMES, "rules": [{"id": "a", "names": NAMES}]},
    {"kind": "rules", "names": NAMES, "rules": [{"id": "a", "names": NAMES, "r": [4, 5]}]},
    {
        "kind": "rules",
        "names": NAMES,
        "rules": [{"id": "a", "names": NAMES, "when": {"column": "monetary", "is": "above", "value": 10**400}}],
    },
]


@pytest.mark.parametrize("definition", BROKEN, ids=lambda definition: str(definition)[:70])
def test_a_stored_definition_of_an_unknown_or_broken_form_is_refused_in_words(definition: dict, session: Session):
    version = save_definition(session.store.address, "broken", definition, names=NAMES)
    with pytest.raises(WorkbenchError) as refusal:
        session.segmentation(f"broken@{version}")
    for lang in ("zh", "en"):
        assert refusal.value.words(lang)


def test_a_table_says_which_conditions_it_can_take():
    rule = {"id": "old", "when": {"column": "birthday", "is": "age_years", "value": {"from": 40}}}
    with pytest.raises(WorkbenchError, match="ours, rule old: a segment table cannot use “age_years” on birthday"):
        SegmentTable.from_dict({"id": "ours", "rules": [rule]})
