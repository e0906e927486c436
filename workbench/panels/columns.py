"""The columns that tables and lists show: what each is called in both languages, and how its values are written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, cast

from workbench.i18n import catalog

Kind = Literal["text", "count", "money", "share", "points", "day", "badge"]

FOLDERS = ("terms", "panels.columns", "columns")
"""Where the words of a column stand: the field's terms, else a topic's or the kit's own columns, else the schema's."""


def column_texts(name: str) -> Mapping[str, str]:
    """Return what the catalogs say of a column, nothing of one that is the company's own."""
    return next((catalog()[key] for key in (f"{folder}.{name}" for folder in FOLDERS) if key in catalog()), {})


def column_words(name: str, lang: str) -> str:
    """Say a column; one that is the company's own goes by its name.

    >>> column_words("recency_days", "en"), column_words("门店等级", "en")
    ('recency (R)', '门店等级')
    """
    return column_texts(name).get(lang, name)


def column_kind(name: str) -> Kind:
    """Return how the values of a column are written; without a `kind` beside its words as they are.

    >>> column_kind("monetary"), column_kind("门店等级")
    ('money', 'text')
    """
    return cast(Kind, column_texts(name).get("kind", "text"))
