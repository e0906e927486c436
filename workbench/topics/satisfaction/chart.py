"""Satisfaction by touchpoint, region or segment: scores with their intervals, and what the answers are made of."""

from __future__ import annotations

import math
from datetime import date

import altair as alt
import pandas as pd

from workbench.charts.conditions import faded
from workbench.charts.theme import FOCUS, INK, JUDGEMENT, NPS, SMALL_BASE, TYPE, finish
from workbench.charts.words import SEPARATOR, base_words, count_words
from workbench.i18n import t
from workbench.schema import SurveyMeasure
from workbench.topics.satisfaction.chart_scores import MEASURE_SCALES, MeasureScale

MOST_BARS = 15
"""More groups than this and the chart shows those with the most answers; the table has them all."""

BAR, LABEL = 38, 78
"""Height of a bar's row and width of the column of labels beside the bars, in pixels."""

VERDICT_COLOURS = {
    "worse": JUDGEMENT["bad"],
    "better": JUDGEMENT["good"],
    "unclear": FOCUS["others"],
    "small": SMALL_BASE,
}
UNJUDGED = {"differs": FOCUS["this"], "unclear": FOCUS["others"], "small": SMALL_BASE}


def score_bars(
    rows: pd.DataFrame,
    whole: pd.DataFrame,
    *,
    lang: str,
    measure: SurveyMeasure = "nps",
    by: str = "touchpoint",
    as_of: date | None = None,
) -> alt.LayerChart:
    """Draw a score per group, the one most in need first, with whiskers, bases, and the whole as a line.

    `rows` is what `with_standing` made of `nps`, `csat` or `ces` by the dimension `by`, `whole` is the measure of all
    answers. Colour says whether a group differs from all others by more than chance; groups worth fewer than 30
    respondents are grey; hidden ones are named.
    A click selects a group: the parameter `pick` over the field named as the dimension.
    """
    score = MEASURE_SCALES[measure]
    middle = _whole(whole, measure)
    bars = _prepared(rows, score, by, lang)
    base = alt.Chart(bars).encode(y=_names(bars, by, lang))
    pick = alt.selection_point(name="pick", fields=[by])
    x = alt.X(
        "value:Q",
        scale=_beside_labels(score),
        axis=alt.Axis(values=list(score.ticks), format=score.format),
        title=t(f"charts.satisfaction.axis_{measure}", lang),
    )
    start = alt.X2(datum=0 if score.low <= 0 else score.low)
    drawn = base.transform_filter("isValid(datum.value)").mark_bar(height=20, cursor="pointer").encode(
        x=x, x2=start, color=_standing_colours(score, bars, lang),
        opacity=faded(pick, pale=0.35), tooltip=_tooltip(score, by, lang),
    ).add_params(pick)  # fmt: skip
    halo, whiskers = (
        base.mark_rule(color=colour, strokeWidth=width).encode(x=alt.X("low:Q"), x2=alt.X2("high:Q"))
        for colour, width in ((INK["paper"], 4), (INK["strong"], 1.5))
    )
    layers = [drawn, halo, whiskers, *_labels(base)]
    if not math.isnan(middle):
        line = alt.Chart(pd.DataFrame({"value": [middle]})).mark_rule(color=INK["rule"], strokeDash=[4, 3])
        layers.insert(0, line.encode(x=alt.X("value:Q")))
    chart = alt.LayerChart(layer=layers)
    return finish(
        chart, lang, title=_finding(rows, bars, score, middle, by, lang), height=BAR * len(bars),
        subtitle=_base(whole, lang, as_of, shown=len(bars), groups=len(rows), by=by),
    )  # fmt: skip


def _whole(whole: pd.DataFrame, measure: SurveyMeasure) -> float:
    value = whole[measure].iloc[0] if len(whole) else None
    return float("nan") if pd.isna(value) else float(value)


def _prepared(rows: pd.DataFrame, score: MeasureScale, by: str, lang: str) -> pd.DataFrame:
    """Return the bars in their order with everything they say in words."""
    bars = rows.assign(value=pd.to_numeric(rows[score.name]), base=pd.to_numeric(rows["base"]))
    if len(bars) > MOST_BARS:  # a group that the title may name is drawn, however few its answers
        bars = bars.assign(is_clear=bars["stands"].isin(["above", "below"])).nlargest(MOST_BARS, ["is_clear", "base"])
    bars = bars.sort_values(["value", "base"], ascending=[score.more_is_better, False], na_position="last")
    bars[by] = [None if pd.isna(name) else str(name) for name in bars[by]]
    bars = bars.assign(
        standing=[_standing(row, score) for _, row in bars.iterrows()],
        value_label=[score.words(value, lang) if pd.notna(value) else "" for value in bars["value"]],
        base_label=[f"n = {count_words(base, lang)}" if pd.notna(base) else "" for base in bars["base"]],
        interval_label=[
            t("charts.satisfaction.between", lang, low=score.words(low, lang), high=score.words(high, lang))
            for low, high in zip(bars["low"], bars["high"], strict=True)
        ],
        hidden_label=[t("charts.satisfaction.hidden", lang) if hidden else "" for hidden in bars["is_hidden"]],
    )
    shares = [f"{part[:-1]}_share" for part in NPS if score.name == "nps"]
    labels = ["standing", "value_label", "base_label", "interval_label", "hidden_label"]
    return bars[[by, "value", "low", "high", *shares, *labels]]


def _standing(row: pd.Series, score: MeasureScale) -> str:
    """Return how a group stands to all others: better or worse where the measure knows which is which."""
    if row["is_small"]:
        return "small"
    judged = {"above": "better", "below": "worse"} if score.more_is_better else {"above": "differs", "below": "differs"}
    return judged.get(row["stands"], "unclear")


def _standing_colours(score: MeasureScale, bars: pd.DataFrame, lang: str) -> alt.Color:
    colours = VERDICT_COLOURS if score.more_is_better else UNJUDGED
    present = [name for name in colours if (bars["standing"] == name).any()]
    words = {name: t(f"charts.satisfaction.standing_{name}", lang) for name in present}
    literal = " : ".join(f"datum.label == '{name}' ? '{text}'" for name, text in words.items())
    return alt.Color(
        "standing:N",
        scale=alt.Scale(domain=present, range=[colours[name] for name in present]),
        legend=alt.Legend(title=None, labelExpr=f"{literal} : ''" if words else "''", labelLimit=260, columns=2),
    )


def _names(bars: pd.DataFrame, by: str, lang: str) -> alt.Y:
    """Place the groups in their order; the nameless one is said to be unknown."""
    unknown = t("charts.theme.unknown", lang)
    return alt.Y(
        f"{by}:N",
        scale=alt.Scale(domain=bars[by].tolist()),
        axis=alt.Axis(labelExpr=f"datum.value === null ? '{unknown}' : datum.label", labelLimit=110),
        title=None,
    )


def _beside_labels(score: MeasureScale) -> alt.Scale:
    """Leave room for the column of labels at the right."""
    return alt.Scale(
        domain=[score.low, score.high], zero=False, nice=False, range=[0, alt.ExprRef(expr=f"width - {LABEL}")]
    )


def _labels(base: alt.Chart) -> list[alt.Chart]:
    """Write value and base at the right, or at the left that a group is hidden."""
    at_right = alt.XValue(alt.ExprRef(expr=f"width - {LABEL - 12}"))
    value = base.mark_text(align="left", baseline="middle", dy=-7, fontWeight=600)
    count = base.mark_text(align="left", baseline="middle", dy=8, fontSize=TYPE["note"], color=INK["soft"])
    hidden = base.mark_text(align="left", baseline="middle", fontStyle="italic", color=INK["soft"])
    return [
        value.encode(x=at_right, text=alt.Text("value_label:N")),
        count.encode(x=at_right, text=alt.Text("base_label:N")),
        hidden.encode(x=alt.XValue(6), text=alt.Text("hidden_label:N")),
    ]


def _tooltip(score: MeasureScale, by: str, lang: str) -> list[alt.Tooltip]:
    return [
        alt.Tooltip(by, title=t(f"charts.satisfaction.dimension_{by}", lang)),
        alt.Tooltip("value_label:N", title=t(f"charts.satisfaction.name_{score.name}", lang)),
        alt.Tooltip("interval_label:N", title=t("charts.satisfaction.interval", lang)),
        alt.Tooltip("base_label:N", title=t("charts.satisfaction.base", lang)),
    ]


def _finding(
    rows: pd.DataFrame, bars: pd.DataFrame, score: MeasureScale, middle: float, by: str, lang: str
) -> str:  # fmt: skip
    """Say which group stands out, that none clearly does, or why groups cannot be compared."""
    name = t(f"charts.satisfaction.name_{score.name}", lang)
    if math.isnan(middle):
        return t("charts.satisfaction.no_answers", lang, measure=name)
    clear = bars[bars["standing"].isin(["worse", "better", "differs"])]
    if clear.empty:
        facts = {"by": t(f"charts.satisfaction.dimension_{by}", lang), "value": score.words(middle, lang)}
        known = rows[rows[score.name].notna()]
        if len(rows) == len(known) == 1:
            one = known[by].iloc[0]
            named = t("charts.theme.unknown", lang) if pd.isna(one) else str(one)
            return t("charts.satisfaction.one_group", lang, measure=name, name=named, **facts)
        if len(known) < 2 or known["is_small"].astype(bool).all():
            return t("charts.satisfaction.too_few_groups", lang, measure=name, **facts)
        return t("charts.satisfaction.no_difference", lang, measure=name, **facts)
    worse = clear[clear["standing"] == "worse"]
    far = (worse if len(worse) else clear).assign(far=lambda rows: (rows["value"] - middle).abs())
    row = far.sort_values("far").iloc[-1]
    finding = row["standing"]
    if finding == "differs":
        finding = "above" if row["value"] > middle else "below"
    return t(
        f"charts.satisfaction.finding_{finding}", lang, measure=name, value=row["value_label"],
        name=row[by] or t("charts.theme.unknown", lang), gap=score.gap(row["value"] - middle, lang),
    )  # fmt: skip


def _base(
    whole: pd.DataFrame, lang: str, as_of: date | None, *, shown: int, groups: int, by: str
) -> list[str]:  # fmt: skip
    """Say how many answers there are, how many are missing, and which groups are drawn."""
    if whole["base"].isna().all():
        return [base_words(lang, as_of=as_of)]
    row = whole.iloc[0]
    base, effective = int(row["base"]), row["effective_base"]
    missing = sum(int(row[name]) for name in ("missing_blank", "missing_sentinel", "missing_out_of_range"))
    parts = [base_words(lang, base=base, unit="answers")]
    if pd.notna(effective) and effective < base - 0.5:
        parts.append(t("charts.satisfaction.weighted", lang, count=count_words(effective, lang)))
    parts.append(t("charts.satisfaction.missing", lang, count=count_words(missing, lang)))
    if as_of is not None:
        parts.append(base_words(lang, as_of=as_of))
    if shown < groups:
        by_words = t(f"charts.satisfaction.dimension_{by}", lang)
        parts.append(t("charts.satisfaction.largest", lang, shown=shown, groups=groups, by=by_words))
    return [SEPARATOR.join(parts)]
