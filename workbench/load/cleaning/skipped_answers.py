"""What survey tools themselves write where a question was not answered: never an answer, whatever the mapping says."""

from __future__ import annotations

import unicodedata

SKIPPED = (
    *("(空)", "[空]", "(空白)", "(跳过)", "[跳过]", "(未作答)", "(未填写)"),
    *("(skipped)", "(empty)", "(no answer)", "(blank)"),
)
SKIPPED_AS_WRITTEN = (*SKIPPED, *(word.replace("(", "（").replace(")", "）") for word in SKIPPED if "(" in word))
"""The same with full-width brackets too."""


def is_skipped(text: str) -> bool:
    """Return whether a text is what a survey tool writes for a question that was not answered.

    >>> is_skipped("（空）"), is_skipped("空")
    (True, False)
    """
    return unicodedata.normalize("NFKC", text).strip().casefold() in SKIPPED
