"""The exercises on clusters: how many there are, and what a name hides."""

from __future__ import annotations

from collections.abc import Mapping

from workbench.panels.exercise import Exercise

CLUSTER_EXERCISES: Mapping[str, Exercise] = {}
