"""What a viewer cannot do: run code, read files, reach another host, or set what the page's author did not offer."""

from __future__ import annotations

import itertools
import json
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from tests.browser.servers import TOKEN, Server
from tests.browser.sockets import MALFORMED, Intruder, cookies_of, intruding, kernel_of

EXECUTE = {"silent": False, "store_history": False, "user_expressions": {}, "allow_stdin": False}


@pytest.fixture(scope="module")
def page(open_shared, served: Server) -> Page:
    page = open_shared(served.page("charts"))
    expect(page.locator("figure.wb-chart svg").first).to_be_visible()
    return page


@pytest.fixture
def intruder(page: Page) -> Iterator[Intruder]:
    with intruding(page) as intruder:
        yield intruder


@pytest.fixture(scope="module")
def charts(page: Page) -> dict[str, str]:
    """The comm ids of the page's charts by their titles."""
    with intruding(page) as intruder:
        states = intruder.states()
    return {state["title"]: comm for comm, state in states.items() if "listens" in state}


def fetch(address: str, **headers: str) -> tuple[int, dict[str, str], str]:
    request = urllib.request.Request(address, headers=headers)  # noqa: S310  our own server
    try:
        with urllib.request.build_opener(NoRedirect).open(request) as answer:
            return answer.status, dict(answer.headers), answer.read().decode(errors="replace")
    except urllib.error.HTTPError as error:
        return error.code, dict(error.headers), error.read().decode(errors="replace")


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


@pytest.mark.parametrize("channel", ["shell", "control", "stdin", "iopub"])
def test_a_viewer_runs_no_code_on_any_channel(intruder: Intruder, channel: str, tmp_path: Path):
    proof = tmp_path / "written by a viewer"
    asked = intruder.send("execute_request", {"code": f"open({str(proof)!r}, 'w')", **EXECUTE}, channel)
    assert intruder.refused(asked)
    assert not proof.exists()


@pytest.mark.parametrize(
    "kind", ["inspect_request", "complete_request", "history_request", "debug_request", "input_reply"]
)
def test_a_viewer_asks_the_kernel_nothing_else(intruder: Intruder, kind: str):
    asked = intruder.send(kind, {"code": "import os; os.environ", "cursor_pos": 3, "detail_level": 1, "value": "x"})
    assert intruder.refused(asked)


def test_the_kernel_does_answer_what_a_page_needs(intruder: Intruder):
    asked = intruder.send("kernel_info_request", {})
    told = intruder.answers(asked, until="kernel_info_reply", seconds=20)
    assert [one["msg_type"] for one in told].count("kernel_info_reply") == 1


@pytest.mark.parametrize(
    "sent",
    [
        {"picked": [{"客户": "nobody by this name"}]},
        {"picked": [{"客户": "张伟", "金额": 1}]},
        {"picked": [{"金额": 52000}]},
        {"picked": "张伟"},
        {"signals": {"cut": 1e9}},
        {"signals": {"other": 1}},
        {"spec": {}},
        {"rows": {}},
        {"title": "forged"},
        {"lang": "en"},
        {"_esm": "export default {}"},
    ],
    ids=lambda sent: json.dumps(sent, ensure_ascii=False),
)
def test_a_crafted_message_to_a_chart_changes_nothing(intruder: Intruder, charts: dict[str, str], sent: dict):
    assert len(charts) == 5
    before = {comm: state for comm, state in intruder.states().items() if comm in charts.values()}
    for comm in before:
        intruder.tell(comm, {"method": "update", "state": sent, "buffer_paths": []})
    assert {comm: state for comm, state in intruder.states().items() if comm in before} == before


def test_a_right_message_to_a_chart_is_taken(intruder: Intruder, charts: dict[str, str], page: Page):
    intruder.tell(
        charts["张伟贡献 1 倍"], {"method": "update", "state": {"picked": [{"客户": "李娜"}]}, "buffer_paths": []}
    )
    expect(page.locator(".picked")).to_have_text("[{'客户': '李娜'}]")


@pytest.mark.parametrize(
    "path", ["", "charts", "workbench/static/page.js", "nowhere", "voila/static/voila.js", "login"]
)
def test_every_answer_carries_the_headers(served: Server, page: Page, path: str):
    _, headers, _ = fetch(served.address + path)
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "SAMEORIGIN"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'self';")
    assert "unsafe-eval" not in policy
    assert "script-src 'self' blob: 'sha256-" in policy
    assert "https:" not in policy


def test_the_policy_stops_inline_scripts_eval_and_other_hosts(open_page, served: Server):
    page = open_page(served.page(""))
    stopped = page.evaluate(
        """async () => {
            const stopped = [];
            document.addEventListener("securitypolicyviolation", (event) => stopped.push(event.effectiveDirective));
            for (const source of ["https://other.invalid/x.js", "http://other.invalid/x.js"]) {
                document.head.append(Object.assign(document.createElement("script"), { src: source }));
            }
            document.head.append(Object.assign(document.createElement("script"), { textContent: "window.hacked = 1" }));
            const button = document.createElement("button");
            button.setAttribute("onclick", "window.hacked = 1");
            document.body.append(button);
            button.click();
            document.body.append(Object.assign(document.createElement("img"), { src: "https://other.invalid/x.png" }));
            await fetch("https://other.invalid/").catch(() => null);
            await new Promise((done) => setTimeout(done, 500));
            return stopped;
        }"""
    )
    assert sorted(set(stopped)) == ["connect-src", "img-src", "script-src-attr", "script-src-elem"]
    assert page.evaluate("window.hacked") is None
    refusals = [text for text in page.watched.complaints if "Content Security Policy" in text]
    assert len(refusals) >= 6
    page.watched.complaints.clear()
    page.watched.foreign.clear()  # the attempts themselves; none left the browser


def test_without_the_token_there_is_only_the_login(open_page, served: Server):
    page = open_page(served.address + "charts")
    expect(page.get_by_label("令牌")).to_be_visible()
    page.get_by_label("令牌").fill("wrong")
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_text("令牌不正确")).to_be_visible()
    page.get_by_label("令牌").fill(TOKEN)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url("**/charts")
    page.watched.complaints[:] = [text for text in page.watched.complaints if "401" not in text]


def test_the_token_leaves_the_address_and_never_reaches_the_kernel(page: Page, intruder: Intruder, served: Server):
    assert page.url == served.address + "charts"
    assert TOKEN not in json.dumps(intruder.states())


def test_a_kernel_is_closed_to_who_has_no_cookie_or_comes_from_another_page(page: Page, served: Server):
    address = f"{served.address}api/kernels/{kernel_of(page)}/channels".replace("http://", "ws://")
    foreign = {"origin": "http://evil.example", "additional_headers": {"Cookie": cookies_of(page)}}
    for visitor in ({}, foreign):
        with pytest.raises(InvalidStatus, match="403"), connect(address, proxy=None, **visitor):
            pass


@pytest.mark.parametrize(
    "path",
    [
        "below/secret",
        "secret",
        "charts.ipynb",
        "voila/render/charts.ipynb",
        "voila/render/below/secret.ipynb",
        "voila/tree",
        "voila/tree/below",
        "voila/files/secret.txt",
        "voila/files/secret.png",
        "voila/files/charts.ipynb",
        "voila/api/contents/",
        "api/contents",
        "api/kernels",
        "api/sessions",
        "api/terminals",
        "workbench/static/../chart_view.py",
        "workbench/static/%2e%2e/chart_view.py",
        "voila/static/../../../../../../../../etc/passwd",
        "..%2f..%2fetc%2fpasswd",
    ],
)
def test_there_is_nothing_beside_the_pages(page: Page, served: Server, path: str):
    status, _, text = fetch(served.address + path, Cookie=cookies_of(page))
    assert status in (403, 404)
    assert "not for viewers" not in text
    assert "root:" not in text


@pytest.mark.parametrize("protocol", [None, "v1.kernel.websocket.jupyter.org"], ids=["older", "v1"])
def test_a_malformed_message_closes_its_own_socket_and_harms_nobody(page: Page, served: Server, protocol: str | None):
    before = served.log.read_text(encoding="utf-8")
    address = f"{served.address.replace('http', 'ws', 1)}api/kernels/{kernel_of(page)}/channels"
    known_by = {"additional_headers": {"Cookie": cookies_of(page)}, "origin": served.address.rstrip("/")}
    for message in MALFORMED:
        with connect(address, subprotocols=[protocol] if protocol else None, **known_by) as socket:
            socket.send(message)
            with pytest.raises(ConnectionClosed) as closed:
                all(socket.recv(timeout=20) for _ in itertools.count())
        assert closed.value.rcvd.code == 1007
    with intruding(page) as intruder:
        asked = intruder.send("kernel_info_request", {})
        assert intruder.answers(asked, until="kernel_info_reply", seconds=20), "the page's own kernel still answers"
    said = served.log.read_text(encoding="utf-8").removeprefix(before)
    assert "Traceback" not in said
    assert said.count("Closed a web socket over a malformed message") == len(MALFORMED)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("voila/templates/x", 400),
        ("voila/static/none.js", 403),
        ("api/kernels/" + "0" * 8 + "-0000" * 3 + "-" + "0" * 12 + "/channels", 404),
    ],
)
def test_what_other_handlers_refuse_is_a_page_of_ours_without_a_traceback(
    page: Page, served: Server, path: str, status: int
):
    before = served.log.read_text(encoding="utf-8")
    answered, _, text = fetch(f"{served.address}{path}", Cookie=cookies_of(page), **{"Accept-Language": "zh"})
    assert answered == status
    assert '<span lang="zh">' in text
    assert '<span lang="en">' in text
    assert "Traceback" not in served.log.read_text(encoding="utf-8").removeprefix(before)


def test_closing_a_page_ends_its_kernel(open_page, served: Server):
    page = open_page(served.page("files"))
    expect(page.locator(".wb-upload").first).to_be_visible()
    kernel, cookies = kernel_of(page), cookies_of(page)
    state = f"{served.address}workbench/state/{kernel}"
    assert json.loads(fetch(state, Cookie=cookies)[2])["alive"] is True
    page.close(run_before_unload=True)
    deadline = time.monotonic() + 20
    while json.loads(fetch(state, Cookie=cookies)[2])["alive"] and time.monotonic() < deadline:
        time.sleep(0.3)
    assert json.loads(fetch(state, Cookie=cookies)[2])["alive"] is False


def test_another_name_for_this_machine_is_refused(served: Server):
    status, _, _ = fetch(f"{served.address}?token={TOKEN}", Host="evil.example")
    assert status == 403
