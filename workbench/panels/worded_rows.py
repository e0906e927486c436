"""Rows as people take them along: every value in the reader's words, every number without the noise of floats."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from workbench.i18n import catalog, t
from workbench.panels.columns import column_kind

ValueNames = Mapping[str, Mapping[Any, str]]
"""What the values of a column are called, by column and value."""
SURE_DIGITS = 12
"""A float holds fifteen; sums of amounts differ in the last ones by the order in which they were added."""


def worded_rows(rows: pd.DataFrame, lang: str, names: ValueNames) -> pd.DataFrame:
    """Return rows for a file.

    Values are called as the panel calls them (`names`), yes and no in words, all others as they are: a region, a
    product. Amounts have two decimals, other numbers the digits that are sure.
    """
    return pd.DataFrame({name: _worded(rows[name], str(name), lang, names.get(str(name), {})) for name in rows.columns})


def called(prefix: str, lang: str) -> dict[str, str]:
    """Return what the catalogs call the values whose words stand under one key.

    >>> called("charts.tiers.moves", "en")["up"]
    'up'
    """
    keys = (key for key in catalog() if key.rpartition(".")[0] == prefix)
    return {key.rpartition(".")[2]: t(key, lang) for key in keys}


def _worded(values: pd.Series, column: str, lang: str, names: Mapping[Any, str]) -> pd.Series:
    if pd.api.types.is_float_dtype(values):
        if column_kind(column) == "count" and (values.dropna() % 1 == 0).all():
            return values.astype("Int64")  # counts of which some are hidden
        return values.round(2) if column_kind(column) == "money" else values.map(_sure)
    if pd.api.types.is_bool_dtype(values) or not pd.api.types.is_any_real_numeric_dtype(values):
        return values.map(lambda value: _said(value, lang, names))
    return values


def _sure(value: float) -> float:
    return float(f"{value:.{SURE_DIGITS}g}")


def _said(value: Any, lang: str, names: Mapping[Any, str]) -> Any:
    if pd.api.types.is_bool(value):
        return t(f"panels.values.{'yes' if value else 'no'}", lang)
    return names.get(value, value) if isinstance(value, str) else value
