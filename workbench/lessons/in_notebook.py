"""What a lesson does to the notebook it runs in: its language switch, and results of code in the reader's words."""

from __future__ import annotations

import os
from typing import Any

import pandas as pd
from IPython.core.getipython import get_ipython
from IPython.display import display

from workbench.panels import Session
from workbench.panels.labelled import labelled
from workbench.widgets import LanguageSwitch


def prepare_notebook(session: Session, *, is_given: bool) -> LanguageSwitch | None:
    """Show the language switch and let tables, errors and reports speak the session's language; None in plain Python.

    `is_given` says that the lesson's code names the language, so that the browser's last choice does not change it.
    Errors and reports read WORKBENCH_LANG, which is this kernel's own: one reader has it.
    """
    shell = get_ipython()
    if shell is None:
        return None
    switch = LanguageSwitch(lang=str(session.lang), is_given=is_given)

    def follow(_: object) -> None:
        switch.lang = os.environ["WORKBENCH_LANG"] = str(session.lang)

    def move(_: object) -> None:
        session.lang = switch.lang

    follow(None)
    session.observe(follow, names="lang")
    switch.observe(move, names="lang")
    _label_tables(shell, session)
    display(switch)  # type: ignore[no-untyped-call]
    return switch


def _label_tables(shell: Any, session: Session) -> None:
    def html(rows: pd.DataFrame) -> str:
        return labelled(rows, session.lang)._repr_html_()

    shell.display_formatter.formatters["text/html"].for_type(pd.DataFrame, html)
