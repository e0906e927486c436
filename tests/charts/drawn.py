"""What a chart says and how it is drawn, for the tests."""

from __future__ import annotations

import html
import re
from typing import Any

import altair as alt
import vl_convert


def svg(chart: alt.TopLevelMixin, width: int = 600) -> str:
    """Draw at a width, as a page would."""
    return vl_convert.vegalite_to_svg(chart.to_dict() | {"width": width}, vl_version="6.4")


def words(drawing: str) -> list[str]:
    """The texts on a drawing, in drawing order."""
    return [html.unescape(text) for text in re.findall(r"<text[^>]*>([^<]*)</text>", drawing)]


def said(chart: alt.TopLevelMixin) -> tuple[str, list[str]]:
    """The title and the subtitle."""
    meta = chart.to_dict()["usermeta"]
    return meta["title"], meta["subtitle"]


def rows(chart: alt.TopLevelMixin) -> list[dict[str, Any]]:
    """All rows sent to the browser."""
    return [row for part in chart.to_dict()["datasets"].values() for row in part]


def drawing_only(chart: alt.TopLevelMixin) -> Any:
    """The specification without its rows and words: what must be drawn anew when it changes."""
    whole = chart.to_dict()
    return without_names(
        {key: whole[key] for key in whole if key not in ("datasets", "title", "description", "usermeta")}
    )


def without_names(node: Any) -> Any:
    """Drop the names of data sets, which Altair makes from their content."""
    if isinstance(node, list):
        return [without_names(child) for child in node]
    if isinstance(node, dict):
        return {
            key: without_names(child) for key, child in node.items() if not str(child).startswith("{'name': 'data-")
        }
    return node


def picked_fields(chart: alt.TopLevelMixin) -> list[str]:
    """The fields of the selection that a page listens to."""
    return next(one["select"]["fields"] for one in chart.to_dict()["params"] if one["name"] == "pick")


def tooltip_fields(node: Any) -> set[str]:
    """The names of all fields in tooltips."""
    if isinstance(node, list):
        return set().union(*(tooltip_fields(child) for child in node))
    if not isinstance(node, dict):
        return set()
    own = node.get("tooltip", [])
    here = {one["field"] for one in own if isinstance(one, dict) and "field" in one} if isinstance(own, list) else set()
    return here.union(*(tooltip_fields(child) for child in node.values()))
