"""The language switch of a lesson: it moves the session, and in the browser the text between the cells."""

from __future__ import annotations

from typing import ClassVar

import traitlets

from workbench.i18n import LANGUAGES
from workbench.widgets.assets import STATIC
from workbench.widgets.browser import BrowserWidget


class LanguageSwitch(BrowserWidget):
    """Follow `lang`. In the browser it hides what has another `lang` in the notebook's text, and keeps the choice.

    Opened again, it asks for the language chosen last, unless the lesson's code gives one (`is_given`).
    """

    topic = "language"
    _esm = STATIC / "language_switch.js"
    _css = STATIC / "workbench.css"
    from_browser: ClassVar[frozenset[str]] = frozenset({"lang"})

    is_given = traitlets.Bool(default_value=False).tag(sync=True)

    def accepts(self, name: str, value: object) -> bool:  # noqa: ARG002  there is one
        """Take a language there is."""
        return value in LANGUAGES
