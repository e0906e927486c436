"""Clusters drawn: what speaks for each number of them, and how each differs from all, in the features' own units."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any, Literal

import altair as alt
import pandas as pd

from workbench.charts.drawing import Drawing
from workbench.charts.matrix import CellWords, Colours, Matrix, MatrixSide
from workbench.charts.theme import CATEGORIES, INK
from workbench.charts.words import Unit, base_words, count_words, money_words, points_words
from workbench.i18n import t

Form = Literal["money", "count", "days", "score"]
"""How the mean of a feature is written."""

STABLE = 0.8
"""The line from which the stability is high enough."""
BELOW_TO_ABOVE = ("#B4632E", "#E9C4A6", "#F4F5F6", "#A3C7E3", "#12436D")
"""From far below the mean of all to far above it."""
FAR = 2.0
"""The full colour stands for this many spreads from the mean."""
LEAST_APART = 0.05
"""A smaller difference is written 0.0, and none is told."""
DARK_DIFFERENCE = 1.3
"""From this difference upwards, the letters of a cell are white."""
MOST_COLUMNS = 8
"""This many features fit side by side; more of them (the items of a questionnaire) stand below one another."""
SERIES = ("silhouette", "stability")


def k_choice_drawing(
    rows: pd.DataFrame,
    lang: str,
    *,
    chosen: int,
    bases: Mapping[str, int],
    is_stable: bool,
    unit: Unit = "customers",
    as_of: date | None = None,
) -> Drawing:
    """Draw silhouette and stability over the number of clusters; the recommended and the chosen one are marked.

    Parameters
    ----------
    rows
        k, silhouette, stability, stability_low, stability_high, is_recommended (`Candidates.rows`; none may be).
    bases
        customers, silhouette, stability (how many each rests on) and refits.
    """
    names = [t(f"charts.clusters.{name}", lang) for name in SERIES]
    points = rows.melt(id_vars=["k"], value_vars=[*SERIES], var_name="series", value_name="value").dropna()
    points = points.assign(
        name=points["series"].map(dict(zip(SERIES, names, strict=True))),
        figure=[points_words(value, lang, digits=2) for value in points["value"]],
    )
    lowest = min(0.0, float(rows[["silhouette", "stability_low"]].min().min()))
    return Drawing(
        key=("k_choice", lang, tuple(rows["k"]), round(lowest, 1)),
        layout=partial(
            _k_layout, lang, [int(k) for k in rows["k"]], names, round(lowest - 0.05, 1) if lowest < 0 else 0
        ),
        frames={
            "points": points[["k", "name", "value", "figure"]],
            "band": rows[["k", "stability_low", "stability_high"]],
            "marks": _marks(rows, chosen, lang),
        },
        lang=lang,
        title=_k_title(rows[rows["is_recommended"]], lang, is_stable=is_stable),
        subtitle=[
            base_words(lang, base=bases["customers"], unit=unit, as_of=as_of),
            t(
                "charts.clusters.bases",
                lang,
                silhouette=count_words(bases["silhouette"], lang),
                stability=count_words(bases["stability"], lang),
                refits=bases["refits"],
            ),
        ],
        height=230,
    )


def _marks(rows: pd.DataFrame, chosen: int, lang: str) -> pd.DataFrame:
    """Name the recommended and the chosen number, once where they are the same."""
    said = {int(k): t("charts.clusters.recommended", lang) for k in rows.loc[rows["is_recommended"], "k"]}
    said[chosen] = t(f"charts.clusters.{'both' if chosen in said else 'chosen'}", lang)
    return pd.DataFrame([{"k": k, "words": words, "is_chosen": k == chosen} for k, words in said.items()])


def _k_title(recommended: pd.DataFrame, lang: str, *, is_stable: bool) -> str:
    """State which number is recommended, or that there are no clusters."""
    if recommended.empty:
        return t("charts.clusters.k_none", lang)
    best = recommended.iloc[0]
    facts = {
        "k": int(best["k"]),
        "silhouette": points_words(best["silhouette"], lang, digits=2),
        "stability": points_words(best["stability"], lang, digits=2),
    }
    return t("charts.clusters.k_title" if is_stable else "charts.clusters.k_unstable", lang, **facts)


def _k_layout(lang: str, ks: Sequence[int], names: Sequence[str], lowest: float) -> alt.LayerChart:
    x = alt.X("k:O", scale=alt.Scale(domain=[*ks])).axis(title=t("charts.clusters.k", lang), labelAngle=0)
    scale = alt.Scale(domain=[lowest, 1.12], nice=False)
    y = alt.Y("value:Q", scale=scale).axis(title=None, values=[-0.5, 0, 0.25, 0.5, 0.75, 1], format=".2f")
    colour = alt.Color("name:N", legend=alt.Legend(title=None)).scale(
        domain=[*names], range=[CATEGORIES[0], CATEGORIES[2]]
    )
    points = alt.Chart(alt.NamedData("points")).encode(x=x, y=y, color=colour)
    marks = alt.Chart(alt.NamedData("marks")).encode(x=x)
    lines = alt.Chart(alt.NamedData("band"))
    tooltip = [
        alt.Tooltip("k:O", title=t("charts.clusters.k", lang)),
        alt.Tooltip("name:N", title=" "),
        alt.Tooltip("figure:N", title=t("charts.clusters.value", lang)),
    ]
    layers = (
        marks.mark_rule(strokeDash=[4, 3], color=INK["rule"]),
        lines.mark_area(opacity=0.14, color=CATEGORIES[2]).encode(
            x=x, y=alt.Y("stability_low:Q", scale=scale), y2=alt.Y2("stability_high:Q")
        ),
        lines.mark_rule(color=INK["rule"], strokeDash=[2, 2]).encode(y=alt.YDatum(STABLE, scale=scale)),
        points.mark_line(),
        points.mark_point(filled=True, size=70, opacity=1).encode(
            shape=alt.Shape("name:N", legend=None).scale(domain=[*names], range=["circle", "square"]), tooltip=tooltip
        ),
        marks.mark_text(baseline="top", color=INK["strong"]).encode(y=alt.YValue(0), text=alt.Text("words:N")),
    )
    return alt.LayerChart(layer=layers)


def cluster_profile_drawing(
    profile: pd.DataFrame,
    lang: str,
    *,
    names: Mapping[str, str],
    features: Mapping[str, str],
    forms: Mapping[str, Form],
    base: int,
    unit: Unit = "customers",
    as_of: date | None = None,
) -> Drawing:
    """Draw clusters by features: the mean in the feature's own unit, coloured by how far the centre lies from all.

    A click on a cell picks its `segment`. Clusters too small to show have no figures.

    Parameters
    ----------
    profile
        segment, feature, customer_count, mean, difference (`ClusterFit.profile`).
    names, features
        What people call a cluster and a feature, in the order in which they are drawn.
    forms
        How the mean of a feature is written; a score where it is not said.
    base
        How many were clustered.
    """
    known = profile[profile["customer_count"].notna()].reset_index(drop=True)
    cells = pd.DataFrame(
        {
            "segment": known["segment"],
            "name": known["segment"].map(names),
            "place": known["segment"].map({segment: place for place, segment in enumerate(names)}),
            "feature": known["feature"].map(features),
            "column": known["feature"].map({feature: place for place, feature in enumerate(features)}),
            "shade": known["difference"].clip(-FAR, FAR),
            "words": [_SAID[forms.get(feature, "score")](mean, lang) for feature, mean in _pairs(known)],
            "difference": [points_words(value, lang, signed=True) for value in known["difference"]],
            "customers": [count_words(count, lang) for count in known["customer_count"]],
        }
    )
    clusters = max(int(profile["segment"].nunique()), 1)
    return _profile_matrix(lang, unit, clusters=clusters, features=len(features)).drawing(
        cells,
        lang,
        title=_profile_title(known, lang, names, features),
        subtitle=[
            base_words(lang, base=base, unit=unit, as_of=as_of),
            t("charts.clusters.profile_colour", lang),
        ],
        height=44 * clusters if len(features) <= MOST_COLUMNS else 34 * len(features),
    )


def _profile_matrix(lang: str, unit: Unit, *, clusters: int, features: int) -> Matrix:
    """Put the clusters below one another and the features beside one another; many features stand upright."""
    sides = (("name", "place", clusters), ("feature", "column", features))
    below, beside = sides if features <= MOST_COLUMNS else sides[::-1]
    return Matrix(
        rows=MatrixSide(below[0], order=below[1], look={"labelLimit": 170}),
        columns=MatrixSide(beside[0], order=beside[1], sharing=beside[2], look={"orient": "top"}),
        colours=Colours(
            "shade",
            (-FAR, -FAR / 2, 0, FAR / 2, FAR),
            BELOW_TO_ABOVE,
            dark=f"abs(datum.shade) > {DARK_DIFFERENCE}",
            interpolate="rgb",
        ),
        tooltip={
            "name": t("charts.clusters.cluster", lang),
            "feature": t("charts.clusters.feature", lang),
            "words": t("charts.clusters.mean", lang),
            "difference": t("charts.clusters.difference", lang),
            "customers": t(f"charts.clusters.{'respondents' if unit == 'answers' else 'customers'}", lang),
        },
        pick=("segment",),
        words=(CellWords(look={"dy": -6}), CellWords("difference", {"dy": 9, "fontSize": 10})),
    )


def _pairs(known: pd.DataFrame) -> list[tuple[str, float]]:
    return list(zip(known["feature"], known["mean"], strict=True))


_SAID: Mapping[Form, Callable[[float, str], str]] = {
    "money": money_words,
    "days": count_words,
    "count": points_words,
    "score": partial(points_words, digits=2),
}


def _profile_title(known: pd.DataFrame, lang: str, names: Mapping[str, str], features: Mapping[str, str]) -> str:
    """State the strongest difference of all."""
    if known.empty:
        return t("charts.clusters.nothing", lang)
    far = known.iloc[int(known["difference"].abs().round(6).argmax())]
    difference: Any = far["difference"]
    if abs(difference) < LEAST_APART:
        return t("charts.clusters.even", lang)
    facts = {
        "cluster": names[str(far["segment"])],
        "feature": features[str(far["feature"])],
        "size": points_words(abs(difference), lang),
    }
    return t("charts.clusters.above" if difference > 0 else "charts.clusters.below", lang, **facts)
