"""The cluster of the tests leaves no process behind, and says what it lacks."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from tests.spark.cluster import held, missing_reason


def is_alive(process: int) -> bool:
    """A process that has ended and that nobody has asked about yet is not alive."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks at processes as Linux shows them")
def test_what_a_held_command_started_ends_with_it(tmp_path: Path):
    log = tmp_path / "said"
    with held(["sh", "-c", "sleep 600 & echo $!; wait"], log, os.environ):
        while not log.read_text().endswith("\n"):
            time.sleep(0.01)
        started = int(log.read_text())
        assert is_alive(started)
    while is_alive(started):
        time.sleep(0.01)


def test_a_machine_without_java_is_told_what_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    assert "Java" in str(missing_reason()) or "pyspark" in str(missing_reason())


def test_a_java_that_is_too_old_is_told_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    java = tmp_path / "bin" / "java"
    java.parent.mkdir()
    java.write_text("#!/bin/sh\necho 'openjdk version \"11.0.2\"' >&2\n")
    java.chmod(0o755)
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    assert "11.0.2" in str(missing_reason()) or "pyspark" in str(missing_reason())
