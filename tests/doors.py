"""What may leave a public function where files are damaged: an answer, or an error in words."""

from __future__ import annotations

from collections.abc import Callable

from workbench.errors import WorkbenchError


def fault_without_words(work: Callable[[], object]) -> str:
    """Say which exception but a WorkbenchError leaves a piece of work; "" where none does."""
    try:
        work()
    except WorkbenchError as error:
        return "" if error.words("en") and error.words("zh") else f"{error.key} has no words"
    except Exception as fault:  # noqa: BLE001  that is what is looked for
        return f"{type(fault).__name__}: {fault}"
    return ""
