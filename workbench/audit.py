"""The audit log: one line for each look at, or export of, single customers, and each definition kept; no values."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from workbench.errors import WorkbenchError
from workbench.visible_text import visible

Action = Literal["view", "export", "save", "drop", "downgrade"]
"""Looks at and exports of single customers; definitions kept or taken off the list; tiers that put members down."""

FILE = "audit.log"


def note(
    address: str | Path, action: Action, *, topic: str, count: int, snapshot: str, who: str, reason: str = ""
) -> None:
    """Append who did what with how many customers, when, why, and of which snapshot, as one line of JSON.

    The line is written in one piece, so several pages may write at once. Raises WorkbenchError where the log cannot
    be written: what cannot be noted is not shown.
    """
    line = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "who": visible(who),
        "action": action,
        "topic": topic,
        "count": count,
        "reason": visible(reason),
        "snapshot": snapshot,
    }
    path = Path(address) / FILE
    try:
        handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(handle, (json.dumps(line, ensure_ascii=False) + "\n").encode())
        finally:
            os.close(handle)
    except OSError as fault:
        raise WorkbenchError("audit_not_writable", path=path, fault=fault.strerror or "") from fault
