"""Take a Vega-Lite specification apart: its words, its drawing, its rows, and what a reader may touch in it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

PICK = "pick"
"""The point selection whose rows a page listens to."""
HASHED = "data-"
"""How the names begin that Altair makes from the content."""


@dataclass(frozen=True)
class Parameter:
    """A value the reader may set in the chart: its kind by its first value, its bounds or choices where declared."""

    kind: type
    low: float = -math.inf
    high: float = math.inf
    options: tuple[object, ...] = ()

    def accepts(self, value: object) -> bool:
        """Say whether a value sent by the browser is one the chart could have set."""
        if self.kind is float:
            return is_json_number(value) and self.low <= float(value) <= self.high  # type: ignore[arg-type]
        return isinstance(value, self.kind) and (not self.options or value in self.options)


@dataclass(frozen=True)
class Brush:
    """A range the reader may draw (a brush): for each field its two ends, within the bounds where declared."""

    fields: tuple[str, ...]
    low: float = -math.inf
    high: float = math.inf

    def accepts(self, value: object) -> bool:
        """Say whether a value sent by the browser is a range over the declared fields; nothing drawn is one too."""
        if not isinstance(value, Mapping):
            return False
        return all(name in self.fields and self._is_range(ends) for name, ends in value.items())

    def _is_range(self, ends: object) -> bool:
        return (
            isinstance(ends, Sequence)
            and len(ends) == 2
            and all(is_json_number(end) and self.low <= end <= self.high for end in ends)
        )


@dataclass(frozen=True)
class ChartParts:
    """A chart taken apart; `spec` stays equal while only words and rows change, so the drawing can stay too."""

    title: str
    subtitle: tuple[str, ...]
    spec: dict[str, Any]
    rows: dict[str, list[dict[str, Any]]]
    pick: tuple[str, ...] = ()
    signals: Mapping[str, Parameter | Brush] = field(default_factory=dict)
    least_width: int = 0

    def accepts_pick(self, picked: object) -> bool:
        """Say whether the rows sent by the browser name exactly the declared fields, with values that are drawn."""
        if not isinstance(picked, list) or (picked and not self.pick):
            return False
        every = [row for rows in self.rows.values() for row in rows]
        drawn = {name: {row.get(name) for row in every if is_scalar(row.get(name))} for name in self.pick}
        return all(
            isinstance(row, dict)
            and set(row) == set(self.pick)
            and all(is_scalar(value) and value in drawn[name] for name, value in row.items())
            for row in picked
        )


def take_apart(whole: Mapping[str, Any], *, is_still: bool = False) -> ChartParts:
    """Split a specification as Altair writes it; a still one has no marks to click, nor do they look so.

    The title and subtitle are taken out (from `usermeta`, else from a plain title) to be shown as text; datasets that
    Altair has named by their content get steady names, others keep theirs. `usermeta.bounds` may declare
    `{parameter: [low, high]}`.
    """
    spec = {key: value for key, value in whole.items() if key not in ("datasets", "usermeta", "description")}
    meta = whole.get("usermeta", {})
    title, subtitle = _words(spec, meta)
    names: dict[str, str] = {}
    datasets = whole.get("datasets", {})
    spec = _renamed(_still(spec) if is_still else spec, datasets, names)
    rows = {steady: datasets[name] for name, steady in names.items()}
    signals = _signals(spec, meta.get("bounds", {}))
    return ChartParts(title, subtitle, spec, rows, _pick_fields(spec), signals, meta.get("least_width", 0))


def is_scalar(value: object) -> bool:
    """Say whether a value is one a cell can hold: text, a number, true or false, nothing."""
    return value is None or isinstance(value, (str, int, float, bool))


def is_json_number(value: object) -> bool:
    """Say whether a value is a finite number (true and false are not)."""
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def _words(spec: dict[str, Any], meta: Mapping[str, Any]) -> tuple[str, tuple[str, ...]]:
    """Take the title out of the specification where it is known as text; else leave it to the drawing."""
    heading = spec.get("title")
    title = heading.get("text") if isinstance(heading, Mapping) else heading
    subtitle = heading.get("subtitle") if isinstance(heading, Mapping) else None
    if "title" in meta:
        title, subtitle = meta["title"], meta.get("subtitle")
    if title is None or isinstance(title, Mapping):
        return "", ()
    del spec["title"]
    return " ".join(_lines(title)), tuple(_lines(subtitle))


def _lines(text: str | Sequence[str] | None) -> list[str]:
    return [text] if isinstance(text, str) else list(text or [])


def _renamed(node: Any, datasets: Mapping[str, Any], names: dict[str, str]) -> Any:
    """Copy a specification with its datasets named by their order of appearance."""
    if isinstance(node, list):
        return [_renamed(child, datasets, names) for child in node]
    if not isinstance(node, Mapping):
        return node
    if node.get("name") in datasets and set(node) <= {"name", "format"}:
        name = node["name"]
        return {**node, "name": names.setdefault(name, f"rows_{len(names)}" if name.startswith(HASHED) else name)}
    return {key: _renamed(child, datasets, names) for key, child in node.items()}


def _still(node: Any) -> Any:
    """Copy a specification without the selection `pick`, as it is drawn while nothing is picked."""
    if isinstance(node, list):
        return [_still(child) for child in node]
    if not isinstance(node, Mapping):
        return node
    copy = {key: _still(child) for key, child in node.items()}
    if isinstance(copy.get("params"), list):
        copy["params"] = [one for one in copy["params"] if one.get("name") != PICK]
    if isinstance(copy.get("mark"), dict):
        copy["mark"].pop("cursor", None)
    condition = copy.pop("condition", None)
    first = condition[0] if isinstance(condition, list) else condition
    if first is None or first.get("param") != PICK:
        return copy if condition is None else copy | {"condition": condition}
    return copy | {key: value for key, value in first.items() if key not in ("param", "empty")}


def _nodes(node: Any) -> Iterator[Mapping[str, Any]]:
    """Walk every table of a specification."""
    if isinstance(node, Mapping):
        yield node
        for child in node.values():
            yield from _nodes(child)
    elif isinstance(node, list):
        for child in node:
            yield from _nodes(child)


def _pick_fields(spec: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the fields that the selection `pick` names; none where the chart has no such selection."""
    for node in _nodes(spec):
        for parameter in node.get("params", ()) if isinstance(node.get("params"), list) else ():
            select = parameter.get("select")
            if parameter.get("name") == PICK and isinstance(select, Mapping) and select.get("type") == "point":
                return tuple(select.get("fields", ()))
    return ()


def _signals(spec: Mapping[str, Any], bounds: Mapping[str, Sequence[float]]) -> dict[str, Parameter | Brush]:
    """Return what a reader may set: value parameters and intervals of the whole chart, by name."""
    signals: dict[str, Parameter | Brush] = {}
    for parameter in spec.get("params", []):
        name, select = parameter["name"], parameter.get("select")
        bind = parameter.get("bind") if isinstance(parameter.get("bind"), Mapping) else {}
        low, high = bounds.get(name, (bind.get("min", -math.inf), bind.get("max", math.inf)))
        kind = select.get("type") if isinstance(select, Mapping) else select
        if kind == "interval":
            signals[name] = Brush(_interval_fields(spec, select), low, high)
        elif select is None and isinstance(parameter.get("value"), (bool, str, int, float)):
            value = parameter["value"]
            sort: type = type(value) if isinstance(value, (bool, str)) else float
            signals[name] = Parameter(sort, low, high, tuple(bind.get("options", ())))
    return signals


def _interval_fields(spec: Mapping[str, Any], select: object) -> tuple[str, ...]:
    """Return the fields an interval may run over: those drawn on the channels it names (x and y, if none)."""
    channels = select.get("encodings", ("x", "y")) if isinstance(select, Mapping) else ("x", "y")
    drawn = [
        encoding[channel]["field"]
        for node in _nodes(spec)
        if isinstance(encoding := node.get("encoding"), Mapping)
        for channel in channels
        if isinstance(encoding.get(channel), Mapping) and isinstance(encoding[channel].get("field"), str)
    ]
    return tuple(dict.fromkeys(drawn))
