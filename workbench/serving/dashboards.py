"""The dashboard server: stand-alone Voila with exactly our pages, our headers, and kernels that do not pile up."""

from __future__ import annotations

import asyncio
import os
import re
import secrets
import socket
import sys
import webbrowser
from collections.abc import Callable, Sequence
from functools import cache
from hashlib import sha256
from pathlib import Path
from shutil import rmtree
from typing import Any

from jupyter_core.utils import ensure_async
from tornado.httpserver import HTTPServer
from tornado.ioloop import IOLoop, PeriodicCallback
from tornado.netutil import bind_sockets
from tornado.web import GZipContentEncoding
from traitlets.config import Config
from voila.app import Voila  # type: ignore[import-untyped]

from workbench.errors import ChoiceError
from workbench.i18n import t
from workbench.pages.titles import titled_pages
from workbench.panels.known_decisions import DECISIONS_FOLDER
from workbench.scratch import scratch_folder, sweep_dead
from workbench.serving.forked_kernels import FORKED, ForkedKernel, KernelTemplate, can_fork, offer_forked_kernels
from workbench.serving.heated_kernels import PageClient
from workbench.serving.page_kernels import LOOK_EVERY_SECONDS, PING_SECONDS, SILENT_SECONDS, PageKernels, Turns
from workbench.serving.pages import (
    DashboardPage,
    DeleteView,
    NoLogin,
    NoPage,
    PageList,
    SaveView,
    State,
    Static,
    for_own_kernels,
)
from workbench.serving.policy import SecurityHeaders, check_framing
from workbench.serving.quiet import kernel_profile, not_about_trust, stop_at_signals
from workbench.serving.reader_language import login_for_readers
from workbench.serving.refusals import refusing, words
from workbench.serving.rights import read_rights
from workbench.serving.saved_views import SavedViews
from workbench.serving.shipped import shipped_dashboards, shipped_template
from workbench.widgets.assets import STATIC, vega_versions

USUAL_PORT = 8866

KEPT = ("/api/kernels/", "/voila/templates/", "/voila/static/", "/voila/api/themes/", "/voila/api/shutdown/",
        "/voila/query/", "/voila/labextensions/", "/login", "/logout")  # fmt: skip
"""Of Voila's own addresses only these are served: no file, no folder, no notebook by its path."""

CONNECTION_BOUNDS: dict[str, Any] = {"idle_connection_timeout": 90, "body_timeout": 30, "max_body_size": 1 << 20}
"""Of a connection: seconds without a request, or with half of one's head; seconds for a body, and its bytes.

Only the login and saved views send a body; files are uploaded through the web socket."""
UNREAD_SECONDS = 60
"""So long a connection stays whose other end takes nothing of what was sent to it."""
START_SECONDS = 180
"""So long a page waits for its kernel to answer at all; a busy machine took more than Jupyter's minute."""
OUTPUTS_SECONDS = 180
"""So long a page waits for what its kernel shows, once the kernel says that it is done.

A page has hundreds of messages, and a server that makes several of them is behind by more than the usual four seconds
on a busy machine: pages without anything on them were the result.
"""


OF_ONE_KERNEL = re.compile("/api/(kernels|shutdown)/")


class Dashboards(Voila):  # type: ignore[misc]
    """Voila with our pages at `/` and `/<page>`, our template and our headers on every answer."""

    shared: dict[str, Any]
    looking: PeriodicCallback

    def stop(self) -> None:
        """End every kernel at once: one that is still starting would end politely with a traceback."""
        self.looking.stop()
        if ForkedKernel.template:
            ForkedKernel.template.stop()
        IOLoop.current().run_sync(self._end_kernels)  # the loop in which they were started
        rmtree(self.connection_dir, ignore_errors=True)
        sweep_dead()

    async def _end_kernels(self) -> None:
        """End those that are there; one that is still starting is not yet known by the name it would be ended by."""
        while starting := list(self.kernel_manager._pending_kernels.values()):
            await asyncio.gather(*starting, return_exceptions=True)
        await ensure_async(self.kernel_manager.shutdown_all(now=True))

    def listen(self) -> None:
        """Serve with bounds: whoever connects and then sends, or reads, nothing is hung up on."""
        self.app.listen = self._listen_with_bounds
        super().listen()

    def _listen_with_bounds(self, port: int, ip: str) -> None:
        server = HTTPServer(self.app, **CONNECTION_BOUNDS)
        sockets = bind_sockets(port, ip)
        for one in sockets:
            if hasattr(socket, "TCP_USER_TIMEOUT"):  # Linux; what is accepted has it from the socket that listens
                one.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, UNREAD_SECONDS * 1000)
        server.add_sockets(sockets)

    def setup_template_dirs(self) -> None:
        """Put our template before Voila's own."""
        super().setup_template_dirs()
        self.template_paths.insert(0, str(shipped_template()))

    def init_settings(self) -> dict[str, Any]:
        """Add the headers and compression to every answer, our login page, and our page for what does not exist."""
        settings: dict[str, Any] = super().init_settings()
        self.shared["kernels"].manager = self.kernel_manager
        self.shared["kernels"].spare_those_being_made()
        settings["jinja2_env"].loader.searchpath.insert(0, str(shipped_template()))
        settings["jinja2_env"].globals.update(look=self.shared["look"], **self.shared["look"])
        headers = type("Headers", (SecurityHeaders,), {"framed_by": self.shared["framed_by"]})
        settings["transforms"] = [headers, GZipContentEncoding]
        settings["default_handler_class"] = NoPage
        settings["default_handler_args"] = {"shared": self.shared}
        return settings

    def init_handlers(self) -> list[Any]:
        """Serve what a page needs and nothing else."""
        base = self.server_url.rstrip("/")
        kept = [entry for entry in super().init_handlers() if entry[0].removeprefix(base).startswith(KEPT)]
        kept = [
            (address, login_for_readers(handler, self.shared) if address == f"{base}/login" else handler, *others)
            for address, handler, *others in kept
        ]
        kept = [(address, refusing(handler, self.shared), *others) for address, handler, *others in kept]
        kept = [
            (address, for_own_kernels(handler, self.shared) if OF_ONE_KERNEL.search(address) else handler, *others)
            for address, handler, *others in kept
        ]
        shared = {"shared": self.shared}
        voila = {
            "template_paths": self.template_paths,
            "config": self.config,
            "voila_configuration": self.voila_configuration,
        }
        ours = [
            (rf"{base}/?", PageList, shared),
            (rf"{base}/login", NoLogin, shared),  # after Voila's own, where there is one
            (rf"{base}/workbench/views", SaveView, shared),
            (rf"{base}/workbench/views/(\w+)/delete", DeleteView, shared),
            (rf"{base}/workbench/static/(.*)", Static, {"path": str(STATIC)}),
            (rf"{base}/workbench/state/([\w-]+)", for_own_kernels(State, self.shared), shared),
            (rf"{base}/([\w-]+)", DashboardPage, {**shared, **voila}),
        ]
        return [*kept, *ours]


def serve_dashboards(
    store: Path | str,
    *,
    port: int | None = None,
    open_browser: bool = True,
    lang: str = "zh",
    folder: Path | None = None,
    ip: str = "127.0.0.1",
    base_url: str = "/",
    token: str | None = None,
    login_header: str = "",
    proxies: Sequence[str] = (),
    rights: Path | str | None = None,
    hosts: Sequence[str] = (),
    framed_by: Sequence[str] = (),
    pool: int = 1,
    idle_minutes: float = 30,
    most_kernels: int = 30,
    say: Callable[[str], object] | None = None,
) -> int:
    """Serve the folder's dashboards of a published store until interrupted; print the address with its token.

    Without a token one is made (or taken from WORKBENCH_TOKEN). With `login_header` the login of a proxy in front
    counts instead, from this machine or from `proxies`; `rights` is a file that binds such logins to regions. `hosts`
    are the names under which a proxy serves the pages, `framed_by` the hosts whose pages may show them in a frame.
    """
    framing = check_framing(framed_by)
    if port and not _is_free(ip, port):
        raise ChoiceError("port_taken", port=port)
    port = port or _free_port(ip)
    if rights and not login_header:
        raise ChoiceError("rights_without_login")
    read = read_rights(Path(rights), store) if rights else None
    pool = 0 if read else pool  # whose data a kernel reads must be known before it starts
    base_url = f"/{base_url.strip('/')}/".replace("//", "/")
    token = "" if login_header else token or os.environ.get("WORKBENCH_TOKEN") or secrets.token_urlsafe(24)
    folder = folder or shipped_dashboards()
    config = dashboard_config(
        folder, ip=ip, port=port, base_url=base_url, token=token, login_header=login_header,
        proxies=proxies, hosts=hosts, lang=lang, pool=pool, idle_minutes=idle_minutes,
    )  # fmt: skip
    profile = kernel_profile()
    seen = os.devnull if read else store  # with rights, each kernel is told of the store that its visitor may see
    decisions = scratch_folder("decisions")
    kept_in = "" if read else decisions.name  # what is decided for one login is no other's
    environment = kernel_environment(seen, lang=lang, login_header=login_header, decisions=kept_in)
    os.environ.update(environment, IPYTHONDIR=profile.name)
    server = Dashboards(config=Config(config))
    server.log.addFilter(not_about_trust)
    server.shared = {
        **shared_by_answers(folder, store, base_url, lang, most_kernels),
        "framed_by": framing,
        "has_logins": bool(login_header),
        "rights": read,
    }
    server.connection_dir_root = profile.name  # its keys go with it, also where this process is killed
    server.initialize([])
    if can_fork():
        offer_forked_kernels()
        ForkedKernel.template = KernelTemplate(folder, opens_first=server.shared["pages"][0] if pool else "")
    address = f"http://{ip}:{port}{base_url}" + (f"?token={token}" if token else "")

    def ready() -> None:
        stop_at_signals()
        (say or _print)(t("pages.serving", lang, address=address))
        if open_browser:
            webbrowser.open(address)

    server.looking = PeriodicCallback(server.shared["kernels"].end_left, LOOK_EVERY_SECONDS * 1000)
    server.looking.start()
    IOLoop.current().add_callback(ready)
    try:
        server.start()
    finally:
        if ForkedKernel.template:
            ForkedKernel.template.stop()
        profile.cleanup()
        decisions.cleanup()
    return 0


def dashboard_config(
    folder: Path,
    *,
    port: int,
    token: str,
    ip: str = "127.0.0.1",
    base_url: str = "/",
    login_header: str = "",
    proxies: Sequence[str] = (),
    hosts: Sequence[str] = (),
    lang: str = "zh",
    pool: int = 1,
    idle_minutes: float = 30,
) -> dict[str, Any]:
    """Return every setting of Voila and Jupyter that we choose; no configuration file of the machine is read."""
    if not token and not login_header:
        raise ChoiceError("no_login")
    template = shipped_template()
    return {
        "Voila": {
            "ip": ip,
            "port": port,
            "port_retries": 0,  # preheated kernels get the port before it is bound
            "base_url": base_url,
            "root_dir": str(folder),
            "open_browser": False,
            "config_file_paths": [],
            "token": token,
            "log_level": "WARN",
            "identity_provider_class": "workbench.serving.identity.ProxyLogin"
            if login_header
            else "jupyter_server.auth.identity.PasswordIdentityProvider",
            "tornado_settings": {
                "allow_remote_access": False,  # other names of this machine are refused: no rebinding of names
                "local_hostnames": ["localhost", *hosts],
                "ws_ping_interval": PING_SECONDS * 1000,
                "ws_ping_timeout": SILENT_SECONDS * 1000,
            },
        },
        "ProxyLogin": {"header": login_header, "proxies": list(proxies)},
        "PasswordIdentityProvider": {"allow_password_change": False},
        "TemplateExporter": {"extra_template_basedirs": [str(template.parent)]},
        "VoilaConfiguration": {
            "template": template.name,
            "theme": "light",
            "allow_template_override": "NO",
            "allow_theme_override": "NO",
            "strip_sources": True,
            "show_tracebacks": False,
            "file_allowlist": ["(?!)"],
            "extension_allowlist": [
                "@jupyter-widgets/jupyterlab-manager",
                "@voila-dashboards/widgets-manager8",
                "anywidget",
            ],
            "http_header_envs": [login_header] if login_header else [],
            "preheat_kernel": pool > 0,
            "default_pool_size": pool,
            "resources": {"workbench": look(base_url, lang)},
        },
        "VoilaKernelManager": {
            "fill_delay": 0.0,
            "kernel_pools_config": {
                "default": {"pool_size": pool},
                # most begin at the first page, and often two at a time
                **{f"{name}.ipynb": {"pool_size": pool + 1} for name in ordered_pages(folder)[:1]},
            },
        },
        "VoilaExecutor": {
            "startup_timeout": START_SECONDS,
            "iopub_timeout": OUTPUTS_SECONDS,
            "raise_on_iopub_timeout": True,  # the page then says that it failed
        },
        "KernelProvisionerFactory": {"default_provisioner_name": FORKED if can_fork() else "local-provisioner"},
        "KernelManager": {
            "autorestart": False,  # an empty kernel of the same name would pass for the page's
            "client_factory": PageClient,
        },
        "MappingKernelManager": {
            "cull_idle_timeout": int(idle_minutes * 60),
            "cull_interval": max(1, min(60, int(idle_minutes * 60 / 4))),
            "cull_connected": True,  # the banner of a page left open says so
            "cull_busy": False,
        },
    }


def kernel_environment(store: Path | str, *, lang: str, login_header: str = "", decisions: str = "") -> dict[str, str]:
    """Return what every dashboard kernel finds in its environment: the store, its share of the machine, the reader.

    `decisions` is the folder of what all of them know to be hidden under a setting.
    """
    return {
        "WORKBENCH_STORE": str(Path(store).resolve()),
        "WORKBENCH_PUBLISHED": "1",
        "WORKBENCH_LANG": lang,
        "WORKBENCH_WHO": "token",
        "WORKBENCH_LOGIN_HEADER": login_header,
        DECISIONS_FOLDER: decisions,
        "WORKBENCH_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "MKL_NUM_THREADS": "1",
        "NO_PROXY": "127.0.0.1,localhost",
        "no_proxy": "127.0.0.1,localhost",
    }


def ordered_pages(folder: Path) -> list[str]:
    """Return the names of a folder's pages, those that ship first, as their titles are ordered."""
    usual = titled_pages()
    names = sorted(path.stem for path in folder.glob("*.ipynb"))
    return [name for name in usual if name in names] + [name for name in names if name not in usual]


def shared_by_answers(folder: Path, store: Path | str, base_url: str, lang: str, most_kernels: int) -> dict[str, Any]:
    """Return what the answers of one server share."""
    ordered = ordered_pages(folder)
    return {
        "pages": ordered,
        "store": store,
        "lang": lang,
        "kernels": PageKernels(most_kernels),
        "turns": Turns(),
        "views": SavedViews(store, ordered),
        "look": look(base_url, lang),
    }


def look(base_url: str, lang: str) -> dict[str, Any]:
    """Return what every template uses: addresses with their version, and the words of all pages."""
    return {
        "lang": lang,
        "base_url": base_url,
        "static": f"{base_url}workbench/static/",
        "versions": {path.name: _version(path) for path in STATIC.iterdir() if path.is_file()},
        "vega": vega_versions(),
        "words": words("pages."),
    }


@cache
def _version(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()[:16]


def _is_free(ip: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        return not _refuses(probe, ip, port)


def _refuses(probe: socket.socket, ip: str, port: int) -> bool:
    try:
        probe.bind((ip, port))
    except OSError:
        return True
    return False


def _free_port(ip: str) -> int:
    if _is_free(ip, USUAL_PORT):
        return USUAL_PORT
    with socket.socket() as probe:
        probe.bind((ip, 0))
        return int(probe.getsockname()[1])


def _print(text: str) -> None:
    print(text, file=sys.stdout, flush=True)  # noqa: T201
