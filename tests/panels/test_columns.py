"""The catalogue of columns: whatever a list gives as the reason for a segment has words and a kind."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args

import pytest

from workbench.analyses.rules.table import segment_table
from workbench.analyses.segmentation import READERS
from workbench.discovery import topic_modules
from workbench.i18n import LANGUAGES, catalog
from workbench.panels.columns import Kind, column_kind, column_texts, column_words
from workbench.topics.clusters.points import FEATURES
from workbench.topics.pareto.query import ParetoMeasure
from workbench.topics.rfm import Cuts, RfmSegmentation
from workbench.topics.segment_rules import TableSegmentation
from workbench.topics.tiers.segmentation import TierMeasure
from workbench.topics.two_criteria.segmentation import Spend, Visits

CUTS = Cuts((30, 60, 90, 120), (1, 2, 3, 4), (100, 200, 300, 400))
MADE: Mapping[str, tuple[str, ...]] = {
    "rfm": tuple(RfmSegmentation(CUTS, money="average").evidence),
    "table": tuple(TableSegmentation(segment_table("rf_map"), CUTS).evidence),
    "abc": get_args(ParetoMeasure),
    "abc_two": (*get_args(Visits), *get_args(Spend), "visit_level", "spend_level"),
    "tiers": (*get_args(TierMeasure), "to_next_tier"),
    "clusters": (*FEATURES, "cluster_distance", "cluster_rule"),
    "value_segments": ("answered_items", "highest_item", "lowest_item", "cluster_distance"),
}
"""The evidence of the kinds that cannot be made without data or a choice."""
OWN = ("rules",)
"""Their evidence is whatever columns a rule asks for, the company's own among them."""


def evidence(kind: str) -> tuple[str, ...]:
    if kind in MADE:
        return MADE[kind]
    segmentation: Any = READERS[kind].__self__  # read by a classmethod
    declared = segmentation.evidence
    return tuple(segmentation().evidence if isinstance(declared, property) else declared)


topic_modules("segmentation")
topic_modules("potential")


@pytest.mark.parametrize("kind", sorted({*READERS} - {*OWN}))
def test_the_evidence_of_a_segmentation_has_words_in_both_languages_and_a_kind(kind: str):
    assert evidence(kind)
    lacking = [
        name
        for name in evidence(kind)
        if not all(column_texts(name).get(lang) for lang in LANGUAGES) or "kind" not in column_texts(name)
    ]
    assert lacking == [], 'write [panels.columns] NAME = { en = "…", zh = "…", kind = "…" } in the words of its topic'


def test_a_kind_is_one_that_tables_can_write():
    assert {texts["kind"] for texts in catalog().values() if "kind" in texts} <= {*get_args(Kind)}


def test_a_column_stands_in_the_catalogs_under_one_name_for_lists():
    doubled = [
        key
        for key in catalog()
        if key.startswith("panels.columns.") and f"terms.{key.removeprefix('panels.columns.')}" in catalog()
    ]
    assert doubled == [], "the term is what people read; drop the other"


def test_a_company_s_own_column_goes_by_its_name_as_it_is():
    assert column_words("门店等级", "en") == "门店等级"
    assert column_kind("门店等级") == "text"
