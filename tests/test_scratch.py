"""Folders for a moment: nobody else enters them, and what a killed process left goes with the next that needs one."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from workbench.file_lock import take_lock
from workbench.load import load
from workbench.scratch import scratch_folder, sweep
from workbench.store import open_store

pytestmark = pytest.mark.skipif(os.name == "nt", reason="needs SIGKILL and the modes of POSIX")

HOLD = """
import sys, time
from pathlib import Path
from workbench.scratch import scratch_folder
folder = scratch_folder("stage")
(Path(folder.name) / "rows.csv").write_text("C1,13800000000")
print(folder.name, flush=True)
time.sleep(60)
"""

LOAD = """
import sys, time
from workbench.load import load
load(sys.argv[1], store=sys.argv[2], progress=lambda step: (print("working", flush=True), time.sleep(5)))
"""


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch) -> Path:
    """The system's temporary files, for this process and those it starts."""
    folder = tmp_path / "tmp"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    monkeypatch.setenv("TMPDIR", str(folder))
    return folder


def started(program: str, *arguments: object) -> tuple[subprocess.Popen[str], str]:
    """Start a Python of one's own and return it with the first line it says."""
    command = [sys.executable, "-c", program, *map(str, arguments)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    return process, process.stdout.readline().strip()


def killed(process: subprocess.Popen[str]) -> None:
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()


def folders(temporary: Path) -> list[str]:
    return sorted(path.name for home in temporary.iterdir() for path in home.iterdir() if path.is_dir())


def test_a_folder_is_for_its_owner_alone_and_goes_when_it_is_cleaned_up(temporary: Path):
    with scratch_folder("stage") as name:
        folder = Path(name)
        assert stat.S_IMODE(folder.stat().st_mode) == stat.S_IMODE(folder.parent.stat().st_mode) == 0o700
        assert folder.parent.parent == temporary
        assert f"{os.getpid()}-" in folder.name
        assert "-stage-" in folder.name
    assert folders(temporary) == []


def test_a_home_that_others_could_enter_is_closed_to_them(temporary: Path):
    home = temporary / f"workbench-{os.getuid()}"
    home.mkdir(mode=0o777)
    home.chmod(0o777)
    with scratch_folder("stage"):
        assert stat.S_IMODE(home.stat().st_mode) == 0o700


@pytest.mark.parametrize("squatted", ["a link", "a file"])
def test_a_home_whose_name_is_taken_is_not_used(squatted: str, temporary: Path, tmp_path: Path):
    home, elsewhere = temporary / f"workbench-{os.getuid()}", tmp_path / "elsewhere"
    elsewhere.mkdir()
    if squatted == "a link":
        home.symlink_to(elsewhere)
    else:
        home.write_text("taken", encoding="utf-8")
    with scratch_folder("stage") as name:
        assert Path(name).parent != home
        assert stat.S_IMODE(Path(name).parent.stat().st_mode) == 0o700
    assert [*elsewhere.iterdir()] == []


def test_what_a_killed_process_left_goes_and_what_a_living_one_holds_stays(temporary: Path):
    dead, left = started(HOLD)
    living, held = started(HOLD)
    try:
        killed(dead)
        assert Path(left, "rows.csv").exists(), "nothing is left to sweep"
        with scratch_folder("load") as own:
            assert not Path(left).exists()
            assert Path(held, "rows.csv").exists()
            assert folders(temporary) == sorted([Path(held).name, Path(own).name])
            assert sweep(Path(own).parent) == [], "one's own lock and a living one's are no leavings"
            assert Path(own).is_dir()
    finally:
        killed(living)


def test_a_folder_that_is_made_during_a_sweep_stays(temporary: Path, monkeypatch):
    with scratch_folder("load") as own, ExitStack() as held:
        home, listed = Path(own).parent, Path.iterdir

        def iterdir(path: Path) -> Iterator[Path]:
            """List the home just after somebody came: as an owner does, the lock first, then the folder."""
            take_lock(held.enter_context((home / "7-new.lock").open("a+", encoding="utf-8")))
            (home / "7-new-stage-x").mkdir()
            return listed(path)

        monkeypatch.setattr(Path, "iterdir", iterdir)
        assert sweep(home) == []
        assert (home / "7-new-stage-x").is_dir()


def test_a_killed_load_leaves_no_rows_behind(temporary: Path, tmp_path: Path):
    orders = tmp_path / "orders.csv"
    lines = [f"C{row % 50},O{row},2024-01-{row % 28 + 1:02},{row}.5" for row in range(2_000)]
    orders.write_text("\n".join(["customer_id,order_id,day,amount", *lines]), encoding="utf-8")
    process, said = started(LOAD, orders, tmp_path / "crm.store")
    assert said == "working"
    killed(process)
    assert folders(temporary), "the load was killed before it held anything"
    load(orders, store=tmp_path / "crm.store")
    assert folders(temporary) == []


def test_a_process_that_ends_by_itself_leaves_nothing(temporary: Path):
    process, _ = started("from workbench.scratch import scratch_folder\nf = scratch_folder('load')\nprint(f.name)")
    process.wait()
    process.stdout.close()
    assert [path for home in temporary.iterdir() for path in home.iterdir()] == []


def test_a_fork_has_a_name_of_its_own(temporary: Path):
    with scratch_folder("stage") as name:
        pid = os.fork()
        if pid == 0:
            with scratch_folder("stage") as own:
                os._exit(0 if Path(own).name.startswith(f"{os.getpid()}-") and Path(name).is_dir() else 1)
        assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
        assert Path(name).is_dir()


def test_a_store_and_a_load_hold_their_files_there(temporary: Path, tmp_path: Path):
    orders = tmp_path / "orders.csv"
    orders.write_text("customer_id,order_id,day,amount\nC1,O1,2024-01-01,5\n", encoding="utf-8")
    load(orders, store=tmp_path / "crm.store")
    with open_store(tmp_path / "crm.store"):
        assert [path.name for path in temporary.iterdir()] == [f"workbench-{os.getuid()}"]
        assert ["-spill-" in name for name in folders(temporary)] == [True]
    assert folders(temporary) == []
