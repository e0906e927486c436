"""The segment tables that managers can choose, each with its grid of R and F."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from ibis.expr import types as ir

from workbench.errors import WorkbenchError
from workbench.panels.segmentation_choice import assigned
from workbench.panels.session import Session
from workbench.panels.standing import Standing
from workbench.topics.rfm.panel import people_by_score, presets_of, score_table_name, shown_scores, table_of
from workbench.topics.rfm.segmentation import RfmSegmentation

PLACE = 20


def standing(session: Session) -> Iterator[Standing]:
    """Give segments and cells of one table after the other."""
    for table in presets_of(session):
        try:
            rules = table_of(session, table)
        except WorkbenchError:  # not to be had under these filters: its panel says why
            continue
        people = partial(_people, session, table, rules)
        yield Standing(score_table_name(table), shown_scores(table, rules), people)


def _people(session: Session, table: str, rules: RfmSegmentation) -> ir.Table:
    """Say everybody's scores and segment; the sizes of segments kept them where the rules are the same."""
    return people_by_score(table, assigned(session, rules))
