"""Segment tables as TOML: what is read, what is refused and how it is said, and writing that reads back equal."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.analyses.tables import CONDITION, SCORE_TABLES, table_from
from workbench.analyses import SEGMENT_TABLES, segment_table
from workbench.analyses.rules.rule_file import rules_text
from workbench.analyses.rules.table import SegmentTable
from workbench.analyses.rules.table_form import read_table
from workbench.errors import ChoiceError

TOP = 'bins = 5\nname = "我们的表"\n[[segment]]\nid = "好"\n'


def read(text: str) -> SegmentTable:
    return SegmentTable(**read_table(text, "ours"))


@pytest.mark.parametrize("name", SEGMENT_TABLES)
def test_every_table_that_comes_along_reads_back_equal(name: str):
    table = segment_table(name)
    assert SegmentTable(**read_table(rules_text(table), name)) == table
    assert SegmentTable.from_dict(table.as_dict()) == table


@given(SCORE_TABLES)
@settings(max_examples=30)
def test_any_table_of_scores_reads_back_equal(table: SegmentTable):
    assert read(rules_text(table)) == table


@given(st.lists(CONDITION, min_size=1, max_size=3))
@settings(max_examples=30)
def test_any_table_on_columns_reads_back_equal_or_is_refused_as_contradictory(conditions: list[dict]):
    try:
        table = table_from(*conditions)
    except ChoiceError as error:
        assert error.key == "segment_field_nothing_between"  # noqa: PT017  only some tables contradict themselves
        return
    assert read(rules_text(table)) == table


def test_names_with_quotes_backslashes_and_chinese_read_back_equal():
    table = table_from({"region": ['华东 "东部"', "a\\b"], "name": {"en": 'The "best"', "zh": "最「佳」"}})
    assert read(rules_text(table)) == table


def test_a_column_called_as_a_field_of_the_rule_is_read_under_when():
    table = table_from({"when": [{"name": ["王伟"], "id": "7"}]})
    assert table.columns == ("name", "id")
    assert read(rules_text(table)) == table


def test_one_score_one_value_and_one_text_for_both_languages_are_enough():
    table = read(TOP + 'r = 5\nregion = "华东"\n')
    assert table == read(TOP + 'r = [5, 5]\nregion = ["华东"]\n')
    assert table.names == {"en": "我们的表", "zh": "我们的表"}
    assert table.name("好", "en") == "好"


REFUSED = [
    ("", "ours has no rule"),
    ("segment = 3", "ours has no rule"),
    ("bins = 5\n[[segment\n", "ours is not valid TOML: .*line 2"),
    ("bins = 12\n[[segment]]\nid='a'\neveryone=true", "bins cannot be 12"),
    ("colour = 1\n[[segment]]\nid='a'\neveryone=true", "there is no field colour"),
    ("[[segment]]\nr = [1, 2]", "ours, rule 1: id cannot be None"),
    (TOP, "the rule 好 has no condition"),
    (TOP + "when = []", "rule 好: when cannot be"),
    (TOP + "when = [{}]", "rule 好: when cannot be"),
    (TOP + "r = 1\neveryone = true", "rule 好 states its conditions in two ways"),
    (TOP + "everyone = false", "everyone cannot be False"),
    (TOP + "r = [0, 3]", "ours: in the segment 好, R cannot be 0, 3"),
    (TOP + "r = [4, 3]", "R cannot be 4, 3"),
    (TOP + "m = [1, 6]", "M cannot be 1, 6"),
    (TOP + "f = 'x'", "F cannot be x"),
    ("[[segment]]\nid='a'\nr = 1", "R cannot be 1"),
    (TOP + "frequency = [1, 3]", "could be a range or a list"),
    (TOP + "frequency = {from = 5, to = 3}", "rule 好: frequency contradicts itself"),
    (TOP + "frequency = {above = 2, below = 3}", "contradicts itself"),
    (TOP + "recency_days = {below = 0}", "recency_days contradicts itself"),
    (TOP + "monetary = {from = 1, above = 1}", "two lower or two upper bounds"),
    (TOP + "monetary = {from = 1, below = '2024-01-01'}", "mixes a day and a number"),
    (TOP + "monetary = {from = 'viel'}", "monetary.from cannot be viel"),
    (TOP + "monetary = {from = inf}", "monetary.from cannot be inf"),
    (TOP + "monetary = {from = 2024-01-01T10:00:00}", "monetary.from cannot be 2024"),
    (TOP + "monetary = {}", "states no condition"),
    (TOP + "monetary = {least = 3}", "there is no field monetary.least"),
    (TOP + "monetary = {unknown = 1}", "monetary.unknown cannot be 1"),
    (TOP + "region = {in = ['a'], known = true}", "both a list and a range"),
    (TOP + "region = []", "region cannot be"),
    (TOP + "region = {in = ['a', 3]}", "region cannot be"),
    (TOP + "r = 1\nname = {zh = '好'}", "name cannot be"),
    (TOP + "r = 1\nname = ''", "name.en cannot be"),
    (TOP + "r = 1\n[[segment]]\nid = '好'\nr = 2", "names 好 twice"),
    (TOP + "r = 1\n[[segment]]\nid = 'b'\nname = '好'\nr = 2", "two segments are called 好"),
    (TOP + "r = 1\n[[segment]]\nid = 'others'\nr = 2", "names others twice or uses a reserved id"),
    ("holes_acknowledged = 'yes'\n" + TOP + "r = 1", "holes_acknowledged cannot be yes"),
]


@pytest.mark.parametrize(("text", "said"), REFUSED)
def test_a_table_that_cannot_be_is_refused_with_file_rule_and_field(text: str, said: str):
    with pytest.raises(ChoiceError, match=said) as refusal:
        read(text)
    assert refusal.value.words("zh") != refusal.value.words("en")


def test_a_file_that_is_missing_or_no_text_is_named(tmp_path: Path):
    with pytest.raises(ChoiceError, match=r"ours\.toml cannot be read"):
        segment_table(tmp_path / "ours.toml")
    (tmp_path / "ours.toml").write_bytes("名".encode("utf-16"))
    with pytest.raises(ChoiceError, match=r"ours\.toml cannot be read"):
        segment_table(tmp_path / "ours.toml")


def test_too_many_rules_are_refused_in_words():
    with pytest.raises(ChoiceError, match="has 101 rules; at most 100"):
        SegmentTable.from_dict({"segment": [{"id": f"s{n}", "frequency": {"from": n}} for n in range(101)]})
