"""What a page's kernel knows of the visit."""

from __future__ import annotations

import getpass

import pytest

from workbench.widgets import page_language, who


@pytest.fixture(autouse=True)
def nobody_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("QUERY_STRING", "WORKBENCH_LANG", "WORKBENCH_WHO", "WORKBENCH_LOGIN_HEADER", "VOILA_PREHEAT"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(
    ("query", "usual", "lang"),
    [
        ("", "", "zh"),
        ("", "en", "en"),
        ("lang=en", "zh", "en"),
        ("a=1&lang=zh", "en", "zh"),
        ("lang=xx", "en", "en"),
        ("lang=", "", "zh"),
    ],
)
def test_the_address_decides_the_language_then_the_server(
    monkeypatch: pytest.MonkeyPatch, query: str, usual: str, lang: str
):
    monkeypatch.setenv("QUERY_STRING", query)
    monkeypatch.setenv("WORKBENCH_LANG", usual)
    assert page_language() == lang


def test_the_proxys_login_is_who_looks(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("WORKBENCH_LOGIN_HEADER", "X-Forwarded-User")
    monkeypatch.setenv("WORKBENCH_WHO", "token")
    monkeypatch.setenv("HTTP_X_FORWARDED_USER", "wang.wei")
    assert who() == "wang.wei"


def test_without_a_proxy_the_token_is_who_looks(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("WORKBENCH_WHO", "token")
    monkeypatch.setenv("HTTP_X_FORWARDED_USER", "forged")
    assert who() == "token"


def test_on_ones_own_machine_the_account_is_who_looks():
    assert who() == getpass.getuser()
