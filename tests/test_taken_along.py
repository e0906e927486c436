"""What is taken along from a panel, as SQL and as code, gives the figures that are drawn, whatever the controls say."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from importlib import import_module

import pandas as pd
import pytest

from tests.company import crowd
from tests.moved_controls import moved
from tests.topics.lifetime_value.trade import as_sql, purchases
from workbench.discovery import topics
from workbench.panels import Filters, Session
from workbench.panels.base import Panel
from workbench.panels.controls import Choice

PANELS = [(topic, name) for topic, declared in topics().items() for name in declared.panels]
NOT_BY_SQL = {
    "lifetime_value_panel": {"expected"},
    "tier_designer_panel": {"move"},
    "segment_profile_panel": {
        *("effect", "size", "direction", "p_value", "q_value", "is_evidence"),
        *("points", "log_ratio"),
    },
}
"""Columns that only the code gives: statistics that databases do not have, and what is made of two other columns."""
JUDGED = {"possible_analyses_panel", "drivers_panel", "questionnaire_panel"}
"""No query gives what is drawn: topics' declarations compared with the data; statistics of the answers that the SQL of
the panel gives, from which the panel's own tests make the figures again."""
OF_A_THOUSAND = {"lifetime_value_panel"}
"""Panels that say of fewer customers what is missing."""
FILTERS = Filters(until=date(2024, 12, 15), regions=("华东", "华南"))


def states(panel: Panel, *, full: bool) -> Iterator[str]:
    """Open a panel, then move all lists and sliders together, until each has stood at all the places it is moved to.

    An ordinary run moves them once, by the name of the panel to the first places, the second ...
    """
    yield "as it opens"
    places = {name: moved(control, steps=(7, -3)) for name, control in panel.controls.items()}
    turns = range(max(map(len, places.values()), default=0))
    for turn in turns if full or not turns else [turns[len(panel.topic) % len(turns)]]:
        for name, some in places.items():
            control, value = panel.controls[name], some[turn % len(some)] if some else None
            if some and (not isinstance(control, Choice) or value in dict(control.options).values()):
                panel.set(**{name: value})  # one by one: some lists follow others
        yield str(panel.arguments)


def assert_same_rows(found: pd.DataFrame, drawn: pd.DataFrame, *, but: set[str]) -> None:
    """Compare the columns that are drawn, in any order of the rows; sums of floats may differ in the last digits."""
    names = [name for name in drawn.columns if name not in but]
    assert set(names) <= set(found.columns)
    both = [rows[names].sort_values(names, ignore_index=True, kind="stable") for rows in (found, drawn)]
    pd.testing.assert_frame_equal(*both, check_dtype=False, check_exact=False, rtol=1e-9)


@pytest.mark.one_in(2, per="name")
@pytest.mark.parametrize("filters", [Filters(), FILTERS], ids=["all", "filtered"])
@pytest.mark.parametrize(("topic", "name"), PANELS, ids=[name for _topic, name in PANELS])
def test_sql_and_code_give_the_rows_that_are_drawn(
    topic: str, name: str, filters: Filters, make_store, run_code, request
):
    full = request.config.getoption("--full")
    store = make_store(*crowd(seed=3), *(as_sql(purchases()) if name in OF_A_THOUSAND else ()))
    panel = getattr(import_module(f"workbench.topics.{topic}"), name)(Session(store, lang="en", filters=filters))
    compared = 0
    for state in states(panel, full=full) if filters == Filters() else ("as it opens",):
        if panel.error:
            continue  # what is on screen is the answer before
        compared += 1
        with store._lock:
            by_sql = store._backend.con.execute(panel.sql()).df()
        try:
            if name not in JUDGED:
                assert_same_rows(by_sql, panel.rows, but=NOT_BY_SQL.get(name, set()))
            assert_same_rows(run_code(panel)["rows"], panel.rows, but=set())
        except AssertionError as error:
            error.add_note(state)
            raise
    assert compared
