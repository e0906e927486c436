"""One measured run in a process of its own: `python -m benchmarks.one ENGINE TASK SOURCE` prints JSON."""

from __future__ import annotations

import importlib
import json
import resource
import sys
import time
from pathlib import Path

KIBIBYTE = 1024


def main(engine: str, task: str, source: str) -> None:
    """Import first, then time the work alone; the peak of memory is the whole process's."""
    run = getattr(importlib.import_module(f"benchmarks.with_{engine}"), task)
    started = time.perf_counter()
    answer = run(Path(source))
    seconds = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * KIBIBYTE
    columns = answer["monetary"] if "monetary" in answer.columns else answer["value"]
    print(json.dumps({"seconds": seconds, "peak_bytes": peak, "rows": len(answer), "monetary": float(columns.sum())}))


if __name__ == "__main__":
    main(*sys.argv[1:])
