"""The headers every answer carries: what the browser may load and from whom, who may frame it, nothing sniffed."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Sequence
from hashlib import sha256
from typing import Any

from tornado.httputil import HTTPHeaders, HTTPServerRequest
from tornado.web import OutputTransform

from workbench.errors import ChoiceError

HEARTBEAT = "window.voila_heartbeat()"
"""The one inline script: Voila writes it into a page that takes long, to keep the connection open."""

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Referrer-Policy": "same-origin",  # `no-referrer` would hide the origin from our own login and shutdown as well
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}


NAMED_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?")
"""A host as a policy may name it: no scheme, no path, no `*`."""


def check_framing(hosts: Sequence[str]) -> tuple[str, ...]:
    """Return the hosts whose pages may frame ours; ChoiceError for a text that is no host's name."""
    for host in hosts:
        if not NAMED_HOST.fullmatch(host):
            raise ChoiceError("no_host", name="framed_by", value=host)
    return tuple(hosts)


def page_policy(host: str, framed_by: Sequence[str] = ()) -> str:
    """Return the Content-Security-Policy of a page served at `host`: nothing from anywhere else.

    `framed_by` are the hosts whose pages may show ours in a frame.

    `blob:` scripts are how anywidget loads a widget's code; no `unsafe-eval`, because Vega runs its interpreter;
    inline styles, because Jupyter's widgets and Vega set them. Web sockets are named, for browsers in which
    `'self'` does not cover them.
    """
    sockets = f" ws://{host} wss://{host}" if re.fullmatch(r"[\w.:\[\]-]+", host) else ""
    heartbeat = b64encode(sha256(HEARTBEAT.encode()).digest()).decode()
    return "; ".join(
        [
            "default-src 'self'",
            f"script-src 'self' blob: 'sha256-{heartbeat}'",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            f"connect-src 'self'{sockets}",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            " ".join(["frame-ancestors 'self'", *framed_by]),
        ]
    )


def lab_policy() -> str:
    """Return the policy for JupyterLab: its own code needs inline scripts and eval, but nothing of another host."""
    return (
        "default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:; connect-src 'self' ws: wss: data: blob:; "
        "object-src 'none'; frame-ancestors 'self'"
    )


class SecurityHeaders(OutputTransform):
    """Puts the headers on every answer, also on files and errors, whichever handler gives them."""

    framed_by: tuple[str, ...] = ()

    def __init__(self, request: HTTPServerRequest) -> None:
        self.host = request.host

    def transform_first_chunk(
        self,
        status_code: int,
        headers: HTTPHeaders,
        chunk: bytes,
        finishing: bool,  # noqa: ARG002  its interface
    ) -> tuple[int, HTTPHeaders, bytes]:
        """Set the headers before the first byte leaves."""
        for name, value in self.headers().items():
            headers[name] = value
        return status_code, headers, chunk

    def headers(self) -> dict[str, Any]:
        """Return the headers for this request's host."""
        headers = {**HEADERS, "Content-Security-Policy": page_policy(self.host, self.framed_by)}
        if self.framed_by:
            del headers["X-Frame-Options"]  # it can name no host; the policy says it all
        return headers
