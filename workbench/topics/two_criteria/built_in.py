"""The ABC by two criteria that every choice of a segmentation offers."""

from __future__ import annotations

from collections.abc import Mapping

from workbench.analyses.segmentation import BuiltIn
from workbench.topics.two_criteria.query import two_criteria_cuts
from workbench.topics.two_criteria.segmentation import TwoCriteriaAbc

BUILT_IN: Mapping[str, BuiltIn] = {
    "abc_two": BuiltIn(4, lambda ground: TwoCriteriaAbc(cuts=two_criteria_cuts(ground.facts)))
}
