"""Folders for what a load, a page or a question holds for a moment: for the owner alone, swept once their process died.

All lie in one folder, `workbench-<user>` among the system's temporary files. Each process holds the lock of a file of
its own there and names its folders after it; the system frees the lock when the process dies, by whatever signal, and
the next process that needs a folder removes what carries the name of a lock that nobody holds.
"""

from __future__ import annotations

import atexit
import contextlib
import logging
import os
import secrets
import shutil
import stat
import tempfile
import threading
from getpass import getuser
from pathlib import Path
from typing import IO

from workbench.file_lock import free_lock, take_lock

log = logging.getLogger("workbench.scratch")

_ENDING = ".lock"
_owned: dict[tuple[int, Path], tuple[str, IO[str]]] = {}
"""This process's name in each home it has used, and the open file whose lock it holds."""
_instead: dict[Path, Path] = {}
_guard = threading.Lock()


def scratch_folder(purpose: str) -> tempfile.TemporaryDirectory[str]:
    """Make a folder that nobody else can enter; `purpose` is for people who find it. It goes when it is cleaned up.

    It goes as well when its owner forgets it, when the process ends, and, where the process is killed, with the next
    one that asks for a folder.
    """
    home = _home()
    return tempfile.TemporaryDirectory(dir=home, prefix=f"{_own_name(home)}-{purpose}-", ignore_cleanup_errors=True)


def sweep_dead() -> None:
    """Remove at once what dead processes of this user left: for who has just ended some."""
    sweep(_home())


def sweep(home: Path) -> list[str]:
    """Remove what dead processes left in a home; return the names of the processes."""
    folders = [path for path in home.iterdir() if path.is_dir()]  # before the locks: a new owner locks, then makes one
    dead = []
    for file in home.glob(f"*{_ENDING}"):
        with contextlib.suppress(OSError), file.open("a+", encoding="utf-8") as handle:
            take_lock(handle)  # an OSError here: its owner lives
            dead.append(file.name.removesuffix(_ENDING))
            file.unlink(missing_ok=True)
            free_lock(handle)
    alive = {file.name.removesuffix(_ENDING) for file in home.glob(f"*{_ENDING}")}
    for folder in folders:
        if not any(folder.name.startswith(f"{name}-") for name in alive):
            shutil.rmtree(folder, ignore_errors=True)
    if dead:
        log.info("Removed what %s processes left in %s.", len(dead), home)
    return dead


def _home() -> Path:
    """Return the folder of this user's scratch, one of another name where somebody else has taken that."""
    home = Path(tempfile.gettempdir()) / f"workbench-{_user()}"
    with contextlib.suppress(FileExistsError):
        home.mkdir(mode=0o700)
    state = home.lstat()
    if not stat.S_ISDIR(state.st_mode) or (hasattr(os, "getuid") and state.st_uid != os.getuid()):
        if home not in _instead:
            log.warning("%s belongs to somebody else; a folder of another name is used.", home)
            _instead[home] = Path(tempfile.mkdtemp(prefix="workbench-"))
        return _instead[home]
    if stat.S_IMODE(state.st_mode) != 0o700:
        home.chmod(0o700)
    return home


def _user() -> str:
    return str(os.getuid()) if hasattr(os, "getuid") else getuser()


def _own_name(home: Path) -> str:
    """Return this process's name in a home, once its lock is held and the dead are swept."""
    with _guard:
        if (os.getpid(), home) not in _owned:
            sweep(home)
            _owned[os.getpid(), home] = _registered(home)
        return _owned[os.getpid(), home][0]


def _registered(home: Path) -> tuple[str, IO[str]]:
    """Take a name: hold the lock of its file, and see that nobody swept the file before it was locked."""
    while True:
        name = f"{os.getpid()}-{secrets.token_hex(4)}"
        path = home / f"{name}{_ENDING}"
        file = path.open("a+", encoding="utf-8")  # stays open as long as the process lives
        with contextlib.suppress(OSError):
            take_lock(file)
            if path.exists():
                return name, file
        file.close()


@atexit.register
def _leave() -> None:
    """Remove the locks of a process that ends by itself; its folders have gone before."""
    for (process, home), (name, file) in _owned.items():
        if process == os.getpid():
            file.close()
            (home / f"{name}{_ENDING}").unlink(missing_ok=True)
