"""How a questionnaire was filled in: what is missing, how often the ends of the scale are chosen, and all alike."""

from __future__ import annotations

from collections.abc import Sequence

import ibis
import ibis.expr.types as ir
from ibis import _

from workbench.analyses.answer_matrix import item_column, respondent_scores, valid_scores
from workbench.analyses.survey_answers import MISSING
from workbench.errors import ChoiceError

FEWEST_FOR_A_LINE = 3
"""Two equal answers are no pattern: from three questions on the same score throughout is a straight line."""
MOST_QUESTIONS_AT_ONCE = 60

RESPONSE = ("customer_id", "source_id", "response_id")
"""One questionnaire as it was filled in: a customer's answers of another wave are another."""


def question_answers(surveys: ir.Table, *, items: Sequence[str]) -> ir.Table:
    """Return one row per respondent and one column per question, as `respondent_scores`, each counting once.

    Returns item_0, item_1 … in the order of `items` (null where not rated).
    """
    check_questions(items)
    scores = respondent_scores(surveys, items=items, weighted=False)
    return scores.select(*(item_column(place) for place in range(len(items))))


def question_quality(surveys: ir.Table, *, items: Sequence[str]) -> ir.Table:
    """Count for every question its answers, those at either end of the scale, and what is missing and why.

    Returns item, answer_count (valid scores), floor_count and ceiling_count (the lowest and the highest of the scale;
    null where nobody knows it), missing_blank, missing_sentinel, missing_out_of_range; in the order of the names.
    """
    check_questions(items)
    asked_of = surveys.filter(surveys.item.isin(list(items)))
    valid = valid_scores(asked_of)
    counted = valid.group_by("item").aggregate(
        answer_count=_.count(),
        floor_count=(_.score == _.scale_low).sum(),
        ceiling_count=(_.score == _.scale_high).sum(),
    )
    rows = asked_of.group_by("item").aggregate(
        row_count=_.count(), **{name: (_.missing == name.removeprefix("missing_")).sum() for name in MISSING}
    )
    joined = rows.left_join(counted, rows.item == counted.item)
    nothing = {name: rows[name].fill_null(0) for name in MISSING}
    answered = joined.select(
        item=rows.item,
        answer_count=counted.answer_count.fill_null(0),
        floor_count=counted.floor_count,
        ceiling_count=counted.ceiling_count,
        row_count=rows.row_count,
        **nothing,
    )
    # A score off its scale that the loader let pass is no answer either.
    unsaid = answered.row_count - answered.answer_count - answered.missing_blank - answered.missing_sentinel
    return answered.select(
        "item", "answer_count", "floor_count", "ceiling_count", "missing_blank", "missing_sentinel",
        missing_out_of_range=ibis.greatest(unsaid, answered.missing_out_of_range),
    ).order_by("item")  # fmt: skip


def fill_patterns(surveys: ir.Table, *, items: Sequence[str]) -> ir.Table:
    """Count the questionnaires filled in, those answered whole, and those with the same score throughout.

    A questionnaire is a response of one file; of a customer, each one counts. A straight line is the same score on all
    of the questions, FEWEST_FOR_A_LINE of them or more, where every question was answered.

    Returns responses (with at least one valid score), complete_count, straight_count; one row.
    """
    check_questions(items)
    valid = valid_scores(surveys.filter(surveys.item.isin(list(items))))
    source = valid.source_id if "source_id" in valid.columns else ibis.null("int64")
    keyed = valid.mutate(source_id=source)
    filled = keyed.group_by(list(RESPONSE)).aggregate(
        answered=_.item.nunique(), least=_.score.min(), most=_.score.max()
    )
    is_complete = filled.answered == len(items)
    is_straight = is_complete & (filled.least == filled.most) & ibis.literal(len(items) >= FEWEST_FOR_A_LINE)
    return filled.aggregate(
        responses=filled.count(),
        complete_count=is_complete.sum().fill_null(0),
        straight_count=is_straight.sum().fill_null(0),
    )


def check_questions(items: Sequence[str]) -> None:
    """Raise ChoiceError unless there are two questions or more, all different, and not too many to show."""
    if not 2 <= len(set(items)) <= MOST_QUESTIONS_AT_ONCE or len(set(items)) < len(items):
        raise ChoiceError("questionnaire_items", count=len(items), fewest=2, most=MOST_QUESTIONS_AT_ONCE)
