"""Two segments side by side in any panel: the same panel twice, each on the customers of one segment."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ibis.expr import types as ir
from traitlets import Bunch

from workbench.analyses.filter_cells import Filtered
from workbench.analyses.segmentation import Segmentation, labels
from workbench.charts.words import count_words
from workbench.errors import ChoiceError, NothingToShow, WorkbenchError
from workbench.panels.base import Panel
from workbench.panels.filters import Filters
from workbench.panels.guarded_widgets import guarded
from workbench.panels.layout import Column, Markup, Row, text
from workbench.panels.segmentation_choice import SegmentChoice, assigned, offered, segmentation_control, sizes_of
from workbench.panels.session import Session

MakePanel = Callable[[Session], Panel]


class SegmentSession(Session):
    """The session of one segment: all its tables hold the rows of the segment's customers alone.

    It follows the language and the filters of the session it was made from. Rows of nobody known are in no segment.
    """

    def __init__(self, whole: Session, members: Callable[[Session], ir.Table]) -> None:
        self._whole, self._members = whole, members
        super().__init__(whole.store, lang=whole.lang, filters=whole.filters)
        whole.observe(guarded(lambda change: setattr(self, "filters", change["new"])), names="filters")
        whole.observe(guarded(lambda change: setattr(self, "lang", change["new"])), names="lang")

    def turn_to(self, members: Callable[[Session], ir.Table]) -> None:
        """Turn to other customers; whoever observes the filters is notified."""
        self._members = members
        self._remembered.clear()
        change = {"name": "filters", "old": self.filters, "new": self.filters, "owner": self, "type": "change"}
        self.notify_change(Bunch(change))

    def at(self, filters: Filters) -> Session:
        """Return the session of the same customers with other filters; who they are does not change with these."""
        kept = self._members(self._whole)
        return SegmentSession(Session(self.store, lang=self.lang, filters=filters), lambda _: kept)

    def _filtered(self, name: Filtered) -> ir.Table:
        return super()._filtered(name).semi_join(self._members(self._whole), "customer_id")


class SideBySide:
    """Two panels in two columns with the choice of their segments above; `widget` is what a page shows.

    Parameters
    ----------
    make
        Makes the panel from a session: `rfm_panel`, `pareto_panel`, `satisfaction_panel` or any other.
    left, right
        The ids of the segments; by default the two largest in money.
    """

    def __init__(
        self,
        session: Session,
        make: MakePanel,
        *,
        segmentation: str = "eight_groups",
        left: str = "",
        right: str = "",
        segmentations: Mapping[str, Segmentation] | None = None,
    ) -> None:
        if session.minimum_group > 1:
            raise ChoiceError("side_by_side")
        self.session, self._offer = session, offered(session, segmentations)
        self.segmentation = segmentation_control(self._offer, value=segmentation)
        self.segments = (SegmentChoice("panels.side_by_side.left"), SegmentChoice("panels.side_by_side.right"))
        self._chosen = (left, right)
        self.heading, self.message = Markup(css="wb-panel-head"), Markup(css="wb-message")
        self.headings = (Markup(css="wb-side-head"), Markup(css="wb-side-head"))
        self._quiet = False
        self._follow(self._chosen)
        self.sessions = tuple(SegmentSession(session, self._members(place)) for place in range(2))
        self.panels = tuple(make(one) for one in self.sessions)
        controls = Row([self.segmentation, *self.segments])
        controls.add_class("wb-controls")
        sides = Row([Column([self.headings[place], self.panels[place].widget]) for place in range(2)])
        sides.add_class("wb-sides")
        self.widget = Column([self.heading, controls, self.message, sides])
        for name in ("wb-panel", "wb-topic-side_by_side"):
            self.widget.add_class(name)
        self.say()
        self.segmentation.observe(guarded(lambda _: self._moved(anew=True), on_error=self._tell), names="value")
        for choice in self.segments:
            choice.observe(guarded(lambda _: self._moved(), on_error=self._tell), names="value")
        session.observe(guarded(lambda _: self.say(), on_error=self._tell), names=["lang", "filters"])

    def say(self) -> None:
        """Word everything in the session's language."""
        lang, self._quiet = self.session.lang, True
        for part in (self.segmentation, *self.segments):
            part.say(lang)
        self._quiet = False
        title, lead = (self.session.t(f"panels.side_by_side.{part}") for part in ("title", "lead"))
        self.heading.value = text("h2", title) + text("p", lead, "wb-lead")
        sizes = sizes_of(self.session, self._rules()).set_index("segment")["customer_count"]
        names = labels(self._rules(), lang)
        for heading, choice in zip(self.headings, self.segments, strict=True):
            count = count_words(sizes.get(choice.value, 0), lang)
            said = self.session.t("panels.side_by_side.heading", segment=names[choice.value], count=count)
            heading.value = text("h3", said)

    def _rules(self) -> Segmentation:
        return self._offer.measured(self.session, self.segmentation.value)

    def _members(self, place: int) -> Callable[[Session], ir.Table]:
        name, segment = self.segmentation.value, self.segments[place].value

        def members(whole: Session) -> ir.Table:
            everyone = assigned(whole, self._offer.measured(whole, name))
            return everyone.filter(everyone.segment == segment).select("customer_id")

        return members

    def _follow(self, wanted: tuple[str, str]) -> None:
        """Let the lists of segments follow the segmentation: what was wanted, else the two with the most money."""
        rules = self._rules()
        best = sizes_of(self.session, rules)["segment"].tolist()
        ids = [segment.id for segment in rules.segments]
        if not best:
            raise NothingToShow("no_customers")
        for place, choice in enumerate(self.segments):
            value = wanted[place] if wanted[place] in ids else best[min(place, len(best) - 1)]
            choice.offer(rules.segments, value=value, lang=self.session.lang)

    def _moved(self, *, anew: bool = False) -> None:
        if self._quiet:
            return
        self._quiet = True
        try:
            if anew:
                self._follow(("", ""))
        finally:
            self._quiet = False
        for place, session in enumerate(self.sessions):
            session.turn_to(self._members(place))
        self.message.value = ""
        self.say()

    def _tell(self, error: Exception) -> None:
        words = (
            error.words(self.session.lang)
            if isinstance(error, WorkbenchError)
            else self.session.t("errors.panel_failed")
        )
        self.message.value = text("p", words, "wb-message-text")

    def _repr_mimebundle_(self, **options: Any) -> Any:
        return self.widget._repr_mimebundle_(**options)


def side_by_side(session: Session, make: MakePanel, **chosen: Any) -> SideBySide:
    """Show a panel for two segments beside each other; `chosen` are the arguments of `SideBySide`."""
    return SideBySide(session, make, **chosen)
