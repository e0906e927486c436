"""What the segmentations and the segment filter ask of a session, so that they need not know the session itself."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from datetime import date
from typing import Any, Protocol

from workbench.analyses.segmentation import Ground, Segmentation
from workbench.panels.filters import Filters
from workbench.store import Store


class DataView(Protocol):
    """A store seen through filters."""

    @property
    def store(self) -> Store:
        """Where the rows come from."""

    @property
    def filters(self) -> Filters:
        """Which part of the data is looked at."""

    @property
    def as_of(self) -> date:
        """The day the questions refer to."""

    @property
    def ground(self) -> Ground:
        """What a segmentation may look at, inside the filters."""

    @property
    def minimum_group(self) -> int:
        """The smallest group a figure may rest on."""

    def remember(self, key: Hashable, compute: Callable[[], Any]) -> Any:
        """Compute something once for these filters."""

    def segmentation(self, reference: str, version: int | None = None) -> Segmentation:
        """Return a segmentation by its id or "id@version"."""

    def unfiltered(self) -> DataView:
        """Return a view of all the data."""

    def without_segments(self) -> DataView:
        """Return a view with the same filters but the segments."""
