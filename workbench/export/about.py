"""What a file says of itself: definition, day, filters and whatever else its numbers cannot be read without."""

from __future__ import annotations

import re
from collections.abc import Mapping

from workbench.export.cells import plain
from workbench.i18n import t
from workbench.visible_text import HARMLESS_BREAKS, visible

ABOUT = (
    "title",
    "definition",
    "as_of",
    "filter",
    "compared",
    "chosen",
    "base",
    "snapshot",
    "company",
    "currency",
    "created",
    "reason",
)
"""Names of notes that have words in both languages; any other name is written as given."""
SEPARATING = re.compile(r"\s*[,;\t\r\n]+\s*")
"""What may end a cell, in some country's settings of a spreadsheet."""


def about_rows(notes: Mapping[str, object], lang: str) -> list[tuple[str, object]]:
    """Return each note with its name in words, and texts (a file's name, a filter) visible."""
    shown = {
        name: visible(note, keep=HARMLESS_BREAKS) if isinstance(note, str) else note for name, note in notes.items()
    }
    return [(t(f"export.about.{name}", lang) if name in ABOUT else name, note) for name, note in shown.items()]


def about_lines(notes: Mapping[str, object], lang: str) -> list[str]:
    """Return the notes as lines that begin with `#`, which readers of CSV can be told to skip.

    Nothing in a line can end its cell, so nothing of it can begin a cell as a formula.
    """
    between = "，" if lang == "zh" else " · "
    said = (t("export.about.line", lang, name=name, value=plain(value)) for name, value in about_rows(notes, lang))
    return [f"# {SEPARATING.sub(between, line)}" for line in said]
