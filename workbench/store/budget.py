"""What one connection may use: threads, memory, spill space and time, so that many kernels share a machine."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

import duckdb

from workbench.errors import ChoiceError

SIZE = re.compile(r"[1-9]\d*(\.\d+)? ?[KMGT]i?B")
Setting = str | bool | int | float | list[str]


@dataclass(frozen=True)
class Budget:
    """The limits of one connection; `seconds` 0 means no limit."""

    threads: int
    memory: str
    spill: str
    seconds: int

    def connect(self, path: str | Path, spill_folder: Path, *, read_only: bool = False) -> duckdb.DuckDBPyConnection:
        """Open a database within these limits, and with nothing fetched or loaded from elsewhere."""
        settings: dict[str, Setting] = {
            "threads": str(self.threads),
            "memory_limit": self.memory,
            "temp_directory": str(spill_folder),
            "max_execution_time": str(self.seconds * 1000),
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "allow_community_extensions": "false",
            "allow_unsigned_extensions": "false",
            "allow_extension_repositories": "forbidden",
            "allow_persistent_secrets": "false",
            "python_enable_replacements": "false",
        }
        con = duckdb.connect(str(path), read_only=read_only, config=settings)
        con.execute(f"SET max_temp_directory_size = '{self.spill}'")  # given at the start, DuckDB 2.0 would ignore it
        return con


def analyst_budget() -> Budget:
    """For a notebook: a few threads, and time for a heavy question."""
    return Budget(_threads(min(4, os.cpu_count() or 1)), _memory("2GB"), spill="20GB", seconds=600)


def dashboard_budget() -> Budget:
    """For one visitor's page: one thread and half a gigabyte, because many pages run beside each other.

    Kernels with two threads each on two cores fight: a query of 0.4 s took 50 s (measured, see docs/decisions).
    """
    return Budget(_threads(1), _memory("512MB"), spill="5GB", seconds=60)


def writer_budget() -> Budget:
    """For a load: all cores, below 4 GiB together with what Python holds, and no limit of time."""
    return Budget(_threads(os.cpu_count() or 1), _memory("3GB"), spill="200GB", seconds=0)


def _threads(default: int) -> int:
    """The number of threads WORKBENCH_THREADS asks for, else the default."""
    text = os.environ.get("WORKBENCH_THREADS", "")
    if not text:
        return default
    if not text.isdecimal() or int(text) < 1:
        raise ChoiceError("unknown_choice", name="WORKBENCH_THREADS", value=text, allowed="1, 2, 3 …")
    return int(text)


def _memory(default: str) -> str:
    """The memory limit WORKBENCH_MEMORY asks for, else the default."""
    text = os.environ.get("WORKBENCH_MEMORY", "")
    if not text:
        return default
    if not SIZE.fullmatch(text):
        raise ChoiceError("unknown_choice", name="WORKBENCH_MEMORY", value=text, allowed="512MB, 4GB …")
    return text
