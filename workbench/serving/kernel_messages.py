"""Is what a browser sends to a kernel a message at all? Its form and sizes are looked at before anything reads it."""

from __future__ import annotations

import itertools
import json
import struct
from collections.abc import Mapping
from typing import Any

V1 = "v1.kernel.websocket.jupyter.org"
MESSAGE_PARTS = ("header", "parent_header", "metadata", "content")
KERNEL_CHANNELS = ("shell", "control", "stdin", "iopub")
TALKS_OF_A_WIDGET = ("comm_open", "comm_msg", "comm_close")


class MalformedMessageError(ValueError):
    """What was sent is no message of Jupyter's protocol."""


def check_message(message: str | bytes, protocol: str | None) -> None:
    """Raise MalformedMessageError for what is no message, in the form of the protocol agreed on (None: the older one).

    A message has four parts, each an object of JSON, and a channel; its header names its kind, itself and its session.
    Counts and lengths that a binary message states are held to its size: Jupyter's own reader would make a list as long
    as the first eight bytes say.
    """
    try:
        parts, channel = _v1(message) if protocol == V1 else _older(message)
    except (ValueError, RecursionError, struct.error) as fault:  # what is not UTF-8 or JSON is a ValueError
        raise MalformedMessageError(type(fault).__name__) from fault
    _check(channel in KERNEL_CHANNELS, "channel")
    _check(all(isinstance(parts.get(name), Mapping) for name in MESSAGE_PARTS), "parts")
    header, content = parts["header"], parts["content"]
    _check(all(isinstance(header.get(name), str) for name in ("msg_type", "msg_id", "session")), "header")
    if header["msg_type"] in TALKS_OF_A_WIDGET:
        _check(isinstance(content.get("comm_id"), str), "comm_id")
        data = content.get("data")
        _check(isinstance(data, Mapping), "data")
        _check(isinstance(data.get("state", {}), Mapping), "state")
        _check(isinstance(data.get("buffer_paths", []), list), "buffer_paths")


def _check(holds: bool, what: str) -> None:
    if not holds:
        raise MalformedMessageError(what)


def _v1(message: str | bytes) -> tuple[Mapping[str, Any], object]:
    """Read a message of protocol v1: a number of places, the places, then channel, parts and buffers up to them."""
    if not isinstance(message, bytes):
        raise MalformedMessageError(type(message).__name__)
    (count,) = struct.unpack_from("<Q", message)
    _check(len(MESSAGE_PARTS) + 2 <= count <= len(message) // 8 - 1, "places")
    places = struct.unpack_from(f"<{count}Q", message, 8)
    _check(list(places) == sorted(places) and places[0] >= 8 * (count + 1) and places[-1] <= len(message), "places")
    texts = [message[one:other].decode() for one, other in itertools.pairwise(places[:6])]
    return dict(zip(MESSAGE_PARTS, map(json.loads, texts[1:]), strict=True)), texts[0]


def _older(message: str | bytes) -> tuple[Mapping[str, Any], object]:
    """Read a message of the older protocol: JSON, or with buffers a number of places, the places, JSON and buffers."""
    if isinstance(message, bytes):
        (count,) = struct.unpack_from("!I", message)
        _check(1 <= count <= len(message) // 4 - 1, "places")
        places = struct.unpack_from(f"!{count}I", message, 4)
        _check(list(places) == sorted(places) and places[-1] <= len(message), "places")
        message = message[places[0] : places[1] if count > 1 else None].decode()
    content = json.loads(message)
    _check(isinstance(content, dict), "object")
    return content, content.get("channel", "shell")
