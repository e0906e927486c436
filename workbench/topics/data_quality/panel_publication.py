"""What publishing notes of the quality of the analysts' data: counts of columns and rows that no page may see."""

from __future__ import annotations

from workbench.store import Store
from workbench.topics.data_quality.panel_measured import measured_quality


def publication_note(analyst: Store) -> str:
    """Return the counts as text; which of them a page shows is decided there, as of all counts of customers."""
    return measured_quality(analyst).text()
