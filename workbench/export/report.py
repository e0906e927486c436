"""What a report is, in any format: a page's figures, charts, tables and sentences, as the page shows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import pandas as pd


@dataclass(frozen=True)
class ReportFigure:
    """One number with its name, what it rests on, and its change, all in words."""

    label: str
    value: str
    note: str = ""
    change: str = ""


@dataclass(frozen=True)
class ReportTable:
    """A table in words; `numeric` says which columns stand right."""

    headings: Sequence[str]
    rows: Sequence[Sequence[str]]
    numeric: Sequence[bool] = ()
    title: str = ""


@dataclass(frozen=True)
class NativeSeries:
    """Numbers under one name; unknown ones are None. `colours` are those of single values."""

    name: str
    values: Sequence[float | None]
    colour: str = ""
    colours: Sequence[str] = ()


@dataclass(frozen=True)
class CategoryChart:
    """Bars (lying), columns (upright) or lines over categories in the order drawn."""

    kind: Literal["bar", "column", "line"]
    categories: Sequence[str]
    series: Sequence[NativeSeries]
    number_format: str = "General"
    is_stacked: bool = False


@dataclass(frozen=True)
class CurveChart:
    """Lines through points: for every series where its values lie along x."""

    series: Sequence[NativeSeries]
    places: Sequence[Sequence[float]]
    titles: tuple[str, str]
    number_format: str = "General"


@dataclass(frozen=True)
class GridChart:
    """A matrix of words on colours; `corner` names its rows and columns."""

    corner: str
    rows: Sequence[str]
    columns: Sequence[str]
    words: Sequence[Sequence[str]]
    colours: Sequence[Sequence[str]]


NativeChart = CategoryChart | CurveChart | GridChart


@dataclass(frozen=True)
class ReportChart:
    """A chart: its finding, what it rests on, its specification, and its numbers where programs can draw them."""

    title: str
    subtitle: Sequence[str]
    spec: Mapping[str, Any]
    native: NativeChart | None = None


@dataclass(frozen=True)
class ReportSheet:
    """One panel: all that it shows, and its rows as numbers under their headings.

    `sums` are the columns of `rows` that add up. `message` stands where something is not shown.
    """

    title: str
    chosen: str = ""
    figures: Sequence[ReportFigure] = ()
    charts: Sequence[ReportChart] = ()
    tables: Sequence[ReportTable] = ()
    sentences: Sequence[str] = ()
    definition: str = ""
    message: str = ""
    rows: pd.DataFrame = field(default_factory=pd.DataFrame)
    headings: Mapping[str, str] = field(default_factory=dict)
    sums: Sequence[str] = ()


@dataclass(frozen=True)
class Report:
    """A page written down. `lines` stand on every sheet: company, filters, day, snapshot; `notes` say the same by name.

    `message` stands in the place of the figures, `sentences` below them; `changes` is what moved since the publication
    before, and `change_sentences` what must be known of it.
    """

    lang: str
    company: str
    title: str
    facts: Sequence[str]
    lines: Sequence[str]
    notes: Mapping[str, object]
    figures: Sequence[ReportFigure]
    sheets: Sequence[ReportSheet]
    message: str = ""
    sentences: Sequence[str] = ()
    changes: Sequence[ReportTable] = ()
    change_sentences: Sequence[str] = ()
    foot: Sequence[str] = ()
