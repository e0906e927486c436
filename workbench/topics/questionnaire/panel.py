"""Questionnaire quality: which groups of questions measure reliably, which are told apart, how they are filled in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal, get_args

import pandas as pd

from workbench.charts.drawing import Drawing
from workbench.charts.words import count_words, points_words, share_words
from workbench.errors import ChoiceError, NothingToShow
from workbench.i18n import t
from workbench.panels.base import Answer, Panel, Parts
from workbench.panels.controls import choice
from workbench.panels.layout import Figure, text
from workbench.panels.multiple_choice import TickedChoice
from workbench.panels.privacy import Privacy
from workbench.panels.rated_items import rated_items, scales_in_view
from workbench.panels.session import Session
from workbench.panels.table import Field, table_html
from workbench.panels.worded_rows import ValueNames
from workbench.topics.questionnaire.chart import reliability_drawing
from workbench.topics.questionnaire.distinctness import construct_pairs
from workbench.topics.questionnaire.panel_measures import (
    Constructs,
    answers_of,
    constructs_of,
    most_complete,
    opening_grouping,
    opening_items,
)
from workbench.topics.questionnaire.query import check_questions, fill_patterns, question_answers, question_quality
from workbench.topics.questionnaire.reliability import (
    FEWEST_FOR_RELIABILITY,
    RELIABLE_FROM,
    Light,
    Reliability,
    construct_reliability,
)

Grouping = Literal["stem", "together"]
"""Groups by the stem of the questions' names, or all that are ticked as one."""
OFTEN_AT_AN_END = 0.15
"""From which share of answers at the lowest or the highest score a question says little there (Terwee et al., 2007)."""
WORTH_DROPPING = 0.02
"""By how much alpha must rise without a question before it is named."""
ONE_GROUP = "*"
"""The one group of all questions ticked; panels word it."""


@dataclass(frozen=True)
class QuestionnaireAnswer(Answer):
    """Groups of questions (`rows`), their questions, pairs of groups, and how the questionnaire was filled in."""

    items: pd.DataFrame
    pairs: pd.DataFrame
    patterns: pd.Series


def questionnaire_panel(session: Session) -> Panel:
    """Choose questions and how they are grouped."""
    items = [str(item) for item in rated_items(session)["item"]]
    return Panel(
        session,
        topic="questionnaire",
        controls={
            "items": TickedChoice(
                "panels.questionnaire.items", items, value=opening_items(session), words=lambda item, _: item
            ),
            "grouping": choice(
                "panels.questionnaire.grouping",
                get_args(Grouping),
                words="panels.questionnaire.groupings",
                value=opening_grouping(session),
            ),
        },
        analyse=partial(_analyse, session, items),
        analyses=(question_answers, question_quality, constructs_of),
        privacy=Privacy(refusal="questionnaire_published"),
        draw={"reliability": _draw},
        parts=Parts(
            figures=_figures,
            summary=_summary,
            recipe=partial(_recipe, items),
            imports=(("topics.questionnaire", ("construct_reliability", "construct_scores", "question_answers")),),
            names=_names,
        ),
    )


def _analyse(
    session: Session, offered: Sequence[str], *, items: tuple[str, ...], grouping: Grouping
) -> QuestionnaireAnswer:
    chosen = items or tuple(offered)
    check_questions(chosen)
    constructs = constructs_of(chosen, grouping=grouping, whole=ONE_GROUP)
    if not constructs:
        raise ChoiceError("questionnaire_no_stem")
    grouped = tuple(item for own in constructs.values() for item in own)
    _check_scales(session, constructs)
    answers = answers_of(session, constructs)
    complete = most_complete(answers)
    if complete < FEWEST_FOR_RELIABILITY:
        raise NothingToShow("questionnaire_too_few", complete=complete, fewest=FEWEST_FOR_RELIABILITY)
    table = question_answers(session.surveys, items=grouped)

    def judge() -> tuple[Reliability, pd.DataFrame]:
        return construct_reliability(answers), construct_pairs(answers)

    reliability, pairs = session.remember(("questionnaire", grouped, grouping), judge)
    quality = session.store.collect(question_quality(session.surveys, items=grouped))
    own = reliability.items.assign(
        item=[constructs[construct][place] for construct, place in reliability.items[["construct", "place"]].to_numpy()]
    )
    patterns = session.store.collect(fill_patterns(session.surveys, items=grouped)).iloc[0]
    return QuestionnaireAnswer(
        table, reliability.rows, session.as_of, own.merge(quality, on="item", how="left"), pairs, patterns
    )


def _check_scales(session: Session, constructs: Constructs) -> None:
    """Refuse groups whose questions have different scales: their sum would be that of the longest."""
    scales = scales_in_view(session)
    ends = scales.set_index("item")[["scale_low", "scale_high", "scale_count"]]
    mixed = [
        item
        for own in constructs.values()
        for item in own
        if (known := ends.reindex(own).dropna(how="all"))["scale_count"].gt(1).any() or len(known.drop_duplicates()) > 1
    ]
    if mixed:
        raise NothingToShow("questionnaire_mixed_scales", items=mixed)


def _draw(answer: QuestionnaireAnswer, lang: str) -> Drawing:
    return reliability_drawing(_named(answer.rows, lang), lang, line=RELIABLE_FROM, as_of=answer.as_of)


def _named(rows: pd.DataFrame, lang: str) -> pd.DataFrame:
    whole = t("panels.questionnaire.whole", lang)
    named = [column for column in ("construct", "first", "second") if column in rows]
    return rows.assign(**{column: rows[column].replace({ONE_GROUP: whole}) for column in named})


def _figures(answer: QuestionnaireAnswer, lang: str) -> Sequence[Figure]:
    patterns = answer.patterns
    responses, complete = int(patterns["responses"]), int(patterns["complete_count"])
    of_all = t("panels.questionnaire.of_responses", lang, count=count_words(responses, lang))
    of_whole = t("panels.questionnaire.of_complete", lang, count=count_words(complete, lang))
    lights = answer.rows["light"]
    good = t("panels.questionnaire.of_groups", lang, count=count_words(len(lights), lang))
    straight = int(patterns["straight_count"])
    return (
        Figure(t("panels.questionnaire.reliable", lang), count_words(int((lights == "good").sum()), lang), good),
        Figure(t("panels.questionnaire.complete", lang), share_words(complete / responses, lang), of_all),
        Figure(
            t("panels.questionnaire.straight", lang),
            share_words(straight / complete if complete else None, lang),
            of_whole,
        ),
    )


def _summary(answer: QuestionnaireAnswer, lang: str) -> str:
    rows = _named(answer.rows, lang)
    rows = rows.assign(
        interval=[_between(low, high, lang) for low, high in zip(rows["alpha_low"], rows["alpha_high"], strict=True)],
        **{
            name: [points_words(value, lang, digits=2) for value in rows[name]]
            for name in ("alpha", "alpha_standardised", "rho_a", "composite_reliability", "ave")
        },
    )
    fields = (
        Field("construct"),
        Field("light", "badge", words="charts.questionnaire.lights"),
        Field("question_count", "count"),
        Field("respondents", "count", label="panels.columns.respondents"),
        Field("alpha"),
        Field("interval", label="panels.questionnaire.interval"),
        *(Field(name) for name in ("alpha_standardised", "rho_a", "composite_reliability", "ave")),
    )
    said = "".join(text("p", note, "wb-note") for note in _notes(answer, lang))
    parts = [table_html(rows, fields, lang), said, _questions_html(answer, lang)]
    if len(answer.pairs):
        parts.append(_pairs_html(answer, lang))
    return "".join(parts)


def _between(low: float, high: float, lang: str) -> str:
    ends = {name: points_words(one, lang, digits=2) for name, one in (("low", low), ("high", high))}
    return t("panels.questionnaire.between", lang, **ends) if pd.notna(low) else ""


def _questions_html(answer: QuestionnaireAnswer, lang: str) -> str:
    """Return the table of the questions: what each adds, how often the ends are chosen, what is missing."""
    items = _named(answer.items, lang)
    missing = items[["missing_blank", "missing_sentinel", "missing_out_of_range"]].sum(axis=1)
    shown = items.assign(
        **{
            name: [points_words(value, lang, digits=2) for value in items[name]]
            for name in ("item_total", "alpha_if_dropped", "loading")
        },
        floor_share=items["floor_count"] / items["answer_count"],
        ceiling_share=items["ceiling_count"] / items["answer_count"],
        missing_count=missing,
    )
    fields = (
        Field("construct"),
        Field("item", label="panels.columns.item"),
        *(Field(name) for name in ("item_total", "alpha_if_dropped", "loading")),
        Field("answer_count", "count", label="panels.questionnaire.answers"),
        Field("floor_share", "share", label="panels.questionnaire.floor"),
        Field("ceiling_share", "share", label="panels.questionnaire.ceiling"),
        Field("missing_count", "count", label="panels.questionnaire.missing"),
    )
    return text("h4", t("panels.questionnaire.by_question", lang)) + table_html(shown, fields, lang)


def _pairs_html(answer: QuestionnaireAnswer, lang: str) -> str:
    """Return the table of pairs of groups."""
    pairs = _named(answer.pairs, lang)
    shown = pairs.assign(
        **{name: [points_words(value, lang, digits=2) for value in pairs[name]] for name in ("ratio", "ratio_high")}
    )
    fields = (
        Field("first", label="terms.construct"),
        Field("second", label="panels.questionnaire.other_construct"),
        Field("stands", "badge", label="panels.questionnaire.apart", words="charts.questionnaire.apart"),
        Field("ratio", label="panels.questionnaire.ratio"),
        Field("ratio_high", label="panels.questionnaire.ratio_high"),
        Field("respondents", "count", label="panels.columns.respondents"),
    )
    return text("h4", t("panels.questionnaire.by_pair", lang)) + table_html(shown, fields, lang)


def _notes(answer: QuestionnaireAnswer, lang: str) -> Sequence[str]:
    """Say in words what to look at: questions turned round, better left out, at an end of the scale; lines."""
    items = answer.items.merge(answer.rows[["construct", "alpha"]], on="construct")
    least = items["answer_count"] >= FEWEST_FOR_RELIABILITY
    at_floor = least & (items["floor_count"] / items["answer_count"] >= OFTEN_AT_AN_END)
    at_ceiling = least & (items["ceiling_count"] / items["answer_count"] >= OFTEN_AT_AN_END)
    against = items["item_total"] < 0
    is_better_without = items["alpha_if_dropped"] > items["alpha"] + WORTH_DROPPING
    listed = {
        "against": items.loc[against, "item"].tolist(),
        "droppable": items.loc[~against & is_better_without, "item"].tolist(),
        "floor": items.loc[at_floor, "item"].tolist(),
        "ceiling": items.loc[at_ceiling, "item"].tolist(),
    }
    notes = [t(f"panels.questionnaire.note_{name}", lang, items=own) for name, own in listed.items() if own]
    return [*notes, t("panels.questionnaire.no_times", lang)]


def _names(_answer: QuestionnaireAnswer, lang: str) -> ValueNames:
    return {
        "light": {one: t(f"charts.questionnaire.lights.{one}", lang) for one in get_args(Light)},
        "construct": {ONE_GROUP: t("panels.questionnaire.whole", lang)},
    }


def _recipe(offered: Sequence[str], chosen: Mapping[str, Any]) -> Sequence[str]:
    constructs = dict(constructs_of(chosen["items"] or tuple(offered), grouping=chosen["grouping"], whole=ONE_GROUP))
    items = tuple(item for own in constructs.values() for item in own)
    return (
        f"constructs = {constructs!r}",
        f"answers = session.store.arrays(question_answers(session.surveys, items={items!r}))",
        "rows = construct_reliability(construct_scores(answers, constructs=constructs)).rows",
    )
