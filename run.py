"""Set the workbench up and start it with nothing but Python 3.11+ and pip: `python3 run.py demo` or `… test`.

Makes `.venv` from the hashes in requirements.lock (once, and again when they change), then runs the command in it.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import time
import venv
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent
ENVIRONMENT = ROOT / ".venv"
BIN = ENVIRONMENT / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
STAMP = ENVIRONMENT / "installed"
UNFINISHED = ENVIRONMENT / "unfinished"
"""Stands while packages are installed, and after a run that was ended meanwhile: it may have left halves of them."""
LOCK = ROOT / ".venv.lock"
CHECKS = {
    "style": ("-m", "ruff", "check", "."),
    "format": ("-m", "ruff", "format", "--check", "."),
    "layers": ("-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"),
}
TYPES = ("-m", "mypy")
"""Takes a minute or two on one processor, so that it runs beside the tests."""
WORKERS = ("-n", "2")


def main() -> int:
    """Install what is missing, then run the tests or hand the words over to the `workbench` command."""
    if sys.version_info < (3, 11):
        sys.stderr.write("The workbench needs Python 3.11 or newer. 需要 Python 3.11 或更高版本。\n")
        return 2
    words = sys.argv[1:] or ["demo"]
    try:
        with alone():
            install()
    except subprocess.CalledProcessError:
        sys.stderr.write(
            "The environment could not be set up; what pip says above is why. Mend it and run the same command again.\n"
            "运行环境没有装好，原因见上方 pip 的提示。处理后请再次运行同一条命令。\n"
        )
        return 1
    if words[0] == "test":
        return test(words[1:])
    return run("-m", "workbench.cli", *words)


@contextmanager
def alone() -> Iterator[None]:
    """Let one run at a time look at the environment and install; the system frees the lock of a run that was killed."""
    with LOCK.open("a+", encoding="utf-8") as file:
        if not is_taken(file.fileno(), waits=False):
            print("Another run is setting up .venv; waiting for it … 另一个窗口正在安装运行环境，请稍候…", flush=True)
            while not is_taken(file.fileno(), waits=True):
                time.sleep(1)
        yield


def is_taken(number: int, *, waits: bool) -> bool:
    """Take the lock of an open file, at once or when it is free, and say whether it is ours."""
    try:
        if os.name == "nt":
            import msvcrt

            os.lseek(number, 0, os.SEEK_SET)
            msvcrt.locking(number, msvcrt.LK_LOCK if waits else msvcrt.LK_NBLCK, 1)  # gives up after ten seconds
        else:
            import fcntl

            fcntl.flock(number, fcntl.LOCK_EX | (0 if waits else fcntl.LOCK_NB))
    except OSError:
        return False
    return True


def install() -> None:
    """Make `.venv` and install the locked packages, unless they are there already.

    What a run that was ended half way has left is thrown away: pip would take half a package for a whole one.
    """
    wanted = hashlib.sha256(
        (ROOT / "requirements.lock").read_bytes() + (ROOT / "pyproject.toml").read_bytes()
    ).hexdigest()
    if STAMP.is_file() and STAMP.read_text(encoding="utf-8") == wanted:
        return
    print("Setting up .venv (a few minutes, once) … 正在安装运行环境（仅首次，约几分钟）…", flush=True)
    if UNFINISHED.exists():
        shutil.rmtree(ENVIRONMENT)
    ENVIRONMENT.mkdir(exist_ok=True)
    UNFINISHED.touch()
    if not PYTHON.is_file():
        # Without its own pip, because Debian's Python has no ensurepip; this Python's pip installs into it.
        venv.create(ENVIRONMENT, with_pip=False)
    # What is imported is compiled then, and kept: compiling all that is installed would take longer than installing it.
    pip = [sys.executable, "-m", "pip", "--python", str(PYTHON), "--disable-pip-version-check",
           "install", "--quiet", "--no-compile"]  # fmt: skip
    subprocess.run([*pip, "--require-hashes", "-r", str(ROOT / "requirements.lock")], check=True)
    subprocess.run([*pip, "--no-deps", "--no-build-isolation", "-e", str(ROOT)], check=True)
    STAMP.write_text(wanted, encoding="utf-8")
    UNFINISHED.unlink()


def test(words: list[str]) -> int:
    """Run the checks, then the tests with two workers, the types beside them; `--quick` leaves out the slow ones."""
    with ThreadPoolExecutor() as pool:
        codes = list(pool.map(check, CHECKS, CHECKS.values()))
        if not any(codes):
            types = pool.submit(check, "types", TYPES)
            codes = [run("-m", "pytest", *WORKERS, *words), types.result()]
    return next(filter(None, codes), 0)


def check(name: str, arguments: tuple[str, ...]) -> int:
    """Run one check and print what it says at once, under its name."""
    command = [str(PYTHON), *arguments]
    done = subprocess.run(command, cwd=ROOT, env=environment(), check=False, text=True, encoding="utf-8",
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)  # fmt: skip
    print(f"{name}: {'failed' if done.returncode else 'passed'}\n{done.stdout}", flush=True)
    return done.returncode


def run(*arguments: str) -> int:
    """Run the environment's Python from the project's folder."""
    return subprocess.run([str(PYTHON), *arguments], cwd=ROOT, env=environment(), check=False).returncode


def environment() -> dict[str, str]:
    """The variables of this process, and the environment's programs before all others.

    Modules are compiled once and kept, whatever this process was told: each start would compile them all again.
    """
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return kept | {"PATH": f"{BIN}{os.pathsep}{os.environ.get('PATH', '')}"}


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
