"""Who answered, by the finest groups that survey tables show: by these small groups among answers are found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import ibis
import ibis.expr.types as ir
from ibis import _

from workbench.analyses.survey_answers import RESPONDENT, valid_answers
from workbench.schema import SurveyMeasure

PLACES_OF_ANSWERS = ("touchpoint", "region", "segment")
PERIODS_OF_ANSWERS = ("quarter", "month")
"""What answers are grouped by, beside their item."""

CELL = (*PLACES_OF_ANSWERS, *PERIODS_OF_ANSWERS)


@dataclass(frozen=True)
class AnswerCells:
    """Answers by cell: item, places and periods.

    `cells` has one row per cell with `people`, how many answered in it, and `once`, how many of these nowhere else
    under its item. `several` has one row per cell and respondent (`who`, a number) of those who answered in more cells
    of one item, for the cells of too few: only there it matters who it was. `all_cells` and `all_several` are the same
    over all items together.
    """

    cells: ir.Table
    several: ir.Table
    all_cells: ir.Table
    all_several: ir.Table


def placed_answers(surveys: ir.Table, measure: SurveyMeasure, *, as_of: date) -> ir.Table:
    """Say in which cells each respondent gave valid answers to a measure's items, weighted or not.

    Answers without a day and those after `as_of` belong to no period.
    """
    dated = surveys.mutate(day=(surveys.day <= ibis.date(as_of)).ifelse(surveys.day, ibis.null("date")))
    answers = valid_answers(dated, measure, item=None, weighted=False)
    return answers.filter(answers.is_valid).select(*RESPONDENT, "item", *CELL).distinct()


def answer_cells(placed: ir.Table, *, smallest: int) -> AnswerCells:
    """Count who gave the answers of `placed_answers` by cell; cells of fewer than `smallest` people are too few."""
    cells, several = _counted(placed, ("item",), smallest)
    all_cells, all_several = _counted(placed.drop("item").distinct(), (), smallest)
    return AnswerCells(cells, several, all_cells, all_several)


def _counted(placed: ir.Table, names: tuple[str, ...], smallest: int) -> tuple[ir.Table, ir.Table]:
    counted = placed.mutate(
        cell_count=_.count().over(ibis.window(group_by=[*names, *RESPONDENT])),
        people=_.count().over(ibis.window(group_by=[*names, *CELL])),
    )
    cells = counted.group_by(*names, *CELL).aggregate(people=_.count(), once=(_.cell_count == 1).sum())
    few = counted.filter((_.cell_count > 1) & (_.people < smallest))
    who = ibis.dense_rank().over(ibis.window(order_by=list(RESPONDENT)))
    return cells, few.select("item", *CELL, who=who) if names else few.select(*CELL, who=who)
