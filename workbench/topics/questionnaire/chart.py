"""How reliably each group of questions measures: alpha with its interval against the line of 0.7."""

from __future__ import annotations

from datetime import date
from functools import partial

import altair as alt
import pandas as pd

from workbench.charts.drawing import Drawing
from workbench.charts.theme import INK, JUDGEMENT
from workbench.charts.words import SEPARATOR, base_words, count_words, points_words
from workbench.i18n import t

LIGHT_COLOURS = {"good": JUDGEMENT["good"], "unclear": INK["rule"], "bad": JUDGEMENT["bad"]}
GROUP_HEIGHT, SPACE_AROUND = 34, 50
MOST_NAMED_GROUPS = 3


def reliability_drawing(rows: pd.DataFrame, lang: str, *, line: float = 0.7, as_of: date | None = None) -> Drawing:
    """Draw a point for each group of questions at its alpha, with the interval, coloured by its light.

    `rows` is what `construct_reliability` gave; groups without figures are named and have no point.
    From `line` on alpha is called reliable.
    """
    ordered = rows.sort_values(["alpha", "construct"], ascending=[False, True], na_position="last")
    points = pd.DataFrame(
        {
            "construct": ordered["construct"],
            "alpha": ordered["alpha"].astype(float),
            "low": ordered["alpha_low"].astype(float).clip(lower=0),
            "high": ordered["alpha_high"].astype(float).clip(lower=0),
            "drawn": ordered["alpha"].astype(float).clip(lower=0),
            "light": ordered["light"],
            "place": range(len(ordered)),
            "light_words": [t(f"charts.questionnaire.lights.{one}", lang) for one in ordered["light"]],
            "words": [
                points_words(alpha, lang, digits=2)
                if pd.notna(alpha)
                else t(f"charts.questionnaire.lights.{light}", lang)
                for alpha, light in zip(ordered["alpha"], ordered["light"], strict=True)
            ],
            "base": [count_words(count, lang) for count in ordered["respondents"]],
        }
    )
    points["after"] = points["high"].fillna(0.0)
    return Drawing(
        key=("questionnaire", lang, len(rows)),
        layout=partial(_layout, lang),
        frames={"points": points, "lines": pd.DataFrame({"line": [line]})},
        lang=lang,
        title=_title(ordered, lang),
        subtitle=[_base(rows, lang, as_of), t("charts.questionnaire.note", lang)],
        height=GROUP_HEIGHT * len(rows) + SPACE_AROUND,
    )


def _layout(lang: str) -> alt.LayerChart:
    tooltip = [
        alt.Tooltip("construct:N", title=t("charts.questionnaire.construct", lang)),
        alt.Tooltip("words:N", title=t("charts.questionnaire.alpha", lang)),
        alt.Tooltip("light_words:N", title=t("charts.questionnaire.light", lang)),
        alt.Tooltip("base:N", title=t("charts.questionnaire.respondents", lang)),
    ]
    names = {one: t(f"charts.questionnaire.lights.{one}", lang) for one in LIGHT_COLOURS}
    y = alt.Y("construct:N", sort=alt.EncodingSortField("place", op="min"), title=None, axis=alt.Axis(labelLimit=150))
    base = alt.Chart(alt.NamedData("points")).encode(y=y, tooltip=tooltip)
    x = alt.X("drawn:Q", scale=alt.Scale(domain=[0, 1.1]), axis=alt.Axis(values=[0, 0.25, 0.5, 0.75, 1]))
    x = x.title(t("charts.questionnaire.alpha", lang))
    colour = alt.Color(
        "light_words:N",
        scale=alt.Scale(domain=list(names.values()), range=list(LIGHT_COLOURS.values())),
        legend=alt.Legend(title=None, labelLimit=260, columns=1),
    )
    known = base.transform_filter("isValid(datum.alpha)")
    line = alt.Chart(alt.NamedData("lines")).mark_rule(color=INK["rule"], strokeDash=[4, 3])
    return alt.LayerChart(
        layer=[
            line.encode(x=alt.X("line:Q")),
            known.mark_rule(strokeWidth=2).encode(x=alt.X("low:Q"), x2=alt.X2("high:Q"), color=colour),
            known.mark_point(size=120, filled=True, opacity=1).encode(x=x, color=colour),
            base.mark_text(align="left", dx=8).encode(x=alt.X("after:Q"), text=alt.Text("words:N")),
        ]
    )


def _title(rows: pd.DataFrame, lang: str) -> str:
    """Name the groups that are not reliable; else say how many are, or that it cannot be told."""
    bad, good = (rows.loc[rows["light"] == one, "construct"].tolist() for one in ("bad", "good"))
    facts = {"count": count_words(len(good), lang), "of": count_words(len(rows), lang)}
    if bad:
        named = [t("charts.questionnaire.quoted", lang, construct=one) for one in bad[:MOST_NAMED_GROUPS]]
        rest = count_words(len(bad) - MOST_NAMED_GROUPS, lang)
        key = "charts.questionnaire.bad_more" if len(bad) > MOST_NAMED_GROUPS else "charts.questionnaire.bad"
        return t(key, lang, constructs=named, rest=rest)
    if good:
        key = "charts.questionnaire.all_good" if len(good) == len(rows) else "charts.questionnaire.good"
        return t(key, lang, **facts)
    return t("charts.questionnaire.unclear", lang)


def _base(rows: pd.DataFrame, lang: str, as_of: date | None) -> str:
    """Say how many answered the groups whole, from the fewest to the most."""
    least, most = int(rows["respondents"].min()), int(rows["respondents"].max())
    between = {"least": count_words(least, lang), "most": count_words(most, lang)}
    said = t("charts.questionnaire.base" if least == most else "charts.questionnaire.bases", lang, **between)
    return SEPARATOR.join([said, *([base_words(lang, as_of=as_of)] if as_of else [])])
