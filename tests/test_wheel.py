"""The built wheel works in an environment of its own, outside the checkout: every command, and none edits it."""

from __future__ import annotations

import csv
import json
import os
import re
import subprocess
import sys
import time
import venv
import zipfile
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from sysconfig import get_path
from urllib.error import URLError
from urllib.request import Request, urlopen

import pytest

from tests.browser.servers import TOKEN, running
from tests.conftest import ROOT

PATIENCE_SECONDS = 120
SHIPPED = {"workbench": "workbench", "notebooks": "workbench/notebooks", "dashboards": "workbench/dashboards"}
"""What travels: folders of the checkout by their place in the wheel."""
LEFT = re.compile(r"^(\.|__pycache__)|\.store$")
"""What stays: hidden and compiled files, and the store of a lesson that somebody opened here."""

ORDERS = "订单编号,客户编号,下单日期,金额\nD1,K001,2025-03-01,120\nD2,K002,2025-03-02,80\n"
JUPYTER = {"ServerApp": {"allow_root": True}, "IdentityProvider": {"token": TOKEN}}


@dataclass(frozen=True)
class Installed:
    """A workbench installed from its wheel, and the folder of somebody who uses it."""

    packages: Path
    commands: Path
    user: Path
    environment: Mapping[str, str]

    def run(self, *words: str | Path) -> str:
        """Run a command to its end and return what it printed."""
        done = subprocess.run(
            [self.commands / "workbench", *words, "--lang", "en"],
            capture_output=True, text=True, cwd=self.user, env=self.environment, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def serve(self, *words: str | Path) -> AbstractContextManager[str]:
        """Run a command that serves until it is stopped, and give its address."""
        command = [self.commands / "workbench", *words, "--no-browser", "--lang", "en"]
        return running(command, self.log(words[0]), self.environment, self.user)

    def log(self, name: str | Path) -> Path:
        return self.user / f"{name}.log"

    def edited(self) -> list[str]:
        """Return the files of the package that are not as the wheel brought them, and those it did not bring."""
        with next(self.packages.glob("crm_workbench-*.dist-info/RECORD")).open(encoding="utf-8") as record:
            brought = {name: digest for name, digest, _ in csv.reader(record)}
        there = (path for path in (self.packages / "workbench").rglob("*") if path.is_file() and path.suffix != ".pyc")
        digests = {path.relative_to(self.packages).as_posix(): recorded_digest(path.read_bytes()) for path in there}
        return sorted(name for name, digest in digests.items() if brought.get(name) != digest)


def recorded_digest(content: bytes) -> str:
    return "sha256=" + urlsafe_b64encode(sha256(content).digest()).rstrip(b"=").decode()


def answer(address: str) -> str:
    """Return what a server answers to somebody with its token, as soon as it answers."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    request = Request(address, headers={"Authorization": f"token {TOKEN}"})  # noqa: S310  our own server
    while True:
        try:
            with urlopen(request, timeout=PATIENCE_SECONDS) as got:  # noqa: S310  our own server
                return got.read().decode()
        except URLError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.3)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from the checkout without a network."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder], cwd=ROOT, check=True)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """The wheel in a new environment, which borrows every package but this one from the environment of the tests."""
    place = tmp_path_factory.mktemp("installed")
    own = place / ".venv"
    venv.create(own, with_pip=False, symlinks=True)
    for part in ("share", "etc"):  # where JupyterLab and Voila have their pages
        (own / part).symlink_to(Path(sys.prefix) / part)
    packages = Path(get_path("purelib", vars={"base": str(own)}))
    (packages / "borrowed.pth").write_text("\n".join({get_path("purelib"), get_path("platlib")}), encoding="utf-8")
    install = ["install", "--quiet", "--no-index", "--no-deps", wheel]
    subprocess.run([sys.executable, "-m", "pip", "--python", own / "bin" / "python", *install], check=True)
    (place / "home" / ".jupyter").mkdir(parents=True)
    (place / "home" / ".jupyter" / "jupyter_server_config.json").write_text(json.dumps(JUPYTER), encoding="utf-8")
    (place / "user").mkdir()
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PYTHON", "PYTEST", "JUPYTER", "WORKBENCH", "VIRTUAL_ENV"))
    }
    environment = {**kept, "HOME": str(place / "home"), "WORKBENCH_TOKEN": TOKEN}
    return Installed(packages, own / "bin", place / "user", environment)


def test_all_that_the_package_needs_is_in_the_wheel(wheel: Path):
    ours = {
        f"{place}/{path.relative_to(ROOT / folder).as_posix()}"
        for folder, place in SHIPPED.items()
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and not any(LEFT.search(part) for part in path.relative_to(ROOT).parts)
    }
    with zipfile.ZipFile(wheel) as archive:
        brought = {name for name in archive.namelist() if name.startswith("workbench/")}
    assert brought == ours


def test_what_runs_is_the_installed_package_and_not_the_checkout(installed: Installed):
    told = subprocess.run(
        [installed.commands / "python", "-c", "import workbench; print(workbench.__file__)"],
        capture_output=True, text=True, cwd=installed.user, env=installed.environment, check=True,
    )  # fmt: skip
    assert told.stdout.strip() == str(installed.packages / "workbench" / "__init__.py")


def test_the_demo_serves_pages_that_were_computed(installed: Installed):
    with installed.serve("demo") as address:
        assert "overview" in answer(address)
        page = answer(f"{address}pareto?lang=zh")
    assert '"output_type": "execute_result"' in page
    assert "Page(children=" in page
    assert '<meta name="wb-failed">' not in page
    assert installed.edited() == []


def test_files_of_ones_own_are_checked_loaded_published_and_served(installed: Installed):
    (installed.user / "订单.csv").write_text(ORDERS, encoding="gb18030")
    assert "= 2 loaded +" in installed.run("check", "订单.csv")
    installed.run("load", "订单.csv", "--store", "own.store")
    installed.run("publish", "--store", "own.store")
    with installed.serve("dashboards", "--store", "own.store") as address:
        assert re.findall(r'href="/?(overview|segments|pareto|satisfaction)', answer(address))
    assert installed.edited() == []


def test_a_lesson_opens_as_a_copy_in_the_users_folder(installed: Installed):
    lessons = sorted(path.stem for path in (ROOT / "notebooks").glob("*.ipynb"))
    assert [line.split()[0] for line in installed.run("lesson").splitlines()] == lessons
    with installed.serve("lesson", "02_rfm") as address:
        assert json.loads(answer(f"{address}api/contents/02_rfm.ipynb"))["writable"]
        with urlopen(f"{address}?token={TOKEN}") as page:  # noqa: S310  our own server
            assert page.url.startswith(f"{address}lab/tree/02_rfm.ipynb")
    copies = installed.user / "lessons" / "notebooks"
    assert f"The notebooks are in {copies}." in installed.log("lesson").read_text(encoding="utf-8")
    assert (copies / "02_rfm.ipynb").read_bytes() == (ROOT / "notebooks" / "02_rfm.ipynb").read_bytes()
    assert installed.edited() == []


def test_the_lab_lists_the_lessons_and_for_trainers_their_solutions(installed: Installed):
    with installed.serve("lab", "--solutions") as address:
        listed = {entry["name"] for entry in json.loads(answer(f"{address}api/contents"))["content"]}
        solved = {entry["name"] for entry in json.loads(answer(f"{address}api/contents/solutions"))["content"]}
    names = {path.name for path in (ROOT / "notebooks").glob("*.ipynb")}
    assert (listed - {"solutions"}, solved) == (names, names)
    assert (installed.user / "lessons" / "sample_data" / "mapping.toml").is_file()
    assert installed.edited() == []
