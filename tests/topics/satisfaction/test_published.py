"""Published survey results, reproduced to their printed digits from the raw file, loaded like a company's own."""

from __future__ import annotations

from datetime import date

import pytest

from tests.analyses.rows import records
from workbench.load import Item, Mapping, SourceMapping, load
from workbench.store import open_store
from workbench.topics.satisfaction.query import csat, nps

FILE = "2017_SFO_Customer_Survey_20250817.csv"
AIRPORT = SourceMapping(
    files=("2017_SFO_*.csv",),
    table="surveys",
    layout="wide",
    columns={"RESPNUM": "response_id", "WEIGHT": "weight", "GATE": "touchpoint"},
    missing={"NETPRO": ("11",), "Q7ALL": ("0", "6", "Blank")},
    items={"NETPRO": Item("nps", 0, 10), "Q7ALL": Item("csat", 1, 5)},
)
"""The file's own field guide: 11 is no answer on the scale 0–10, and of Q7 neither are 0, 6 and `Blank`."""


@pytest.fixture(scope="module")
def airport(shared_data, tmp_path_factory):
    """The surveys of a store into which the SFO customer survey of 2017 was loaded."""
    store = tmp_path_factory.mktemp("sfo") / "crm.store"
    file = shared_data / "sfo_survey_2017" / FILE
    load(file, store=store, mapping=Mapping((AIRPORT,)), as_of=date(2017, 12, 31))
    with open_store(store) as opened:
        yield opened.surveys


def test_the_airports_nps_is_the_published_one(airport):
    (row,) = records(nps(airport, weighted=False))
    assert (row["base"], row["promoters"], row["passives"], row["detractors"]) == (2746, 1436, 968, 342)
    assert f"{row['nps']:.6f}" == "39.839767"
    assert (row["missing_sentinel"], row["missing_blank"]) == (84, 1)


def test_the_airports_satisfaction_is_the_published_one(airport):
    (row,) = records(csat(airport, item="Q7ALL", weighted=False))
    assert row["base"] == 2688
    assert f"{row['mean']:.6f}" == "4.064360"
    assert f"{100 * row['csat']:.6f}" == "82.068452"


def test_the_airports_weights_move_the_score_and_widen_its_interval(airport):
    plain, heavy = (records(nps(airport, weighted=weighted))[0] for weighted in (False, True))
    assert heavy["effective_base"] < plain["effective_base"] == 2746
    assert heavy["high"] - heavy["low"] > plain["high"] - plain["low"]


def test_of_the_airports_72_gates_the_two_smallest_are_hidden(airport):
    rows = records(nps(airport, by="touchpoint", weighted=False))
    assert len(rows) == 72
    assert sum(row["is_hidden"] for row in rows) == 2
    assert min(row["base"] for row in rows if not row["is_hidden"]) == 9
