"""Kernels that are there: pages' kernels are forked from one process that has imported all they need.

Where that process is not there, or does not answer, a kernel is started as Jupyter does.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import select
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any, ClassVar

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning.factory import KernelProvisionerFactory
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

log = logging.getLogger("workbench")

FORKED = "workbench-forked"
"""The name by which Jupyter's settings choose `ForkedKernel`."""
LAUNCHER = "ipykernel_launcher"
ANSWERS_WITHIN = 120
"""Seconds for the process to import everything and open a page, on a busy machine."""


class ForkedProcess:
    """A process that is another one's child, held by its descriptor: its number may be given to somebody else."""

    stdin = stdout = stderr = None

    def __init__(self, pid: int | None = None, descriptor: int = -1) -> None:
        self.pid, self._descriptor = pid, descriptor
        self.returncode = 0 if pid is None else None  # without a number it has ended before it began

    def poll(self) -> int | None:
        """Return None while it runs; how it ended only its parent is told."""
        if self.returncode is None and select.select([self._descriptor], [], [], 0)[0]:
            os.close(self._descriptor)
            self.returncode = 0
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Wait until it has ended."""
        if self.poll() is None and not select.select([self._descriptor], [], [], timeout)[0]:
            raise subprocess.TimeoutExpired(LAUNCHER, timeout or 0)
        self.poll()
        return 0

    def send_signal(self, number: int) -> None:
        """Send it a signal, where it still runs."""
        if self.poll() is None:
            signal.pidfd_send_signal(self._descriptor, number)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it."""
        self.send_signal(signal.SIGKILL)


class KernelTemplate:
    """The process that kernels are forked from, as the server sees it.

    It is asked for one kernel after another. While it has not answered in time, nobody else asks it; its late answer is
    a kernel whose place another one has taken meanwhile, which is ended. It goes on itself, with the pages of the
    kernels that it forked: they end with it. A process that is gone is replaced, if it has ever answered.

    Parameters
    ----------
    folder
        Where the pages are.
    opens_first
        The page that it opens once on the published data before the first kernel is forked; "" for none, where
        visitors may see different data. Nothing of the data stays: what stays is how its queries are written.
    answers_within
        Seconds for an answer.
    """

    def __init__(self, folder: Path, *, opens_first: str = "", answers_within: float = ANSWERS_WITHIN) -> None:
        self._turn = asyncio.Lock()
        self._words, self._answers_within = (str(folder), opens_first), answers_within
        self.is_stopped = False
        self._start()

    def _start(self) -> None:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            command = [sys.executable, "-m", "workbench.serving.kernel_template", str(theirs.fileno()), *self._words]
            self._process = subprocess.Popen(  # noqa: S603  our own module
                command,
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                start_new_session=True,  # what interrupts the server in its terminal is the server's to answer
            )
        ours.settimeout(self._answers_within)
        self._socket = ours
        self.answers, self._has_answered = True, False

    async def fork(self, command: Sequence[str], environment: Mapping[str, str], folder: str) -> ForkedProcess | None:
        """Return a new kernel's process; None where there is none to be had now."""
        request = {"arguments": list(command), "environment": dict(environment), "folder": folder}
        async with self._turn:
            return await asyncio.to_thread(self._ask, json.dumps(request).encode()) if self.answers else None

    def _ask(self, message: bytes) -> ForkedProcess | None:
        try:
            self._socket.send(message)
            return self._answer()
        except TimeoutError:
            self.answers = False
            log.warning(
                "No kernel was forked within %s s: until one is, kernels are started one by one.", self._answers_within
            )
            threading.Thread(target=self._catch_up, daemon=True).start()
        except OSError as error:
            self.answers = False
            if not self.is_stopped:
                self._replace(error)
        return None

    def _answer(self) -> ForkedProcess:
        answer, descriptors, _flags, _address = socket.recv_fds(self._socket, 1024, 1)
        if not descriptors:
            raise ChildProcessError(answer.decode() or "the process is gone")
        self._has_answered = True
        return ForkedProcess(int(answer), descriptors[0])

    def _catch_up(self) -> None:
        """Wait for the late answer, and end the kernel that it brings: it is on the ports of another one."""
        self._socket.settimeout(None)
        try:
            late = self._answer()
        except OSError as error:
            if not self.is_stopped:
                self._replace(error)
            return
        late.kill()
        late.wait()
        self._socket.settimeout(self._answers_within)
        self.answers = True

    def _replace(self, error: OSError) -> None:
        """Start the process anew where it is gone after it had answered; one that cannot fork is left alone."""
        if self._has_answered and self._process.poll() is not None:
            log.warning("The process that kernels are forked from is gone, and started anew (%s).", error)
            self._socket.close()
            self._start()
            if self.is_stopped:  # meanwhile
                self.stop()
        else:
            log.warning("A kernel could not be forked (%s): kernels are started one by one from now on.", error)

    def stop(self) -> None:
        """End the process; kernels that still run end by themselves."""
        self.is_stopped = True
        self._process.kill()
        self._process.wait()
        self._socket.close()


class ForkedKernel(LocalProvisioner):
    """Starts a kernel by forking, or as Jupyter does where that fails."""

    template: ClassVar[KernelTemplate | None] = None

    async def launch_kernel(self, cmd: list[str], **settings: Any) -> KernelConnectionInfo:
        """Start a kernel with the arguments of Jupyter's command for it."""
        template = ForkedKernel.template
        if template is None or LAUNCHER not in cmd:
            return await super().launch_kernel(cmd, **settings)
        arguments, folder = cmd[cmd.index(LAUNCHER) + 1 :], str(settings.get("cwd") or Path.cwd())
        process = await template.fork(arguments, settings.get("env") or os.environ, folder)
        if process is None and template.is_stopped:
            self.process = ForkedProcess()  # type: ignore[assignment]  # the server ends
            return self.connection_info
        if process is None:
            return await super().launch_kernel(cmd, **settings)
        self.process, self.cwd = process, Path(folder)  # type: ignore[assignment]
        self.pid = self.pgid = process.pid
        return self.connection_info


def offer_forked_kernels() -> None:
    """Let Jupyter find `ForkedKernel` by its name."""
    address = f"{ForkedKernel.__module__}:{ForkedKernel.__qualname__}"
    entry = EntryPoint(FORKED, address, KernelProvisionerFactory.GROUP_NAME)
    KernelProvisionerFactory.provisioners[FORKED] = entry


def can_fork() -> bool:
    """Whether this machine's system can fork a process and hold it by a descriptor: Linux can."""
    return hasattr(os, "fork") and hasattr(os, "pidfd_open") and hasattr(socket, "SOCK_SEQPACKET")
