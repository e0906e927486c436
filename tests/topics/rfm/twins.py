"""Cases of the twins of RFM: flat and nested cut points, every kind of F and M, segments by table and by level."""

from __future__ import annotations

from collections.abc import Iterator

from tests.twin_cases import Case
from workbench.errors import NothingToShow
from workbench.panels import Session
from workbench.topics.rfm.composite import Weights
from workbench.topics.rfm.counts import RfmCounts, rfm_condensed
from workbench.topics.rfm.cuts import Cuts, rfm_cuts
from workbench.topics.rfm.cuts_file import KeptCuts
from workbench.topics.rfm.moves import RfmMoves
from workbench.topics.rfm.segmentation import RfmSegmentation

HOWS = (
    {"bins": 5, "method": "quantile", "count_by": "order", "money": "total"},
    {"bins": 3, "method": "nested", "count_by": "day", "money": "average"},
    {"bins": 2, "method": "mean", "count_by": "order", "money": "average"},
)
FIXED = Cuts((30, 90), (2, 4), (-50, 500.005))
TABLES = {5: "r_rfm_vignette", 2: "eight_groups"}

MOVES = (
    {"table": "levels", "method": "nested", "bins": 3, "weights": Weights(0.5, 0.3, 0.2)},
    {"table": "levels", "bins": 3, "cuts": KeptCuts(FIXED)},
)
"""What a panel is set to besides its lists."""


def cases(session: Session) -> Iterator[Case]:
    facts = session.facts
    columns = session.store.arrays(rfm_condensed(facts))
    for how in HOWS:
        kinds = {name: how[name] for name in ("count_by", "money")}
        counts = RfmCounts.read(columns, **kinds)
        yield Case("cuts", how, facts, counts)
        for cuts in (FIXED, _measured(session, how)):
            yield Case("cells", KeptCuts(cuts, **kinds), facts, counts)
            rules = RfmSegmentation(cuts, TABLES.get(cuts.bins, "levels"), weights=Weights(0.5, 0.3, 0.2), **kinds)
            yield Case("sensitivity", rules, facts, RfmMoves.of(counts, cuts))


def _measured(session: Session, how: dict) -> Cuts:
    try:
        return rfm_cuts(session.facts, **how)
    except NothingToShow:  # nobody has bought: cut points of one's own are still asked
        return FIXED
