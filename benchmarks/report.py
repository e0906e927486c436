"""How measured figures are written down: medians, ratios to the workbench, memory, the machine."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version

OURS = "workbench"
MEBIBYTE = 1024**2


@dataclass(frozen=True)
class Figure:
    """One engine's median time and peak memory for one task at one size."""

    task: str
    rows: int
    engine: str
    seconds: float
    peak_bytes: float


def table(figures: Sequence[Figure]) -> str:
    """Return the figures as Markdown; the ratio is the engine's time over the workbench's."""
    ours = {(figure.task, figure.rows): figure.seconds for figure in figures if figure.engine == OURS}
    lines = [
        machine(),
        "",
        "| task | rows | engine | seconds (median) | × workbench | peak memory |",
        "| --- | ---: | --- | ---: | ---: | ---: |",
    ]
    for figure in figures:
        ratio = figure.seconds / ours[figure.task, figure.rows]
        memory = f"{figure.peak_bytes / MEBIBYTE:,.0f} MiB"
        lines.append(
            f"| {figure.task} | {figure.rows:,} | {figure.engine} | {figure.seconds:.2f} | {ratio:.2f} | {memory} |"
        )
    return "\n".join(lines)


def machine() -> str:
    """Say what the figures were measured on."""
    packages = ", ".join(f"{name} {version(name)}" for name in ("duckdb", "ibis-framework", "pandas", "polars"))
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3
    system = f"{platform.system()} {platform.machine()}, Python {platform.python_version()}"
    return f"{os.cpu_count()} cores, {memory:.0f} GiB, {system}, {packages}."
