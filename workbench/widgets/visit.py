"""Who is looking and in which language: what the server tells a page's kernel about the visit."""

from __future__ import annotations

import getpass
import os
from urllib.parse import parse_qs

from workbench.i18n import LANGUAGES


def page_language() -> str:
    """Return the language of `?lang=` in the page's address, else the server's, else Chinese.

    On a preheated kernel this waits until somebody opens the page: what a page does before it calls this is done
    beforehand (imports), what it does after is done for this visitor (opening the store, so it shows what is current).
    """
    language = parse_qs(page_query()).get("lang", [""])[0]
    return language if language in LANGUAGES else server_language()


def page_query() -> str:
    """Return what stands after the question mark of the page's address; on a preheated kernel it waits as well."""
    wait_for_visitor()
    return os.environ.get("QUERY_STRING", "")


def server_language() -> str:
    """Return the server's language, else Chinese; known before anybody visits."""
    usual = os.environ.get("WORKBENCH_LANG", "")
    return usual if usual in LANGUAGES else "zh"


def who() -> str:
    """Return the name under which looks and exports are logged.

    It is the login that the proxy gave (where the server was told its header), else the token's label,
    else, in JupyterLab, the account of this machine.
    """
    wait_for_visitor()
    header = os.environ.get("WORKBENCH_LOGIN_HEADER", "")
    if header:
        return os.environ.get(f"HTTP_{header.upper().replace('-', '_')}", "") or "unknown"
    return os.environ.get("WORKBENCH_WHO") or getpass.getuser()


def wait_for_visitor() -> None:
    """Wait, on a preheated kernel, until a visitor takes it; afterwards the environment speaks of this visit."""
    if os.environ.get("VOILA_PREHEAT") == "True":
        from voila.utils import wait_for_request  # type: ignore[import-untyped]

        wait_for_request()
        os.environ["VOILA_PREHEAT"] = "False"
