"""The visits of the first customers of a list on a timeline: the evidence at a glance."""

from __future__ import annotations

import pandas as pd

from workbench.panels.layout import Column
from workbench.panels.session import Session
from workbench.topics.loyalty.chart import timeline_drawing
from workbench.widgets import ChartView

MOST_CUSTOMERS = 12
"""How many customers are drawn."""


class Timeline(Column):
    """Empty until customers are listed; its words follow the session's language."""

    def __init__(self, session: Session) -> None:
        self._session, self._visits = session, pd.DataFrame()
        self.view = ChartView()
        super().__init__([self.view])
        self.add_class("wb-charts")
        self.show(self._visits)

    def show(self, visits: pd.DataFrame) -> None:
        """Draw these visits (as `timeline_drawing` takes them); nothing where there are none."""
        self._visits = visits
        self.layout.display = "none" if visits.empty else ""
        self.say()

    def say(self) -> None:
        """Word and draw the chart in the session's language."""
        if not self._visits.empty:
            self.view.lang = self._session.lang
            drawn = timeline_drawing(self._visits, self._session.lang, as_of=self._session.as_of)
            self.view.show(drawn.chart())
