"""Every number that a page carries, wherever it stands: texts, charts with their data, lists, downloads, reports.

What is drawn is not all there is: a chart's specification travels to the browser whole, a file opens in other programs.
So nothing is asked of how a page is made. Each trait of each widget is searched for numbers, and each file part by
part, also where one lies in another. Texts say a number to three digits; what they were made of is taken down where it
is put into words.
"""

from __future__ import annotations

import io
import re
import sys
import zipfile
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from decimal import Decimal
from html import unescape
from numbers import Real
from typing import Any

import pandas as pd
from ipywidgets import Layout, Style, Widget
from ipywidgets.widgets.widget import _instances

from workbench.charts import words
from workbench.errors import WorkbenchError
from workbench.widgets import Download

NUMBER = re.compile(r"(?<![\w.#])[−+-]?\d[\d,]*(?:\.\d+)?(?:[eE][+-]?\d+)?")
WORDING = ("money_words", "money_column", "amount_words", "count_words", "share_words", "points_words", "growth_words")
"""The only ways from a number to words."""


def numbers_in(value: Any) -> Iterator[float]:
    """Yield every number in a value: in text, in lists and mappings, in rows, in bytes that may be a file."""
    if isinstance(value, bool) or value is None:
        return
    if isinstance(value, Real | Decimal):
        yield float(value)
    elif isinstance(value, str):
        for found in NUMBER.findall(unescape(value)):
            yield float(found.replace(",", "").replace("−", "-"))
    elif isinstance(value, bytes | memoryview):
        yield from numbers_in_file(bytes(value))
    elif isinstance(value, Mapping | Sequence):
        parts = [*value.keys(), *value.values()] if isinstance(value, Mapping) else value
        for one in parts:
            yield from numbers_in(one)


def numbers_in_file(content: bytes) -> Iterator[float]:
    """Yield every number in a file: of a workbook or slides in each part, also in the workbooks behind charts."""
    if zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            for name in parts.namelist():
                if not name.startswith(("docProps", "ppt/theme", "ppt/slideMasters", "ppt/slideLayouts")):
                    yield from numbers_in_file(parts.read(name))
    else:
        text = content.decode("utf-8", errors="replace")
        yield from numbers_in(re.sub(r"</?[A-Za-z][^>]*>", " ", text) if text.startswith("<?xml") else text)


def numbers_sent(widgets: Iterable[Widget], *, pictures: Collection[Widget] = ()) -> Iterator[float]:
    """Yield every number that widgets send to the browser, or give when a button is pressed there.

    Of `pictures` none is drawn: they show a part of the charts' data, which is searched whole.
    """
    for one in widgets:
        if isinstance(one, Layout | Style):
            continue
        for name, value in one.get_state().items():
            if not name.startswith(("_", "layout", "style", "vega")) and not isinstance(value, Widget):
                yield from numbers_in(value)
        if isinstance(one, Download) and one not in pictures:
            with suppress(WorkbenchError):  # of a list that nobody opened
                yield from numbers_in_file(one._produce()[1])


def widgets_alive() -> set[Widget]:
    """Return all widgets there are: what one holds reaches the browser when it is made, on the page or not."""
    return {*_instances.values()}


@contextmanager
def taken_down() -> Iterator[list[float]]:
    """Take down every number that is put into words meanwhile, as it was before it was rounded."""
    said: list[float] = []

    def noted(wording: Callable[..., Any]) -> Callable[..., Any]:
        def word(value: Any, *others: Any, **how: Any) -> Any:
            said.extend(numbers_in([*value] if isinstance(value, Sequence | pd.Series) else [value]))
            return wording(value, *others, **how)

        return word

    originals = {name: getattr(words, name) for name in WORDING}
    known = [
        (module, name)
        for module in [*sys.modules.values()]
        if getattr(module, "__name__", "").startswith("workbench")
        for name in WORDING
        if vars(module).get(name) is originals[name]
    ]
    replaced = {name: noted(one) for name, one in originals.items()}
    for module, name in known:
        setattr(module, name, replaced[name])
    try:
        yield said
    finally:
        for module, name in known:
            setattr(module, name, originals[name])
