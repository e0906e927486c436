"""Handing out a file on Python's side: made on the press, sent piece by piece, kept nowhere."""

from __future__ import annotations

import pytest

from workbench.errors import NothingToShow
from workbench.widgets import Download
from workbench.widgets import download as module


def pressed(download: Download, *messages: dict) -> list[tuple[dict, list[bytes]]]:
    caught: list[tuple[dict, list[bytes]]] = []
    download.send = lambda content, buffers=None: caught.append((content, buffers or []))
    for message in messages:
        download._take_message(download, message, [])
    return caught


def test_the_file_is_made_when_the_button_is_pressed_and_not_before():
    made = []
    download = Download(produce=lambda: made.append(1) or ("客户.csv", b"abc"))
    assert made == []
    sent = pressed(download, {"want": "file", "ticket": "1"}, {"want": "piece", "ticket": "1", "offset": 0})
    assert sent == [
        ({"is": "file", "ticket": "1", "name": "客户.csv", "size": 3}, []),
        ({"is": "piece", "ticket": "1", "offset": 0}, [b"abc"]),
    ]
    assert made == [1]


def test_a_large_file_goes_in_pieces_and_is_forgotten_after_the_last():
    content = bytes(range(256)) * (module.MESSAGE_BYTES // 128)
    download = Download(produce=lambda: ("a.bin", content))
    offsets = [0, module.MESSAGE_BYTES]
    sent = pressed(
        download, {"want": "file", "ticket": "1"}, *({"want": "piece", "ticket": "1", "offset": at} for at in offsets)
    )
    assert b"".join(buffers[0] for _, buffers in sent[1:]) == content
    assert download._content == b""


def test_only_the_last_press_is_served():
    download = Download(produce=lambda: ("a.csv", b"abc"))
    sent = pressed(
        download,
        {"want": "file", "ticket": "1"},
        {"want": "file", "ticket": "2"},
        {"want": "piece", "ticket": "1", "offset": 0},
    )
    assert [message["is"] for message, _ in sent] == ["file", "file"]


@pytest.mark.parametrize(
    "message",
    [
        {},
        {"want": "file"},
        {"want": "piece", "ticket": "1", "offset": -1},
        {"want": "piece", "ticket": "1", "offset": "0"},
    ],
)
def test_a_message_that_makes_no_sense_gets_no_answer(message: dict):
    assert pressed(Download(produce=lambda: ("a.csv", b"abc")), message) == []


def test_a_disabled_button_cannot_be_pressed_by_a_message():
    assert pressed(Download(produce=lambda: ("a.csv", b"abc"), disabled=True), {"want": "file", "ticket": "1"}) == []


def test_nor_can_a_viewer_enable_it():
    download = Download(produce=lambda: ("a.csv", b"abc"), disabled=True)
    download.set_state({"disabled": False, "label": "x"})
    assert download.disabled
    assert download.label == ""


def test_what_goes_wrong_is_said_in_the_readers_language(caplog: pytest.LogCaptureFixture):
    def nothing() -> tuple[str, bytes]:
        raise NothingToShow("pick_not_drawn", fields=["区域"])

    def broken() -> tuple[str, bytes]:
        raise RuntimeError("secret detail")

    ((told, _),) = pressed(Download(produce=nothing, lang="zh"), {"want": "file", "ticket": "1"})
    assert "区域" in told["text"]
    ((told, _),) = pressed(Download(produce=broken, lang="zh"), {"want": "file", "ticket": "1"})
    assert "出了点问题" in told["text"]
    assert "secret detail" in caplog.text
