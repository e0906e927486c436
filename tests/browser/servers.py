"""Start the real servers as a user does, in a process of their own, and know when they answer."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from tests.conftest import ROOT

TOKEN = "only-for-tests"  # noqa: S105
PATIENCE_SECONDS = 180
"""For a server to start on a machine that may be busy; a demo makes and loads its company first."""

LAB = """
import os
from pathlib import Path
from workbench.serving.lab import lab_command, lab_environment
command = [*lab_command(Path({folder!r}), port={port}, open_browser=False), "--IdentityProvider.token={token}"]
print("http://127.0.0.1:{port}/?token=", flush=True)
os.execve(command[0], [*command, "--allow-root"], {{**os.environ, **lab_environment({store!r}, "zh")}})
"""
FIRST_SNAPSHOT = "20240101T000000000Z-aaaaaaaaaaaa"


@dataclass(frozen=True)
class Server:
    """A server that runs: where it is, and the store it serves."""

    address: str
    store: Path
    log: Path

    def page(self, name: str, **query: str) -> str:
        asked = "&".join(f"{key}={value}" for key, value in {**query, "token": TOKEN}.items())
        return f"{self.address}{name}?{asked}"


@contextmanager
def started(code: str, folder: Path, store: Path, environment: Mapping[str, str] = {}) -> Iterator[Server]:
    """Run Python code that starts a server and prints its address; end it with its kernels."""
    log = folder.parent / f"{folder.name}.log"
    env = {**os.environ, "WORKBENCH_STORE": str(store), "PYTHONPATH": str(ROOT), **environment}
    with running([sys.executable, "-c", code], log, env) as address:
        yield Server(address, store, log)


@contextmanager
def running(
    command: Sequence[str | Path], log: Path, environment: Mapping[str, str], folder: Path | None = None
) -> Iterator[str]:
    """Run a command that starts a server and prints its address; end it and all that it started."""
    with log.open("w") as out:
        process = subprocess.Popen(
            command, env=environment, cwd=folder, stdout=out, stderr=subprocess.STDOUT, start_new_session=True
        )
        try:
            yield _address(process, log)
        finally:
            with suppress(ProcessLookupError):  # a test may have ended it
                os.killpg(process.pid, signal.SIGTERM)
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def dashboards(folder: Path, store: Path, **settings: object) -> str:
    """Return the code that serves a folder's pages."""
    given = {"port": free_port(), "open_browser": False, "pool": 0, "token": TOKEN} | settings
    return (
        "from pathlib import Path; from workbench.serving import serve_dashboards; "
        f"serve_dashboards({str(store)!r}, folder=Path({str(folder)!r}), **{given!r})"
    )


@contextmanager
def jupyterlab(folder: Path, store: Path) -> Iterator[Server]:
    """JupyterLab at a folder, started as `workbench lab` starts it, with a home of its own beside the folder."""
    code = LAB.format(folder=str(folder), port=free_port(), token=TOKEN, store=str(store))
    home = {"HOME": str(folder.parent), "JUPYTER_DATA_DIR": str(folder.parent / "data")}
    with started(code, folder, store, home) as server:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not _answers(server):
            assert time.monotonic() < deadline, server.log.read_text()
            time.sleep(0.3)
        yield server


def empty_store(folder: Path) -> Path:
    """Make as much of a store as the server reads itself: the name of what is published."""
    store = folder / "crm.store"
    store.mkdir()
    publish(store, FIRST_SNAPSHOT)
    return store


def publish(store: Path, snapshot: str) -> None:
    (store / "PUBLISHED").write_text(f"{snapshot}.duckdb\n", encoding="utf-8")


def free_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answers(server: Server) -> bool:
    try:
        urlopen(f"{server.address}api?token={TOKEN}").close()  # noqa: S310  our own server
    except URLError:
        return False
    return True


def _address(process: subprocess.Popen, log: Path) -> str:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        found = re.search(r"(http://127\.0\.0\.1:\d+/)", log.read_text())
        if found:
            return found[1]
        if process.poll() is not None:
            break
        time.sleep(0.2)
    raise RuntimeError(f"the server did not start:\n{log.read_text()}")
