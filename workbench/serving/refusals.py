"""What Voila's and Jupyter's own handlers answer to a request or message that is none: a page of ours, and one line."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from typing import Any

from jupyter_server.base.handlers import APIHandler
from tornado.log import gen_log
from tornado.web import RequestHandler

from workbench.i18n import catalog
from workbench.serving.kernel_messages import check_message
from workbench.serving.reader_language import reader_language

MALFORMED = (
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    NameError,
    AssertionError,
    RecursionError,
    struct.error,
)
"""What code that expects a well-formed request or message raises at another: its sender is refused, nobody else."""

CLOSED_AS_UNREADABLE = 1007
"""The code with which a web socket is closed over a message that is not what its protocol says (RFC 6455)."""


def words(prefix: str) -> Mapping[str, Mapping[str, str]]:
    """Return all texts under a prefix, both languages: pages are made before anyone has asked for one."""
    return {key.removeprefix(prefix): text for key, text in catalog().items() if key.startswith(prefix)}


class HouseErrors(RequestHandler):
    """Errors as pages of ours, in both languages; `shared` is what all answers of one server share."""

    shared: Mapping[str, Any]

    @property
    def lang(self) -> str:
        """The language asked for, else the browser's, else the server's."""
        return reader_language(self.request, str(self.shared["lang"]))

    def write_error(self, status_code: int, **_: Any) -> None:
        """Show a page in words for what went wrong."""
        self.set_header("Content-Type", "text/html; charset=utf-8")
        texts = words("pages.errors.")
        said = texts.get(str(status_code), texts["other"])
        self.finish(self.page("error.html", status=status_code, text=said))

    def page(self, template: str, **values: Any) -> str:
        """Render one of our templates."""
        env, look = self.settings["voila_jinja2_env"], self.shared["look"]
        return str(env.get_template(template).render({**look, "look": look, "lang": self.lang, **values}))


def refusing(handler: type[RequestHandler], shared: Mapping[str, Any]) -> type[RequestHandler]:
    """Return a handler of Voila's or Jupyter's that refuses what is malformed, in our words and without a traceback."""
    answers = (handler,) if issubclass(handler, APIHandler) else (HouseErrors, handler)  # programs are told in JSON

    class Refusing(*answers):  # type: ignore[misc]
        @property
        def ping_interval(self) -> float:
            """How often Jupyter asks a web socket whether anybody is there; 0 while it is opened.

            Then Tornado reads it, as seconds where Jupyter means thousandths, to ask a second time and to warn that
            the wait is longer than what lies between two questions.
            """
            return 0 if self.ws_connection is None else super().ping_interval

        def _handle_request_exception(self, fault: BaseException) -> None:
            if not isinstance(fault, MALFORMED):
                super()._handle_request_exception(fault)
                return
            gen_log.warning("Refused a malformed request to %s (%s).", self.request.path, type(fault).__name__)
            if not self._finished:
                self.send_error(400)

        def on_message(self, message: str | bytes) -> None:
            """Pass a web socket's message on; close the socket over one that cannot be read."""
            try:
                check_message(message, self.selected_subprotocol)
                super().on_message(message)
            except MALFORMED as fault:
                gen_log.warning("Closed a web socket over a malformed message (%s).", type(fault).__name__)
                self.close(CLOSED_AS_UNREADABLE)

    Refusing.shared = shared
    return Refusing
