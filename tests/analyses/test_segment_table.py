"""Segment tables: read from data, and audited for gaps, overlaps and rules that never speak."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.analyses import SEGMENT_TABLES, SegmentTable, audit_segments, segment_table
from workbench.analyses.segment_table import Rule
from workbench.errors import ChoiceError

RANGE = st.tuples(st.integers(1, 4), st.integers(1, 4)).map(lambda pair: (min(pair), max(pair)))

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


def table_of(*ranges: tuple) -> SegmentTable:
    rules = tuple(Rule(f"rule_{place}", {}, *three) for place, three in enumerate(ranges))
    return replace(segment_table("r_rfm_vignette"), bins=4, rules=rules)


@pytest.mark.parametrize("name", SEGMENT_TABLES)
def test_every_table_names_its_segments_in_both_languages(name: str):
    table = segment_table(name)
    for lang in ("en", "zh"):
        labels = table.labels(lang)
        assert list(labels) == [rule.id for rule in table.rules] + ["others"]
        assert all(labels.values())
        assert len(set(labels.values())) == len(labels)


def test_the_published_table_leaves_10_cells_open_and_58_to_the_order_of_its_rules():
    audit = audit_segments(segment_table("r_rfm_vignette"))
    assert (len(audit.uncovered), len(audit.ambiguous), audit.cell_count) == (10, 58, 125)
    assert audit.covered_share == pytest.approx(115 / 125)
    assert audit.unreachable == ()


def test_the_eight_groups_cover_everybody_once():
    audit = audit_segments(segment_table("eight_groups"))
    assert (audit.uncovered, audit.ambiguous, audit.unreachable, audit.cell_count) == ((), (), (), 8)


def test_a_rule_behind_a_wider_one_is_never_reached():
    audit = audit_segments(table_of(((1, 4), (1, 4), (1, 4)), ((2, 3), (1, 1), (1, 1))))
    assert audit.unreachable == ("rule_1",)


def test_customers_in_open_and_ambiguous_cells_are_counted():
    cells = pd.DataFrame(
        {"r_score": [1, 2, 4], "f_score": [1, 1, 4], "m_score": [1, 1, 4], "customer_count": [5, 7, 11]}
    )
    table = table_of(((1, 2), (1, 4), (1, 4)), ((2, 3), (1, 4), (1, 4)))
    audit = audit_segments(table, cells=cells)
    assert (audit.customer_count, audit.uncovered_customers, audit.ambiguous_customers) == (23, 11, 7)


@given(st.lists(st.tuples(RANGE, RANGE, RANGE), min_size=1, max_size=5))
@settings(max_examples=50, deadline=None)
def test_the_audit_agrees_with_trying_every_cell(ranges: list[tuple]):
    audit = audit_segments(table_of(*ranges))
    fitting = {
        cell: [
            place
            for place, (r, f, m) in enumerate(ranges)
            if r[0] <= cell[0] <= r[1] and f[0] <= cell[1] <= f[1] and m[0] <= cell[2] <= m[1]
        ]
        for cell in product(range(1, 5), repeat=3)
    }
    assert set(audit.uncovered) == {cell for cell, places in fitting.items() if not places}
    assert set(audit.ambiguous) == {cell for cell, places in fitting.items() if len(places) > 1}
    first = {places[0] for places in fitting.values() if places}
    assert set(audit.unreachable) == {f"rule_{place}" for place in range(len(ranges)) if place not in first}


def test_a_trainers_own_table_is_read_from_its_file(tmp_path: Path):
    path = tmp_path / "ours.toml"
    path.write_text(OWN.replace("HIGH", "3"), encoding="utf-8")
    table = segment_table(path)
    assert (table.id, table.bins, table.name("best", "zh"), table.name("others", "en")) == ("ours", 3, "最佳", "Others")


def test_a_score_beyond_the_bins_is_refused_in_words(tmp_path: Path):
    path = tmp_path / "ours.toml"
    path.write_text(OWN.replace("HIGH", "5"), encoding="utf-8")
    with pytest.raises(ChoiceError, match=r"In the segment best, F cannot be 2, 5\. .* from 1 to 3"):
        segment_table(path)


def test_two_rules_of_one_id_are_refused_in_words(tmp_path: Path):
    path = tmp_path / "ours.toml"
    rules = OWN.replace("HIGH", "3")
    path.write_text(rules + rules[rules.index("[[segment]]") :], encoding="utf-8")
    with pytest.raises(ChoiceError, match="names best twice"):
        segment_table(path)


def test_an_unknown_table_names_those_there_are():
    with pytest.raises(ChoiceError, match="Allowed: eight_groups, r_rfm_vignette"):
        segment_table("vip")
