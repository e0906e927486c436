"""Where the lists and sliders of a panel can be moved, for tests that drive every panel."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from workbench.panels.controls import Choice, Slider, WholeSlider


def moved(control: Any, *, steps: Sequence[int] = (7,)) -> list[Any]:
    """Return the other places of a list, and of a slider those so many steps away; of whole numbers one step away."""
    if isinstance(control, Choice):
        return [value for _words, value in control.options if value != control.value]
    if not isinstance(control, Slider | WholeSlider):
        return []
    ways = [1 if step > 0 else -1 for step in steps] if isinstance(control, WholeSlider) else steps
    return [max(control.min, min(control.value + way * control.step, control.max)) for way in ways]
