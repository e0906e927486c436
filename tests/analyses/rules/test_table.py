"""Segment tables: those that come along, and those of a trainer's own file."""

from __future__ import annotations

from pathlib import Path

import pytest

from workbench.analyses import SEGMENT_TABLES, segment_table
from workbench.analyses.rules.audit import audit_segments
from workbench.errors import ChoiceError

OWN = """
bins = 3
name = {en = "Ours", zh = "自定"}
source = "our own"
others = {en = "Others", zh = "其他"}
[[segment]]
id = "best"
name = {en = "Best", zh = "最佳"}
r = [3, 3]
f = [2, HIGH]
m = [1, 3]
"""


@pytest.mark.parametrize("name", SEGMENT_TABLES)
def test_every_table_names_its_segments_in_both_languages(name: str):
    table = segment_table(name)
    for lang in ("en", "zh"):
        labels = table.labels(lang)
        assert list(labels) == [rule.id for rule in table.rules] + ["others"]
        assert all(labels.values())
        assert len(set(labels.values())) == len(labels)


@pytest.mark.parametrize("name", SEGMENT_TABLES)
def test_every_table_says_in_both_languages_what_a_segment_means_and_what_to_do(name: str):
    for rule in segment_table(name).rules:
        assert all(len(rule.meanings[lang]) > 10 for lang in ("en", "zh"))


@pytest.mark.parametrize("name", [name for name in SEGMENT_TABLES if name != "r_rfm_vignette"])
def test_every_table_but_the_published_one_fits_everybody_exactly_once(name: str):
    audit = audit_segments(segment_table(name))
    assert (audit.uncovered, audit.ambiguous, audit.unreachable, audit.swaps) == ((), (), (), ())
    assert not segment_table(name).holes_acknowledged


def test_the_two_wordings_of_the_eight_groups_name_the_same_eight_cells():
    first, second = segment_table("eight_groups"), segment_table("eight_groups_deepen")
    assert [{rule.names["zh"] for rule in table.rules} & {"重要价值", "重要挽留"} for table in (first, second)] == [
        {"重要价值", "重要挽留"}
    ] * 2
    assert {rule.when for rule in first.rules} == {rule.when for rule in second.rules}


def test_a_trainers_own_table_is_read_from_its_file(tmp_path: Path):
    path = tmp_path / "ours.toml"
    path.write_text(OWN.replace("HIGH", "3"), encoding="utf-8")
    table = segment_table(path)
    assert (table.id, table.bins, table.name("best", "zh"), table.name("others", "en")) == ("ours", 3, "最佳", "Others")


def test_a_score_beyond_the_bins_is_refused_in_words(tmp_path: Path):
    path = tmp_path / "ours.toml"
    path.write_text(OWN.replace("HIGH", "5"), encoding="utf-8")
    with pytest.raises(ChoiceError, match=r"ours.toml: in the segment best, F cannot be 2, 5\. .* from 1 to 3"):
        segment_table(path)


def test_two_rules_of_one_id_are_refused_in_words(tmp_path: Path):
    path = tmp_path / "ours.toml"
    rules = OWN.replace("HIGH", "3")
    path.write_text(rules + rules[rules.index("[[segment]]") :], encoding="utf-8")
    with pytest.raises(ChoiceError, match="names best twice"):
        segment_table(path)


def test_an_unknown_table_names_those_there_are():
    with pytest.raises(ChoiceError, match="Allowed: r_rfm_vignette, rf_map, spss_cells, eight_groups"):
        segment_table("vip")
