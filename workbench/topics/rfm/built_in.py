"""The RFM segmentations that every choice offers: eight groups by the mean, ten segments by quantiles."""

from __future__ import annotations

from collections.abc import Mapping

from workbench.analyses.segmentation import BuiltIn
from workbench.topics.rfm.cuts import rfm_cuts
from workbench.topics.rfm.segmentation import RfmSegmentation

BUILT_IN: Mapping[str, BuiltIn] = {
    "eight_groups": BuiltIn(
        1, lambda ground: RfmSegmentation(rfm_cuts(ground.facts, bins=2, method="mean"), "eight_groups")
    ),
    "r_rfm_vignette": BuiltIn(2, lambda ground: RfmSegmentation(rfm_cuts(ground.facts), "r_rfm_vignette")),
}
