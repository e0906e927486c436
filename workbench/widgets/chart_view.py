"""A chart on the page: drawn by the page's one Vega, updated in place, with what the reader picks and drags."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import traitlets

from workbench.errors import ChoiceError
from workbench.widgets.assets import STATIC, VEGA, vega_versions
from workbench.widgets.browser import BrowserWidget, log
from workbench.widgets.chart_parts import ChartParts, take_apart

if TYPE_CHECKING:
    import altair as alt


LONGEST_COMPLAINT = 2_000


class ChartView(BrowserWidget):
    """A figure: title and subtitle as text, the drawing below them, errors in words in place of it.

    Vega comes once per page, on demand: from the page itself where it offers it (our Voila template), else from here.
    While only words and rows change, the drawing is updated, not redrawn. Where a click would do nothing, the view is
    still (`is_still`): no mark can be picked, and none looks as if it could.
    """

    from_browser = frozenset({"picked", "signals", "failed"})
    topic = "chart"
    _esm = STATIC / "chart.js"
    _css = STATIC / "chart.css"

    spec = traitlets.Dict().tag(sync=True)
    """The specification without its words and rows."""
    rows = traitlets.Dict().tag(sync=True)
    """The data sets by name."""
    title = traitlets.Unicode().tag(sync=True)
    subtitle = traitlets.Unicode().tag(sync=True)
    least_width = traitlets.Int().tag(sync=True)
    """In pixels; on a narrower page the drawing scrolls sideways."""
    listens = traitlets.List(traitlets.Unicode()).tag(sync=True)
    """The names of the parameters and intervals whose values come back in `signals`."""
    vega = traitlets.Unicode().tag(sync=True)
    """The versions of Vega this chart needs."""
    picked = traitlets.List(traitlets.Dict()).tag(sync=True)
    """What the reader clicked: rows of the fields that the selection `pick` names, values as they are in the data."""
    signals = traitlets.Dict().tag(sync=True)
    """Values of the chart's own parameters and intervals, by name."""
    failed = traitlets.Unicode().tag(sync=True)
    """Why the browser could not draw; empty when it could."""

    def __init__(self, chart: alt.TopLevelMixin | None = None, *, is_still: bool = False, **traits: Any) -> None:
        self._is_still = is_still
        self._parts = ChartParts("", (), {}, {})
        super().__init__(vega=vega_versions(), **traits)
        if chart is not None:
            self.show(chart)

    def show(self, chart: alt.TopLevelMixin) -> None:
        """Draw a chart in this place; what was picked stays picked while it is still drawn."""
        # Unvalidated: half the time of an update. Tests validate the charts, and the browser complains.
        self._show(take_apart(chart.to_dict(validate=False), is_still=self._is_still))

    def update(self, rows: Mapping[str, list[dict[str, Any]]], *, title: str, subtitle: Sequence[str]) -> None:
        """Give the chart on screen new words, and new rows for all its data sets: the drawing stands."""
        if set(rows) != set(self.rows):
            raise ChoiceError("rows_not_drawn", given=sorted(rows), drawn=sorted(self.rows))
        self._show(replace(self._parts, rows=dict(rows), title=title, subtitle=tuple(subtitle)))

    @property
    def pick(self) -> tuple[str, ...]:
        """The fields that a click on a mark picks; none where nothing can be clicked."""
        return self._parts.pick

    def _show(self, parts: ChartParts) -> None:
        drawn = {name for rows in parts.rows.values() for row in rows for name in row}
        has_all = all(parts.rows.values())  # a data set without rows, where nobody is in a segment, names no columns
        if drawn and has_all and not set(parts.pick) <= drawn:
            raise ChoiceError("pick_not_drawn", fields=[name for name in parts.pick if name not in drawn])
        self._parts = parts
        with self.hold_sync():
            self.spec, self.rows, self.listens = parts.spec, parts.rows, list(parts.signals)
            self.title, self.subtitle = parts.title, "\n".join(parts.subtitle)
            self.least_width = parts.least_width
            self.failed = ""
            self.picked = [row for row in self.picked if parts.accepts_pick([row])]
            self.signals = {name: value for name, value in self.signals.items() if self._accepts_signal(name, value)}

    def accepts(self, name: str, value: object) -> bool:
        """Take picked rows that are drawn, declared parameters within their bounds, and a complaint in text."""
        if name == "picked":
            return self._parts.accepts_pick(value)
        if name == "signals":
            return isinstance(value, dict) and all(self._accepts_signal(key, one) for key, one in value.items())
        return isinstance(value, str) and len(value) <= LONGEST_COMPLAINT

    def receive(self, message: dict[str, Any], buffers: list[memoryview]) -> None:  # noqa: ARG002  none expected
        """Hand Vega to a page that has none yet."""
        if message.get("want") == "vega":
            self.send({"is": "vega"}, [VEGA.read_bytes()])

    def _accepts_signal(self, name: str, value: object) -> bool:
        return name in self._parts.signals and self._parts.signals[name].accepts(value)

    @traitlets.observe("failed")
    def _log_failure(self, change: dict[str, Any]) -> None:
        if change["new"]:
            log.warning("A chart could not be drawn: %s", change["new"])
