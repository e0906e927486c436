"""JupyterLab in a process that knows the workbench, whose `quick_start` spares it a second: `python -m` this module."""

from __future__ import annotations

import sys

from jupyterlab.labapp import main  # type: ignore[import-untyped]

if __name__ == "__main__":
    sys.exit(main())
