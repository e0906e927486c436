"""What a setting of the filters that was not asked before costs a managers' page, in processor time of its kernel.

python -m benchmarks.settings crm.store [overview …]

The page opens as a manager's does, in this process. Then each region is chosen alone, then each type of customer: all
panels answer, and their charts are made; what leaves for the browser, and what the browser does, is not in it.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from collections.abc import Iterator
from typing import Any

from benchmarks.report import machine
from workbench.serving.reports import shipped_page


def settings(bar: Any) -> Iterator[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    """Yield settings that the page has not shown: what they cut by, the regions, the types."""
    yield from (("region", (value,), ()) for _words, value in bar.region.options)
    yield from (("customer type", (), (value,)) for _words, value in bar.customer_type.options)


def main() -> None:
    """Print a Markdown table."""
    store, *names = sys.argv[1:]
    os.environ["WORKBENCH_STORE"] = store
    print(f"{machine()}\n\n| page | opens | the first setting | another region | a customer type |", flush=True)
    print("| --- | ---: | ---: | ---: | ---: |")
    for name in names or ("overview", "segments", "pareto", "satisfaction"):
        began = time.process_time()
        bar = shipped_page(name).filters
        opens, costs = time.process_time() - began, dict[str, list[float]]()
        for kind, regions, types in settings(bar):
            began = time.process_time()
            with bar.at_once():
                bar.region.value, bar.customer_type.value = regions, types
            costs.setdefault(kind, []).append(time.process_time() - began)
        (first, *others), of_types = costs["region"], costs["customer type"]
        shown = (opens, first, statistics.median(others), statistics.median(of_types))
        print(f"| {name} | {' | '.join(f'{seconds:.2f} s' for seconds in shown)} |", flush=True)


if __name__ == "__main__":
    main()
