"""The look of every chart: fonts, colours by meaning, axes, locale, and `finish()`; words come from `words.py`."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Literal, TypeVar, cast

import altair as alt
import vl_convert

from workbench.charts.words import (
    MINUS,
    SEPARATOR,
    UNIT_STEPS,
    Unit,
    base_words,
    count_words,
    currency_parts,
    date_words,
    growth_words,
    money_words,
    month_words,
    points_words,
    share_words,
    wrapped,
)

__all__ = [
    "ABC", "CATEGORIES", "FOCUS", "FONT", "INK", "JUDGEMENT", "NPS", "SEQUENCE", "SMALL_BASE", "TYPE", "Unit",
    "base_words", "config", "count_words", "date_words", "finish", "growth_words", "locale",
    "meaning_scale", "money_axis", "money_words", "month_axis", "month_ticks", "month_words", "points_words",
    "share_words", "wrapped",
]  # fmt: skip

FONT = "Noto Sans CJK SC, Microsoft YaHei, PingFang SC, Hiragino Sans GB, Arial, sans-serif"
"""Never one font alone: where only a missing font is named, a renderer drops all text without an error."""

TYPE = {"title": 16, "subtitle": 12, "label": 12, "note": 11}
"""The type scale in pixels; panels and pages use the same steps."""

INK = {"strong": "#1F2933", "soft": "#52606D", "line": "#E4E7EB", "rule": "#9AA5B1", "paper": "#FFFFFF"}
"""Text, quiet text, grid lines, reference lines, background."""

ABC = {"A": "#12436D", "B": "#2A78B0", "C": "#7FB2DB", "D": "#E0DAD2"}
JUDGEMENT = {"good": "#0B5F5A", "neutral": "#CFD5DB", "bad": "#DD7140"}
NPS = {"promoters": JUDGEMENT["good"], "passives": JUDGEMENT["neutral"], "detractors": JUDGEMENT["bad"]}
FOCUS = {"this": "#12436D", "others": "#A9B4BF"}
SMALL_BASE = "#DCE1E6"
"""The colour of a figure that rests on fewer than 30 answers."""
CATEGORIES = ("#12436D", "#A61E4D", "#1E8A7A", "#E07B39", "#8DB8E8", "#F0D36B")
"""At most six unordered groups (regions, channels); group the rest as "other"."""
SEQUENCE = ("#EDF4FA", "#CDE0F0", "#A3C7E3", "#6FA8D0", "#3E86B8", "#1F6498", "#12436D")
"""From little to much, for heat maps."""

AnyChart = TypeVar("AnyChart", bound=alt.TopLevelMixin)


def meaning_scale(colours: Mapping[str, str], *, names: Mapping[str, str] | None = None) -> alt.Scale:
    """Bind values to their colours, e.g. `meaning_scale(ABC)`; `names` says what the rows call each value."""
    return alt.Scale(domain=[(names or {}).get(value, value) for value in colours], range=list(colours.values()))


def money_axis(lang: str) -> str:
    """Return the `labelExpr` of a money axis: ¥5万, ¥1.2亿 in Chinese, ¥50k in English; 5 万美元 and $50k."""
    before, after = currency_parts(lang)
    size, end = "abs(datum.value)", json.dumps(after.strip(), ensure_ascii=False)
    space = " " if after else ""
    words = f"format({size}, ',.4~r') + {json.dumps(after, ensure_ascii=False)}"
    for step, unit in reversed(UNIT_STEPS[lang]):
        words = f"{size} >= {step:.0f} ? format({size} / {step:.0f}, ',.4~r') + '{space}{unit}' + {end} : ({words})"
    sign = f"(datum.value < 0 ? '{MINUS}' : '') + {json.dumps(before, ensure_ascii=False)}"
    return f"{sign} + ({words})"


def month_axis(lang: str) -> str:
    """Return the `labelExpr` of an axis of months: the year once, at January, then the months."""
    year, month = ("'%Y年'", "'%-m月'") if lang == "zh" else ("'%Y'", "'%b'")
    return f"timeFormat(datum.value, month(datum.value) == 0 ? {year} : {month})"


def month_ticks(months: int) -> dict[str, Any]:
    """Return how often to label an axis of so many months: always at January, and few enough for a phone."""
    steps = ((8, 1), (18, 3), (48, 6))
    return {"interval": "month", "step": next((step for most, step in steps if months <= most), 12)}


def finish(
    chart: AnyChart, lang: str, *, title: str, subtitle: str | Sequence[str] | None = None, height: int | None = 300
) -> AnyChart:
    """Give a chart its finding as title, its base and day as subtitle, and the house's look.

    The title breaks into lines by the width there is; `description` holds it whole, for screen readers, and `usermeta`
    for pages, which show it as text above the drawing.
    A single or layered chart takes the width of its container; `height=None` keeps the chart's own height.
    """
    subtitles = [subtitle] if isinstance(subtitle, str) else list(subtitle or [])
    lines = [line for text in subtitles for line in _joined(text.split(SEPARATOR), 60)]
    responsive = isinstance(chart, (alt.Chart, alt.LayerChart))
    properties: dict[str, Any] = {
        "title": alt.TitleParams(text=_breaking(title) if responsive else wrapped(title, 44), subtitle=lines or []),
        "description": " — ".join([title, *subtitles]),
        "usermeta": {"title": title, "subtitle": subtitles},
        "background": INK["paper"],
        "padding": {"left": 4, "right": 12, "top": 8, "bottom": 4},
    }
    if responsive:
        properties |= {"width": "container", "autosize": alt.AutoSizeParams(type="fit-x", contains="padding")}
        properties |= {} if height is None else {"height": height}
    finished = cast(Any, chart).properties(**properties)
    finished.config = alt.Config(**config(lang))
    return cast(AnyChart, finished)


def config(lang: str) -> dict[str, Any]:
    """Return the Vega-Lite configuration of the house in a language."""
    return {
        "locale": locale(lang),
        "font": FONT,
        "background": INK["paper"],
        "view": {"stroke": None},
        "title": {
            "anchor": "start", "frame": "bounds", "offset": 14, "color": INK["strong"], "fontSize": TYPE["title"],
            "fontWeight": 600, "lineHeight": 22, "subtitleColor": INK["soft"], "subtitleFontSize": TYPE["subtitle"],
            "subtitleLineHeight": 17, "subtitlePadding": 6,
        },
        "axis": {
            "labelColor": INK["soft"], "labelFontSize": TYPE["label"], "labelLimit": 130, "labelPadding": 6,
            "titleColor": INK["soft"], "titleFontSize": TYPE["label"], "titleFontWeight": "normal", "titlePadding": 8,
            "gridColor": INK["line"], "domain": False, "ticks": False,
        },
        "legend": {
            "orient": "top", "direction": "horizontal", "offset": 4, "symbolType": "circle", "symbolSize": 90,
            "labelColor": INK["soft"], "labelFontSize": TYPE["label"], "titleColor": INK["soft"],
            "titleFontSize": TYPE["label"], "titleFontWeight": "normal", "columnPadding": 14,
        },
        "bar": {"cornerRadiusEnd": 2},
        "line": {"strokeWidth": 2.5},
        "rule": {"color": INK["rule"]},
        "text": {"color": INK["strong"], "fontSize": TYPE["label"]},
        "range": {"category": list(CATEGORIES), "ordinal": list(SEQUENCE), "heatmap": list(SEQUENCE)},
    }  # fmt: skip


def locale(lang: str) -> dict[str, Any]:
    """Return the number and time formats of a language, money in the currency it carries."""
    name: Literal["zh-CN", "en-US"] = "zh-CN" if lang == "zh" else "en-US"
    number = dict(vl_convert.get_format_locale(name)) | {"currency": list(currency_parts(lang))}
    return {"number": number, "time": dict(vl_convert.get_time_format_locale(name))}


def _breaking(text: str) -> Any:
    """Return the title's lines, chosen in the browser by the width there is; plain text where one line always does."""
    narrow, *wider = (wrapped(text, columns) for columns in (40, 50, 72, 100))
    if len(narrow) == 1:
        return text
    choice = _literal(wider.pop())
    for limit, lines in ((840, wider[1]), (600, wider[0]), (400, narrow)):
        choice = f"width < {limit} ? {_literal(lines)} : {choice}"
    return alt.ExprRef(expr=choice)


def _joined(parts: list[str], width: int) -> list[str]:
    """Put the parts of a subtitle on as few lines as hold them, breaking between parts where that is possible."""
    lines: list[str] = []
    for part in parts:
        if lines and len(wrapped(lines[-1] + SEPARATOR + part, width)) == 1:
            lines[-1] += SEPARATOR + part
        else:
            lines += wrapped(part, width)
    return [line for line in lines if line]


def _literal(lines: list[str]) -> str:
    """Write lines as a literal of Vega's expression language, whatever a company's names hold."""
    return json.dumps(lines, ensure_ascii=False).replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
