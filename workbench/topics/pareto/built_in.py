"""The classes of 80/20 that every choice of a segmentation offers."""

from __future__ import annotations

from collections.abc import Mapping

from workbench.analyses.segmentation import BuiltIn
from workbench.topics.pareto.segmentation import measured_abc

BUILT_IN: Mapping[str, BuiltIn] = {"abc": BuiltIn(3, lambda ground: measured_abc(ground.facts))}
