"""A figure of the company has one value under the same filters, on whatever page it stands, and parts add up to it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pandas as pd
import pytest

from tests.company import crowd
from workbench.errors import WorkbenchError
from workbench.panels import Filters, Session
from workbench.panels.base import Panel
from workbench.topics.pareto import pareto_panel
from workbench.topics.revenue import revenue_panel
from workbench.topics.revenue.panel_figures import KeyFigures
from workbench.topics.rfm.panel import rfm_panel
from workbench.topics.satisfaction import satisfaction_panel
from workbench.topics.segments import segments_panel

SETTINGS = {
    "everything, analyst": (False, Filters()),
    "half a year of people, analyst": (False, Filters(customer_types=("个人",), since=date(2024, 7, 1))),
    "everything, manager": (True, Filters()),
    "one region, manager": (True, Filters(regions=("华东",))),
}
"""Whose page, and its filters."""
ADDED = {"revenue": "revenue", "order_count": "order_count"}
"""Figures that parts of the company add up to, by their columns."""

Said = tuple[str, str, float]
"""A figure, where it stands, and its value."""


def answers(panel: Panel, *names: str, **chosen: object) -> Iterator[tuple[str, Any]]:
    """Yield what a panel answers in every option of some lists, one list after the other, without drawing it."""
    lists = {name: panel.controls[name] for name in names if name in panel.controls}
    options = [{name: value} for name, control in lists.items() for _words, value in control.options]
    for option in options or [{}]:
        try:
            yield f"{panel.topic} {option or ''}", panel._answer_to({**panel.arguments, **chosen, **option})
        except WorkbenchError:  # a table of other scores, or too few: nothing is shown
            continue


def total(rows: pd.DataFrame, column: str) -> float:
    """Return the sum of a column; unknown where a row is."""
    return float(pd.to_numeric(rows[column]).sum(skipna=False))


def key_figures_say(session: Session) -> Iterator[Said]:
    for row in KeyFigures(session).rows.to_dict("records"):
        yield str(row["figure"]), "key figures", float(row["value"])


def months_say(session: Session) -> Iterator[Said]:
    for column, figure in ADDED.items():
        yield figure, "months", total(revenue_panel(session).rows, column)


def ranking_says(session: Session) -> Iterator[Said]:
    for place, answer in answers(pareto_panel(session), "dimension"):
        of_customers = answer.dimension == "customer_id"
        yield "revenue", place, total(answer.rows, "value") + (sum(answer.beside.values()) if of_customers else 0)
        if of_customers:
            yield "customers", place, total(answer.rows, "customer_count")


def segments_say(session: Session) -> Iterator[Said]:
    for panel in (segments_panel(session), rfm_panel(session)):
        for place, answer in answers(panel, "segmentation", "table"):
            yield "customers", place, total(answer.rows, "customer_count")
            yield "spent by customers", place, total(answer.rows, "monetary")
            yield "orders of customers", place, total(answer.rows, "order_count")


def surveys_say(session: Session) -> Iterator[Said]:
    panel = satisfaction_panel(session)
    for _words, measure in panel.controls["measure"].options:
        for place, answer in answers(panel, "by", "every", measure=measure):
            whole, count = answer.whole.iloc[0], f"answers to {measure}"
            yield measure, place, float(whole[measure])
            yield count, place, float(whole["base"])
            yield count, f"groups of {place}", total(answer.rows, "base")
            yield count, f"trend of {place}", total(answer.trend, "base")


PLACES = (key_figures_say, months_say, ranking_says, segments_say, surveys_say)


def different(said: list[Said]) -> list[str]:
    """Name every figure that has two values; what is unknown in one place is none of them."""
    frame = pd.DataFrame(said, columns=["figure", "place", "value"]).dropna()
    spread = frame.groupby("figure")["value"].agg(lambda values: values.max() - values.min())
    return [
        f"{figure}: " + ", ".join(f"{row.value} ({row.place})" for row in frame[frame["figure"] == figure].itertuples())
        for figure in spread[spread > 1e-6].index
    ]


@pytest.mark.parametrize("setting", SETTINGS)
def test_every_figure_has_one_value(make_store, setting):
    published, filters = SETTINGS[setting]
    store = make_store(*crowd(seed=1), published=published)
    session = Session(store, filters=filters)
    said = [one for place in PLACES for one in place(session)]
    assert {figure for figure, _place, _value in said} >= {"revenue", "order_count", "nps", "csat", "customers"}
    assert len([value for _figure, _place, value in said if pd.notna(value)]) > 12
    assert different(said) == []


def test_two_values_of_a_figure_are_named():
    said = [("nps", "here", 20.0), ("nps", "there", 21.0), ("csat", "here", 0.5), ("csat", "there", float("nan"))]
    assert different(said) == ["nps: 20.0 (here), 21.0 (there)"]
