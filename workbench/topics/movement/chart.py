"""Movement drawn: a matrix of segments at two dates, and the streams that flow from the first to the second."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Literal

import altair as alt
import numpy as np
import pandas as pd

from workbench.charts.conditions import faded
from workbench.charts.drawing import Drawing
from workbench.charts.matrix import strengths
from workbench.charts.segment_matrix import Side, matrix_drawing
from workbench.charts.theme import INK, JUDGEMENT, TYPE
from workbench.charts.words import SEPARATOR, base_words, count_words, date_words, money_words, share_words
from workbench.i18n import t

MovementMeasure = Literal["customer_count", "from_share", "monetary_before", "monetary_after", "monetary_change"]

MOVE_COLOURS = {
    "better": JUDGEMENT["good"],
    "worse": JUDGEMENT["bad"],
    "same": "#DDE2E7",
    "came": "#5B8FC7",
    "went": "#8C7B6B",
    "other": "#A9B4BF",
}
"""Dark for up, orange for down, pale for those who stayed; the streams' slope says up and down in grey as well."""
THEN = ("better", "worse", "same", "other", "left")
"""The directions of those who were customers at the first date."""
WAYS = {"joined": "came", "returned": "came", "left": "went", "away": "other"}
FEWEST_IN_SHARES = 20
"""Fewer customers are told by number: a third of three is one."""
EDGE_POINTS = 16
"""Points along the edge of a stream."""
MARGIN = 0.5
"""How much wider than the streams the drawing is on either side, for the names."""


def movement_matrix_drawing(
    cells: pd.DataFrame,
    lang: str,
    *,
    names: Mapping[str, str],
    measure: MovementMeasure = "customer_count",
    before: date,
    after: date,
    base: int | None,
    ways: pd.DataFrame | None = None,
) -> Drawing:
    """Draw where the customers of each segment went; who stayed is framed. A click picks both segments.

    Parameters
    ----------
    cells
        What `movement_matrix` gives; figures of hidden small groups are missing.
    names
        Every segment in order, best first, and those outside ("absent", "not_yet").
    ways
        How many went in each direction, hidden cells included (`directions`); by default the sums of the cells, unknown
        where some are hidden.
    """
    known = cells[cells["customer_count"].notna()]
    say = {"customer_count": count_words, "from_share": share_words}.get(measure, money_words)
    drawn = known[["from_segment", "to_segment"]].assign(
        strength=strengths(known[measure].abs()),
        words=[say(value, lang) for value in known[measure]],
        is_marked=known["from_segment"] == known["to_segment"],
        customers=[count_words(value, lang) for value in known["customer_count"]],
        share=[share_words(value, lang) for value in known["from_share"]],
        money_before=[money_words(value, lang) for value in known["monetary_before"]],
        money_after=[money_words(value, lang) for value in known["monetary_after"]],
    )
    days = {"before": date_words(before, lang), "after": date_words(after, lang)}
    present = {side: set(cells[side]) for side in ("from_segment", "to_segment")}
    sides = [
        Side(side, {name: words for name, words in names.items() if name in present[side]}, days[when])
        for side, when in (("from_segment", "before"), ("to_segment", "after"))
    ]
    tips = ("customers", "share", "money_before", "money_after")
    return matrix_drawing(
        drawn,
        lang,
        rows=sides[0],
        columns=sides[1],
        tooltip={"row": days["before"], "column": days["after"], **{n: t(f"charts.movement.{n}", lang) for n in tips}},
        title=_title(cells, known, ways, lang, names),
        subtitle=[
            t("charts.movement.sides", lang, **days),
            _base(cells, known, lang, base),
            t("charts.rfm.grid_measure", lang, measure=t(f"charts.movement.measures.{measure}", lang)),
        ],
    )


def movement_flow_drawing(
    cells: pd.DataFrame,
    lang: str,
    *,
    names: Mapping[str, str],
    before: date,
    after: date,
    base: int | None,
    ways: pd.DataFrame | None = None,
    sizes: tuple[pd.DataFrame, pd.DataFrame] | None = None,
) -> Drawing:
    """Draw the customers as streams from the segments of the first date to those of the second (a Sankey diagram).

    The height of a segment and the width of a stream are customers. A click on a stream picks both segments. `sizes`
    are those of the segments at both dates, hidden streams included; where one is unknown, the streams shown make it,
    and its number is left out.
    """
    known = cells[cells["customer_count"].fillna(0) > 0]
    ids = [*names]
    sides = {side: [name for name in ids if (known[side] == name).any()] for side in ("from_segment", "to_segment")}
    height = 34 * max(*map(len, sides.values()), 4)
    gap = 17 / height
    whole = dict(zip(sides, sizes or (cells, cells), strict=True))
    nodes = {side: _stacked(known, whole[side], side, segments, gap) for side, segments in sides.items()}
    days = {"from_segment": date_words(before, lang), "to_segment": date_words(after, lang)}
    return Drawing(
        key=("movement_flow", lang, height),
        layout=partial(_flow_layout, lang),
        frames={
            "streams": _streams(known, nodes, ids, names, lang),
            "nodes": pd.DataFrame([row for side in nodes for row in _nodes(side, nodes[side], names, lang)]),
            "days": pd.DataFrame({"x": [0, 1], "words": [*days.values()]}).head(len(known) * 2),  # none without streams
        },
        lang=lang,
        title=_title(cells, known, ways, lang, names),
        subtitle=[_base(cells, known, lang, base)],
        height=height + 20,
    )


@dataclass(frozen=True)
class Pile:
    """A segment of one side: where it begins and ends, of what size, and whether that may be said."""

    start: float
    end: float
    size: float
    is_told: bool


def _stacked(
    known: pd.DataFrame, whole: pd.DataFrame, side: str, segments: Sequence[str], gap: float
) -> dict[str, Pile]:
    """Put the segments of one side below each other."""
    streams = known.groupby(side)["customer_count"].sum()
    whole_sizes = _sums(whole, side)
    sizes = {
        name: float(whole_sizes[name]) if pd.notna(whole_sizes[name]) else float(streams[name]) for name in segments
    }
    everybody, room = sum(sizes.values()), max(1 - gap * (len(segments) - 1), 0.2)
    blocks, start = {}, 0.0
    for name in segments:
        end = start + room * sizes[name] / everybody
        blocks[name] = Pile(start, end, sizes[name], is_told=bool(pd.notna(whole_sizes[name])))
        start = end + gap
    return blocks


def _nodes(side: str, blocks: Mapping[str, Pile], names: Mapping[str, str], lang: str) -> list[dict[str, object]]:
    is_first = side == "from_segment"
    return [
        {
            "left": -0.025 if is_first else 1.0,
            "right": 0.0 if is_first else 1.025,
            "top": block.start,
            "bottom": max(block.end, block.start + 0.004),
            "middle": (block.start + block.end) / 2,
            "label": -0.04 if is_first else 1.04,
            "is_first": is_first,
            "words": f"{count_words(block.size, lang)} {names[name]}" if block.is_told else names[name],
        }
        for name, block in blocks.items()
    ]


def _streams(
    known: pd.DataFrame,
    nodes: Mapping[str, Mapping[str, Pile]],
    ids: Sequence[str],
    names: Mapping[str, str],
    lang: str,
) -> pd.DataFrame:
    """Return the edges of every stream, point by point; streams keep the segments' order on both sides."""
    taken = {side: {name: block.start for name, block in blocks.items()} for side, blocks in nodes.items()}
    x = np.linspace(0, 1, EDGE_POINTS)
    bend = x * x * (3 - 2 * x)
    order = {name: place for place, name in enumerate(ids)}
    ordered = known.assign(a=known["from_segment"].map(order), b=known["to_segment"].map(order)).sort_values(["a", "b"])
    frames = []
    for place, row in enumerate(ordered.to_dict("records")):
        tops = []
        width = []
        for side in ("from_segment", "to_segment"):
            block = nodes[side][row[side]]
            wide = (block.end - block.start) * row["customer_count"] / block.size
            tops.append(taken[side][row[side]])
            width.append(wide)
            taken[side][row[side]] += wide
        top = tops[0] + (tops[1] - tops[0]) * bend
        thick = width[0] + (width[1] - width[0]) * bend
        way = WAYS.get(row["direction"], row["direction"])
        frames.append(
            pd.DataFrame({"x": x, "top": top, "bottom": top + thick}).assign(
                stream=place,
                way=t(f"charts.movement.ways.{way}", lang),
                from_segment=row["from_segment"],
                to_segment=row["to_segment"],
                start=names[row["from_segment"]],
                end=names[row["to_segment"]],
                customers=count_words(row["customer_count"], lang),
                share=share_words(row["from_share"], lang),
            )
        )
    columns = [
        "x",
        "top",
        "bottom",
        "stream",
        "way",
        "from_segment",
        "to_segment",
        "start",
        "end",
        "customers",
        "share",
    ]
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=columns)


def _flow_layout(lang: str) -> alt.LayerChart:
    pick = alt.selection_point(name="pick", fields=["from_segment", "to_segment"])
    opacity = faded(pick, full=0.85, pale=0.2)
    said = {way: t(f"charts.movement.ways.{way}", lang) for way in MOVE_COLOURS}
    colour = (
        alt.Color("way:N", sort=[*said.values()])
        .scale(domain=[*said.values()], range=[*MOVE_COLOURS.values()])
        .legend(title=None, symbolType="square", columns=3, offset=22)
    )
    x = alt.X("x:Q", scale=alt.Scale(domain=[-MARGIN, 1 + MARGIN], nice=False)).axis(None)
    y = alt.Y("top:Q", scale=alt.Scale(domain=[1, 0], nice=False)).axis(None)
    streams = (
        alt.Chart(alt.NamedData("streams"))
        .mark_area(cursor="pointer", line=False)
        .encode(
            x=x, y=y, y2=alt.Y2("bottom:Q"), detail=alt.Detail("stream:N"), color=colour, opacity=opacity,
            tooltip=[
                alt.Tooltip("start:N", title=t("charts.movement.from", lang)),
                alt.Tooltip("end:N", title=t("charts.movement.to", lang)),
                alt.Tooltip("customers:N", title=t("charts.movement.customers", lang)),
                alt.Tooltip("share:N", title=t("charts.movement.share", lang)),
            ],
        )
        .add_params(pick)
        .properties(name="streams")
    )  # fmt: skip
    nodes = alt.Chart(alt.NamedData("nodes"))
    edges = {"x": alt.X("left:Q"), "x2": "right:Q", "y": alt.Y("top:Q"), "y2": "bottom:Q"}
    blocks = nodes.mark_rect(color=INK["strong"]).encode(**edges)
    room = alt.ExprRef(f"width * {MARGIN / (1 + 2 * MARGIN) - 0.02:.3f}")
    names = [
        nodes.transform_filter(f"datum.is_first == {str(is_first).lower()}")
        .mark_text(align="right" if is_first else "left", baseline="middle", fontSize=TYPE["label"], limit=room)
        .encode(x=alt.X("label:Q"), y=alt.Y("middle:Q"), text=alt.Text("words:N"))
        for is_first in (True, False)
    ]
    days = (
        alt.Chart(alt.NamedData("days"))
        .mark_text(dy=-12, color=INK["soft"], fontSize=TYPE["label"])
        .encode(x=alt.X("x:Q"), y=alt.YDatum(0), text=alt.Text("words:N"))
    )
    return alt.LayerChart(layer=(streams, blocks, *names, days))


def _base(cells: pd.DataFrame, known: pd.DataFrame, lang: str, base: int | None) -> str:
    hidden = [t("charts.rfm.hidden", lang)] if len(known) < len(cells) else []
    return SEPARATOR.join([base_words(lang, base=base), *hidden])


def _sums(table: pd.DataFrame, by: str) -> pd.Series:
    """Count by a column; unknown where a part is."""
    return table.groupby(by)["customer_count"].agg(lambda counts: counts.sum(skipna=False))


def _title(
    cells: pd.DataFrame, known: pd.DataFrame, ways: pd.DataFrame | None, lang: str, names: Mapping[str, str]
) -> str:
    """State how many went up and down, or where there is no order, the largest move; nothing of a part of them."""
    by_way = _sums(cells if ways is None else ways, "direction")
    better, worse = (float(by_way.get(way, 0)) for way in ("better", "worse"))
    both = sum(float(by_way.get(way, 0)) for way in THEN)
    turned = {"better": better, "worse": worse}
    if better + worse and both:
        counts = {name: count_words(value, lang) for name, value in turned.items()}
        if math.isfinite(both):
            is_few = both < FEWEST_IN_SHARES
            shares = counts if is_few else {name: share_words(value / both, lang) for name, value in turned.items()}
            said = "charts.movement.title_few" if is_few else "charts.movement.title"
            return t(said, lang, **shares, base=count_words(both, lang))
        if math.isfinite(better + worse):
            return t("charts.movement.counts", lang, **counts)
    if len(known) < len(cells):  # a hidden move may be larger than those shown
        return t("charts.movement.hidden_title", lang)
    moved = known[known["direction"].isin(["other", "left", "returned"])]
    if moved.empty:
        return t("charts.movement.nobody" if known.empty else "charts.movement.stayed", lang)
    largest = moved.sort_values("customer_count").iloc[-1]
    equal = int((moved["customer_count"] == largest["customer_count"]).sum())
    if equal > 1:
        return t("charts.movement.even", lang, moves=equal, count=count_words(largest["customer_count"], lang))
    ends = {"start": names[largest["from_segment"]], "end": names[largest["to_segment"]]}
    return t("charts.movement.largest", lang, count=count_words(largest["customer_count"], lang), **ends)
