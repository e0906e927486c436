"""The questions that surveys rate, asked once for all panels that offer them."""

from __future__ import annotations

import pandas as pd

from workbench.analyses.answer_matrix import item_scales
from workbench.panels.session import Session


def rated_items(session: Session) -> pd.DataFrame:
    """Return the rated questions of all data with their kinds and scales, as `item_scales` gives them."""
    rows: pd.DataFrame = session.remember(
        ("item_scales",), lambda: session.store.collect(item_scales(session.store.surveys))
    )
    return rows


def scales_in_view(session: Session) -> pd.DataFrame:
    """Return the same of the answers inside the filters."""
    rows: pd.DataFrame = session.remember(("scales here",), lambda: session.store.collect(item_scales(session.surveys)))
    return rows
