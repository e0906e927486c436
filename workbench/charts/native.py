"""What a chart draws as plain numbers, read from its specification, so that another program can draw it itself.

The forms are those that charts of the house have: bars and lines over categories, curves through points, matrices. What
a mark is called comes from its tooltip, whose first line says what one points at. A chart of another form has none.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from workbench.charts.theme import FOCUS, INK
from workbench.export.report import CategoryChart, CurveChart, GridChart, NativeChart, NativeSeries
from workbench.i18n import t

DrawnRow = Mapping[str, Any]
OFFSETS = {"x": "xOffset", "y": "yOffset"}
MEASURED = "quantitative"


def native_chart(spec: Mapping[str, Any], lang: str) -> NativeChart | None:
    """Return the numbers of a chart (`chart.to_dict()`); None where its form has none, or nothing is drawn."""
    layers = list(_layers(spec, lang))
    for mark, read in (("rect", _grid), ("bar", _bars), ("point", _line), ("line", _line), ("line", _curve)):
        for layer in layers:
            native = read(layer, layers) if layer.mark == mark and layer.is_read else None
            if native is not None and _holds_anything(native):
                return native
    return None


def _holds_anything(native: NativeChart) -> bool:
    """Whether there is anything to draw: other programs know no chart of nothing."""
    if isinstance(native, GridChart):
        return bool(native.rows and native.columns)
    return any(len(one.values) for one in native.series)


@dataclass(frozen=True)
class _Layer:
    """One layer: its mark, channels and rows."""

    lang: str
    mark: str
    look: Mapping[str, Any]
    channels: Mapping[str, Any]
    rows: Sequence[DrawnRow]
    is_read: bool

    def field(self, channel: str) -> str:
        return str(self.channels.get(channel, {}).get("field", ""))

    def is_measured(self, channel: str) -> bool:
        return bool(self.field(channel)) and self.channels[channel].get("type") == MEASURED

    def is_named(self, channel: str) -> bool:
        return bool(self.field(channel)) and self.channels[channel].get("type") != MEASURED

    @property
    def tooltips(self) -> list[Mapping[str, Any]]:
        tooltip = self.channels.get("tooltip", [])
        return [one for one in (tooltip if isinstance(tooltip, list) else [tooltip]) if one.get("field")]

    def called(self, row: DrawnRow, channel: str) -> str:
        """Say what a row is: the first line of its tooltip, else its place."""
        name = row.get(self.tooltips[0]["field"] if self.tooltips else self.field(channel))
        return t("charts.theme.unknown", self.lang) if name is None else str(name)

    def measure(self, channel: str) -> str:
        """Say what a channel measures: its title, else the second line of the tooltip."""
        title = self.channels[channel].get("title") or (self.channels[channel].get("axis") or {}).get("title")
        second = [one["title"] for one in self.tooltips[1:2] if str(one.get("title", "")).strip()]
        return str(title or next(iter(second), ""))

    def number_format(self, channel: str) -> str:
        """Return how a spreadsheet writes the numbers of a channel."""
        axis = self.channels[channel].get("axis") or {}
        form = str(axis.get("format", ""))
        if form.endswith("%") or self.field(channel).endswith(("share", "rate")):
            return "0.0%"
        return "#,##0" if "labelExpr" in axis else "0.0#"

    def ordered(self, channel: str) -> list[DrawnRow]:
        """Return the rows in the order in which the categories of a channel are drawn."""
        drawn = self.channels[channel]
        name, sort = self.field(channel), drawn.get("sort")
        domain = (drawn.get("scale") or {}).get("domain")
        if isinstance(domain, list):
            places = {value: place for place, value in enumerate(domain)}
            return sorted(self.rows, key=lambda row: places.get(row.get(name), len(places)))
        by = sort["field"] if isinstance(sort, Mapping) and "field" in sort else name
        return sorted(self.rows, key=lambda row: (row.get(by) is None, row.get(by)))

    def colour_of(self, row: DrawnRow) -> str:
        colour = self.channels.get("color", {})
        scale = colour.get("scale") or {}
        domain, colours = scale.get("domain"), scale.get("range")
        value = row.get(colour.get("field", ""))
        if isinstance(domain, list) and isinstance(colours, list) and value is not None:
            if colour.get("type") == MEASURED:
                low, high = domain
                place = (float(value) - low) / ((high - low) or 1)
                return str(colours[min(max(round(place * (len(colours) - 1)), 0), len(colours) - 1)])
            if value in domain and domain.index(value) < len(colours):
                return str(colours[domain.index(value)])
        return str(self.look.get("color") or FOCUS["this"])


def _layers(node: Mapping[str, Any], lang: str, above: Mapping[str, Any] | None = None) -> Iterator[_Layer]:
    """Walk the layers with what they inherit: data, channels, data sets."""
    above = above or {}
    data = node.get("data", above.get("data", {}))
    channels = {**above.get("encoding", {}), **node.get("encoding", {})}
    sets = node.get("datasets", above.get("datasets", {}))
    if "layer" in node:
        for child in node["layer"]:
            yield from _layers(child, lang, {"data": data, "encoding": channels, "datasets": sets})
        return
    mark = node.get("mark")
    look = mark if isinstance(mark, Mapping) else {"type": mark}
    rows = data.get("values", sets.get(data.get("name"), []))
    # what is filtered for drawing alone (a value that is not there) is a gap here; any other step would have to be done
    is_read = all(str(step.get("filter", "")).startswith("isValid(") for step in node.get("transform", []))
    yield _Layer(lang, str(look.get("type")), look, channels, rows, is_read=is_read)


def _grid(layer: _Layer, layers: Sequence[_Layer]) -> GridChart | None:
    if not (layer.is_named("x") and layer.is_named("y")):
        return None
    texts = [one for one in layers if one.mark == "text" and one.rows is layer.rows and one.field("text")]
    said = texts[0].field("text") if texts else ""
    sides = {channel: _side(layer, channel) for channel in ("y", "x")}
    cells = {(row.get(layer.field("y")), row.get(layer.field("x"))): row for row in layer.rows}
    paper = INK["paper"]
    words, colours = [], []
    for down in sides["y"]:
        line = [cells.get((down, across)) for across in sides["x"]]
        words.append([str(cell.get(said) or "") if cell else "" for cell in line])
        colours.append([layer.colour_of(cell) if cell and cell.get(said) else paper for cell in line])
    corner = " \\ ".join(part for part in (layer.measure("y"), layer.measure("x")) if part)
    return GridChart(corner, [*sides["y"].values()], [*sides["x"].values()], words, colours)


def _side(layer: _Layer, channel: str) -> dict[Any, str]:
    """Return the values of a side in the order drawn, with their words."""
    axis = layer.channels[channel].get("axis") or {}
    domain = (layer.channels[channel].get("scale") or {}).get("domain")
    values = domain if isinstance(domain, list) else [row.get(layer.field(channel)) for row in layer.ordered(channel)]
    words = _words_of(str(axis.get("labelExpr", "")))
    return {value: words.get(str(value), str(value)) for value in values}


def _words_of(expression: str) -> Mapping[str, str]:
    """Return the words that an axis has for its values: `{"1": "R1"}[datum.label]`."""
    if not expression.startswith("{"):
        return {}
    words, _end = json.JSONDecoder().raw_decode(expression)
    return {str(value): str(said) for value, said in words.items()}


def _bars(layer: _Layer, layers: Sequence[_Layer]) -> CategoryChart | None:
    for kind, named, measured in (("bar", "y", "x"), ("column", "x", "y")):
        if layer.is_named(named) and layer.is_measured(measured):
            parts = layer.field(OFFSETS[named])
            colour = layer.field("color")
            stacked = "" if parts or not _repeats(layer, named) else colour
            categories, series = _series(layer, named, measured, by=parts or stacked)
            for other in layers:  # bars before these, of the same rows: they are what the chart is about
                is_before = other.mark == "bar" and other.rows is layer.rows and other.is_measured(measured)
                if is_before and other.field(measured) != layer.field(measured):
                    series = [*_series(other, named, measured, by="")[1], *series]
            form: Literal["bar", "column"] = "bar" if kind == "bar" else "column"
            return CategoryChart(form, categories, series, layer.number_format(measured), is_stacked=bool(stacked))
    return None


def _repeats(layer: _Layer, named: str) -> bool:
    values = [row.get(layer.field(named)) for row in layer.rows]
    return len(set(values)) < len(values)


def _line(layer: _Layer, _layers: Sequence[_Layer]) -> CategoryChart | None:
    if not (layer.is_named("x") and layer.is_measured("y")) or not layer.tooltips:
        return None
    categories, series = _series(layer, "x", "y", by=layer.field("detail") or layer.field("color"))
    return CategoryChart("line", categories, series, layer.number_format("y"))


def _series(layer: _Layer, named: str, measured: str, *, by: str) -> tuple[list[str], list[NativeSeries]]:
    """Return the categories, and for every value of `by` its numbers over them."""
    place, value = layer.field(named), layer.field(measured)
    rows = layer.ordered(named)
    categories = {row.get(place): layer.called(row, named) for row in rows}
    series = []
    for part in dict.fromkeys(row.get(by) for row in rows) if by else [None]:
        own = {row.get(place): row for row in rows if not by or row.get(by) == part}
        numbers = [_number(own[one], value) if one in own else None for one in categories]
        colours = [layer.colour_of(own[one]) if one in own else "" for one in categories]
        is_one = len(set(colours) - {""}) <= 1
        name = str(part) if by and part is not None else layer.measure(measured)
        colour = next((one for one in colours if one), "")
        series.append(NativeSeries(name, numbers, colour, () if is_one else colours))
    return [*categories.values()], series


def _curve(layer: _Layer, _layers: Sequence[_Layer]) -> CurveChart | None:
    if not (layer.is_measured("x") and layer.is_measured("y")):
        return None
    x, y = layer.field("x"), layer.field("y")
    points = sorted({(row[x], row[y]) for row in layer.rows if row.get(x) is not None and row.get(y) is not None})
    series = NativeSeries(layer.measure("y"), [point[1] for point in points], FOCUS["this"])
    places = [[point[0] for point in points]]
    return CurveChart([series], places, (layer.measure("x"), layer.measure("y")), layer.number_format("y"))


def _number(row: DrawnRow, name: str) -> float | None:
    """Return a number; what is not known, or drawn as nothing because it is not, is None and no nought."""
    value = row.get(name)
    if value is None or row.get("is_known") is False or not math.isfinite(value):
        return None
    return float(value)
