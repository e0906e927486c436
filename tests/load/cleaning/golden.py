"""The golden file of written forms, cleaned by the SQL that loads files, one section at a time."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from workbench.load.cleaning.clean import clean_values

FORMS = tomllib.loads(Path(__file__).with_name("golden_values.toml").read_text(encoding="utf-8"))


def cases(*types: str) -> list[tuple[str, str, str | None, str | None]]:
    """Every form of the sections of these types: section, text, expected value, expected reason."""
    found = []
    for section, forms in FORMS.items():
        if forms["type"] in types:
            found += [(section, text, value, None) for text, value in forms.get("right", {}).items()]
            found += [(section, text, None, reason) for text, reason in forms.get("rejected", {}).items()]
            found += [(section, text, None, "missing") for text in forms.get("missing", [])]
    return found


def cleaned(section: str, text: str) -> tuple[str | None, str | None]:
    """What became of a form: its value as text, and its reason; the two kinds of missing are one here."""
    value, reason = _section(section)[text]
    return None if value is None else str(value), "missing" if reason in ("blank", "sentinel") else reason


@cache
def _section(section: str) -> dict[str, tuple[object, str | None]]:
    forms = FORMS[section]
    texts = [*forms.get("right", {}), *forms.get("rejected", {}), *forms.get("missing", [])]
    return dict(zip(texts, clean_values(texts, forms["type"], **forms.get("options", {})), strict=True))
