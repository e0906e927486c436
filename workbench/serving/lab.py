"""JupyterLab for analysts and learners, with everything off that would ask the network."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from workbench.serving.lesson_copies import own_lessons
from workbench.serving.policy import HEADERS, lab_policy
from workbench.serving.shipped import shipped_notebooks

SETTINGS = Path(__file__).parent / "jupyter"
"""Jupyter configuration folders with our defaults by language: no news, no check for updates, Chinese menus."""
EXTENSIONS = SETTINGS / "labextensions"
"""JupyterLab's part in the lessons: their text in one language before any cell is run."""
SOLUTIONS = "solutions"
USUALLY_HIDDEN = ("__pycache__", "*.pyc", "*.pyo", ".DS_Store", "*~")
"""What Jupyter itself leaves out of the list of files."""


def serve_lab(
    store: Path | str,
    *,
    folder: Path | None = None,
    port: int | None = None,
    open_browser: bool = True,
    lang: str = "zh",
    lesson: str | None = None,
    solutions: bool = False,
) -> int:
    """Open JupyterLab at the folder of notebooks (or one lesson) until it is closed; without one at `own_lessons()`.

    The worked exercises are in the list of files for trainers only (`solutions`).
    """
    place = folder or own_lessons().folder
    command = lab_command(place, port=port, open_browser=open_browser, lesson=lesson, solutions=solutions)
    environment = {**os.environ, **lab_environment(store, lang)}
    return subprocess.run(command, cwd=place, env=environment, check=False).returncode  # noqa: S603  our own command


def lab_command(
    folder: Path, *, port: int | None, open_browser: bool, lesson: str | None = None, solutions: bool = False
) -> list[str]:
    """Return the command that starts JupyterLab."""
    settings: dict[str, Any] = {
        "ServerApp.root_dir": str(folder),
        "ServerApp.open_browser": open_browser,
        "ServerApp.tornado_settings": {"headers": {**HEADERS, "Content-Security-Policy": lab_policy()}},
        "ServerApp.jpserver_extensions": {"voila.server_extension": False},  # pages run for viewers stand-alone only
        "LabApp.extension_manager": "readonly",
        "LabApp.extra_labextensions_path": str(EXTENSIONS),
        "LabApp.default_url": f"/lab/tree/{lesson}.ipynb" if lesson else "/lab",
    }
    if port:
        settings |= {"ServerApp.port": port, "ServerApp.port_retries": 0}
    hidden = USUALLY_HIDDEN if solutions else (*USUALLY_HIDDEN, SOLUTIONS)
    chosen = [f"--{name}={value}" for name, value in settings.items()]
    chosen += [f"--ContentsManager.hide_globs={name}" for name in hidden]
    return [sys.executable, "-m", "workbench.serving.start_lab", *chosen]


def lab_environment(store: Path | str, lang: str) -> dict[str, str]:
    """Return what JupyterLab and its kernels find in their environment."""
    others = os.environ.get("JUPYTER_CONFIG_PATH", "")
    return {
        "WORKBENCH_STORE": str(Path(store).resolve()),
        "WORKBENCH_LANG": lang,
        "JUPYTER_CONFIG_PATH": os.pathsep.join(filter(None, [str(SETTINGS / lang), others])),
    }


def lesson_title(path: Path, lang: str) -> str:
    """Return the title of a lesson: what its first heading says in a language, else its name."""
    first = json.loads(path.read_text(encoding="utf-8"))["cells"][0]
    said = re.search(rf'<span lang="{lang}">(.*?)</span>', "".join(first["source"]))
    return said[1] if said else path.stem


def lessons(folder: Path | None = None) -> list[str]:
    """Return the names of the lessons, in their order."""
    return sorted(path.stem for path in (folder or shipped_notebooks()).glob("*.ipynb"))
