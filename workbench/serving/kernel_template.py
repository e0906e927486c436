"""The process that pages' kernels are forked from: it has imported everything, and opened pages, before anybody asks.

It answers on one end of a pair of sockets, and ends when the other one is closed. It never holds data when it forks:
the stores of the pages it opened are closed, and no thread of its own runs. While nobody asks it decides what pages
hide under the settings that are chosen most: one region, one customer type, one of the usual periods.
"""

from __future__ import annotations

import gc
import json
import logging
import os
import select
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any, TypeVar

from workbench.discovery import topic_module, topics
from workbench.errors import WorkbenchError
from workbench.i18n import usual_language
from workbench.panels.filters import Filters
from workbench.panels.periods import PERIODS
from workbench.panels.session import Session
from workbench.panels.standing import decide_alike
from workbench.store import open_store

log = logging.getLogger("workbench")

Reply = TypeVar("Reply")

LONGEST_MESSAGE = 1 << 20
ALSO_IMPORTED = ("ipykernel.kernelapp", "ipykernel.ipkernel", "voila.utils", "workbench.pages.board")
QUIET_SECONDS = 2.0
"""Where nobody asks for so long, the next page is opened: visitors come first."""


def main(descriptor: int, folder: Path, opens_first: str) -> None:
    """Import, open the first page, then answer; go on with the work ahead while nobody asks."""
    import_all()
    work = work_ahead(folder, opens_first) if opens_first else iter(())
    next(work, None)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # children are not waited for: who asked for one holds it
    with socket.socket(fileno=descriptor) as server:
        while True:
            rest()
            while not select.select([server], [], [], QUIET_SECONDS)[0] and next(work, None):
                rest()
            message = server.recv(LONGEST_MESSAGE)
            if not message:
                return
            wish = json.loads(message)
            if threading.active_count() > 1:
                server.send(b"threads are running")
            elif is_child(server):
                server.close()
                become_kernel(**wish)
                return


def is_child(server: socket.socket) -> bool:
    """Fork; tell the child from the parent, which hands the child's number and descriptor on."""
    pid = os.fork()
    if pid == 0:
        return True
    try:
        child = os.pidfd_open(pid)
    except OSError as error:
        server.send(str(error).encode())
        return False
    socket.send_fds(server, [str(pid).encode()], [child])
    os.close(child)
    return False


def import_all() -> None:
    """Import what a page's kernel needs, which takes longer than all it does for a page."""
    for module in ALSO_IMPORTED:
        import_module(module)
    for name, declared in topics().items():
        if declared.page:
            topic_module(name, "panel")


def work_ahead(folder: Path, opens_first: str) -> Iterator[str]:
    """Do what visitors would wait for, piece by piece; name each that is done."""
    pages = sorted(folder.glob("*.ipynb"), key=lambda path: (path.stem != opens_first, path.stem))
    for page in pages:
        open_page(page)
        yield page.stem
    for filters in with_published(usual_settings) or ():
        with_published(partial(decide_alike, filters=filters))
        yield filters.code()


def with_published(do: Callable[[Session], Reply]) -> Reply | None:
    """Do something with a session on the published data, and close it; None where there are none yet, or it failed."""
    try:
        with open_store(published=True) as store:
            return do(Session(store, lang=usual_language()))
    except WorkbenchError:
        log.info("There is nothing yet whose settings could be gone through.")
    except Exception:
        log.exception("A setting could not be gone through ahead.")
    return None


def usual_settings(session: Session) -> list[Filters]:
    """Return the settings that are offered and differ from the one a page opens with by one choice."""
    choices, opened = session.choices(), session.filters
    ends = [period(session.store.snapshot.as_of) for period in PERIODS.values()]
    settings = [replace(opened, since=since, until=until) for since, until in ends]
    settings += [replace(opened, regions=(region,)) for region in choices["regions"]]
    settings += [replace(opened, customer_types=(one,)) for one in choices["customer_types"]]
    others = [filters for filters in dict.fromkeys(settings) if filters != opened]
    return [filters for filters in others if session.at(filters).allows("transactions")]


def open_page(notebook: Path) -> None:
    """Open a page as a visitor would, and close it: its modules, compilers and queries are known from then on."""
    from ipywidgets import Widget

    names: dict[str, Any] = {}
    try:
        for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]:
            if cell["cell_type"] == "code":
                lines, _, last = "".join(cell["source"]).rstrip().rpartition("\n")
                exec(lines, names)  # noqa: S102  our own notebook, as its kernel would
                eval(last, names).session.store.close()  # noqa: S307
    except WorkbenchError:
        log.info("The page %s has nothing to open yet.", notebook.stem)
    except Exception:
        log.exception("The page %s could not be opened ahead.", notebook.stem)
    finally:
        Widget.close_all()


def rest() -> None:
    """Leave memory as it is, so that children share it: what is there now is looked at by no collection."""
    gc.collect()
    gc.freeze()


def become_kernel(arguments: list[str], environment: dict[str, str], folder: str) -> None:
    """Go on as the kernel that was asked for, in the child."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.setsid()
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["ipykernel_launcher", *arguments]

    import ipywidgets
    from ipykernel.kernelapp import IPKernelApp

    app: Any = IPKernelApp.instance(parent_handle=os.getppid())  # it ends when the process that it was forked from does
    app.initialize()
    ipywidgets.register_comm_target()  # at its import there was no kernel to do it for
    app.start()


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
