"""Whoever stops a server with Ctrl+C reads no traceback."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.browser.servers import empty_store, free_port
from tests.conftest import ROOT

PATIENCE_SECONDS = 120
SERVERS = {"dashboards": r"The dashboards are at http", "lab": r"127\.0\.0\.1:\d+/lab"}
AS_ROOT = "import os; from workbench.serving import lab; made = lab.lab_command; "
"""JupyterLab refuses the root account, which tests may have."""
AS_ROOT += "lab.lab_command = lambda *a, **k: [*made(*a, **k), '--allow-root']; "


@pytest.mark.parametrize("command", SERVERS)
def test_ctrl_c_ends_a_server_without_a_traceback(command: str, tmp_path: Path):
    store, log = empty_store(tmp_path), tmp_path / "log"
    words = [command, "--store", str(store), "--port", str(free_port()), "--no-browser", "--lang", "en"]
    words += ["--folder", str(tmp_path / "course")] if command == "lab" else []
    code = f"import sys; {AS_ROOT}from workbench import cli; sys.exit(cli.main({words!r}))"
    home = {**os.environ, "HOME": str(tmp_path), "PYTHONPATH": str(ROOT)}
    with log.open("w") as out:
        process = subprocess.Popen(
            [sys.executable, "-c", code], stdout=out, stderr=subprocess.STDOUT, env=home, start_new_session=True
        )
    try:
        end = time.monotonic() + PATIENCE_SECONDS
        while not re.search(SERVERS[command], log.read_text()) and time.monotonic() < end:
            time.sleep(0.2)
        time.sleep(1)
        os.killpg(process.pid, signal.SIGINT)  # a terminal interrupts all that run in it
        process.wait(PATIENCE_SECONDS)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    said = log.read_text()
    assert "Traceback" not in said, said
