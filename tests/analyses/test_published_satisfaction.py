"""Published survey results, reproduced to their printed digits from the raw file."""

from __future__ import annotations

import csv

import pytest

from tests.analyses.rows import records
from tests.analyses.surveys import surveys
from workbench.analyses.satisfaction import csat, nps

pytestmark = pytest.mark.real_data

SENTINELS = {
    "NETPRO": {"11": "sentinel", "": "blank"},
    "Q7ALL": {"Blank": "sentinel", "0": "sentinel", "6": "sentinel"},
}


@pytest.fixture(scope="module")
def airport(shared_data):
    """The SFO customer survey of 2017, one row per answer to the two items, by the file's own codes for no answer."""
    path = shared_data / "sfo_survey_2017" / "2017_SFO_Customer_Survey_20250817.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        people = list(csv.DictReader(file))
    answers = [
        {
            "response_id": person["RESPNUM"],
            "item": item,
            "kind": kind,
            "score": None if person[item] in SENTINELS[item] else person[item],
            "missing": SENTINELS[item].get(person[item]),
            "weight": person["WEIGHT"],
        }
        for person in people
        for item, kind in (("NETPRO", "nps"), ("Q7ALL", "csat"))
    ]
    return surveys(answers, name="airport")


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
