"""Twins by discovery: the cases that the topics' tests give of them, and what is equal to the last figure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from importlib import import_module
from typing import Any

import numpy as np
import pandas as pd

from workbench.analyses.twins import Twin
from workbench.discovery import topic_modules
from workbench.errors import WorkbenchError
from workbench.panels import Session


@dataclass(frozen=True)
class Case:
    """A question to a twin by its name in TWINS, with what its query reads and what its look-up reads."""

    twin: str
    question: Any
    source: Any
    held: Any


def twins() -> Mapping[str, Mapping[str, Twin[Any, Any, Any, Any]]]:
    """Return the twins that each topic declares."""
    return {topic: module.TWINS for topic, module in topic_modules("twins").items()}


def cases(topic: str, session: Session) -> Iterator[Case]:
    """Give the cases that the tests of a topic have for a company."""
    yield from import_module(f"tests.topics.{topic}.twins").cases(session)


def reply(answer: Callable[[], Any]) -> Any:
    """Return an answer, or the words in which it says that there is nothing to show."""
    try:
        return answer()
    except WorkbenchError as error:
        return error.key, error.facts


def assert_same(one: Any, other: Any) -> None:
    """Fail where two replies differ in any figure, the last bit of a float included."""
    if isinstance(one, pd.DataFrame):
        assert one.columns.tolist() == other.columns.tolist()
        pd.testing.assert_frame_equal(_plain(one), _plain(other), check_exact=True)
    elif isinstance(one, np.ndarray):
        np.testing.assert_array_equal(one, other, strict=True)
    elif isinstance(one, tuple):
        assert len(one) == len(other)
        for left, right in zip(one, other, strict=True):
            assert_same(left, right)
    elif is_dataclass(one):
        assert type(one) is type(other)
        for field in fields(one):
            assert_same(getattr(one, field.name), getattr(other, field.name))
    else:
        assert one == other or (one != one and other != other), (one, other)


def _plain(rows: pd.DataFrame) -> pd.DataFrame:
    """Take texts and numbers by their kind: how pandas stores a text is nobody's figure."""
    texts = [name for name in rows.columns if not pd.api.types.is_numeric_dtype(rows[name])]
    whole = [name for name in rows.columns if pd.api.types.is_integer_dtype(rows[name])]
    kinds = dict.fromkeys(texts, object) | dict.fromkeys(whole, "int64")
    if rows.empty:  # nothing tells the kind of no rows
        kinds = dict.fromkeys(rows.columns, object)
    return rows.astype(kinds).reset_index(drop=True)
