"""How closely each question goes with the overall judgement: bars of shares with their intervals, the largest first."""

from __future__ import annotations

from datetime import date
from functools import partial

import altair as alt
import pandas as pd

from workbench.charts.drawing import Drawing
from workbench.charts.theme import FOCUS, INK, JUDGEMENT, SMALL_BASE
from workbench.charts.words import SEPARATOR, base_words, count_words, points_words, share_words
from workbench.i18n import t

ASSOCIATIONS = {"up": FOCUS["this"], "down": JUDGEMENT["bad"], "unclear": SMALL_BASE}
ROW, AROUND = 34, 40
"""Height of a bar's row and of what stands around the bars, in pixels."""
ROOM_BEHIND_BARS = 1.35
"""How much wider than the longest interval the chart is, so that the words behind the bars fit on a phone."""


def importance_drawing(
    rows: pd.DataFrame,
    lang: str,
    *,
    outcome: str,
    leading: str | None,
    r_squared: float,
    base: int,
    left_out: int,
    as_of: date | None = None,
) -> Drawing:
    """Draw a bar for each question: its share of what all explain together, with the 95 % interval.

    `rows` is what `driver_importance` gave, `outcome` the overall question, `leading` the one that goes with it most
    closely by more than chance. Questions that do not go with it by more than chance are pale.
    """
    ordered = rows.sort_values("importance_share", ascending=False, kind="stable")
    known = ordered["share_low"].notna()
    bars = pd.DataFrame(
        {
            "item": ordered["item"],
            "share": ordered["importance_share"].fillna(0.0),
            "low": ordered["share_low"],
            "high": ordered["share_high"],
            "association": ordered["association"],
            "place": range(len(ordered)),
            "words": [share_words(share, lang) for share in ordered["importance_share"]],
            "between": [
                t("charts.drivers.between", lang, low=share_words(low, lang), high=share_words(high, lang))
                if is_known
                else t("charts.drivers.no_interval", lang)
                for low, high, is_known in zip(ordered["share_low"], ordered["share_high"], known, strict=True)
            ],
            "association_words": [t(f"charts.drivers.associations.{one}", lang) for one in ordered["association"]],
            "correlation_words": [points_words(one, lang, digits=2, signed=True) for one in ordered["correlation"]],
        }
    )
    end = bars[["share", "high"]].max(axis=1)
    bars["after"] = end
    bars["room"] = ROOM_BEHIND_BARS * (float(end.max()) or 1.0)
    return Drawing(
        key=("drivers", lang, len(rows)),
        layout=partial(_layout, lang),
        frames={"bars": bars},
        lang=lang,
        title=_title(rows, lang, outcome, leading),
        subtitle=[
            SEPARATOR.join(
                [
                    t("charts.drivers.base", lang, count=count_words(base, lang)),
                    t("charts.drivers.left_out", lang, count=count_words(left_out, lang)),
                    t("charts.drivers.explained", lang, share=share_words(r_squared, lang)),
                    *([base_words(lang, as_of=as_of)] if as_of else []),
                ]
            )
        ],
        height=ROW * len(rows) + AROUND,
    )


def _layout(lang: str) -> alt.LayerChart:
    tooltip = [
        alt.Tooltip("item:N", title=t("charts.drivers.question", lang)),
        alt.Tooltip("words:N", title=t("charts.drivers.share", lang)),
        alt.Tooltip("between:N", title=t("charts.drivers.interval", lang)),
        alt.Tooltip("association_words:N", title=t("charts.drivers.association", lang)),
        alt.Tooltip("correlation_words:N", title=t("charts.drivers.correlation", lang)),
    ]
    names = {one: t(f"charts.drivers.associations.{one}", lang) for one in ASSOCIATIONS}
    y = alt.Y("item:N", sort=alt.EncodingSortField("place", op="min"), title=None, axis=alt.Axis(labelLimit=150))
    base = alt.Chart(alt.NamedData("bars")).encode(y=y, tooltip=tooltip)
    x = alt.X("share:Q", axis=share_axis(), title=t("charts.drivers.share", lang))
    colour = alt.Color(
        "association_words:N",
        scale=alt.Scale(domain=list(names.values()), range=list(ASSOCIATIONS.values())),
        legend=alt.Legend(title=None, labelLimit=260, columns=1),
    )
    halo, whiskers = (
        base.mark_rule(color=ink, strokeWidth=width).encode(x=alt.X("low:Q"), x2=alt.X2("high:Q"))
        for ink, width in ((INK["paper"], 4), (INK["strong"], 1.5))
    )
    return alt.LayerChart(
        layer=[
            base.mark_bar(height=18).encode(x=x, color=colour),
            halo,
            whiskers,
            base.mark_text(align="left", dx=6).encode(x=alt.X("after:Q"), text=alt.Text("words:N")),
            base.mark_point(opacity=0).encode(x=alt.X("room:Q")),
        ]
    )


def share_axis() -> alt.Axis:
    """Return an axis of shares that has room beyond 0 and 100 % and no numbers there."""
    within = "datum.value < -0.001 || datum.value > 1.001 ? '' : datum.label"
    return alt.Axis(format=".0%", labelExpr=within)


def _title(rows: pd.DataFrame, lang: str, outcome: str, leading: str | None) -> str:
    """Say which question goes with the outcome most closely, how many do, or that none does by more than chance."""
    clear = int((rows["association"] != "unclear").sum())
    facts = {"outcome": outcome, "count": count_words(clear, lang), "of": count_words(len(rows), lang)}
    if not clear:
        return t("charts.drivers.nothing", lang, **facts)
    if leading is None:
        return t("charts.drivers.several", lang, **facts)
    share = float(rows.loc[rows["item"] == leading, "importance_share"].iloc[0])
    return t("charts.drivers.leading", lang, item=leading, share=share_words(share, lang), **facts)
