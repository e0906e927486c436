"""The optional drivers of databases: loaded when they are asked for, with a sentence where they are missing."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import Any, Literal

from workbench.errors import InstallError

DriverModule = Literal["adbc_driver_postgresql.dbapi", "pymysql"]
SERVED = {"adbc_driver_postgresql.dbapi": "PostgreSQL", "pymysql": "MySQL / MariaDB"}


def driver(module: DriverModule) -> Any:
    """Import a driver; InstallError with the command to run where the extra `databases` is not installed."""
    if find_spec(module.split(".", maxsplit=1)[0]) is None:
        raise InstallError("databases_extra", database=SERVED[module])
    return import_module(module)
