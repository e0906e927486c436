"""Who may look: a token by default, or the login that a proxy in front names in a header."""

from __future__ import annotations

from ipaddress import ip_address

from jupyter_server.auth import IdentityProvider, User
from tornado.web import RequestHandler
from traitlets import List, Unicode


class ProxyLogin(IdentityProvider):
    """Takes the user from a header that a proxy sets, and only from a proxy we trust (by default: on this machine).

    The proxy must remove that header from what browsers send; without it, or from elsewhere, nobody is let in.
    """

    header = Unicode(config=True, help="The header in which the proxy names the user.")
    proxies = List(Unicode(), config=True, help="Addresses of trusted proxies beside this machine's own.")

    @property
    def auth_enabled(self) -> bool:
        """Say that a login is needed, always."""
        return True

    @property
    def login_available(self) -> bool:
        """Say that there is no login form here: the proxy has it."""
        return False

    def get_user(self, handler: RequestHandler) -> User | None:
        """Return the user the proxy names, or nobody."""
        peer = handler.request.remote_ip or ""
        name = handler.request.headers.get(self.header, "").strip()
        return User(username=name) if name and self._trusted(peer) else None

    def _trusted(self, peer: str) -> bool:
        try:
            return peer in self.proxies or ip_address(peer).is_loopback
        except ValueError:
            return False
