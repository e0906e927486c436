"""Where a database is. The password is kept apart from what is shown, stored or logged."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Literal
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlsplit

from workbench.errors import LoadError

DatabaseKind = Literal["postgresql", "mysql", "sqlite", "duckdb"]
SCHEMES: Mapping[str, DatabaseKind] = MappingProxyType(
    {
        "postgresql": "postgresql",
        "postgres": "postgresql",
        "mysql": "mysql",
        "mariadb": "mysql",
        "sqlite": "sqlite",
        "duckdb": "duckdb",
    }
)
SCHEME = "[A-Za-z][A-Za-z0-9+.:-]+"
"""Any scheme; the letter of a drive is none."""

USUAL_PORTS = {"postgresql": 5432, "mysql": 3306}
IN_FILES = ("sqlite", "duckdb")
SQLITE_START, DUCKDB_START = b"SQLite format 3\0", b"DUCK"
DUCKDB_START_AT = 8


@dataclass(frozen=True)
class DatabaseAddress:
    """Where a database is, taken apart. `label` is what people see."""

    kind: DatabaseKind
    host: str = ""
    port: int | None = None
    user: str | None = field(default=None, repr=False)
    password: str | None = field(default=None, repr=False)
    database: str = ""
    """Its name; of a database in a file its path."""
    options: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def label(self) -> str:
        """The address without user, password and options; of a file its name alone."""
        if self.kind in IN_FILES:
            return f"{self.kind}:///{Path(self.database).name}"
        port = f":{self.port}" if self.port not in (None, USUAL_PORTS[self.kind]) else ""
        return f"{self.kind}://{self.shown_host}{port}/{self.database}"

    @property
    def shown_host(self) -> str:
        """The host as it is written in an address; a socket is this machine."""
        host = self.host or "localhost"
        return "localhost" if host.startswith("/") else f"[{host}]" if ":" in host else host

    @property
    def is_without_password(self) -> bool:
        """True where neither the address nor the environment holds a password."""
        variable = "PGPASSWORD" if self.kind == "postgresql" else "MYSQL_PWD"
        return self.password is None and variable not in os.environ

    def with_password(self, password: str | None) -> DatabaseAddress:
        """The same address with another password."""
        return replace(self, password=password) if password is not None else self

    def without_secrets(self, text: str) -> str:
        """Take the password out of what a driver or server says, as it is and as addresses write it."""
        for secret in {self.password or "", os.environ.get("PGPASSWORD", ""), os.environ.get("MYSQL_PWD", "")}:
            for written in (secret, quote(secret), quote(secret, safe="")):
                text = text.replace(written, "***") if written else text
        return text


def address_in(source: str | Path) -> str | None:
    """The address that a text is, or a path that was made of one (`Path` writes one slash for two); else None.

    >>> address_in("mysql://host/shop"), address_in(Path("mysql://host/shop")), address_in("C:/exports/orders.csv")
    ('mysql://host/shop', 'mysql://host/shop', None)
    """
    text = str(source)
    scheme, sign, rest = text.partition(":/")
    if sign and rest.startswith("/"):
        return text
    if not sign or not re.fullmatch(SCHEME, scheme):
        return None
    if scheme in IN_FILES:
        return f"{scheme}:///{'/' if Path(f'/{rest}').is_file() else ''}{rest}"
    return f"{scheme}://{rest}"


def parse_address(text: str) -> DatabaseAddress:
    """Take an address apart; LoadError, which never repeats the text, where it is none of a database known here."""
    scheme = text.partition("://")[0].lower().removeprefix("jdbc:").partition("+")[0]
    text = f"{scheme}://{text.partition('://')[2]}"  # jdbc:mysql:// and mysql+pymysql:// are copied from elsewhere
    if scheme not in SCHEMES:
        raise LoadError(
            "database_kind", kind=scheme if scheme.isalnum() else "?", known=[f"{one}://" for one in SCHEMES]
        )
    kind = SCHEMES[scheme]
    if kind in IN_FILES:
        return DatabaseAddress(kind, database=_file_of(text))
    try:
        parts = urlsplit(text)
        options = dict(parse_qsl(parts.query, keep_blank_values=True))
        port = parts.port or int(options.pop("port", "0") or 0) or None
    except ValueError:
        raise LoadError("database_address", kind=scheme) from None
    if _has_stray_sign(parts):
        raise LoadError("database_address", kind=scheme)
    password = options.pop("password", unquote(parts.password) if parts.password is not None else None)
    return DatabaseAddress(
        kind,
        parts.hostname or options.pop("host", ""),
        port,
        unquote(parts.username) if parts.username else options.pop("user", None),
        password,
        unquote(parts.path.lstrip("/")),
        options,
    )


def address_of_file(path: Path) -> DatabaseAddress | None:
    """The address of a file that is a database by its first bytes; None for any other."""
    try:
        with path.open("rb") as file:
            start = file.read(16)
    except OSError:
        return None
    if start == SQLITE_START:
        return DatabaseAddress("sqlite", database=str(path))
    if start[DUCKDB_START_AT:12] == DUCKDB_START:
        return DatabaseAddress("duckdb", database=str(path))
    return None


def _file_of(text: str) -> str:
    """The path in `sqlite:///folder/file.db` (below the folder here) or `sqlite:////folder/file.db` (from the root)."""
    path = text.partition("://")[2].removeprefix("/")
    if not Path(path).is_file():
        raise LoadError("missing_file", file=path)
    return path


def _has_stray_sign(parts: SplitResult) -> bool:
    """True where an @ stands behind the host: an unescaped sign in the password cut the address short."""
    return any("@" in part for part in (parts.path, parts.query, parts.fragment)) or bool(parts.fragment)
