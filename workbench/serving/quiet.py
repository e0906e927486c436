"""What the terminal below the address is spared: warnings that are true of every page and tell nobody anything."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
from pathlib import Path
from tempfile import TemporaryDirectory

from tornado.ioloop import IOLoop

from workbench.scratch import scratch_folder

KERNEL_CONFIG = """
c.IPKernelApp.log_level = 40  # every kernel warns that it talks over this machine's own TCP, as all kernels do
c.HistoryManager.enabled = False  # pages run our notebooks: there is no typed code to remember
"""

SIGNALS = (signal.SIGINT, signal.SIGTERM)


def not_about_trust(record: logging.LogRecord) -> bool:
    """Keep a record unless it says that a notebook is not trusted: outputs are never shown, pages run the code."""
    return "is not trusted" not in record.getMessage()


def kernel_profile() -> TemporaryDirectory[str]:
    """Make a folder of settings for kernels that nobody's own IPython settings or start-up files reach."""
    folder = scratch_folder("kernels")
    profile = Path(folder.name) / "profile_default"
    profile.mkdir()
    (profile / "ipython_kernel_config.py").write_text(KERNEL_CONFIG, encoding="utf-8")
    return folder


def stop_at_signals() -> None:
    """Let the first signal to stop end the server's loop between two of its steps; the second one breaks it off.

    An interrupt in the middle of a step leaves the traceback of whatever page was being made just then.
    """
    loop, io_loop = asyncio.get_running_loop(), IOLoop.current()

    def stop() -> None:
        for one in SIGNALS:
            loop.remove_signal_handler(one)
        io_loop.stop()

    with contextlib.suppress(NotImplementedError, RuntimeError, ValueError):  # Windows, or not the main thread
        for one in SIGNALS:
            loop.add_signal_handler(one, stop)
