"""The exercise on movement: the same rules at two dates, and what rules measured anew would say instead."""

from __future__ import annotations

from collections.abc import Mapping

from workbench.panels.exercise import Exercise

MOVEMENT_EXERCISES: Mapping[str, Exercise] = {}
