"""Notebooks run as JupyterLab runs them, one after another in one kernel that forgets the one before."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import nbformat
from jupyter_client import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.util import run_sync

ROOT = Path(__file__).resolve().parent.parent

FORGET = """
import os, sys
if "tests.remembered_sql" not in sys.modules:
    sys.path.append({root!r})
    from tests.remembered_sql import remember_sql
    remember_sql()
os.chdir({folder!r})
os.environ.update({environment})
for name in [name for name in sys.modules if name.partition(".")[0] == "workbench"]:
    del sys.modules[name]
get_ipython().run_line_magic("reset", "-sf")
"""
"""Starting a kernel and importing the libraries below the workbench takes longer than most notebooks."""


class RunNotebook(Protocol):
    """Run the notebook of a path in a folder, with these variables set; the client holds cells, outputs and widgets."""

    def __call__(self, path: Path, folder: Path, **environment: str) -> NotebookClient: ...


@contextmanager
def kernel(where: Path) -> Iterator[RunNotebook]:
    """Start a kernel in a folder and run notebooks in it."""
    manager = AsyncKernelManager(kernel_name="python3")
    run_sync(manager.start_kernel)(cwd=str(where))

    def run(path: Path, folder: Path, **environment: str) -> NotebookClient:
        notebook = nbformat.read(path, as_version=4)
        forget = FORGET.format(root=str(ROOT), folder=str(folder), environment=json.dumps(environment))
        notebook.cells.insert(0, nbformat.v4.new_code_cell(forget))
        client = NotebookClient(notebook, km=manager, timeout=300)
        try:
            client.execute()
        finally:
            if client.kc:
                client.kc.stop_channels()
        return client

    try:
        yield run
    finally:
        run_sync(manager.shutdown_kernel)(now=True)
