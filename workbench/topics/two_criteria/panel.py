"""Two-criteria ABC: visits by spend in nine cells, the open ones open until a policy or a hand decides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, get_args

import ibis
import pandas as pd
from ibis.expr import types as ir

from workbench.analyses.segmentation import OPEN, OTHERS, labels
from workbench.charts.drawing import Drawing
from workbench.charts.words import count_words, date_words, share_words
from workbench.i18n import t
from workbench.panels.base import Panel
from workbench.panels.controls import choice, share_slider
from workbench.panels.guarded_widgets import guarded
from workbench.panels.layout import Figure, text
from workbench.panels.privacy import Privacy, Shown
from workbench.panels.segmentation_panel import SegmentationAnswer, Shape, segmentation_panel
from workbench.panels.session import Session
from workbench.panels.table import Field
from workbench.panels.worded_rows import ValueNames, called
from workbench.topics.two_criteria.chart import two_criteria_drawing
from workbench.topics.two_criteria.panel_controls import CellPainter, GridCutsEditor
from workbench.topics.two_criteria.query import CutBy, GridValues, two_criteria_cuts, two_criteria_steps
from workbench.topics.two_criteria.segmentation import (
    CRITERION_LEVELS,
    UNKNOWN_LEVEL,
    Policy,
    Spend,
    TwoCriteriaAbc,
    Visits,
    two_criteria_cells,
)

CRITERION_LEVEL_WORDS = "charts.two_criteria.levels"
CLASS_WORDS = "panels.two_criteria.classes"
CLASS = Field("segment", words=CLASS_WORDS, label="panels.two_criteria.class_label")
LEVEL_COLUMNS = ("visit_level", "spend_level")


@dataclass(frozen=True)
class TwoCriteriaAnswer(SegmentationAnswer):
    """The rule in force, and what it makes of every cell (`rows`) and class."""

    @property
    def classes(self) -> pd.DataFrame:
        """The sums of the classes; of one with a hidden cell nothing is known."""
        return _by_class(self.rows, self.rules)


def two_criteria_panel(session: Session, *, brief: bool = False) -> Panel:
    """Cut visits and spend into levels, decide the open cells, and click a cell to see who is in it."""
    cut_by = choice("panels.two_criteria.cut_by", get_args(CutBy), words="panels.two_criteria.ways")
    painter = CellPainter()
    editor = GridCutsEditor(kept=lambda: setattr(cut_by, "value", "fixed"))
    cut_by.observe(guarded(lambda change: editor.keep() if change["new"] == "fixed" else None), names="value")
    panel = segmentation_panel(
        session,
        topic="two_criteria",
        controls={
            "visits": choice("panels.two_criteria.visits", get_args(Visits), words="terms"),
            "spend": choice("panels.two_criteria.spend", get_args(Spend), words="terms"),
            "cut_by": cut_by,
            "policy": choice("panels.two_criteria.policy", get_args(Policy), words="panels.two_criteria.policies"),
            "a_share": share_slider(0.80, label="panels.two_criteria.a_share"),
            "b_share": share_slider(0.95, label="panels.two_criteria.b_share"),
            "cuts": editor,
            "painted": painter,
        },
        analyse=_analyse,
        analyses=(two_criteria_cuts, TwoCriteriaAbc),
        privacy=Privacy((Shown(LEVEL_COLUMNS, beside=("segment",), in_place=True),), people=_people),
        draw={"grid": _draw},
        brief=brief,
        shape=Shape(
            figures=_figures,
            names=_names,
            sizes=_sizes,
            notes=_notes,
            evidence=_evidence,
            order=lambda answer: (ibis.desc(answer.rules.spend), ibis.desc(answer.rules.visits)),
            facts=_facts,
            folded=("a_share", "b_share"),
            rising=(("a_share", "b_share", 0),),
            recipe=_recipe,
            rows_query=lambda answer: two_criteria_cells(answer.table),
            imports=(
                ("topics.two_criteria", ("GridCuts", "TwoCriteriaAbc", "two_criteria_cells")),
                ("topics.two_criteria", ("two_criteria_cuts",)),
            ),
            shown=lambda answer: editor.show(answer.rules.cuts),
        ),
    )
    turn = guarded(lambda change: painter.pick(change["new"][0] if change["new"] else None))
    panel.views["grid"].observe(turn, names="picked")
    return panel


def _analyse(
    session: Session, *, visits: Visits, spend: Spend, policy: Policy, painted: Mapping[str, str], **how: Any
) -> TwoCriteriaAnswer:
    values = session.remember(("two_criteria", visits, spend), lambda: _values(session, visits, spend))
    rule = TwoCriteriaAbc(cuts=values.cuts(**how), visits=visits, spend=spend, policy=policy, painted=painted)
    assigned = rule.assign(session.ground)
    return TwoCriteriaAnswer(assigned, session.store.collect(two_criteria_cells(assigned)), session.as_of, rule)


def _people(answer: TwoCriteriaAnswer) -> ir.Table:
    """Say of every customer the cell; who lacks one of the measures is in none of the nine."""
    customers = answer.table
    return customers.mutate(
        **{side: (customers.segment != OTHERS).ifelse(customers[side], UNKNOWN_LEVEL) for side in LEVEL_COLUMNS}
    )


def _values(session: Session, visits: Visits, spend: Spend) -> GridValues:
    return GridValues.read(session.store.arrays(two_criteria_steps(session.facts, visits=visits, spend=spend)))


def _by_class(rows: pd.DataFrame, rule: TwoCriteriaAbc) -> pd.DataFrame:
    """Add the cells of every class up; a class with a hidden cell has no figures, for they would give it away."""
    figures = ["customer_count", "customer_share", "value", "value_share"]
    sums = rows.groupby("segment")[figures].sum(min_count=1)
    hidden = rows.loc[rows["customer_count"].isna(), "segment"].unique()
    sums.loc[sums.index.isin(hidden)] = float("nan")
    order = [segment.id for segment in rule.segments if segment.id != OTHERS or OTHERS in sums.index]
    known = sums.reindex(order)
    empty = ~known.index.isin(sums.index)
    known.loc[empty] = 0
    return known.reset_index(names="segment")


def _draw(answer: TwoCriteriaAnswer, lang: str) -> Drawing:
    rule = answer.rules
    return two_criteria_drawing(
        answer.rows,
        lang,
        classes=rule.cells,
        visits=rule.visits,
        spend=rule.spend,
        cuts={"visits": rule.cuts.visits, "spend": rule.cuts.spend},
        as_of=answer.as_of,
    )


def _figures(answer: TwoCriteriaAnswer, lang: str) -> Sequence[Figure]:
    base = t("panels.two_criteria.as_of", lang, as_of=date_words(answer.as_of, lang))
    measure = t(f"terms.{answer.rules.spend}", lang)
    figures = []
    for row in answer.classes[answer.classes["segment"] != OTHERS].to_dict("records"):
        shares = {
            "customers": share_words(row["customer_share"], lang),
            "value": share_words(row["value_share"], lang),
        }
        note = t("panels.two_criteria.note", lang, measure=measure, **shares) + base
        label = t(f"{CLASS_WORDS}.{row['segment']}", lang)
        figures.append(Figure(label, count_words(row["customer_count"], lang), note))
    return figures


def _sizes(answer: TwoCriteriaAnswer, _lang: str) -> tuple[pd.DataFrame, Sequence[Field]]:
    return answer.classes, (
        CLASS,
        Field("customer_count", "count", label="panels.columns.customer_count"),
        Field("customer_share", "share", label="panels.columns.customer_share"),
        Field("value", "money", label=f"terms.{answer.rules.spend}"),
        Field("value_share", "share", label="panels.two_criteria.value_share"),
    )


def _notes(answer: TwoCriteriaAnswer, lang: str) -> str:
    rule, said = answer.rules, []
    open_cells = sum(segment == OPEN for segment in rule.cells.values())
    if open_cells:
        said.append(t("panels.two_criteria.still_open", lang, cells=open_cells))
    if rule.cuts.repeated:
        measures = [t(f"terms.{getattr(rule, name)}", lang) for name in rule.cuts.repeated]
        said.append(t("panels.two_criteria.repeated", lang, measures=measures))
    for name, measure in (("visit_level", rule.visits), ("spend_level", rule.spend)):
        empty = [
            t(f"{CRITERION_LEVEL_WORDS}.{level}", lang)
            for level in CRITERION_LEVELS
            if level not in set(answer.rows[name])
        ]
        if empty:
            said.append(t("panels.two_criteria.empty_level", lang, measure=t(f"terms.{measure}", lang), levels=empty))
    return "".join(text("p", sentence, "wb-note") for sentence in said)


def _evidence(answer: TwoCriteriaAnswer) -> Sequence[Field]:
    levels = (Field(side, words=CRITERION_LEVEL_WORDS) for side in LEVEL_COLUMNS)
    return (Field(answer.rules.visits, "count"), Field(answer.rules.spend, "money"), *levels, CLASS)


def _facts(answer: TwoCriteriaAnswer, clicked: Mapping[str, Any], _lang: str) -> Mapping[str, Any]:
    known = {
        side: f"{CRITERION_LEVEL_WORDS}.{clicked[side]}" for side in LEVEL_COLUMNS if clicked[side] in CRITERION_LEVELS
    }
    cell = answer.rules.cell(clicked["visit_level"], clicked["spend_level"])
    return {**known, "segment": f"{CLASS_WORDS}.{cell}"}


def _recipe(chosen: Mapping[str, Any]) -> Sequence[str]:
    measures = ", ".join(f"{name}={chosen[name]!r}" for name in ("visits", "spend"))
    decided = ", ".join(f"{name}={chosen[name]!r}" for name in ("policy", "painted"))
    shares = ", ".join(f"{name}={chosen[name]!r}" for name in ("cut_by", "a_share", "b_share"))
    measured = f"two_criteria_cuts(session.facts, {measures}, {shares})"
    cuts = repr(chosen["cuts"]) if chosen["cut_by"] == "fixed" else measured
    return (
        f"rule = TwoCriteriaAbc(cuts={cuts}, {measures}, {decided})",
        "rows = collect(two_criteria_cells(rule.assign(session.ground)))",
    )


def _names(answer: TwoCriteriaAnswer, lang: str) -> ValueNames:
    return dict.fromkeys(LEVEL_COLUMNS, called(CRITERION_LEVEL_WORDS, lang)) | {"segment": labels(answer.rules, lang)}
