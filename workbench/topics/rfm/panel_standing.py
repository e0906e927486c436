"""The segment tables that managers can choose, each with its grid of R and F."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from workbench.errors import WorkbenchError
from workbench.panels.session import Session
from workbench.panels.standing import Standing
from workbench.topics.rfm.panel import people_by_score, presets_of, score_table_name, shown_scores, table_of

PLACE = 20


def standing(session: Session) -> Iterator[Standing]:
    """Give segments and cells of one table after the other."""
    for table in presets_of(session):
        try:
            rules = table_of(session, table)
        except WorkbenchError:  # not to be had under these filters: its panel says why
            continue
        assigned = rules.assign_facts(session.facts)
        people = partial(people_by_score, table, assigned)
        yield Standing(score_table_name(table), shown_scores(table, rules), people)
