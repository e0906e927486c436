"""What the dashboard server answers itself: the list of pages, a page, its state, and that there is none."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

from jupyter_core.utils import ensure_async
from jupyter_server.base.handlers import JupyterHandler
from tornado.ioloop import IOLoop
from tornado.web import HTTPError, RequestHandler, StaticFileHandler, authenticated
from tornado.websocket import WebSocketHandler
from voila.tornado.handler import TornadoVoilaHandler  # type: ignore[import-untyped]

from workbench.errors import ChoiceError, WorkbenchError
from workbench.i18n import LANGUAGES
from workbench.serving.heated_kernels import has_made
from workbench.serving.page_kernels import SIGN_SECONDS, Place, TakenFor
from workbench.serving.refusals import HouseErrors, words
from workbench.serving.saved_views import SavedView
from workbench.store import current_id

FAILED = '<meta name="wb-failed">'
"""What `index.html.j2` writes, too, where a cell failed; the page's script then says so."""

HEATED_SECONDS = 0.2
"""Who waits for a turn looks this often whether a heated kernel has made its page meanwhile."""


def login_of(handler: JupyterHandler, shared: Mapping[str, Any]) -> str:
    """Return who asks: what the proxy says; nobody in particular where a token is all there is."""
    user = handler.current_user
    return user.username if user and shared["has_logins"] else ""


def for_own_kernels(handler: type[RequestHandler], shared: Mapping[str, Any]) -> type[RequestHandler]:
    """Return a handler of kernels that serves a login only the kernels of its own pages, whatever id it knows."""

    class OwnKernels(handler):  # type: ignore[misc, valid-type]
        async def prepare(self, **settings: Any) -> None:
            await ensure_async(super().prepare(**settings))
            kernel = self.path_kwargs.get("kernel_id") or next(iter(self.path_args), "")
            login = login_of(self, shared)
            if login and not shared["kernels"].belongs_to(str(kernel), login):
                raise HTTPError(403)
            if issubclass(handler, WebSocketHandler) and not await shared["kernels"].is_alive(str(kernel)):
                raise HTTPError(404)  # Jupyter would wait a minute for a dead one to come back

    return OwnKernels


class HouseHandler(HouseErrors, JupyterHandler):
    """An answer in the house's look; an error is a page of ours too."""

    def initialize(self, shared: Mapping[str, Any]) -> None:
        """Take what all answers share: the folder's pages, the store, the default language."""
        self.shared = shared

    @property
    def login(self) -> str:
        """Who looks: what the proxy says; nobody in particular where a token is all there is."""
        return login_of(self, self.shared)

    def has_no_rights(self) -> bool:
        """Say to a login to which no region is bound that there is nothing for it; say whether it was so."""
        rights = self.shared["rights"]
        if rights is None or rights.admits(self.login):
            return False
        self.refuse(403, "no_rights")
        return True

    def refuse(self, status: int, words_key: str) -> None:
        """Show a page that says why there is nothing to see."""
        self.set_status(status)
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.finish(self.page("error.html", status=status, text=words("pages.errors.")[words_key]))

    def without_token(self) -> bool:
        """Redirect to the same address without the token, once it has become a cookie; say whether it did."""
        if not self.get_query_argument("token", ""):
            return False
        others = {name: self.get_query_arguments(name) for name in self.request.query_arguments if name != "token"}
        query = urlencode(others, doseq=True)
        self.redirect(self.request.path + (f"?{query}" if query else ""))
        return True


class NoPage(HouseHandler):
    """Any address that is none of ours."""

    async def prepare(self, **_: Any) -> None:
        """Refuse before anything else, whatever the method."""
        raise HTTPError(404)


class NoLogin(HouseHandler):
    """The login address where a proxy has the login: whoever is sent here came without one."""

    async def prepare(self, **_: Any) -> None:
        """Refuse before anything else, whatever the method."""
        raise HTTPError(403)


class PageList(HouseHandler):
    """The list of dashboards, in both languages."""

    @authenticated
    def get(self) -> None:
        """Show the list."""
        if not (self.without_token() or self.has_no_rights()):
            self.show_list()

    def show_list(self, failed: ChoiceError | None = None) -> None:
        """Show the pages, and the views that this visitor may see."""
        rights, views = self.shared["rights"], list[SavedView]()
        try:
            views = self.shared["views"].listed(rights.regions[self.login] if rights else ())
        except ChoiceError as error:
            failed = error
        said = failed and {lang: failed.words(lang) for lang in LANGUAGES}
        shown = {"names": self.shared["pages"], "views": views, "failed": said}
        self.finish(self.page("list.html", login=self.login, xsrf_form_html=self.xsrf_form_html, **shown))


class SaveView(HouseHandler):
    """Keeps the address of a page under a name. A page of another site cannot ask for it: it knows no XSRF token."""

    @authenticated
    def post(self) -> None:
        """Answer in JSON what became of it, in both languages."""
        self.check_xsrf_cookie()
        if self.has_no_rights():
            return
        address = urlsplit(self.get_body_argument("address"))
        page = address.path.removeprefix(self.shared["look"]["base_url"])
        try:
            self.shared["views"].save(self.get_body_argument("name"), page, address.query, self.login)
        except ChoiceError as error:
            self.set_status(400)
            self.finish({lang: error.words(lang) for lang in LANGUAGES})
        else:
            self.finish(dict(words("pages.views.")["saved"]))


class DeleteView(PageList):
    """Forgets a saved view and shows the list again."""

    @authenticated
    def post(self, view_id: str) -> None:
        """Delete it for whoever saved it."""
        self.check_xsrf_cookie()
        if self.has_no_rights():
            return
        try:
            self.shared["views"].delete(view_id, self.login)
        except ChoiceError as error:
            self.set_status(403)
            self.show_list(error)
        else:
            self.redirect(self.shared["look"]["base_url"])


class State(HouseHandler):
    """Whether a page's kernel still lives and which snapshot is current, for the banner; no kernel is woken by it."""

    @authenticated
    async def get(self, kernel_id: str) -> None:
        """Answer in JSON; with the host a proxy passed on, by which a page tells why its web socket is refused."""
        rights = self.shared["rights"]
        try:
            store = self.shared["store"]
            snapshot = rights.snapshot_for(self.login) if rights else current_id(store, published=True)
        except (WorkbenchError, OSError):
            snapshot = ""  # the page itself says that a store is gone, when it asks for rows
        alive = await self.shared["kernels"].is_alive(kernel_id)
        self.finish({"alive": alive, "snapshot": snapshot, "host": self.request.host})


class DashboardPage(HouseHandler, TornadoVoilaHandler):  # type: ignore[misc]
    """One dashboard: exactly the notebooks of the folder, nothing below it and nothing beside it."""

    def initialize(self, shared: Mapping[str, Any], **kwargs: Any) -> None:
        """Take what all answers share, and Voila's own."""
        self._place: Place | None = None
        self._environment: dict[str, str] = {}
        self._turn: asyncio.Future[Callable[[], None]] | None = None
        HouseHandler.initialize(self, shared)
        TornadoVoilaHandler.initialize(self, **kwargs)

    @property
    def lang(self) -> str:
        """The language of the page's kernel, which knows no browser: the one asked for, else the server's."""
        language = self.get_query_argument("lang", "")
        return language if language in LANGUAGES else str(self.shared["lang"])

    async def get(self, path: str | None = None) -> None:
        """Run the notebook for this visitor and stream its page."""
        if path not in self.shared["pages"]:
            raise HTTPError(404)
        if self.current_user and self.without_token():
            return
        if not self.current_user:
            await ensure_async(super().get(f"{path}.ipynb"))  # to the login
            return
        if self.has_no_rights():
            return
        place = await self.shared["kernels"].place(self.login)
        if place is None:
            raise HTTPError(503)
        self._place = place
        self.xsrf_token  # noqa: B018  sets the cookie with which a closing page may shut its kernel down
        try:
            if self.shared["rights"]:  # the kernel is told of no other store
                store = await IOLoop.current().run_in_executor(None, self.shared["rights"].store_for, self.login)
                self._environment = {"WORKBENCH_STORE": str(store)}
            await ensure_async(super().get(f"{path}.ipynb"))
        finally:
            self._give_turn_back()
            self.shared["kernels"].deliver(place)

    async def get_generator(self, path: str | None = None) -> AsyncIterator[str]:
        """Stream the page; where its kernel dies meanwhile, end with the sign by which the page says that it failed.

        Voila would send signs of life without end, for a page that never comes.
        """
        signed = time.monotonic()
        while not has_made(self.kernel_manager, str(path)):
            self._turn = self._turn or asyncio.ensure_future(self.shared["turns"].take())
            await asyncio.wait({self._turn}, timeout=HEATED_SECONDS)
            if self._turn.done():
                break
            if time.monotonic() - signed >= SIGN_SECONDS:
                signed = time.monotonic()
                yield "\n"  # a blank line before a page shows nothing
        else:  # nothing is left to compute, so that others may have the turn
            self._give_turn_back()
        try:
            async for part in super().get_generator(path):
                if await self._has_died():
                    yield FAILED
                    return
                yield part
        except Exception:  # what waits for a kernel raises several where it has died, or was ended meanwhile
            if not await self._has_died():
                raise
            yield FAILED

    def _give_turn_back(self) -> None:
        """Let others make their pages, whether it was our turn or we still waited for it."""
        if self._turn and not self._turn.cancel() and not self._turn.cancelled():
            self._turn.result()()
        self._turn = None

    async def _has_died(self) -> bool:
        kernel = self._place.kernel_id if self._place else ""
        return bool(kernel) and not await self.shared["kernels"].is_alive(kernel)

    @property
    def kernel_manager(self) -> Any:
        """The server's kernels; the one this request takes is noted."""
        manager = super().kernel_manager
        return TakenFor(manager, self._place, self._environment) if self._place else manager


class Static(StaticFileHandler):
    """Our scripts and styles; they carry their version in the address, so browsers may keep them."""

    def get_cache_time(self, *_: Any) -> int:
        """Keep versioned files a year, others not at all."""
        return 86400 * 365 if self.get_query_argument("v", "") else 0
