"""A real Spark cluster on this machine: a standalone master and two workers, each a process of its own."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

HOST = "127.0.0.1"
WORKERS = 2
OLDEST_JAVA = 17
PATIENCE_SECONDS = 180
"""For a Java process to say that it is there, on a machine that may be busy."""

LIGHT = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
"""Small processes that live for minutes: what the second compiler and many collectors would save, they cost."""

SHORT_PLANS = {
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.constraintPropagation.enabled": "false",
    "spark.sql.lightweightPlanChangeValidation": "false",
}
"""Rows are worked on as they come, by the plan as it was made: compiling a program for a thousand rows takes longer.

It is also another way to run a plan: what leans on the order of rows showed here. `--full` runs Spark as it comes.
"""

NOTHING_LOOKED_BACK_AT = {
    "spark.sql.ui.retainedExecutions": "1",
    "spark.ui.retainedJobs": "1",
    "spark.ui.retainedStages": "1",
    "spark.ui.retainedTasks": "10",
}
"""Pages that nobody opens would keep the plans of a thousand queries: the driver looked for memory most of its time."""

HELD = '"$@" & read -r _; kill -KILL 0'
"""Runs a command for as long as nobody writes to it and its input is open; then ends it with all that it started.

So a worker and its executors end with the tests, however these end.
"""


def missing_reason() -> str | None:
    """Say what this machine lacks for Spark; None where nothing is missing."""
    if find_spec("pyspark") is None:
        return "pyspark is not installed (pip install 'crm-workbench[spark]')"
    java = java_command()
    if java is None:
        return f"no Java found: Spark needs Java {OLDEST_JAVA} or newer (on Debian: openjdk-17-jre-headless)"
    told = subprocess.run([java, "-version"], capture_output=True, text=True, check=False).stderr
    version = re.search(r'version "(\d+)', told)
    if version is None or int(version[1]) < OLDEST_JAVA:
        return f"Spark needs Java {OLDEST_JAVA} or newer, and found: {told.strip().splitlines()[:1]}"
    return None


def java_command() -> str | None:
    """Find Java as Spark's scripts do: JAVA_HOME first."""
    home = os.environ.get("JAVA_HOME")
    return shutil.which("java", path=str(Path(home) / "bin")) if home else shutil.which("java")


@contextmanager
def spark_session(folder: Path, more: Mapping[str, str]) -> Iterator[SparkSession]:
    """Start the cluster and a session on it; at the end all of its processes have ended."""
    with ExitStack() as ending, pytest.MonkeyPatch.context() as patch:
        patch.setenv("SPARK_LOCAL_IP", HOST)
        patch.setenv("SPARK_LOCAL_DIRS", str(folder))
        patch.delenv("SPARK_HOME", raising=False)  # another Spark of this machine's
        patch.delenv("SPARK_CONF_DIR", raising=False)
        master = ending.enter_context(_process(folder, "master", "--webui-port", "0"))
        address = _said(master, rf"spark://{HOST}:[1-9]\d*")
        room = ("--cores", "1", "--memory", "512m", "--work-dir", str(folder / "work"), "--webui-port", "0")
        logs = [ending.enter_context(_process(folder, "worker", *room, address, place=n)) for n in range(WORKERS)]
        for log in logs:
            _said(log, "Successfully registered with master")
        yield ending.enter_context(_session(address, folder, more))


@contextmanager
def _process(folder: Path, role: str, *words: str, place: int = 0) -> Iterator[Path]:
    """Run a master or a worker; give the file that holds what it says."""
    import pyspark

    log = folder / f"{role}-{place}.log"
    command = Path(pyspark.__file__).parent / "bin" / "spark-class"
    main = f"org.apache.spark.deploy.{role}.{role.capitalize()}"
    environment = os.environ | {"SPARK_DAEMON_MEMORY": "256m", "SPARK_DAEMON_JAVA_OPTS": LIGHT}
    with held([str(command), main, "--host", HOST, "--port", "0", *words], log, environment):
        yield log


@contextmanager
def held(command: list[str], log: Path, environment: Mapping[str, str]) -> Iterator[None]:
    """Run a command meanwhile; afterwards it and whatever it started have ended."""
    with log.open("wb") as said:
        process = subprocess.Popen(
            ["sh", "-c", HELD, "held", *command],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=said,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield
    finally:
        process.communicate(b"enough\n")


def _said(log: Path, pattern: str) -> str:
    """Wait until a process says something, and return it."""
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        found = re.search(pattern, log.read_text(encoding="utf-8", errors="replace"))
        if found:
            return found[0]
        time.sleep(0.05)
    pytest.fail(f"{log.stem} did not say {pattern!r} in {PATIENCE_SECONDS} s:\n{log.read_text(errors='replace')}")


@contextmanager
def _session(address: str, folder: Path, more: Mapping[str, str]) -> Iterator[SparkSession]:
    """Connect to the cluster, with Spark's own rules of SQL (ANSI) and few, small parts."""
    from pyspark import SparkContext
    from pyspark.sql import SparkSession

    options = {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.driver.host": HOST,
        "spark.driver.bindAddress": HOST,
        "spark.driver.memory": "1g",
        "spark.driver.extraJavaOptions": LIGHT,
        "spark.executor.memory": "480m",
        "spark.executor.extraJavaOptions": LIGHT,
        "spark.sql.shuffle.partitions": str(WORKERS),
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
        "spark.sql.catalogImplementation": "in-memory",
    }
    builder = SparkSession.builder.master(address).appName("workbench tests")
    for name, value in (options | NOTHING_LOOKED_BACK_AT | dict(more)).items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    gateway = SparkContext._gateway
    try:
        session.sparkContext.setLogLevel("ERROR")
        yield session
    finally:
        session.stop()
        gateway.shutdown()
        gateway.proc.stdin.close()  # the Java process ends when nobody talks to it any more
        gateway.proc.wait()
        SparkContext._gateway = SparkContext._jvm = None
