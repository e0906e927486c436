"""A board: several panels of one page behind a row of buttons, each computed only when somebody looks at it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from workbench.pages.stand_in import StandIn, made
from workbench.panels.base import Panel
from workbench.panels.controls import Choice
from workbench.panels.guarded_widgets import guarded
from workbench.panels.layout import Column, Row, Segmented
from workbench.panels.segmentation_choice import offered, segmentation_control
from workbench.panels.session import Session
from workbench.topics.movement.panel import movement_panel
from workbench.topics.overlap.panel import segment_overlap_panel
from workbench.topics.profile.panel import segment_profile_panel
from workbench.topics.rfm.panel import rfm_panel
from workbench.topics.segments.panel import segments_panel

MakeSection = Callable[[str], Panel]
"""Makes a section's panel for the segmentation chosen."""

FOLLOWED = {"overlap": "first"}
"""The control of a section's panel that follows the segmentation chosen above, where it is not called so."""


class Board:
    """One choice of a segmentation above, sections below; the first is open. `widget` is what a page shows.

    A section's panel is made when it is first opened. While another one is open it computes nothing; what changed
    meanwhile is answered when it is opened again.
    """

    def __init__(
        self, session: Session, sections: Mapping[str, MakeSection], *, segmentation: str | None = None
    ) -> None:
        self.session, self._make = session, dict(sections)
        self.panels: dict[str, Panel | StandIn] = {}
        self.segmentation = segmentation_control(offered(session), value=segmentation)
        self._speaking = False
        self.sections = Segmented(self._labels(), value=next(iter(sections)))
        self.sections.add_class("wb-sections")
        top = Row([self.segmentation])
        top.add_class("wb-controls")
        self._body = Column([])
        self._body.add_class("wb-panels")
        self.widget = Column([top, self.sections, self._body])
        self.widget.add_class("wb-board")
        self.say()
        self.open(self.sections.value)
        self.segmentation.observe(guarded(lambda _: self._chosen()), names="value")
        self.sections.observe(guarded(lambda change: self._opened(change["new"])), names="value")
        session.observe(guarded(lambda _: self.say()), names="lang")

    def open(self, name: str) -> None:
        """Show one section."""
        for other, panel in self.panels.items():
            if other != name:
                panel.sleep()
        if name not in self.panels:
            self.panels[name] = made(lambda _: self._make[name](self.segmentation.value), self.session)
            control = self.panels[name].controls.get(FOLLOWED.get(name, "segmentation"))
            if isinstance(control, Choice):
                control.layout.display = "none"  # one choice for all stands above
        self._body.children = [self.panels[name].widget]
        self.panels[name].wake()

    def say(self) -> None:
        """Word the buttons and the choice."""
        chosen, self._speaking = self.sections.value, True
        try:
            self.segmentation.say(self.session.lang)
            self.sections.options = self._labels()
            self.sections.value = chosen
        finally:
            self._speaking = False

    def _labels(self) -> list[tuple[str, str]]:
        return [(self.session.t(f"panels.board.{name}"), name) for name in self._make]

    def _opened(self, name: str) -> None:
        if self._speaking or not name:
            return
        try:
            self.open(name)
        finally:
            self.session.together.close()  # the browser shows that it waits

    def _chosen(self) -> None:
        if self._speaking:
            return
        for name, panel in self.panels.items():
            control = FOLLOWED.get(name, "segmentation")
            if control in panel.controls and isinstance(panel, Panel):
                panel.set(**{control: self.segmentation.value})


def segments_board(session: Session) -> Board:
    """What managers see of the segments: sizes and money, movement, what differs, overlap, and the RFM grid."""
    return Board(
        session,
        {
            "sizes": lambda name: segments_panel(session, segmentation=name),
            "movement": lambda name: movement_panel(session, segmentation=name),
            "profile": lambda name: segment_profile_panel(session, segmentation=name),
            "overlap": lambda name: segment_overlap_panel(session, first=name),
            "rfm": lambda _: rfm_panel(session),
        },
    )
