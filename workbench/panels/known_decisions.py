"""What was decided under a setting, known to all pages of one server: everybody who asks would decide the same.

What may be shown hangs on the snapshot, which never changes, and on the setting. Deciding it takes about half of what
another setting costs. A server makes a folder for it (`WORKBENCH_DECISIONS`), which goes when the server ends: what
another version of the workbench decided is never taken for its own.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Hashable, Mapping
from contextlib import suppress
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from workbench.errors import NothingToShow
from workbench.panels.privacy import Key, Marks

log = logging.getLogger("workbench")

DECISIONS_FOLDER = "WORKBENCH_DECISIONS"
"""The variable of a kernel's environment that names the folder; without it nothing is shared."""
MOST_SETTINGS = 2000
"""So many files the folder holds at most; the oldest half goes then."""

Decisions = Mapping[str, Marks | NothingToShow]
"""By the name of a standing table, the groups of it that are not shown, or why none is."""


class KnownDecisions:
    """The decisions of one setting, in a file of the server's folder.

    Parameters
    ----------
    setting
        All that they hang on; what prints alike is alike.
    """

    def __init__(self, setting: Hashable) -> None:
        folder = os.environ.get(DECISIONS_FOLDER)
        self._file = Path(folder) / sha256(repr(setting).encode()).hexdigest() if folder else None

    def read(self) -> Decisions:
        """Return what is known by now; nothing where nothing is shared."""
        return {name: _decision(written) for name, written in _kept(self._file).items()} if self._file else {}

    def add(self, decisions: Decisions) -> None:
        """Keep decisions for the other pages, beside those that are known; what cannot be written is left out."""
        if self._file is not None and self._file.parent.is_dir():  # else its server has ended
            try:
                self._add(self._file, decisions)
            except OSError as error:  # a full disk, say: the others decide for themselves
                log.warning("What is decided cannot be kept for other pages (%s).", error)

    def _add(self, file: Path, decisions: Decisions) -> None:
        kept = _kept(file)
        written = {name: _written(decision) for name, decision in decisions.items() if name not in kept}
        kept |= {name: one for name, one in written.items() if one is not None}
        if not file.exists():
            _make_room(file.parent)
        new = file.with_suffix(f".{os.getpid()}")
        new.write_text(json.dumps(kept, ensure_ascii=False), encoding="utf-8")
        new.replace(file)  # who reads meanwhile reads what was there before, whole


def _kept(file: Path) -> dict[str, Any]:
    """Return what a file holds, as it is written; nothing of one that is damaged."""
    with suppress(FileNotFoundError, ValueError):
        kept: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        return kept
    return {}


def _make_room(folder: Path) -> None:
    files = [*folder.iterdir()]
    if len(files) >= MOST_SETTINGS:
        for file in sorted(files, key=lambda one: one.stat().st_mtime)[: len(files) // 2]:
            file.unlink(missing_ok=True)


def _written(decision: Marks | NothingToShow) -> dict[str, Any] | None:
    """Write a decision down; None where JSON would not give it back as it was."""
    if isinstance(decision, NothingToShow):
        written: dict[str, Any] = {"refused": decision.key, "facts": decision.facts}
    else:
        written = {"hidden": [[[name, _plain(value)] for name, value in key] for key in decision]}
    with suppress(TypeError, ValueError):  # a value that JSON does not know
        if _same(_decision(json.loads(json.dumps(written))), decision):
            return written
    return None


def _same(one: Marks | NothingToShow, other: Marks | NothingToShow) -> bool:
    if isinstance(one, NothingToShow) and isinstance(other, NothingToShow):
        return (type(one), one.key, one.facts) == (type(other), other.key, other.facts)
    return one == other


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return {"time": value.isoformat()}
    if isinstance(value, date):
        return {"day": value.isoformat()}
    return value.item() if isinstance(value, np.generic) else value


def _decision(written: Mapping[str, Any]) -> Marks | NothingToShow:
    if "refused" in written:
        return NothingToShow(written["refused"], **written["facts"])
    keys: list[Key] = [tuple((name, _value(value)) for name, value in key) for key in written["hidden"]]
    return frozenset(keys)


def _value(plain: Any) -> Any:
    if not isinstance(plain, dict):
        return plain
    return pd.Timestamp(plain["time"]) if "time" in plain else date.fromisoformat(plain["day"])
