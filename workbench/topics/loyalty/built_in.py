"""The groups by rhythm that every choice of a segmentation offers."""

from __future__ import annotations

from collections.abc import Mapping

from workbench.analyses.segmentation import BuiltIn
from workbench.topics.loyalty.segmentation import LoyaltySegmentation

BUILT_IN: Mapping[str, BuiltIn] = {"loyalty": BuiltIn(5, lambda _: LoyaltySegmentation(), needs_money=False)}
