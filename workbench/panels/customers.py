"""The customers behind a click: who they are, page by page, and their export with a reason."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from workbench.errors import NothingToShow
from workbench.panels.downloads import CustomerExport
from workbench.panels.layout import Column, Markup, text
from workbench.panels.session import Session
from workbench.panels.table import Detail, LongTable

Find = Callable[[Mapping[str, Any]], Detail | None]


class CustomerList(Column):
    """Empty until something on a chart is picked; then the customers it stands for.

    Each look is noted in the audit log. On a managers' page groups of fewer than five customers stay closed.
    """

    def __init__(self, session: Session, *, topic: str, on_error: Callable[[Exception], None]) -> None:
        self._session, self._topic = session, topic
        self._picked: Mapping[str, Any] | None = None
        self.detail: Detail | None = None
        self.hint = Markup(css="wb-hint")
        self.table = LongTable(session.store.collect, keep=session.store.keep, on_error=on_error)
        self.export = CustomerExport(self, session, topic=topic)
        super().__init__([self.hint, self.table, self.export])
        self.add_class("wb-customers")
        self._show(None)

    def pick(self, picked: Mapping[str, Any] | None, find: Find) -> None:
        """List the customers of what was picked; close the list where nothing is."""
        self._picked = picked
        try:
            detail = find(picked) if picked else None
        except Exception:
            self._show(None)  # the list of what was picked before answers another click
            raise
        self._show(detail)

    def refresh(self, find: Find) -> None:
        """List the picked customers again after a control moved."""
        if self._picked is not None:
            self._show(find(self._picked))

    def say(self) -> None:
        """Word everything in the session's language."""
        self.hint.value = text("p", self._session.t("panels.customers.hint")) if self.detail is None else ""
        self.table.say(self._session.lang, title=self._title())
        self.export.say()

    def _show(self, detail: Detail | None) -> None:
        self.detail, size, session = None, 0, self._session
        if detail is not None:
            kept = session.store.keep(detail.table)
            size = int(session.store.collect(kept.aggregate(n=kept.count()))["n"].iloc[0])
            if detail.people and 0 < size < session.minimum_group:
                self.table.show(None)
                raise NothingToShow("group_too_small", minimum=session.minimum_group)
            self.detail = detail
            if detail.people:
                session.note("view", topic=self._topic, count=size)
        self.table.show(detail, length=size, title=self._title(), lang=session.lang)
        self.export.layout.display = "" if self.detail else "none"
        self.export.reason.layout.display = "" if detail is None or detail.people else "none"
        self.say()

    def _title(self) -> str:
        if self.detail is None:
            return ""
        words = {name: self._session.word(value) for name, value in self.detail.facts.items()}
        return self._session.t(self.detail.title, **words)
