"""Satisfaction: how customers judge each touchpoint, region or segment, since when, and on how many answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, get_args

import altair as alt
import numpy as np
import pandas as pd

from workbench.analyses.calendar import Every, begin_of
from workbench.analyses.small_groups import GREY_BELOW, SMALLEST_GROUP
from workbench.analyses.survey_answers import MISSING, SurveyDimension
from workbench.charts.words import count_words, date_words, points_words, share_words
from workbench.errors import NothingToShow
from workbench.i18n import t
from workbench.panels.answers_shown import answers_shown, survey_answers
from workbench.panels.base import Answer, Panel, Parts
from workbench.panels.columns import column_kind
from workbench.panels.controls import Choice, Switch, choice
from workbench.panels.filters import Filters
from workbench.panels.layout import Figure, text
from workbench.panels.privacy import Marks, Privacy, Shown, keys
from workbench.panels.session import Session
from workbench.panels.table import Detail, Field, table_html
from workbench.schema import SurveyMeasure
from workbench.store import asking
from workbench.topics.satisfaction.chart import score_bars
from workbench.topics.satisfaction.chart_scores import MEASURE_SCALES
from workbench.topics.satisfaction.chart_trend import score_trend
from workbench.topics.satisfaction.differences import trend_verdict, with_standing
from workbench.topics.satisfaction.query import ces, csat, nps
from workbench.topics.satisfaction.trend import satisfaction_trend

MEASURE_QUERIES = {"nps": nps, "csat": csat, "ces": ces}
COMPARED_DIMENSIONS: tuple[SurveyDimension, ...] = ("touchpoint", "region", "segment", "item")


@dataclass(frozen=True)
class SatisfactionAnswer(Answer):
    """The measure by group (`rows`), for all answers, and period by period.

    `how` are the arguments that all measures share, `group` the group that the trend is narrowed to, in words.
    """

    whole: pd.DataFrame
    trend: pd.DataFrame
    measure: SurveyMeasure
    by: SurveyDimension
    item: str | None
    every: Every
    how: Mapping[str, Any] = field(default_factory=dict)
    group: str | None = None


def satisfaction_panel(session: Session, *, brief: bool = False) -> Panel:
    """Choose NPS, CSAT or effort and a dimension; see who is judged worse than the whole, and since when."""
    known = _known(session)
    kinds = [kind for kind in MEASURE_QUERIES if known["kind"].eq(kind).any()] or list(MEASURE_QUERIES)
    rows = known[known["kind"] == kinds[0]]
    items = sorted(known.loc[known["kind"].isin(list(MEASURE_QUERIES)), "item"].dropna().unique())
    dimensions = [name for name in COMPARED_DIMENSIONS if known[f"{name}_count"].any()] or ["item"]
    telling = [name for name in dimensions if rows[f"{name}_count"].max() > 1]
    answers_a_month = rows["answers"].sum() / max(1, rows["month_count"].max())
    return Panel(
        session,
        topic="satisfaction",
        controls={
            "measure": choice("panels.satisfaction.measure", kinds, words="terms"),
            "by": choice(
                "panels.satisfaction.by",
                dimensions,
                words="panels.satisfaction.dimensions",
                value=next(iter(telling), None),
            ),
            "item": Choice("panels.satisfaction.item", {"": "panels.satisfaction.every_item", **dict.fromkeys(items)}),
            "every": choice(
                "panels.satisfaction.every",
                get_args(Every),
                words="panels.satisfaction.periods",
                value="month" if answers_a_month >= 2 * GREY_BELOW else "quarter",
            ),
            "weighted": Switch("panels.satisfaction.weighted", value=True),
        },
        analyse=partial(_analyse, session, _kinds_of(known)),
        analyses=(satisfaction_trend, nps),
        privacy=Privacy(_shown, decided=_decided),
        draw={"groups": _draw_groups, "trend": _draw_trend},
        brief=brief,
        parts=Parts(
            figures=_figures,
            summary=_summary,
            beside=partial(_trend_of, session, _kinds_of(known)),
            detail=None if session.store.snapshot.published else partial(_answers, session),
            sums=("base", "missing_blank", "missing_sentinel", "missing_out_of_range"),
            folded=("item", "every", "weighted"),
            recipe=_recipe,
            imports=(("topics.satisfaction", ("ces", "csat", "nps")),),
        ),
    )


def _shown(answer: SatisfactionAnswer) -> Sequence[Shown]:
    """Say what the figures count: people who answered, by group, in all, and by period."""
    counting: dict[str, Any] = {"counts": "respondents", "in_place": True}
    flags = ("is_small", "is_hidden", "is_incomplete")
    return (
        Shown((answer.by,), beside=flags, **counting),
        Shown((), frame="whole", totals=(), beside=flags, **counting),
        Shown(("period",), frame="trend", beside=flags, **counting),
    )


def _decided(answer: SatisfactionAnswer) -> Marks:
    """Return the groups and periods that `_analyse` found hidden among all tables of the measure."""
    tables = ((answer.by, answer.rows), ("period", answer.trend))
    return frozenset(key for name, rows in tables for key in keys(rows[rows["is_hidden"]], (name,)))


def _analyse(
    session: Session,
    kinds: Mapping[str, SurveyMeasure],
    *,
    measure: SurveyMeasure,
    by: SurveyDimension,
    item: str,
    every: Every,
    weighted: bool,
) -> SatisfactionAnswer:
    surveys, store = survey_answers(session), session.store
    how: dict[str, Any] = {"item": item or None, "weighted": weighted}
    # On managers' pages nothing is hidden yet: what may be seen hangs on all tables of the measure.
    now = how | {"smallest": 1 if store.snapshot.published else SMALLEST_GROUP}
    query = MEASURE_QUERIES[measure]
    whole = store.collect(asking(query, surveys, **now))
    if not whole["base"].fillna(1).iloc[0]:
        raise NothingToShow("no_answers", measure=f"terms.{measure}")
    if whole["base"].notna().iloc[0] and whole[measure].isna().iloc[0]:
        raise NothingToShow("mixed_scales", measure=f"terms.{measure}")
    rows = store.collect(asking(query, surveys, by=by, **now))
    trend = asking(satisfaction_trend, surveys, as_of=session.as_of, measure=measure, every=every, **now)
    periods = store.collect(trend)
    if store.snapshot.published:
        kind = kinds.get(item, measure)
        rows = _flagged(session, kind, rows, item, by, by)
        periods = _flagged(session, kind, periods, item, "period", every)
    hiding = session.minimum_group if store.snapshot.published else SMALLEST_GROUP
    groups = partial(query, surveys, by=by, smallest=hiding, **how)
    return SatisfactionAnswer(groups, rows, session.as_of, whole, periods, measure, by, item or None, every, how=how)


def _flagged(
    session: Session, kind: SurveyMeasure, rows: pd.DataFrame, item: str, column: str, place: str
) -> pd.DataFrame:
    """Mark which rows managers may not see; `place` is what `column` holds."""
    shown = answers_shown(session, kind)
    if item and shown.hides(None, "item", item):
        raise NothingToShow("group_too_small", minimum=session.minimum_group)
    of = None if place == "item" else item or None
    names = zip(rows[column], rows["respondents"], strict=True)
    is_hidden = np.array([count > 0 and shown.hides(of, place, name) for name, count in names], dtype=bool)
    return rows.assign(is_hidden=is_hidden, is_small=rows["is_small"] | is_hidden)


def _trend_of(
    session: Session, kinds: Mapping[str, SurveyMeasure], answer: SatisfactionAnswer, picked: Mapping[str, Any]
) -> SatisfactionAnswer:
    """Narrow the trend to the group that was clicked.

    On managers' pages a trend is shown whole or not at all. A gap in it would be the group's total, less the others.
    """
    rows, name, published = survey_answers(session), picked[answer.by], session.store.snapshot.published
    if published:
        shown = answers_shown(session, kinds.get(answer.item or "", answer.measure))
        if shown.hides_trend(answer.item, answer.by, name, answer.every):
            raise NothingToShow("trend_of_few", minimum=session.minimum_group)
    own = rows.filter(rows[answer.by].isnull() if name is None else rows[answer.by] == name)
    how = {**answer.how, "smallest": 1 if published else SMALLEST_GROUP}
    trend = satisfaction_trend(own, as_of=answer.as_of, measure=answer.measure, every=answer.every, **how)
    return replace(answer, trend=session.store.collect(trend), group=name or session.t("charts.theme.unknown"))


def _draw_groups(answer: SatisfactionAnswer, lang: str) -> alt.LayerChart:
    how: dict[str, Any] = {"measure": answer.measure, "by": answer.by, "as_of": answer.as_of}
    return score_bars(with_standing(answer.rows, answer.measure), answer.whole, lang=lang, **how)


def _draw_trend(answer: SatisfactionAnswer, lang: str) -> alt.LayerChart:
    how: dict[str, Any] = {"measure": answer.measure, "every": answer.every, "as_of": answer.as_of}
    of = (answer.by, answer.group) if answer.group else None
    return score_trend(answer.trend, lang=lang, of=of, verdict=trend_verdict(answer.trend, answer.measure), **how)


def _figures(answer: SatisfactionAnswer, lang: str) -> Sequence[Figure]:
    row, score = answer.whole.iloc[0], MEASURE_SCALES[answer.measure]
    base = t(
        "panels.satisfaction.base", lang, count=count_words(row["base"], lang), as_of=date_words(answer.as_of, lang)
    )
    between = t("panels.figures.interval", lang, low=score.words(row["low"], lang), high=score.words(row["high"], lang))
    missing = {name: count_words(row[name], lang) for name in MISSING}
    all_missing = pd.to_numeric(row[list(MISSING)]).sum(skipna=False)
    figures = [
        Figure(t(f"terms.{answer.measure}", lang), score.words(row[answer.measure], lang), between),
        Figure(
            t("panels.satisfaction.answers", lang), count_words(row["base"], lang),
            t("panels.satisfaction.respondents", lang, count=count_words(row["respondents"], lang)),
        ),
        Figure(
            t("panels.satisfaction.missing", lang), count_words(all_missing, lang),
            t("panels.satisfaction.missing_note", lang, **missing),
        ),
    ]  # fmt: skip
    if answer.measure == "nps":
        shares = {part: share_words(row[f"{part}_share"], lang) for part in ("promoter", "detractor")}
        figures += [Figure(t(f"panels.satisfaction.{part}s", lang), share, base) for part, share in shares.items()]
    if answer.measure == "csat":
        figures.append(Figure(t("panels.satisfaction.mean", lang), points_words(row["mean"], lang, digits=2), base))
    return figures


def _summary(answer: SatisfactionAnswer, lang: str) -> str:
    kind = column_kind(answer.measure)
    hidden = answer.rows["is_hidden"].sum()
    named = answer.rows.assign(**{answer.by: answer.rows[answer.by].fillna(t("charts.theme.unknown", lang))})
    table = table_html(
        named,
        (
            Field(answer.by, label=f"panels.satisfaction.dimensions.{answer.by}"),
            Field("base", "count", label="panels.satisfaction.answers"),
            Field(answer.measure, kind),
            Field("low", kind, label="panels.satisfaction.low"),
            Field("high", kind, label="panels.satisfaction.high"),
            Field("missing_blank", "count", label="panels.satisfaction.missing_blank"),
            Field("missing_sentinel", "count", label="panels.satisfaction.missing_sentinel"),
            Field("missing_out_of_range", "count", label="panels.satisfaction.missing_out_of_range"),
        ),
        lang,
        grey=answer.rows["is_small"].fillna(True).tolist(),
    )
    said = t("panels.satisfaction.hidden", lang, count=int(hidden)) if hidden else ""
    return table + (text("p", said, "wb-note") if said else "")


def _answers(session: Session, answer: SatisfactionAnswer, picked: Mapping[str, Any]) -> Detail:
    """List the answers of the group that was clicked, the lowest scores first; in the analyst's own store only."""
    rows, name = session.surveys, picked[answer.by]
    answers = rows.filter(rows.item == answer.item if answer.item else rows.kind == answer.measure)
    group = answers.filter(answers[answer.by].isnull() if name is None else answers[answer.by] == name)
    people = session.store.customers.select("customer_id", "name")
    listed = group.left_join(people, "customer_id").drop("customer_id_right")
    return Detail(
        table=listed.order_by("score", "day", "response_id"),
        fields=(
            Field("customer_id"),
            Field("name", label="panels.columns.name"),
            Field("day", "day", label="panels.satisfaction.day"),
            Field("item", label="panels.satisfaction.item"),
            Field("score", "count", label="panels.satisfaction.score"),
            Field("comment", label="panels.satisfaction.comment"),
        ),
        title="panels.satisfaction.members",
        facts={"group": name or "charts.theme.unknown"},
    )


def _recipe(chosen: Mapping[str, Any]) -> Sequence[str]:
    how = f"by={chosen['by']!r}, item={chosen['item'] or None!r}, weighted={chosen['weighted']!r}"
    return (f"groups = {chosen['measure']}(session.surveys, {how})", "rows = collect(groups)")


def _kinds_of(known: pd.DataFrame) -> dict[str, SurveyMeasure]:
    """Return the measure that each item is made for."""
    return {item: kind for item, kind in zip(known["item"], known["kind"], strict=True) if kind in MEASURE_QUERIES}


def _known(session: Session) -> pd.DataFrame:
    """Return which kinds and items the surveys hold, and how many groups and months of answers of each."""
    surveys = session.at(Filters()).surveys
    groups = {f"{name}_count": surveys[name].nunique() for name in COMPARED_DIMENSIONS}
    months = begin_of("month", surveys.day).nunique()
    grouped = surveys.group_by("kind", "item").aggregate(answers=surveys.score.count(), month_count=months, **groups)
    return session.store.collect(grouped)
