"""Messages to kernels: what Jupyter writes passes, anything else is refused, at once and for little memory."""

from __future__ import annotations

import json
import tracemalloc
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jupyter_server.services.kernels.connection.base import serialize_binary_message, serialize_msg_to_ws_v1

from workbench.serving.kernel_messages import V1, MalformedMessageError, check_message

HEADER = {"msg_id": "1", "msg_type": "comm_msg", "username": "", "session": "s", "version": "5.3", "date": "2024-01-01"}
MOVED = {"comm_id": "c", "data": {"method": "update", "state": {"value": 3}, "buffer_paths": []}}


def whole(**other: Any) -> dict[str, Any]:
    return {"header": HEADER, "parent_header": {}, "metadata": {}, "content": MOVED, "channel": "shell", **other}


def v1(message: dict[str, Any], buffers: tuple[bytes, ...] = ()) -> bytes:
    parts = [json.dumps(message[name]).encode() for name in ("header", "parent_header", "metadata", "content")]
    return serialize_msg_to_ws_v1([*parts, *buffers], message["channel"])


@pytest.mark.parametrize("buffers", [(), (b"",), (b"\0\1\2", bytes(1000))], ids=["none", "an empty one", "two"])
def test_what_jupyter_writes_passes_in_every_form(buffers: tuple[bytes, ...]):
    check_message(v1(whole(), buffers), V1)
    check_message(json.dumps({**whole(), "buffers": []}), None)
    check_message(serialize_binary_message({**whole(), "buffers": list(buffers)}), None)


def test_a_message_without_a_channel_goes_to_the_shell_as_jupyter_has_it():
    check_message(json.dumps({name: part for name, part in whole().items() if name != "channel"}), None)


WRONG: dict[str, dict[str, Any]] = {
    "no header": {"header": None},
    "a list for a header": {"header": []},
    "a kind that is a number": {"header": {**HEADER, "msg_type": 5}},
    "no session": {"header": {name: part for name, part in HEADER.items() if name != "session"}},
    "content that is text": {"content": "x"},
    "metadata that is a number": {"metadata": 5},
    "a channel of another name": {"channel": "nothing"},
    "a widget without a name": {"content": {"data": {}}},
    "a widget without data": {"content": {"comm_id": "c"}},
    "a state that is a number": {"content": {"comm_id": "c", "data": {"method": "update", "state": 5}}},
    "places of buffers that are a number": {"content": {"comm_id": "c", "data": {"buffer_paths": 5}}},
}


@pytest.mark.parametrize("wrong", WRONG)
def test_what_is_no_message_is_refused_in_every_form(wrong: str):
    message = whole(**WRONG[wrong])
    for written, protocol in ((v1(message), V1), (json.dumps(message), None)):
        with pytest.raises(MalformedMessageError):
            check_message(written, protocol)


BOMBS = {
    "as many parts as eight bytes can say": (b"\xff" * 8, V1),
    "as many, with a page behind": (b"\xff" * 8 + bytes(4096), V1),
    "a billion parts": ((10**9).to_bytes(8, "little") + bytes(64), V1),
    "places beyond the end": ((6).to_bytes(8, "little") + b"\xff" * 48 + bytes(64), V1),
    "places that go back": ((6).to_bytes(8, "little") + b"".join((60 - n).to_bytes(8, "little") for n in range(6)), V1),
    "two billion parts of the older form": (b"\x7f\xff\xff\xff" + bytes(64), None),
    "fewer than none": (b"\xff\xff\xff\xff" + bytes(64), None),
    "JSON without end": ("[" * 100_000, None),
    "nothing": (b"", V1),
    "no text": ("", None),
    "text in the binary form": ("{}", V1),
    "one number": ("1", None),
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_what_a_message_says_of_its_own_size_is_not_believed(bomb: str):
    message, protocol = BOMBS[bomb]
    tracemalloc.start()
    try:
        with pytest.raises(MalformedMessageError):
            check_message(message, protocol)
        assert tracemalloc.get_traced_memory()[1] < 10_000_000
    finally:
        tracemalloc.stop()


@given(message=st.one_of(st.binary(max_size=200), st.text(max_size=200)), protocol=st.sampled_from([V1, None]))
def test_nothing_else_is_ever_raised(message: str | bytes, protocol: str | None):
    with pytest.raises(MalformedMessageError):
        check_message(message, protocol)


@given(data=st.data())
def test_a_true_message_with_one_byte_changed_passes_or_is_refused(data: st.DataObject):
    written = bytearray(v1(whole(), (b"abc",)))
    written[data.draw(st.integers(0, len(written) - 1))] = data.draw(st.integers(0, 255))
    try:
        check_message(bytes(written), V1)
    except MalformedMessageError:
        return
