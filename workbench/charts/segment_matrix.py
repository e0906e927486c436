"""A matrix of segments by segments as a heat map: coloured by one figure, every cell to be clicked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from workbench.charts.drawing import Drawing
from workbench.charts.matrix import CellFrame, CellWords, Matrix, MatrixSide, shaded
from workbench.charts.theme import INK, TYPE

ROOM = 38
"""What a cell needs for its figure in full size, in pixels."""

UPRIGHT = 5
"""Up to so many columns their names stand upright."""
LABEL_ROOM = 136
"""How long, in pixels, the name of a segment may be; longer ones are cut and stand whole in the tooltip."""


@dataclass(frozen=True)
class Side:
    """One side of the matrix: the field that a click picks, its segments in order with their names, and its title."""

    field: str
    names: Mapping[str, str]
    title: str


def matrix_drawing(
    cells: pd.DataFrame,
    lang: str,
    *,
    rows: Side,
    columns: Side,
    tooltip: Mapping[str, str],
    title: str,
    subtitle: Sequence[str] = (),
) -> Drawing:
    """Draw segments below each other against segments beside each other; a click picks both.

    Parameters
    ----------
    cells
        The fields of both sides, strength (0..1, how dark), words (what stands in the cell), is_marked (framed, e.g.
        who stayed), and the texts of the tooltip. Combinations that do not occur have no row and stay blank.
    tooltip
        The fields shown on a cell and what they are called.
    """
    matrix = Matrix(
        rows=MatrixSide("row", _numbered(rows.names), look={"labelLimit": LABEL_ROOM}),
        columns=MatrixSide("column", _numbered(columns.names), look={
            "orient": "top", "labelAngle": 0 if len(columns.names) <= UPRIGHT else -45, "labelLimit": LABEL_ROOM,
            "labelPadding": 4, "labelOverlap": False,
        }),
        colours=shaded(),
        tooltip=tooltip,
        pick=(rows.field, columns.field),
        words=(CellWords(look={"fontSize": TYPE["note"]}, room=ROOM),),
        frame=CellFrame("datum.is_marked", INK["strong"], 1.5, is_edge=True),
        gap=1.5,
    )  # fmt: skip
    named = cells.assign(
        row=cells[rows.field].map(dict(zip(rows.names, matrix.rows.values, strict=True))),
        column=cells[columns.field].map(dict(zip(columns.names, matrix.columns.values, strict=True))),
    )
    ordered = named.sort_values("is_marked", kind="stable")  # frames are drawn over their neighbours
    return matrix.drawing(ordered, lang, title=title, subtitle=subtitle, height=34 * max(len(rows.names), 3))


def _numbered(names: Mapping[str, str]) -> list[str]:
    """Put the place before each name, so that equal names stay apart and rows and columns are found again."""
    return [f"{place} {name}" for place, name in enumerate(names.values(), start=1)]
