"""A matrix as a chart: rows by columns, each cell with its colour and words, one of them picked by a click."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import altair as alt
import pandas as pd

from workbench.charts.conditions import by_test, faded
from workbench.charts.drawing import Drawing
from workbench.charts.theme import INK, SEQUENCE, TYPE

SHRUNK = 0.75
"""How small letters may become, and cells with them, before the matrix scrolls."""
NAMES_ROOM = 190
"""What long names of rows, and slanted ones of columns, take of the width, in pixels."""
DARK_FROM = 0.62
"""From this strength on, the letters of a cell are white."""
TITLE_ABOVE: Mapping[str, Any] = {
    "titleAngle": 0, "titleAlign": "left", "titleAnchor": "end", "titleX": 0, "titleY": -10,
}  # fmt: skip
"""The title of the rows level above their axis, where it takes no width from a phone."""


@dataclass(frozen=True)
class MatrixSide:
    """One side of the matrix: a field of the cells (`name`), its values in the order drawn, and what they are called.

    Attributes
    ----------
    order
        In place of `values`: the field of the cells by which they are ordered, where the rows bring their own values.
    until
        Where cells have places of their own: the field in which they end; `name` is where they begin, and `values`
        the two ends of the side.
    sharing
        How many labels share the width: longer ones are cut so that neighbours stay apart on any page.
    look
        Further properties of Altair's axis.
    """

    name: str
    values: Sequence[Any] = ()
    title: str | None = None
    words: Mapping[Any, str] = field(default_factory=dict)
    order: str = ""
    until: str = ""
    sharing: int = 0
    look: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Colours:
    """What the colour of a cell says, where its letters are white (`dark`), and how pale it gets beside a picked one.

    `opacity` is a field that says how strong the colour is; such cells do not pale.
    """

    field: str
    domain: Sequence[Any]
    range: Sequence[str]
    dark: str = ""
    pale: float = 0.35
    opacity: str = ""
    legend: Mapping[str, Any] | None = None
    interpolate: Any = alt.Undefined


@dataclass(frozen=True)
class CellWords:
    """One line in every cell, from the field `text`; where a cell needs `room` pixels for it, letters shrink to 3/4 of
    that, and a narrower page scrolls the matrix sideways.
    """

    text: str = "words"
    look: Mapping[str, Any] = field(default_factory=dict)
    room: int = 0
    has_halo: bool = False


@dataclass(frozen=True)
class CellFrame:
    """A line around the cells for which `where` holds: over them, or (`is_edge`) in place of their edge."""

    where: str
    ink: str
    width: float
    look: Mapping[str, Any] = field(default_factory=dict)
    is_edge: bool = False


@dataclass(frozen=True)
class Beside:
    """Words beside the cells, from a data set of their own: at a row, at a column, or at a place that has both."""

    frame: str
    at_row: bool = False
    at_column: bool = False
    look: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Matrix:
    """All that a matrix is before it has cells; what is equal here is laid out equally.

    `pick` are the fields that a click picks; with none, nothing can be clicked. `gap` and `corner` are the width of
    the white edge between cells and how round they are; `tooltip` says what the fields shown on a cell are called.
    """

    rows: MatrixSide
    columns: MatrixSide
    colours: Colours
    tooltip: Mapping[str, str]
    pick: Sequence[str] = ()
    words: Sequence[CellWords] = (CellWords(),)
    frame: CellFrame | None = None
    beside: Sequence[Beside] = ()
    edge: str = INK["paper"]
    gap: float = 2
    corner: float = 2

    def drawing(
        self,
        cells: pd.DataFrame,
        lang: str,
        *,
        title: str,
        subtitle: Sequence[str] = (),
        height: int,
        beside: Mapping[str, pd.DataFrame] | None = None,
    ) -> Drawing:
        """Draw cells; combinations that have no row stay blank, and so do figures without words."""
        return Drawing(
            key=("matrix", lang, repr(self)),
            layout=partial(_layout, self),
            frames={"cells": cells, **(beside or {})},
            lang=lang,
            title=title,
            subtitle=subtitle,
            height=height,
            least_width=self._least_width(),
        )

    def _least_width(self) -> int:
        """Return how wide the matrix has to be for its words, beside the names of its rows."""
        room = max((words.room for words in self.words), default=0)
        return int(len(self.columns.values) * room * SHRUNK) + NAMES_ROOM if room else 0


def shaded(field: str = "strength") -> Colours:
    """Colour cells from little to much by a field from 0 to 1 (`strengths`)."""
    return Colours(field, (0, 1), SEQUENCE, dark=f"datum.{field} > {DARK_FROM}")


def classed(field: str, colours: Mapping[str, str], *, dark: Sequence[str] = ()) -> Colours:
    """Give every class its colour; the letters on the `dark` ones are white."""
    return Colours(
        field, tuple(colours), tuple(colours.values()), dark=f"indexof({json.dumps(dark)}, datum.{field}) >= 0",
        pale=0.45,
    )  # fmt: skip


def strengths(values: pd.Series) -> pd.Series:
    """Say from 0 to 1 how strong each value is: by the square root, so that one large one leaves the others apart.

    >>> strengths(pd.Series([4, 1, 0, -1])).tolist()
    [1.0, 0.5, 0.0, 0.0]
    """
    known = values.astype(float).clip(lower=0)
    strongest = known.max()
    return (known / strongest).pow(0.5) if strongest > 0 else known * 0


def _layout(matrix: Matrix) -> alt.LayerChart:
    place: dict[str, Any] = {"x": _channel(alt.X, matrix.columns), "y": _channel(alt.Y, matrix.rows)}
    sides = (("x2", alt.X2, matrix.columns), ("y2", alt.Y2, matrix.rows))
    ends: dict[str, Any] = {name: channel(f"{axis.until}:Q") for name, channel, axis in sides if axis.until}
    tooltip = [alt.Tooltip(f"{name}:N", title=words) for name, words in matrix.tooltip.items()]
    base = alt.Chart(alt.NamedData("cells")).encode(**place, tooltip=tooltip)
    layers = [_cells(matrix, base.encode(**ends))]
    if matrix.frame and not matrix.frame.is_edge:
        line = base.mark_rect(
            filled=False, stroke=matrix.frame.ink, strokeWidth=matrix.frame.width, **matrix.frame.look
        )
        layers.append(line.transform_filter(matrix.frame.where))
    layers += [layer for words in matrix.words for layer in _written(matrix, words, base)]
    return alt.LayerChart(layer=[*layers, *(_beside(note, place) for note in matrix.beside)])


def _channel(channel: type[alt.X] | type[alt.Y], axis: MatrixSide) -> alt.X | alt.Y:
    if axis.until:
        ends = alt.Scale(domain=list(axis.values), reverse=channel is alt.Y, nice=False)
        return channel(f"{axis.name}:Q", scale=ends).axis(None)
    look = {**({"labelAngle": 0} if channel is alt.X else {}), **axis.look}
    if axis.words:
        look["labelExpr"] = f"{json.dumps(axis.words, ensure_ascii=False)}[datum.label]"
    if axis.sharing:
        look["labelLimit"] = alt.ExprRef(f"width / {axis.sharing} - 6")
    if axis.order:
        ordered = channel(f"{axis.name}:N", sort=alt.EncodingSortField(field=axis.order, op="min"))
    else:
        ordered = channel(f"{axis.name}:N", scale=alt.Scale(domain=list(axis.values)))
    return ordered.axis(title=axis.title, **look)


def _cells(matrix: Matrix, base: Any) -> Any:
    colours = matrix.colours
    scale = alt.Scale(domain=list(colours.domain), range=list(colours.range), interpolate=colours.interpolate)
    kind = "N" if isinstance(colours.domain[0], str) else "Q"
    legend = None if colours.legend is None else alt.Legend(**colours.legend)
    encoded: dict[str, Any] = {"color": alt.Color(f"{colours.field}:{kind}", scale=scale, legend=legend)}
    look: dict[str, Any] = {"strokeWidth": matrix.gap, "cornerRadius": matrix.corner}
    frame = matrix.frame
    if frame and frame.is_edge:
        encoded["stroke"] = by_test(alt.StrokeValue, {frame.where: frame.ink}, matrix.edge)
    else:
        look["stroke"] = matrix.edge
    if not matrix.pick:
        return base.mark_rect(**look).encode(**encoded)
    pick = alt.selection_point(name="pick", fields=list(matrix.pick))
    encoded["opacity"] = (
        alt.Opacity(f"{colours.opacity}:Q", scale=None) if colours.opacity else faded(pick, pale=colours.pale)
    )
    return base.mark_rect(cursor="pointer", **look).encode(**encoded).add_params(pick).properties(name="cells")


def _written(matrix: Matrix, words: CellWords, base: Any) -> list[Any]:
    """Write one line in the middle of every cell, where asked for on a ground of its own."""
    look = dict(words.look)
    encoded: dict[str, Any] = {"text": alt.Text(f"{words.text}:N")}
    if matrix.colours.dark:
        encoded["color"] = by_test(alt.ColorValue, {matrix.colours.dark: INK["paper"]}, INK["strong"])
    if words.room:
        columns = max(len(matrix.columns.values), 1)
        size = look.get("fontSize", TYPE["label"])
        narrowest = f"max({SHRUNK}, min(1, width / {columns} / {words.room}))"
        look["fontSize"] = alt.ExprRef(f"{size} * {narrowest}")
    for channel, name, axis in ((alt.X, "x", matrix.columns), (alt.Y, "y", matrix.rows)):
        if axis.until:
            base = base.transform_calculate(**{f"middle_{name}": f"(datum.{axis.name} + datum.{axis.until}) / 2"})
            encoded[name] = channel(f"middle_{name}:Q").axis(None)
    ground = {"stroke": INK["paper"], "strokeWidth": 2.5, "strokeJoin": "round"}
    looks = [look | ground, look] if words.has_halo else [look]
    return [base.mark_text(**one).encode(**encoded) for one in looks]


def _beside(note: Beside, place: Mapping[str, Any]) -> Any:
    """Write at the edge of the drawing: left of a row, below a column."""
    x = place["x"] if note.at_column else alt.XValue(0)
    y = place["y"] if note.at_row else alt.YValue("height")
    return alt.Chart(alt.NamedData(note.frame)).mark_text(**note.look).encode(x=x, y=y, text=alt.Text("words:N"))
