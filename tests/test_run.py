"""`run.py` sets the environment up once, alone, and anew after a run that was ended half way; in any folder."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.conftest import ROOT

PATIENCE_SECONDS = 60

PYPROJECT = """
[build-system]
requires = []
build-backend = "build_here"
backend-path = ["."]

[project]
name = "crm-workbench"
version = "0.1.0"
"""

BUILD = """
import os, time, zipfile
from pathlib import Path

def build_editable(folder, config_settings=None, metadata_directory=None):
    with open("builds", "a") as log:
        log.write(f"{os.getpid()}\\n")
    while not os.path.exists("go"):
        time.sleep(0.1)
    facts = "crm_workbench-0.1.0.dist-info"
    with zipfile.ZipFile(Path(folder) / "crm_workbench-0.1.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr("crm_workbench.pth", os.getcwd())
        wheel.writestr(f"{facts}/METADATA", "Metadata-Version: 2.1\\nName: crm-workbench\\nVersion: 0.1.0\\n")
        about = "Wheel-Version: 1.0\\nGenerator: test\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n"
        wheel.writestr(f"{facts}/WHEEL", about)
        wheel.writestr(f"{facts}/RECORD", "")
    return "crm_workbench-0.1.0-py3-none-any.whl"
"""
"""Builds a package that holds nothing, and not before it is told to go on."""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout in a folder with blanks and Chinese, with a package that takes no time to install."""
    folder = tmp_path / "客户 分析" / "工作台 2"
    (folder / "workbench").mkdir(parents=True)
    shutil.copy(ROOT / "run.py", folder)
    (folder / "pyproject.toml").write_text(PYPROJECT, encoding="utf-8")
    (folder / "build_here.py").write_text(BUILD, encoding="utf-8")
    (folder / "requirements.lock").write_text("# nothing\n", encoding="utf-8")
    (folder / "workbench" / "cli.py").write_text("import sys\nprint('asked', sys.argv[1:])\n", encoding="utf-8")
    return folder


def started(checkout: Path, *words: str, **variables: str) -> subprocess.Popen[str]:
    python = getattr(sys, "_base_executable", sys.executable)  # the environment of the tests has no pip
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"} | variables
    return subprocess.Popen([python, str(checkout / "run.py"), *words], env=environment, stdout=subprocess.PIPE,
                            text=True, encoding="utf-8", start_new_session=True)  # fmt: skip


def builds(checkout: Path) -> int:
    log = checkout / "builds"
    return len(log.read_text().splitlines()) if log.exists() else 0


@pytest.mark.skipif(os.name == "nt", reason="kills a group of processes")
def test_a_second_run_waits_and_begins_anew_when_the_first_is_killed_half_way(checkout):
    first = started(checkout, "load")
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not builds(checkout) and time.monotonic() < deadline:
        time.sleep(0.05)
    half = checkout / ".venv" / "half_a_package"
    half.touch()
    second = started(checkout, "check", "订单 1.csv")
    assert second.stdout is not None
    assert "Another run is setting up .venv" in second.stdout.readline()
    os.killpg(first.pid, signal.SIGKILL)
    first.communicate()
    (checkout / "go").touch()
    said, _ = second.communicate(timeout=PATIENCE_SECONDS)
    assert second.returncode == 0
    assert "asked ['check', '订单 1.csv']" in said
    assert not half.exists()
    assert builds(checkout) == 2

    third = started(checkout, "check")
    assert third.communicate(timeout=PATIENCE_SECONDS)[0] == "asked ['check']\n"
    assert builds(checkout) == 2


def test_what_pip_cannot_do_is_said_and_the_next_run_tries_again(checkout):
    (checkout / "requirements.lock").write_text("no such requirement\n", encoding="utf-8")
    run = started(checkout, "demo")
    run.communicate(timeout=PATIENCE_SECONDS)
    assert run.returncode == 1
    (checkout / "requirements.lock").write_text("# nothing\n", encoding="utf-8")
    (checkout / "go").touch()
    run = started(checkout, "demo")
    assert "asked ['demo']" in run.communicate(timeout=PATIENCE_SECONDS)[0]


def test_modules_are_compiled_once_whatever_the_shell_says(checkout):
    (checkout / "go").touch()
    (checkout / "workbench" / "cli.py").write_text("import sys\nprint(sys.dont_write_bytecode)\n", encoding="utf-8")
    run = started(checkout, "demo", PYTHONDONTWRITEBYTECODE="1")
    assert run.communicate(timeout=PATIENCE_SECONDS)[0].splitlines()[-1] == "False"
