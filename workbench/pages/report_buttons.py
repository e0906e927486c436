"""The buttons that write a page down: made on a press, of what the page shows at that moment."""

from __future__ import annotations

from functools import partial

from workbench.pages.report import REPORT_WRITERS, WrittenPage, report_file
from workbench.panels.layout import Markup, Row, text
from workbench.widgets import Download


class ReportButtons(Row):
    """One button for every format; where what it needs is not installed a press says how to install it."""

    def __init__(self, page: WrittenPage) -> None:
        self._page = page
        self.label = Markup(css="wb-downloads-label")
        self.buttons = {kind: Download(produce=partial(report_file, page, kind)) for kind in REPORT_WRITERS}
        super().__init__([self.label, *self.buttons.values()])
        for name in ("wb-downloads", "wb-page-report"):
            self.add_class(name)

    def say(self) -> None:
        """Word the label and the buttons."""
        session = self._page.session
        self.label.value = text("span", session.t("pages.report.label"))
        for kind, button in self.buttons.items():
            button.lang, button.label = session.lang, session.t(f"pages.report.{kind}")
