"""The language of pages that no kernel words: what the address asks for, else the browser, else the server's own."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tornado.httputil import HTTPServerRequest
from tornado.web import RequestHandler

from workbench.i18n import LANGUAGES


def reader_language(request: HTTPServerRequest, default: str) -> str:
    """Return "zh" or "en": `?lang=`, also of the page that a login leads to; else the first the browser prefers."""
    arguments = {name: values[-1].decode(errors="replace") for name, values in request.query_arguments.items()}
    for named in (arguments.get("lang", ""), _wished(arguments).get("lang", "")):
        if named in LANGUAGES:
            return named
    return preferred(request.headers.get("Accept-Language", "")) or default


def preferred(accepted: str) -> str:
    """Return the language of ours that an Accept-Language header likes best, "" where it names none.

    >>> preferred("de, en-GB;q=0.8, zh-CN;q=0.9"), preferred("fr")
    ('zh', '')
    """
    ranked = []
    for place, part in enumerate(accepted.split(",")):
        read = re.fullmatch(r"\s*([A-Za-z]+)[\w-]*\s*(?:;\s*q\s*=\s*([01](?:\.\d{0,3})?))?\s*", part)
        if read and read[1].lower() in LANGUAGES and float(read[2] or 1) > 0:
            ranked.append((-float(read[2] or 1), place, read[1].lower()))
    return min(ranked)[2] if ranked else ""


def login_for_readers(handler: type[RequestHandler], shared: Mapping[str, Any]) -> type[RequestHandler]:
    """Return a login page in the reader's language that says when the address held a token that is not valid."""

    class ReadersLogin(handler):  # type: ignore[misc, valid-type]
        def render_template(self, name: str, **values: Any) -> str:
            """Render with the language, and whether a token was tried."""
            arguments = {key: self.get_query_argument(key) for key in self.request.query_arguments}
            has_token = bool(_wished(arguments).get("token") or arguments.get("token"))
            lang = reader_language(self.request, str(shared["lang"]))
            return str(super().render_template(name, lang=lang, has_wrong_token=has_token, **values))

    return ReadersLogin


def _wished(arguments: Mapping[str, str]) -> dict[str, str]:
    """The query of the address that a login leads to."""
    return {name: values[-1] for name, values in parse_qs(urlsplit(arguments.get("next", "")).query).items()}
