"""What our widgets share: they take from the browser only what they name, and no failure of theirs is silent."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, ClassVar

import anywidget
import traitlets

from workbench.errors import WorkbenchError
from workbench.i18n import catalog, t

log = logging.getLogger("workbench.widgets")

MESSAGE_BYTES = 4 * 1024 * 1024
"""Bytes per message, well under the 10 MiB above which Jupyter's web sockets fail without a word."""


@cache
def _words(topic: str, lang: str) -> Mapping[str, str]:
    prefix = f"widgets.{topic}."
    return {key.removeprefix(prefix): text[lang] for key, text in catalog().items() if key.startswith(prefix)}


class BrowserWidget(anywidget.AnyWidget):
    """A widget with words in the reader's language that checks everything a browser sends.

    Whoever views a page can send any value for any synced trait; only those in `from_browser` are taken,
    and only if `accepts` says so. The browser gets the value that holds.
    """

    from_browser: ClassVar[frozenset[str]] = frozenset()
    topic: ClassVar[str] = ""
    """Its texts in the catalogs: everything under `widgets.<topic>`."""

    lang = traitlets.Enum(("zh", "en"), default_value="zh").tag(sync=True)
    words = traitlets.Dict().tag(sync=True)

    def __init__(self, **traits: Any) -> None:
        super().__init__(**traits)
        self.on_msg(self._take_message)

    def accepts(self, name: str, value: object) -> bool:  # noqa: ARG002  overridden
        """Say whether the browser may set this trait to this value."""
        return False

    def receive(self, message: dict[str, Any], buffers: list[memoryview]) -> None:
        """Answer a message of the browser's; widgets that expect some override this."""

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """Take what the browser sent, as far as it may be set; send the rest back as it was."""
        taken = {
            name: value for name, value in sync_data.items() if name in self.from_browser and self.accepts(name, value)
        }
        if taken:
            super().set_state(taken)
        refused = [name for name in sync_data if name not in taken and name in self.keys]
        if refused:
            log.warning("%s refused %s from the browser", type(self).__name__, ", ".join(refused))
            self.send_state(refused)

    def guarded(self, work: Callable[[], Any]) -> tuple[Any, str]:
        """Run work of the page's author: its result and no complaint, or nothing and a sentence for the reader.

        What is not one of our errors goes to the log with its traceback; the reader learns that it failed.
        """
        try:
            return work(), ""
        except WorkbenchError as error:
            return None, error.words(self.lang)
        except Exception:
            log.exception("%s: its callback failed", type(self).__name__)
            return None, t("widgets.unexpected", self.lang)

    @traitlets.default("words")
    def _words_by_default(self) -> dict[str, str]:
        return dict(_words(self.topic, self.lang))

    @traitlets.observe("lang")
    def _reword(self, _: object) -> None:
        self.words = self._words_by_default()

    def _take_message(self, _: object, content: object, buffers: list[memoryview]) -> None:
        if isinstance(content, dict):
            self.guarded(lambda: self.receive(content, buffers or []))
