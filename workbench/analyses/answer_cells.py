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
    of one item. `all_cells` and `all_several` are the same over all items together.
    """

    cells: ir.Table
    several: ir.Table
    all_cells: ir.Table
    all_several: ir.Table


def answer_cells(surveys: ir.Table, measure: SurveyMeasure, *, as_of: date) -> AnswerCells:
    """Count who gave the valid answers to a measure's items, weighted or not.

    Answers without a day and those after `as_of` belong to no period.
    """
    dated = surveys.mutate(day=(surveys.day <= ibis.date(as_of)).ifelse(surveys.day, ibis.null("date")))
    answers = valid_answers(dated, measure, item=None, weighted=False)
    known = answers.filter(answers.is_valid)
    cells, several = _counted(known, ("item",))
    all_cells, all_several = _counted(known, ())
    return AnswerCells(cells, several, all_cells, all_several)


def _counted(answers: ir.Table, names: tuple[str, ...]) -> tuple[ir.Table, ir.Table]:
    placed = answers.select(*RESPONDENT, *names, *CELL).distinct()
    one = ibis.window(group_by=[*names, *RESPONDENT])
    placed = placed.mutate(
        cell_count=_.count().over(one),
        who=ibis.dense_rank().over(ibis.window(order_by=list(RESPONDENT))),
    )
    cells = placed.group_by(*names, *CELL).aggregate(people=_.count(), once=(_.cell_count == 1).sum())
    return cells, placed.filter(_.cell_count > 1).select("who", *names, *CELL)
