"""Real servers from Debian's packages, started in a folder of their own: PostgreSQL and MariaDB, as fast as they go."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from typing import IO

PASSWORD = "Straße/ge@heim:1"  # noqa: S105 - of a server that lives as long as the tests
"""Holds what an address has to escape."""

FIRST_PORT, LAST_PORT = 9250, 9299
START_SECONDS = 60


@dataclass(frozen=True)
class Server:
    """A running server with a database `shop`, an owner `root`/`postgres` and a reader who has a password."""

    kind: str
    port: int
    owner: str
    """The address of the one who may do everything, without a password."""

    @property
    def address(self) -> str:
        """The address that the tests load from, without its password."""
        return f"{self.kind}://analyst@127.0.0.1:{self.port}/shop"


def postgresql_program(name: str) -> Path | None:
    """A program of the newest PostgreSQL here; Debian keeps them off the path."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: float(folder.parent.name))
    programs = [folder / name for folder in folders if (folder / name).is_file()]
    return programs[-1] if programs else None


def missing_reason(kind: str) -> str | None:
    """Why there is no such server here; None where there is one."""
    if kind == "postgresql" and postgresql_program("postgres") is None:
        return "PostgreSQL is not installed (Debian: apt-get install postgresql)"
    if kind == "mariadb" and not all(map(shutil.which, ("mariadbd", "mariadb-install-db"))):
        return "MariaDB is not installed (Debian: apt-get install mariadb-server)"
    return None


@contextmanager
def postgresql() -> Iterator[Server]:
    """Start PostgreSQL with a database `shop` and a reader `analyst`."""
    import adbc_driver_postgresql.dbapi as driver

    with _folder("postgres") as folder:
        data, port = folder / "data", _free_port()
        initdb, postgres = postgresql_program("initdb"), postgresql_program("postgres")
        _run_as("postgres", [initdb, "-D", data, "--auth-local=trust", "--auth-host=scram-sha-256", "-E", "UTF8",
                             "--locale=C.UTF-8", "--no-sync", "-U", "postgres"])  # fmt: skip
        fast = ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off", "max_wal_size=8GB"]
        settings = [word for one in (*fast, "listen_addresses=127.0.0.1") for word in ("-c", one)]
        command = [postgres, "-D", data, "-p", port, "-k", folder, *settings]
        owner = f"postgresql:///postgres?host={folder}&port={port}&user=postgres"
        with _running("postgres", command, folder / f".s.PGSQL.{port}", partial(driver.connect, owner)):
            for statement in (
                f"CREATE ROLE analyst LOGIN PASSWORD '{PASSWORD}'",
                "CREATE DATABASE shop OWNER analyst",
            ):
                with driver.connect(owner, autocommit=True) as con, con.cursor() as cursor:
                    cursor.execute(statement)
            yield Server("postgresql", port, owner.replace("/postgres?", "/shop?"))


@contextmanager
def mariadb() -> Iterator[Server]:
    """Start MariaDB with a database `shop` and a reader `analyst`."""
    import pymysql

    with _folder("mysql") as folder:
        data, port, sock = folder / "data", _free_port(), folder / "server.sock"
        _run_as("mysql", ["mariadb-install-db", "--no-defaults", f"--datadir={data}", "--skip-test-db",
                          "--auth-root-authentication-method=normal"])  # fmt: skip
        fast = ["--innodb-flush-log-at-trx-commit=0", "--innodb-doublewrite=0", "--skip-log-bin", "--sql-mode="]
        command = ["mariadbd", "--no-defaults", f"--datadir={data}", f"--socket={sock}", f"--port={port}",
                   "--bind-address=127.0.0.1", f"--pid-file={folder}/pid", "--skip-name-resolve", *fast]  # fmt: skip
        connect = partial(pymysql.connect, unix_socket=str(sock), user="root", charset="utf8mb4")
        with _running("mysql", command, sock, connect):
            con = connect()
            with con.cursor() as cursor:
                cursor.execute("CREATE DATABASE shop CHARACTER SET utf8mb4")
                cursor.execute("CREATE USER analyst@'127.0.0.1' IDENTIFIED BY %s", [PASSWORD])
                cursor.execute("GRANT ALL ON shop.* TO analyst@'127.0.0.1'")
            con.close()
            yield Server("mysql", port, str(sock))


@contextmanager
def _folder(user: str) -> Iterator[Path]:
    with TemporaryDirectory(prefix="workbench-server-", dir="/tmp", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        if os.geteuid() == 0:
            shutil.chown(folder, user)
        yield folder


@contextmanager
def _running(user: str, command: Sequence[object], ready: Path, connect: partial[object]) -> Iterator[None]:
    """Keep a server running, from the first connection that it takes; its socket is there before."""
    with TemporaryFile() as log:
        server = subprocess.Popen(_as(user, command), stdout=log, stderr=subprocess.STDOUT)
        try:
            _wait_for(server, ready, connect, log)
            yield
        finally:
            server.terminate()
            server.wait(timeout=START_SECONDS)


def _wait_for(server: subprocess.Popen[bytes], ready: Path, connect: partial[object], log: IO[bytes]) -> None:
    end = time.monotonic() + START_SECONDS
    while True:
        try:
            ready.stat()
            connect().close()  # type: ignore[attr-defined]
        except Exception:  # noqa: BLE001 - whatever a server that is not up yet answers
            if server.poll() is not None or time.monotonic() > end:
                log.seek(0)
                raise RuntimeError(log.read().decode(errors="replace")) from None
            time.sleep(0.1)
        else:
            return


def _as(user: str, command: Sequence[object]) -> list[str]:
    """Both servers refuse to run as root."""
    words = [str(word) for word in command]
    return ["setpriv", f"--reuid={user}", f"--regid={user}", "--init-groups", *words] if os.geteuid() == 0 else words


def _run_as(user: str, command: Sequence[object]) -> None:
    subprocess.run(_as(user, command), check=True, capture_output=True, cwd="/tmp")


def _free_port() -> int:
    ports = [*range(FIRST_PORT, LAST_PORT + 1)]
    for port in sorted(ports, key=lambda port: (port - os.getpid()) % len(ports)):  # two runs begin at different ones
        with socket.socket() as one:
            if one.connect_ex(("127.0.0.1", port)) != 0:
                return port
    raise RuntimeError("no free port")
