"""The audit log: who looked at how many customers, and nothing of what was seen."""

from __future__ import annotations

import json
import stat
from concurrent.futures import ThreadPoolExecutor

import pytest

from workbench import audit
from workbench.errors import WorkbenchError


def lines(folder) -> list[dict]:
    return [json.loads(line) for line in (folder / audit.FILE).read_text(encoding="utf-8").splitlines()]


def test_a_look_leaves_one_line_that_says_who_when_what_why_and_how_many(tmp_path):
    audit.note(tmp_path, "export", topic="pareto", count=12, snapshot="s1", who="token", reason="care_call")
    (line,) = lines(tmp_path)
    assert line.pop("at").endswith("+00:00")
    assert line == {
        "who": "token", "action": "export", "topic": "pareto", "count": 12, "reason": "care_call", "snapshot": "s1"
    }  # fmt: skip


def test_many_pages_write_whole_lines_at_once(tmp_path):
    with ThreadPoolExecutor(8) as pages:
        list(
            pages.map(
                lambda n: audit.note(tmp_path, "view", topic="rfm", count=n, snapshot="s", who="token"), range(200)
            )
        )
    assert sorted(line["count"] for line in lines(tmp_path)) == list(range(200))


def test_only_its_owner_can_read_the_log(tmp_path):
    audit.note(tmp_path, "view", topic="rfm", count=1, snapshot="s1", who="token")
    assert stat.S_IMODE((tmp_path / audit.FILE).stat().st_mode) == 0o600


def test_a_log_that_cannot_be_written_is_said_in_words(tmp_path):
    (tmp_path / audit.FILE).mkdir()
    with pytest.raises(WorkbenchError) as refusal:
        audit.note(tmp_path, "view", topic="rfm", count=1, snapshot="s1", who="token")
    assert audit.FILE in refusal.value.words("zh")
