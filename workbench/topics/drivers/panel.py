"""Drivers: choose an overall question and others beside it; see which go with it most closely and where to begin."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, get_args

import pandas as pd

from workbench.charts.drawing import Drawing
from workbench.charts.words import count_words, points_words, share_words
from workbench.errors import NothingToShow
from workbench.i18n import t
from workbench.panels.base import Answer, Panel, Parts
from workbench.panels.controls import Choice, Switch, choice, share_slider
from workbench.panels.layout import Figure, text
from workbench.panels.multiple_choice import TickedChoice
from workbench.panels.privacy import Privacy
from workbench.panels.rated_items import rated_items, scales_in_view
from workbench.panels.session import Session
from workbench.panels.table import Field, table_html
from workbench.panels.worded_rows import ValueNames
from workbench.topics.drivers.chart import importance_drawing
from workbench.topics.drivers.chart_map import importance_map_drawing
from workbench.topics.drivers.importance import ALMOST_ALIKE, DriverImportance, ImportanceMethod, driver_importance
from workbench.topics.drivers.panel_measures import first_choice
from workbench.topics.drivers.priorities import Crossing, Quadrant, importance_map
from workbench.topics.drivers.query import check_drivers, driver_answers

ASSOCIATIONS_SAID = ("up", "down", "unclear")


@dataclass(frozen=True)
class DriversAnswer(Answer):
    """Every question with its importance and its place (`rows`), and the overall question they are held against."""

    importance: DriverImportance
    outcome: str


def drivers_panel(session: Session) -> Panel:
    """Choose the overall question, those beside it, the method and the lines of the map."""
    items = [str(item) for item in rated_items(session)["item"]]
    first = first_choice(session)
    return Panel(
        session,
        topic="drivers",
        controls={
            "outcome": Choice("panels.drivers.outcome", dict.fromkeys(items), value=first and first.outcome),
            "items": TickedChoice(
                "panels.drivers.items", items, value=first.items if first else (), words=lambda item, _: item
            ),
            "method": choice("panels.drivers.weighing", get_args(ImportanceMethod), words="panels.drivers.weighings"),
            "cross": choice("panels.drivers.cross", get_args(Crossing), words="panels.drivers.crossings"),
            "target": share_slider(0.75, label="panels.drivers.target", low=0.0),
            "weighted": Switch("panels.drivers.weighted", value=True),
        },
        analyse=partial(_analyse, session, items),
        analyses=(driver_answers, driver_importance, importance_map),
        privacy=Privacy(refusal="drivers_published"),
        draw={"importance": _draw_importance, "map": _draw_map},
        parts=Parts(
            figures=_figures,
            summary=_summary,
            folded=("method", "cross", "target", "weighted"),
            recipe=partial(_recipe, items),
            imports=(
                ("analyses", ("item_scales",)),
                ("topics.drivers", ("driver_answers", "driver_importance", "importance_map")),
            ),
            names=_names,
        ),
    )


def _analyse(
    session: Session,
    offered: Sequence[str],
    *,
    outcome: str,
    items: tuple[str, ...],
    method: ImportanceMethod,
    cross: Crossing,
    target: float,
    weighted: bool,
) -> DriversAnswer:
    chosen = _chosen(offered, outcome, items)
    check_drivers(outcome, chosen)
    scales = scales_in_view(session)
    mixed = scales.loc[(scales["scale_count"] > 1) & scales["item"].isin([outcome, *chosen]), "item"].tolist()
    if mixed:
        raise NothingToShow("drivers_mixed_scales", items=mixed)
    table = driver_answers(session.surveys, outcome=outcome, items=chosen, weighted=weighted)

    def ask() -> DriverImportance:
        return driver_importance(session.store.arrays(table), items=chosen, method=method)

    importance = session.remember(("driver importance", outcome, chosen, method, weighted), ask)
    rows = importance_map(importance, scales=scales, cross=cross, target=target)
    return DriversAnswer(table, rows, session.as_of, importance, outcome)


def _chosen(offered: Sequence[str], outcome: str, items: Sequence[str]) -> tuple[str, ...]:
    """Return the questions ticked, all where none is, the overall one left out."""
    return tuple(item for item in (items or offered) if item != outcome)


def _draw_importance(answer: DriversAnswer, lang: str) -> Drawing:
    importance = answer.importance
    return importance_drawing(
        importance.rows,
        lang,
        outcome=answer.outcome,
        leading=importance.leading,
        r_squared=importance.r_squared,
        base=importance.base,
        left_out=importance.left_out,
        as_of=answer.as_of,
    )


def _draw_map(answer: DriversAnswer, lang: str) -> Drawing:
    return importance_map_drawing(
        answer.rows, lang, outcome=answer.outcome, base=answer.importance.base, as_of=answer.as_of
    )


def _figures(answer: DriversAnswer, lang: str) -> Sequence[Figure]:
    importance = answer.importance
    clear = int((importance.rows["association"] != "unclear").sum())
    left_out = t("panels.drivers.left_out", lang, count=count_words(importance.left_out, lang))
    of = t("panels.drivers.of_questions", lang, count=count_words(len(importance.rows), lang))
    return (
        Figure(t("panels.drivers.base", lang), count_words(importance.base, lang), left_out),
        Figure(
            t("panels.drivers.explained", lang),
            share_words(importance.r_squared, lang),
            t("panels.drivers.explained_note", lang, outcome=answer.outcome),
        ),
        Figure(t("panels.drivers.clear", lang), count_words(clear, lang), of),
    )


def _summary(answer: DriversAnswer, lang: str) -> str:
    rows = answer.rows.assign(
        interval=[
            t("panels.figures.interval", lang, low=share_words(low, lang), high=share_words(high, lang))
            for low, high in zip(answer.rows["share_low"], answer.rows["share_high"], strict=True)
        ],
        effect=[_effect(row, lang) for _, row in answer.rows.iterrows()],
        mean_words=[points_words(mean, lang, digits=2) for mean in answer.rows["mean_score"]],
    )
    fields = (
        Field("item", label="panels.columns.item"),
        Field("quadrant", "badge", label="panels.columns.quadrant", words="charts.drivers.quadrants"),
        Field("importance_share", "share"),
        Field("interval", label="panels.drivers.interval"),
        Field("mean_words", label="panels.columns.mean_score"),
        Field("effect", label="panels.drivers.effect"),
        Field("missing_count", "count", label="panels.columns.missing_count"),
    )
    said = "".join(text("p", note, "wb-note") for note in _notes(answer, lang))
    return table_html(rows, fields, lang) + said


def _effect(row: pd.Series, lang: str) -> str:
    """Say how many points more of the overall question go with one point more, with the interval."""
    if pd.isna(row["per_point"]):
        return t("panels.drivers.effect_unknown", lang)
    slope, low, high = (
        points_words(row[name], lang, digits=2, signed=True)
        for name in ("per_point", "per_point_low", "per_point_high")
    )
    return t("panels.drivers.effect_words", lang, slope=slope, low=low, high=high)


def _notes(answer: DriversAnswer, lang: str) -> Sequence[str]:
    """Say what the figures do not: that they are no causes, what overlaps, what turns round, what has no place."""
    rows = answer.importance.rows
    against = (rows["association"] == "up") & (rows["per_point_high"] < 0)
    against |= (rows["association"] == "down") & (rows["per_point_low"] > 0)
    listed = {
        "alike": rows.loc[rows["inflation"] >= ALMOST_ALIKE, "item"].tolist(),
        "against": rows.loc[against, "item"].tolist(),
        "reversed": answer.rows.loc[answer.rows["quadrant"] == "reversed", "item"].tolist(),
        "unscaled": answer.rows.loc[answer.rows["quadrant"] == "unscaled", "item"].tolist(),
    }
    notes = [t("panels.drivers.no_cause", lang)]
    notes += [t(f"panels.drivers.note_{name}", lang, items=items) for name, items in listed.items() if items]
    return notes


def _names(_answer: DriversAnswer, lang: str) -> ValueNames:
    """Say quadrants and associations in files."""
    return {
        "quadrant": {one: t(f"charts.drivers.quadrants.{one}", lang) for one in get_args(Quadrant)},
        "association": {one: t(f"charts.drivers.associations.{one}", lang) for one in ASSOCIATIONS_SAID},
    }


def _recipe(offered: Sequence[str], chosen: Mapping[str, Any]) -> Sequence[str]:
    items = f"items={_chosen(offered, chosen['outcome'], chosen['items'])!r}"
    asked_for = f"outcome={chosen['outcome']!r}, {items}, weighted={chosen['weighted']!r}"
    lines = f"cross={chosen['cross']!r}, target={chosen['target']!r}"
    return (
        f"answers = session.store.arrays(driver_answers(session.surveys, {asked_for}))",
        f"importance = driver_importance(answers, {items}, method={chosen['method']!r})",
        f"rows = importance_map(importance, scales=collect(item_scales(session.surveys)), {lines})",
    )
