"""Which part of the data a page speaks of: period, regions, customer types, segments."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date

from workbench.errors import ChoiceError


@dataclass(frozen=True)
class Filters:
    """Which part of the data a page speaks of; `since` and `until` are both included, empty means all.

    `segmentation` is the id of one in the store, or "id@version"; `segments` are its segments whose customers stay.
    """

    since: date | None = None
    until: date | None = None
    regions: tuple[str, ...] = ()
    customer_types: tuple[str, ...] = ()
    segmentation: str = ""
    segments: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.segments and not self.segmentation:
            raise ChoiceError("segments_without_segmentation", segments=self.segments)
        if self.since and self.until and self.since > self.until:
            raise ChoiceError("period_reversed", since=self.since, until=self.until)

    def code(self) -> str:
        """Return the filters as Python, only what is set.

        >>> Filters(since=date(2024, 1, 1), regions=("华东",)).code()
        "Filters(since=date(2024, 1, 1), regions=('华东',))"
        """
        chosen = {name: value for name, value in asdict(self).items() if value}
        words = {
            n: f"date({v.year}, {v.month}, {v.day})" if isinstance(v, date) else repr(v) for n, v in chosen.items()
        }
        return f"Filters({', '.join(f'{name}={value}' for name, value in words.items())})"
