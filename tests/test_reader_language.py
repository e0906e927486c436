"""Login and list of pages speak the browser's language, and a link with a wrong token is told so."""

from __future__ import annotations

from urllib.request import HTTPCookieProcessor, Request, build_opener

import pytest

from tests.browser.pages import write_pages
from tests.browser.servers import TOKEN, Server, dashboards, empty_store, started
from workbench.serving.reader_language import preferred

WRONG = {"en": "The token in this link is not valid.", "zh": "链接中的令牌无效。"}


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("en-GB,en;q=0.9,zh;q=0.5", "en"),
        ("de,zh;q=0.4,en;q=0.7", "en"),
        ("fr, en;q=0, zh;q=0.1", "zh"),
        ("fr-FR", ""),
        ("*", ""),
        ("", ""),
    ],
)
def test_the_browser_s_first_language_of_ours_is_taken(accepted: str, language: str):
    assert preferred(accepted) == language


@pytest.fixture(scope="module")
def server(tmp_path_factory) -> Server:
    folder = tmp_path_factory.mktemp("served") / "pages"
    folder.mkdir()
    write_pages(folder)
    store = empty_store(folder.parent)
    with started(dashboards(folder, store), folder, store) as running:
        yield running


def page(server: Server, address: str, accepted: str) -> str:
    request = Request(f"{server.address}{address}", headers={"Accept-Language": accepted})  # noqa: S310  our own
    with build_opener(HTTPCookieProcessor()).open(request) as answer:
        return answer.read().decode()


@pytest.mark.parametrize(("accepted", "lang"), [("en-US,en;q=0.9", "en"), ("zh-CN", "zh"), ("fr", "zh")])
def test_login_and_list_follow_the_browser_and_else_the_server(server: Server, accepted: str, lang: str):
    for address in ("", f"?token={TOKEN}"):
        assert f'<html lang="{lang}">' in page(server, address, accepted)


def test_what_the_address_asks_for_comes_before_the_browser(server: Server):
    for address in ("?lang=zh", f"?token={TOKEN}&lang=zh"):
        assert '<html lang="zh">' in page(server, address, "en")


@pytest.mark.parametrize("address", ["?token=wrong", "overview?token=wrong"])
def test_a_link_with_a_wrong_token_is_told_so(server: Server, address: str):
    for words in WRONG.values():
        assert words in page(server, address, "en")


def test_a_login_that_nobody_tried_says_nothing_of_tokens(server: Server):
    for words in WRONG.values():
        assert words not in page(server, "", "en")
